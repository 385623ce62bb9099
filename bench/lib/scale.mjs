// A lane of many entries: first sync, a resync that changes nothing, memory, reading, updates, drop and take.
import { once } from 'node:events'
import { keyOf, node } from './data.mjs'
import { median } from './median.mjs'
import { urlOf } from './clients.mjs'

const timed = async run => {
  const start = performance.now()
  await run()
  return performance.now() - start
}

/** Processor time, in microseconds for each of `count`: a curve over sizes takes a while, in which the load of a machine changes. */
async function cpuUs(count, run) {
  const start = process.cpuUsage()
  await run()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / count
}

/** Some keys of a case, in no order: what is read next is not what was read last. */
const someKeys = (one, count) => Array.from({ length: count }, (_, i) => keyOf(one, (i * 48_611) % one.count))

/** Nanoseconds of one reading, of a Map or of what stands for one; `reading` does `count` of them. */
function ns(count, reading) {
  const turns = []
  for (let turn = 0; turn < 5; turn++) {
    const start = performance.now()
    reading()
    turns.push(((performance.now() - start) * 1e6) / count)
  }
  return median(turns)
}

/** What a Map can do too. */
function reading(map, one) {
  const keys = someKeys(one, Math.min(one.count, 200_000))
  let seen = 0
  const iterateFirstMs = (() => {
    const start = performance.now()
    for (const [, value] of map) if (value !== undefined) seen++
    return performance.now() - start
  })()
  const figures = {
    iterateFirstMs,
    iterateNs: ns(one.count, () => {
      for (const [, value] of map) if (value !== undefined) seen++
    }),
    forEachNs: ns(one.count, () => map.forEach(value => value !== undefined && seen++)),
    getNs: ns(keys.length, () => {
      for (const key of keys) if (map.get(key) !== undefined) seen++
    }),
  }
  if (seen === 0) throw new Error('nothing was read')
  return figures
}

export const clients = {
  async json({ one, port, begin, heldBytes }) {
    const { WebSocket } = await import('ws')
    const socket = new WebSocket(urlOf(port, one, 'json'), { perMessageDeflate: false })
    await once(socket, 'open')
    const map = new Map()
    let left = 0
    let done = () => {}
    socket.on('message', data => {
      const { key, value } = JSON.parse(data)
      map.set(key, value)
      if (--left === 0) done()
    })
    const ask = (what, count) => {
      left = count
      socket.send(what)
      return new Promise(resolve => (done = resolve))
    }
    const before = heldBytes()
    begin()
    const firstMs = await timed(() => ask('go', one.count))
    const bytes = (heldBytes() - before) / one.count
    const resyncMs = await timed(() => ask('go', one.count))
    const { updates } = one
    const updateUs = await cpuUs(updates.count, () => ask('updates', updates.count))
    return { firstMs, bytes, resyncMs, updateUs, ...reading(map, one), letGo: () => socket.close() }
  },

  async swimlink({ one, port, begin, bundle, heldBytes }) {
    const { SwimClient } = await import(bundle)
    const hostUri = urlOf(port, one, 'recon')
    const client = new SwimClient({ hostUri, nodeUri: node })
    const before = heldBytes()
    begin()
    let told = 0
    const map = client.downlinkMap({ laneUri: 'elevators', didUpdate: () => void told++ }).open()
    const firstMs = await timed(() => map.whenSynced())
    const bytes = (heldBytes() - before) / one.count
    const told1 = told
    let ended = () => {}
    client.downlinkEvent({ laneUri: 'end', onEvent: () => ended() }).open()
    const control = what => void client.command(hostUri, node, 'control', what)
    const synced = ask =>
      new Promise(resolve => {
        const undo = map.on('didSync', () => (undo(), resolve()))
        ask()
      })
    const resyncMs = await timed(() => synced(() => control('resync')))
    if (told !== told1 || map.size !== one.count) throw new Error('an unchanged resync changed something')
    const { updates } = one
    const updateUs = await cpuUs(updates.count, () => {
      control('updates')
      return new Promise(resolve => (ended = resolve))
    })
    if (told !== told1 + updates.count) throw new Error(`${told - told1} of ${updates.count} updates were told`)
    const figures = { firstMs, bytes, resyncMs, updateUs, ...reading(map, one) }
    if (one.cuts) {
      const [from, to] = [keyOf(one, one.count >> 1), keyOf(one, (one.count >> 1) + 1000)]
      figures.indexMs = await timed(() => map.at(0))
      let seen = 0
      figures.atNs = ns(50_000, () => {
        for (let i = 0; i < 50_000; i++) if (map.at((i * 48_611) % one.count) !== undefined) seen++
      })
      figures.rangeNs = ns(1000, () => {
        for (const [key] of map.range(from, to)) if (key !== '') seen++
      })
      figures.dropMs = await timed(() => synced(() => map.drop(one.count >> 1)))
      if (map.size !== one.count - (one.count >> 1)) throw new Error('drop')
      figures.takeMs = await timed(() => synced(() => map.take(one.count >> 2)))
      if (map.size !== one.count >> 2 || seen === 0) throw new Error('take')
    }
    return { ...figures, letGo: () => client.close() }
  },
}
