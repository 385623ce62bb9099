// NATS: a bucket of JetStream's key-value store, kept in memory, watched over WebSockets. The application keeps the map.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { goServer, notBuilt, runServer } from './lib/go-server.mjs'
import { notInstalled, part } from './lib/installed.mjs'

const server = { module: 'github.com/nats-io/nats-server/v2', version: 'v2.15.3', name: 'nats-server' }
const bucket = 'elevators'
/** How many writes of somebody else are under way at once. */
const underWay = 500

export const title = 'NATS KV'
export const parts = () => [
  `nats-server ${server.version.slice(1)}`,
  ...['@nats-io/kv', '@nats-io/nats-core'].map(name => part('peers', name)),
]
export const missing = () => notInstalled('peers', '@nats-io/kv') ?? notBuilt(server)
/** Works in which its server waits for the client: by flow control. */
export const waits = ['first', 'updates']
export const page = {
  folder: 'peers',
  code: `export { wsconnect } from '@nats-io/nats-core'
    export { Kvm } from '@nats-io/kv'`,
}

async function connectKv(port, how) {
  const [{ wsconnect }, { Kvm }] = await Promise.all([import('@nats-io/nats-core'), import('@nats-io/kv')])
  const connection = await wsconnect({
    servers: `ws://127.0.0.1:${port}`,
    // Node 20 has no WebSocket of its own.
    wsFactory: url => ({ socket: new WebSocket(url), encrypted: false }),
    // What is behind the relay calls itself by another port.
    ignoreClusterUpdates: true,
    ...how,
  })
  const kvm = new Kvm(connection)
  return { connection, kvm }
}

export async function startServer() {
  const running = runServer(goServer(server), ['-c'], folder =>
    JSON.stringify({
      listen: '127.0.0.1:-1',
      ports_file_dir: folder,
      jetstream: { store_dir: join(folder, 'store') },
      websocket: { listen: '127.0.0.1:-1', no_tls: true },
    }),
  )
  const port = await running.answered(async () => {
    const file = readdirSync(running.folder).find(name => name.endsWith('.ports'))
    const text = file && readFileSync(join(running.folder, file), 'utf8')
    return text ? Number(new URL(JSON.parse(text).websocket[0]).port) : undefined
  })
  const { connection, kvm } = await connectKv(port)
  const kv = await kvm.create(bucket, { storage: 'memory', history: 1 })
  /** In order: so many at once go out, and all are waited for. */
  async function set(changes) {
    let writes = []
    for (const [key, value] of changes) {
      writes.push(value === undefined ? kv.delete(key) : kv.put(key, JSON.stringify(value)))
      if (writes.length < underWay) continue
      await Promise.all(writes)
      writes = []
    }
    await Promise.all(writes)
  }
  async function read() {
    const entries = []
    const { values } = await kv.status()
    for await (const entry of await kv.watch()) {
      entries.push([entry.key, entry.json()])
      if (entries.length === values) return entries
    }
  }
  const close = () => Promise.all([connection.close(), running.close()])
  return { port, fill: set, set, read, close }
}

export async function client() {
  await Promise.all([import('@nats-io/nats-core'), import('@nats-io/kv')])
  return async ({ port, changed }) => {
    const { kvm } = await connectKv(port, { maxReconnectAttempts: -1 })
    const kv = await kvm.open(bucket)
    const map = new Map()
    const entries = await kv.watch()
    void (async () => {
      for await (const entry of entries) {
        if (entry.operation === 'PUT') map.set(entry.key, entry.json())
        else map.delete(entry.key)
        changed()
      }
    })()
    return {
      ready: Promise.resolve(),
      size: () => map.size,
      get: key => map.get(key),
      put: (key, value) => kv.put(key, JSON.stringify(value)),
    }
  }
}
