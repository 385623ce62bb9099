// How often a bench links anew: as often as it was told to, or for as many samples as a percentile needs, in two seconds.
import { expect, test } from 'vitest'
import { shareDone } from '../../../src/cli/bench/turns.js'

test.each([
  ['a quick lane', 1, 4, undefined, 100],
  ['a slower one: what fits into two seconds', 1, 30, undefined, 67],
  ['one that takes long: ten times', 1, 3000, undefined, 10],
  ['several clients: as many samples in all', 3, 4, undefined, 34],
  ['many clients: ten times', 50, 4, undefined, 10],
  ['as often as was asked', 1, 4, 3, 3],
  ['as often as was asked, however long it takes', 1, 300, 200, 200],
])('%s', (_, clients, eachMs, syncs, expected) => {
  let turns = 0
  let last = -1
  for (;;) {
    const share = shareDone({ turns, clients, tookMs: turns * eachMs, syncs })
    expect(share).toBeGreaterThan(last)
    if (share >= 1) break
    last = share
    turns++
  }
  expect(turns).toBe(expected)
})
