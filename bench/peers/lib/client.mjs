// One client, fresh for one work. It says when it is ready for what is measured, is told when that begins, and says what it took.
import { heldBytes } from '../../lib/held-bytes.mjs'
import { peers } from './all.mjs'
import { after, changes, check, entries, sizesOf, updates } from './data.mjs'
import { answer } from './processes.mjs'

/** How many own writes are under way at once. */
const underWay = 1000
/** A client that tells of no update for so long will tell of none. */
const stalledMs = 30_000

let sizes
let map
/** Updates that the client has told of. */
let told = 0
let look = () => {}
let startMs
let cpu
let firstCpu
let before

const changed = (count = 1) => {
  told += count
  look()
}

/** Waits for what must come true by an update; asked again at each. Rejects where none has come for long. */
const until = condition =>
  new Promise((resolve, reject) => {
    let seen = told
    const watch = setInterval(() => {
      if (seen === told) end(reject, new Error('no more updates come'))
      seen = told
    }, stalledMs)
    const end = (settle, result) => {
      clearInterval(watch)
      look = () => {}
      settle(result)
    }
    look = () => condition() && end(resolve)
    look()
  })

/** Whether all of some entries are right, in steps: those that were are not looked at again. Begins with the last one. */
function allRight(list) {
  const left = list.map(([key, value]) => [key, value?.id])
  return () => {
    while (left.length > 0) {
      const [key, id] = left.at(-1)
      if (map.get(key)?.id !== id) return false
      left.pop()
    }
    return true
  }
}

const hasAll = count => () => map?.size() === count

async function write(list) {
  let next = 0
  const one = async () => {
    while (next < list.length) await map.put(...list[next++])
  }
  await Promise.all(Array.from({ length: underWay }, one))
}

/** What a work needs, made before it begins. */
let needed

const took = count => {
  const { user, system } = process.cpuUsage(cpu)
  return { ms: performance.now() - startMs, cpuMs: (user + system) / 1000, count }
}

/**
 * What is measured: `ready` is waited for before, `run` ends it, and the map must then be `expected`. `more` is measured after the end.
 */
const works = {
  first: {
    ready: () => {},
    async run() {
      await until(hasAll(sizes.entries))
      const figures = took(1)
      const { user, system } = process.cpuUsage(firstCpu)
      return { ...figures, cpuMs: (user + system) / 1000 }
    },
    expected: () => after(entries(sizes.entries), []),
    async more() {
      // What the socket read last is held for as long as the turn that ended the work.
      await new Promise(resolve => setImmediate(resolve))
      return { bytesHeld: (heldBytes() - before) / sizes.entries }
    },
  },
  updates: {
    async ready() {
      needed = allRight([...entries(sizes.keys, sizes.passes)])
      await until(hasAll(sizes.keys))
    },
    async run() {
      await until(needed)
      return took(told)
    },
    expected: () => after(updates(sizes), []),
  },
  writes: {
    async ready() {
      needed = [...entries(sizes.writes)]
      await map.ready
    },
    async run() {
      await write(needed)
      const figures = took(sizes.writes)
      await until(hasAll(sizes.writes))
      return figures
    },
    expected: () => after(entries(sizes.writes), []),
  },
  cut: {
    async ready() {
      needed = allRight([...changes(sizes)])
      await until(hasAll(sizes.entries))
      told = 0
    },
    async run() {
      await until(needed)
      return took(1)
    },
    expected: () => after(entries(sizes.entries), changes(sizes)),
  },
}

let work
let running

function begin() {
  told = 0
  startMs = performance.now()
  cpu = process.cpuUsage()
  running = work.run()
  running.catch(() => {})
}

answer({
  /** Ends when the client is ready for what is measured; `beginsAtOnce` where connecting is. */
  async start({ name, port, work: workName, part, beginsAtOnce }) {
    sizes = sizesOf(part)
    work = works[workName]
    const connect = await peers[name].client()
    before = heldBytes()
    firstCpu = process.cpuUsage()
    if (beginsAtOnce) begin()
    map = await connect({ port, changed })
    look()
    await work.ready()
  },
  /** What others write to a map that is there already is heard of. */
  hears: () => until(() => told > 0),
  begin,
  /** What it took. The map is checked before. */
  async ended() {
    const isRight = () => check({ size: map.size(), get: key => map.get(key) }, work.expected())
    const figures = await running.catch(problem => {
      isRight()
      throw problem
    })
    const more = await work.more?.()
    isRight()
    return { ...figures, ...more }
  },
})
