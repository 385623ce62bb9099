import { describe, expect, test } from 'vitest'
import { equals, parse, type Value } from '../../../../src/recon/index.js'
import { updateBody, writeBody } from '../../../../src/host/lanes/write-body.js'

describe('a body', () => {
  test.each([
    [1, ' 1'],
    ['text', ' text'],
    [true, ' true'],
    ['true', '"true"'],
    ['a b', '"a b"'],
    [{ a: 1 }, '{a:1}'],
    [[1, 2], '{1,2}'],
    [{ '@tag': null }, '@tag'],
    [new Uint8Array([0]), '%AA=='],
    [undefined, ''],
    [null, ''],
    [{}, ''],
    [[], ''],
    [new Uint8Array(), '%'],
  ] as [Value, string][])('of %j is spelled %s, as SwimOS Java does', (value, text) => {
    expect(writeBody(value)).toBe(text)
  })

  test.each([
    '[hello @b[world]]',
    '[Hello @em(x)[big @b[wide]] world!]',
    '[a @b{1,2} c]',
    '["quoted" \\@ \\[ \\{ \\\\ \\n\\t é @b[x]]',
  ])('of prose is written as markup: %s', text => {
    const value = parse(text)
    expect(writeBody(value).startsWith('[')).toBe(true)
    expect(equals(parse(writeBody(value)), value)).toBe(true)
  })

  test.each([
    '[a @b c]',
    '{a,1}',
    '{a,b}',
    '{"hello ",@b[x],"(1)"}',
    '{"",@b[x]}',
    '{"\\u0001",@b x}',
    '{a,{b:1}}',
    '{@b x,a}',
  ])('of a list that is not prose is written in braces: %s', text => {
    const value = parse(text)
    expect(writeBody(value).startsWith('[')).toBe(false)
    expect(equals(parse(writeBody(value)), value)).toBe(true)
  })
})

test.each([new Date(0), new Map(), Promise.resolve(1)])(
  'a value without a Recon form is refused, not written as an empty body: %s',
  value => {
    expect(() => writeBody(value as unknown as Value)).toThrow('has no Recon form')
  },
)

test('an update has its key in the head, and its value after the head', () => {
  expect(updateBody('a b', writeBody(1))).toBe('@update(key:"a b") 1')
  expect(updateBody({ x: 1 }, writeBody(undefined))).toBe('@update(key:{x:1})')
})
