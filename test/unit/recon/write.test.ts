// How each value is spelled, and what can't be.
import { describe, expect, test } from 'vitest'
import { Attr, Record, ReconError, Slot, identity, parse, stringify, type Value } from '../../../src/recon/index.js'

const cycle: { [key: string]: unknown } = { ok: 1 }
cycle['self'] = { deeper: [cycle] }

describe('writing', () => {
  test.each<[Value, string]>([
    [undefined, ''],
    [null, '()'],
    ['', '""'],
    ['a-b_1', 'a-b_1'],
    ['true', '"true"'],
    ['false', '"false"'],
    ['é', '"é"'],
    ['1a', '"1a"'],
    ['-a', '"-a"'],
    ['a'.repeat(98), 'a'.repeat(98)],
    // Nobody looks whether a longer text needs its quotes.
    ['a'.repeat(99), `"${'a'.repeat(99)}"`],
    ['a"\\\n\u0001\u007f\u2028', '"a\\"\\\\\\n\\u0001\u007f\u2028"'],
    [true, 'true'],
    [-0, '0'],
    [2 ** 53 - 1, '9007199254740991'],
    [2 ** 53, '9.007199254740992e15'],
    [-9.3e18, '-9.3e18'],
    [1e21, '1e21'],
    [1e-7, '1e-7'],
    [12n, '12'],
    [2n ** 64n, '18446744073709551616'],
    [new Uint8Array([0, 1]), '%AAE='],
    [Buffer.from([0, 1, 2]), '%AAEC'],
    [new Uint8Array([0]), '%AA=='],
    [[], '{}'],
    [{}, '{}'],
    [[1, 2], '{1,2}'],
    [['a', 1], '{a,1}'],
    [[null, 1], '{,1}'],
    [[1, null], '{1,()}'],
    [[null], '{()}'],
    [[{ a: 1 }], '{{a:1}}'],
    [{ a: null, b: undefined }, '{a:}'],
    [{ '@t': null, a: 1 }, '@t{a:1}'],
    [{ a: 1, '@t': null }, '@t{a:1}'],
    [{ 1: 1, '@t': null }, '@t{"1":1}'],
    [{ '@t': {} }, '@t({})'],
    [{ '@t': [1] }, '@t({1})'],
    [{ '@t': [1, 2] }, '@t(1,2)'],
    [{ '@t': { a: 1 } }, '@t(a:1)'],
    [{ '@t': [null, 1] }, '@t({,1})'],
    [{ '@t': [null] }, '@t({()})'],
    [{ '@t': { '@u': 1 } }, '@t(@u(1))'],
    [{ '@t': new Record([new Slot(null, 1)]) }, '@t({:1})'],
    [{ '@t': new Record([new Slot(1, 2)]) }, '@t(1:2)'],
    [{ '@t': new Record([new Slot('a', null), new Slot(null, 2), 3]) }, '@t({a:,:2,3})'],
    [{ '@t': undefined, a: 1 }, '{a:1}'],
    [{ '@a b': 1, '@true': null }, '@"a b"(1)@"true"'],
    [new Record([new Attr('t'), 'x']), '@t x'],
    [new Record([new Attr('t'), 'x y']), '@t "x y"'],
    [new Record([new Attr('t'), -1]), '@t -1'],
    [new Record([new Attr('t'), new Uint8Array(0)]), '@t %'],
    [new Record([new Attr('t'), null]), '@t{()}'],
    [new Record([new Attr('t'), [1]]), '@t{{1}}'],
    [new Record([new Attr('t'), {}]), '@t{{}}'],
    [new Record([new Slot('@t', 1)]), '{"@t":1}'],
    [new Record([new Slot(1, 2), new Slot([1], 3), new Slot(null, 4), new Slot('', 5)]), '{1:2,{1}:3,:4,"":5}'],
    [new Record([1, new Attr('t'), 2]), '{1}@t 2'],
    [new Record([1, null, new Attr('t'), new Slot('x', null)]), '{1,()}@t{x:}'],
  ])('%o', (value, text) => {
    expect(stringify(value)).toBe(text)
    const read = parse(text)
    expect(stringify(read)).toBe(text)
  })

  test('never calls toJSON, and ignores what is not enumerable or named by a symbol', () => {
    expect(() => stringify({ toJSON: () => 1 } as never)).toThrow('$.toJSON')
    expect(stringify(Object.defineProperty({ a: 1, [Symbol()]: 2 }, 'b', { value: 3 }) as Value)).toBe('{a:1}')
    expect(stringify(Object.assign(Object.create(null), { a: 1 }) as Value)).toBe('{a:1}')
  })

  test.each<[string, unknown, string]>([
    ['a function', { a: [1, () => 1] }, '$.a[1]'],
    ['a symbol', [Symbol()], '$[0]'],
    ['NaN', { a: NaN }, '$.a'],
    ['an infinity', [[-Infinity]], '$[0][0]'],
    ['absent in a list', [1, undefined], '$[1]'],
    ['a hole', Array(1), '$[0]'],
    ['an absent slot', new Record([new Slot('a', undefined)]), '$[0]'],
    ['an absent key', new Record([new Slot(undefined, 1)]), '$[0]'],
    [
      'an absent parameter',
      new Record([new Attr('a', undefined as never), new Slot('b', new Record([new Slot('c', undefined)]))]),
      '$[1][0]',
    ],
    ['a lone surrogate', { a: '\ud83d' }, '$.a'],
    ['a lone surrogate as key', { '\udc00': 1 }, '$.\udc00'],
    ['a Date', { when: new Date(0) }, '$.when'],
    ['a Map', new Map(), '$'],
    ['a Set', new Set(), '$'],
    ['a class instance', new (class Elevator {})(), '$'],
    ['an ArrayBuffer', new ArrayBuffer(1), '$'],
    ['another typed array', new Float64Array(1), '$'],
    ['a cycle', cycle, '$.self'],
    ['an integer of more than 10,000 digits', { a: 10n ** 10_000n }, '$.a'],
    ['one below 0', [-(10n ** 10_000n)], '$[0]'],
  ])('names the path to %s', (_, value, path) => {
    let error: unknown
    try {
      stringify(value as Value)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(ReconError)
    expect((error as ReconError).path).toBe(path)
    expect((error as ReconError).offset).toBe(-1)
  })

  test('takes every integer that readers take, and no other', () => {
    for (const most of [10n ** 10_000n - 1n, 1n - 10n ** 10_000n]) expect(parse(stringify(most))).toBe(most)
    expect(() => parse('9'.repeat(10_001))).toThrow('more than 10000 digits')
    // All that is read from hexadecimal can be written.
    const most = parse(`0x${'f'.repeat(8304)}`)
    expect(parse(stringify(most))).toBe(most)
    expect(() => parse(`0x${'f'.repeat(8305)}`)).toThrow('more than 10000 digits')
  })

  test('takes no longer for long integers than for texts of that length', { tags: 'many' }, () => {
    // Two megabytes, which are over at once. A search for 10,001 digits that began anew at each digit took minutes.
    const most = 10n ** 10_000n - 1n
    const list = Array.from({ length: 200 }, (_, i) => (i % 2 ? most : -most))
    expect(stringify(list)).toHaveLength(200 * 10_001 + 101)
    expect(identity(list)).toBe(identity([...list]))
  })

  test.each<[string, unknown]>([
    ['a: a lone surrogate is not text', { a: '\ud83d' }],
    ['a: NaN has no Recon form', { a: NaN }],
    ['a: a symbol has no Recon form', { a: Symbol() }],
    ['a: an integer has more than 10000 digits', { a: 10n ** 10_000n }],
    ['a: A Date has no Recon form: give a plain object, an array or a Uint8Array', { a: new Date(0) }],
    ['a[0]: absent has no form inside a record: use null', { a: [undefined] }],
    ['a: nested deeper than maxDepth (256)', { a: Array.from({ length: 256 }).reduce(held => [held], 1) }],
  ])('says why: %s', (message, value) => {
    let why = ''
    try {
      stringify(value as Value)
    } catch (error) {
      why = (error as Error).message
    }
    expect(why.replace(/(\[0\])+: nested/, ': nested')).toBe('Recon value $.' + message)
  })

  test('names a long path in its message by its beginning', () => {
    const key = 'k'.repeat(200)
    expect(() => stringify({ [key]: NaN })).toThrow(`Recon value $.${key.slice(0, 118)}: NaN has no Recon form`)
  })

  test('refuses a key as text though it was an identity before', () => {
    for (const key of ['\ud800', '@\udfff']) {
      for (let again = 0; again < 2; again++) expect(identity({ [key]: 1 })).toBe(identity({ [key]: 1 }))
      expect(() => stringify({ [key]: 1 })).toThrow('a lone surrogate')
    }
  })

  test('writes objects after each other, whatever keys they have in common', () => {
    const many = Object.fromEntries(Array.from({ length: 70 }, (_, i) => [`k${i}`, i]))
    const long = { [`${'k'.repeat(64)}`]: 1, [`${'k'.repeat(65)}`]: 2, [`@${'k'.repeat(70)}`]: 3 }
    for (const value of [
      { a: 1, b: 2 },
      { b: 1, a: 2 },
      { '@a': 1, b: 2 },
      { a: 1, '@b': 2 },
      many,
      long,
      { a: 1, b: 2 },
    ])
      for (let again = 0; again < 2; again++) expect(parse(stringify(value))).toStrictEqual(value)
  })

  test('calls a cycle one', () => expect(() => stringify(cycle as Value)).toThrow('a cycle'))

  test('lets through what a getter of yours throws', () => {
    const value = {
      get a(): never {
        throw new RangeError('mine')
      },
    }
    expect(() => stringify(value)).toThrow(RangeError)
  })

  test.each<[string, (held: Value) => Value]>([
    ['items', held => [held]],
    ['slots', held => ({ a: held })],
    ['attributes', held => ({ '@a': held })],
    ['items of a Record', held => new Record([new Attr('a'), held])],
    ['keys of a Record', held => new Record([new Slot(held, 1)])],
    ['values of a Record', held => new Record([new Slot(1, held)])],
    ['attributes of a Record', held => new Record([1, new Attr('a', held)])],
  ])('maxDepth counts records that are %s', (_, nest) => {
    const deep = nest(nest(nest(1)))
    expect(parse(stringify(deep, { maxDepth: 3 }))).toStrictEqual(deep)
    expect(() => stringify(deep, { maxDepth: 2 })).toThrow('maxDepth (2)')
  })

  test('maxDepth counts records', () => {
    expect(stringify([[[1]]], { maxDepth: 3 })).toBe('{{{1}}}')
    expect(() => stringify([[[1]]], { maxDepth: 2 })).toThrow('maxDepth (2)')
    let deep: Value = 1
    for (let i = 0; i < 1e5; i++) deep = [deep]
    expect(() => stringify(deep, { maxDepth: 1e9 })).toThrow(ReconError)
  })
})
