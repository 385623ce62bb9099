// Live views beside deltas written by hand over a plain Map, a recompute for each batch, @tanstack/db and tinybase (npm install in
// bench/rival-view): vehicles of more than a speed, by route, with their number and mean speed; and the twenty fastest.
//
// Usage: node bench/view.bench.mjs [sizes] [names], after npm run build. Each figure is the median of three processes: rounds of
// 20,000 updates in batches of 1,000, in processor time. What an answer costs is what a process with it takes more than one without
// it. The values of the Maps are those that the client's reader makes, so that memory compares like with like.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { median } from './lib/median.mjs'

const rivals = new URL('rival-view/index.mjs', import.meta.url)
const hasRivals = existsSync(new URL('rival-view/node_modules', import.meta.url))
const [updates, batch] = [20_000, 1000]

const vehicle = (i, turn) => ({
  id: `v${i}`,
  route: `r${(i + turn) % 50}`,
  speed: (i * 7 + turn * 13) % 90,
  lat: 52.5 + i / 1e5,
  lng: 13.4,
  moving: i % 2 === 0,
})
const turnOfLoop = () => new Promise(resolve => setImmediate(resolve))
const heldBytes = () => {
  for (let i = 0; i < 3; i++) globalThis.gc()
  return process.memoryUsage().heapUsed
}

const mapOf = async vehicles => {
  const { parse, stringify } = await import('../dist/node/recon/index.js')
  return new Map(vehicles.map(each => [each.id, parse(stringify(each))]))
}

/** The groups of a delta by hand: those that changed are published once a batch. */
function groupsByHand() {
  const groups = new Map()
  const dirty = new Set()
  let published = []
  return {
    add({ route, speed }, sign) {
      if (speed <= 40) return
      let group = groups.get(route)
      if (group === undefined) groups.set(route, (group = { n: 0, sum: 0 }))
      group.n += sign
      group.sum += speed * sign
      if (group.n === 0) groups.delete(route)
      dirty.add(route)
    },
    publish() {
      published = Array.from(dirty, route => {
        const { n, sum } = groups.get(route) ?? { n: 0, sum: 0 }
        return { route, n, mean: sum / n }
      })
      dirty.clear()
    },
    total: () => (published.length > 50 ? 0 : [...groups.values()].reduce((sum, { n }) => sum + n, 0)),
  }
}

/** A delta by hand over a plain Map. */
async function byHand(vehicles) {
  const map = await mapOf(vehicles)
  const { add, publish, total } = groupsByHand()
  let isLive = false
  return {
    start() {
      isLive = true
      for (const each of map.values()) add(each, 1)
      publish()
    },
    set(next) {
      if (isLive) {
        const old = map.get(next.id)
        if (old !== undefined) add(old, -1)
        add(next, 1)
      }
      map.set(next.id, next)
    },
    flush: publish,
    total,
  }
}

