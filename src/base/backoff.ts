// Floor 0. The waits before new attempts: exponential, with new random jitter each time.

/** How long to wait between attempts. */
export interface Backoff {
  /** The bound of the first wait, in milliseconds. */
  readonly reconnectMinMs: number
  /** The bound that waits grow to, doubling, in milliseconds. */
  readonly reconnectMaxMs: number
  /** The part of the wait that is left to chance, from 0 to 1: with 1, clients cut off together come back spread out. */
  readonly reconnectJitter: number
}

/**
 * The wait before attempt `attempt` (from 0), in milliseconds. `random` is at least 0 and below 1. The wait is at least a tenth of
 * `reconnectMinMs`: even a series of low random numbers makes no hot loop.
 */
export function backoffMs(attempt: number, backoff: Backoff, random: number): number {
  const { reconnectMinMs, reconnectMaxMs, reconnectJitter } = backoff
  const bound = Math.min(reconnectMaxMs, reconnectMinMs * 2 ** Math.min(attempt, 30))
  return Math.max(reconnectMinMs / 10, bound * (1 - reconnectJitter * (1 - random)))
}
