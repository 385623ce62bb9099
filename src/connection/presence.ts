// Floor 5. How long a host's socket is kept: while it is needed, and for a delay after that. Leaving the page ends the socket.
import type { Cancel, Clock } from '../base/clock.js'
import { onWake } from '../base/wake.js'

export interface PresenceListener {
  /** The socket is needed. */
  wanted(): void
  /** The page may have come back from a sleep, or the network from an outage. */
  woke(): void
  /** The page is being left. */
  leaves(): unknown
  /** The socket has not been needed for the whole delay. */
  unwanted(): void
}

export class Presence {
  readonly #clock: Clock
  readonly #listener: PresenceListener
  #idle: Cancel | undefined
  #sleep: (() => void) | undefined

  constructor(clock: Clock, listener: PresenceListener) {
    this.#clock = clock
    this.#listener = listener
  }

  /** The socket is needed. */
  want(): void {
    const { woke, leaves, wanted } = this.#listener
    this.#idle = void this.#idle?.()
    this.#sleep ??= onWake(woke, leaves)
    wanted()
  }

  /** The socket is not needed now. If that lasts for `delayMs`, calls `unwanted`. */
  rest(delayMs: number): void {
    this.#idle ??= this.#clock.timer(() => {
      this.dispose()
      this.#listener.unwanted()
    }, delayMs)
  }

  dispose(): void {
    this.#idle = void this.#idle?.()
    this.#sleep = void this.#sleep?.()
  }
}
