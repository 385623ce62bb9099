// Floor 5. Which subprotocol to offer. A SwimOS Java host confirms none, and a client that offered one must then fail. A Rust host
// refuses a client that does not offer warp0. Only an attempt shows which host it is.

export class Handshake {
  /** The subprotocols to offer always, if the user gave any. */
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

  /** Until an attempt has succeeded, the next one tries the other offer. Returns whether to try at once, and report no failure. */
  failed(): boolean {
    if (this.#isProven || this.fixed !== undefined) return false
    this.#offersWarp = !this.#offersWarp
    return this.#failures++ === 0
  }
}
