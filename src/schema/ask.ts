// Floor 2. Validation by a schema of any library: always synchronous.
import { messageOf, type SchemaIssue } from '../base/errors.js'

/** The result of a schema: a value, or issues. @inline */
export type Result<Output> =
  { readonly value: Output; readonly issues?: undefined } | { readonly issues: readonly SchemaIssue[] }

/**
 * A schema of zod, or of any library with Standard Schema v1. It validates every entry from the lane and every local value, and must
 * be synchronous. If it decodes to another type than the lane holds, a downlink that writes needs a codec (`z.codec`). Other schemas
 * only decode, and values are written as they are.
 * @source https://standardschema.dev
 */
export interface Schema<Wire = unknown, App = Wire> {
  /** The interface of Standard Schema. */
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => Result<App> | Promise<Result<App>>
    readonly types?: { readonly input: Wire; readonly output: App } | undefined
  }
}

/** The type that a schema decodes to. */
export type AppType<S extends Schema> = NonNullable<S['~standard']['types']>['output']

interface ZodResult {
  readonly success: boolean
  readonly data?: unknown
  readonly error?: { readonly issues: readonly SchemaIssue[] }
}

interface YupError extends Error {
  readonly path?: string
  readonly inner: readonly YupError[]
}

/** Methods that two libraries have beside Standard Schema: zod, and yup (the last one). Yup's Standard Schema is never synchronous. */
export interface Own {
  /** Throws what a user's function throws. Zod's Standard Schema would take that for an asynchronous schema. */
  safeParse?(value: unknown): ZodResult
  /** From zod 4.1 on; `twoWay` adds it to schemas of zod/mini. */
  safeEncode?(value: unknown): ZodResult
  validateSync?(value: unknown, options: object): unknown
}

/** The message about a schema that answers with a promise. */
export const mustBeSync = 'schemas must be synchronous; check what takes time after it has come in'

export const ofZod = <T>({ success, data, error }: ZodResult): Result<T> =>
  success ? { value: data as T } : { issues: error!.issues }

function askYup<T>(own: Own, value: unknown): Result<T> {
  try {
    return { value: own.validateSync!(value, { abortEarly: false }) as T }
  } catch (error) {
    const { inner } = error as Partial<YupError>
    if (inner === undefined) throw error
    return { issues: inner.map(({ message, path }) => ({ message, path: path?.match(/[^[\].]+/g) ?? [] })) }
  }
}

/** Asks a schema about a value. @throws what the schema's own functions throw, and an error if it would answer later */
export function ask<T>(
  schema: Schema<unknown, T>,
  standard: Schema<unknown, T>['~standard'],
  value: unknown,
): Result<T> {
  const own = schema as unknown as Own
  const { vendor } = standard
  if (vendor === 'zod' && own.safeParse) return ofZod(own.safeParse(value))
  if (vendor === 'yup' && own.validateSync) return askYup(own, value)
  const result = standard.validate(value)
  if (!('then' in result)) return result
  result.then(undefined, () => {})
  throw new Error(mustBeSync)
}

/** Whether an error says that a schema would answer later. Either this module or zod has made the error. */
export const saysLater = (error: unknown) => /^schemas must be| synchronous parse/.test(messageOf(error))
