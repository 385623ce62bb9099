// Floor 0. How long to wait before trying again: exponential, with jitter drawn afresh each time.

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
 * The wait before attempt `attempt` (from 0), in milliseconds; `random` is at least 0 and below 1. Never less than a tenth of
 * `reconnectMinMs`, so that no run of luck makes a hot loop.
 */
export function backoffMs(attempt: number, backoff: Backoff, random: number): number {
  const { reconnectMinMs, reconnectMaxMs, reconnectJitter } = backoff
  const bound = Math.min(reconnectMaxMs, reconnectMinMs * 2 ** Math.min(attempt, 30))
  return Math.max(reconnectMinMs / 10, bound * (1 - reconnectJitter * (1 - random)))
}
