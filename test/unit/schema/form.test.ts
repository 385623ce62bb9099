// What a schema makes of what a lane holds, and of what is written.
import { describe, expect, test } from 'vitest'
import * as v from 'valibot'
import * as z from 'zod'
import * as m from 'zod/mini'
import { ConfigError, SchemaError } from '../../../src/index.js'
import { formOf, type Schema } from '../../../src/schema/schema.js'
import { parse, Record, stringify, type Value } from '../../../src/recon/index.js'
import { int64, twoWay } from '../../../src/zod.js'

const thrown = (call: () => unknown): unknown => {
  try {
    call()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}
const date = { decode: (ms: number) => new Date(ms), encode: (at: Date) => at.getTime() }
const when = new Date(1_700_000_000_000)

describe('a form', () => {
  test.each<[string, Schema]>([
    ['zod', z.object({ id: z.number() })],
    ['zod/mini', m.object({ id: m.number() })],
    ['valibot', v.object({ id: v.number() })],
  ])('of %s lets in what fits, and says what does not', (_name, schema) => {
    const form = formOf('valueSchema', schema)
    expect(form.decode({ id: 1 }, 'k')).toEqual({ id: 1 })
    expect(form.encode({ id: 1 }, 'k')).toEqual({ id: 1 })
    const error = thrown(() => form.decode({ id: 'x' }, 'k')) as SchemaError
    expect(error).toBeInstanceOf(SchemaError)
    expect(error).toMatchObject({ code: 'schema', key: 'k' })
    expect(error.issues).toHaveLength(1)
    expect(error.message).toMatch(/^what the lane holds of key k does not fit the valueSchema: id: Invalid/)
    expect(thrown(() => form.encode({ id: 'x' }, 'k'))).toBeInstanceOf(SchemaError)
  })

  test('of a zod codec works both ways', () => {
    const form = formOf('schema', z.object({ at: z.codec(z.number(), z.date(), date) }))
    expect(form.decode({ at: when.getTime() }, undefined)).toEqual({ at: when })
    expect(form.encode({ at: when }, undefined)).toEqual({ at: when.getTime() })
  })

  test('of a zod/mini codec works both ways by twoWay, and without it says so', () => {
    const schema = m.codec(m.number(), m.date(), date)
    const form = formOf('schema', twoWay(schema))
    expect(form.decode(when.getTime(), undefined)).toEqual(when)
    expect(form.encode(when, undefined)).toBe(when.getTime())
    const bare = formOf('schema', schema)
    expect(bare.decode(when.getTime(), undefined)).toEqual(when)
    expect(String(thrown(() => bare.encode(when, undefined)))).toMatch(/twoWay of swimlink\/zod/)
  })

  test('of a Standard Schema with a transform decodes; a local value is written as it is, where it passes', () => {
    const form = formOf('schema', v.pipe(v.union([v.string(), v.number()]), v.transform(Number)))
    expect(form.decode('5', undefined)).toBe(5)
    expect(form.encode(5, undefined)).toBe(5)
    expect(thrown(() => form.encode(true as never, undefined))).toBeInstanceOf(SchemaError)
  })

  test('of a one-way transform refuses to write, with the reason', () => {
    const form = formOf(
      'schema',
      z.string().transform(text => text.length),
    )
    expect(form.decode('abc', undefined)).toBe(3)
    expect(String(thrown(() => form.encode(3, undefined)))).toMatch(/transform/)
  })

  test('takes one value for an array of one, and nothing for an empty array or object, where the schema wants that', () => {
    expect(formOf('schema', z.array(z.number())).decode(1, 'k')).toEqual([1])
    expect(formOf('schema', z.array(z.object({ a: z.number() }))).decode({ a: 1 }, 'k')).toEqual([{ a: 1 }])
    expect(formOf('schema', z.array(z.array(z.number()))).decode([1, 2], 'k')).toEqual([[1, 2]])
    expect(formOf('schema', z.array(z.number())).decode(undefined, 'k')).toEqual([])
    expect(formOf('schema', z.object({})).decode(undefined, 'k')).toEqual({})
    expect(formOf('schema', v.array(v.number())).decode(1, 'k')).toEqual([1])
    expect(formOf('schema', z.undefined()).decode(undefined, 'k')).toBeUndefined()
    expect(thrown(() => formOf('schema', z.array(z.number())).decode('x', 'k'))).toBeInstanceOf(SchemaError)
    expect(formOf('schema', z.number()).decode(1, 'k')).toBe(1)
  })

  test('takes what a schema’s own function throws for a misfit, with the cause, also while it is opened', () => {
    const form = formOf(
      'schema',
      z.string().transform(text => JSON.parse(text) as unknown),
    )
    expect(form.decode('{"a":1}', undefined)).toEqual({ a: 1 })
    const error = thrown(() => form.decode('{', 'k')) as SchemaError
    expect(error).toBeInstanceOf(SchemaError)
    expect(error.cause).toBeInstanceOf(SyntaxError)
    expect(error.message).not.toMatch(/synchronous/)
  })

  test('offers a list where one item wants it, and not where another item of the list wants a record', () => {
    const Either = v.variant('type', [
      v.object({ type: v.literal('a'), x: v.array(v.string()) }),
      v.object({ type: v.literal('b'), x: v.object({}) }),
    ])
    const items = ['a', 'b', 'a', 'b'].map(type => ({ type, x: {} }))
    const lists = items.map(({ type }) => ({ type, x: type === 'a' ? [] : {} }))
    expect(formOf('schema', v.array(Either)).decode(items, undefined)).toEqual(lists)
    expect(formOf('schema', v.config(v.array(Either), { abortEarly: true })).decode(items, undefined)).toEqual(lists)
  })

  test('says what reads an integer beyond 2^53 also where no member of a union does', () => {
    const form = formOf('schema', z.union([z.object({ id: z.number() }), z.string()]))
    expect(String(thrown(() => form.decode({ id: 2n ** 60n }, 'k')))).toMatch(/int64\(\) of swimlink\/zod/)
    expect(String(thrown(() => form.decode({ id: true }, 'k')))).not.toMatch(/int64/)
  })

  test('names no more than three issues, and cuts long ones, in its message', () => {
    const form = formOf('schema', z.array(z.string()))
    const error = thrown(() => form.decode(new Array(1000).fill(5), 'k'.repeat(500))) as SchemaError
    expect(error.issues).toHaveLength(1000)
    expect(error.message.length).toBeLessThan(700)
    expect(error.message).toMatch(/0: .*; 1: .*; 2: /)
  })

  test.each([[{ id: 1n, at: [true] }], [new Record([1, 2])], [new Uint8Array(3)], [Symbol('x')]])(
    'names any key in its message: %o',
    key => {
      const form = formOf('schema', z.string())
      expect(thrown(() => form.decode(5, key))).toBeInstanceOf(SchemaError)
    },
  )

  test('keeps a prototype safe from keys of the wire', () => {
    const form = formOf('schema', z.looseObject({}))
    const wire = JSON.parse('{"__proto__":{"polluted":1}}') as { polluted?: unknown }
    form.decode(wire as never, undefined)
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })
})

describe('unknown keys, on reading a value, changing it and writing it back', () => {
  const wire = { id: 1, floor: 2, maker: 'Otis' }

  test('are lost with z.object', () => {
    const form = formOf('schema', z.object({ id: z.number(), floor: z.number() }))
    const read = form.decode(wire, undefined)
    expect(form.encode({ ...read, floor: 3 }, undefined)).toEqual({ id: 1, floor: 3 })
  })

  test('are kept with z.looseObject', () => {
    const form = formOf('schema', z.looseObject({ id: z.number(), floor: z.number() }))
    const read = form.decode(wire, undefined)
    expect(form.encode({ ...read, floor: 3 }, undefined)).toEqual({ id: 1, floor: 3, maker: 'Otis' })
  })

  test('are refused with z.strictObject', () => {
    const form = formOf('schema', z.strictObject({ id: z.number(), floor: z.number() }))
    expect(String(thrown(() => form.decode(wire, undefined)))).toMatch(/maker/)
  })
})

describe('a schema that would wait', () => {
  const promised = () => Promise.resolve(true)
  test.each<[string, Schema]>([
    ['a zod refinement that gives a promise', z.string().refine(promised as never)],
    ['a zod transform', z.string().transform(async text => text)],
    ['a zod codec', z.codec(z.string(), z.number(), { decode: async text => +text, encode: async n => `${n}` })],
    [
      'valibot',
      v.pipeAsync(
        v.string(),
        v.checkAsync(async () => true),
      ),
    ],
    [
      'valibot, inside',
      v.objectAsync({
        a: v.pipeAsync(
          v.string(),
          v.checkAsync(async () => true),
        ),
      }),
    ],
    [
      'one made by hand',
      { '~standard': { version: 1, vendor: 'hand', validate: value => Promise.resolve({ value }) } },
    ],
    [
      'one made by hand, whose promise rejects',
      { '~standard': { version: 1, vendor: 'hand', validate: () => Promise.reject(new Error('no')) } },
    ],
  ])('is refused at once by its first answers: %s', (_name, schema) => {
    const error = thrown(() => formOf('keySchema', schema)) as ConfigError
    expect(error).toBeInstanceOf(ConfigError)
    expect(error.option).toBe('keySchema')
    expect(error.message).toMatch(/synchronous/)
  })

  test.each<[string, Schema, Value]>([
    [
      'a zod refinement deep inside',
      z.object({ a: z.array(z.object({ b: z.string().refine(async () => true) })) }),
      { a: [{ b: 'x' }] },
    ],
    ['a zod/mini refinement', m.object({ a: m.string().check(m.refine(async () => true)) }), { a: 'x' }],
    [
      'one for some values',
      z.string().refine(((text: string) => (text === 'slow' ? promised() : true)) as never),
      'slow',
    ],
  ])('is a SchemaError of each value where it shows only then: %s', (_name, schema, slow) => {
    const form = formOf('schema', schema)
    expect(String(thrown(() => form.decode(slow, undefined)))).toMatch(/SchemaError.*synchronous/s)
  })

  test('is recognised by its answers, not by how it is made', () => {
    const schema = Object.assign(z.string(), { later: async () => true, async: true, check: { load: async () => 5 } })
    expect(formOf('schema', schema).decode('x', undefined)).toBe('x')
  })
})

describe('an empty list', () => {
  const decode = (schema: Schema, text: string) => formOf('schema', schema).decode(parse(text), undefined)

  test('is read within a union, whose issue leads to the whole of it', () => {
    const circle = z.object({ r: z.number(), tags: z.array(z.string()) })
    const square = z.object({ a: z.number(), tags: z.array(z.string()) })
    expect(decode(z.object({ shape: z.union([circle, square]) }), '{shape:{a:1,tags:{}}}')).toEqual({
      shape: { a: 1, tags: [] },
    })
  })

  test('is not read where an object is wanted', () => {
    const schema = z.object({
      tags: z.array(z.string()),
      meta: z.looseObject({}),
      more: z.record(z.string(), z.array(z.any())),
    })
    expect(decode(schema, '{tags:{},meta:{},more:{x:{}}}')).toEqual({ tags: [], meta: {}, more: { x: [] } })
  })

  test('is the whole value', () => {
    expect(decode(z.array(z.number()), '{}')).toEqual([])
    expect(decode(z.looseObject({}), '{}')).toEqual({})
    expect(decode(z.array(z.object({ tags: z.array(z.string()) })), '{{tags:{}}}')).toEqual([{ tags: [] }])
  })

  test('is offered a bounded number of times, to a schema that stops at its first issue', () => {
    let asked = 0
    const stopping = (most: number): Schema => ({
      '~standard': {
        version: 1,
        vendor: 'hand',
        validate(value) {
          asked++
          const fields = Object.entries((value ?? {}) as { [key: string]: unknown })
          const bad = fields.find(([, field]) => !Array.isArray(field))
          if (bad !== undefined) return { issues: [{ message: 'no list', path: [bad[0]] }] }
          return fields.length > most ? { issues: [{ message: 'too many' }] } : { value }
        },
      },
    })
    const lists = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, {}]))
    const form = formOf('schema', stopping(50))
    expect(form.decode(lists(50), undefined)).toEqual(Object.fromEntries(Object.keys(lists(50)).map(k => [k, []])))
    asked = 0
    expect(thrown(() => form.decode(lists(2_000), 'k'))).toBeInstanceOf(SchemaError)
    expect(asked).toBeLessThan(300)
  })

  test('of ten thousand issues takes a time that grows with their number', () => {
    const schema = z.array(z.object({ tags: z.array(z.string()) }))
    const wire = Array.from({ length: 10_000 }, () => ({ tags: {} }))
    expect(formOf('schema', schema).decode(wire, undefined)).toEqual(wire.map(() => ({ tags: [] })))
  })
})

