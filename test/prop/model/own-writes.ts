// The own write that shows at each key, and whether it gives way as it may: to what the host came to hold after it, or instead.
import { equals, stringify, type Value } from '../../../src/recon/index.js'
import type { HostLane } from '../../support/host-lane.js'
import { isHeard } from './values.js'

export class OwnWrites {
  readonly #own = new Map<unknown, Value>()
  /** Those whose echo has come outside of a sync: the host has decided, and a remove that is older may still take them away. */
  readonly #echoed = new Set<unknown>()
  readonly #lane: HostLane
  readonly #heard: ReadonlySet<string>
  readonly #fail: (message: string) => void

  /** @param heard the values that the host was told to put */
  constructor(lane: HostLane, heard: ReadonlySet<string>, fail: (message: string) => void) {
    this.#lane = lane
    this.#heard = heard
    this.#fail = fail
  }

  get(id: unknown): Value | undefined {
    return this.#own.get(id)
  }

  /** An own write shows at a key. */
  laid(id: unknown, value: Value): void {
    this.#echoed.delete(id)
    this.#own.set(id, value)
  }

  /** An event outside of a sync says that the lane has a value. */
  echoed(id: unknown, value: Value): void {
    const own = this.#own.get(id)
    if (own !== undefined && equals(own, value)) this.#echoed.add(id)
  }

  /** None does any more, and that is right. */
  forget(id: unknown): void {
    this.#own.delete(id)
  }

  /** The same for all keys. Returns the undo. */
  forgetAll(): () => void {
    const before = [...this.#own]
    this.#own.clear()
    return () => before.forEach(([id, value]) => this.#own.set(id, value))
  }

  /** Another value shows: it must be what the lane came to hold after the own one, or instead of it. */
  updated(id: unknown, value: Value): void {
    const own = this.#own.get(id)
    if (own === undefined || equals(own, value)) return
    this.#own.delete(id)
    const what = `own ${stringify(own)} gave way to ${stringify(value)}`
    if (!isHeard(this.#heard, own)) this.#fail(`flicker at ${String(id)}: ${what} before the host had heard of it`)
    const taken = this.#lane.placeOf(id, own)
    const shown = this.#lane.lastPlaceOf(id, value ?? {})
    if (taken !== undefined && shown !== undefined && shown < taken)
      this.#fail(`flicker at ${String(id)}: ${what}, which the lane held before it`)
  }

  /** No value shows: the lane must have lost the own one, after it held it. */
  removed(id: unknown): void {
    const own = this.#own.get(id)
    if (own === undefined) return
    this.#own.delete(id)
    const what = `own ${stringify(own)} vanished at ${String(id)}`
    if (!isHeard(this.#heard, own)) this.#fail(`${what} before the host had heard of it`)
    if (this.#echoed.has(id)) return
    // The first time: what was sent again on another socket the lane may have held, lost, and held once more.
    const taken = this.#lane.placeOf(id, own)
    const isLost = this.#lane.putsOf(id).some(({ place, value }) => place > taken! && value === undefined)
    if (taken !== undefined && !isLost) this.#fail(`flicker: ${what} for a remove that came before it`)
  }
}
