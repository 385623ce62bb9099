// The reader: frames in pieces, heads, what it remembers and what it does not.
import { describe, expect, test } from 'vitest'
import { forget } from '../../../src/recon/shape.js'
import { Attr, Reader, ReconError, Record, parse, stringify, type Value } from '../../../src/recon/index.js'

/** As a map lane's frames are read: head, key, value. */
function readUpdate(reader: Reader, text: string): [string, Value, Value, Value] {
  const head = reader.head(text)!
  const start = text.indexOf('@update(key:', reader.end) + 12
  const key = reader.item(text, start)
  expect(text[reader.end]).toBe(')')
  return [head.name, head.value, key, reader.block(text, reader.end + 1)]
}

describe('Reader', () => {
  test('reads a map frame in pieces, in the spelling of every host', () => {
    const reader = new Reader()
    const value = { id: 17, floor: 3, occupied: false, name: 'Lobby east', load: 0.75, door: 'open' }
    const expected = ['event', { node: '/hotel/lobby', lane: 'elevators' }, 'elevator-17', value]
    for (let i = 0; i < 5; i++) {
      for (const text of [
        '@event(node:"/hotel/lobby",lane:elevators)@update(key:"elevator-17"){id:17,floor:3,occupied:false,name:"Lobby east",load:0.75,door:open}',
        '@event(node: "/hotel/lobby", lane: elevators) @update(key: elevator-17 ) { id: 17, floor: 3, occupied: false, name: "Lobby east", load: 0.75, door: open }',
        '@event(node:"/hotel/lobby",lane:elevators)@update(key:elevator-17) {id:17,floor:3,\n occupied:false,name:"Lobby east",load:7.5E-1,door:"open"} # end',
      ]) {
        expect(readUpdate(reader, text)).toStrictEqual(expected)
      }
    }
  })

  test('reads a head and nothing after it', () => {
    const reader = new Reader()
    const text = '@event(node:")}",lane:`(`)$ not Recon'
    const head = reader.head(text)!
    expect(head).toEqual({ name: 'event', value: { node: ')}', lane: '(' } })
    expect(text.slice(reader.end)).toBe('$ not Recon')
    expect(reader.head(text)).toBe(head)
    expect(reader.head('  @auth')).toEqual({ name: 'auth', value: null })
    expect(reader.end).toBe(7)
    expect(reader.head('no head')).toBeUndefined()
    expect(() => reader.head('@event(node:')).toThrow(ReconError)
  })

  test('a head that ends early is not taken for a longer one', () => {
    const reader = new Reader()
    reader.head('@event(node:a,lane:b)')
    expect(reader.head('@event(node:a,lane:bc)')!.value).toEqual({ node: 'a', lane: 'bc' })
    expect(reader.head('@event(node:a)')!.value).toEqual({ node: 'a' })
    expect(reader.head('@event')!.value).toBeNull()
    expect(reader.head('@eventful')!.name).toBe('eventful')
  })

  test('reads one item up to its delimiter', () => {
    const reader = new Reader()
    for (const [text, value, end] of [
      ['x(key:{a:1} )', { a: 1 }, 12],
      ['x(key:)', null, 6],
      ['x(key: "a,b",', 'a,b', 12],
      ['x(key:1@a;', expect.anything(), 9],
    ] as [string, unknown, number][]) {
      expect(reader.item(text, 6)).toEqual(value)
      expect(reader.end).toBe(end)
    }
  })

  test('reads nothing beyond a text, whatever stood there before', () => {
    const reader = new Reader()
    // As an entry, an item and a block it could be read.
    const before = () => expect(reader.block(`"${'@b 1)2 '.repeat(20)}"`)).toHaveLength(140)
    for (const offset of [2, 3, 4, 8, 57]) {
      before()
      expect([reader.item('ab', offset), reader.end]).toEqual([null, 2])
      before()
      expect([reader.block('ab', offset), reader.end]).toEqual([undefined, 2])
      before()
      expect(reader.head('ab', offset)).toBeUndefined()
      before()
      expect(reader.entry('ab', offset, '@b ')).toBe(false)
    }
  })

  test('reads an entry whose start has letters outside ASCII', () => {
    const reader = new Reader()
    for (let again = 0; again < 2; again++) {
      expect(reader.entry('@é(1)2', 0, '@é(')).toBe(true)
      expect([reader.key, reader.value]).toEqual([1, 2])
      expect(reader.entry('@è(1)2', 0, '@é(')).toBe(false)
    }
  })

  test('reads an entry at once, where one is spelled so', () => {
    const reader = new Reader()
    const start = '@update(key:'
    for (let again = 0; again < 3; again++) {
      for (const [body, key, value] of [
        ['@update(key:"elevator-17"){id:17,floor:3}', 'elevator-17', { id: 17, floor: 3 }],
        ['@update(key: {a:1} ) x', { a: 1 }, 'x'],
        ['@update(key:)', null, undefined],
        ['@update(key:"a longer key than most, of more than 32 characters")1,2', expect.any(String), [1, 2]],
      ] as [string, unknown, unknown][]) {
        expect(reader.entry(`@event(node:a,lane:b)${body}`, 21, start)).toBe(true)
        expect([reader.key, reader.value]).toEqual([key, value])
      }
      for (const body of [
        '',
        '@update',
        '@update(key:1,at:2)x',
        '@update(key :1)x',
        ' @update(key:1)x',
        '@remove(key:1)',
      ]) {
        expect(reader.entry(body, 0, start), body).toBe(false)
        expect(reader.entry(body, 9999, start), body).toBe(false)
      }
      expect(reader.entry('@remove(key:1)', 0, '@remove(key:')).toBe(true)
      expect(() => reader.entry('@update(key:1){', 0, start)).toThrow(ReconError)
      expect(() => reader.entry('@update(key:$x)', 0, start)).toThrow(ReconError)
    }
  })

  test('reads an entry that nothing comes before', () => {
    for (const before of [[], ['@a('], ['', '@a(']]) {
      const reader = new Reader()
      for (const start of before) reader.entry('@a(1)2', 0, start)
      expect([reader.entry('k)v', 0, ''), reader.key, reader.value]).toEqual([true, 'k', 'v'])
    }
  })

  test('ends a head that is spelled as the last one where it ends in this text', () => {
    const reader = new Reader()
    for (const before of ['', 'x@a(1)', '@b(2)', ' '.repeat(40)]) {
      reader.head('@a(1)')
      expect(reader.head(`${before}@a(1)@b(2)`, before.length)).toEqual({ name: 'a', value: 1 })
      expect(reader.end).toBe(before.length + 5)
      expect(reader.block(`${before}@a(1)@b(2)`, reader.end)).toEqual({ '@b': 2 })
    }
  })

  test('reads texts of one length in turn, from the same offset', () => {
    const reader = new Reader()
    expect(reader.item('x(key:ab)', 6)).toBe('ab')
    expect(reader.item('x(key:cd)', 6)).toBe('cd')
    expect(reader.head('@a(1)@b(2)')!.value).toBe(1)
    expect(reader.item('@a(1)@b(3)', 8)).toBe(3)
    expect(reader.head('@a(1)@b(4)')!.value).toBe(1)
    expect(reader.item('@a(1)@b(5)', 8)).toBe(5)
  })

  test('finds the end of a string with escapes, whether it is the last one or not', () => {
    const [long, other] = ['A "quoted" word, and a \\ too.\n'.repeat(9), 'Nothing special in here at all, for once.']
    for (let i = 0; i < 250; i++) {
      for (const value of [
        { a: i, long },
        { long, a: i },
        { long, other },
        { other, long },
        { long, other: long, i },
      ])
        expect(new Reader().block(stringify(value))).toStrictEqual(value)
      expect(new Reader().block(`{a:"${'x'.repeat(40)}\\$",b:${JSON.stringify(long)}}`)).toMatchObject({ b: long })
      expect(() => new Reader().block(`{a:"b",c:"${'x'.repeat(40)}\\"}`)).toThrow('unclosed string')
    }
  })

  test('reads long strings with escapes, of JSON and others, wherever they stand', () => {
    const long = 'A "quoted" word, a \\ and \u2028.\n'.repeat(50)
    const texts: [written: string, value: string][] = [
      [JSON.stringify(long), long],
      // Not of JSON: an escape, a raw line, and another quote.
      [JSON.stringify(long).replace('word', '\\$'), long.replace('word', '$')],
      [JSON.stringify(long).replaceAll('\\n', '\n'), long],
      [`'${JSON.stringify(long).slice(1, -1)}'`, long],
    ]
    // So often that a guess of where a string ends has failed, and is made again.
    for (let again = 0; again < 20; again++)
      for (const [written, value] of texts) {
        expect(parse(written)).toBe(value)
        expect(parse(`{a:${written},b:1}`)).toStrictEqual({ a: value, b: 1 })
        expect(parse(`{${written},"x"}`)).toStrictEqual([value, 'x'])
        expect(parse(`{"x",${written},${written},'"'}`)).toStrictEqual(['x', value, value, '"'])
        expect(() => parse(written.slice(0, -1))).toThrow('unclosed string')
        expect(() => parse(`{${written.slice(0, -1)}}`)).toThrow('unclosed string')
        expect(() => parse(`${written}${written}`)).toThrow(ReconError)
      }
  })

  test('reads a block from an offset, absent at the end', () => {
    const reader = new Reader()
    expect(reader.block('abc', 3)).toBeUndefined()
    expect(reader.block('abc', 9)).toBeUndefined()
    expect(reader.block('')).toBeUndefined()
    expect(reader.block('long '.repeat(2000).replaceAll(' ', '-'))).toHaveLength(10_000)
    expect(reader.block('')).toBeUndefined()
  })

  test('serves on after a failure', () => {
    const reader = new Reader()
    for (let i = 0; i < 3; i++) {
      expect(() => reader.block('{a:1,b:{c:[x{1,')).toThrow(ReconError)
      expect(reader.block('{a:1,b:{c:2}}')).toEqual({ a: 1, b: { c: 2 } })
    }
  })

  test('gives every record its own object', () => {
    const reader = new Reader()
    const [first, second, third] = ['{a:{b:1}}', '{a:{b:1}}', '{a:{b:1}}'].map(
      text => reader.block(text) as { a: object },
    )
    expect(third).toEqual(first)
    expect(third).not.toBe(second)
    expect(third!.a).not.toBe(second!.a)
  })

  test('stays right when more shapes go by than it can remember', { tags: 'many' }, () => {
    const reader = new Reader()
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 3000; i++) {
        const value = { [`k${i}`]: { [`j${i}`]: { x: i } } }
        const text = `{k${i}:{j${i}:{x:${i}}}}`
        for (let again = 0; again < 3; again++) expect(reader.block(text)).toStrictEqual(value)
      }
    }
  })

  test('reads records of many keys, and of keys that come and go', () => {
    const reader = new Reader()
    for (let i = 0; i < 60; i++) {
      const entries = Array.from({ length: 1 + (i % 20) + (i > 40 ? 60 : 0) }, (_, j) => [`k${j}`, j] as const)
      const text = `{${entries.map(([key, value]) => `${key}:${value}`).join()}}`
      for (let again = 0; again < 3; again++) expect(reader.block(text)).toStrictEqual(Object.fromEntries(entries))
    }
  })

  test('reads what differs from many like records of many keys', () => {
    const fields = Array.from({ length: 20 }, (_, i) => `k${i}:${i}`)
    const like = `{${fields.join()}}`
    for (let cut = 0; cut <= fields.length; cut++) {
      const start = fields.slice(0, cut)
      const rest = fields.slice(cut + 1)
      for (const other of [
        [],
        rest,
        ...['x:1', 'k3:1', 'k19:1', '7', '{k0:1}', '__proto__:1', '@a'].map(f => [f, ...rest]),
      ]) {
        const reader = new Reader()
        // So many that the next may be the first, or a later one, that is made with all of its keys at once.
        for (let again = 0; again < 7 + (cut % 4); again++) reader.block(like)
        const text = `{${[...start, ...other].join()}}`
        const foretold = reader.block(text)
        const again = stringify(reader.block(text))
        expect(stringify(reader.block(like))).toBe(like)
        forget()
        const plain = reader.block(text)
        expect(foretold).toStrictEqual(plain)
        expect(again).toBe(stringify(plain))
      }
    }
  })

  test('starts afresh after a failure, even on the empty text', () => {
    const reader = new Reader()
    expect(() => reader.block('{a:1')).toThrow(ReconError)
    expect(reader.block('')).toBeUndefined()
    expect(reader.head('')).toBeUndefined()
  })

  test('takes a key only once, though the last record there had it in that place', () => {
    const reader = new Reader()
    for (let again = 0; again < 3; again++) {
      expect(reader.block('{a:1,b:2,c:3}')).toStrictEqual({ a: 1, b: 2, c: 3 })
      expect((reader.block('{b:1,b:2}') as { items: unknown[] }).items).toHaveLength(2)
      expect(reader.block('{c:1,b:2,a:3}')).toStrictEqual({ c: 1, b: 2, a: 3 })
      expect(reader.block('@a(1)@b(2){c:3}')).toStrictEqual({ '@a': 1, '@b': 2, c: 3 })
      expect(reader.block('@a(1){@b(2){c:3}}')).toStrictEqual(new Record([new Attr('a', 1), { '@b': 2, c: 3 }]))
    }
  })

  test('tells letters outside ASCII apart, where the last texts had others there', () => {
    const reader = new Reader()
    for (let again = 0; again < 3; again++)
      for (const letter of ['é', 'è', '日', '\x7f']) {
        const spelled = JSON.stringify(letter)
        expect(reader.block(`{a:1,${spelled}:2,b:3}`)).toStrictEqual({ a: 1, [letter]: 2, b: 3 })
        expect(reader.block(`@${spelled}(1){a:2}`)).toStrictEqual({ [`@${letter}`]: 1, a: 2 })
        expect(reader.head(`@a(${spelled})@b`)).toEqual({ name: 'a', value: letter })
        if (letter === '\x7f') continue
        expect(reader.block(`{a:1,${letter}:2,b:3}`)).toStrictEqual({ a: 1, [letter]: 2, b: 3 })
        expect(reader.head(`@${letter}(1)`)).toEqual({ name: letter, value: 1 })
      }
  })

  test('keeps two readers apart, in limits and in heads', () => {
    const [strict, lax] = [new Reader({ maxDepth: 1 }), new Reader()]
    const text = '@a(x:{y:1})'
    expect(lax.head(text)!.value).toEqual({ x: { y: 1 } })
    expect(() => strict.head('@b(x:{y:{z:1}})')).toThrow('maxDepth (1)')
    expect(lax.head(text)).toBe(lax.head(text))
  })
})
