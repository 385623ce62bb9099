// Floor 5. What a connection is given, and what it tells its client.
import { backoffMs } from '../base/backoff.js'
import { TransportError, type SwimError } from '../base/errors.js'
import type { Reader } from '../recon/index.js'
import type { AuthenticationOptions } from './authentication.js'
import type { SocketEnd } from '../write/caution.js'
import type { LinkOptions, LinkPort } from '../link/link-port.js'
import type { ConnectionEvent } from './connection-state.js'
import type { SocketOptions } from './socket.js'

/** Options of a connection; times are in milliseconds. */
export interface ConnectionOptions extends SocketOptions, LinkOptions, AuthenticationOptions {
  readonly connectTimeoutMs: number
  readonly idleTimeoutMs: number
  /** How long a socket must last before its loss counts as the first in a row. */
  readonly settledAfterMs: number
  readonly reader: Reader
  /** Who looks on, if anybody does. */
  spy?: Spy | undefined
}

/** Called with a frame that is about to be sent or read, or with an event that has just changed the state. */
export type Spy = (port: LinkPort, what: 'in' | 'out' | ConnectionEvent, text?: string) => void

/** What a connection tells its client. */
export interface ConnectionListener {
  told(news: 'connect' | 'disconnect' | 'authenticate' | 'deauthenticate', cause?: SwimError): void
  failed(error: SwimError): void
}

/**
 * Whether a host says by the close code what it has against a socket, which it may at each attempt: broken rules, policy, size, its
 * own failure, or what an application means by its codes. A loss alone is everyday, and no error.
 */
export const isFault = (end: SwimError | undefined): end is TransportError =>
  end instanceof TransportError && /^(100[237-9]|101[01]|4...)$/.test(String(end.closeCode))

/** Why a socket ended. */
export interface ConnectionEnd {
  readonly cause: SwimError
  /** Whether its host, or the network, ended it, and not the client. */
  readonly isPeers: boolean
}

/** How long to wait before another attempt, in milliseconds; for as long as the host asks, at least. */
export const retryMs = (end: ConnectionEnd | undefined, failures: number, options: ConnectionOptions): number => {
  const askedMs = end?.cause instanceof TransportError ? end.cause.retryAfterMs : undefined
  return (askedMs ?? 0) + backoffMs(failures - 1, options, options.clock.random())
}

/** Whether the answer to a handshake says why it was no: it was not the subprotocol. */
export const isClear = (end: ConnectionEnd | undefined): boolean =>
  end?.cause instanceof TransportError && /^(401|403|429|503)$/.test(String(end.cause.httpStatus))

/** Whether a host closed the socket since it forbids a write; it does not say which. */
const isForbidden = (end: SwimError | undefined): boolean =>
  end instanceof TransportError && end.closeCode === 1008 && /^forbidden/i.test(end.reason)

/** What the end of a socket says of the writes that were on the wire. */
export const endOf = (end: ConnectionEnd | undefined, isUnsure: boolean): SocketEnd => ({
  isUnsure,
  cause: end?.cause,
  closeCode: end?.cause instanceof TransportError ? end.cause.closeCode : 0,
  isPeers: end?.isPeers === true && end.cause instanceof TransportError,
  isFault: isFault(end?.cause),
  isForbidden: isForbidden(end?.cause),
})
