// What runs in the pages of bench/tabs.bench.mjs: one lane, by a socket that is had in one of three ways, read by a client or by nobody.
import { SwimClient } from '../../dist/browser/index.js'
import { sharedSocket } from '../../dist/browser/shared/index.js'

const script = '/swimlink-worker.js'
const ways = {
  own: () => WebSocket,
  'shared worker': () => sharedSocket(() => new SharedWorker(script)),
  worker: () => sharedSocket(() => new Worker(script)),
}

const classes = new Map()
const classOf = way => {
  if (!classes.has(way)) classes.set(way, ways[way]())
  return classes.get(way)
}

let client
const held = {}

/** Opens the lane with a client. Resolves with how long that took, in milliseconds. */
export async function open(way, hostUri) {
  const from = performance.now()
  client = new SwimClient({ hostUri, nodeUri: '/n', webSocket: classOf(way) })
  held.frames = 0
  held.map = client.downlinkMap({ laneUri: 'rows', didUpdate: () => void held.frames++ }).open()
  await held.map.whenSynced({ timeoutMs: 300_000 })
  if (way !== 'own' && classOf(way).via !== way.replace(' ', '-')) throw new Error(`went by ${classOf(way).via}`)
  return performance.now() - from
}

/** Links to the lane without a client: frames are counted, and not read. */
export async function listen(way, hostUri) {
  const socket = (held.socket = new (classOf(way))(hostUri.replace('warp', 'ws'), ['warp0']))
  held.frames = 0
  await new Promise((linked, failed) => {
    socket.onopen = () => socket.send('@link(node:"/n",lane:rows)')
    socket.onclose = ({ code, reason }) => failed(new Error(`the socket has ended: ${code} ${reason}`))
    socket.onmessage = ({ data }) => {
      if (data.startsWith('@event')) held.frames++
      else linked()
    }
  })
}

/** How many updates have come. */
export const frames = () => held.frames

const pause = () => new Promise(later => setTimeout(later, 15 + Math.random() * 10))

/** Milliseconds from a put to its echo, of clients that take turns. */
export async function roundTrips(names, hostUri, count) {
  const all = []
  for (const [i, way] of names.entries()) {
    const made = new SwimClient({ hostUri, nodeUri: '/n', webSocket: classOf(way) })
    const map = made.downlinkMap({ laneUri: `puts${i}` }).open()
    await map.whenSynced()
    all.push({ map, made, took: [] })
  }
  for (let n = 0; n < count; n++) {
    for (const { map, took } of all) {
      await pause()
      const from = performance.now()
      await map.put('mine', n)
      took.push(performance.now() - from)
    }
  }
  for (const { made } of all) await made.close()
  return all.map(({ took }) => took)
}

/** How much later, in milliseconds, each client tells of a change than the first of them does: `count` changes that the host makes by itself. */
export async function lateness(names, hostUri, count) {
  const seen = names.map(() => new Map())
  const clients = names.map(way => new SwimClient({ hostUri, nodeUri: '/n', webSocket: classOf(way) }))
  for (const [i, made] of clients.entries()) {
    const didUpdate = (key, n) => void seen[i].set(n, performance.now())
    await made.downlinkMap({ laneUri: 'ticks', didUpdate }).open().whenSynced()
  }
  const all = () => [...seen.at(-1).keys()].filter(n => seen.every(of => of.has(n)))
  // The first change may have come with the sync.
  while (all().length <= count) await pause()
  for (const made of clients) await made.close()
  const [, ...rest] = all()
  return seen.map(of => rest.map(n => of.get(n) - seen[0].get(n)))
}
