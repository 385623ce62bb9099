// Floor 5. The methods and properties of every kind of downlink.
import type { Unsubscribe } from '../base/events.js'
import type { DownlinkCallbacks } from './callbacks.js'
import type { WaitOptions } from './wait.js'
import type { DownlinkCore } from './parts.js'
import type { DownlinkStatus } from './status.js'

/** Node's `util.inspect`. */
type Inspect = (value: unknown, options: object) => string

/**
 * A link to one lane, of any kind, with callbacks `C`.
 * @example
 * using light = client.downlinkValue<string>({ nodeUri: '/hotel/lobby', laneUri: 'light' }).open()
 * await light.whenSynced()
 * console.log(light.laneUri, light.status.state)
 */
export abstract class Downlink<C extends DownlinkCallbacks> implements Disposable {
  readonly #core: DownlinkCore<C>
  /** The host, as it was given, without user info, query and fragment. */
  readonly hostUri: string
  /** The node, as it is sent, without query and fragment. */
  readonly nodeUri: string
  /** The lane, as it is sent, without query and fragment. */
  readonly laneUri: string

  readonly #kind: string

  /** @internal */
  constructor(core: DownlinkCore<C>, kind: string) {
    const { hostUri, nodeUri, laneUri } = core.parts.link.at
    this.#core = core
    this.#kind = kind
    this.hostUri = hostUri
    this.nodeUri = nodeUri
    this.laneUri = laneUri
  }

  /** The kind of downlink, such as `MapDownlink`. */
  get [Symbol.toStringTag](): string {
    return this.#kind
  }

  /** What Node's `console.log` shows: the address, the status, and the value, or size and first entries. */
  [Symbol.for('nodejs.util.inspect.custom')](_depth: number, options: object, inspect: Inspect): string {
    return `${this.#kind} ${inspect({ ...this, status: this.status.state, ...this.#core.kind.shown?.() }, options)}`
  }

  /** The condition of the downlink, as one tagged value. */
  get status(): DownlinkStatus {
    return this.#core.status
  }

  /** Whether the downlink is not closed. */
  get opened(): boolean {
    return !this.#core.isClosed
  }

  /** Whether the host's socket is open. */
  get connected(): boolean {
    return this.#core.isConnected
  }

  /** Whether the host has answered the link and not ended it. */
  get linked(): boolean {
    return this.#core.isLinked
  }

  /** Whether what is read is what the lane holds, except for own writes that have not ended. */
  get synced(): boolean {
    return this.#core.isSynced
  }

  /**
   * Resolves once the downlink is synced, at once if it is already. Rejects with UnlinkedError where the host has no such lane,
   * AuthError when the host refuses the credentials, ClosedError when the downlink closes, TimeoutError after `timeoutMs`, or the
   * reason of `signal`.
   * @example
   * await rooms.whenSynced({ timeoutMs: 5000 })
   */
  whenSynced(options?: WaitOptions): Promise<void> {
    return this.#core.whenSynced(options)
  }

  /**
   * Adds a callback, as the builder's step of the same name does. Returns its undo.
   * @example
   * const stop = rooms.on('didChangeStatus', status => console.log(status.state))
   */
  on<T extends keyof C>(type: T, callback: C[T]): Unsubscribe {
    return this.#core.listen(type, callback)
  }

  /**
   * Ends the downlink: no events and no new writes. Its link is kept until its writes have ended, for at most `closeTimeoutMs`;
   * writes not sent by then reject with ClosedError. Entries and values stay readable, and current while another downlink of the
   * client has the same lane and neither has a schema. Safe to call twice.
   */
  close(): void {
    this.#core.close()
  }

  /** As `close`; writes are delivered after the block. */
  [Symbol.dispose](): void {
    this.close()
  }
}
