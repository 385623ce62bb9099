// By its tally a store finds what it has lost.
import { describe, expect, test } from 'vitest'
import { Count, lossOf, readTally, writeTally } from '../../../../src/host/keep/tally.js'

/** The tally of entries that were written in turn, or in another. */
function tallyOf(entries: readonly (readonly [string, string])[], writes = entries.length) {
  const count = new Count()
  for (const [key, value] of entries) count.put(key, value)
  count.wrote(writes)
  return count.tally
}

const entries = Array.from({ length: 100 }, (_, i) => [`/unit/1 map k${i}`, String(i)] as const)

test('a tally does not depend on the order, nor on overwritten or removed entries', () => {
  const count = new Count()
  count.put('gone', 'x')
  for (const [key] of [...entries].reverse()) count.put(key, 'an older one')
  for (const [key, value] of [...entries].reverse()) count.put(key, value)
  count.delete('gone')
  count.delete('never there')
  count.wrote(100)
  expect(count.tally).toEqual(tallyOf(entries))
})

test('a tally is a text of fixed length, and is read back', () => {
  const tallies = [
    { writes: 0, entries: 0, sum: 0 },
    { writes: 2 ** 53 - 1, entries: 5, sum: -(2 ** 31) },
  ]
  expect(tallies.map(tally => readTally(writeTally(tally)))).toEqual(tallies)
  expect(new Set(tallies.map(tally => writeTally(tally).length)).size).toBe(1)
  const text = writeTally(tallies[1]!)
  for (let end = 0; end < text.length; end++) expect(readTally(text.slice(0, end))).toBeUndefined()
  for (const none of ['', '\0'.repeat(text.length), 'x']) expect(readTally(none)).toBeUndefined()
})

describe('a loss', () => {
  const whole = tallyOf(entries)

  test.each([
    ['nothing is known of what was', undefined, undefined],
    ['all is there', whole, whole],
    ['the acknowledged tally was written a little late', whole, { ...whole, writes: 98 }],
    ['the file beside is gone', whole, undefined],
  ])('is not reported where %s', (_, kept, told) => {
    expect(lossOf(whole, kept, told)).toBeUndefined()
  })

  test('of any one entry, or of its value, is found', () => {
    for (const [i, [key, value]] of entries.entries()) {
      const others = entries.filter((_, at) => at !== i)
      expect(lossOf(tallyOf(others, 100), whole, whole)).toContain('99 entries are there, and 100 were acknowledged')
      const changed = tallyOf([...others, [key, `${value}0`]])
      expect(lossOf(changed, whole, whole)).toContain('are not what they were')
      const swapped = tallyOf([...others, [`${key}x`, value]])
      expect(lossOf(swapped, whole, whole)).toContain('are not what they were')
    }
  })

  test('of the last writes is found by the acknowledged tally', () => {
    const kept = tallyOf(entries.slice(0, 12))
    expect(lossOf(kept, kept, whole)).toBe(
      'the last 88 of 100 acknowledged writes are gone: 12 entries are there, and 100 were acknowledged',
    )
    expect(lossOf(tallyOf([]), undefined, whole)).toContain('the last 100 of 100')
  })
})
