// Floor 0. The catalogue of errors, beside SwimError and ReconError in swim-error.ts. Where each surfaces: docs/ERRORS.md.
import { bare, excerpt, mask, messageOf, quote, say } from './excerpt.js'
import type { SchemaError } from './schema-error.js'
import { SwimError as Base, type CacheError, type ReconError } from './swim-error.js'

export { pathOf, SchemaError, type SchemaIssue } from './schema-error.js'
export { about, ReconError, type CacheError, type Where } from './swim-error.js'
export { bare, excerpt, mask, messageOf, quote, say }

/** Of SwimError itself: a callback or listener threw, or its promise rejected. */
export interface CallbackError extends Base {
  /** What it is known by. */
  readonly code: 'callback'
  /** The key of the entry that a function of a view threw for. */
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
  /** What `instanceof` narrows to. */
  readonly prototype: SwimError
  /** Whether a value is one. */
  [Symbol.hasInstance](value: unknown): value is SwimError
  /** One that a callback threw. */
  new (code: 'callback', message: string, options?: ErrorOptions): CallbackError
}

/** The root of the catalogue: every error that swimlink throws, rejects with or reports is one of these. */
export const SwimError = Base as unknown as SwimErrorClass

/** A frame that is not a WARP envelope, or whose body its lane can't mean. Reported; that frame alone is dropped. */
export class ProtocolError extends Base {
  declare readonly name: 'ProtocolError'
  /** What it is known by. */
  declare readonly code: 'protocol'
  /** The start of the frame, at most 120 characters. */
  readonly snippet: string

  constructor(message: string, frame: string, options?: ErrorOptions) {
    const snippet = excerpt(frame)
    super('protocol', message + say` in the frame ${quote(frame)}`, options)
    this.snippet = snippet
  }
}

/** What went wrong with a frame, as an error that shows it; one that names the frame already is kept as it is. */
export function frameError(cause: unknown, frame: string): SwimError {
  try {
    if (cause instanceof SwimError && cause.code !== 'recon') return cause
  } catch {
    // A revoked proxy: not even asked what it is of.
  }
  return new ProtocolError(messageOf(cause), frame, { cause })
}

/** An option, a URI or a call that can't work as given. Thrown at the call. */
export class ConfigError extends Base {
  declare readonly name: 'ConfigError'
  /** What it is known by. */
  declare readonly code: 'config'

  /** The option at fault, as its user spells it. */
  readonly option: string

  constructor(option: string, message: string, options?: ErrorOptions) {
    super('config', say`${option}: ` + message, options)
    this.option = excerpt(option)
  }
}

/** A socket that could not be opened, or was lost. Reported; the client tries again by itself. */
export class TransportError extends Base {
  declare readonly name: 'TransportError'
  /** What it is known by. */
  declare readonly code: 'transport'

  /** What the peer said on closing, at most 120 characters; often empty. */
  readonly reason: string

  constructor(
    message: string,
    /** The WebSocket close code: 1006 where the peer said none. */
    readonly closeCode: number = 1006,
    reason = '',
    options?: ErrorOptions,
    /** The status of a host that answers the handshake with no, such as 401 or 503. Browsers show none. */
    readonly httpStatus?: number,
    /** How long such a host wants to be left alone (`Retry-After`), in milliseconds; the client does. */
    readonly retryAfterMs?: number,
  ) {
    super('transport', message, options)
    this.reason = excerpt(reason)
  }
}

/** Credentials that the host refused, or that could not be had. Links of that host wait until new ones are given. */
export class AuthError extends Base {
  declare readonly name: 'AuthError'
  /** What it is known by. */
  declare readonly code: 'auth'

  constructor(message: string, options?: ErrorOptions) {
    super('auth', message, options)
  }
}

/** A link that the host refused or ended. */
export class UnlinkedError extends Base {
  declare readonly name: 'UnlinkedError'
  /** What it is known by. */
  declare readonly code: 'unlinked'

  /** `laneNotFound`, `nodeNotFound`, another tag of the host's (at most 120 characters), or `unlinked` where it gave none. */
  readonly reason: string

  constructor(reason: string, where: string, advice: string) {
    super('unlinked', where + say` was unlinked by its host (${reason}): ` + advice)
    this.reason = excerpt(reason)
  }
}

/** A write that would not fit. Thrown before anything has changed. */
export class OverflowError extends Base {
  declare readonly name: 'OverflowError'
  /** What it is known by. */
  declare readonly code: 'overflow'

  constructor(
    message: string,
    /** The limit that was reached, in the unit the message names. */
    readonly limit: number,
  ) {
    super('overflow', message)
  }
}

/** A write over which the host hung up. It is given up; everything else goes on. */
export class RefusedError extends Base {
  declare readonly name: 'RefusedError'
  /** What it is known by. */
  declare readonly code: 'refused'

  constructor(
    message: string,
    /** The key of its entry, as the lane has it; `undefined` for a lane without keys, and for a clear, drop or take. */
    readonly key: unknown,
    options?: ErrorOptions,
  ) {
    super('refused', message, options)
  }
}

/** Something that did not happen in time. */
export class TimeoutError extends Base {
  declare readonly name: 'TimeoutError'
  /** What it is known by. */
  declare readonly code: 'timeout'

  constructor(
    message: string,
    /** How long was waited, in milliseconds. */
    readonly afterMs: number,
    /** Of a write: whether it is on its way still, so that it may yet reach the lane. `discard` takes back one that waits. */
    readonly pending = false,
    options?: ErrorOptions,
  ) {
    super('timeout', message, options)
  }
}

/** A client or downlink that was closed, by its user or for good by its options; or a write that was taken back. */
export class ClosedError extends Base {
  declare readonly name: 'ClosedError'
  /** What it is known by. */
  declare readonly code: 'closed'

  constructor(
    message: string,
    /** Whether it is a write that `discard()` took back. */
    readonly discarded = false,
  ) {
    super('closed', message)
  }
}

/** A write with `unlessChanged` whose entry the lane changed first. It was not sent. */
export class ConflictError extends Base {
  declare readonly name: 'ConflictError'
  /** What it is known by. */
  declare readonly code: 'conflict'

  constructor(
    message: string,
    /** The key of the entry; `undefined` for a lane without keys. */
    readonly key: unknown,
    /** What was to be written. */
    readonly mine: unknown,
    /** What the lane has; `undefined` where it has no such entry. */
    readonly theirs: unknown,
    /** What was shown when the write was made; `undefined` where there was no such entry. */
    readonly base: unknown,
  ) {
    super('conflict', message)
  }
}

/** What lanes are told apart by: whether their events change entries of a map, or are values. */
export type LaneKind = 'map' | 'value' | 'list'

const adviceOnValues = 'downlinkValue(), or downlinkEvent() where it is a command lane'

/** A downlink of another kind than its lane. Nothing is sent to such a lane. */
export class LaneKindError extends Base {
  declare readonly name: 'LaneKindError'
  /** What it is known by. */
  declare readonly code: 'laneKind'

  constructor(
    where: string,
    /** What the lane's events show it to be. `value` stands for every lane that is no map. */
    readonly found: LaneKind,
    /** What the downlink is for. */
    readonly wanted: LaneKind,
  ) {
    const advice = found === 'map' ? 'downlinkMap()' : found === 'list' ? 'downlinkList()' : adviceOnValues
    super('laneKind', where + say` is a ${found} lane, and this is a ${wanted} downlink: open it by ` + advice)
  }
}
