// The ordered map against a naive one: an array that is sorted anew at every step.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compare, equals, identity, type Value } from '../../src/recon/index.js'
import { OrderIndex } from '../../src/store/order-index.js'
import { OrderedMap } from '../../src/store/ordered-map.js'
import { checkIndex } from '../support/order-index.js'
import { value } from './recon-values.js'

const seed = Number(process.env['STORE_SEED'] ?? Date.now() % 2 ** 31)
console.log(`store: seed ${seed}`)

class Naive {
  entries: [Value, number][] = []

  find(key: Value): number {
    return this.entries.findIndex(([other]) => equals(other, key))
  }

  set(key: Value, value: number): void {
    const at = this.find(key)
    if (at >= 0) this.entries[at] = [this.entries[at]![0], value]
    else this.entries.push([key, value])
    this.entries.sort(([a], [b]) => compare(a, b))
  }

  delete(key: Value): boolean {
    const at = this.find(key)
    if (at >= 0) this.entries.splice(at, 1)
    return at >= 0
  }
}

const set = (map: OrderedMap<Value, number>, key: Value, value: number) => {
  const id = identity(key)
  if (map.has(id)) map.replace(id, value)
  else map.add(id, key, value)
}

/** What is walked: all, unless it is a range. */
const entries = (map: OrderedMap<Value, number>, walk: Iterable<[unknown, number]> = map.walk(entry => entry)) =>
  [...walk].map(([id, value]): [Value, number] => [map.keyOf(id), value])
const keys = (map: OrderedMap<Value, number>) => [...map.walk(([id]) => map.keyOf(id))]

type Act =
  | readonly ['set' | 'delete' | 'rank' | 'range', Value]
  | readonly ['at', number]
  | readonly ['walk' | 'clear' | 'visit', null]

const few: fc.Arbitrary<Value> = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 400 }) },
  { weight: 2, arbitrary: fc.constantFrom<Value>('a', 'b', 'é', '', true, 1.5, -1, 10n ** 20n, null) },
  { weight: 1, arbitrary: fc.record({ floor: fc.nat({ max: 3 }), room: fc.nat({ max: 3 }) }) },
  // Recon has one zero.
  { weight: 1, arbitrary: value.map(key => (key === 0 ? 0 : key)) },
)
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 400, arbitrary: few.map(key => ['set', key] as const) },
  { weight: 250, arbitrary: few.map(key => ['delete', key] as const) },
  { weight: 100, arbitrary: few.map(key => ['rank', key] as const) },
  { weight: 50, arbitrary: few.map(key => ['range', key] as const) },
  { weight: 100, arbitrary: fc.integer({ min: -400, max: 400 }).map(at => ['at', at] as const) },
  { weight: 50, arbitrary: fc.constantFrom('walk', 'visit').map(name => [name, null] as const) },
  { weight: 10, arbitrary: fc.constant(['clear', null] as const) },
)

describe('an ordered map', () => {
  test('does as a sorted array does, step by step', () => {
    fc.assert(
      fc.property(fc.array(few, { maxLength: 400 }), fc.array(act, { maxLength: 300 }), (bulk, acts) => {
        const naive = new Naive()
        const map = new OrderedMap<Value, number>({ identity, compare })
        bulk.forEach((key, i) => (naive.set(key, i), set(map, key, i)))
        acts.forEach(([name, given], i) => {
          const sorted = naive.entries
          if (name === 'set') {
            naive.set(given, -i)
            set(map, given, -i)
          } else if (name === 'delete') expect(map.delete(identity(given))).toBe(naive.delete(given))
          else if (name === 'clear') {
            map.clear()
            naive.entries = []
          } else if (name === 'walk') expect(entries(map)).toEqual(sorted)
          else if (name === 'visit') {
            const visited: [Value, number][] = []
            map.forEach((value, id) => visited.push([map.keyOf(id), value]))
            expect(visited).toEqual(sorted)
          } else if (name === 'rank')
            expect(map.rank(given)).toBe(sorted.filter(([key]) => compare(key, given) < 0).length)
          else if (name === 'range') {
            const to = sorted[Math.floor(sorted.length / 2)]?.[0]
            expect(entries(map, map.range(given, to))).toEqual(
              sorted.filter(([key]) => compare(key, given) >= 0 && (to === undefined || compare(key, to) < 0)),
            )
          } else if (typeof given === 'number' && given >= -sorted.length && given < sorted.length) {
            expect(map.keyOf(map.idAt(given))).toEqual(sorted.at(given)![0])
          }
          expect(map.size).toBe(naive.entries.length)
        })
        expect(entries(map)).toEqual(naive.entries)
        expect(map.has(identity('nowhere to be found'))).toBe(false)
      }),
      { seed, numRuns: 100 },
    )
  })

  test('can be changed while it is walked: what stays is seen once, in order', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat({ max: 999 }), { minLength: 1 }),
        fc.array(fc.nat({ max: 999 })),
        (keys, changes) => {
          const map = new OrderedMap<Value, number>({ identity, compare })
          for (const key of keys) set(map, key, key)
          map.rank(0)
          const seen: number[] = []
          const left = [...changes]
          for (const [id] of map.range(0, undefined)) {
            seen.push(map.keyOf(id) as number)
            const change = left.pop()
            if (change === undefined) continue
            if (map.has(identity(change))) map.delete(identity(change))
            else set(map, change, change)
          }
          expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b))
          for (const key of keys) if (!changes.includes(key)) expect(seen).toContain(key)
        },
      ),
      { seed, numRuns: 200 },
    )
  })
})

