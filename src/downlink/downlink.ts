// Floor 5. What downlinks of every kind can be asked.
import type { Unsubscribe } from '../base/events.js'
import type { DownlinkCallbacks } from './callbacks.js'
import type { WaitOptions } from './wait.js'
import type { DownlinkCore } from './parts.js'
import type { DownlinkStatus } from './status.js'

/** A link to one lane, of any kind, with callbacks `C`. */
export abstract class Downlink<C extends DownlinkCallbacks> implements Disposable {
  readonly #core: DownlinkCore<C>

  /** @internal */
  constructor(core: DownlinkCore<C>) {
    this.#core = core
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
