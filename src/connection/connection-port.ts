// Floor 5. The options of a connection, and its reports to its client.
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
  /** A socket that lasted this long makes its loss the first in a row. */
  readonly settledAfterMs: number
  readonly reader: Reader
  /** Watches frames and events, if given. */
  spy?: Spy | undefined
}

/** Called with each frame just before it is sent or read, and with each event just after it changed the state. */
export type Spy = (port: LinkPort, what: 'in' | 'out' | ConnectionEvent, text?: string) => void

/** The reports of a connection to its client. */
export interface ConnectionListener {
  /** Called when a socket has opened or ended, and when the host has accepted or withdrawn an identity. */
  told(news: 'connect' | 'disconnect' | 'authenticate' | 'deauthenticate', cause?: SwimError): void
  failed(error: SwimError): void
}

/**
 * Whether the close code reports a fault, which may repeat at each attempt: broken rules, policy, size, a failure of the host, or
 * a code of the application. A loss alone is common, and not an error.
 */
export const isFault = (end: SwimError | undefined): end is TransportError =>
  end instanceof TransportError && /^(100[237-9]|101[01]|4...)$/.test(String(end.closeCode))

/** Why a socket ended. */
export interface ConnectionEnd {
  readonly cause: SwimError
  /** Whether the host or the network ended the socket, and not the client. */
  readonly isPeers: boolean
}

/** How long to wait before another attempt, in milliseconds: at least as long as the host requires. */
export const retryMs = (end: ConnectionEnd | undefined, failures: number, options: ConnectionOptions): number => {
  const askedMs = end?.cause instanceof TransportError ? end.cause.retryAfterMs : undefined
  return (askedMs ?? 0) + backoffMs(failures - 1, options, options.clock.random())
}

/** Whether the answer to a handshake gives the reason of its refusal: then the subprotocol is not the reason. */
export const isClear = (end: ConnectionEnd | undefined): boolean =>
  end?.cause instanceof TransportError && /^(401|403|429|503)$/.test(String(end.cause.httpStatus))

/** Whether a host closed the socket because it forbids a write. The close does not name the write. */
const isForbidden = (end: SwimError | undefined): boolean =>
  end instanceof TransportError && end.closeCode === 1008 && /^forbidden/i.test(end.reason)

/** The end of a socket, for the decision about writes that were on the wire. */
export const endOf = (end: ConnectionEnd | undefined, isUnsure: boolean): SocketEnd => ({
  isUnsure,
  cause: end?.cause,
  closeCode: end?.cause instanceof TransportError ? end.cause.closeCode : 0,
  isPeers: end?.isPeers === true && end.cause instanceof TransportError,
  isFault: isFault(end?.cause),
  isForbidden: isForbidden(end?.cause),
})
