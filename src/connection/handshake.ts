// Floor 5. Which subprotocol to offer. A SwimOS Java host confirms none, and clients must then fail where one was offered; a
// Rust host refuses whoever does not offer warp0. Nothing but a try tells which it is.

export class Handshake {
  /** What to offer always, where the user says so. */
  fixed: readonly string[] | undefined
  #offersWarp = false
  #isProven = false
  #failures = 0

  constructor(fixed: readonly string[] | undefined) {
    this.fixed = fixed
  }

  offer(): readonly string[] {
    return this.fixed ?? (this.#offersWarp ? ['warp0'] : [])
  }

  opened(): void {
    this.#isProven = true
  }

  /** Tries the other way next, until one has worked. Returns whether that is worth doing at once, without a word of failure. */
  failed(): boolean {
    if (this.#isProven || this.fixed !== undefined) return false
    this.#offersWarp = !this.#offersWarp
    return this.#failures++ === 0
  }
}
