// Time that moves when a test says so.
import type { Cancel, Clock } from '../../src/base/clock.js'

interface Task {
  readonly atMs: number
  readonly order: number
  readonly run: () => void
}

export class FakeClock implements Clock {
  #nowMs = 0
  #order = 0
  readonly #timers = new Set<Task>()
  readonly #turns = new Set<Task>()
  #random: () => number

  constructor(random: () => number = () => 0.5) {
    this.#random = random
  }

  now(): number {
    return this.#nowMs
  }

  random(): number {
    return this.#random()
  }

  timer(run: () => void, delayMs: number): Cancel {
    // As platforms do with what they can't count.
    if (delayMs >= 2 ** 31) delayMs = 1
    return this.#add(this.#timers, run, delayMs)
  }

  turn(run: () => void): Cancel {
    return this.#add(this.#turns, run, 0)
  }

  frame(run: () => void): Cancel {
    return this.turn(run)
  }

  /** Timers that have not run. */
  get pendingTimers(): number {
    return this.#timers.size
  }

  /** Runs all promises and turns that are due, and those they bring about. */
  async settle(): Promise<void> {
    for (;;) {
      // One real turn of the loop lets every microtask run.
      await new Promise<void>(resolve => setImmediate(resolve))
      const [turn] = this.#turns
      if (turn === undefined) return
      for (const task of [...this.#turns]) {
        if (!this.#turns.delete(task)) continue
        task.run()
      }
    }
  }

  /** Lets time pass, running each timer at its moment, and what it brings about before the next. */
  async advance(ms: number): Promise<void> {
    await this.settle()
    const untilMs = this.#nowMs + ms
    for (;;) {
      const next = this.#next(untilMs)
      if (next === undefined) break
      this.#timers.delete(next)
      this.#nowMs = Math.max(this.#nowMs, next.atMs)
      next.run()
      await this.settle()
    }
    this.#nowMs = untilMs
  }

  /**
   * Time passes while the loop is blocked. Then the timers that are due run, each late and none in its moment, and those they
   * set that are due by then; what is read (a turn) comes after them, as on every platform.
   */
  async block(ms: number): Promise<void> {
    this.#nowMs += ms
    for (let next = this.#next(this.#nowMs); next !== undefined; next = this.#next(this.#nowMs)) {
      this.#timers.delete(next)
      next.run()
    }
    await this.settle()
  }

  #next(untilMs: number): Task | undefined {
    let next: Task | undefined
    for (const task of this.#timers) {
      if (task.atMs > untilMs) continue
      if (next === undefined || task.atMs < next.atMs || (task.atMs === next.atMs && task.order < next.order))
        next = task
    }
    return next
  }

  #add(tasks: Set<Task>, run: () => void, delayMs: number): Cancel {
    const task = { atMs: this.#nowMs + delayMs, order: this.#order++, run }
    tasks.add(task)
    return () => tasks.delete(task)
  }
}
