// Floor 1. The interface of a socket: strings in, strings out, and how the socket ends. Independent of WARP.

/** A close code that no frame of this client caused: a server stops, or another page's frame ended a relay's socket. */
export const serviceRestart = 1012

/** How a socket ended. */
export interface TransportEnd {
  /** The WebSocket close code; 1006 if the peer gave none. */
  code: number
  /** The close reason; often empty. */
  reason: string
  /** The platform's own error, where there was one. */
  cause?: unknown
  /** What to do, where the platform says why: after a socket that did not open, or whose data it refused. Goes on a message. */
  advice?: string | undefined
  /** If the handshake was refused: its HTTP status, and its `Retry-After`. */
  httpStatus?: number
  retryAfterMs?: number | undefined
  /** Set if the platform ended the socket because of data the peer sent, and would do so again: how often by now, for this reason. */
  refusals?: number | undefined
}

/** Notified of a socket's events. `ended` is called at most once, and last. */
export interface TransportListener {
  opened(): void
  /** One text message. */
  received(text: string): void
  /** A message that is not text, or too long. The socket goes on. */
  refused(what: string): void
  ended(end: TransportEnd): void
}

/** One socket, from its opening to its end. */
export interface Transport {
  /** Bytes (in a page: UTF-8 bytes) handed over by `send` and not yet on the wire. */
  readonly bufferedBytes: number
  /** Bytes received, without those of pings and pongs. Undefined where the platform does not count them, as in a page. */
  readonly receivedBytes: number | undefined
  /** Hands over one text message. Only while open. */
  send(text: string): void
  /** Pauses or resumes the flow of messages, if the platform can (Node, Bun). TCP then holds the peer back. */
  hold(isHeld: boolean): void
  /** Ends the socket, whose listener is not called any more. Resolves when the platform has released the socket, if ever. */
  close(): Promise<void>
  /** Ends the socket without waiting for a silent peer, if the platform can (Node, Bun). */
  drop(): void
}

/** Opens a socket to a `ws:` or `wss:` URL. May throw if the platform refuses the URL or a protocol. */
export type OpenTransport = (
  url: string,
  protocols: readonly string[],
  listener: TransportListener,
  webSocketOptions?: object,
) => Transport
