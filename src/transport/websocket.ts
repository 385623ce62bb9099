// Floor 1. The transport of every platform: its own WebSocket in pages and workers, `ws` in Node. Only this file imports
// isomorphic-ws.
import PlatformWebSocket from 'isomorphic-ws'
import { reasons, type Reasons } from './advice.js'
import type { OpenTransport, Transport, TransportEnd, TransportListener } from './transport.js'
import { joinTexts, listenTo, optionsOf, type SocketEvents } from './ws.js'

/** The part of a WebSocket that is used; a browser's, `ws`'s and a test's all have it. */
export interface SocketLike {
  /** Bytes handed over by `send` that are not on the wire yet. */
  readonly bufferedAmount: number
  /** Sends one text message. */
  send(text: string): void
  /** Ends the socket. */
  close(code?: number, reason?: string): void
  /** `ws` alone: listens to an event. */
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

/** Returns a function that opens WebSockets to one host with these options. */
export function openWebSocket({ webSocket, maxFrameChars }: WebSocketOptions): OpenTransport {
  const why = reasons()
  return (url, protocols, listener, webSocketOptions) => {
    const Socket = webSocket ?? platformSocket
    const options = optionsOf(Socket, webSocketOptions, maxFrameChars, Socket === platformSocket)
    const socket = new Socket(url, [...protocols], options)
    return attach(socket, listener, maxFrameChars, why, events => listenTo(socket, events, url, options))
  }
}

/** @param listenToWs listens to the socket, if it is of `ws` */
function attach(
  socket: SocketLike,
  listener: TransportListener,
  maxFrameChars: number,
  why: Reasons,
  listenToWs: (events: SocketEvents) => (() => number | undefined) | undefined,
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
    listener.ended({ code: code || 1006, reason, cause, ...why(cause, connecting && reason === ''), ...more })
  }
  const failed = (error: unknown) => {
    cause = error
    // Some platforms (Node 22's own WebSocket) say `error` and never `close` where connecting fails.
    if (connecting) ended()
  }

  const receivedBytes = listenToWs({ opened, received, failed, ended })
  if (receivedBytes === undefined) {
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
      return receivedBytes?.()
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
