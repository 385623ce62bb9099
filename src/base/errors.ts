// Floor 0. The catalogue of errors. Each class is in a file by subject. Where each error surfaces: docs/ERRORS.md.
export { ConflictError, OverflowError, RefusedError } from './write-errors.js'
export { pathOf, SchemaError, type SchemaIssue } from './schema-error.js'
export { ClosedError, ConfigError, TimeoutError } from './call-errors.js'
export { AuthError, ProtocolError, TransportError } from './connection-errors.js'
export { LaneKindError, UnlinkedError, type LaneKind } from './link-errors.js'
export { bare, excerpt, mask, messageOf, quote, say } from './excerpt.js'
export { about, ReconError, type CacheError, type Where } from './swim-error.js'

import type { ClosedError, ConfigError, TimeoutError } from './call-errors.js'
import { ProtocolError, type AuthError, type TransportError } from './connection-errors.js'
import { messageOf } from './excerpt.js'
import type { LaneKindError, UnlinkedError } from './link-errors.js'
import type { SchemaError } from './schema-error.js'
import { SwimError as Base, type CacheError, type ReconError } from './swim-error.js'
import type { ConflictError, OverflowError, RefusedError } from './write-errors.js'

/** A SwimError of no subclass: a callback or listener threw, or its promise rejected. */
export interface CallbackError extends Base {
  /** The stable code of this class. */
  readonly code: 'callback'
  /** The key of the entry for which a view's function threw. */
  readonly key?: unknown
}

/** Every error that swimlink throws, rejects with or reports. TypeScript narrows it by `code`. */
export type SwimError =
  | AuthError
  | CacheError
  | CallbackError
  | ClosedError
  | ConfigError
  | ConflictError
  | LaneKindError
  | OverflowError
  | ProtocolError
  | ReconError
  | RefusedError
  | SchemaError
  | TimeoutError
  | TransportError
  | UnlinkedError

/** The class of all these errors: `instanceof SwimError` narrows to the union. */
export interface SwimErrorClass {
  /** The type that `instanceof` narrows to. */
  readonly prototype: SwimError
  /** Whether a value is a SwimError. */
  [Symbol.hasInstance](value: unknown): value is SwimError
  /** An error with code `callback`. */
  new (code: 'callback', message: string, options?: ErrorOptions): CallbackError
}

/**
 * The root of the catalogue: every error that swimlink throws, rejects with or reports is one of these.
 * @example
 * if (error instanceof SwimError && error.code === 'timeout') console.warn(error.message)
 */
export const SwimError = Base as unknown as SwimErrorClass

/** An error that shows the frame. If the cause shows the frame already, returns the cause. */
export function frameError(cause: unknown, frame: string): SwimError {
  try {
    if (cause instanceof SwimError && cause.code !== 'recon') return cause
  } catch {
    // A revoked proxy throws even at instanceof.
  }
  return new ProtocolError(messageOf(cause), frame, { cause })
}
