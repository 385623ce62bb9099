// Interop support. What a scenario needs: the host, clients of ours on real sockets, bare sockets beside them, and the truth.
import { setTimeout as pause } from 'node:timers/promises'
import {
  SwimClient,
  type MapBuilder,
  type MapDownlink,
  type SwimClientOptions,
  type SwimError,
} from '../../../src/index.js'
import { compare, identity, parse, type Value } from '../../../src/recon/index.js'
import type { HostKind } from '../hosts/host-kind.js'
import type { RealHost } from '../hosts/host-process.js'
import { openRaw, type RawSocket } from '../hosts/raw-socket.js'
import { startProxy, type TcpProxy } from '../proxy.js'

export type Entries = [Value, Value][]

/** As it stands in frames. */
export const at = (node: string, lane: string): string => `(node:"${node}",lane:${lane})`

/** Waits until something holds, looking again and again; what it gives is a text for the error, or nothing to wait for. */
export async function until(holds: () => boolean, what: string | (() => string), withinMs = 10_000): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!holds()) {
    if (performance.now() > deadline) {
      throw new Error(`not within ${withinMs} ms: ${typeof what === 'string' ? what : what()}`)
    }
    await pause(5)
  }
}

/** What a bare socket makes of a map lane's frames: nothing but the wire, and no client of ours. An update without a body is no entry. */
export function foldFrames(frames: readonly string[], head: string): Entries {
  const entries = new Map<unknown, [Value, Value]>()
  for (const frame of frames) {
    if (!frame.startsWith(head)) continue
    const body = frame.slice(head.length)
    const found = /^@(update|remove)\(key:/.exec(body)
    if (found === null) {
      if (body.startsWith('@clear')) entries.clear()
      continue
    }
    // The header alone, then what follows it.
    const end = endOfParameters(body)
    const { '@update': updated, '@remove': removed } = parse(body.slice(0, end)) as {
      readonly [tag: string]: { readonly key: Value }
    }
    const key = (updated ?? removed)?.key
    const value = parse(body.slice(end))
    if (removed !== undefined || value === undefined) entries.delete(identity(key))
    else entries.set(identity(key), [key, value])
  }
  return [...entries.values()].sort(([a], [b]) => compare(a, b))
}

function endOfParameters(body: string): number {
  let depth = 0
  let isQuoted = false
  for (let i = body.indexOf('('); i < body.length; i++) {
    const char = body[i]
    if (isQuoted) {
      if (char === '\\') i++
      else if (char === '"') isQuoted = false
    } else if (char === '"') isQuoted = true
    else if (char === '(') depth++
    else if (char === ')' && --depth === 0) return i + 1
  }
  throw new Error(`no end of the parameters: ${body}`)
}

/** What a map downlink told, in order. */
export interface Watched<K, V> {
  readonly map: MapDownlink<K, V>
  /** `['update', key, value, old]`, `['remove', key, old]`, `['clear']`, `['drop', n]`, `['take', n]`, `['unlink', reason]`, `['sync']`. */
  readonly told: unknown[][]
  readonly errors: SwimError[]
  /** What was told of this kind. */
  of(kind: string): unknown[][]
}

/** Opens a map downlink that writes down what it tells, and checks that the history makes the map. */
export function watch<K, V>(builder: MapBuilder<K, V, never>): Watched<K, V> {
  const told: unknown[][] = []
  const errors: SwimError[] = []
  const map = builder
    .didUpdate((key, value, old) => told.push(['update', key, value, old]))
    .didRemove((key, old) => told.push(['remove', key, old]))
    .didClear(() => told.push(['clear']))
    .didDrop(count => told.push(['drop', count]))
    .didTake(count => told.push(['take', count]))
    .didUnlink(reason => told.push(['unlink', reason]))
    .didSync(() => told.push(['sync']))
    .didFail(error => errors.push(error))
    .open()
  return { map, told, errors, of: kind => told.filter(([each]) => each === kind) }
}

export class Kit {
  readonly kind: HostKind
  #host: RealHost | undefined
  #nodes = 0
  #ends: (() => unknown)[] = []

  constructor(kind: HostKind) {
    this.kind = kind
  }

  get host(): RealHost {
    if (this.#host === undefined) throw new Error('no host is running')
    return this.#host
  }

  async start(): Promise<void> {
    this.#host = await this.kind.start()
  }

  async stop(): Promise<void> {
    await this.#host?.stop()
    this.#host = undefined
  }

  /** Ends what a test has opened, the latest first. */
  async clean(): Promise<void> {
    for (const end of this.#ends.splice(0).reverse()) await end()
  }

  /** A node that no other test uses. */
  node(kind: 'unit' | 'building' = 'unit'): string {
    return `/${kind}/s${++this.#nodes}`
  }

  /** A room that no other test uses, by its number. */
  room(): number {
    return 9000 + ++this.#nodes
  }

  /** A client whose waits are short, of this kit's host unless told otherwise. */
  client(options: SwimClientOptions = {}): SwimClient<{ hostUri: string }> {
    const client = new SwimClient({
      hostUri: this.host.uri,
      reconnectMinMs: 50,
      reconnectMaxMs: 400,
      echoTimeoutMs: 400,
      authTimeoutMs: 400,
      onError: () => {},
      ...options,
    })
    this.#ends.push(() => client.close())
    return client
  }

  /** A host of this test's own, which it may kill. */
  async ownHost(options?: { readonly inactiveMs?: number }): Promise<RealHost> {
    const host = await this.kind.start(options)
    this.#ends.push(() => host.stop())
    return host
  }

  async proxy(target: RealHost = this.host): Promise<TcpProxy> {
    const proxy = await startProxy({ target: target.uri })
    this.#ends.push(() => proxy.close())
    return proxy
  }

  async raw(host: RealHost = this.host): Promise<RawSocket> {
    const raw = await openRaw(host.socketUri, this.kind.protocols)
    this.#ends.push(() => raw.close())
    return raw
  }

  /** A bare socket that is linked to a lane, its state passed by. */
  async listener(node: string, lane = 'map', host?: RealHost): Promise<RawSocket> {
    const raw = await this.raw(host)
    raw.send(`@sync${at(node, lane)}`)
    await raw.until(`@synced${at(node, lane)}`)
    return raw
  }

  /** What a map lane holds, as a fresh bare socket is told it, in Recon's order of keys. */
  async truth(node: string, lane = 'map', host: RealHost = this.host): Promise<Entries> {
    const raw = await openRaw(host.socketUri, this.kind.protocols)
    try {
      raw.send(`@sync${at(node, lane)}`)
      return foldFrames(await raw.until(`@synced${at(node, lane)}`, 60_000), `@event${at(node, lane)}`)
    } finally {
      await raw.close()
    }
  }

  /** Has the host itself change a node's lanes, by one of its command lanes. */
  async command(node: string, lane: string, body: string, host: RealHost = this.host): Promise<void> {
    const raw = await openRaw(host.socketUri, this.kind.protocols)
    raw.send(`@command${at(node, lane)}${body}`)
    await raw.close()
  }
}

export { pause }
