// Floor 9. Writes keys of its own for a bench, and removes them at the end.
import { setTimeout as after } from 'node:timers/promises'
import { nowMs } from '../clock.js'
import { Fault } from '../fault.js'
import type { LaneMap } from '../lane.js'
import type { Session } from '../session.js'
import { Samples } from './samples.js'

/** Keys of each client. Fewer writes than that are under way at a time, so that no two concern one key. */
const keysEach = 100
const windowSize = 64

export class Writer {
  readonly alone = new Samples()
  readonly busy = new Samples()
  refused = 0
  #busyWrites = 0
  readonly #session: Session
  readonly #map: LaneMap
  readonly #prefix: string
  readonly #written = new Set<string>()
  #next = 0

  /** @param prefix of the keys of this client */
  constructor(session: Session, map: LaneMap, prefix: string) {
    this.#session = session
    this.#map = map
    this.#prefix = prefix
  }

  /** How many writes were decided in the phase with many writes at a time. */
  get busyWrites(): number {
    return this.#busyWrites
  }

  /** Writes once, and waits until the lane has decided. */
  async write(samples: Samples): Promise<void> {
    const n = this.#next++
    const key = `${this.#prefix}${n % keysEach}`
    this.#written.add(key)
    const beganAt = nowMs()
    const outcome = await this.#session.reach(this.#map.put(key, n, { timeoutMs: this.#session.timeoutMs }))
    samples.add(nowMs() - beganAt)
    if (outcome === 'refused') this.refused++
  }

  /** Writes one at a time. */
  async oneByOne(untilMs: number, isOver: () => boolean): Promise<void> {
    while (nowMs() < untilMs && !isOver()) await this.write(this.alone)
  }

  /** Writes many at a time. @param rate writes per second; Infinity: as fast as they are decided */
  async atRate(untilMs: number, rate: number, isOver: () => boolean): Promise<void> {
    const underWay = new Set<Promise<void>>()
    let failure: unknown
    const beganAt = nowMs()
    for (let n = 0; nowMs() < untilMs && !isOver() && failure === undefined; n++) {
      const early = (n / rate) * 1000 - (nowMs() - beganAt)
      const left = untilMs - nowMs()
      if (early > 1) await after(Math.min(early, left))
      // A timer may end a little early: what is due after the end is never written.
      if (early > left || nowMs() >= untilMs || isOver()) break
      const write = this.write(this.busy)
        .then(
          () => void this.#busyWrites++,
          (error: unknown) => void (failure ??= error),
        )
        .finally(() => underWay.delete(write))
      underWay.add(write)
      if (underWay.size >= windowSize) await Promise.race(underWay)
    }
    await Promise.all(underWay)
    if (failure !== undefined) throw failure
  }

  /** Removes the written keys. @throws {Fault} naming the keys that are left */
  async clean(): Promise<void> {
    const { timeoutMs } = this.#session
    // Wait for writes under way first.
    await this.#map.settled({ timeoutMs }).catch(() => {})
    const keys = [...this.#written]
    const ends = await Promise.allSettled(keys.map(key => this.#map.remove(key, { timeoutMs })))
    const left = keys.filter((key, i) => ends[i]!.status === 'rejected' || this.#map.has(key))
    if (left.length > 0)
      throw new Fault(
        `${left.length} keys that begin with ${this.#prefix} may be left there: look with swimlink get --keys`,
      )
    this.#written.clear()
  }
}
