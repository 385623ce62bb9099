// What each construct of the language means, as far as the fixtures do not show it.
import { describe, expect, test } from 'vitest'
import { Attr, Record, ReconError, Slot, parse } from '../../../src/recon/index.js'

const a = new Attr('a')
const b = new Attr('b')

describe('reading', () => {
  test.each<[string, unknown]>([
    ['', undefined],
    [' \n# only a comment', undefined],
    ['()', null],
    ['{1,}', [1]],
    ['{,}', [null]],
    ['{,1}', [null, 1]],
    ['{1,,2}', [1, null, 2]],
    ['{1\n\n2;3}', [1, 2, 3]],
    ['{1\n,2}', [1, null, 2]],
    ['{1\r2\r\n3}', [1, 2, 3]],
    ['a:1,b:2', { a: 1, b: 2 }],
    ['a:1\nb:2 # end', { a: 1, b: 2 }],
    ['1,2', [1, 2]],
    ['a,', 'a'],
    ['{a:}', { a: null }],
    ['{a:\n1}', new Record([new Slot('a', null), 1])],
    ['{:1}', new Record([new Slot(null, 1)])],
    ['{a\n:1}', new Record(['a', new Slot(null, 1)])],
    ['@a:1', new Record([new Slot({ '@a': null }, 1)])],
    ['@a(())', { '@a': null }],
    ['@a({})', { '@a': {} }],
    ['@a({1})', { '@a': [1] }],
    ['@a((x))', { '@a': 'x' }],
    ['@a(x,y:1)', { '@a': new Record(['x', new Slot('y', 1)]) }],
    ['@a(@b 1)', { '@a': new Record([b, 1]) }],
    ['@a x', new Record([a, 'x'])],
    ['@a {x:1}', { '@a': null, x: 1 }],
    ['@a {}', { '@a': null }],
    ['@a{{1}}', new Record([a, [1]])],
    ['@a\n1', [{ '@a': null }, 1]],
    ['x@a', new Record(['x', a])],
    ['x@a y', new Record(['x', a, 'y'])],
    ['{1,2}@a', new Record([1, 2, a])],
    ['@a{x:1}@b{y:2}', new Record([a, new Slot('x', 1), b, new Slot('y', 2)])],
    ['@a 1 @b 2', new Record([a, 1, b, 2])],
    ['(1,2)', [1, 2]],
    ['({1},2)', [[1], 2]],
    ['@a (1,2)', new Record([a, 1, 2])],
    ['@a (@b x)', new Record([a, b, 'x'])],
    ['()@a', new Record([null, a])],
    ['[]', {}],
    ['[a[b]c]', ['a', 'b', 'c']],
    ['[hello{1,2}]', ['hello', 1, 2]],
    ['[a@b c]', ['a', { '@b': null }, ' c']],
    ['[a@b(1){2}c]', ['a', new Record([new Attr('b', 1), 2]), 'c']],
    ['[a\\n#\\]"]', ['a\n#]"']],
    ['[{x:1}]', { x: 1 }],
    // What hosts write and their own readers reject.
    ['@t(1[a{2}])', { '@t': [1, 'a', 2] }],
    ['@t(x:1[a{2}])', { '@t': new Record([new Slot('x', 1), 'a', 2]) }],
    ['@t(a[b{1}])', { '@t': ['a', 'b', 1] }],
    ['@true 1', new Record([new Attr('true'), 1])],
    ['@a(,1)', { '@a': [null, 1] }],
    ['@a(1,)', { '@a': 1 }],
    ['@a(\n1\n)', { '@a': 1 }],
    // As Rust hosts space it.
    [
      '@tag(1, 2) { a: 1, b: x }',
      new Record([new Attr('tag', [1, 2]), new Slot('a', 1), new Slot('b', 'x')]).items.length,
    ],
  ])('%j', (text, value) => {
    const read = parse(text)
    if (typeof value === 'number') expect(read).toStrictEqual({ '@tag': [1, 2], a: 1, b: 'x' })
    else expect(read).toStrictEqual(value)
  })

  test.each([
    ',a',
    ':1',
    '1,,2',
    '{1 2}',
    '{"a"b}',
    '{a:b:c}',
    '@1',
    '@-a',
    '@`a`',
    '(1 2)',
    '(a:1)',
    '(1',
    '{# c}',
    '[a}',
    '[a',
    'a [b]',
    '@a[x]{y}',
    '\0',
    'a\0',
    '×',
    '{a',
    '@a(',
    '[\\',
  ])('rejects %j', text => expect(() => parse(text)).toThrow(ReconError))

  test.each([
    '$a',
    '1 + 2',
    '1-2',
    '1/2',
    '/',
    'a/b',
    'a.b',
    'f(x)',
    'x => y',
    '-a',
    '+1',
    '!a',
    '~1',
    'a && b',
    'a ? b : c',
  ])('calls %j an expression', text => expect(() => parse(text)).toThrow('expressions are not supported'))

  test('keeps in a Record what an object would lose or reorder', () => {
    expect(parse('{a:1,a:2}')).toStrictEqual(new Record([new Slot('a', 1), new Slot('a', 2)]))
    expect(parse('{"@t":1}')).toStrictEqual(new Record([new Slot('@t', 1)]))
    expect(parse('{b:1,"10":2}')).toStrictEqual(new Record([new Slot('b', 1), new Slot('10', 2)]))
    expect(parse('{"2":1,"10":2,b:3}')).toStrictEqual({ 2: 1, 10: 2, b: 3 })
    expect(parse('{"10":1,"2":2}')).toStrictEqual(new Record([new Slot('10', 1), new Slot('2', 2)]))
    expect(parse('{b:1,"10":2,c:3}')).toStrictEqual(new Record([new Slot('b', 1), new Slot('10', 2), new Slot('c', 3)]))
    expect(parse('{true:1}')).toStrictEqual(new Record([new Slot(true, 1)]))
  })

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('makes %s an own property', name => {
    for (let i = 0; i < 4; i++) {
      const read = parse(`{${name}:{x:${i}},y:1}`) as { [key: string]: unknown }
      expect(Object.getPrototypeOf(read)).toBe(Object.prototype)
      expect(Object.getOwnPropertyDescriptor(read, name)).toEqual({
        value: { x: i },
        writable: true,
        enumerable: true,
        configurable: true,
      })
    }
    expect(({} as { x?: unknown }).x).toBeUndefined()
  })
})

