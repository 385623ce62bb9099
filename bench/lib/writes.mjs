// Local writes: linked, while there is no host, and to a host that reads slowly.
import { once } from 'node:events'
import { keyOf, node, valueOf } from './data.mjs'
import { urlOf } from './clients.mjs'

const us = (ms, count) => (ms * 1000) / count
export const tick = () => new Promise(resolve => setImmediate(resolve))
export const keysOf = one => Array.from({ length: one.keys ?? one.writes }, (_, n) => keyOf(one, n))
/** Writes made in one turn of the event loop. */
export const burst = 1000

/** What a plain Map of the same keys and values takes, in bytes an entry. */
function plainBytes(one, keys, heldBytes) {
  const before = heldBytes()
  const map = new Map()
  for (let i = 0; i < keys.length; i++) map.set(keys[i], valueOf(one, i))
  const bytes = (heldBytes() - before) / map.size
  map.clear()
  return bytes
}

export const clients = {
  async json({ one, port, begin, heldBytes }) {
    const { WebSocket } = await import('ws')
    const socket = new WebSocket(urlOf(port, one, 'json'), { perMessageDeflate: false })
    await once(socket, 'open')
    const { writes: count, offline } = one
    const keys = keysOf(one)
    const map = new Map()
    const before = heldBytes()
    if (one.slow) socket.send('sleep')
    let done = () => {}
    socket.on('message', data => done(JSON.parse(data)))
    const queue = []
    let spentMs = 0
    let mostBytes = 0
    begin()
    const startMs = performance.now()
    for (let i = 0; i < count;) {
      const turnMs = performance.now()
      for (const end = i + burst; i < end; i++) {
        const [key, value] = [keys[i % keys.length], valueOf(one, i)]
        map.set(key, value)
        const text = JSON.stringify({ node, lane: 'elevators', key, value })
        if (offline) queue.push(text)
        else socket.send(text)
      }
      spentMs += performance.now() - turnMs
      mostBytes = Math.max(mostBytes, socket.bufferedAmount)
      await tick()
    }
    const figures = { callUs: us(spentMs, count), bytes: (heldBytes() - before) / count, bufferedMB: mostBytes / 1e6 }
    if (!offline) {
      socket.send('stats')
      const stats = await new Promise(resolve => (done = resolve))
      figures.arrivedUs = us(performance.now() - startMs, count)
      figures.sentBytes = stats.bytes / count
    }
    return { ...figures, letGo: () => (queue.length, socket.close()) }
  },

  async swimlink({ one, port, begin, bundle, heldBytes }) {
    const { SwimClient } = await import(bundle)
    const { WebSocket } = await import('ws')
    let socket
    const see = made => (socket = made)
    // Only where what waits in the socket is asked for: texts do not come past a `ws` that was given.
    class Seen extends WebSocket {
      constructor(...given) {
        super(...given)
        see(this)
      }
    }
    const { writes: count, offline } = one
    // Nobody listens at this port.
    const hostUri = offline ? 'ws://127.0.0.1:9' : urlOf(port, one, 'recon')
    const client = new SwimClient({
      hostUri,
      nodeUri: node,
      maxQueuedWrites: count,
      ...(one.slow && { webSocket: Seen }),
      onError: () => {},
    })
    const map = client.downlinkMap({ laneUri: 'elevators', didUnlink: () => {} }).open()
    let stats = () => {}
    client.downlinkEvent({ laneUri: 'end', onEvent: body => stats(body) }).open()
    const control = what => void client.command(hostUri, node, 'control', what).catch(() => {})
    if (!offline) await map.whenSynced()
    const keys = keysOf(one)
    const plain = offline ? plainBytes(one, keys, heldBytes) : 0
    const before = heldBytes()
    if (one.slow) control('sleep')
    let spentMs = 0
    let mostBytes = 0
    begin()
    const startMs = performance.now()
    for (let i = 0; i < count;) {
      const turnMs = performance.now()
      for (const end = i + burst; i < end; i++) map.set(keys[i % keys.length], valueOf(one, i))
      spentMs += performance.now() - turnMs
      mostBytes = Math.max(mostBytes, socket?.bufferedAmount ?? 0)
      await tick()
    }
    const figures = { callUs: us(spentMs, count), bytes: (heldBytes() - before) / count, bufferedMB: mostBytes / 1e6 }
    figures.besideBytes = figures.bytes - plain
    if (!offline) {
      const last = count - 1
      await map.put(keys[last % keys.length], valueOf(one, last + 1))
      figures.arrivedUs = us(performance.now() - startMs, count)
      control('stats')
      const { bytes, commands } = await new Promise(resolve => (stats = resolve))
      figures.sentBytes = bytes / count
      figures.sentWrites = commands / count
    }
    return { ...figures, letGo: () => client.close() }
  },
}
