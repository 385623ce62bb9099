// A map in the order of its keys, by itself: what a walk gives while the map changes, and when the order costs anything.
import { beforeEach, describe, expect, test } from 'vitest'
import { OrderedMap } from '../../../src/store/ordered-map.js'

/** A number is its own identity; a record is known by a text. */
type Key = number | { readonly n: number }
const numberOf = (key: Key) => (typeof key === 'number' ? key : key.n)
const identity = (key: Key) => (typeof key === 'number' ? key : `n${key.n}`)

let comparisons = 0
const compare = (a: Key, b: Key) => (comparisons++, numberOf(a) - numberOf(b))
beforeEach(() => void (comparisons = 0))

/** The value of each entry is ten times its key. */
const add = (map: OrderedMap<Key, number>, ...keys: Key[]) => {
  for (const key of keys) map.add(identity(key), key, 10 * numberOf(key))
  return map
}
const remove = (map: OrderedMap<Key, number>, ...keys: Key[]) => keys.map(key => map.delete(identity(key)))
const mapOf = (...keys: Key[]) => add(new OrderedMap<Key, number>({ identity, compare }), ...keys)
const keys = (map: OrderedMap<Key, number>) => [...map.walk(([id]) => map.keyOf(id))]
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n)

/** A map whose order is that of a plain Map, of one laid out anew, or of an index beside it: all are walked alike. */
const makes: [string, (...keys: Key[]) => OrderedMap<Key, number>][] = [
  ['as it came', mapOf],
  [
    'laid out in order',
    (...all) => {
      const map = mapOf(...all)
      keys(map)
      return map
    },
  ],
  [
    'with an index',
    (...all) => {
      const map = mapOf(...all)
      map.rank(0)
      return map
    },
  ],
  [
    'with an index for what came late',
    (...all) => {
      // Many keys that are gone again before anybody looks.
      const map = mapOf(...upTo(99).map(n => n + 1000))
      keys(map)
      add(map, ...all)
      keys(map)
      remove(map, ...upTo(99).map(n => n + 1000))
      return map
    },
  ],
]

