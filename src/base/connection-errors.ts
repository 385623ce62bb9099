// Floor 0. The errors of one host's socket: not opened, credentials refused, a frame that is not WARP's.
import { excerpt, quote, say } from './excerpt.js'
import { SwimError } from './swim-error.js'

/**
 * A socket that could not be opened, or was lost. Reported; the client reconnects by itself.
 * @example
 * client.on('error', error => {
 *   if (error instanceof TransportError) console.warn(error.hostUri, error.httpStatus ?? error.closeCode, error.reason)
 * })
 */
export class TransportError extends SwimError {
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

/**
 * Credentials that the host refused, or whose function failed. If the host refused them, links wait for other credentials.
 * @example
 * client.on('error', async error => {
 *   if (!(error instanceof AuthError) || error.hostUri === undefined) return
 *   client.authenticate(error.hostUri, { token: await askForToken() })
 * })
 */
export class AuthError extends SwimError {
  declare readonly name: 'AuthError'
  /** The stable code of this class. */
  declare readonly code: 'auth'

  constructor(message: string, options?: ErrorOptions) {
    super('auth', message, options)
  }
}

/**
 * A frame that is not a WARP envelope, or has a body that its lane can't send. Reported; only that frame is dropped.
 * @example
 * client.on('error', error => {
 *   if (error instanceof ProtocolError) console.warn(error.hostUri, 'sent', error.snippet)
 * })
 */
export class ProtocolError extends SwimError {
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
