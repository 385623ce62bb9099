// Numbers, strings, identifiers and data.
import { describe, expect, test } from 'vitest'
import { ReconError, parse } from '../../../src/recon/index.js'

describe('numbers', () => {
  test.each<[string, unknown]>([
    ['0', 0],
    ['-0', 0],
    ['-0.0', -0],
    ['9007199254740991', 9007199254740991],
    ['-9007199254740967', -9007199254740967],
    ['900719925474.0991', 900719925474.0991],
    ['9007199254740992', 9007199254740992n],
    ['-9007199254740993', -9007199254740993n],
    ['123456789012345678901234567890', 123456789012345678901234567890n],
    ['100000000000000000000.0', 1e20],
    ['1.0E-4', 1e-4],
    ['1.23456785E7', 12345678.5],
    ['1e+21', 1e21],
    ['12e3', 12000],
    ['1E05', 1e5],
    ['0e5', 0],
    ['0.5e1', 5],
    ['10.25e-12', 10.25e-12],
    ['-120.5e1', -1205],
    ['100000000000000000000.25', 1e20],
    ['-9007199254740992.0', -9007199254740992],
    ['0.1', 0.1],
    ['-37.4219', -37.4219],
    ['123456789.012345', 123456789.012345],
    ['0.30000001192092896', 0.30000001192092896],
    ['2.2250738585072011e-308', 2.2250738585072011e-308],
    ['5e-324', 5e-324],
    ['0.0000000000000000001', 1e-19],
    ['0.0000000000000000000001', 1e-22],
    ['0.00000000000000000000001', 1e-23],
    ['-0.1234567890123456789', -0.1234567890123456789],
    ['0xff', 255],
    ['-0xFF', -255],
    ['0xffffffff', 4294967295],
    ['0x1fffffffffffff', 9007199254740991],
    ['0x20000000000000', 9007199254740992n],
    ['0x123456789012345678', 0x123456789012345678n],
  ])('%s', (text, value) => expect(parse(text)).toBe(value))

  test('of a hundred thousand random decimals are the nearest doubles', { tags: 'many' }, () => {
    let state = 1
    for (let i = 0; i < 1e5; i++) {
      state = (state * 48271) % 2147483647
      const text = `${state % 100000}.${String((state * 7919) % 1e9).padStart(1 + (state % 9), '0')}`
      expect(parse(text)).toBe(Number(text))
    }
  })

  test.each([
    '007',
    '00',
    '.5',
    '1.',
    '1e',
    '1e+',
    '0XFF',
    '0x',
    '0b1',
    '1a',
    '1e400',
    '-',
    '-x',
    '-.5',
    '0x1.5',
    '1.2.3',
    '9'.repeat(10_001),
  ])('%s is none', text => {
    expect(() => parse(text)).toThrow(ReconError)
  })
})

describe('texts', () => {
  test.each<[string, unknown]>([
    ['null', 'null'],
    ['NaN', 'NaN'],
    ['true', true],
    ['false', false],
    ['trues', 'trues'],
    ['a-b', 'a-b'],
    ['_a1', '_a1'],
    ['é日😀', 'é日😀'],
    ["'it\\'s \"x\"'", 'it\'s "x"'],
    ['"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9"', '"\\/\b\f\n\r\té'],
    ['"\\$\\@\\[\\]\\{\\}\\\'"', "$@[]{}'"],
    ['"\\ud83d\\ude00"', '😀'],
    ['"\\\\"', '\\'],
    ['"raw\nand\ttab"', 'raw\nand\ttab'],
    ['"\\n and raw\n"', '\n and raw\n'],
    ["'\\u0041'", 'A'],
    ['``', ''],
    ['`a\\`b\\n`', 'a`b\\n'],
    ['```a\n`b`` \\```c```', 'a\n`b`` ```c'],
    [
      '"a string longer than sixty-four characters, which is not remembered"',
      'a string longer than sixty-four characters, which is not remembered',
    ],
  ])('%s', (text, value) => {
    for (let i = 0; i < 3; i++) expect(parse(text)).toBe(value)
  })

  test.each([
    '"a',
    "'a",
    '`a',
    '"\\x41"',
    '"\\u12"',
    "'\\u12'",
    '"\\',
    '[\\u0041]',
    '"a" "b"',
    '\ud83d',
    '\udb80\udc00',
  ])('%j is none', text => {
    expect(() => parse(text)).toThrow(ReconError)
  })

  // Short texts that come again are one string, and the engine's own way is taken where texts are long. Neither may show.
  test.each<[string, (text: string) => string]>([
    ['bare', text => text],
    ['quoted', text => `"${text}"`],
    ['of other signs', text => `"${text.replaceAll('k', ' ').replaceAll('-', '%')}"`],
    ['of other letters', text => text.replaceAll('k', 'é')],
    ['quoted, of other letters', text => `'${text.replaceAll('k', '日')}'`],
    ['with an escape at the start', text => `"\\n${text}"`],
    ['with an escape at the end', text => `"${text}\\\\"`],
    ['in back-ticks', text => `\`${text}\``],
  ])('of any length are told apart by each of their characters: %s', (_, spell) => {
    const valueOf = (written: string) =>
      /^["'`]/.test(written) ? written.slice(1, -1).replaceAll('\\n', '\n').replaceAll('\\\\', '\\') : written
    const wrong: string[] = []
    for (let length = 1; length < 40; length++) {
      const like = 'a' + 'k-'.repeat(35).slice(0, length - 1)
      const changed = Array.from({ length }, (_, i) => like.slice(0, i) + 'b' + like.slice(i + 1))
      for (const text of [like, ...changed, like]) {
        const written = spell(text)
        const read = parse(`{x,${written}, y}`) as string[]
        if (read.length !== 3 || read[1] !== valueOf(written) || read[2] !== 'y') wrong.push(written)
      }
    }
    expect(wrong).toEqual([])
  })

  test('name the place of a bad escape', () => {
    expect(() => parse('{\n  a: "x\\qy"}')).toThrow(expect.objectContaining({ offset: 9, line: 2, column: 8 }))
  })
})

describe('data', () => {
  test.each<[string, number[]]>([
    ['%', []],
    ['%AA==', [0]],
    ['%AAE=', [0, 1]],
    ['%AAEC', [0, 1, 2]],
    ['%+/+/', [251, 255, 191]],
  ])('%s', (text, bytes) => expect(parse(text)).toStrictEqual(new Uint8Array(bytes)))

  test.each(['%A', '%AA', '%AAA', '%A===', '%=', '%AA==BB==', '%AAAAB', '%-_-_', '%A]==', '%é==='])(
    '%s is none',
    text => {
      expect(() => parse(text)).toThrow(ReconError)
    },
  )
})
