// The order of values to sort by, and which new values change nothing.
import { describe, expect, test } from 'vitest'
import { isSame, isUnchanged, sortable, total } from '../../../src/view/order.js'

const [early, late] = [new Date(5), new Date(7)]

/** In their order; those in one list are equal. */
const ranks: readonly (readonly unknown[])[] = [
  [-Infinity],
  [-1, -1n],
  [0, -0, 0n],
  [1, 1n],
  [1.5],
  [2n ** 64n],
  [Infinity],
  [NaN],
  [''],
  ['A'],
  ['a'],
  ['ab'],
  [false],
  [true],
  [early, new Date(5)],
  [late],
  [new Date(NaN)],
  [[]],
  [[1], [1n]],
  [[1, 'a']],
  [[1, 'b']],
  [[1, ['b']]],
  [[2]],
  [['a']],
  [null],
  [undefined],
]

test('every value has its place beside every other', () => {
  for (const [i, some] of ranks.entries())
    for (const [j, others] of ranks.entries())
      for (const a of some)
        for (const b of others) expect([a, b, Math.sign(total(a, b))]).toEqual([a, b, Math.sign(i - j)])
})

test.each([
  ['a record', {}],
  ['a function', () => 1],
  ['a symbol', Symbol('s')],
  ['a list with a record', [{}]],
])('%s can’t be sorted by, and says what can', (_, value) => {
  expect(() => sortable(value)).toThrow(/can't be sorted by: give a number, a text, a Date, or a list of such$/)
  expect(() => sortable(value)).toThrow(TypeError)
})

test('what is sorted by is a copy, which nobody can change', () => {
  const [date, list, inner] = [new Date(5), [1, [2]], [3]]
  const nested = [inner, date]
  const copies = [sortable(date), sortable(list), sortable(nested)]
  date.setTime(9)
  list.push(4)
  inner.push(5)
  expect(copies).toEqual([new Date(5), [1, [2]], [[3], new Date(5)]])
  for (const value of [1, NaN, 5n, 'a', true, null, undefined]) expect(sortable(value)).toBe(value)
})

describe('a value that replaces another', () => {
  const [object, list] = [{ a: 1 }, [1]]
  const call = () => 1
  test.each<[string, unknown, unknown, boolean, boolean]>([
    ['equal numbers', 1, 1, true, true],
    ['other numbers', 1, 2, false, false],
    ['NaN', NaN, NaN, true, true],
    ['zeros of two signs', 0, -0, false, false],
    ['null', null, null, true, true],
    ['nothing', undefined, undefined, true, true],
    ['null and nothing', null, undefined, false, false],
    ['one function', call, call, true, true],
    ['one record, which may have been changed in place', object, object, false, false],
    ['one list, which may have been changed in place', list, list, false, false],
    ['an equal record', object, { a: 1 }, false, true],
    ['an equal list', list, [1], false, true],
    ['another record', object, { a: 2 }, false, false],
    ['a record with another zero', { a: 0 }, { a: -0 }, false, false],
  ])('%s', (_, old, value, same, unchanged) => {
    expect([isSame(old, value), isUnchanged(old, value)]).toEqual([same, unchanged])
  })
})