describe.each(makes)('a map %s', (_, make) => {
  test('has its entries by identity, and in order', () => {
    const map = make(3, { n: 1 }, 2)
    expect([map.size, map.get(3), map.get('n1'), map.get(1)]).toEqual([3, 30, 10, undefined])
    expect([map.has('n1'), map.has(1)]).toEqual([true, false])
    expect(keys(map)).toEqual([{ n: 1 }, 2, 3])
    expect([...map.walk(entry => entry)]).toEqual([
      ['n1', 10],
      [2, 20],
      [3, 30],
    ])
    const visited: unknown[] = []
    map.forEach((value, id) => visited.push([id, value]))
    expect(visited).toEqual([...map.walk(entry => entry)])
  })

  test('says what was added, and what was there to remove', () => {
    const map = make(2, 1)
    expect([map.add(2, 2, 21), map.add(3, 3, 30), map.get(2)]).toEqual([false, true, 21])
    expect(remove(map, 1, 1)).toEqual([true, false])
    expect([keys(map), map.size, map.rank(9)]).toEqual([[2, 3], 2, 2])
  })

  test('finds keys by place, from either end', () => {
    const map = make(3, { n: 1 }, 2)
    expect([0, 1, 2, -1, -2, -3].map(at => map.idAt(at))).toEqual(['n1', 2, 3, 3, 2, 'n1'])
    expect([0, 1, 1.5, 3, 4].map(key => map.rank(key))).toEqual([0, 0, 1, 2, 3])
  })

  test('gives ranges up to, not including, their end', () => {
    const map = make(5, 1, { n: 3 }, 2, 4)
    const range = (from: number, to?: number) => [...map.range(from, to)]
    expect(range(2, 4)).toEqual([
      [2, 20],
      ['n3', 30],
    ])
    expect([range(2, 2), range(6), range(0, 1)]).toEqual([[], [], []])
    expect(range(4)).toEqual([
      [4, 40],
      [5, 50],
    ])
  })

  test('is empty once it is cleared, and begins anew', () => {
    const map = make(3, { n: 1 }, 2)
    map.clear()
    expect([map.size, keys(map), map.rank(9), map.isPlain, map.keyOf('n1')]).toEqual([0, [], 0, true, 'n1'])
    add(map, 2, 1)
    expect([keys(map), map.idAt(0)]).toEqual([[1, 2], 1])
  })

  test.each<[string, (map: OrderedMap<Key, number>) => unknown, Key[]]>([
    ['nothing', () => {}, [1, 2, 3, 4]],
    ['removing what was given', map => remove(map, 1), [1, 2, 3, 4]],
    ['removing the next', map => remove(map, 2), [1, 3, 4]],
    ['removing the last', map => remove(map, 4), [1, 2, 3]],
    ['removing all', map => map.clear(), [1]],
    ['removing all into another map', map => map.takeAll(), [1]],
    ['removing all and adding one', map => (map.clear(), add(map, 9)), [1]],
    ['adding before what was given', map => add(map, 0), [1, 2, 3, 4]],
    ['asking for the order', map => map.rank(3), [1, 2, 3, 4]],
    ['another walk', map => keys(map), [1, 2, 3, 4]],
    ['adding one before it and removing the next', map => remove(add(map, 0), 2), [1, 3, 4]],
    ['adding and removing one', map => remove(add(map, 2.5), 2.5), [1, 2, 3, 4]],
    ['removing and laying out anew', map => (remove(map, 3), add(map, 0.5, 0.6), keys(map)), [1, 2, 4]],
  ])('is walked, and ranges of it, in spite of %s amid the walk', (_, change, expected) => {
    type Visit = (value: number, id: unknown) => void
    for (const walk of [
      (map: OrderedMap<Key, number>, visit: Visit) => {
        for (const [id, value] of map.walk(entry => entry)) visit(value, id)
      },
      (map: OrderedMap<Key, number>, visit: Visit) => {
        for (const [id, value] of map.range(0.9, undefined)) visit(value, id)
      },
      (map: OrderedMap<Key, number>, visit: Visit) => map.forEach(visit),
    ]) {
      const map = make(4, 3, 2, 1)
      const given: number[] = []
      walk(map, (value, id) => {
        expect(value).toBe(10 * (id as number))
        given.push(id as number)
        if (given.length === 1) change(map)
      })
      // What is added amid a walk may come or not, and at the end.
      expect(given.filter(key => [1, 2, 3, 4].includes(key))).toEqual(expected)
    }
  })

  test('gives values as they are when a walk comes to them', () => {
    const map = make(3, 2, 1)
    const given: unknown[] = []
    for (const [id, value] of map.walk(entry => entry)) {
      given.push([id, value])
      add(map, 1.5)
      keys(map)
      map.replace(3, 33)
    }
    expect(given[0]).toEqual([1, 10])
    expect(given).toContainEqual([3, 33])
    expect(given).not.toContainEqual([3, 30])
  })
})

test('a few keys that come late are in their places, in each way to walk', () => {
  const map = mapOf(...upTo(100))
  keys(map)
  add(map, 50.5, 7.5, -1)
  const wanted = [...upTo(100), 50.5, 7.5, -1].sort((a, b) => a - b)
  const visited: unknown[] = []
  map.forEach((_, id) => visited.push(id))
  expect(visited).toEqual(wanted)
  expect(keys(map)).toEqual(wanted)
  expect(Array.from(map.range(-5, undefined), ([id]) => id)).toEqual(wanted)
})

describe('keys that are not their own identity', () => {
  test('are kept as they were first given, until they are removed', () => {
    const map = mapOf()
    const [first, second] = [{ n: 1 }, { n: 1 }]
    map.add('n1', first, 1)
    map.add('n1', second, 2)
    expect([map.keyOf('n1') === first, map.get('n1')]).toEqual([true, 2])
    map.delete('n1')
    map.add('n1', second, 3)
    expect(map.keyOf('n1')).toBe(second)
    expect(map.keyOf('n7')).toBe('n7')
  })

  test('make the map one that is not plain', () => {
    const map = mapOf(1, 2)
    expect(map.isPlain).toBe(true)
    add(map, { n: 3 })
    expect(map.isPlain).toBe(false)
  })
})

