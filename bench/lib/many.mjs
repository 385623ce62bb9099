// Many value downlinks over one socket: from opening them all to all of them synced.
import { node } from './data.mjs'
import { urlOf } from './clients.mjs'

export const clients = {
  async json({ one, port, begin, heldBytes }) {
    const { WebSocket } = await import('ws')
    const before = heldBytes()
    const socket = new WebSocket(urlOf(port, one, 'json'), { perMessageDeflate: false })
    await new Promise(resolve => socket.on('open', resolve))
    const values = new Map()
    const synced = new Set()
    begin()
    const startMs = performance.now()
    await new Promise(resolve => {
      socket.on('message', data => {
        const { lane, value } = JSON.parse(data)
        if (value === undefined) synced.add(lane)
        else values.set(lane, value)
        if (synced.size === one.count) resolve()
      })
      for (let i = 0; i < one.count; i++) socket.send(JSON.stringify({ node, sync: `lane${i}` }))
    })
    const syncedMs = performance.now() - startMs
    return { syncedMs, bytes: (heldBytes() - before) / one.count, letGo: () => socket.close(), held: values }
  },

  async swimlink({ one, port, begin, bundle, heldBytes }) {
    const { SwimClient } = await import(bundle)
    const before = heldBytes()
    const client = new SwimClient({ hostUri: urlOf(port, one, 'recon'), nodeUri: node })
    begin()
    const startMs = performance.now()
    const all = Array.from({ length: one.count }, (_, i) => client.downlinkValue({ laneUri: `lane${i}` }).open())
    const openMs = performance.now() - startMs
    await Promise.all(all.map(downlink => downlink.whenSynced()))
    const syncedMs = performance.now() - startMs
    if (all.some(downlink => downlink.get() !== 1)) throw new Error('a value is missing')
    return { openMs, syncedMs, bytes: (heldBytes() - before) / one.count, letGo: () => client.close() }
  },

  async rival({ one, port, begin, heldBytes }) {
    const { WarpClient, Form } = await import('../rival-client/index.mjs')
    const before = heldBytes()
    const client = new WarpClient()
    const hostUri = urlOf(port, one, 'recon')
    begin()
    const startMs = performance.now()
    let left = one.count
    let all
    await new Promise(resolve => {
      const didSync = () => --left === 0 && resolve()
      all = Array.from({ length: one.count }, (_, i) =>
        client
          .downlinkValue({ hostUri, nodeUri: node, laneUri: `lane${i}`, valueForm: Form.forNumber(), didSync })
          .open(),
      )
    })
    const syncedMs = performance.now() - startMs
    return {
      syncedMs,
      bytes: (heldBytes() - before) / one.count,
      letGo: () => all.forEach(downlink => downlink.close()),
    }
  },
}
