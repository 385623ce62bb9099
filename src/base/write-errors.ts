// Floor 0. The errors of one write: too many wait, the host refused it, the entry had changed.
import { SwimError } from './swim-error.js'

/**
 * A write beyond a limit. Thrown before anything has changed.
 * @example
 * try {
 *   rooms.set('r12', 2)
 * } catch (error) {
 *   if (error instanceof OverflowError) console.warn('not written: too many writes wait, at most', error.limit)
 * }
 */
export class OverflowError extends SwimError {
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

/**
 * A write because of which the host ended the socket. The write is not sent again; all other work goes on.
 * @example
 * try {
 *   await rooms.put('r12', 2)
 * } catch (error) {
 *   if (error instanceof RefusedError) console.warn(error.key, 'was not written:', error.message)
 * }
 */
export class RefusedError extends SwimError {
  declare readonly name: 'RefusedError'
  /** The stable code of this class. */
  declare readonly code: 'refused'

  constructor(
    message: string,
    /** The key of the entry, as on the wire; `undefined` for a lane without keys, and for a clear, drop or take. */
    readonly key: unknown,
    options?: ErrorOptions,
  ) {
    super('refused', message, options)
  }
}

/**
 * A write with `unlessChanged` whose entry the lane changed first. It was not sent.
 * @example
 * try {
 *   await rooms.put('r12', 2, { unlessChanged: true })
 * } catch (error) {
 *   if (error instanceof ConflictError) console.warn(error.key, 'is', error.theirs, 'by now, and was', error.base)
 * }
 */
export class ConflictError extends SwimError {
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
