// Floor 8. The door of `swimlink/zod`: zod/mini made to write, and codecs for the shapes that SwimOS agents send. All of it works
// with zod and zod/mini alike, on its own or within other schemas.
import * as core from 'zod/v4/core'
import type { $ZodBigInt, $ZodCodec, $ZodType, $ZodUnknown, output, ParsePayload } from 'zod/v4/core'
import { ConfigError } from './base/errors.js'
import { Attr, Record, Slot, type Value } from './recon/index.js'

/** A schema that says what is written for a value, as every schema of zod itself does and none of zod/mini's. */
export interface TwoWay<S extends $ZodType = $ZodType> {
  /** From the wire. */
  safeParse(value: unknown): ReturnType<typeof core.safeParse<S>>
  /** To the wire. */
  safeEncode(value: unknown): ReturnType<typeof core.safeEncode<S>>
}

/**
 * A schema of zod/mini that writes too: as `keySchema`, `valueSchema` or `schema` of a downlink, its codecs then work both ways.
 * Schemas of zod itself need none of it.
 * @example
 * import * as z from 'zod/mini'
 * const Room = twoWay(z.object({ guests: z.number() }))
 * const rooms = client.downlinkMap({ nodeUri: '/hotel', laneUri: 'rooms', valueSchema: Room }).open()
 */
export function twoWay<S extends $ZodType>(schema: S): S & TwoWay<S> {
  // Looked up here, so that an older zod is refused with a reason, and not by the module loader.
  const { safeParse, safeEncode } = core
  if ((safeEncode as typeof safeEncode | undefined) === undefined)
    throw new ConfigError('zod', 'swimlink/zod needs zod 4.1 or later; update zod, or use your schema without it')
  return Object.assign(Object.create(schema) as S, {
    safeParse: (value: unknown) => safeParse(schema, value),
    safeEncode: (value: unknown) => safeEncode(schema, value as output<S>),
  })
}

type Fields = { readonly [key: string]: unknown }
type Turn = (value: unknown, payload: ParsePayload) => unknown

/** What a codec of this file is: from anything on the wire to what `S` reads. */
export type FromWire<S extends $ZodType> = $ZodCodec<$ZodUnknown, S> & TwoWay<$ZodCodec<$ZodUnknown, S>>

const codec = <In extends $ZodType, Out extends $ZodType>(source: In, target: Out, decode: Turn, encode: Turn) =>
  twoWay(
    // Where zod is older, twoWay refuses what is made in its place.
    new (core.$ZodCodec ?? Object)({
      type: 'pipe',
      in: source,
      out: target,
      transform: decode,
      reverseTransform: encode,
    }) as $ZodCodec<In, Out>,
  )
const unknown = () => new core.$ZodUnknown({ type: 'unknown' })

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Record)

function fail(payload: ParsePayload, message: string): never {
  // zod reports it as an issue of its own, so that unions try their next member.
  payload.issues.push({ code: 'custom', message, input: payload.value })
  return undefined as never
}

/** Splits the attribute off that a record begins with: its value, and what is left. */
function untag(wire: unknown, tag: string): readonly [params: unknown, body: unknown] | undefined {
  if (wire instanceof Record) {
    const [first, ...rest] = wire.items
    if (!(first instanceof Attr) || first.name !== tag) return undefined
    const isList = rest.every(item => !(item instanceof Attr || item instanceof Slot))
    return [first.value, isList ? (rest.length === 1 ? rest[0] : rest) : new Record(rest)]
  }
  const key = `@${tag}`
  // Keys like numbers stand before all others in an object.
  if (!isFields(wire) || Object.keys(wire).find(each => each.startsWith('@')) !== key) return undefined
  const { [key]: params, ...body } = wire
  return [params, body]
}

