// Floor 6. The core of a client: its connections by host, its open downlinks, its errors.
import { hostOf, hostUrl, type HostUri } from '../base/address.js'
import { about, bare, ClosedError, say, SwimError, type Where } from '../base/errors.js'
import { Emitter, Turns } from '../base/events.js'
import { readOptions, type Table } from '../base/options.js'
import type { DownlinkCallbacks } from '../downlink/callbacks.js'
import type { Kind } from '../downlink/kind.js'
import type { DownlinkParts, Given, SharedParts } from '../downlink/parts.js'
import type { WaitOptions } from '../downlink/wait.js'
import type { Credentials } from '../connection/authentication.js'
import { Connection } from '../connection/connection.js'
import type { WriteOutcome } from '../write/write.js'
import { Reader, type Value } from '../recon/index.js'
import { openWebSocket } from '../transport/websocket.js'
import type { DownlinkOptions } from './builder.js'
import { caching, type ClientCache } from './caching.js'
import type { AnyDownlink, ClientEvents } from './client-events.js'
import { Complaints } from './complaints.js'
import { Delivery } from './delivery.js'
import type { CheckedOptions } from './options.js'
import { checkUri, missing, type Opener } from './scope.js'

/** Options with a default in the tables. */
type LinkDefaults = Required<Pick<DownlinkOptions, 'prio' | 'rate' | 'relinks' | 'syncs'>>

/** The key of a host's connection. @throws {ConfigError} for an invalid URI */
export const keyOf = (hostUri: HostUri): HostUri => (typeof hostUri === 'function' ? hostUri : hostUrl(hostUri))

const got = (credentials: Credentials): unknown => (typeof credentials === 'function' ? credentials() : credentials)

export class ClientCore implements Opener {
  readonly events: Emitter<ClientEvents>
  readonly options: CheckedOptions
  readonly #delivery: Delivery
  readonly #readers: readonly Reader[]
  #lanes = 0
  readonly connections = new Map<HostUri, Connection>()
  /** The same by the URI that was given: reading it as a URL took 4 µs for each downlink. */
  readonly #asSpelled = new Map<HostUri, Connection>()
  readonly #downlinks = new Map<unknown, AnyDownlink>()
  readonly #shared: SharedParts
  #isClosed = false
  /** Settled when the client and its last socket are closed. */
  #closed: Promise<void> | undefined
  #reported: SwimError | undefined
  /** How many errors were reported. */
  errors = 0
  readonly #complaints: Complaints
  #cache: ClientCache | undefined

  constructor(options: CheckedOptions) {
    const { maxDepth, maxFrameChars } = options
    this.options = options
    this.#complaints = new Complaints(options.clock)
    this.#readers = Array.from({ length: Reader.memories }, () => new Reader({ maxDepth, maxChars: maxFrameChars }))
    this.events = new Emitter<ClientEvents>(this.fault, new Turns(options.clock))
    this.#delivery = new Delivery(options, this.events)
    this.#shared = {
      ...options,
      deadlines: this.#delivery.deadlines,
      settled: this.#delivery.settled,
      report: this.report,
      fault: this.fault,
      cache: this.cache,
      released: parts => {
        const downlink = this.#downlinks.get(parts) as AnyDownlink
        if (this.#downlinks.delete(parts)) this.events.emit('close', { downlink })
      },
    }
    const { onError } = options
    if (onError !== undefined) this.events.on('error', onError)
    if (options.cache !== undefined) this.cache()
  }

  command(hostUri: HostUri, nodeUri: string, laneUri: string, body: unknown): Promise<WriteOutcome> {
    const sent = new Promise<WriteOutcome>((resolve, reject) => {
      const watcher = {
        ended: (end: WriteOutcome | SwimError) => (end instanceof SwimError ? reject(end) : resolve(end)),
      }
      this.connection(hostUri).command(
        checkUri('nodeUri', nodeUri),
        checkUri('laneUri', laneUri),
        body as Value,
        watcher,
      )
    })
    // A promise that nobody awaits must not end the process; `report` shows the error anyway.
    sent.catch((error: unknown) => {
      if (!(error instanceof SwimError)) return
      // An invalid address can't be where an error happened.
      if (error.code !== 'config')
        about(error, { hostUri: hostOf(hostUri).uri, nodeUri: bare(nodeUri), laneUri: bare(laneUri) })
      this.report(error)
    })
    return sent
  }

  /** The cache of entries and writes between visits. @throws {ConfigError} where swimlink/cache was not imported */
  readonly cache = (): ClientCache => (this.#cache ??= (caching.of ?? missing('cache'))(this))

  /** Lanes are read by readers of their own, as each has its own kind of record. */
  #reader(): Reader {
    return this.#readers[this.#lanes++ % Reader.memories]!
  }