describe('the end of a text', () => {
  test.each<[string, unknown]>([
    ['f', 'f'],
    ['t', 't'],
    ['fals', 'fals'],
    ['false', false],
    ['tru', 'tru'],
    ['true', true],
    ['"x y"', 'x y'],
    ['"é"', 'é'],
    ['é', 'é'],
    ['12', 12],
    ['%AA==', new Uint8Array(1)],
  ])('is found after a text of any length: %s', (end, value) => {
    // After a long text and a short one there is room for a thousand characters. The last that fit into it are read too.
    expect(parse('x'.repeat(2 ** 20 + 1))).toHaveLength(2 ** 20 + 1)
    expect(parse(end)).toStrictEqual(value)
    for (let length = 980; length < 1015; length++) expect(parse(' '.repeat(length) + end)).toStrictEqual(value)
    // What stood behind a shorter text before is not read.
    for (const before of ['x'.repeat(90), '1'.repeat(90), 'e'.repeat(90), '='.repeat(90)])
      for (const gap of ['', ' ', '   ']) {
        expect(() => parse(gap + end + before + '$')).toThrow()
        expect(parse(gap + end)).toStrictEqual(value)
      }
  })
})

test('a long list is read to its end, after a short text too', () => {
  const list = Array.from({ length: 9000 }, (_, i) => i)
  expect(parse('x'.repeat(2 ** 21))).toHaveLength(2 ** 21)
  expect(parse('1')).toBe(1)
  expect(parse(`{${list.join()}}`)).toStrictEqual(list)
})

