// Floor 0. The root of every error this package throws, and the one error the Recon codec throws.
import { excerpt, messageOf } from './excerpt.js'

/** The kind of failure: a stable name for programs to branch on (docs/ERRORS.md). `callback` has no subclass. */
export type ErrorCode =
  | 'recon'
  | 'protocol'
  | 'config'
  | 'transport'
  | 'auth'
  | 'unlinked'
  | 'schema'
  | 'overflow'
  | 'refused'
  | 'timeout'
  | 'closed'
  | 'conflict'
  | 'laneKind'
  | 'callback'
  | 'cache'

/** `swimlink/cache`, which has the class, could not keep, read or resend something. Reported; maps go on without that. */
export interface CacheError extends SwimError {
  /** The stable code of this class. */
  readonly code: 'cache'
}

/** The address that an error is about, without user info, query and fragment, which may be secrets. */
export interface Where {
  /** The host, as it was given. */
  readonly hostUri?: string
  /** The node, as it is sent. */
  readonly nodeUri?: string
  /** The lane, as it is sent. */
  readonly laneUri?: string
}

/**
 * The root of the catalogue: every error that swimlink throws or reports is one of these.
 * @example
 * try {
 *   await rooms.put('r12', 2, { timeoutMs: 5000 })
 * } catch (error) {
 *   if (error instanceof SwimError) console.warn(error.code, error.laneUri)
 * }
 */
export class SwimError extends Error implements Where {
  /** The name of the class, made from the code, such as `TimeoutError`. An error of SwimError itself has `CallbackError`. */
  declare readonly name: string
  /** Stable across releases, unlike `message`, which is for people. */
  readonly code: ErrorCode
  /** The host that the error is about. */
  declare readonly hostUri?: string
  /** The node that the error is about. */
  declare readonly nodeUri?: string
  /** The lane that the error is about. */
  declare readonly laneUri?: string

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    // Minifiers rename classes.
    this.name = `${code[0]!.toUpperCase()}${code.slice(1)}Error`
    this.code = code
  }

  /** All fields, for logs. A cause, and fields that JSON can't hold, appear as text. */
  toJSON(): object {
    const { message, cause } = this
    const json = { ...this, message } as object as { [field: string]: unknown }
    if (cause !== undefined) json.cause = cause instanceof SwimError ? cause : messageOf(cause)
    for (const field in json) {
      try {
        JSON.stringify(json[field])
      } catch {
        json[field] = messageOf(json[field])
      }
    }
    return json
  }
}

/** Returns the error. If it has no address yet, `where` becomes its address. */
export const about = <E extends SwimError>(error: E, where: Where): E =>
  error.hostUri === undefined ? Object.assign(error, where) : error

/** The place in a Recon text where reading failed, or the place in a value where writing failed. */
export interface ReconErrorWhere {
  /** UTF-16 units from the start of the text; -1 where a value, not a text, is at fault. */
  offset?: number
  /** From 1. */
  line?: number
  /** From 1, in UTF-16 units. */
  column?: number
  /** The path to the value that can't be written, such as `$.rooms[2].guest`. */
  path?: string
}

/**
 * A text that is not Recon (offset, line, column), or a value with no Recon form (path).
 * @example
 * try {
 *   parse('{a:')
 * } catch (error) {
 *   if (error instanceof ReconError) console.warn(error.line, error.column, error.message)
 * }
 */
export class ReconError extends SwimError {
  declare readonly name: 'ReconError'
  /** The stable code of this class. */
  declare readonly code: 'recon'
  /** UTF-16 units from the start of the text; -1 where a value, not a text, is at fault. */
  readonly offset: number
  /** From 1; 0 where a value is at fault. */
  readonly line: number
  /** From 1, in UTF-16 units; 0 where a value is at fault. */
  readonly column: number
  /** The path to the value that can't be written, such as `$.rooms[2].guest`; at most 120 characters. */
  readonly path: string | undefined

  constructor(message: string, where: ReconErrorWhere = {}, options?: ErrorOptions) {
    super('recon', message, options)
    this.offset = where.offset ?? -1
    this.line = where.line ?? 0
    this.column = where.column ?? 0
    this.path = where.path && excerpt(where.path)
  }
}
