// Floor 8. Time that moves only when a test moves it. docs/TESTING.md.
import type { Cancel, Clock } from '../base/clock.js'
import { ConfigError } from '../base/errors.js'

/** The longest wait for anything that must come by itself, in virtual milliseconds: longer than any wait of a client. */
export const longestMs = 180_000

/** A promise whose rejection does not count as unhandled. Whoever awaits it later gets the rejection. */
export function hear<T>(promise: T | PromiseLike<T>): Promise<T> {
  const heard = Promise.resolve(promise)
  heard.catch(() => {})
  return heard
}

/** @throws {ConfigError} for a time that is invalid */
function checkMs(option: string, ms: unknown, most: number): void {
  if (typeof ms !== 'number' || !(ms >= 0 && ms <= most))
    throw new ConfigError(option, 'must be milliseconds, from 0 on')
}

interface Task {
  readonly atMs: number
  readonly order: number
  readonly run: () => void
}

type Schedule = (run: () => void) => unknown

/** A function of the platform, unless jest or vitest has replaced it: a replaced one would wait for the test. */
const real = <T>(schedule: T | undefined): T | undefined =>
  typeof schedule === 'function' && !('clock' in schedule) ? schedule : undefined

/** Runs a function after all promises that are due. Found at loading time, mostly before a test replaces timers. */
const laterTurn: Schedule | undefined = (() => {
  const immediate = real(globalThis.setImmediate as Schedule | undefined)
  if (immediate !== undefined) return immediate
  const Channel = real(globalThis.MessageChannel)
  if (Channel !== undefined)
    return run => {
      const { port1, port2 } = new Channel()
      port1.onmessage = () => {
        port1.close()
        run()
      }
      port2.postMessage(0)
    }
  const timeout = real(globalThis.setTimeout)
  return timeout && (run => timeout(run, 0))
})()

/** How many promises may wait for each other, on platforms without a turn of their own. */
const longestChain = 200

/** Resolves once all promises that are due have run. */
async function realTurn(): Promise<void> {
  if (laterTurn !== undefined) return new Promise(resolve => void laterTurn(resolve))
  for (let i = 0; i < longestChain; i++) await undefined
}

/**
 * A clock for clients under test. Only {@link VirtualClock.advance} moves it.
 * @example
 * const clock = new VirtualClock()
 * clock.timer(() => console.log('a second later'), 1000)
 * await clock.advance(1000)
 */
export class VirtualClock implements Clock {
  #nowMs = 0
  #order = 0
  readonly #timers = new Set<Task>()
  readonly #turns = new Set<Task>()
  #random: () => number

  /** @param random returns a random number from 0 to below 1. @default always 0.5 */
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
    // Platforms do the same with waits that are too long.
    if (delayMs >= 2 ** 31) delayMs = 1
    return this.#add(this.#timers, run, delayMs)
  }

  turn(run: () => void): Cancel {
    return this.#add(this.#turns, run, 0)
  }

  frame(run: () => void): Cancel {
    return this.turn(run)
  }

  /** The number of timers that have not run. */
  get pendingTimers(): number {
    return this.#timers.size
  }

  /** Milliseconds until the next timer; undefined without timers. */
  get nextInMs(): number | undefined {
    const next = this.#next(Infinity)
    return next && Math.max(0, next.atMs - this.#nowMs)
  }

  /** Runs all promises and turns that are due, and those that follow from them. */
  async settle(): Promise<void> {
    for (;;) {
      await realTurn()
      const [turn] = this.#turns
      if (turn === undefined) return
      for (const task of [...this.#turns]) {
        if (!this.#turns.delete(task)) continue
        task.run()
      }
    }
  }

  /**
   * Lets time pass. Runs each timer at its moment, with everything that follows from it, before the next timer.
   * @throws {ConfigError} when `ms` is not a number from 0 on
   */
  async advance(ms: number): Promise<void> {
    checkMs('advance', ms, Number.MAX_VALUE)
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

  /** Lets time pass until a promise has settled. Returns false if it has not within `withinMs`, or nothing is left to run. */
  async until(promise: PromiseLike<unknown>, withinMs: number): Promise<boolean> {
    let isDone = false
    const done = () => void (isDone = true)
    promise.then(done, done)
    return this.pass(() => isDone, withinMs)
  }

  /** Lets time pass until `isDone` returns true. Returns false if it has not within `withinMs`, or nothing is left to run. */
  async pass(isDone: () => boolean, withinMs: number): Promise<boolean> {
    checkMs('withinMs', withinMs, Infinity)
    const untilMs = this.#nowMs + withinMs
    await this.settle()
    while (!isDone()) {
      const { nextInMs } = this
      if (nextInMs === undefined) return false
      if (this.#nowMs + nextInMs > untilMs) {
        await this.advance(untilMs - this.#nowMs)
        return isDone()
      }
      await this.advance(nextInMs)
    }
    return true
  }

  /**
   * Lets time pass as while the event loop is blocked. Afterwards the due timers run late, and so do timers set by these that are due.
   * Incoming messages (turns) come after all of these, as on every platform.
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
