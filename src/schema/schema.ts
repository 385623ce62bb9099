// Floor 2. Schemas: which values of a lane are accepted, as which type, and how they are written back. No schema library is
// imported: any library with Standard Schema works. A zod codec is recognised by its `safeEncode`.
import { ConfigError, messageOf, say, SchemaError, type SchemaIssue } from '../base/errors.js'
import { stringify, type Value } from '../recon/index.js'
import { ask, mustBeSync, ofZod, saysLater, type Own, type Result, type Schema } from './ask.js'
import { at, general, holdsBigint, placeOf, plain, remade } from './shapes.js'

export type { AppType, Schema } from './ask.js'

/** Both directions of a schema. */
export interface Form<App> {
  /** Decodes a value of the lane for the application. @throws {SchemaError} when the schema refuses it */
  decode(wire: Value, key: unknown): App
  /** Encodes a value of the application for the lane. @throws {SchemaError} when the schema refuses it */
  encode(app: App, key: unknown): Value
}

/** How often a value is offered with more empty lists. A schema that stops at its first issue finds only one place each time. */
const maxOffers = 64

/** With this many offers left, a list is offered in all items of a list at once. Thousands of items would need thousands of offers. */
const generalOffers = 48

const spell = (key: unknown): string => {
  try {
    return stringify(key as Value)
  } catch {
    return messageOf(key)
  }
}

/** Most schemas that answer later show it on one of these values. */
const samples = [undefined, '', 0, false, {}, []]

/**
 * The form that a schema stands for.
 * @throws {ConfigError} when `schema` is not a schema, or answers with a promise
 */
export function formOf<App>(option: string, schema: Schema<unknown, App>): Form<App> {
  const standard = (schema as Partial<Schema<unknown, App>> | null | undefined)?.['~standard']
  if (typeof standard?.validate !== 'function')
    throw new ConfigError(option, 'give a zod schema, or any Standard Schema')
  const { safeEncode } = schema as unknown as Own
  const isTwoWay = standard.vendor === 'zod' && safeEncode !== undefined
  // A record that is a key must be written back unchanged, in its order.
  const isKey = option === 'keySchema'

  for (const sample of samples) {
    try {
      ask(schema, standard, sample)
    } catch (error) {
      // Other errors of the schema's own functions are ignored here. They count for real values only.
      if (saysLater(error)) throw new ConfigError(option, mustBeSync)
    }
  }

  /** Recon has one empty record for lists and objects. If an issue leads to one, an empty list is offered. */
  const offer = (value: unknown, offers = maxOffers): Result<App> => {
    const first = ask(schema, standard, value)
    if (first.issues === undefined || offers < 1) return first
    const form = offers > generalOffers ? String : general
    const places = new Set(first.issues.map(issue => form(placeOf(issue))))
    const wants = (place: string) => places.has(form(place))
    const other = remade(value, wants)
    if (other === value) return first
    const second = offer(other, offers - 1)
    return second.issues?.some(issue => wants(placeOf(issue))) ? first : second
  }
  const decode = (wire: Value): Result<App> => {
    const value = isKey ? wire : plain(wire)
    const first = offer(value)
    if (first.issues === undefined) return first
    // The value unchanged, and the structures that mean the same to SwimOS: nothing, or an array of one item.
    for (const other of wire === undefined ? [{}, []] : [wire, [value]]) {
      const second = offer(other)
      if (second.issues === undefined) return second
    }
    return first
  }
  const encode = (app: App): Result<Value> => {
    if (isTwoWay) return ofZod(safeEncode.call(schema, app))
    const result = ask(schema, standard, app)
    return result.issues === undefined ? { value: app as Value } : result
  }

  const side =
    <T, U>(what: string, turn: (value: T) => Result<U>, advise: (value: T, issues: readonly SchemaIssue[]) => string) =>
    (value: T, key: unknown): U => {
      let issues: readonly SchemaIssue[]
      let cause: unknown
      try {
        const result = turn(value)
        if (result.issues === undefined) return result.value
        issues = result.issues
      } catch (error) {
        // The schema's own functions threw. Zod throws as well, for a transform that can't be reversed.
        cause = error
        issues = [{ message: messageOf(error) }]
      }
      const where = key === undefined ? '' : say` of key ${spell(key)}`
      throw new SchemaError(say`${what}${where} does not fit the ${option}${advise(value, issues)}`, key, issues, {
        cause,
      })
    }
  return {
    decode: side('what the lane holds', decode, (wire, issues) =>
      issues.some(issue => holdsBigint(at(wire, issue))) ? ' (int64() of swimlink/zod reads integers beyond 2^53)' : '',
    ),
    encode: side('a local value', encode, () =>
      isTwoWay ? '' : ', which only decodes (a zod codec does both, and zod/mini by twoWay of swimlink/zod)',
    ),
  }
}
