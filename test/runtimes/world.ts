// What a runtime is given to link to: the embedded host behind two faulty lines, a port where nobody listens, one that says
// nothing, and a door by HTTP at which the scenario asks for what others do.
import { createServer as createHttpServer, type IncomingMessage } from 'node:http'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { WarpHost } from '../../src/host/index.js'
import type { Value } from '../../src/recon/index.js'
import { lines } from '../fixtures/recon/tree.js'
import { startProxy } from '../interop/proxy.js'
import { startOddHost } from './odd-host.js'
import { large, many } from './programs/scenario.js'

export interface Vector {
  readonly recon: string
  readonly written?: string
}

/** As JSON, the argument of every program. */
export interface Addresses {
  readonly hostUri: string
  /** The same host by a line of its own, which `silence` makes swallow all. */
  readonly silentUri: string
  /** Misbehaves, and then does not. */
  readonly oddUri: string
  /** Nobody listens there. */
  readonly deadUri: string
  /** Takes sockets and says nothing. */
  readonly muteUri: string
  readonly controlUrl: string
  readonly vectors: readonly Vector[]
}

export interface World {
  readonly addresses: Addresses
  close(): Promise<void>
}

interface Asked {
  readonly key: string
  readonly value: Value
  readonly compare?: string
  readonly remove: readonly string[]
  readonly set: readonly [string, Value][]
}

/** Of each fifty of SwimOS's own texts one. */
const vectors = lines<Vector>('values.jsonl')
  .filter((_, i) => i % 50 === 0)
  .map(({ recon, written }) => ({ recon, written }))

export async function openWorld(): Promise<World> {
  const host = new WarpHost({ allowedOrigins: '*' }).node('/n', node => {
    node.mapLane<string, Value>('rows')
    node.mapLane<string, Value>('moments')
    node.mapLane<number, number>('many')
    node.valueLane('light')
  })
  const { port } = await host.listen()
  const line = await startProxy({ target: port })
  const other = await startProxy({ target: port })
  const odd = await startOddHost()
  const rows = host.nodeRef('/n').lane('rows', 'map')
  const moments = host.nodeRef('/n').lane('moments', 'map')
  const light = host.nodeRef('/n').lane('light', 'value')
  rows.set('a', 1)
  rows.set('b', { floor: 2 })
  rows.set('c', 'three')
  rows.set('ü', 'été 🛗')
  const crowd = host.nodeRef('/n').lane('many', 'map')
  for (let n = 0; n < many; n++) crowd.set(n, n)
  moments.set('first', { at: 1_700_000_000_000 })
  light.set('on')

  const acts: { readonly [what: string]: (asked: Asked) => unknown } = {
    held: () => ({ rows: [...rows], moments: [...moments], light: light.get(), connections: line.stats.open }),
    set: ({ key, value }) => void rows.set(key, value),
    remove: ({ key }) => void rows.delete(key),
    light: ({ value }) => void light.set(value),
    large: ({ key, compare }) =>
      compare === undefined ? void rows.set(key, large) : { isSame: rows.get(compare) === large },
    outage: ({ remove, set }) => {
      line.refuse(true)
      line.reset()
      for (const key of remove) rows.delete(key)
      for (const [key, value] of set) rows.set(key, value)
    },
    over: () => line.refuse(false),
    silence: () => other.blackhole(true),
    sound: () => other.resume(),
  }
  const door = createHttpServer((request, response) => {
    void textOf(request).then(text => {
      const told = acts[request.url?.slice(1) ?? '']?.(JSON.parse(text) as Asked) ?? {}
      response.setHeader('access-control-allow-origin', '*').setHeader('connection', 'close').end(toJson(told))
    })
  })
  const muteSockets = new Set<Socket>()
  const mute = createServer(socket => {
    muteSockets.add(socket.on('error', () => {}))
  })
  const dead = createServer()
  const [doorPort, mutePort, deadPort] = await Promise.all([door, mute, dead].map(listen))
  await new Promise(closed => dead.close(closed))
  return {
    addresses: {
      hostUri: line.uri,
      silentUri: other.uri,
      oddUri: odd.uri,
      deadUri: `warp://127.0.0.1:${deadPort}`,
      muteUri: `warp://127.0.0.1:${mutePort}`,
      controlUrl: `http://127.0.0.1:${doorPort}`,
      vectors,
    },
    async close() {
      for (const socket of muteSockets) socket.destroy()
      door.closeAllConnections()
      await Promise.all([line, other, odd].map(each => each.close()))
      await Promise.all([door, mute].map(each => new Promise(closed => each.close(closed))))
      await host.close()
    },
  }
}

/** BigInts as the texts they are in Recon, which JSON has no number for. */
const toJson = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? String(each) : each))

const listen = (server: Server) =>
  new Promise<number>(ready => server.listen(0, '127.0.0.1', () => ready((server.address() as AddressInfo).port)))

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk)
  return text
}
