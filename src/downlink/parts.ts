// Floor 5. What every kind of downlink is made with, and what they all have in common.
import type { Clock } from '../base/clock.js'
import { ClosedError } from '../base/errors.js'
import { Emitter, type ReportFault, type Unsubscribe } from '../base/events.js'
import { SwimError } from '../base/swim-error.js'
import { parse, type Reader } from '../recon/index.js'
import type { Link } from '../link/link.js'
import type { Tap } from '../link/link-port.js'
import type { Settle, WriteOutcome, WriteOwner } from '../write/write.js'
import type { DownlinkCallbacks } from './callbacks.js'
import { Lifecycle, type LifecycleOwner } from './lifecycle.js'
import { wait, type WaitOptions } from './wait.js'

export interface DownlinkParts<C extends DownlinkCallbacks> {
  readonly link: Link
  readonly reader: Reader
  readonly clock: Clock
  readonly syncs: boolean
  readonly relinks: boolean
  readonly signal: AbortSignal | undefined
  readonly callbacks: Partial<C>
  /** How long put and remove wait at most, in milliseconds. */
  readonly writeTimeoutMs: number
  /** Told of errors that no didFail hears. */
  readonly report: (error: SwimError) => void
  /** Told of what callbacks throw. */
  readonly fault: ReportFault
  /** The downlink is closed. */
  readonly released: () => void
}

/** Who writes, and who hears what became of it, where that is not the writer. */
export interface WriteTo {
  readonly owner: WriteOwner
  readonly settle?: Settle | undefined
}

/** Callbacks, life and writes of one downlink. */
export class DownlinkCore<C extends DownlinkCallbacks> implements LifecycleOwner, WriteOwner {
  readonly events: Emitter<C>
  readonly life: Lifecycle
  readonly parts: DownlinkParts<C>
  readonly #kind: LifecycleOwner
  /** Made when first wanted, as all that only some downlinks need: there may be ten thousand. */
  #tap: Tap | undefined

  /** @param kind what it adds to the life of all */
  constructor(parts: DownlinkParts<C>, kind: LifecycleOwner) {
    this.parts = parts
    this.#kind = kind
    this.events = new Emitter<C>(parts.fault, parts.link.turns)
    this.life = new Lifecycle(parts, this.#common, this)
    for (const [type, callback] of Object.entries(parts.callbacks)) {
      if (typeof callback === 'function') this.on(type as keyof C, callback as C[keyof C])
    }
  }

  /** The events of all kinds are among those of this one; TypeScript can't see that of a type parameter. */
  get #common(): Emitter<DownlinkCallbacks> {
    return this.events as unknown as Emitter<DownlinkCallbacks>
  }

  on<T extends keyof C>(type: T, listener: C[T]): Unsubscribe {
    const { link, reader } = this.parts
    const undo = this.events.on(type, listener)
    if (type === 'onEvent' && !this.life.isClosed) {
      this.#tap ??= (text, bodyAt) => this.#common.emit('onEvent', reader.block(text, bodyAt))
      link.sinks.tap(this.#tap)
    }
    return undo
  }

  get isConnected(): boolean {
    return !this.life.isClosed && this.parts.link.isConnected
  }

  replay(): void {
    this.#kind.replay()
  }

  released(): void {
    const { link, released } = this.parts
    if (this.#tap !== undefined) link.sinks.untap(this.#tap)
    link.release(this)
    this.#kind.released()
    released()
  }

  /**
   * Makes a write: `post` checks it, shows it, queues it and returns the command's body, undefined where there is nothing to send.
   * It is then told, and sent where the link allows.
   * @throws {ClosedError} when the downlink is closed
   */
  write(post: (to: WriteTo) => string | undefined, settle?: Settle): void {
    if (this.life.isClosed) throw new ClosedError('the downlink is closed; open another to write to its lane')
    this.life.start()
    const body = post({ owner: this, settle })
    if (body === undefined) return
    if (this.events.has('onCommand')) this.#common.emit('onCommand', parse(body))
    this.parts.link.flush()
  }

  /** Whom a write that nobody waits for is told to. */
  readonly settle: Settle = (end, wasSent) => {
    // What is on the wire when its downlink closes is not lost.
    if (end instanceof SwimError && !(wasSent && end instanceof ClosedError)) this.life.failed(end)
  }

  /** A promise of what becomes of a write; `post` makes the write. */
  promise(post: (settle: Settle) => void, options: WaitOptions = {}): Promise<WriteOutcome> {
    const { clock, writeTimeoutMs } = this.parts
    const { signal, timeoutMs = writeTimeoutMs } = options
    const late = `nothing was heard of a write for ${timeoutMs} ms; it is not withdrawn`
    return wait(clock, signal, timeoutMs, late, ({ resolve, reject }) => {
      const settle: Settle = (end, wasSent) => {
        if (!(end instanceof SwimError)) return resolve(end)
        reject(end)
        this.settle(end, wasSent)
      }
      try {
        post(settle)
      } catch (error) {
        reject(error)
        if (error instanceof SwimError) this.life.failed(error)
      }
    })
  }
}
