// Floor 5. Promises that time or a signal may end first.
import type { SignalLike } from '../base/events.js'
import type { Cancel, Clock } from '../base/clock.js'
import { ConfigError, type TimeoutError, say } from '../base/errors.js'

/** Where waiting ends: by time or by signal. */
export interface WaitOptions {
  /** Ends the wait when it aborts: the promise rejects with its reason. */
  readonly signal?: SignalLike
  /** Milliseconds. @default Infinity */
  readonly timeoutMs?: number
}

/** By what a wait ends. */
export interface Wait extends WaitOptions {
  readonly signal?: SignalLike | undefined
  readonly timeoutMs?: number | undefined
  /** What the promise rejects with when time is over. */
  readonly late: (afterMs: number) => TimeoutError
}

/** Who hears of the end of a wait. */
export interface Waiter<T> {
  resolve(value: T): void
  reject(cause: unknown): void
  /** Ends the wait after so many milliseconds from now. */
  endAfter(ms: number): void
  /** Called at its end, whatever that is. */
  onend?: () => void
}

/** A promise that `begin` is given the ends of. Where the signal was aborted already, `begin` is not called at all. */
export function wait<T>(
  clock: Clock,
  { signal, timeoutMs, late }: Wait,
  begin: (waiter: Waiter<T>) => void,
): Promise<T> {
  const promise = new Promise<T>((resolve, reject) => {
    signal?.throwIfAborted()
    if (timeoutMs !== undefined && !(timeoutMs >= 0))
      throw new ConfigError('timeoutMs', say`${String(timeoutMs)} must be a number of milliseconds from 0`)
    let cancel: Cancel | undefined
    let isOver = false
    const aborted = () => waiter.reject(signal?.reason)
    const over = () => {
      isOver = true
      waiter.onend?.()
      cancel?.()
      signal?.removeEventListener('abort', aborted)
    }
    const waiter: Waiter<T> = {
      resolve: value => (over(), resolve(value)),
      reject: cause => (over(), reject(cause as Error)),
      endAfter(ms) {
        // Platforms count no more than 24 days.
        if (!isOver && ms < 2 ** 31) cancel = clock.timer(() => waiter.reject(late(ms)), ms)
      },
    }
    if (timeoutMs !== undefined) waiter.endAfter(timeoutMs)
    signal?.addEventListener('abort', aborted)
    begin(waiter)
  })
  // Whoever awaits it hears of it; whoever does not must not be killed by it.
  promise.catch(() => {})
  return promise
}
