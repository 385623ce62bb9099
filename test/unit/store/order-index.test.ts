// An index of keys by itself, of one, two and three levels: what is where, and what it costs, in comparisons.
import { describe, expect, test } from 'vitest'
import { OrderIndex } from '../../../src/store/order-index.js'
import { checkIndex } from '../../support/order-index.js'

let comparisons = 0
const compare = (a: number, b: number) => (comparisons++, a - b)
const evens = (count: number) => Array.from({ length: count }, (_, i) => 2 * i)
/** The same keys in an order that goes to and fro. */
const scattered = (keys: readonly number[]) => keys.map((_, i) => keys[(i * 7919) % keys.length]!)

/** How many keys each block has. */
function blocks(index: OrderIndex<number>): number[] {
  const lengths: number[] = []
  for (let at = 0; at < index.size; at += lengths.at(-1)!) lengths.push(index.run(at).length)
  return lengths
}

/** Around where a leaf, and a branch, is full: when it is built, and when it grows. */
const counts = [0, 1, 2, 95, 96, 97, 128, 129, 192, 193, 9216, 9217]

describe('an index of so many keys', () => {
  test.each(counts)('is in order when it is built of them: %i', count => {
    const keys = evens(count)
    checkIndex(new OrderIndex(compare, keys), keys)
  })

  test.each(counts)('keeps none of the array that it is built of: %i', count => {
    const keys = evens(count)
    const index = new OrderIndex(compare, keys)
    index.add(1)
    index.delete(0)
    expect(keys).toEqual(evens(count))
  })

  test.each([...counts, 20_000])('takes keys between, before and after them: %i', count => {
    const keys = evens(count)
    const index = new OrderIndex(compare, keys)
    for (const key of scattered(keys)) if (key % 3 === 0) index.add(key + 1)
    index.add(-1)
    index.add(2 * count + 1)
    checkIndex(index, [-1, ...keys.flatMap(key => (key % 3 === 0 ? [key, key + 1] : [key])), 2 * count + 1])
  })

  test.each([
    ['upwards', (keys: number[]) => keys],
    ['downwards', (keys: number[]) => [...keys].reverse()],
    ['to and fro', scattered],
  ])('grows from none and shrinks to none %s', (_, order) => {
    const keys = evens(17_000)
    const index = new OrderIndex(compare, [])
    for (const key of order(keys)) index.add(key)
    checkIndex(index, keys)
    for (const key of order(keys)) index.delete(key)
    checkIndex(index, [])
    index.add(5)
    checkIndex(index, [5])
  })

  test.each([3, 300, 10_000])('is the same after a key that is not there is removed: %i', count => {
    const keys = evens(count)
    const index = new OrderIndex(compare, keys)
    for (const key of [-1, 1, count + 1 - (count % 2), 2 * count]) index.delete(key)
    checkIndex(index, keys)
  })
})

describe('thin blocks are joined, and counted', () => {
  const many = evens(12_000)
  test.each<[string, (n: number) => boolean]>([
    ['every second', n => n % 2 === 0],
    ['one of 7', n => n % 7 === 0],
    ['one of 100', n => n % 100 === 0],
    ['the first', n => n < 500],
    ['the last', n => n > 11_500],
    ['the ends', n => n < 250 || n > 11_750],
    ['the middle', n => n > 6000 && n < 6500],
    ['blocks', n => n % 1000 < 50],
    ['dense and thin by turns', n => n % 2000 < 1000 || n % 50 === 0],
  ])('%s stay', (_, stays) => {
    const left = many.filter(key => stays(key / 2))
    for (const order of [many, [...many].reverse(), scattered(many)]) {
      const index = new OrderIndex(compare, many)
      for (const key of order) if (!stays(key / 2)) index.delete(key)
      checkIndex(index, left)
      // A splice in a block costs as much as the block is long.
      expect(Math.max(...blocks(index))).toBeLessThanOrEqual(128)
      // What was joined grows, and splits, again.
      for (const key of order) if (!stays(key / 2)) index.add(key)
      checkIndex(index, many)
    }
  })

  test('so that a walk of the few that are left is a walk of few blocks', () => {
    const index = new OrderIndex(compare, many)
    for (const key of many) if (key % 200 !== 0) index.delete(key)
    expect(index.size).toBe(120)
    expect(blocks(index).length).toBeLessThan(10)
  })
})

describe('what it costs, in comparisons', () => {
  const count = 10_000
  const costOf = (act: () => void) => ((comparisons = 0), act(), comparisons)

  test('is none to build, none by place, and a way down the tree for each key', () => {
    const keys = evens(count)
    let index!: OrderIndex<number>
    expect(costOf(() => (index = new OrderIndex(compare, keys)))).toBe(0)
    expect(costOf(() => keys.forEach((_, at) => index.at(at)))).toBe(0)
    // Three levels, of 96 keys at most: 7 comparisons each, and one that finds the key itself.
    const most = 3 * 8
    for (const act of ['rank', 'delete', 'add'] as const) {
      const cost = costOf(() => keys.forEach(key => index[act](key)))
      expect([act, cost / count]).toEqual([act, expect.toSatisfy((each: number) => each < most)])
    }
  })

  test('is as much after it has grown key by key', () => {
    const index = new OrderIndex<number>(compare, [])
    const keys = evens(count)
    for (const key of scattered(keys)) index.add(key)
    expect(costOf(() => keys.forEach(key => index.rank(key))) / count).toBeLessThan(3 * 9)
    expect(Math.max(...blocks(index))).toBeLessThanOrEqual(128)
    // Blocks of what is built have room for more, and are no more than they must be.
    const built = blocks(new OrderIndex(compare, keys)).slice(0, -1)
    expect([Math.min(...built) > 64, Math.max(...built) < 128]).toEqual([true, true])
  })
})
