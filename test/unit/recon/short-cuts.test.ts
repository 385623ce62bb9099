// What is read and written by a shorter way, where it is plain: it gives what the longer way gives.
import { describe, expect, test } from 'vitest'
import { Attr, Record, Slot, identity, parse, stringify } from '../../../src/recon/index.js'

const a = new Attr('a')

describe('reading', () => {
  test.each<[string, unknown]>([
    ['{1,2,3,-4,0x5,6.5,7}', [1, 2, 3, -4, 5, 6.5, 7]],
    ['{1,2 ,3;4,5\n6,,7}', [1, 2, 3, 4, 5, 6, null, 7]],
    ['{1,2@a,3}', [1, new Record([2, a]), 3]],
    ['{1,2:3,4}', new Record([1, new Slot(2, 3), 4])],
    ['{1,2,x:3,4,5}', new Record([1, 2, new Slot('x', 3), 4, 5])],
    ['1,2,3', [1, 2, 3]],
  ])('%s', (text, value) => expect(parse(text)).toEqual(value))

  test('texts are read the same after escapes that JSON lacks, and among them', () => {
    for (let again = 0; again < 300; again++) {
      const tail = 'x'.repeat(again * 11)
      expect(parse('{"a\\n","b\\$","c\\u0041","d\n\\t"}')).toEqual(['a\n', 'b$', 'cA', 'd\n\t'])
      expect(parse(`{"\\"${tail}\\"","y\\n",'\\n'}`)).toEqual([`"${tail}"`, 'y\n', '\n'])
      expect(() => parse(`{"\\q${tail}"}`)).toThrow('column 3: no such escape')
    }
  })
})

describe('writing', () => {
  test('spells long lists of numbers as short ones', () => {
    const numbers = [0, -0, 1.5, -2, 1e21, 2 ** 53, -(2 ** 53), 1e-7, 0.1, 5e-324, 2 ** 53 - 1, 1e20]
    const spelled = numbers.map(number => stringify(number))
    expect(stringify(numbers)).toBe(`{${spelled.join(',')}}`)
    const plain = numbers.filter(number => Math.abs(number) < 2 ** 53)
    expect(stringify(plain)).toBe(`{${plain.map(number => stringify(number)).join(',')}}`)
    expect(stringify({ '@t': plain })).toBe(`@t(${stringify(plain).slice(1, -1)})`)
    expect(stringify(new Record([...plain, new Attr('t')]))).toBe(`${stringify(plain)}@t`)
    expect(identity([...plain])).toBe(identity(plain.map(number => number + 0)))
    const calls = Object.assign([...plain], { toJSON: () => 'called' })
    expect(stringify(calls)).toBe(stringify(plain))
  })

  test.each([9, 100])('finds what is no number in a list of %i', length => {
    const list = Array.from({ length }, (_, i) => i)
    for (const at of [0, 4, length - 1])
      for (const wrong of [NaN, Infinity, undefined, Symbol()])
        expect(() => stringify(Object.assign([...list], { [at]: wrong }) as never)).toThrow(`$[${at}]`)
    delete list[3]
    expect(() => stringify(list)).toThrow('$[3]')
  })

  test('quotes what is not ASCII as it is, but for half a pair', () => {
    for (const letter of ['\x80', 'é', '日', '\ud7ff', '\ue000', '\uffff', '😀', '\\ud800', '\\\\ud800'])
      expect(stringify({ a: letter })).toBe(`{a:${JSON.stringify(letter)}}`)
    for (const half of ['\ud800', '\udbff', '\udc00', '\udfff'])
      for (const text of [half, `é${half}`, `${half}"`, `\\${half}`])
        expect(() => stringify({ a: text })).toThrow('a lone surrogate')
  })

  test('writes data of any length', () => {
    for (const length of [8191, 8192, 8193, 100_000]) {
      const bytes = Uint8Array.from({ length }, (_, i) => i * 7)
      expect(stringify(bytes)).toBe('%' + Buffer.from(bytes).toString('base64'))
      expect(parse(stringify(bytes))).toEqual(bytes)
    }
  })

  test('remembers the texts of many keys, and each is its own', () => {
    for (let again = 0; again < 2; again++)
      for (let i = 0; i < 3000; i++) expect(stringify({ [`k${i}`]: 1, [`@a${i}`]: 2 })).toBe(`@a${i}(2){k${i}:1}`)
  })
})
