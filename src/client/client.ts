// Floor 6. The client's public face.
import type { HostUri } from '../base/address.js'
import type { Unsubscribe } from '../base/events.js'
import type { Credentials } from '../connection/authentication.js'
import type { WaitOptions } from '../downlink/wait.js'
import type { WriteOutcome } from '../write/write.js'
import type { AddressPart, Lacks } from './builder.js'
import { ClientCore, keyOf } from './client-core.js'
import type { RestoredWrite } from './caching.js'
import type { ClientEvents } from './client-events.js'
import type { Inspection, TappedFrame } from './inspection.js'
import { inside } from './inside.js'
import type { Meta, MetaOptions } from './meta-readers.js'
import { checkOptions, type SwimClientOptions } from './options.js'
import { hostRef, missing, Ref, type HostRef, type Scope } from './scope.js'

/**
 * Links to SwimOS hosts. A new client opens nothing: downlinks and commands do. All of a host share one socket, which closes
 * after `idleTimeoutMs` without use.
 *
 * As a type, `SwimClient` is any client, with a default host or without: the compiler lets a host be left out, and `open()` throws
 * ConfigError where there is none. The type of `new SwimClient({…})` is exact.
 * @example
 * const client = new SwimClient({ hostUri: 'warps://example.com' })
 * client.on('error', error => console.warn(error.code, error.message))
 * const rooms = client.downlinkMap<string, number>({ nodeUri: '/hotel', laneUri: 'rooms' }).open()
 * await rooms.whenSynced()
 * await client.close()
 */
export interface SwimClient<D extends object = { readonly hostUri: HostUri }>
  extends Scope<Lacks<AddressPart, D>>, AsyncDisposable, Disposable {
  /**
   * The scope of a host, or of a function that gives it: the same builders, and `nodeRef`. @throws {ConfigError} for an invalid URI
   * @example
   * const lobby = client.hostRef('warps://example.com').nodeRef('/hotel/lobby')
   * const light = lobby.downlinkValue<string>({ laneUri: 'light' }).open()
   */
  hostRef(hostUri: HostUri): HostRef

  /**
   * Readers of what a host reports about itself: its nodes, lanes, links and figures. `import 'swimlink/meta'` once: it adds the
   * method. @throws {ConfigError} for an invalid URI
   * @example
   * using nodes = client.meta('warp://localhost:9001').nodes()
   * await nodes.whenSynced()
   * console.log([...nodes.keys()])
   */
  meta(hostUri: HostUri, options?: MetaOptions): Meta

  /**
   * Sends a command to a lane, without a link. Waits for the socket; resolves with `taken` once the command is on the wire: hosts
   * do not acknowledge commands. Rejects with ClosedError when the client closes first, OverflowError when `maxQueuedWrites` wait,
   * ReconError for a body that can't be written, and ConfigError for an invalid address. `onError` receives the error too.
   * @example
   * await client.command('warps://example.com', '/hotel/lobby', 'ring', { times: 2 })
   */
  command(hostUri: HostUri, nodeUri: string, laneUri: string, body?: unknown): Promise<WriteOutcome>

  /**
   * Sends a host other credentials: a value, or a function that gives it, called at every connection. Links requested from then on
   * wait until the host has accepted the credentials.
   * @throws {ConfigError} for an invalid URI
   * @example
   * client.authenticate('warps://example.com', async () => ({ token: await freshToken() }))
   */
  authenticate(hostUri: HostUri, credentials: Credentials): void

  /** Sends `@deauth` and forgets the credentials. Existing links stay. @throws {ConfigError} for an invalid URI */
  deauthenticate(hostUri: HostUri): void

  /** Whether a host has accepted the credentials, on the current socket. */
  authenticated(hostUri: HostUri): boolean

  /**
   * Retries at once whatever waits for a retry: the socket of a host, or of all hosts where none is given, and refused links.
   * Refused credentials are sent once more. Does nothing where nothing waits. Later waits keep their length.
   * @throws {ConfigError} for an invalid URI
   * @example
   * button.onclick = () => client.retryNow()
   */
  retryNow(hostUri?: HostUri): void

  /**
   * The state of all hosts, links and counters, as plain data. Counters start when a host is first used. A call costs one pass over
   * the links; without calls there is no cost. In pages `import 'swimlink/inspect'` once. @throws {ConfigError} without that import
   * @example
   * for (const host of client.inspect().hosts) console.log(host.hostUri, host.state)
   */
  inspect(): Inspection

  /**
   * Calls `listener` with each frame, before the frame is read or sent, without credentials and URI queries. Returns its undo.
   * Errors of `listener` go to `onError`. Each frame costs a few microseconds more while anybody listens, nothing otherwise. In
   * pages `import 'swimlink/inspect'` once. @throws {ConfigError} without that import, or when `listener` is not a function
   * @example
   * const stop = client.tap(({ direction, text }) => console.log(direction, text))
   */
  tap(listener: (frame: TappedFrame) => unknown): Unsubscribe

  /** Listens to an event of the client. Returns its undo, which is safe to call twice. */
  on<T extends keyof ClientEvents>(type: T, listener: ClientEvents[T]): Unsubscribe

  /** Writes of an earlier visit that are not in their lanes yet, and are being sent again. See swimlink/cache. */
  readonly restoredWrites: readonly RestoredWrite[]

  /**
   * Deletes all that is kept for this client's scope, unsent writes too. Open maps are no longer kept, and drop entries of earlier
   * visits. Rejects with CacheError when the store fails.
   */
  clearCache(): Promise<void>

  /** How many own writes and commands have not ended. */
  readonly pendingCount: number

  /**
   * Resolves when all own writes and commands made so far have ended, whatever their outcome. Rejects with TimeoutError after
   * `timeoutMs` (default: never), or with the reason of `signal`; the writes go on.
   * @example
   * await client.settled({ timeoutMs: 5000 })
   */
  settled(options?: WaitOptions): Promise<void>

  /**
   * Closes all downlinks, delivers their writes for up to `closeTimeoutMs`, then closes the sockets for good. Resolves when the
   * sockets are closed, at most a second later. Safe to call twice.
   */
  close(): Promise<void>

  /** As `close`. */
  [Symbol.asyncDispose](): Promise<void>

  /** As `close`; writes are delivered after the block. */
  [Symbol.dispose](): void
}

