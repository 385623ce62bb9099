// Floor 5. Promises that time or a signal may end first.
import { onAbort, type SignalLike } from '../base/events.js'
import type { Cancel, Clock } from '../base/clock.js'
import { about, ConfigError, say, type TimeoutError, type Where } from '../base/errors.js'

/** Limits of a wait: a time, a signal. */
export interface WaitOptions {
  /** When it aborts, the promise rejects with its reason. */
  readonly signal?: SignalLike
  /** Milliseconds until the promise rejects with TimeoutError. @default Infinity */
  readonly timeoutMs?: number
}

/** What ends a wait. */
export interface Wait extends WaitOptions {
  readonly signal?: SignalLike | undefined
  readonly timeoutMs?: number | undefined
  /** The error that the promise rejects with when the time is over. */
  readonly late: (afterMs: number) => TimeoutError
  /** The link that the error is about. */
  readonly link?: { readonly at: Where } | undefined
}

/** A promise with its `resolve` and `reject`. Ten thousand may wait, so timers and listeners are made only where needed. */
export class Waiter<T> {
  readonly promise: Promise<T>
  readonly #clock: Clock
  readonly #wait: Wait
  #resolve!: (value: T) => void
  #reject!: (cause: Error) => void
  #cancel: Cancel | undefined
  #undo: (() => void) | undefined
  #isOver = false
  /** Called when the wait ends, whatever its outcome. */
  onend: (() => void) | undefined = undefined

  constructor(clock: Clock, wait: Wait) {
    this.#clock = clock
    this.#wait = wait
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    // A promise that nobody awaits must not end the process.
    this.promise.catch(ignore)
    const { signal, timeoutMs } = wait
    if (signal?.aborted === true) this.reject(signal.reason)
    else if (timeoutMs !== undefined && !(timeoutMs >= 0))
      this.reject(new ConfigError('timeoutMs', say`must be milliseconds from 0, got ${String(timeoutMs)}`))
    else {
      if (timeoutMs !== undefined) this.endAfter(timeoutMs)
      if (signal !== undefined) this.#undo = onAbort(signal, () => this.reject(signal.reason))
    }
  }

  get isOver(): boolean {
    return this.#isOver
  }

  resolve(value: T): void {
    this.#end()
    this.#resolve(value)
  }

  reject(cause: unknown): void {
    this.#end()
    this.#reject(cause as Error)
  }

  /** Ends the wait `ms` milliseconds from now. */
  endAfter(ms: number): void {
    // Platforms count no more than 24 days.
    if (this.#isOver || ms >= 2 ** 31) return
    const { late, link } = this.#wait
    this.#cancel = this.#clock.timer(() => this.reject(about(late(ms), { ...link?.at })), ms)
  }

  #end(): void {
    this.#isOver = true
    this.onend?.()
    this.#cancel?.()
    this.#undo?.()
  }
}

const ignore = () => {}

/** A promise that `begin` settles by its waiter. If the signal has aborted already, `begin` is not called. */
export function wait<T>(clock: Clock, options: Wait, begin: (waiter: Waiter<T>) => void): Promise<T> {
  const waiter = new Waiter<T>(clock, options)
  if (!waiter.isOver) begin(waiter)
  return waiter.promise
}