test('entries as they are laid are all there, in whatever order', () => {
  const map = mapOf(2, { n: 3 }, 1)
  const visited: unknown[] = []
  map.visitAsLaid((value, id) => visited.push([id, value]))
  expect(new Map(map.asLaid())).toEqual(
    new Map<unknown, number>([
      [2, 20],
      ['n3', 30],
      [1, 10],
    ]),
  )
  expect(visited).toEqual([...map.asLaid()])
  expect([...map.idsAsLaid()]).toEqual([2, 'n3', 1])
  expect(comparisons).toBe(0)
})

describe('a walk', () => {
  test('is an iterator as a Map’s own is: it may be left, gone on with, and iterated itself', () => {
    const walk = mapOf(2, 1, 3).walk(([id]) => id)
    for (const id of walk) {
      expect(id).toBe(1)
      break
    }
    expect(walk[Symbol.iterator]()).toBe(walk)
    expect([...walk]).toEqual([2, 3])
    expect(walk.next()).toEqual({ done: true, value: undefined })
  })

  test('of many blocks is whole, with what is added and removed in it', () => {
    const map = mapOf(...upTo(1000).map(n => 2 * n))
    map.rank(0)
    const given: number[] = []
    for (const [id] of map.range(0, 1999)) {
      given.push(id as number)
      // One behind, which is not seen; one ahead, which is; and what was given goes now and then.
      if (given.length % 100 === 0) add(map, (id as number) - 1, (id as number) + 1)
      if (given.length % 150 === 0) remove(map, id as number)
    }
    expect(given).toEqual([...new Set(given)].sort((a, b) => a - b))
    expect(given.filter(key => key % 2 === 0)).toEqual(upTo(1000).map(n => 2 * n))
    expect(given.filter(key => key % 2 === 1)).toHaveLength(10)
  })
})

describe('what order costs, in comparisons', () => {
  const size = 5000
  const costOf = (act: () => unknown) => ((comparisons = 0), act(), comparisons)

  test('is none before it is asked for, and a look at each key where they came in order', () => {
    const map = mapOf()
    expect(costOf(() => add(map, ...upTo(size)))).toBe(0)
    expect(costOf(() => keys(map))).toBe(size)
    expect(costOf(() => keys(map))).toBe(0)
    expect(costOf(() => map.forEach(() => {}))).toBe(0)
    // An index is made of what is in order.
    expect(costOf(() => map.idAt(7))).toBe(0)
  })

  test('is a sort where they did not, once', () => {
    const map = mapOf(...upTo(size).map(n => (n * 3137) % size))
    const cost = costOf(() => keys(map))
    expect(cost).toBeGreaterThan(size)
    expect(cost).toBeLessThan(size * Math.log2(size))
    expect(costOf(() => keys(map))).toBe(0)
    expect(costOf(() => map.rank(0))).toBeLessThan(2 * Math.log2(size))
  })

  test('is a way down the tree for a few keys that come later, and a sort for an eighth of them', () => {
    const map = mapOf(...upTo(size))
    keys(map)
    map.rank(0)
    let cost = 0
    for (const n of upTo(50)) cost += costOf(() => (add(map, n + 0.5), keys(map)))
    expect(cost / 50).toBeLessThan(4 * Math.log2(size))
    // Nobody walks: an index alone is kept.
    expect(costOf(() => add(map, ...upTo(1000).map(n => n + 0.25))) / 1000).toBeLessThan(2 * Math.log2(size))
    expect(costOf(() => keys(map))).toBeGreaterThan(size)
    expect(costOf(() => keys(map))).toBe(0)
  })

  test('is none again once what came out of order was laid out, or all was cleared', () => {
    const map = mapOf(3, 1, 2)
    keys(map)
    expect(costOf(() => keys(map))).toBe(0)
    map.clear()
    add(map, 2, 1)
    keys(map)
    expect(costOf(() => [keys(map), map.forEach(() => {})])).toBe(0)
  })

  test('is none for what is removed while nobody asked for the order', () => {
    const map = mapOf(...upTo(size))
    expect(costOf(() => remove(map, ...upTo(size)))).toBe(0)
  })
})
