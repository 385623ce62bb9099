// Floor 1. What a link needs of a socket: strings in, strings out, and how it ends. It knows no WARP.

/** A close code: a server that stops ends sockets so, over nothing that was sent; a relay does, over what another page has sent. */
export const serviceRestart = 1012

/** How a socket ended. */
export interface TransportEnd {
  /** The WebSocket close code; 1006 where the peer said none. */
  code: number
  /** What the peer said; often empty. */
  reason: string
  /** The platform's own error, where there was one. */
  cause?: unknown
  /** Of a socket that did not open: what to do, as far as the platform says why. */
  advice?: string | undefined
  /** Of a peer that answered the handshake with no: its status, and how long it wants to be left alone. */
  httpStatus?: number
  retryAfterMs?: number | undefined
  /** Where the platform ended the socket over something that the peer sent, as it would the next one: what, and what to do. */
  refusal?: { readonly kind: string; readonly advice: string } | undefined
}

/** Hears of a socket's events. `ended` comes at most once, and is the last. */
export interface TransportListener {
  opened(): void
  /** One text message. */
  received(text: string): void
  /** A message that is not text, or could not be taken. The socket goes on. */
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
  /** Stops the flow of messages, or lets it go on, where the platform can (Node, Bun): the peer is then held back by TCP. */
  hold(isHeld: boolean): void
  /** Ends the socket, and tells its listener nothing more. Resolves when the platform has let go of it, if it ever does. */
  close(): Promise<void>
  /** Ends it without the peer, which is silent, where the platform can (Node, Bun). */
  drop(): void
}

/** Opens a socket to a `ws:` or `wss:` URL. May throw, where the platform refuses the URL or a protocol. */
export type OpenTransport = (
  url: string,
  protocols: readonly string[],
  listener: TransportListener,
  webSocketOptions?: object,
) => Transport
