// Floor 2. Schemas: what of a lane is let in, as what type, and how it is written back. No schema library is imported: any that
// speaks Standard Schema will do, and a zod codec is recognised by its `safeEncode`.
import { ConfigError, messageOf, say, SchemaError, type SchemaIssue } from '../base/errors.js'
import { stringify, type Value } from '../recon/index.js'

type Result<Output> =
  { readonly value: Output; readonly issues?: undefined } | { readonly issues: readonly SchemaIssue[] }

/**
 * A schema: zod 4, or any library's that speaks Standard Schema v1. It is asked of every entry that comes in, and of every local
 * value. Where it decodes to another type than the lane holds, and its downlink writes, it must be a codec (`z.codec`): other
 * schemas can but decode, and values are written as they are. It must be synchronous.
 * @source https://standardschema.dev
 */
export interface Schema<Wire = unknown, App = Wire> {
  /** What Standard Schema asks of a schema. */
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => Result<App> | Promise<Result<App>>
    readonly types?: { readonly input: Wire; readonly output: App } | undefined
  }
}

/** The type that a schema decodes to. */
export type AppType<S extends Schema> = NonNullable<S['~standard']['types']>['output']

/** What zod adds. Its Standard Schema face takes whatever its user's code throws for a wish to wait; its own does not. */
interface ZodResult {
  readonly success: boolean
  readonly data?: unknown
  readonly error?: { readonly issues: readonly SchemaIssue[] }
}
interface Zod {
  safeParse?(value: unknown): ZodResult
  safeEncode?(value: unknown): ZodResult
  readonly _zod?: { readonly def: unknown }
}

/** Both directions of a schema. */
export interface Form<App> {
  /** What a value of the lane is for the application. @throws {SchemaError} when the schema refuses it */
  decode(wire: Value, key: unknown): App
  /** What a value of the application is for the lane. @throws {SchemaError} when the schema refuses it */
  encode(app: App, key: unknown): Value
}

const sync = 'schemas must be synchronous; check what takes time after it has come in'

/** Whether an async function is part of a schema: found without running any of it. */
function waits(part: unknown, seen: Set<unknown>): boolean {
  if (typeof part === 'function')
    return (part as { [Symbol.toStringTag]?: string })[Symbol.toStringTag] === 'AsyncFunction'
  if (typeof part !== 'object' || part === null || seen.has(part)) return false
  seen.add(part)
  const { async, _zod } = part as Zod & { async?: unknown }
  return async === true || [_zod?.def, ...Object.values(part)].some(each => waits(each, seen))
}

/** A value whose schema wants an array of one, or an empty structure: what SwimOS makes of them (docs/PROTOCOL.md#empty-values). */
const likely = (wire: Value): Value[] => (wire === undefined ? [{}, []] : [[wire]])

const spell = (key: unknown): string => {
  try {
    return stringify(key as Value)
  } catch {
    return messageOf(key)
  }
}

/**
 * The form that a schema stands for.
 * @throws {ConfigError} when `schema` is none, or validates asynchronously
 */
export function formOf<App>(option: string, schema: Schema<unknown, App>): Form<App> {
  const standard = (schema as Partial<Schema<unknown, App>> | undefined)?.['~standard']
  const zod = schema as Zod
  if (typeof standard?.validate !== 'function')
    throw new ConfigError(option, 'give a zod schema, or any Standard Schema')

  const ofZod = <T>({ success, data, error }: ZodResult): Result<T> =>
    success ? { value: data as T } : { issues: error!.issues }
  const validate = (value: unknown): Result<App> => {
    if (zod.safeParse) return ofZod(zod.safeParse(value))
    const result = standard.validate(value)
    if (!('then' in result)) return result
    Promise.resolve(result).then(undefined, () => {})
    throw new Error(sync)
  }
  const decode = (wire: Value): Result<App> => {
    const result = validate(wire)
    if (result.issues === undefined) return result
    for (const other of likely(wire)) {
      const second = validate(other)
      if (second.issues === undefined) return second
    }
    return result
  }
  // A function that gives a promise without being marked async shows itself where it runs: a few plain values find most.
  const samples = [undefined, '', 0, false, {}, []].map(sample => () => validate(sample))
  const isAsync = (look: () => unknown) => {
    try {
      return look() === true
    } catch (error) {
      // Ours, or zod's of the same purport; what else is thrown is for the values that come.
      return / synchronous/.test(messageOf(error))
    }
  }
  if ([() => waits([schema, standard.validate], new Set()), ...samples].some(isAsync))
    throw new ConfigError(option, sync)

  const encode = (app: App): Result<Value> => {
    if (zod.safeEncode) return ofZod(zod.safeEncode(app))
    const result = validate(app)
    return result.issues === undefined ? { value: app as Value } : result
  }

  const need = <T>(what: string, advice: string, key: unknown, result: () => Result<T>): T => {
    let issues: readonly SchemaIssue[]
    let cause: unknown
    try {
      const { value, issues: found } = result() as { value: T; issues?: readonly SchemaIssue[] }
      if (found === undefined) return value
      issues = found
    } catch (error) {
      // What the schema's own functions throw; zod does too, for a transform that has no way back.
      cause = error
      issues = [{ message: messageOf(error) }]
    }
    const where = key === undefined ? '' : say` of key ${spell(key)}`
    throw new SchemaError(what + where + say` does not fit the ${option}` + advice, key, issues, { cause })
  }
  const advice = zod.safeEncode
    ? ''
    : ', which can but decode (a zod codec does both, and zod/mini by twoWay of swimlink/zod)'
  return {
    decode: (wire, key) => need('what the lane holds', '', key, () => decode(wire)),
    encode: (app, key) => need('a local value', advice, key, () => encode(app)),
  }
}
