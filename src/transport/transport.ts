// Floor 1. The interface of a socket: strings in, strings out, and how it ends. It knows nothing of WARP.

/** A close code that no frame of this client caused: a server stops, or a relay's socket ended over another page's frame. */
export const serviceRestart = 1012

/** How a socket ended. */
export interface TransportEnd {
  /** The WebSocket close code; 1006 where the peer gave none. */
  code: number
  /** The close reason; often empty. */
  reason: string
  /** The platform's own error, where there was one. */
  cause?: unknown
  /** Of a socket that did not open: what to do, where the platform says why. */
  advice?: string | undefined
  /** Of a refused handshake: its HTTP status, and its `Retry-After`. */
  httpStatus?: number
  retryAfterMs?: number | undefined
  /** Set where the platform ended the socket over what the peer sent, and would do so again: what it was, and what to do. */
  refusal?: { readonly kind: string; readonly advice: string } | undefined
}

/** Hears of a socket's events. `ended` comes at most once, and is the last. */
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
  /** Bytes that have come, without those of pings and pongs. Undefined where the platform shows none, as in a page. */
  readonly receivedBytes: number | undefined
  /** Hands over one text message. Only while open. */
  send(text: string): void
  /** Pauses or resumes the flow of messages, where the platform can (Node, Bun): TCP then holds the peer back. */
  hold(isHeld: boolean): void
  /** Ends the socket; its listener is not called any more. Resolves when the platform has released the socket, if ever. */
  close(): Promise<void>
  /** Ends the socket without waiting for a silent peer, where the platform can (Node, Bun). */
  drop(): void
}

/** Opens a socket to a `ws:` or `wss:` URL. May throw, where the platform refuses the URL or a protocol. */
export type OpenTransport = (
  url: string,
  protocols: readonly string[],
  listener: TransportListener,
  webSocketOptions?: object,
) => Transport
