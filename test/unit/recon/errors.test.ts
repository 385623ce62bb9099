// What an error about a text says: why the text is not Recon, and where.
import { describe, expect, test } from 'vitest'
import { Reader, ReconError, parse } from '../../../src/recon/index.js'

const expressions = 'expressions are not supported'

describe('a text that is not Recon', () => {
  test.each<[text: string, line: number, column: number, why: string]>([
    ['{a:"x\\qy"}', 1, 6, 'no such escape'],
    ['[\\u0041]', 1, 2, 'no such escape'],
    ['"abc', 1, 5, 'unclosed string'],
    ['{\n  a: `b\n', 3, 1, 'unclosed string'],
    ['%AAA', 1, 5, 'base64 comes in padded groups of four'],
    ['@a(%A=)', 1, 7, 'base64 comes in padded groups of four'],
    ['%A==', 1, 5, 'base64 comes in padded groups of four'],
    ['%AAAAA===', 1, 9, 'base64 comes in padded groups of four'],
    ['$x', 1, 1, expressions],
    ['{a:1\n b:-x}', 2, 5, expressions],
    ['\r\n\r\n$', 3, 1, expressions],
    ['{a:1,\n\n"b\nc":$', 4, 4, expressions],
    ['日\n本$', 2, 2, expressions],
    ['{a:$,\nb:1,\nc:2}', 1, 4, expressions],
    ['{a:1,\n(1\n)}', 2, 3, 'expected ")"'],
    ['1.', 1, 2, expressions],
    ['1e999', 1, 1, 'the number is too large'],
    ['{"a":-1e400}', 1, 7, 'the number is too large'],
    ['@', 1, 2, 'expected the name of an attribute'],
    ['{@1}', 1, 3, 'expected the name of an attribute'],
    ['@(1)', 1, 2, expressions],
    ['(1', 1, 3, 'expected ")"'],
    ['(1,2', 1, 5, 'expected ")"'],
    ['{a:(1;2)}', 1, 6, 'expected ")"'],
    ['[a', 1, 3, 'expected "]"'],
    ['[a@b', 1, 5, 'expected "]"'],
    ['[a}', 1, 3, 'expected "]"'],
    ['{1 2}', 1, 4, 'expected a separator or "}"'],
    ['{a:1', 1, 5, 'expected a separator or "}"'],
    ['@a(1 2)', 1, 6, 'expected a separator or ")"'],
    ['1 2', 1, 3, 'expected a separator or the end'],
    ['007', 1, 2, 'expected a separator or the end'],
    [',a', 1, 1, 'expected a value'],
    ['1,,2', 1, 3, 'expected a value'],
    ['a\0b', 1, 2, 'expected a value'],
  ])('%j', (text, line, column, why) => {
    const before = text.split('\n').slice(0, line - 1)
    const offset = before.join('\n').length + Math.min(before.length, 1) + column - 1
    for (let again = 0; again < 2; again++) {
      expect(() => parse(text)).toThrow(ReconError)
      expect(() => parse(text)).toThrow(
        expect.objectContaining({
          offset,
          line,
          column,
          message: `Recon text, line ${line}, column ${column}: ${why}`,
        }),
      )
    }
  })

  test('is told from a limit', () => {
    expect(() => parse('{{1}}', { maxDepth: 1 })).toThrow('line 1, column 2: nested deeper than maxDepth (1)')
    for (const text of ['9'.repeat(10_001), `0x${'f'.repeat(8305)}`])
      expect(() => parse(`{a:1,\nb:-${text}}`)).toThrow('line 2, column 4: an integer has more than 10000 digits')
  })

  test('that is too long is told by its own lines, and not by those of the text before', () => {
    const reader = new Reader({ maxChars: 8 })
    expect(reader.block('1\n2\n3\n4')).toEqual([1, 2, 3, 4])
    expect(() => reader.block('{a:1,b:2}')).toThrow('line 1, column 9: longer than maxChars (8)')
    expect(() => reader.head('@a\n@bcdef')).toThrow(expect.objectContaining({ offset: 8, line: 2, column: 6 }))
  })
})
