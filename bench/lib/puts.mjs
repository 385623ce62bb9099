// Writes with a promise each: `put` beside a bare client that gives each of its writes an id, and that the host answers by it.
import { once } from 'node:events'
import { node, valueOf } from './data.mjs'
import { urlOf } from './clients.mjs'
import { burst, keysOf, tick } from './writes.mjs'

/** Makes all writes, and returns how long it took until the last promise had resolved, in µs each. */
async function settledUs(one, begin, put) {
  const { writes: count } = one
  const keys = keysOf(one)
  const promises = []
  begin()
  const startMs = performance.now()
  while (promises.length < count) {
    for (let i = 0; i < burst; i++) promises.push(put(keys[promises.length], valueOf(one, promises.length)))
    await tick()
  }
  await Promise.all(promises)
  return ((performance.now() - startMs) * 1000) / count
}

export const clients = {
  async json({ one, port, begin }) {
    const { WebSocket } = await import('ws')
    const socket = new WebSocket(urlOf(port, one, 'json'), { perMessageDeflate: false })
    await once(socket, 'open')
    const map = new Map()
    const waiting = new Map()
    socket.on('message', data => {
      const { id } = JSON.parse(data)
      waiting.get(id)()
      waiting.delete(id)
    })
    let last = 0
    const put = (key, value) =>
      new Promise(resolve => {
        const id = ++last
        waiting.set(id, resolve)
        map.set(key, value)
        socket.send(JSON.stringify({ node, lane: 'elevators', key, value, id }))
      })
    return { settledUs: await settledUs(one, begin, put), letGo: () => socket.close() }
  },

  async swimlink({ one, port, begin, bundle }) {
    const { SwimClient } = await import(bundle)
    const client = new SwimClient({ hostUri: urlOf(port, one, 'recon'), nodeUri: node })
    const map = client.downlinkMap({ laneUri: 'elevators' }).open()
    await map.whenSynced()
    return { settledUs: await settledUs(one, begin, (key, value) => map.put(key, value)), letGo: () => client.close() }
  },
}
