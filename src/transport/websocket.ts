// Floor 1. The transport of every platform: its own WebSocket in pages and workers, `ws` in Node. Only this file imports
// isomorphic-ws.
import PlatformWebSocket from 'isomorphic-ws'
import { adviceOn, hear, refusalBy, type Answer } from './advice.js'
import { askForWire, cutTexts } from './cutter.js'
import { joinTexts } from './joiner.js'
import type { OpenTransport, Transport, TransportEnd, TransportListener } from './transport.js'

/** The part of a WebSocket that is used; a browser's, `ws`'s and a test's all have it. */
export interface SocketLike {
  /** Bytes handed over by `send` that are not on the wire yet. */
  readonly bufferedAmount: number
  /** Sends one text message. */
  send(text: string): void
  /** Ends the socket. */
  close(code?: number, reason?: string): void
  /** `ws` alone: messages by event emitter are cheaper there than by event objects (bench/frames.bench). */
  on?(type: string, listener: (...args: never[]) => void): unknown
  /** `ws` and Bun: stops the flow of messages. */
  pause?(): void
  /** `ws` and Bun: lets it go on. */
  resume?(): void
  /** `ws` and Bun: ends the socket without the peer. */
  terminate?(): void
  /** Set by the client, as the next three are. */
  onopen: ((event: never) => void) | null
  /** Its event has the message as `data`. */
  onmessage: ((event: never) => void) | null
  /** Its event may have an `error`. */
  onerror: ((event: never) => void) | null
  /** Its event has `code` and `reason`. */
  onclose: ((event: never) => void) | null
}

/** A WebSocket class. `options` are its third argument, undefined where none are given (`ws` takes them, browsers do not). */
export type SocketClass = new (url: string, protocols?: string[], options?: object) => SocketLike

/** The platform's own: `WebSocket` in pages and workers, `ws` in Node. */
export const platformSocket = PlatformWebSocket as unknown as SocketClass

/** What of the platform's WebSocket can be chosen. */
export interface WebSocketOptions {
  /** @default the platform's: `WebSocket` in pages and workers, `ws` in Node */
  webSocket?: SocketClass
  /** The longest message taken, in UTF-16 units; in Node a longer one ends the socket, as `ws` can't skip it. */
  maxFrameChars: number
}

/** The longest text in V8, in characters. Turning a longer message into a text would throw. */
const mostBytes = 2 ** 29 - 24

/** Returns a function that opens WebSockets with these options. */
export const openWebSocket =
  ({ webSocket, maxFrameChars }: WebSocketOptions): OpenTransport =>
  (url, protocols, listener, webSocketOptions) => {
    const Socket = webSocket ?? platformSocket
    // Whether the class is that of the `ws` package, which takes options. The classes of browsers and of Bun do not.
    const isWs = 'on' in (Socket.prototype as object)
    const options = isWs
      ? // Three bytes of UTF-8 hold any UTF-16 unit.
        { maxPayload: Math.min(maxFrameChars * 3, mostBytes), perMessageDeflate: false, ...webSocketOptions }
      : webSocketOptions
    if (isWs && Socket === platformSocket) askForWire(options!)
    const socket = new Socket(url, [...protocols], options)
    return attach(socket, listener, maxFrameChars, (answer, ended) => hear(answer, url, options, ended))
  }

/** How much a Node socket has received. Includes parts of messages still on their way, which `ws` does not show. */
interface Wire {
  readonly bytesRead?: number
}

/** The header of a ping or pong, which is never long. */
const headerBytes = 2

function attach(
  socket: SocketLike,
  listener: TransportListener,
  maxFrameChars: number,
  hearNo: (answer: Answer, ended: (end: Partial<TransportEnd>) => void) => void,
): Transport {
  let cause: unknown
  let over = false
  let letGo = () => {}
  const isGone = new Promise<void>(resolve => (letGo = resolve))

  let connecting = true
  const opened = () => {
    connecting = false
    if (!over) listener.opened()
  }
  const received = (data: unknown) => {
    if (over) return
    if (typeof data !== 'string') listener.refused('a binary message')
    else if (data.length > maxFrameChars)
      listener.refused(`a message of ${data.length} characters, the limit being ${maxFrameChars}`)
    else listener.received(data)
  }
  // If the peer gave no code, Deno gives 0.
  const ended = (code?: number, reason = '', more?: Partial<TransportEnd>) => {
    letGo()
    if (over) return
    over = true
    // A given reason is better than a guess.
    const advice = connecting && reason === '' ? adviceOn(cause) : undefined
    listener.ended({ code: code || 1006, reason, cause, advice, refusal: refusalBy(cause), ...more })
  }
  const failed = (error: unknown) => {
    cause = error
    // Some platforms (Node 22's own WebSocket) say `error` and never `close` where connecting fails.
    if (connecting) ended()
  }

  let wire: Wire | undefined
  let controlBytes = 0
  if (typeof socket.on === 'function') {
    const control = (data: { readonly length: number }) => (controlBytes += headerBytes + data.length)
    // The socket is only read from: a listener on it would take bytes from `ws`.
    socket.on('upgrade', (response?: { readonly socket?: Wire }) => (wire = response?.socket))
    socket.on('unexpected-response', (_: unknown, answer: Answer) => hearNo(answer, end => ended(1006, '', end)))
    socket.on('ping', control)
    socket.on('pong', control)
    socket.on('open', opened)
    socket.on('message', (data: { toString(): string }, isBinary: boolean) =>
      received(isBinary ? data : data.toString()),
    )
    cutTexts(socket, received)
    socket.on('error', failed)
    socket.on('close', (code: number, reason: { toString(): string }) => ended(code, String(reason)))
  } else {
    socket.onopen = opened
    socket.onmessage = (event: { data: unknown }) => received(event.data)
    socket.onerror = (event: { error?: unknown }) => failed(event.error)
    socket.onclose = (event: { code: number; reason: string }) => ended(event.code, event.reason)
  }

  const out = joinTexts(socket)

  return {
    get bufferedBytes() {
      return out.bufferedAmount
    },
    get receivedBytes() {
      return wire?.bytesRead === undefined ? undefined : wire.bytesRead - controlBytes
    },
    send: text => out.send(text),
    hold: isHeld => socket[isHeld ? 'pause' : 'resume']?.(),
    close() {
      over = true
      try {
        socket.close(1000)
      } catch {
        // `ws` throws on a close before the end of the handshake. Its error event for the same is ignored, by `over`.
      }
      return isGone
    },
    drop: () => socket.terminate?.(),
  }
}
