// Floor 6. One frame for all views of a clock: first all views are brought up to date, then all listeners are called.
import type { Cancel, Clock } from '../base/clock.js'

/** A table that the schedule brings up to date. */
export interface Settles {
  settle(): void
}

const schedules = /* @__PURE__ */ new WeakMap<Clock, Schedule>()

/** The schedule of a clock; the same at each call. */
export function scheduleOf(clock: Clock): Schedule {
  const schedule = schedules.get(clock) ?? new Schedule(clock)
  schedules.set(clock, schedule)
  return schedule
}

export class Schedule {
  readonly clock: Clock
  #isAsked = false
  #nodes = new Set<Settles>()
  #runs = new Set<() => void>()
  /** The functions to run in the current frame. */
  #due = new Set<() => void>()

  constructor(clock: Clock) {
    this.clock = clock
  }

  /** Brings a table up to date in the next frame. */
  add(node: Settles): void {
    this.#nodes.add(node)
    this.#ask()
  }

  /** Calls `run` in the next frame; while views are brought up to date, in the current frame. */
  frame(run: () => void): Cancel {
    this.#runs.add(run)
    this.#ask()
    return () => {
      this.#runs.delete(run)
      this.#due.delete(run)
    }
  }

  #ask(): void {
    if (this.#isAsked) return
    this.#isAsked = true
    this.clock.frame(this.#run)
  }

  readonly #run = (): void => {
    const nodes = this.#nodes
    this.#nodes = new Set()
    for (const node of nodes) node.settle()
    this.#isAsked = this.#nodes.size > 0
    if (this.#isAsked) this.clock.frame(this.#run)
    const due = (this.#due = this.#runs)
    this.#runs = new Set()
    for (const run of due) {
      due.delete(run)
      run()
    }
  }
}
