// Floor 5. Promises that time or a signal may end first.
import type { Clock } from '../base/clock.js'
import { ConfigError, TimeoutError } from '../base/errors.js'

/** Where waiting ends: by time or by signal. */
export interface WaitOptions {
  /** Ends the wait when it aborts: the promise rejects with its reason. */
  readonly signal?: AbortSignal
  /** Milliseconds. @default Infinity */
  readonly timeoutMs?: number
}

/** Whom the end of a wait is told to. */
export interface Waiter<T> {
  resolve(value: T): void
  reject(cause: unknown): void
  /** Called at its end, whatever that is. */
  onend?: () => void
}

/**
 * A promise that `begin` is given the ends of; where the signal was aborted already, `begin` is not called at all.
 * @param late what the TimeoutError says
 */
export function wait<T>(
  clock: Clock,
  signal: AbortSignal | undefined,
  timeoutMs: number,
  late: string,
  begin: (waiter: Waiter<T>) => void,
): Promise<T> {
  const promise = new Promise<T>((resolve, reject) => {
    signal?.throwIfAborted()
    if (!(timeoutMs >= 0))
      throw new ConfigError('timeoutMs', `${String(timeoutMs)} is no number of milliseconds from 0`)
    const aborted = () => waiter.reject(signal?.reason)
    const over = () => {
      waiter.onend?.()
      cancel?.()
      signal?.removeEventListener('abort', aborted)
    }
    const waiter: Waiter<T> = {
      resolve: value => (over(), resolve(value)),
      reject: cause => (over(), reject(cause as Error)),
    }
    // Platforms count no more than 24 days.
    const cancel =
      timeoutMs < 2 ** 31 ? clock.timer(() => waiter.reject(new TimeoutError(late, timeoutMs)), timeoutMs) : undefined
    signal?.addEventListener('abort', aborted)
    begin(waiter)
  })
  // Whoever awaits it hears of it; whoever does not must not be killed by it.
  promise.catch(() => {})
  return promise
}