/** The class of clients. */
export interface SwimClientClass {
  /**
   * A client. Its downlinks may leave out the `hostUri` and `nodeUri` that `options` give.
   * @throws {ConfigError} naming the first invalid option
   */
  new <D extends object = object>(
    options: SwimClientOptions & { readonly [P in keyof D & ('hostUri' | 'nodeUri')]: D[P] },
  ): SwimClient<D>
  /** A client without defaults, or one whose options may have them. @throws {ConfigError} */
  new (options?: SwimClientOptions): SwimClient<object>
}

/** Makes clients. @throws {ConfigError} naming the first invalid option */
export const SwimClient = class extends Ref {
  /** Added by meta.ts. */
  declare readonly meta: never
  readonly #core: ClientCore

  constructor(options: SwimClientOptions = {}) {
    const core = new ClientCore(checkOptions(options))
    super(core, { hostUri: options.hostUri, nodeUri: options.nodeUri })
    this.#core = core
  }

  hostRef(hostUri: HostUri): HostRef {
    return hostRef(this.#core, hostUri)
  }

  override command(hostUri: HostUri, nodeUri: string, laneUri: string, body?: unknown): Promise<WriteOutcome> {
    return this.#core.command(hostUri, nodeUri, laneUri, body)
  }

  authenticate(hostUri: HostUri, credentials: Credentials): void {
    this.#core.connection(hostUri).authenticate(credentials)
  }

  deauthenticate(hostUri: HostUri): void {
    this.#core.connection(hostUri).authenticate(undefined)
  }

  authenticated(hostUri: HostUri): boolean {
    return this.#core.isAuthenticated(hostUri)
  }

  retryNow(hostUri?: HostUri): void {
    const only = hostUri === undefined || keyOf(hostUri)
    this.#core.connections.forEach((connection, key) => (only === true || only === key) && connection.retryNow())
  }

  get [inside](): ClientCore {
    return this.#core
  }

  // src/inspect replaces these two.

  inspect(): never {
    return missing('inspect')
  }

  tap(): never {
    return missing('tap', 'inspect')
  }

  on<T extends keyof ClientEvents>(type: T, listener: ClientEvents[T]): Unsubscribe {
    return this.#core.events.on(type, listener)
  }

  get pendingCount(): number {
    return this.#core.pendingCount
  }

  settled(options?: WaitOptions): Promise<void> {
    return this.#core.settled(options)
  }

  close(): Promise<void> {
    return this.#core.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  [Symbol.dispose](): void {
    void this.close()
  }
} as unknown as SwimClientClass
