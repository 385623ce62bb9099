// Live views beside a delta written by hand over a plain Map, a recompute for each batch, @tanstack/db and tinybase (npm install in
// bench/rival-view), each in a process of its own: vehicles of more than a speed, by route, with their number and mean speed.
//
// Usage: node bench/view.bench.mjs [sizes], after npm run build. What a view costs is what a run with it takes more than one
// without it, over the same map: medians of five rounds of 20,000 updates in batches of 1,000.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { median } from './lib/median.mjs'

const rivals = new URL('rival-view/index.mjs', import.meta.url)
const hasRivals = existsSync(new URL('rival-view/node_modules', import.meta.url))
const [rounds, updates, batch] = [5, 20_000, 1000]

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

/** A delta by hand over a plain Map. */
function byHand(vehicles) {
  const map = new Map(vehicles.map(each => [each.id, each]))
  const groups = new Map()
  let isLive = false
  const add = ({ route, speed }, sign) => {
    if (speed <= 40) return
    const group = groups.get(route) ?? { n: 0, sum: 0 }
    group.n += sign
    group.sum += speed * sign
    if (group.n === 0) groups.delete(route)
    else groups.set(route, group)
  }
  return {
    start() {
      isLive = true
      for (const each of map.values()) add(each, 1)
    },
    set(next) {
      if (isLive) {
        add(map.get(next.id), -1)
        add(next, 1)
      }
      map.set(next.id, next)
    },
    total: () => [...groups.values()].reduce((sum, { n }) => sum + n, 0),
  }
}

/** All of it computed again for each batch. */
function again(vehicles) {
  const map = new Map(vehicles.map(each => [each.id, each]))
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
  const live =
    question === 'top'
      ? view(map)
          .orderBy(each => each.speed, 'desc')
          .limit(20)
      : view(map)
          .filter(each => each.speed > 40)
          .groupBy(each => each.route, { n: count(), mean: avg(each => each.speed) })
  return {
    start() {
      live.subscribe(() => {})
      return live.size
    },
    prepare: update,
    set: say,
    total: () => (question === 'top' ? live.size : Array.from(live.values(), ({ n }) => n).reduce((a, b) => a + b, 0)),
  }
}

const makers = {
  'by hand': byHand,
  'computed again': again,
  swimlink,
  'swimlink top 20': vehicles => swimlink(vehicles, 'top'),
  '@tanstack/db': async vehicles => (await import(rivals.href)).tanstack(vehicles),
  tinybase: async vehicles => (await import(rivals.href)).tinybase(vehicles),
}

async function child(name, size, isLive) {
  const before = heldBytes()
  const made = await makers[name](Array.from({ length: size }, (_, i) => vehicle(i, 0)))
  const source = heldBytes() - before
  const startMs = performance.now()
  if (isLive) await made.start()
  const start = performance.now() - startMs
  const held = heldBytes() - before
  const count = name === '@tanstack/db' ? 1000 : updates
  const times = []
  for (let round = 1; round <= rounds; round++) {
    const given = Array.from({ length: count }, (_, n) => {
      const next = vehicle((n * 48_611) % size, round)
      return made.prepare?.(next) ?? next
    })
    const fromMs = performance.now()
    for (let n = 0; n < count; n += batch) {
      for (let i = n; i < n + batch && i < count; i++) made.set(given[i])
      made.flush?.()
      await turnOfLoop()
    }
    times.push(((performance.now() - fromMs) * 1000) / count)
  }
  return { start, update: median(times), source, held, total: isLive ? made.total() : 0 }
}

const run = (...args) =>
  JSON.parse(
    execFileSync(process.execPath, ['--expose-gc', fileURLToPath(import.meta.url), 'child', ...args.map(String)], {
      encoding: 'utf8',
    }),
  )

if (process.argv[2] === 'child') {
  const [name, size, isLive] = process.argv.slice(3)
  console.log(JSON.stringify(await child(name, Number(size), isLive === 'true')))
  process.exit(0)
}

const sizes = (process.argv[2] ?? '1000,10000,100000,1000000').split(',').map(Number)
console.log('| entries | who | start, ms | an update, µs | of that the view, µs | bytes an entry, source | with view |')
console.log('|---|---|---|---|---|---|---|')
for (const size of sizes) {
  for (const name of Object.keys(makers)) {
    const isRival = /tanstack|tinybase/.test(name)
    if (isRival && (!hasRivals || size > 100_000)) continue
    const [bare, live] = [run(name, size, false), run(name, size, true)]
    const cells = [live.start, live.update, live.update - bare.update].map(cell => cell.toFixed(2))
    const bytes = [live.source, live.held].map(all => Math.round(all / size))
    console.log(`| ${[size, name, ...cells, ...bytes].join(' | ')} |`)
  }
}