/** The twenty fastest by hand: an array kept in order, changed by binary search. */
async function topByHand(vehicles) {
  const map = await mapOf(vehicles)
  let sorted
  let top = []
  const compare = (a, b) => b.speed - a.speed || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  const place = each => {
    let [low, high] = [0, sorted.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (compare(sorted[middle], each) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
  const publish = () => {
    if (sorted === undefined) return
    const next = sorted.slice(0, 20)
    if (next.some((each, i) => each !== top[i])) top = next
  }
  return {
    start() {
      sorted = [...map.values()].sort(compare)
      publish()
    },
    set(next) {
      if (sorted !== undefined) {
        const old = map.get(next.id)
        if (old !== undefined) sorted.splice(place(old), 1)
        sorted.splice(place(next), 0, next)
      }
      map.set(next.id, next)
    },
    flush: publish,
    total: () => top.length,
  }
}

/** All of it computed again for each batch. */
async function again(vehicles) {
  const map = await mapOf(vehicles)
  let groups
  const start = () => {
    groups = new Map()
    for (const { route, speed } of map.values()) {
      if (speed <= 40) continue
      const group = groups.get(route) ?? { n: 0, sum: 0 }
      group.n++
      group.sum += speed
      groups.set(route, group)
    }
  }
  return {
    start,
    set: next => void map.set(next.id, next),
    flush: () => groups && start(),
    total: () => [...groups.values()].reduce((sum, { n }) => sum + n, 0),
  }
}

/** A map downlink whose host is a function, and a view over it. */
async function swimlink(vehicles, question) {
  const { SwimClient } = await import('../dist/node/index.js')
  const { avg, count, view } = await import('../dist/node/view/index.js')
  const { stringify } = await import('../dist/node/recon/index.js')
  const at = '(node:"/n",lane:l)'
  let socket
  const say = text => socket.onmessage({ data: text })
  const update = each => `@event${at}@update(key:${each.id}) ${stringify(each)}`
  class Socket {
    readyState = 0
    bufferedAmount = 0
    constructor() {
      // eslint-disable-next-line @typescript-eslint/no-this-alias -- the bench is its host, and speaks to it
      socket = this
      setImmediate(() => {
        this.readyState = 1
        this.onopen({})
      })
    }
    send(text) {
      if (!text.startsWith('@sync')) return
      setImmediate(() => {
        say(`@linked${at}`)
        for (const each of vehicles) say(update(each))
        say(`@synced${at}`)
      })
    }
    close() {}
  }
  const client = new SwimClient({ hostUri: 'warp://host', webSocket: Socket, heartbeatMs: 0 })
  const map = client.downlinkMap({ nodeUri: '/n', laneUri: 'l' }).open()
  await map.whenSynced()
  // The host's own copies are no part of what is measured.
  vehicles.length = 0
  const set = { prepare: update, set: say }
  if (question === 'by hand') {
    const { add, publish, total } = groupsByHand()
    return {
      ...set,
      start() {
        for (const each of map.values()) add(each, 1)
        map.on('didUpdate', (_, next, old) => {
          if (old !== undefined) add(old, -1)
          add(next, 1)
        })
        publish()
      },
      flush: publish,
      total,
    }
  }
  const live =
    question === 'top'
      ? view(map)
          .orderBy(each => each.speed, 'desc')
          .limit(20)
      : view(map)
          .filter(each => each.speed > 40)
          .groupBy(each => each.route, { n: count(), mean: avg(each => each.speed) })
  return {
    ...set,
    start() {
      live.subscribe(() => {})
      return live.size
    },
    total: () => (question === 'top' ? live.size : Array.from(live.values(), ({ n }) => n).reduce((a, b) => a + b, 0)),
  }
}

const makers = {
  'group: by hand': byHand,
  'group: computed again': again,
  'group: by hand, didUpdate': vehicles => swimlink(vehicles, 'by hand'),
  'group: swimlink/view': swimlink,
  'group: @tanstack/db': async vehicles => (await import(rivals.href)).tanstack(vehicles),
  'group: tinybase': async vehicles => (await import(rivals.href)).tinybase(vehicles),
  'top 20: by hand': topByHand,
  'top 20: swimlink/view': vehicles => swimlink(vehicles, 'top'),
}
/** Those that are too slow for more. */
const fewer = {
  'group: @tanstack/db': { most: 100_000, count: 1000 },
  'group: tinybase': { most: 100_000, count: 20_000 },
  'top 20: by hand': { most: 1_000_000, count: 2000 },
}

const cpuMs = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

async function child(name, size, isLive) {
  const before = heldBytes()
  const made = await makers[name](Array.from({ length: size }, (_, i) => vehicle(i, 0)))
  const source = heldBytes() - before
  const fromMs = cpuMs()
  if (isLive) await made.start()
  const start = cpuMs() - fromMs
  const held = heldBytes() - before
  const count = fewer[name]?.count ?? updates
  const times = []
  for (let round = 1; round <= 10; round++) {
    const given = Array.from({ length: count }, (_, n) => {
      const next = vehicle((n * 48_611) % size, round)
      return made.prepare?.(next) ?? next
    })
    const fromMs = cpuMs()
    for (let n = 0; n < count; n += batch) {
      for (let i = n; i < n + batch && i < count; i++) made.set(given[i])
      made.flush?.()
      await turnOfLoop()
    }
    times.push(((cpuMs() - fromMs) * 1000) / count)
  }
  // The first rounds warm up.
  return { start, update: median(times.slice(3)), source, held, total: isLive ? made.total() : 0 }
}

if (process.argv[2] === 'child') {
  console.log(JSON.stringify(await child(process.argv[3], Number(process.argv[4]), process.argv[5] === 'true')))
  process.exit(0)
}

const bench = fileURLToPath(import.meta.url)
const run = (...args) =>
  JSON.parse(
    execFileSync(process.execPath, ['--expose-gc', '--single-threaded-gc', bench, 'child', ...args.map(String)], {
      encoding: 'utf8',
    }),
  )

const sizes = (process.argv[2] ?? '1000,10000,100000,1000000').split(',').map(Number)
const names = Object.keys(makers).filter(name => name.includes(process.argv[3] ?? ''))
console.log(
  '| entries | who | start, ms | an update, µs | of that the view, µs | bytes an entry, source | with the answer |',
)
console.log('|---|---|---|---|---|---|---|')
for (const size of sizes) {
  for (const name of names) {
    if (size > (fewer[name]?.most ?? Infinity) || (/tanstack|tinybase/.test(name) && !hasRivals)) continue
    const runs = Array.from({ length: 3 }, () => ({ bare: run(name, size, false), live: run(name, size, true) }))
    const of = (key, kind = 'live') => median(runs.map(each => each[kind][key]))
    const [start, update] = [of('start'), of('update')]
    const cells = [start, update, update - of('update', 'bare')].map(cell => cell.toFixed(2))
    const bytes = [of('source'), of('held')].map(all => Math.round(all / size))
    console.log(`| ${[size, name, ...cells, ...bytes].join(' | ')} |`)
  }
}
