// Floor 3'. Pauses the reading of a client's frames while there is a reason to hold them.
import type { Wire } from './wire.js'

/** Why a client's frames are not read for a while. */
export type Hold = 'auth' | 'rate' | 'store' | 'answers'

export class Gate {
  readonly #wire: Wire
  readonly #holds = new Set<Hold>()

  constructor(wire: Wire) {
    this.#wire = wire
  }

  isHeldFor(why: Hold): boolean {
    return this.#holds.has(why)
  }

  get isHeld(): boolean {
    return this.#holds.size > 0
  }

  hold(why: Hold): void {
    this.#holds.add(why)
    this.#wire.pause()
  }

  release(why: Hold): void {
    if (this.#holds.delete(why) && this.#holds.size === 0) this.#wire.resume()
  }
}
