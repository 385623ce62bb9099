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
    // Numbers from 2 ** 960 on are held apart from the others.
    [[2 ** 960, 1], 2 ** 960, 1],
    [[-(2 ** 960), 1], -(2 ** 960), 1],
    [[2 ** 959, 2 ** 959, 1], 2 ** 959, 2 ** 959],
    [[2 ** 1000, 2 ** 900], 2 ** 900, 2 ** 1000],
    [[0.5, 1], 0.5, 1],
  ])('of %j from which %j is removed is exactly the sum of the others', (numbers, gone, left) => {
    const sum = new ExactSum()
    for (const x of numbers) sum.add(x)
    sum.remove(gone)
    expect(sum.value).toBe(left)
  })

  const { MAX_VALUE: most, MAX_SAFE_INTEGER: safe } = Number
  test.each([
    [[], 0],
    [[most, most], Infinity],
    [[most, most, -most], most],
    [[-most, -most], -Infinity],
    [[2 ** 970, 2 ** 970, 2 ** 100], 2 ** 971],
    [[2 ** 961, 0.25, -(2 ** 961)], 0.25],
    [[2 ** 961 * (1 + 2 ** -52), -(2 ** 961), 2 ** 950], 2 ** 950 + 2 ** 909],
    [[safe, 1], 2 ** 53],
    [[safe, 1, 1, 1], 2 ** 53 + 2],
    [[safe, safe, -safe], safe],
    // Exactly between two numbers, and a little off.
    [[2 ** 53, 1], 2 ** 53],
    [[2 ** 53, 1, 2 ** -60], 2 ** 53 + 2],
    [[2 ** 53, 1, -(2 ** -60)], 2 ** 53],
    [[2 ** 53 + 2, -1, -(2 ** -60)], 2 ** 53],
    [[-(2 ** 53), -1, -(2 ** -60)], -(2 ** 53) - 2],
    [[1, 2 ** -53, 2 ** -107], 1 + 2 ** -52],
  ])('of %j is %d', (numbers, wanted) => {
    for (const list of [numbers, [...numbers].reverse()]) {
      const sum = new ExactSum()
      for (const x of list) sum.add(x)
      expect(sum.value).toBe(wanted)
    }
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

  test.each([
    [[Infinity, 5, Infinity], Infinity, Infinity],
    [[-Infinity, 5, -Infinity], -Infinity, -Infinity],
    [[-Infinity, 5, Infinity], Infinity, -Infinity],
    [[NaN, NaN, 5], NaN, NaN],
    [[5, -Infinity], -Infinity, 5],
  ])('of %j less %d is %d', (numbers, gone, left) => {
    const sum = new ExactSum()
    for (const x of numbers) sum.add(x)
    sum.remove(gone)
    expect(sum.value).toBe(left)
  })
})
