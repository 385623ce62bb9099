// What a lane holds of a value gives the same value back.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { equals, parse, Record, Slot, type Value } from '../../../../src/recon/index.js'
import { bodyOf, bytesOf, hold, isSame, keptOf, RecordText, valueOf } from '../../../../src/host/lanes/held.js'

const scalar = fc.oneof(
  fc.string(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.bigInt(),
  fc.constantFrom(null, undefined, -0, '', 'true', '-1', '@a', [], {}),
)
const key = fc.oneof(fc.constantFrom('a', '_b', '@tag', 'x y', '2024', 'true', ''), fc.string())
const { value } = fc.letrec<{ value: Value }>(tie => ({
  value: fc.oneof(
    { maxDepth: 4 },
    scalar as fc.Arbitrary<Value>,
    fc.array(tie('value'), { maxLength: 4 }) as fc.Arbitrary<Value>,
    fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }) as fc.Arbitrary<Value>,
  ),
}))

/** What can be written, for what can't is refused before it is held. */
function held(given: Value, isRead: boolean) {
  try {
    return { held: hold(given, isRead) }
  } catch {
    return undefined
  }
}

test('a held value from code reads as the same value', () => {
  fc.assert(
    fc.property(value, given => {
      const made = held(given, false)
      if (made !== undefined) expect(valueOf(made.held)).toStrictEqual(given)
    }),
    { numRuns: 3000 },
  )
})

test('a held value from a client reads as the same value, and is held as a text only', () => {
  fc.assert(
    fc.property(value, given => {
      const made = held(given, false)
      if (made === undefined) return
      const read = parse(keptOf(made.held))
      const again = hold(read, true)
      expect(valueOf(again)).toStrictEqual(read)
      if (again instanceof RecordText && again.text !== '') expect(again.value).toBeUndefined()
      expect(equals(valueOf(again), read)).toBe(true)
      expect(isSame(again, hold(read, true))).toBe(true)
    }),
    { numRuns: 3000 },
  )
})

describe('a record that code gave', () => {
  test.each([[{ id: 1, name: 'a b', open: true, at: { x: [1, 2] } }], [['a', 'b']], [[{ a: 1 }, { a: 2 }]]])(
    'is held as text alone: %j',
    given => {
      const made = hold(given, false) as RecordText
      expect(made.value).toBeUndefined()
      expect(valueOf(made)).toStrictEqual(given)
      // It is not the object that code may go on changing.
      expect(valueOf(made)).not.toBe(given)
    },
  )

  test.each([
    [[]],
    [{ tags: [] }],
    [{ a: undefined, b: 1 }],
    [{ n: -0 }],
    [{ '2024': 5 }],
    [{ n: 1n }],
    [new Record([new Slot('a', 1)])],
    [new Uint8Array([1])],
  ] as [Value][])('keeps the value as well if its text would read as another value: %#', given => {
    expect(valueOf(hold(given, false))).toBe(given)
  })
})

test('is sent as SwimOS Java would, and kept with empty parts', () => {
  const texts = (given: Value) => [bodyOf(hold(given, false)), keptOf(hold(given, false))]
  expect(texts({ a: 1 })).toEqual(['{a:1}', '{a:1}'])
  expect(texts({})).toEqual(['', '{}'])
  expect(texts('a')).toEqual([' a', 'a'])
  expect(texts('')).toEqual(['""', '""'])
  expect(texts(undefined)).toEqual(['', ''])
  expect(parse(texts(null)[1]!)).toBe(null)
})

test('counts as 64 bytes for an entry, and two for a character', () => {
  expect(bytesOf('ab', hold(5, false))).toBe(64 + 4)
  expect(bytesOf(1, hold('abc', false))).toBe(64 + 6)
  expect(bytesOf(1, hold({ a: 1 }, true))).toBe(64 + 32 + 10)
  // Records as keys are held as objects.
  expect(bytesOf({ a: 1 }, 1)).toBeGreaterThan(200)
})
