// Floor 5. Promises that time or a signal may end first.
import { onAbort, type SignalLike } from '../base/events.js'
import type { Clock } from '../base/clock.js'
import { about, ConfigError, say, type TimeoutError, type Where } from '../base/errors.js'
import type { Queued } from '../write/queue.js'
import { Deadlines, type Limited } from './deadlines.js'

/** Limits of a wait: a time, a signal. */
export interface WaitOptions {
  /** When it aborts, the promise rejects with its reason. */
  readonly signal?: SignalLike
  /** Milliseconds until the promise rejects with TimeoutError. @default Infinity */
  readonly timeoutMs?: number
}

/** What is waited for. */
export interface Awaited {
  /** The error that the promise rejects with when the time is over. */
  readonly late: (afterMs: number) => TimeoutError
  /** The link that the error is about. */
  readonly link?: { readonly at: Where } | undefined
}

/** A promise with its `resolve` and `reject`. Ten thousand may wait, so timers and listeners are made only where needed. */
export class Waiter<T> implements Limited {
  readonly promise: Promise<T>
  readonly #awaited: Awaited
  #resolve!: (value: T) => void
  #reject!: (cause: Error) => void
  #undo: (() => void) | undefined
  isOver = false
  /** Called when the wait ends, whatever its outcome. */
  onend: (() => void) | undefined
  before: Queued = this
  after: Queued = this
  dueMs: number | undefined
  deadlines: Deadlines | undefined

  constructor(clock: Clock, awaited: Awaited, { signal, timeoutMs }: WaitOptions = {}) {
    this.#awaited = awaited
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    if (signal?.aborted === true) this.reject(signal.reason)
    else if (timeoutMs !== undefined && !(timeoutMs >= 0))
      this.reject(new ConfigError('timeoutMs', say`must be milliseconds from 0, got ${String(timeoutMs)}`))
    else {
      if (timeoutMs !== undefined) new Deadlines(clock, timeoutMs).begin(this, clock.now())
      if (signal !== undefined) this.#undo = onAbort(signal, () => this.reject(signal.reason))
    }
  }

  resolve(value: T): void {
    this.#end()
    this.#resolve(value)
  }

  reject(cause: unknown): void {
    this.#end()
    // A promise that nobody awaits must not end the process. Most promises are never rejected, so a handler is added only here.
    this.promise.catch(() => {})
    this.#reject(cause as Error)
  }

  late(afterMs: number): void {
    const { late, link } = this.#awaited
    this.reject(about(late(afterMs), link?.at ?? {}))
  }

  #end(): void {
    this.isOver = true
    this.onend?.()
    this.deadlines?.end(this)
    this.#undo?.()
  }
}

/** A promise that `begin` settles by its waiter. If the signal has aborted already, `begin` is not called. */
export function wait<T>(
  clock: Clock,
  awaited: Awaited,
  options: WaitOptions | undefined,
  begin: (waiter: Waiter<T>) => void,
): Promise<T> {
  const waiter = new Waiter<T>(clock, awaited, options)
  if (!waiter.isOver) begin(waiter)
  return waiter.promise
}
