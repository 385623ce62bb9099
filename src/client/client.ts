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
 * Links to SwimOS hosts. Opens nothing by itself: sockets are opened for downlinks and commands, one for each host however
 * many there are, and closed once nobody has used them for `idleTimeoutMs`.
 *
 * As a type, `SwimClient` is any client, with a default host or without: the compiler takes it that a host need not be named,
 * and where there is none, `open()` throws ConfigError. The type of `new SwimClient({…})` itself is exact.
 */
export interface SwimClient<D extends object = { readonly hostUri: HostUri }>
  extends Scope<Lacks<AddressPart, D>>, AsyncDisposable, Disposable {
  /** The scope of a host, or of a function that gives it: the same builders, and `nodeRef`. @throws {ConfigError} when it is no host */
  hostRef(hostUri: HostUri): HostRef

  /**
   * Readers of what a host says of itself: its nodes, lanes, links and figures. `import 'swimlink/meta'` once; there is no such
   * method before. @throws {ConfigError} when it is no host
   */
  meta(hostUri: HostUri, options?: MetaOptions): Meta

  /**
   * Sends a command to a lane, without a link. It waits for the socket; resolves with `taken` once it is on the wire, as no
   * host says more. Rejects with ClosedError when the client closes first, with OverflowError when `maxQueuedWrites` wait,
   * with ReconError for a body that can't be written, and with ConfigError for an address that can't be. A rejection is
   * told to `onError` too.
   */
  command(hostUri: HostUri, nodeUri: string, laneUri: string, body?: unknown): Promise<WriteOutcome>

  /**
   * Shows a host other credentials: a value, or a function that gives it, asked at every connection. Links asked for from
   * then on wait until the host has taken them.
   * @throws {ConfigError} when it is no host
   */
  authenticate(hostUri: HostUri, credentials: Credentials): void

  /** Takes the identity back, and forgets the credentials. Links that are there stay. @throws {ConfigError} */
  deauthenticate(hostUri: HostUri): void

  /** Whether a host has taken the credentials, on the socket that is up now. */
  authenticated(hostUri: HostUri): boolean

  /**
   * Tries again at once what waits to be tried again: the socket of a host, or of all hosts where none is given, and links that
   * were refused. A host that refused the credentials is shown them once more. Does nothing where nothing waits, and changes
   * nothing of how long the next wait is. @throws {ConfigError} when it is no host
   */
  retryNow(hostUri?: HostUri): void

  /**
   * What goes on inside: hosts, links and counters, as plain data. Counts from when each host was first used; looking costs a
   * pass over the links, and not looking nothing. In pages `import 'swimlink/inspect'` once. @throws {ConfigError} where that was
   * not imported
   */
  inspect(): Inspection

  /**
   * Calls `listener` with each frame, before it is read or sent, without credentials and URI queries. Returns its undo. What it
   * throws goes to `onError`. While anybody listens, each frame costs a few microseconds more; else nothing. In pages
   * `import 'swimlink/inspect'` once. @throws {ConfigError} where that was not imported, and when it is no function
   */
  tap(listener: (frame: TappedFrame) => unknown): Unsubscribe

  /** Listens to what the client tells. Returns its undo, which is safe to call twice. */
  on<T extends keyof ClientEvents>(type: T, listener: ClientEvents[T]): Unsubscribe

  /** What was not in its lane at the end of an earlier visit, and is on its way again. See swimlink/cache. */
  readonly restoredWrites: readonly RestoredWrite[]

  /**
   * Forgets all that is kept of this client's scope, its unsent writes too. Maps that are open are kept no more, and show no entry of
   * an earlier visit. Rejects with CacheError where the store can't be had.
   */
  clearCache(): Promise<void>

  /** How many own writes, and commands that wait, have not ended. */
  readonly pendingCount: number

  /**
   * Resolves when all own writes and commands made so far have ended, however. Rejects with TimeoutError after `timeoutMs`
   * (default: never), or with what `signal` was aborted with; they go on.
   */
  settled(options?: WaitOptions): Promise<void>

  /**
   * Closes all downlinks, sends what was written for up to `closeTimeoutMs`, and closes the sockets, for good. Resolves when the
   * sockets are gone, at most a second after that. Safe to call twice.
   */
  close(): Promise<void>

  /** As `close`. */
  [Symbol.asyncDispose](): Promise<void>

  /** As `close`; what was written is sent after the block. */
  [Symbol.dispose](): void
}

/** The class of clients. */
export interface SwimClientClass {
  /**
   * A client; what `options` say of `hostUri` and `nodeUri`, its downlinks need not say.
   * @throws {ConfigError} naming the first option that can't be
   */
  new <D extends object = object>(
    options: SwimClientOptions & { readonly [P in keyof D & ('hostUri' | 'nodeUri')]: D[P] },
  ): SwimClient<D>
  /** A client without defaults, or one whose options may have them. @throws {ConfigError} */
  new (options?: SwimClientOptions): SwimClient<object>
}

/** Makes clients. @throws {ConfigError} naming the first option that can't be */
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

  // src/inspect puts something in the place of these two.

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
