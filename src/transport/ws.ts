// Floor 1. The sockets of the `ws` package: more than a page's, they take options, and show their bytes and the answers that refuse.
// Pages have ws-in-pages.ts in the place of this.
import { hear, type Answer } from './advice.js'
import { askForWire, cutTexts } from './cutter.js'
import type { TransportEnd } from './transport.js'

export { joinTexts } from './joiner.js'

/** The part of a `ws` that is used. Messages by event emitter are cheaper there than by event objects (bench/frames.bench). */
interface Ws {
  on?(type: string, listener: (...args: never[]) => void): unknown
}

/** Notified of a socket's events. */
export interface SocketEvents {
  opened(): void
  received(data: unknown): void
  failed(error: unknown): void
  ended(code?: number, reason?: string, more?: Partial<TransportEnd>): void
}

/** How much a Node socket has received. Includes parts of messages still on their way, which `ws` does not show. */
interface Wire {
  readonly bytesRead?: number
}

/** The header of a ping or pong, which is never long. */
const headerBytes = 2

/** The longest text in V8, in characters. Turning a longer message into a text would throw. */
const mostBytes = 2 ** 29 - 24

/**
 * The options for a socket of this class: of `ws`, with defaults.
 * @param isOwn whether the class is that of the platform, and not one that was given
 */
export function optionsOf(
  Socket: { readonly prototype: object },
  given: object | undefined,
  maxFrameChars: number,
  isOwn: boolean,
): object | undefined {
  // The classes of browsers and of Bun have no emitter, and take no options.
  if (!('on' in Socket.prototype)) return given
  // Three bytes of UTF-8 hold any UTF-16 unit.
  const options = { maxPayload: Math.min(maxFrameChars * 3, mostBytes), perMessageDeflate: false, ...given }
  if (isOwn) askForWire(options)
  return options
}

/** Listens to a socket of `ws`. Returns what gives the bytes it has received; undefined where the socket is of another class. */
export function listenTo(
  socket: Ws,
  { opened, received, failed, ended }: SocketEvents,
  url: string,
  options: object | undefined,
): (() => number | undefined) | undefined {
  if (typeof socket.on !== 'function') return undefined
  let wire: Wire | undefined
  let controlBytes = 0
  const control = (data: { readonly length: number }) => (controlBytes += headerBytes + data.length)
  // The socket is only read from: a listener on it would take bytes from `ws`.
  socket.on('upgrade', (response?: { readonly socket?: Wire }) => (wire = response?.socket))
  socket.on('unexpected-response', (_: unknown, answer: Answer) =>
    hear(answer, url, options, end => ended(1006, '', end)),
  )
  socket.on('ping', control)
  socket.on('pong', control)
  socket.on('open', opened)
  socket.on('message', (data: { toString(): string }, isBinary: boolean) => received(isBinary ? data : data.toString()))
  cutTexts(socket, received)
  socket.on('error', failed)
  socket.on('close', (code: number, reason: { toString(): string }) => ended(code, String(reason)))
  return () => (wire?.bytesRead === undefined ? undefined : wire.bytesRead - controlBytes)
}
