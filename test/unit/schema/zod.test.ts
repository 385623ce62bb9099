// The codecs of swimlink/zod, on texts as agents write them.
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import * as m from 'zod/mini'
import { SchemaError } from '../../../src/index.js'
import { formOf, type Schema } from '../../../src/schema/schema.js'
import { parse, stringify } from '../../../src/recon/index.js'
import { attributes, int64, tagged, timestamp, twoWay } from '../../../src/zod.js'

const form = <App>(schema: Schema<unknown, App>) => {
  const { decode, encode } = formOf('valueSchema', schema)
  return { read: (text: string) => decode(parse(text), 'k'), write: (app: App) => stringify(encode(app, 'k')) }
}

describe('tagged', () => {
  const vehicle = form(tagged('vehicle', z.object({ id: z.number(), speed: z.number() })))

  test('reads the record behind its tag, and writes the tag back', () => {
    expect(vehicle.read('@vehicle{id:7,speed:3}')).toEqual({ id: 7, speed: 3 })
    expect(vehicle.write({ id: 7, speed: 3 })).toBe('@vehicle{id:7,speed:3}')
  })

  test.each(['@bus{id:7,speed:3}', '{id:7,speed:3}', '@a@vehicle{id:7,speed:3}', '5', '@vehicle(1){id:7,speed:3}', ''])(
    'refuses %s',
    text => {
      expect(() => vehicle.read(text)).toThrow(SchemaError)
    },
  )

  test('reads and writes the fields of a header', () => {
    const headed = form(tagged('vehicle', z.object({ id: z.number(), speed: z.number() }), ['id']))
    expect(headed.read('@vehicle(id:7){speed:3}')).toEqual({ id: 7, speed: 3 })
    expect(headed.write({ id: 7, speed: 3 })).toBe('@vehicle(id:7){speed:3}')
    expect(() => headed.read('@vehicle(speed:3){id:7}')).toThrow(/other parameters than id/)
  })

  test.each([
    ['a scalar', z.number(), '@celsius 21', 21],
    ['a list', z.array(z.number()), '@celsius{1,2}', [1, 2]],
    ['nothing', z.object({}), '@celsius', {}],
    ['further attributes', z.looseObject({}), '@celsius@at(5){x:1}', { '@at': 5, x: 1 }],
    ['data', z.instanceof(Uint8Array), '@celsius%AAEC', new Uint8Array([0, 1, 2])],
  ])('takes %s behind the tag', (_name, schema: z.ZodType, text, value) => {
    const { read, write } = form(tagged('celsius', schema))
    expect(read(text)).toEqual(value)
    expect(parse(write(value))).toEqual(parse(text))
  })

  test('tells the members of a union apart, both ways', () => {
    const shapes = [
      tagged('circle', z.object({ r: z.number() })),
      tagged('square', z.object({ a: z.number() })),
    ] as const
    const shape = form(z.union(shapes))
    expect(shape.read('@circle{r:1}')).toEqual({ r: 1 })
    expect(shape.read('@square{a:2}')).toEqual({ a: 2 })
    expect(shape.write({ a: 2 })).toBe('@square{a:2}')
  })

  test('stands within other schemas, of zod and of zod/mini', () => {
    const inner = tagged('p', z.object({ x: z.number() }))
    const outer = form(z.object({ at: inner }))
    expect(outer.read('{at:@p{x:1}}')).toEqual({ at: { x: 1 } })
    expect(outer.write({ at: { x: 1 } })).toBe('{at:@p{x:1}}')
    const mini = form(twoWay(m.object({ at: tagged('p', m.object({ x: m.number() })), t: timestamp() })))
    expect(mini.read('{at:@p{x:1},t:5}')).toEqual({ at: { x: 1 }, t: new Date(5) })
    expect(mini.write({ at: { x: 1 }, t: new Date(5) })).toBe('{at:@p{x:1},t:5}')
  })
})

describe('attributes', () => {
  const lobby = form(attributes(z.object({ id: z.number(), name: z.string() })))

  test('reads a record of attributes as an object, and writes one', () => {
    expect(lobby.read('@id(7)@name(lobby)')).toEqual({ id: 7, name: 'lobby' })
    expect(lobby.write({ id: 7, name: 'lobby' })).toBe('@id(7)@name(lobby)')
    expect(lobby.read('@id(7){name:lobby}')).toEqual({ id: 7, name: 'lobby' })
  })

  test.each(['5', '{1,2}', '@id(7)5'])('refuses %s', text => {
    expect(() => lobby.read(text)).toThrow(SchemaError)
  })

  test('makes no prototype of a name', () => {
    const { read } = form(attributes(z.looseObject({})))
    const value = read('@"__proto__"{polluted:1}') as object
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })
})

describe('timestamp', () => {
  test('is milliseconds on the wire, or seconds, and a Date here', () => {
    const ms = form(timestamp())
    expect(ms.read('1700000000000')).toEqual(new Date(1_700_000_000_000))
    expect(ms.write(new Date(1_700_000_000_000))).toBe('1700000000000')
    const s = form(timestamp('s'))
    expect(s.read('1700000000')).toEqual(new Date(1_700_000_000_000))
    expect(s.write(new Date(1_700_000_000_500))).toBe('1700000000.5')
  })

  test.each(['soon', '1e300', 'true'])('refuses %s', text => {
    expect(() => form(timestamp()).read(text)).toThrow(SchemaError)
  })

  test('refuses an invalid Date', () => {
    expect(() => form(timestamp()).write(new Date(NaN))).toThrow(SchemaError)
  })
})

describe('int64', () => {
  const id = form(int64())
  const most = 2n ** 63n - 1n

  test.each(['5', '-5', '0', '9007199254740993', String(most), String(-most - 1n)])('reads and writes %s', text => {
    expect(id.read(text)).toBe(BigInt(text))
    expect(id.write(BigInt(text))).toBe(text)
  })

  test.each(['5.5', 'x', 'true', String(most + 1n), '1e300', ''])('refuses %s', text => {
    expect(() => id.read(text)).toThrow(SchemaError)
  })

  test('refuses to write what is not one', () => {
    expect(() => id.write(most + 1n)).toThrow(SchemaError)
    expect(() => id.write('x' as never)).toThrow(SchemaError)
  })

  test('stands within other schemas, of zod and of zod/mini', () => {
    for (const schema of [z.object({ id: int64() }), twoWay(m.object({ id: int64() }))]) {
      const { read, write } = form<{ id: bigint }>(schema)
      expect(read('{id:7}')).toEqual({ id: 7n })
      expect(write({ id: 9007199254740993n })).toBe('{id:9007199254740993}')
    }
  })
})

test('a tag is found before keys like numbers', () => {
  const { read, write } = form(tagged('lift', z.record(z.string(), z.number())))
  expect(read('@lift{b:1,"2024":5}')).toEqual({ b: 1, '2024': 5 })
  expect(write({ b: 1, '2024': 5 })).toBe('@lift{"2024":5,b:1}')
})
