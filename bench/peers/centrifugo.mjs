// Centrifugo: a map subscription, of its broker in memory. The application keeps the map.
import { once } from 'node:events'
import { createServer } from 'node:net'
import { WebSocket } from 'ws'
import { goServer, notBuilt, runServer } from './lib/go-server.mjs'
import { notInstalled, part } from './lib/installed.mjs'

const server = { module: 'github.com/centrifugal/centrifugo/v6', version: 'v6.9.1', name: 'centrifugo' }
const channel = 'maps:elevators'
/** Entries of a page, and commands of a batch: the most that it gives by default. */
const pageSize = 1000

export const title = 'Centrifugo'
export const parts = () => [`centrifugo ${server.version.slice(1)}`, part('peers', 'centrifuge')]
export const missing = () => notInstalled('peers', 'centrifuge') ?? notBuilt(server)
/** Works in which its server waits for the client: to ask for the next page. */
export const waits = ['first']
export const page = { folder: 'peers', code: `export { Centrifuge } from 'centrifuge'` }

const configuration = port => ({
  http_server: { address: '127.0.0.1', port: String(port) },
  http_api: { insecure: true },
  health: { enabled: true },
  client: { insecure: true, allowed_origins: ['*'], queue_max_size: 512 * 1024 * 1024 },
  channel: {
    namespaces: [
      {
        name: 'maps',
        subscription_type: 'map',
        allow_subscribe_for_client: true,
        map: {
          mode: 'persistent',
          // Enough for what a client misses: by default a hundred changes, after which all is sent again.
          stream_size: 20_000,
          stream_ttl: '10m',
          live_transition_max_publication_limit: 20_000,
          subscribe_catch_up_timeout: '2m',
          allow_publish_for_subscriber: true,
        },
      },
    ],
  },
})

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address()
  probe.close()
  await once(probe, 'close')
  return port
}

/** It can't be told to choose a port and say which, so one is chosen that is free; again where somebody else was faster. */
async function listening(path, tries = 3) {
  const port = await freePort()
  const running = runServer(path, ['-c'], () => JSON.stringify(configuration(port)))
  try {
    await running.answered(() =>
      fetch(`http://127.0.0.1:${port}/health`).then(
        ({ ok }) => ok || undefined,
        () => {},
      ),
    )
    return { port, running }
  } catch (problem) {
    await running.close()
    if (tries === 1) throw problem
    return listening(path, tries - 1)
  }
}

export async function startServer() {
  const { port, running } = await listening(goServer(server))
  async function ask(method, body) {
    const url = `http://127.0.0.1:${port}/api/${method}`
    const answer = await (await fetch(url, { method: 'POST', body: JSON.stringify(body) })).json()
    const error = answer.error ?? answer.replies?.find(reply => reply.error)?.error
    if (error) throw new Error(`${method}: ${error.message}`)
    return answer
  }
  async function set(changes) {
    let commands = []
    for (const [key, data] of changes) {
      commands.push(data === undefined ? { map_remove: { channel, key } } : { map_publish: { channel, key, data } })
      if (commands.length < pageSize) continue
      await ask('batch', { commands })
      commands = []
    }
    if (commands.length > 0) await ask('batch', { commands })
  }
  async function read() {
    const all = []
    let cursor = ''
    do {
      const { result } = await ask('map_read_state', { channel, cursor, limit: pageSize })
      for (const { key, data } of result.entries) all.push([key, data])
      cursor = result.cursor
    } while (cursor)
    return all
  }
  return { port, fill: set, set, read, close: () => running.close() }
}

export async function client() {
  const { Centrifuge } = await import('centrifuge')
  return ({ port, changed }) => {
    const centrifuge = new Centrifuge(`ws://127.0.0.1:${port}/connection/websocket`, { websocket: WebSocket })
    const subscription = centrifuge.newMapSubscription(channel, { pageSize })
    const map = new Map()
    let isSynced
    const ready = new Promise(resolve => (isSynced = resolve))
    subscription.on('sync', ({ entries }) => {
      map.clear()
      for (const { key, data } of entries) map.set(key, data)
      isSynced()
      changed(entries.length)
    })
    subscription.on('update', ({ key, data, removed }) => {
      if (removed) map.delete(key)
      else map.set(key, data)
      changed()
    })
    subscription.subscribe()
    centrifuge.connect()
    return {
      ready,
      size: () => map.size,
      get: key => map.get(key),
      put: (key, value) => subscription.publish(key, value),
    }
  }
}
