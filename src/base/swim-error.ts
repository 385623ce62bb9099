// Floor 0. The root of every error this package throws, and the one error the Recon codec throws.
import { excerpt } from './excerpt.js'

/** What failed, as a stable name that programs can branch on (docs/ERRORS.md). `callback` is of SwimError itself. */
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

/** The root of the catalogue: every error that swimlink throws or reports is one of these. */
export class SwimError extends Error {
  /** The class, by its code: `TimeoutError`; of SwimError itself, `CallbackError`. */
  declare readonly name: string
  /** Stable across releases, unlike `message`, which is for people. */
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    // Minifiers rename classes.
    this.name = `${code[0]!.toUpperCase()}${code.slice(1)}Error`
    this.code = code
  }
}

/** Where in a Recon text, or where in a value, reading or writing failed. */
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

/** A text that is not Recon (offset, line, column), or a value with no Recon form (path). */
export class ReconError extends SwimError {
  declare readonly name: 'ReconError'
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
