// What every schema library must do for a lane: one list of cases, and how each library writes their schemas.
import { expect, test } from 'vitest'
import { SchemaError, SwimClient, type SwimError } from '../../src/index.js'
import { parse, stringify } from '../../src/recon/index.js'
import { formOf, type Schema } from '../../src/schema/schema.js'
import { VirtualClock } from '../../src/testing/virtual-clock.js'
import { MemoryNetwork } from '../../src/testing/memory-network.js'

/** The schemas of the cases, as one library makes them. */
interface SchemaCases {
  /** `{ id: number, tags: string[] }` */
  readonly tagged: unknown
  /** `{ rooms: { guests: string[] }[] }` */
  readonly rooms: unknown
  /** Any text keys, with numbers. */
  readonly counts: unknown
  /** Any object, whatever its keys. */
  readonly anything: unknown
}

/** A module of a library, at a version that no types are installed for. */
export interface Library {
  (...given: unknown[]): Library
  readonly [name: string]: Library
}

const ofZod = (z: Library): SchemaCases => ({
  tagged: z.object!({ id: z.number!(), tags: z.array!(z.string!()) }),
  rooms: z.object!({ rooms: z.array!(z.object!({ guests: z.array!(z.string!()) })) }),
  counts: z.record!(z.string!(), z.number!()),
  anything: 'looseObject' in z ? z.looseObject!({}) : z.object!({}).passthrough!(),
})

const ofValibot = (v: Library): SchemaCases => ({
  tagged: v.object!({ id: v.number!(), tags: v.array!(v.string!()) }),
  rooms: v.object!({ rooms: v.array!(v.object!({ guests: v.array!(v.string!()) })) }),
  counts: v.record!(v.string!(), v.number!()),
  anything: v.looseObject!({}),
})

const ofArkType = ({ type }: Library): SchemaCases => ({
  tagged: type!({ id: 'number', tags: 'string[]' }),
  rooms: type!({ rooms: type!({ guests: 'string[]' }).array!() }),
  counts: type!({ '[string]': 'number' }),
  anything: type!('object'),
})

const ofJoi = (joi: Library): SchemaCases => {
  const texts = joi.array!().items!(joi.string!()).required!()
  return {
    tagged: joi.object!({ id: joi.number!().strict!().required!(), tags: texts }),
    rooms: joi.object!({ rooms: joi.array!().items!(joi.object!({ guests: texts })) }),
    counts: joi.object!().pattern!(joi.string!(), joi.number!().strict!()),
    anything: joi.object!().unknown!(),
  }
}

const ofYup = (yup: Library): SchemaCases => {
  const texts = yup.array!().of!(yup.string!().required!()).required!()
  return {
    tagged: yup.object!({ id: yup.number!().strict!().required!(), tags: texts }),
    rooms: yup.object!({ rooms: yup.array!().of!(yup.object!({ guests: texts })).required!() }),
    counts: yup.object!({ name: yup.number!().required!() }),
    anything: yup.object!(),
  }
}

const ofEffect = ({ Schema: s }: Library): SchemaCases => {
  const isFour = 'toStandardSchemaV1' in s!
  const standard = isFour ? s.toStandardSchemaV1! : s!.standardSchemaV1!
  const record = (value: Library) =>
    isFour ? s.Record!(s.String, value) : s!.Record!({ key: s!.String, value: value })
  return {
    tagged: standard(s!.Struct!({ id: s!.Number, tags: s!.Array!(s!.String) })),
    rooms: standard(s!.Struct!({ rooms: s!.Array!(s!.Struct!({ guests: s!.Array!(s!.String) })) })),
    counts: standard(record(s!.Number!)),
    anything: standard(record(s!.Unknown!)),
  }
}

/** By the library, how it writes the schemas. */
export const libraries = {
  zod: ofZod,
  valibot: ofValibot,
  arktype: ofArkType,
  joi: ofJoi,
  yup: ofYup,
  effect: ofEffect,
}

