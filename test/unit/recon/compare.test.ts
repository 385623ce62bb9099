// The order of values that the fixtures do not show.
import { describe, expect, test } from 'vitest'
import { Attr, Record, ReconError, Slot, compare, equals, type Value } from '../../../src/recon/index.js'

const sorted: Value[] = [
  {},
  { '@a': 1 },
  { '@a': null },
  { '@b': 1, x: 1 },
  { a: 1 },
  { a: 1, b: 2 },
  { b: 1, a: 1 },
  [{}],
  [1],
  [1, 2],
  new Uint8Array([]),
  new Uint8Array([255]),
  new Uint8Array([0]),
  '',
  '10',
  '9',
  'a',
  '😀',
  '\uff8a',
  -(2n ** 70n),
  -1.5,
  0,
  1,
  9007199254740992,
  9007199254740993n,
  2n ** 64n,
  1e300,
  NaN,
  true,
  false,
  null,
  undefined,
]

describe('compare', () => {
  test('sorts every kind', () => {
    sorted.forEach((a, i) => sorted.forEach((b, j) => expect(compare(a, b), `${i} ${j}`).toBe(Math.sign(i - j))))
  })

  test.each<[Value, Value]>([
    [1, 1n],
    [0, -0],
    [NaN, NaN],
    [2 ** 64, 2n ** 64n],
    [[], {}],
    [[], new Record([])],
    [[1, 'a'], new Record([1, 'a'])],
    [{ a: 1 }, new Record([new Slot('a', 1n)])],
    [
      { '@a': 1, b: 2 },
      { b: 2, '@a': 1 },
    ],
    [{ '@a': 1, b: 2 }, new Record([new Attr('a', 1), new Slot('b', 2)])],
    [{ a: 1, b: undefined }, { a: 1 }],
    [new Uint8Array([1]), Buffer.from([1])],
  ])('%o equals %o', (a, b) => {
    expect(equals(a, b)).toBe(true)
    expect(compare(b, a)).toBe(0)
  })

  test.each<[Value, Value]>([
    [1, '1'],
    [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ],
    [{ '@a': null }, { '@a': {} }],
    [[1], 1],
    [{ '@t': 1 }, new Record([new Slot('@t', 1)])],
    [{ a: null }, {}],
  ])('%o does not equal %o', (a, b) => expect(equals(a, b)).toBe(false))

  test('reaches as deep as values may be nested, and no deeper', () => {
    const nest = (levels: number): Value => (levels === 0 ? 1 : [nest(levels - 1)])
    expect(compare(nest(1000), nest(1000))).toBe(0)
    expect(() => compare(nest(1001), nest(1001))).toThrow('nested deeper than 1000')
  })

  test('fails on cycles, and on anything that is not a value', () => {
    const nest = () => {
      const list: unknown[] = []
      list.push(list)
      return list as Value
    }
    expect(() => compare(nest(), nest())).toThrow(ReconError)
    expect(() => compare(new Date(0) as never, new Date(1) as never)).toThrow(ReconError)
    expect(() => compare((() => 1) as never, 1)).toThrow(ReconError)
  })
})