describe('a record', () => {
  const decode = (option: string, schema: Schema, text: string) => formOf(option, schema).decode(parse(text), undefined)

  test.each(['{name:x,name:y}', '{1,a:2}', '{2024:5,x:1}', '{a:1}@x', '{"@a":1,"1":2}'])(
    'that no object can stand for stays a Record: %s',
    text => {
      expect(decode('schema', z.instanceof(Record), text)).toBeInstanceOf(Record)
      expect(thrown(() => decode('schema', z.record(z.string(), z.any()), text))).toBeInstanceOf(SchemaError)
    },
  )

  test('is itself for a schema that wants one', () => {
    expect(decode('schema', z.instanceof(Record), '{name:x,"2024":5}')).toEqual(parse('{name:x,"2024":5}'))
  })

  test('has its attributes, and is written back with them first', () => {
    const form = formOf('schema', z.looseObject({ '@lift': z.null() }))
    const value = form.decode(parse('@lift{name:x,"2024":5}'), undefined)
    expect(value).toEqual({ '@lift': null, name: 'x', '2024': 5 })
    expect(stringify(form.encode(value, undefined))).toBe('@lift{"2024":5,name:x}')
  })

  test('that is a key is left as it stands, so that it is found and written as it stood', () => {
    expect(thrown(() => decode('keySchema', z.record(z.string(), z.any()), '{name:x,"2024":5}'))).toBeInstanceOf(
      SchemaError,
    )
    expect(decode('keySchema', z.instanceof(Record), '{name:x,"2024":5}')).toBeInstanceOf(Record)
  })

  test('reaches no prototype', () => {
    const value = decode(
      'schema',
      z.looseObject({}),
      '{"__proto__":{polluted:1},"2024":{"__proto__":5,"1":2}}',
    ) as object
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })
})

test('a bigint where a number is wanted: the message names the codec', () => {
  const wire = parse('{id:9007199254740993}')
  const error = thrown(() => formOf('schema', z.object({ id: z.number() })).decode(wire, undefined)) as SchemaError
  expect(error.message).toMatch(/^what the lane holds does not fit the schema \(int64\(\) of swimlink\/zod reads/)
  const other = thrown(() =>
    formOf('schema', z.object({ id: z.bigint(), n: z.number() })).decode({ id: 5n, n: 'x' }, 1),
  )
  expect(String(other)).not.toMatch(/int64/)
  expect(formOf('schema', z.object({ id: int64() })).decode(wire, undefined)).toEqual({ id: 9007199254740993n })
})

test.each([[undefined], [null], [{}], [z.string], ['string'], [{ '~standard': {} }]])('%o is no schema', schema => {
  expect(thrown(() => formOf('schema', schema as never))).toBeInstanceOf(ConfigError)
})
