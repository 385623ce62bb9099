// Floor 3'. Connections that are not sockets yet: handshakes, plain requests, and connections without a request. They have their own
// limit. When it is reached, the connection that has waited longest is closed, so that slow clients can't block others.
import type { Socket } from 'node:net'

/** A key of a connection, with or without TLS. */
const keyOf = ({ remoteAddress, remotePort }: Pick<Socket, 'remoteAddress' | 'remotePort'>): string =>
  `${remoteAddress} ${remotePort}`

export class Slots {
  readonly #room: number
  /** The connection that has waited longest comes first. */
  readonly #waiting = new Map<string, Socket>()

  constructor(room: number) {
    this.#room = room
  }

  arrived(socket: Socket): void {
    const key = keyOf(socket)
    this.#waiting.set(key, socket)
    socket.once('close', () => {
      if (this.#waiting.get(key) === socket) this.#waiting.delete(key)
    })
    if (this.#waiting.size <= this.#room) return
    const [oldestKey, oldest] = this.#waiting.entries().next().value!
    this.#waiting.delete(oldestKey)
    oldest.destroy()
  }

  /** The connection has sent a whole request, and counts as new. */
  asked(socket: Socket): void {
    const key = keyOf(socket)
    const waiting = this.#waiting.get(key)
    if (waiting === undefined) return
    this.#waiting.delete(key)
    this.#waiting.set(key, waiting)
  }

  /** The connection became a WebSocket, and counts as a socket from now on. */
  left(socket: Socket): void {
    this.#waiting.delete(keyOf(socket))
  }
}
