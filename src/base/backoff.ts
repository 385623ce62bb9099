// Floor 0. How long to wait before trying again: exponential, with full jitter drawn afresh each time.

/** Bounds of the wait between attempts, in milliseconds. */
export interface Backoff {
  /** The bound of the first wait. */
  minMs: number
  /** The bound that waits grow to, doubling. */
  maxMs: number
}

/**
 * The wait before attempt `attempt` (from 0): anywhere between a tenth of its bound and the bound, so that clients cut off
 * together do not come back together, and none comes back at once.
 */
export function backoffMs(attempt: number, { minMs, maxMs }: Backoff, random: number): number {
  const bound = Math.min(maxMs, minMs * 2 ** Math.min(attempt, 30))
  return bound * (0.1 + 0.9 * random)
}
