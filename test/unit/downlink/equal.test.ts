import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isEqual } from '../../../src/downlink/equal.js'
import { equals, parse, type Value } from '../../../src/recon/index.js'

const texts = [
  '{a:1,b:2}',
  '{b:2,a:1}',
  '{a:1,b:2,c:3}',
  '{a:1,b:{c:3}}',
  '{a:1,b:{c:4}}',
  '{a:1,b:"2"}',
  '{constructor:1}',
  '{constructor:2}',
  '{__proto__:1,a:2}',
  '{__proto__:2,a:2}',
  '{toString:1}',
  '{valueOf:1}',
  '{a:9007199254740993}',
  '{a:9007199254740994}',
  '@a{b:1}',
  '1,2',
  '2,1',
  '{}',
  'a',
  '1',
  '%AA==',
]

describe('whether a value is the one that was there', () => {
  test('is as Recon has it, for every pair', () => {
    const values = texts.map(text => parse(text))
    for (const a of values) for (const b of values) expect([a, b, isEqual(a, b)]).toEqual([a, b, equals(a, b)])
  })

  test('is as Recon has it, for records alike but for a value', () => {
    const scalar = fc.oneof(fc.integer({ min: -2, max: 2 }), fc.constantFrom('a', 'b', true, false, null, -0))
    const record = fc.dictionary(fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor'), scalar, {
      noNullPrototype: true,
    })
    fc.assert(fc.property(record, record, (a, b) => isEqual(a as Value, b as Value) === equals(a as Value, b as Value)))
  })
})
