// Sums of views are exact, however long entries come and go: beside the same sum in whole numbers of any length.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ExactSum } from '../../../src/view/exact-sum.js'

/** Each number of these tests is so many of its parts. */
const part = 2 ** -452

/** The number next to a sum, ties to even, as the platform makes numbers of whole ones. */
const nearest = (numbers: readonly number[]): number =>
  Number(numbers.reduce((sum, x) => sum + BigInt(x / part), 0n)) * part

const number = fc.oneof(
  fc.integer({ min: -1000, max: 1000 }),
  fc.integer({ min: -1000, max: 1000 }).map(n => n / 10),
  fc.maxSafeInteger(),
  // From 53 bits at 2 ** -400 to as many at 2 ** 400.
  fc.tuple(fc.maxSafeInteger(), fc.integer({ min: -452, max: 347 })).map(([n, exponent]) => n * 2 ** exponent),
)

describe('a sum', () => {
  test('is the number closest to the exact sum, after each number that is added or removed', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(number, fc.nat({ max: 2 })), { maxLength: 60 }), steps => {
        const sum = new ExactSum()
        const held: number[] = []
        for (const [x, what] of steps) {
          if (what > 0 || held.length === 0) {
            held.push(x)
            sum.add(x)
          } else sum.remove(held.splice(Math.abs(Math.trunc(x)) % held.length, 1)[0]!)
          expect(sum.value).toBe(nearest(held) + 0)
        }
      }),
      { numRuns: 300 },
    )
  })

  test.each([
    [[0.1, 0.2], 0.1, 0.2],
    [[1e16, 1], 1e16, 1],
    [[1e308, 1e308, 3], 1e308, 1e308],
  ])('of %j from which %j is removed is exactly the sum of the others', (numbers, gone, left) => {
    const sum = new ExactSum()
    for (const x of numbers) sum.add(x)
    sum.remove(gone)
    expect(sum.value).toBe(left)
  })

  test('is finite again once all infinite numbers are removed', () => {
    const sum = new ExactSum()
    for (const x of [5, Infinity, -Infinity, NaN]) sum.add(x)
    const seen = [sum.value]
    for (const x of [NaN, -Infinity, Infinity]) {
      sum.remove(x)
      seen.push(sum.value)
    }
    expect(seen).toEqual([NaN, NaN, Infinity, 5])
  })
})