/**
 * A record with a tag, `@vehicle{id:7,speed:3}`, as what `schema` makes of the rest: `{ id: 7, speed: 3 }`, or the value behind
 * a tag, `@celsius 21`. Records with another tag are refused, so a union of such codecs tells them apart.
 * @param header the fields that stand in the tag's parentheses: with `['id']`, `@vehicle(id:7){speed:3}` is the same object
 * @example
 * const Vehicle = tagged('vehicle', z.object({ id: z.number(), speed: z.number() }), ['id'])
 * const vehicles = client.downlinkMap({ nodeUri: '/city', laneUri: 'vehicles', valueSchema: Vehicle }).open()
 */
export function tagged<S extends $ZodType>(tag: string, schema: S, header: readonly string[] = []): FromWire<S> {
  const decode: Turn = (wire, payload) => {
    const found = untag(wire, tag)
    if (found === undefined) return fail(payload, `it is no @${tag}`)
    const [params, body] = found
    if (params === null && header.length === 0) return body
    const inHeader = isFields(params) && isFields(body) && Object.keys(params).every(key => header.includes(key))
    return inHeader
      ? { ...params, ...body }
      : fail(payload, `@${tag} has other parameters than ${header.join() || 'none'}`)
  }
  const encode: Turn = body => {
    // By view, since `instanceof` fails across realms.
    if (!isFields(body) || ArrayBuffer.isView(body)) {
      const items = body instanceof Record ? body.items : Array.isArray(body) ? (body as Value[]) : [body as Value]
      return new Record([new Attr(tag), ...items])
    }
    const entries = Object.entries(body)
    const inHeader = entries.filter(([key]) => header.includes(key))
    const rest = entries.filter(([key]) => !header.includes(key))
    return { [`@${tag}`]: inHeader.length > 0 ? Object.fromEntries(inHeader) : null, ...Object.fromEntries(rest) }
  }
  return codec(unknown(), schema, decode, encode)
}

/**
 * A record of attributes, `@id(7)@name(lobby)`, as the object that `schema` reads: `{ id: 7, name: 'lobby' }`. Slots beside them
 * are read as well, and written as attributes.
 * @example
 * const Room = attributes(z.object({ id: z.number(), name: z.string() }))
 */
export function attributes<S extends $ZodType>(schema: S): FromWire<S> {
  const rename = (name: (key: string) => string): Turn => {
    return (value, payload) => {
      if (!isFields(value)) return fail(payload, 'it is no record of attributes')
      return Object.fromEntries(Object.entries(value).map(([key, field]) => [name(key), field]))
    }
  }
  const decode = rename(key => key.replace(/^@/, ''))
  const encode = rename(key => `@${key}`)
  return codec(unknown(), schema, decode, encode)
}

/**
 * A moment, sent as milliseconds since 1970 began, as Java agents do; or as seconds. As a `Date` here.
 * @example
 * const Stay = z.object({ from: timestamp(), until: timestamp('s') })
 */
export function timestamp(unit: 'ms' | 's' = 'ms') {
  const ms = unit === 's' ? 1000 : 1
  return codec(
    new core.$ZodNumber({ type: 'number', checks: [] }),
    new core.$ZodDate({ type: 'date' }),
    wire => new Date((wire as number) * ms),
    date => (date as Date).getTime() / ms,
  )
}

const isInt64 = (value: unknown): value is bigint => typeof value === 'bigint' && BigInt.asIntN(64, value) === value

/**
 * A 64-bit integer, such as a Java `long`, as a `bigint` here. The wire gives a number up to 2^53 and a bigint beyond, and
 * `z.number()` refuses the latter.
 * @example
 * const Account = z.object({ id: int64(), name: z.string() })
 */
export function int64(): FromWire<$ZodBigInt> {
  const check = (given: unknown, payload: ParsePayload) => {
    const value = Number.isSafeInteger(given) ? BigInt(given as number) : given
    return isInt64(value) ? value : fail(payload, 'not an integer of 64 bits')
  }
  return codec(unknown(), new core.$ZodBigInt({ type: 'bigint', checks: [] }), check, check)
}
