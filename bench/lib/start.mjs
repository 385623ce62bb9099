// Start-up, in a fresh process: the import, and all of it up to a first sync of a few entries.
import { node } from './data.mjs'
import { urlOf } from './clients.mjs'

export const clients = {
  async json({ one, port, begin }) {
    begin()
    const startMs = performance.now()
    const { WebSocket } = await import('ws')
    const importMs = performance.now() - startMs
    const socket = new WebSocket(urlOf(port, one, 'json'), { perMessageDeflate: false })
    const map = new Map()
    await new Promise(resolve => {
      socket.on('open', () => socket.send('go'))
      socket.on('message', data => {
        const { key, value } = JSON.parse(data)
        if (map.set(key, value).size === one.count) resolve()
      })
    })
    return { importMs, syncedMs: performance.now() - startMs, letGo: () => socket.close() }
  },

  async swimlink({ one, port, begin, bundle }) {
    begin()
    const startMs = performance.now()
    const { SwimClient } = await import(bundle)
    const importMs = performance.now() - startMs
    const client = new SwimClient({ hostUri: urlOf(port, one, 'recon'), nodeUri: node })
    await client.downlinkMap({ laneUri: 'elevators' }).open().whenSynced()
    return { importMs, syncedMs: performance.now() - startMs, letGo: () => client.close() }
  },

  async rival({ one, port, begin }) {
    begin()
    const startMs = performance.now()
    const { WarpClient, Form } = await import('../rival-client/index.mjs')
    const importMs = performance.now() - startMs
    const client = new WarpClient()
    const forms = { keyForm: Form.forString(), valueForm: Form.forAny() }
    const hostUri = urlOf(port, one, 'recon')
    let map
    await new Promise(didSync => {
      map = client.downlinkMap({ hostUri, nodeUri: node, laneUri: 'elevators', ...forms, didSync }).open()
    })
    return { importMs, syncedMs: performance.now() - startMs, letGo: () => map.close() }
  },
}
