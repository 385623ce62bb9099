// Floor 0. The errors of a call: an argument is invalid, time ran out, or the client or downlink is closed.
import { excerpt, say } from './excerpt.js'
import { SwimError } from './swim-error.js'

/**
 * An invalid option, URI or call. Thrown at the call.
 * @example
 * try {
 *   client.hostRef(input.value)
 * } catch (error) {
 *   if (error instanceof ConfigError) hint.textContent = error.message
 * }
 */
export class ConfigError extends SwimError {
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

/**
 * Something that did not happen in time.
 * @example
 * try {
 *   await rooms.put('r12', 2, { timeoutMs: 5000 })
 * } catch (error) {
 *   if (error instanceof TimeoutError && error.pending) console.info('the write goes on')
 * }
 */
export class TimeoutError extends SwimError {
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

/**
 * A client or downlink is closed, or a write was taken back by `discard()`.
 * @example
 * try {
 *   await rooms.put('r12', 2)
 * } catch (error) {
 *   if (error instanceof ClosedError && error.discarded) console.info('taken back')
 * }
 */
export class ClosedError extends SwimError {
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
