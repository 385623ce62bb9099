import { describe, expect, test } from 'vitest'
import { isAlike, isEchoOf } from '../../../src/downlink/echo.js'
import { Record, type Value } from '../../../src/recon/index.js'
import { gone } from '../../../src/store/replica.js'

describe('two values are alike', () => {
  test.each<[Value, Value]>([
    [1, 1],
    [
      { a: 1, b: { c: 2, d: 3 } },
      { b: { d: 3, c: 2 }, a: 1 },
    ],
    [[{ a: 1, b: 2 }], [{ b: 2, a: 1 }]],
    [{ a: 1, b: undefined }, { a: 1 }],
    [new Uint8Array([1]), new Uint8Array([1])],
  ])('%j, %j', (a, b) => expect(isAlike(a, b)).toBe(true))

  test.each<[Value, Value]>([
    [{ a: 1 }, { a: 2 }],
    [{ a: 1 }, { b: 1 }],
    [{ a: 1 }, { a: 1, b: 2 }],
    [
      [1, 2],
      [2, 1],
    ],
    [
      { '@a': null, '@b': null },
      { '@b': null, '@a': null },
    ],
    [{ a: 1 }, new Record([])],
    [{ toString: 1 }, { x: 1 }],
  ])('but not %j, %j', (a, b) => expect(isAlike(a, b)).toBe(false))
})

describe('two values of an application are the same', () => {
  const isSame = (a: unknown, b: unknown) => isAlike(a, b, Object.is)

  test.each([
    [NaN, NaN],
    [
      { a: [1, { b: 'x' }], c: null },
      { c: null, a: [1, { b: 'x' }] },
    ],
  ])('%j, %j', (a, b) => expect(isSame(a, b)).toBe(true))

  test.each([
    [1, '1'],
    [null, {}],
    [{}, []],
    [{ a: 1 }, { a: 1, b: 2 }],
    [new Date(0), new Date(0)],
    [new Map(), new Map()],
    [{ a: new Date(0) }, { a: new Date(0) }],
  ])('but not %j, %j', (a, b) => expect(isSame(a, b)).toBe(false))
})

describe('what came is the echo of what was sent', () => {
  const isEcho = isEchoOf(false)

  test.each<[Value, Value]>([
    [[7], 7],
    [[[7]], 7],
    [[{ a: 1, b: 2 }], { b: 2, a: 1 }],
    [7, 7],
  ])('%j, %j', (sent, came) => expect(isEcho(sent, came)).toBe(true))

  test.each<Value>([{}, [], [[]], [{}]])('%j, which a host shows by no value', sent => {
    expect(isEcho(sent, gone)).toBe(true)
    expect(isEchoOf(true)(sent, gone)).toBe(false)
    expect(isEchoOf(true)(sent, undefined)).toBe(true)
  })

  test('a remove by no value, and a value by none but its own', () => {
    expect(isEcho(gone, gone)).toBe(true)
    expect(isEcho(gone, 1)).toBe(false)
    expect(isEcho(1, gone)).toBe(false)
    expect(isEcho([7, 8], 7)).toBe(false)
  })
})
