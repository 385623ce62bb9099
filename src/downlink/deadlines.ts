// Floor 5. Time limits of one length. They pass in the order in which they began, so one timer serves them all.
import type { Cancel, Clock } from '../base/clock.js'
import { leave, Queue, type Queued } from '../write/queue.js'

/** Something that may have one time limit. */
export interface Limited extends Queued {
  readonly isOver: boolean
  /** When its time is over, by the client's clock; undefined before its time has begun. Only `Deadlines` sets this and the next. */
  dueMs: number | undefined
  deadlines: Deadlines | undefined
  /** Its time is over. */
  late(afterMs: number): void
}

export class Deadlines {
  readonly #clock: Clock
  readonly #afterMs: number
  readonly #queue = new Queue<Limited>()
  /** Stops the timer, which is armed while anything waits: for the first, or for one that was before the first and has ended. */
  #cancel: Cancel | undefined

  /** @param afterMs the length of each time limit, in milliseconds */
  constructor(clock: Clock, afterMs: number) {
    this.#clock = clock
    this.#afterMs = afterMs
  }

  /** The time of an item begins, unless it has begun before. O(1); no timer is made while others wait. */
  begin(item: Limited, nowMs: number): void {
    if (item.isOver || item.dueMs !== undefined) return
    item.dueMs = nowMs + this.#afterMs
    // Platforms count no more than 24 days.
    if (this.#afterMs >= 2 ** 31) return
    item.deadlines = this
    this.#queue.add(item)
    this.#cancel ??= this.#clock.timer(this.#check, this.#afterMs)
  }

  /** An item needs no time limit any more. The last takes the timer with it, which would keep a Node process alive. O(1). */
  end(item: Limited): void {
    leave(item)
    if (this.#queue.isEmpty) this.#cancel = void this.#cancel?.()
  }

  readonly #check = (): void => {
    const nowMs = this.#clock.now()
    let first: Limited | undefined
    while ((first = this.#queue.first) && first.dueMs! <= nowMs) first.late(this.#afterMs)
    this.#cancel = first && this.#clock.timer(this.#check, first.dueMs! - nowMs)
  }
}
