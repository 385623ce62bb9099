// Floor 5. For how long a host's socket is worth having: while somebody needs it, a while longer, and as long as the page is there.
import type { Cancel, Clock } from '../base/clock.js'
import { onWake } from '../base/wake.js'

export interface PresenceListener {
  /** Somebody needs the socket. */
  wanted(): void
  /** The page may have come back from a sleep, or the network from an outage. */
  woke(): void
  /** The page is being left. */
  leaves(): unknown
  /** Nobody has needed the socket for long enough. */
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

  /** Somebody needs the socket. */
  want(): void {
    const { woke, leaves, wanted } = this.#listener
    this.#idle = void this.#idle?.()
    this.#sleep ??= onWake(woke, leaves)
    wanted()
  }

  /** Nobody does, and if nobody does for so long, it goes. */
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