describe('a walk of all entries, while they change and are walked by others', () => {
  const key: fc.Arbitrary<Value> = fc.oneof(
    { weight: 6, arbitrary: fc.nat({ max: 99 }) },
    { weight: 1, arbitrary: fc.record({ floor: fc.nat({ max: 9 }) }) },
  )
  const change = fc.oneof(
    { weight: 40, arbitrary: fc.tuple(fc.constant('set' as const), key) },
    { weight: 20, arbitrary: fc.tuple(fc.constant('delete' as const), key) },
    { weight: 5, arbitrary: fc.tuple(fc.constantFrom('walk', 'rank', 'clear'), fc.constant(0)) },
  )

  test.each([true, false])('gives what is there, as it is, once: %s', wantsPlain => {
    fc.assert(
      fc.property(
        fc.array(key, { maxLength: 60 }),
        fc.array(fc.array(change, { maxLength: 6 }), { maxLength: 60 }),
        (bulk, turns) => {
          const naive = new Naive()
          const map = new OrderedMap<Value, number>({ identity, compare })
          bulk.forEach((key, i) => (naive.set(key, i), set(map, key, i)))
          const first = naive.entries.map(([key]) => key)
          const removed = new Set<unknown>()
          const given: Value[] = []
          let i = 0
          const walk = map.walk((entry): [unknown, number] =>
            wantsPlain && map.isPlain ? entry : [map.keyOf(entry[0]), entry[1]],
          )
          for (const [key, value] of walk as Iterable<[Value, number]>) {
            expect(naive.entries[naive.find(key)]).toEqual([key, value])
            if (!removed.has(identity(key))) expect(given).not.toContainEqual(key)
            given.push(key)
            for (const [name, key] of turns.shift() ?? []) {
              if (name === 'set') {
                naive.set(key, --i)
                set(map, key, i)
              } else if (name === 'delete') {
                naive.delete(key)
                map.delete(identity(key))
                removed.add(identity(key))
              } else if (name === 'rank') map.rank(0)
              else if (name === 'walk') expect(entries(map)).toEqual(naive.entries)
              else {
                for (const [key] of naive.entries) removed.add(identity(key))
                map.clear()
                naive.entries = []
              }
            }
          }
          expect(walk.next().done).toBe(true)
          const stayed = first.filter(key => !removed.has(identity(key)))
          expect(given.filter(key => stayed.some(other => equals(other, key)))).toEqual(stayed)
        },
      ),
      { seed, numRuns: 500 },
    )
  })

  test('ends where a great many are gone at once', () => {
    const map = new OrderedMap<Value, number>({ identity, compare })
    for (let i = 0; i < 100_000; i++) set(map, i, i)
    let given = 0
    for (const _ of map.walk(entry => entry)) if (given++ === 0) map.clear()
    expect(given).toBe(1)
  })

  test('is an iterator as a Map’s own is: it may be left, gone on with, and iterated itself', () => {
    const map = new OrderedMap<Value, number>({ identity, compare })
    for (const key of ['a', 'b', 'c']) set(map, key, 0)
    const walk = map.walk(([id]) => id)
    for (const id of walk) {
      expect(id).toBe('a')
      break
    }
    expect(walk[Symbol.iterator]()).toBe(walk)
    expect([...walk]).toEqual(['b', 'c'])
    // With the helpers of those, where the platform has any.
    const ofAllIterators = Object.getPrototypeOf(Object.getPrototypeOf(new Map().keys())) as object
    expect(Object.prototype.isPrototypeOf.call(ofAllIterators, walk)).toBe(true)
  })
})