  /** The connection to a host, made if there is none. @throws {ConfigError} for an invalid URI; {ClosedError} */
  connection(hostUri: HostUri): Connection {
    if (this.#isClosed) throw new ClosedError('the client is closed; make another')
    let connection = this.#asSpelled.get(hostUri)
    if (connection === undefined) {
      const key = keyOf(hostUri)
      connection = this.connections.get(key) ?? this.#connect(hostUri)
      this.connections.set(key, connection)
      this.#asSpelled.set(hostUri, connection)
    }
    return connection
  }

  /** Whether a host has accepted the credentials. */
  isAuthenticated(hostUri: HostUri): boolean {
    return this.connections.get(keyOf(hostUri))?.auth.isAuthenticated ?? false
  }

  readonly report = (error: SwimError, by?: Where): void => {
    // Each link of a socket reports the socket's error; it counts once.
    if (error === this.#reported) return
    this.#reported = error
    this.errors++
    this.#cache?.failed(error)
    if (this.events.has('error')) this.events.emit('error', error)
    // An error that nobody sees takes hours to find.
    else this.#complaints.add(error, by)
  }

  /** Own writes and commands that have not ended. */
  get pendingCount(): number {
    return this.#delivery.budget.pending
  }

  /** See SwimClient.settled. */
  settled(options: WaitOptions | undefined): Promise<void> {
    const pending = [...this.connections.values()].flatMap(connection => connection.pending)
    return this.#delivery.settled(pending, options)
  }

  /** Delivers writes for up to `closeTimeoutMs`, then releases all sockets. */
  close(): Promise<void> {
    return (this.#closed ??= this.#close())
  }

  async #close(): Promise<void> {
    this.#isClosed = true
    for (const downlink of [...this.#downlinks.values()]) downlink.close()
    const { closeTimeoutMs } = this.options
    if (this.pendingCount > 0 && closeTimeoutMs > 0) await this.settled({ timeoutMs: closeTimeoutMs }).catch(() => {})
    const error = new ClosedError('the client was closed')
    const closed = [...this.connections.values()].map(connection => connection.close(error))
    this.#delivery.end()
    this.#complaints.end()
    await Promise.all(closed)
  }

  #connect(given: HostUri): Connection {
    const options = this.options
    const host = hostOf(given)
    const { maxFrameChars, webSocket } = options
    const credentials = () => options.credentials.get(host.url)
    return new Connection(
      {
        ...options,
        host,
        openTransport: openWebSocket({ webSocket, maxFrameChars }),
        budget: this.#delivery.budget,
        reader: this.#reader(),
        // The host is known only at each attempt.
        credentials: host.ask === undefined ? credentials() : () => got(credentials()),
      },
      {
        told: (news, cause) => {
          const hostUri = typeof given === 'string' ? given : host.uri
          if (news === 'disconnect') this.events.emit(news, { hostUri, cause })
          else this.events.emit(news, { hostUri })
        },
        failed: this.report,
      },
    )
  }

  open(kind: Kind, given: object): unknown {
    const table = kind.options
    const options = readOptions<DownlinkOptions, Table<DownlinkOptions>>(table as Table<DownlinkOptions>, given)
    const create = kind.prepare(options as never) as (
      parts: DownlinkParts,
      given: Given<DownlinkCallbacks>,
    ) => AnyDownlink
    const { hostUri, nodeUri, laneUri, prio, rate, body, relinks, syncs, signal } = options as DownlinkOptions &
      LinkDefaults
    const [host, node, lane] = [
      checkUri('hostUri', hostUri),
      checkUri('nodeUri', nodeUri),
      checkUri('laneUri', laneUri),
    ]
    // What they share is inherited: as fields of each, it took 90 bytes more.
    const parts = Object.assign(Object.create(this.#shared) as SharedParts, {
      link: this.connection(host).link(node, lane, syncs, { prio, rate }, body as Value),
      reader: this.#reader(),
      syncs,
      relinks,
    })
    const callbacks = Object.entries(options).filter(([name]) => table[name] === 'a function')
    const downlink = create(parts, { callbacks: callbacks as unknown as Given<DownlinkCallbacks>['callbacks'], signal })
    this.#downlinks.set(parts, downlink)
    this.events.emit('open', { downlink })
    return downlink
  }

  readonly fault = (cause: unknown, type: string): void => {
    const error = new SwimError('callback', say`the callback ${type} threw: ${cause}`, { cause })
    // A listener of errors that throws would throw again at its own error.
    if (type === 'error') this.#complaints.add(error)
    else this.report(error)
  }
}
