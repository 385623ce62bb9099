// Floor 3'. Whether a socket is read: only while nobody holds it.
import type { WebSocket } from 'ws'

/** Why a socket is not read for a while. */
export type Hold = 'auth' | 'rate' | 'store' | 'answers'

export class Gate {
  readonly #webSocket: WebSocket
  readonly #holds = new Set<Hold>()

  constructor(webSocket: WebSocket) {
    this.#webSocket = webSocket
  }

  isHeldFor(why: Hold): boolean {
    return this.#holds.has(why)
  }

  get isHeld(): boolean {
    return this.#holds.size > 0
  }

  hold(why: Hold): void {
    this.#holds.add(why)
    this.#webSocket.pause()
  }

  release(why: Hold): void {
    if (this.#holds.delete(why) && this.#holds.size === 0) this.#webSocket.resume()
  }
}
