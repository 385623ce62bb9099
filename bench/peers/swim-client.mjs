// @swim/client, with the embedded host of swimlink.
import { laneUri, nodeUri, startHost } from './lib/embedded-host.mjs'
import { notInstalled, part } from './lib/installed.mjs'

export const title = '@swim/client'
export const parts = () => [part('rival-client', '@swim/client')]
export const missing = () => notInstalled('rival-client', '@swim/client', '--no-package-lock')
export const startServer = startHost
export const waits = []
export const page = {
  folder: 'rival-client',
  code: `export { WarpClient } from '@swim/client'`,
  // It imports these of Node, which no page has.
  external: ['os', 'tty', 'worker_threads'],
}

export async function client() {
  const { WarpClient, Form } = await import('../rival-client/index.mjs')
  return ({ port, changed }) => {
    const swim = new WarpClient()
    const tell = () => changed()
    const own = []
    let isSynced
    const ready = new Promise(resolve => (isSynced = resolve))
    const map = swim
      .downlinkMap({
        hostUri: `warp://127.0.0.1:${port}`,
        nodeUri,
        laneUri,
        keyForm: Form.forString(),
        valueForm: Form.forAny(),
        didUpdate: tell,
        didRemove: tell,
        didSync: () => isSynced(),
        // It has no acknowledgement: this is the echo of an own write, which come in order.
        onEvent: () => own.shift()?.(),
      })
      .open()
    return {
      ready,
      size: () => map.size,
      get: key => map.get(key),
      put(key, value) {
        const echoed = new Promise(resolve => own.push(resolve))
        map.set(key, value)
        return echoed
      },
    }
  }
}
