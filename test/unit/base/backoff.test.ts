import { expect, test } from 'vitest'
import { backoffMs } from '../../../src/base/backoff.js'

const policy = { reconnectMinMs: 500, reconnectMaxMs: 30_000, reconnectJitter: 1 }

test('the bound of the wait doubles up to the limit', () => {
  const waits = [0, 1, 2, 5, 6, 7, 1000].map(attempt => backoffMs(attempt, policy, 1))
  expect(waits).toEqual([500, 1000, 2000, 16_000, 30_000, 30_000, 30_000])
})

test('with full jitter the wait is anything below it, but never nothing', () => {
  expect(backoffMs(3, policy, 0.5)).toBe(2000)
  expect(backoffMs(3, policy, 0)).toBe(50)
  expect(backoffMs(0, policy, 0)).toBe(50)
})

test('jitter is the part of the wait that is left to chance', () => {
  expect(backoffMs(1, { ...policy, reconnectJitter: 0 }, 0.1)).toBe(1000)
  expect(backoffMs(1, { ...policy, reconnectJitter: 0.5 }, 0)).toBe(500)
})
