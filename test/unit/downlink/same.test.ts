import { expect, test } from 'vitest'
import { isSame } from '../../../src/downlink/same.js'

const bare = (entries: object) => Object.assign(Object.create(null) as object, entries)

test.each([
  [1, 1],
  [NaN, NaN],
  [undefined, undefined],
  [
    { a: [1, { b: 'x' }], c: null },
    { c: null, a: [1, { b: 'x' }] },
  ],
  [bare({ a: 1 }), bare({ a: 1 })],
])('%j is %j', (a, b) => expect(isSame(a, b)).toBe(true))

test.each([
  [1, '1'],
  [0, -0],
  [null, {}],
  [{}, []],
  [{ a: 1 }, { a: 1, b: 2 }],
  [{ a: undefined }, { b: undefined }],
  [[1], [1, 2]],
  [{ a: 1 }, bare({ a: 1 })],
  [new Date(0), new Date(0)],
  [new Map(), new Map()],
  [{ a: new Date(0) }, { a: new Date(0) }],
])('%j is not %j', (a, b) => expect(isSame(a, b)).toBe(false))