describe('limits', () => {
  const nests: [string, (n: number) => string][] = [
    ['braces', n => '{'.repeat(n) + '}'.repeat(n)],
    ['open braces', n => '{'.repeat(n)],
    ['brackets', n => '['.repeat(n) + ']'.repeat(n)],
    ['parentheses', n => '('.repeat(n) + ')'.repeat(n)],
    ['attributes', n => '@a('.repeat(n) + ')'.repeat(n)],
    ['values', n => 'a:{'.repeat(n) + '}'.repeat(n)],
    ['inline items', n => '[@a'.repeat(n)],
    ['comma lists', n => '(1,'.repeat(n)],
  ]
  test.each(nests)('nested %s fail by depth, not by the stack', (_, nest) => {
    for (const maxDepth of [10, 256, 1e9]) {
      expect(() => parse(nest(100_000), { maxDepth })).toThrow(/maxDepth/)
    }
  })

  test('maxDepth counts records', () => {
    expect(parse('{{{1}}}', { maxDepth: 3 })).toEqual([[[1]]])
    expect(() => parse('{{{1}}}', { maxDepth: 2 })).toThrow('maxDepth (2)')
    expect(parse('{'.repeat(256) + '}'.repeat(256))).toBeDefined()
    expect(() => parse('{'.repeat(257) + '}'.repeat(257))).toThrow('maxDepth (256)')
  })

  test('maxChars is the longest text', () => {
    expect(parse('abc', { maxChars: 3 })).toBe('abc')
    expect(() => parse('abcd', { maxChars: 3 })).toThrow('maxChars (3)')
  })

  // Each would take hours if any step were not linear.
  test.each<[string, string]>([
    ['digits', '9'.repeat(2e6)],
    ['decimals', '0.' + '9'.repeat(2e6)],
    ['escapes', '"' + '\\n'.repeat(1e6) + '"'],
    ['odd escapes', '"' + '\\$'.repeat(1e6) + '"'],
    ['backslashes', '"' + '\\'.repeat(2e6)],
    ['escaped quotes', '"' + '\\"'.repeat(1e6)],
    ['open strings', '{"'.repeat(1e6)],
    ['strings with escapes', '"\\n",'.repeat(4e5) + '1'],
    ['strings with escapes and a tail', '"\\n",'.repeat(2e5) + '1,'.repeat(5e5) + '1'],
    ['single quotes with escapes and a tail', "'\\n',".repeat(2e5) + '1,'.repeat(5e5) + '1'],
    ['odd escapes in many strings and a tail', '"\\$",'.repeat(2e5) + '1,'.repeat(5e5) + '1'],
    ['numbers', '{' + '1,'.repeat(1e6) + '}'],
    ['numbers with attributes', '{' + '1@a,'.repeat(5e5) + '}'],
    ['attributes', '@a'.repeat(1e6)],
    ['attributes with parameters', '@a(1)'.repeat(4e5)],
    ['postfix attributes', 'x' + '@a'.repeat(1e6)],
    ['slots', '{' + Array.from({ length: 2e5 }, (_, i) => `k${i}:${i}`).join() + '}'],
    ['like slots', '{' + 'a:1,'.repeat(5e5) + '}'],
    ['separators', '{' + ','.repeat(2e6) + '}'],
    ['newlines', '\n'.repeat(2e6)],
    ['comments', '#\n'.repeat(1e6)],
    ['long comment', '#'.repeat(2e6)],
    ['identifier', 'a'.repeat(2e6)],
    ['wide identifier', '日'.repeat(2e6)],
    ['astral identifier', '😀'.repeat(1e6)],
    ['data', '%' + 'A'.repeat(2e6)],
    ['markup', '[' + 'a{1}'.repeat(5e5) + ']'],
    ['records', '{' + '{id:1,name:x},'.repeat(2e5) + '}'],
    ['unlike records', '{' + Array.from({ length: 5e4 }, (_, i) => `{k${i}:{j${i}:1}}`).join() + '}'],
  ])('two megabytes of %s are over soon', { tags: 'many' }, (_, text) => {
    try {
      parse(text)
    } catch (error) {
      expect(error).toBeInstanceOf(ReconError)
    }
  })
})

test('names of attributes in either quotes are the same', () => {
  for (const [single, double] of [
    [`@'a b'`, `@"a b"`],
    [`@'a b'(1){x:2}`, `@"a b"(1){x:2}`],
    [`@'it\\'s'()`, `@"it's"()`],
  ])
    expect(parse(single!)).toEqual(parse(double!))
})
