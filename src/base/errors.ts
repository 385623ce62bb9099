// Floor 0. The catalogue of errors, beside SwimError and ReconError in swim-error.ts. Where each surfaces: docs/ERRORS.md.
import { bare, excerpt, mask, messageOf, quote, say } from './excerpt.js'
import type { SchemaError } from './schema-error.js'
import { SwimError as Base, type CacheError, type ReconError } from './swim-error.js'

export { pathOf, SchemaError, type SchemaIssue } from './schema-error.js'
export { about, ReconError, type CacheError, type Where } from './swim-error.js'
export { bare, excerpt, mask, messageOf, quote, say }

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

/** The class of them all: `instanceof SwimError` narrows to the union. */
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

/** A frame that is not a WARP envelope, or has a body that its lane can't send. Reported; only that frame is dropped. */
export class ProtocolError extends Base {
  declare readonly name: 'ProtocolError'
  /** The stable code of this class. */
  declare readonly code: 'protocol'
  /** The start of the frame, at most 120 characters. */
  readonly snippet: string

  constructor(message: string, frame: string, options?: ErrorOptions) {
    const snippet = excerpt(frame)
    super('protocol', message + say` in the frame ${quote(frame)}`, options)
    this.snippet = snippet
  }
}

/** An error about a frame, which it shows; an error that shows the frame already is kept as it is. */
export function frameError(cause: unknown, frame: string): SwimError {
  try {
    if (cause instanceof SwimError && cause.code !== 'recon') return cause
  } catch {
    // A revoked proxy throws even at instanceof.
  }
  return new ProtocolError(messageOf(cause), frame, { cause })
}

/** An invalid option, URI or call. Thrown at the call. */
export class ConfigError extends Base {
  declare readonly name: 'ConfigError'
  /** The stable code of this class. */
  declare readonly code: 'config'

  /** The invalid option, spelled as in the call. */
  readonly option: string

  constructor(option: string, message: string, options?: ErrorOptions) {
    super('config', say`${option}: ` + message, options)
    this.option = excerpt(option)
  }
}

/** A socket that could not be opened, or was lost. Reported; the client reconnects by itself. */
export class TransportError extends Base {
  declare readonly name: 'TransportError'
  /** The stable code of this class. */
  declare readonly code: 'transport'

  /** The close reason of the peer, at most 120 characters; often empty. */
  readonly reason: string

  constructor(
    message: string,
    /** The WebSocket close code: 1006 where the peer gave none. */
    readonly closeCode: number = 1006,
    reason = '',
    options?: ErrorOptions,
    /** The HTTP status of a refused handshake, such as 401 or 503. Browsers don't show it. */
    readonly httpStatus?: number,
    /** The wait that the host asks for (`Retry-After`), in milliseconds; the client keeps it. */
    readonly retryAfterMs?: number,
  ) {
    super('transport', message, options)
    this.reason = excerpt(reason)
  }
}

/** Credentials that the host refused, whose links then wait for others; or whose function failed. */
export class AuthError extends Base {
  declare readonly name: 'AuthError'
  /** The stable code of this class. */
  declare readonly code: 'auth'

  constructor(message: string, options?: ErrorOptions) {
    super('auth', message, options)
  }
}

/** A link that the host refused or ended. */
export class UnlinkedError extends Base {
  declare readonly name: 'UnlinkedError'
  /** The stable code of this class. */
  declare readonly code: 'unlinked'

  /** `laneNotFound`, `nodeNotFound`, another tag (at most 120 characters), or `unlinked` where the host gave none. */
  readonly reason: string

  constructor(reason: string, where: string, advice: string) {
    super('unlinked', where + say` was unlinked by its host (${reason}): ` + advice)
    this.reason = excerpt(reason)
  }
}

/** A write beyond a limit. Thrown before anything has changed. */
export class OverflowError extends Base {
  declare readonly name: 'OverflowError'
  /** The stable code of this class. */
  declare readonly code: 'overflow'

  constructor(
    message: string,
    /** The limit that was reached, in the unit that the message names. */
    readonly limit: number,
  ) {
    super('overflow', message)
  }
}

/** A write over which the host ended the socket. The write is not sent again; everything else goes on. */
export class RefusedError extends Base {
  declare readonly name: 'RefusedError'
  /** The stable code of this class. */
  declare readonly code: 'refused'

  constructor(
    message: string,
    /** The key of its entry, as on the wire; `undefined` for a lane without keys, and for a clear, drop or take. */
    readonly key: unknown,
    options?: ErrorOptions,
  ) {
    super('refused', message, options)
  }
}

/** Something that did not happen in time. */
export class TimeoutError extends Base {
  declare readonly name: 'TimeoutError'
  /** The stable code of this class. */
  declare readonly code: 'timeout'

  constructor(
    message: string,
    /** How long the wait was, in milliseconds. */
    readonly afterMs: number,
    /** Of a write: whether it may still reach the lane. `discard` takes back a write that was not sent. */
    readonly pending = false,
    options?: ErrorOptions,
  ) {
    super('timeout', message, options)
  }
}

/** A client or downlink is closed, or a write was taken back by `discard()`. */
export class ClosedError extends Base {
  declare readonly name: 'ClosedError'
  /** The stable code of this class. */
  declare readonly code: 'closed'

  constructor(
    message: string,
    /** Whether `discard()` took the write back. */
    readonly discarded = false,
  ) {
    super('closed', message)
  }
}

/** A write with `unlessChanged` whose entry the lane changed first. It was not sent. */
export class ConflictError extends Base {
  declare readonly name: 'ConflictError'
  /** The stable code of this class. */
  declare readonly code: 'conflict'

  constructor(
    message: string,
    /** The key of the entry; `undefined` for a lane without keys. */
    readonly key: unknown,
    /** The value that was not written. */
    readonly mine: unknown,
    /** The value that the lane has; `undefined` where it has no such entry. */
    readonly theirs: unknown,
    /** The value that was shown when the write was made; `undefined` where there was no such entry. */
    readonly base: unknown,
  ) {
    super('conflict', message)
  }
}

/** The kind of a lane, by its events: changes of a map's entries, of a list's items, or values. */
export type LaneKind = 'map' | 'value' | 'list'

const adviceOnValues = 'downlinkValue(), or downlinkEvent() where it is a command lane'

/** A downlink of another kind than its lane. Nothing is sent to such a lane. */
export class LaneKindError extends Base {
  declare readonly name: 'LaneKindError'
  /** The stable code of this class. */
  declare readonly code: 'laneKind'

  constructor(
    where: string,
    /** The kind that the lane's events show. `value` stands for every lane that is neither map nor list. */
    readonly found: LaneKind,
    /** The kind that the downlink is for. */
    readonly wanted: LaneKind,
  ) {
    const advice = found === 'map' ? 'downlinkMap()' : found === 'list' ? 'downlinkList()' : adviceOnValues
    super('laneKind', where + say` is a ${found} lane, and this is a ${wanted} downlink: open it by ` + advice)
  }
}
