// Floor 5. What downlinks of every kind can be asked.
import type { Unsubscribe } from '../base/events.js'
import type { DownlinkCallbacks } from './callbacks.js'
import type { WaitOptions } from './wait.js'
import type { DownlinkCore } from './parts.js'
import type { DownlinkStatus } from './status.js'

/** Node's `util.inspect`. */
type Inspect = (value: unknown, options: object) => string

/** A link to one lane, of any kind, with callbacks `C`. */
export abstract class Downlink<C extends DownlinkCallbacks> implements Disposable {
  readonly #core: DownlinkCore<C>
  /** The host, as it was given, without user info, query and fragment. */
  readonly hostUri: string
  /** The node, as it is sent, without query and fragment. */
  readonly nodeUri: string
  /** The lane, as it is sent, without query and fragment. */
  readonly laneUri: string

  readonly #kind: string
  readonly #shown: (() => object) | undefined

  /** @internal */
  constructor(core: DownlinkCore<C>, kind: string, shown?: () => object) {
    const { hostUri, nodeUri, laneUri } = core.parts.link.at
    this.#core = core
    this.#kind = kind
    this.#shown = shown
    this.hostUri = hostUri
    this.nodeUri = nodeUri
    this.laneUri = laneUri
  }

  /** The kind of downlink, such as `MapDownlink`. */
  get [Symbol.toStringTag](): string {
    return this.#kind
  }

  /** What `console.log` of Node shows: the address, the status, and the value, or size and first entries. */
  [Symbol.for('nodejs.util.inspect.custom')](_depth: number, options: object, inspect: Inspect): string {
    return `${this.#kind} ${inspect({ ...this, status: this.status.state, ...this.#shown?.() }, options)}`
  }

  /** The condition of the downlink, as one tagged value. */
  get status(): DownlinkStatus {
    return this.#core.life.status
  }

  /** Not closed yet. */
  get opened(): boolean {
    return !this.#core.life.isClosed
  }

  /** The host's socket is up. */
  get connected(): boolean {
    return this.#core.isConnected
  }

  /** The host has answered the link, and keeps it. */
  get linked(): boolean {
    return this.#core.life.isLinked
  }

  /** What is read is what the lane holds, own writes under way apart. */
  get synced(): boolean {
    return this.#core.life.isSynced
  }

  /**
   * Resolves once synced, at once if so already. Rejects with UnlinkedError where the host has no such lane, AuthError when it
   * refuses the credentials, ClosedError when the downlink closes, TimeoutError after `timeoutMs`, or what `signal` was aborted
   * with.
   */
  whenSynced(options?: WaitOptions): Promise<void> {
    return this.#core.life.whenSynced(options)
  }

  /** Adds a callback, as the builder's step of the same name does. Returns its undo. */
  on<T extends keyof C>(type: T, callback: C[T]): Unsubscribe {
    return this.#core.on(type, callback)
  }

  /**
   * Ends the downlink at once for reading and new writes, and lets go of its link once what was written has ended, after
   * `closeTimeoutMs` at the latest: what could not go by then rejects with ClosedError. What was read stays readable (and current
   * while another downlink of the client has the same lane, where neither has a schema). Safe to call twice.
   */
  close(): void {
    this.#core.life.close()
  }

  /** As `close`; what was written is sent after the block. */
  [Symbol.dispose](): void {
    this.close()
  }
}
