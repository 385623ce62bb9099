// Floor 4. Schemas: what of a lane is let in, as what type, and how it is written back. No schema library is imported: any that
// speaks Standard Schema will do, and a zod codec is recognised by its `safeEncode`.
import { ConfigError, excerpt, SchemaError } from '../base/errors.js'
import type { Value } from '../recon/index.js'

interface Issue {
  readonly message: string
  readonly path?: readonly unknown[] | undefined
}

type Result<Output> = { readonly value: Output; readonly issues?: undefined } | { readonly issues: readonly Issue[] }

/**
 * A schema: zod 4, or any library's that speaks Standard Schema v1. One that decodes to another type than it reads must be a
 * codec (`z.codec`) where its downlink is written to.
 * @source https://standardschema.dev
 */
export interface Schema<Wire = unknown, App = Wire> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => Result<App> | Promise<Result<App>>
    readonly types?: { readonly input: Wire; readonly output: App } | undefined
  }
}

/** The type that a schema decodes to. */
export type AppType<S extends Schema> = NonNullable<S['~standard']['types']>['output']

interface SafeEncode {
  safeEncode(value: unknown): { success: true; data: unknown } | { success: false; error: { issues: readonly Issue[] } }
}

/** Both directions of a schema. */
export interface Form<App> {
  /** What a value of the lane is for the application. @throws {SchemaError} when the schema refuses it */
  decode(wire: Value, key: unknown): App
  /** What a value of the application is for the lane. @throws {SchemaError} when the schema refuses it */
  encode(app: App, key: unknown): Value
}

const isPromise = (result: object): result is Promise<unknown> => 'then' in result

/** An object whose schema wants an array of one, or an empty one: what SwimOS makes of them (docs/PROTOCOL.md#empty-values). */
const likely = (wire: Value): Value[] => (wire === undefined ? [{}, []] : Array.isArray(wire) ? [] : [[wire]])

/**
 * The form that a schema stands for.
 * @throws {ConfigError} when `schema` is none, or validates asynchronously
 */
export function formOf<App>(option: string, schema: Schema<unknown, App>): Form<App> {
  const standard = (schema as Partial<Schema<unknown, App>> | undefined)?.['~standard']
  if (typeof standard?.validate !== 'function')
    throw new ConfigError(option, 'give a zod schema, or any Standard Schema')
  const sync = 'schemas must be synchronous; check what takes time after it has come in'

  const validate = (value: unknown): Result<App> => {
    const result = standard.validate(value)
    if (!isPromise(result)) return result
    result.catch(() => {})
    return { issues: [{ message: sync }] }
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
  // A schema that would wait says so only where it has something to wait for: a few plain values find most of them.
  for (const sample of [undefined, '', 0, false, {}, []]) {
    if (validate(sample).issues?.[0]?.message === sync) throw new ConfigError(option, sync)
  }

  const { safeEncode } = schema as Partial<SafeEncode>
  const encode = (app: App): Result<Value> => {
    if (safeEncode === undefined) {
      const { issues } = validate(app)
      return issues === undefined ? { value: app as Value } : { issues }
    }
    const result = safeEncode(app)
    return result.success ? { value: result.data as Value } : { issues: result.error.issues }
  }

  const need = <T>(what: string, result: () => Result<T>, key: unknown): T => {
    let issues: readonly Issue[]
    let cause: unknown
    try {
      const { value, issues: found } = result() as { value: T; issues?: readonly Issue[] }
      if (found === undefined) return value
      issues = found
    } catch (error) {
      // A schema with a one-way transform can't encode, and says so by throwing.
      cause = error
      issues = [{ message: error instanceof Error ? error.message : String(error) }]
    }
    const where =
      key === undefined ? '' : ` of key ${excerpt(typeof key === 'object' ? JSON.stringify(key) : String(key))}`
    throw new SchemaError(`${what}${where} does not fit the ${option}`, key, issues, { cause })
  }
  return {
    decode: (wire, key) => need('what the lane holds', () => decode(wire), key),
    encode: (app, key) => need('a local value', () => encode(app), key),
  }
}