describe('what it costs, in comparisons', () => {
  const counting = () => {
    const count = { made: 0 }
    const order = { identity, compare: (a: Value, b: Value) => (count.made++, compare(a, b)) }
    return { count, map: new OrderedMap<Value, number>(order) }
  }
  const size = 50_000
  const scattered = (i: number) => (i * 31_337) % size

  test('a bulk costs none, and its first walk no more than a look at each where it came in order', () => {
    const { count, map } = counting()
    for (let i = 0; i < size; i++) set(map, i, i)
    expect(count.made).toBe(0)
    expect(keys(map)).toHaveLength(size)
    expect(count.made).toBeLessThanOrEqual(size)
    count.made = 0
    expect(keys(map)).toHaveLength(size)
    expect(count.made).toBe(0)
  })

  test('a scattered bulk costs a sort', () => {
    const { count, map } = counting()
    for (let i = 0; i < size; i++) set(map, scattered(i), i)
    expect(keys(map).slice(0, 3)).toEqual([0, 1, 2])
    expect(count.made).toBeLessThan(size * Math.log2(size))
  })

  test('adding, removing, ranking and finding by place cost a walk down the tree each', () => {
    const { count, map } = counting()
    for (let i = 0; i < size; i++) set(map, scattered(i) * 2, i)
    map.rank(0)
    count.made = 0
    for (let i = 0; i < 1000; i++) {
      const key = scattered(i) * 2
      set(map, key + 1, i)
      expect(map.rank(key)).toBeGreaterThanOrEqual(0)
      map.idAt(i)
      map.delete(identity(key + 1))
    }
    expect(count.made / 3000).toBeLessThan(2 * Math.log2(size))
  })

  test('a few keys added to a walked map do not cost another sort', () => {
    const { count, map } = counting()
    for (let i = 0; i < size; i++) set(map, i, i)
    expect(keys(map)).toHaveLength(size)
    map.rank(0)
    count.made = 0
    for (let i = 0; i < 100; i++) {
      set(map, i + 0.5, i)
      expect(keys(map).length).toBe(size + i + 1)
    }
    expect(count.made).toBeLessThan(size)
  })
})

describe('an index of keys', () => {
  test('stays in order, and counts right, through many splits and joins', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat({ max: 5000 })), fc.nat({ max: 3000 }), (chances, start) => {
        const held = new Set(Array.from({ length: start }, (_, i) => i * 2))
        const index = new OrderIndex<number>((a, b) => a - b, [...held])
        for (let i = 0; i < 3000; i++) {
          const key = chances.next().value
          if (held.delete(key)) index.delete(key)
          else {
            held.add(key)
            index.add(key)
          }
        }
        index.delete(-1)
        const sorted = [...held].sort((a, b) => a - b)
        const walked: number[] = []
        for (let run = index.run(0); run.length > 0; run = index.run(walked.length)) walked.push(...run)
        expect(walked).toEqual(sorted)
        expect(index.size).toBe(sorted.length)
        for (const at of [0, 1, sorted.length >> 1, sorted.length - 1]) {
          expect(index.at(at)).toBe(sorted[at])
          if (sorted[at] !== undefined) expect(index.rank(sorted[at])).toBe(at)
        }
        for (const key of sorted) index.delete(key)
        expect(index.size).toBe(0)
        expect(index.run(0)).toEqual([])
        expect(index.at(0)).toBeUndefined()
      }),
      { seed, numRuns: 30 },
    )
  })

  const indexOf = (sorted: readonly number[]) => new OrderIndex<number>((a, b) => a - b, sorted)
  // Three levels: leaves, branches, a root.
  const many = Array.from({ length: 25_000 }, (_, i) => i)

  test.each<[string, (key: number) => boolean]>([
    ['every second', key => key % 2 === 0],
    ['one of 7', key => key % 7 === 0],
    ['one of 100', key => key % 100 === 0],
    ['the first', key => key < 1000],
    ['the last', key => key > 24_000],
    ['the ends', key => key < 500 || key > 24_500],
    ['the middle', key => key > 12_000 && key < 13_000],
    ['blocks', key => key % 1000 < 50],
    ['dense and thin by turns', key => key % 2000 < 1000 || key % 50 === 0],
  ])('counts every key once blocks were joined: of many, %s stay', (_, stays) => {
    for (const order of [many, [...many].reverse(), many.map(key => (key * 7_919) % many.length)]) {
      const index = indexOf(many)
      for (const key of order) if (!stays(key)) index.delete(key)
      const left = many.filter(stays)
      checkIndex(index, left)
      // What was joined is counted when it grows, and splits, again.
      for (const key of many) if (!stays(key) && key % 3 === 0) index.add(key)
      checkIndex(
        index,
        many.filter(key => stays(key) || key % 3 === 0),
      )
    }
  })

  test('counts every key, whatever comes and goes in whatever order', () => {
    const span = fc.record({
      from: fc.nat(9999),
      length: fc.nat(3000),
      step: fc.integer({ min: 1, max: 9 }),
      adds: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(span, { minLength: 1, maxLength: 12 }), spans => {
        const held = new Set(many.filter(key => key < 10_000))
        const index = indexOf([...held])
        for (const { from, length, step, adds } of spans) {
          for (let key = from; key < from + length; key += step) {
            if (held.has(key) === adds) continue
            if (adds) index.add(key)
            else index.delete(key)
            if (adds) held.add(key)
            else held.delete(key)
          }
          checkIndex(
            index,
            [...held].sort((a, b) => a - b),
          )
        }
      }),
      { seed, numRuns: 10 },
    )
  })
})