/** The cases, as tests of one library. */
export function schemaTests(schemas: SchemaCases): void {
  const read = (schema: unknown, text: string): unknown =>
    formOf('valueSchema', schema as Schema).decode(parse(text), 'key')
  const write = (schema: unknown, value: unknown): string =>
    stringify(formOf('valueSchema', schema as Schema).encode(value, 'key'))

  test('lets in what fits, and says what does not', () => {
    expect(read(schemas.tagged, '{id:1,tags:{a,b}}')).toEqual({ id: 1, tags: ['a', 'b'] })
    expect(write(schemas.tagged, { id: 1, tags: ['a', 'b'] })).toBe('{id:1,tags:{a,b}}')
    expect(() => read(schemas.tagged, '{id:x,tags:{a}}')).toThrow(SchemaError)
    expect(() => write(schemas.tagged, { id: 'x', tags: [] })).toThrow(SchemaError)
  })

  test('reads an empty record as an empty list where it wants one, at any depth', () => {
    expect(read(schemas.tagged, '{id:1,tags:{}}')).toEqual({ id: 1, tags: [] })
    const rooms = [{ guests: [] }, { guests: ['a', 'b'] }, { guests: [] }]
    expect(read(schemas.rooms, '{rooms:{{guests:{}},{guests:{a,b}},{guests:{}}}}')).toEqual({ rooms })
    expect(read(schemas.rooms, '{rooms:{}}')).toEqual({ rooms: [] })
    // What is wrong besides is what is said to be wrong.
    expect(() => read(schemas.tagged, '{id:x,tags:{}}')).toThrow(/: id: |"id"|id must/)
  })

  test('reads thousands of empty lists, also where it stops at its first issue', () => {
    const texts = new Array<string>(2000).fill('{guests:{}}')
    const rooms = texts.map(() => ({ guests: [] }))
    expect(read(schemas.rooms, `{rooms:{${texts.join()}}}`)).toEqual({ rooms })
    texts[1999] = '{guests:5}'
    expect(() => read(schemas.rooms, `{rooms:{${texts.join()}}}`)).toThrow(SchemaError)
  })

  test('says what reads an integer beyond 2^53 where it wants a number', () => {
    for (const text of ['{id:9007199254740993,tags:{a}}', '{id:-9223372036854775808,tags:{}}'])
      expect(() => read(schemas.tagged, text)).toThrow(/\(int64\(\) of swimlink\/zod reads integers beyond 2\^53\)/)
    expect(() => read(schemas.tagged, '{id:x,tags:{a}}')).not.toThrow(/int64/)
  })

  test('reads and writes records with keys like numbers', () => {
    expect(read(schemas.counts, '{name:1,"2024":5}')).toEqual({ name: 1, '2024': 5 })
    expect(read(schemas.counts, '{"2024":5,name:1}')).toEqual({ name: 1, '2024': 5 })
    expect(read(schemas.anything, '{name:x,"2024":{b:1,"7":{c:1,"1":2}}}')).toEqual({
      name: 'x',
      '2024': { b: 1, '7': { c: 1, '1': 2 } },
    })
    expect(write(schemas.counts, { name: 1, '2024': 5 })).toBe('{"2024":5,name:1}')
  })

  test('is a schema of a downlink, by option and by step, and ends no process', async () => {
    const clock = new VirtualClock()
    const network = new MemoryNetwork(clock)
    const failed: SwimError[] = []
    network.onconnect = peer => {
      peer.onmessage = text => {
        const at = '(node:"/n",lane:l)'
        if (!text.startsWith('@sync')) return
        peer.send(`@linked${at}`)
        peer.send(`@event${at}@update(key:a){id:1,tags:{}}`)
        peer.send(`@event${at}@update(key:b){id:x,tags:{}}`)
        peer.send(`@synced${at}`)
      }
    }
    const client = new SwimClient({
      hostUri: 'warp://host',
      nodeUri: '/n',
      clock,
      webSocket: network.WebSocket,
      onError: error => failed.push(error),
    })
    const valueSchema = schemas.tagged as Schema
    const maps = [
      client.downlinkMap({ laneUri: 'l', valueSchema }).open(),
      client.downlinkMap().laneUri('l').valueSchema(valueSchema).open(),
    ]
    await clock.settle()
    for (const map of maps) expect([...map]).toEqual([['a', { id: 1, tags: [] }]])
    expect(failed.map(({ code }) => code)).toEqual(['schema', 'schema'])
    const closed = client.close()
    await clock.advance(2_000)
    await closed
  })
}
