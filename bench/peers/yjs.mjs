// Yjs: a Y.Map, by y-websocket and its server.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { WebSocket, WebSocketServer } from 'ws'
import { notInstalled, part } from './lib/installed.mjs'
import { turns } from './lib/turns.mjs'

export const title = 'Yjs'
export const parts = () => ['yjs', 'y-websocket', '@y/websocket-server'].map(name => part('peers', name))
export const missing = () => notInstalled('peers', 'yjs')
export const waits = []
export const page = {
  folder: 'peers',
  code: `export { Doc } from 'yjs'
    export { WebsocketProvider } from 'y-websocket'`,
}

const room = 'lobby'
const mapName = 'elevators'

export async function startServer() {
  const { getYDoc, setupWSConnection } = await import('@y/websocket-server/utils')
  const doc = getYDoc(room)
  const map = doc.getMap(mapName)
  const http = createServer()
  const sockets = new WebSocketServer({ server: http })
  sockets.on('connection', setupWSConnection)
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  return {
    port: http.address().port,
    fill: entries => doc.transact(() => [...entries].forEach(([key, value]) => map.set(key, value))),
    set: changes => turns(changes, ([key, value]) => (value === undefined ? map.delete(key) : map.set(key, value))),
    read: () => [...map.entries()],
    close: () => {
      for (const socket of sockets.clients) socket.terminate()
      http.close()
    },
  }
}

export async function client() {
  const [{ Doc }, { WebsocketProvider, messageSync }, { messageYjsUpdate }] = await Promise.all([
    import('yjs'),
    import('y-websocket'),
    import('y-protocols/sync'),
  ])
  return ({ port, changed }) => {
    const doc = new Doc()
    const map = doc.getMap(mapName)
    map.observe(({ keysChanged, transaction }) => transaction.local || changed(keysChanged.size))
    const provider = new WebsocketProvider(`ws://127.0.0.1:${port}`, room, doc, {
      WebSocketPolyfill: WebSocket,
      disableBc: true,
    })
    const own = []
    // It has no acknowledgement. Its server sends each update to everybody, so that one's own comes back, in order.
    const sync = provider.messageHandlers[messageSync]
    provider.messageHandlers[messageSync] = (encoder, decoder, ...rest) => {
      const isUpdate = decoder.arr[decoder.pos] === messageYjsUpdate
      sync(encoder, decoder, ...rest)
      if (isUpdate) own.shift()?.()
    }
    return {
      ready: new Promise(resolve => provider.once('sync', resolve)),
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
