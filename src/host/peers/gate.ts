// Floor 3'. Whether a client is read: only while nobody holds it.
import type { Wire } from './wire.js'

/** Why a client is not read for a while. */
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
