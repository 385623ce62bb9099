// Identity as the key of a Map.
import { describe, expect, test } from 'vitest'
import { identity, parse, type Value } from '../../../src/recon/index.js'

describe('identity', () => {
  test.each<Value>(['', 'a', '{a}', 1, 0.5, true, null, undefined, 2n ** 63n + 1n])('of %o is itself', value => {
    expect(identity(value)).toBe(value)
  })

  test('is by value between number and bigint, inside records too', () => {
    expect(identity(5n)).toBe(5)
    expect(identity(2n ** 64n)).toBe(2 ** 64)
    expect(identity(10n ** 400n)).toBe(10n ** 400n)
    expect(identity(-(10n ** 400n))).toBe(-(10n ** 400n))
    expect(identity([2n ** 64n])).toBe(identity([2 ** 64]))
    expect(identity([1e300])).toBe(identity([BigInt(1e300)]))
    expect(identity([-0])).toBe(identity([0n]))
  })

  test('of a record or of data is no text’s', () => {
    for (const value of [[], { a: 1 }, new Uint8Array(1)] as Value[]) {
      const text = identity(value) as string
      expect(identity(text)).not.toBe(text)
    }
  })

  test('of any key that can be read exists', () => {
    expect(identity(parse('{"\\ud800":1}'))).not.toBe(identity(parse('{"\\ud801":1}')))
    expect(identity(parse('{'.repeat(900) + '}'.repeat(900), { maxDepth: 1000 }))).toBeTypeOf('string')
  })
})
