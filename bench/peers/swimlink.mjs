// swimlink, with its embedded host.
import { laneUri, nodeUri, startHost } from './lib/embedded-host.mjs'

export const title = 'swimlink'
export const parts = () => []
export const missing = () => undefined
export const startServer = startHost
export const waits = []
export const page = { folder: '../dist/browser', code: `export { SwimClient } from './index.js'` }

export async function client() {
  const { SwimClient } = await import('../../dist/node/index.js')
  return ({ port, changed }) => {
    const swim = new SwimClient({ hostUri: `warp://127.0.0.1:${port}`, nodeUri })
    const tell = () => changed()
    const map = swim.downlinkMap({ laneUri, didUpdate: tell, didRemove: tell }).open()
    return {
      ready: map.whenSynced(),
      size: () => map.size,
      get: key => map.get(key),
      put: (key, value) => map.put(key, value),
    }
  }
}
