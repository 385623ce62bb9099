// Floor 3'. Connections that are no sockets yet: handshakes, plain requests, and those that only look so. They have room of their
// own, and where it is full the one that has been at it longest gives way, so that nobody holds it by being slow.
import type { Socket } from 'node:net'

/** One connection, whether TLS is spoken over it or not. */
const keyOf = ({ remoteAddress, remotePort }: Pick<Socket, 'remoteAddress' | 'remotePort'>): string =>
  `${remoteAddress} ${remotePort}`

export class Slots {
  readonly #room: number
  /** The one that has been at it longest comes first. */
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

  /** It has sent a whole request, and is as good as new. */
  asked(socket: Socket): void {
    const key = keyOf(socket)
    const waiting = this.#waiting.get(key)
    if (waiting === undefined) return
    this.#waiting.delete(key)
    this.#waiting.set(key, waiting)
  }

  /** It is a WebSocket from now on, and counts as one. */
  left(socket: Socket): void {
    this.#waiting.delete(keyOf(socket))
  }
}
