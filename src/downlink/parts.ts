// Floor 4. What every kind of downlink is made with, and what they all have in common.
import type { Clock } from '../base/clock.js'
import { ClosedError } from '../base/errors.js'
import { Emitter, type ReportFault, type Unsubscribe } from '../base/events.js'
import { SwimError } from '../base/swim-error.js'
import { parse, type Reader } from '../recon/index.js'
import type { Link } from '../link/link.js'
import type { WriteOptions, WriteOutcome } from '../link/outbox.js'
import type { DownlinkCallbacks } from './callbacks.js'
import { Lifecycle } from './lifecycle.js'
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
  readonly isConnected: () => boolean
  /** Told of errors that no didFail hears. */
  readonly report: (error: SwimError) => void
  /** Told of what callbacks throw. */
  readonly fault: ReportFault
  /** The downlink is closed. */
  readonly released: () => void
}

/** Whom the end of a write is told to. */
export type Settle = NonNullable<WriteOptions['settle']>

/** Who writes, and who is told what became of it. */
export interface WriteTo {
  readonly owner: unknown
  readonly settle: Settle
}

/** What a kind of downlink adds to the life of all. */
export interface DownlinkKind {
  /** Tells of the state that is there already. */
  replay(): void
  /** Lets go of the lane's model. */
  released(): void
}

/** Callbacks, life and writes of one downlink. */
export class DownlinkCore<C extends DownlinkCallbacks> {
  readonly events: Emitter<C>
  readonly life: Lifecycle
  readonly #parts: DownlinkParts<C>
  readonly #tap: (text: string, bodyAt: number) => void

  constructor(parts: DownlinkParts<C>, kind: DownlinkKind) {
    const { link, reader } = parts
    this.#parts = parts
    this.events = new Emitter<C>(parts.fault, link.turns)
    // The events of all kinds are among those of this one; TypeScript can't see that of a type parameter.
    const common = this.events as unknown as Emitter<DownlinkCallbacks>
    this.#tap = (text, bodyAt) => common.emit('onEvent', reader.block(text, bodyAt))
    for (const [type, callback] of Object.entries(parts.callbacks)) {
      if (typeof callback === 'function') this.on(type as keyof C, callback as C[keyof C])
    }
    // What is spread comes last, as everywhere that a downlink is made: V8 gives each object a hidden class of its own, 270 bytes
    // and slower to read, where properties are added after a spread.
    this.life = new Lifecycle({
      events: common,
      replay: () => kind.replay(),
      ...parts,
      released: () => {
        link.taps.delete(this.#tap)
        link.sender.release(this, new ClosedError('the downlink was closed before its writes were sent'))
        kind.released()
        parts.released()
      },
    })
  }

  on<T extends keyof C>(type: T, listener: C[T]): Unsubscribe {
    if (type === 'onEvent') this.#parts.link.taps.add(this.#tap)
    return this.events.on(type, listener)
  }

  get isConnected(): boolean {
    return !this.life.isClosed && this.#parts.isConnected()
  }

  /**
   * Makes a write: `post` checks it, shows it, queues it and returns the command's body, undefined where there is nothing to send.
   * It is then told, and sent where the link allows.
   * @throws {ClosedError} when the downlink is closed
   */
  write(post: (to: WriteTo) => string | undefined, settle = this.settle): void {
    if (this.life.isClosed) throw new ClosedError('the downlink is closed; open another to write to its lane')
    this.life.start()
    const body = post({ owner: this, settle })
    if (body === undefined) return
    if (this.events.has('onCommand')) {
      ;(this.events as unknown as Emitter<DownlinkCallbacks>).emit('onCommand', parse(body))
    }
    this.#parts.link.sender.flush()
  }

  /** Whom a write that nobody waits for is told to. */
  readonly settle: Settle = (end, wasSent) => {
    // What is on the wire when its downlink closes is not lost.
    if (end instanceof SwimError && !(wasSent && end instanceof ClosedError)) this.life.failed(end)
  }

  /** A promise of what becomes of a write; `post` makes the write. */
  promise(post: (settle: Settle) => void, options: WaitOptions = {}): Promise<WriteOutcome> {
    const { clock, writeTimeoutMs } = this.#parts
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
