// Floor 0. How long to wait before trying again: exponential, with jitter drawn afresh each time.

/** How long to wait between attempts. */
export interface Backoff {
  /** The bound of the first wait, in milliseconds. */
  readonly minMs: number
  /** The bound that waits grow to, doubling, in milliseconds. */
  readonly maxMs: number
  /** The part of the wait that is left to chance, from 0 to 1: with 1, clients cut off together come back spread out. */
  readonly jitter: number
}

/**
 * The wait before attempt `attempt` (from 0), in milliseconds; `random` is at least 0 and below 1. Never less than a tenth of
 * `minMs`, so that no run of luck makes a hot loop.
 */
export function backoffMs(attempt: number, { minMs, maxMs, jitter }: Backoff, random: number): number {
  const bound = Math.min(maxMs, minMs * 2 ** Math.min(attempt, 30))
  return Math.max(minMs / 10, bound * (1 - jitter * (1 - random)))
}
