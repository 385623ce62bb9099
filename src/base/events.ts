// Floor 0. Events, by way of mitt: a listener that throws or rejects is reported and starves no other.
import mitt, { type Emitter as Mitt } from 'mitt'
import type { Clock } from './clock.js'
import { ConfigError, messageOf, say } from './errors.js'

/** Takes back a subscription; safe to call twice. */
export type Unsubscribe = () => void

/** The part of an `AbortSignal` that is used, for projects whose types have none: those without DOM. */
export interface SignalLike {
  /** Whether it was aborted. */
  readonly aborted: boolean
  /** What it was aborted with. */
  readonly reason: unknown
  /** Throws the reason, where it was aborted. */
  throwIfAborted(): void
  /** Calls `listener` when it aborts. */
  addEventListener(type: 'abort', listener: () => void): void
  /** Takes a listener back. */
  removeEventListener(type: 'abort', listener: () => void): void
}

/** What waits for a signal: one listener of it calls them all. */
class Aborts extends Set<() => void> {
  readonly abort = () => [...this].forEach(act => act())
}

const aborts = new WeakMap<SignalLike, Aborts>()

/**
 * Calls `act` when a signal aborts, where there is one. Returns its undo. However many wait for a signal, it has one listener: Node
 * warns of more than ten.
 */
export function onAbort(signal: SignalLike | undefined, act: () => void): Unsubscribe {
  if (signal === undefined) return () => {}
  const all = aborts.get(signal) ?? new Aborts()
  if (all.size === 0) signal.addEventListener('abort', all.abort)
  aborts.set(signal, all.add(act))
  return () => {
    if (all.delete(act) && all.size === 0) signal.removeEventListener('abort', all.abort)
  }
}

type Arguments<F> = F extends (...args: infer A) => unknown ? A : never

/** Called with what a listener threw, or what its promise rejected with. */
export type ReportFault = (cause: unknown, type: string) => void

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
  typeof (value as { then?: unknown }).then === 'function'

/** Calls a listener, and reports what it throws, or what its promise rejects with. */
export function callListener<A extends unknown[]>(
  report: ReportFault,
  type: string,
  listener: (...args: A) => unknown,
  ...args: A
): void {
  try {
    const result = listener(...args)
    // Any thenable, as promises of other realms are; adopted, since its `then` may throw, or call back twice.
    if (isThenable(result)) Promise.resolve(result).then(undefined, (cause: unknown) => report(cause, type))
  } catch (cause) {
    report(cause, type)
  }
}

/**
 * How far what listeners bring about is sent in one turn of the event loop: an event, what its listeners bring about, what that brings
 * about, and so on. A listener that writes at each write would go on for ever, and no page would draw any more.
 */
const mostLinks = 100

/** Lets several emitters send events one after another: what a listener brings about is sent after its event, not within it. */
export class Turns {
  readonly #clock: Pick<Clock, 'turn'> | undefined
  #isBusy = false
  readonly #waiting: (() => void)[] = []
  /** What was thrown in this turn. */
  #faults: unknown[] = []

  /** @param clock gives the turns for long chains of events. Without it a chain is sent in one turn, however long it is */
  constructor(clock?: Pick<Clock, 'turn'>) {
    this.#clock = clock
  }

  /**
   * Runs `act`. Events emitted within it wait, and are sent in order when it ends, even if it throws. Within another `run` they
   * wait for that one.
   * @throws what `act` or a waiting event threw, after all events are sent; an AggregateError where that is more than one thing
   */
  run<A extends unknown[]>(act: (...args: A) => void, ...args: A): void {
    if (this.#isBusy) return act(...args)
    this.begin()
    try {
      act(...args)
    } catch (cause) {
      this.#faults.push(cause)
    }
    this.end()
  }

  /** Whether events wait. */
  get isBusy(): boolean {
    return this.#isBusy
  }

  /** For an emitter, for which `run` takes too long (10 of 25 ns an event). What follows must not throw before `end`. */
  begin(): void {
    this.#isBusy = true
  }

  /** Sends what waits, and what comes of that. Throws as `run` does. */
  readonly end = (): void => {
    if (this.#waiting.length > 0) this.#send()
    // What is left is sent in another turn, and what comes until then waits behind it.
    this.#isBusy = this.#waiting.length > 0
    if (this.#faults.length > 0) this.#throw()
  }

  /** Keeps what was thrown, to throw it when the turn ends. */
  failed(cause: unknown): void {
    this.#faults.push(cause)
  }

  /** Sends an event when the turn ends. */
  later(send: () => void): void {
    this.#waiting.push(send)
  }

  #send(): void {
    const waiting = this.#waiting
    // The list grows while it is worked off: behind `end` is what its events before that brought about.
    let end = waiting.length
    let links = 0
    for (let i = 0; i < waiting.length; i++) {
      if (i === end) {
        if (++links === mostLinks && this.#clock !== undefined) {
          waiting.splice(0, i)
          this.#clock.turn(this.end)
          return
        }
        end = waiting.length
      }
      try {
        waiting[i]!()
      } catch (cause) {
        this.#faults.push(cause)
      }
    }
    // The list is kept: a new one came to be kept with what is old, and all that it ever held with it. One process in five so
    // spent two thirds of its time on garbage.
    waiting.length = 0
  }

  #throw(): never {
    const faults = this.#faults
    this.#faults = []
    throw faults.length === 1 ? faults[0] : new AggregateError(faults, messageOf(faults[0]))
  }
}

/** Events by name, `E` giving each one's listener. */
export class Emitter<E extends object> {
  // mitt keeps the lists, from the first listener on; its own emit would let one throwing listener stop the rest.
  #mitt: Mitt<Record<keyof E, unknown>> | undefined
  readonly #report: ReportFault
  readonly #turns: Turns

  constructor(report: ReportFault, turns = new Turns()) {
    this.#report = report
    this.#turns = turns
  }

  /** Calls `listener` at each `type` from now on. Returns its undo. @throws {ConfigError} when it is no function */
  on<T extends keyof E>(type: T, listener: E[T]): Unsubscribe {
    if (typeof listener !== 'function') throw new ConfigError(String(type), say`must be a function, got ${listener}`)
    // Bound, so that a function subscribed twice is two subscriptions, each with its own undo. A function may lack `bind`.
    const own = Function.prototype.bind.call(listener, undefined) as (event: unknown) => void
    const lists = (this.#mitt ??= (mitt as unknown as () => Mitt<Record<keyof E, unknown>>)())
    lists.on(type, own)
    return () => lists.off(type, own)
  }

  /** Whether anyone listens: what only a listener would read need not be made. */
  has(type: keyof E): boolean {
    return (this.#mitt?.all.get(type)?.length ?? 0) > 0
  }

  /** Calls the listeners of `type` in order of subscription, over a copy of their list, once it is this event's turn. */
  emit<T extends keyof E>(type: T, ...args: Arguments<E[T]>): void {
    const listeners = this.#mitt?.all.get(type)
    if (listeners === undefined || listeners.length === 0) return
    const turns = this.#turns
    // The arguments are handed on spread, so that engines need not make a list of them: that and the copy took 50 ns.
    if (turns.isBusy) {
      for (const listener of listeners) this.#later(type, listener, ...args)
      return
    }
    turns.begin()
    if (listeners.length === 1) this.#call(type, listeners[0], ...args)
    else for (const listener of listeners.slice()) this.#call(type, listener, ...args)
    turns.end()
  }

  // Apart, so that only an event that waits pays for a closure.
  #later<T extends keyof E>(type: T, listener: unknown, ...args: Arguments<E[T]>): void {
    this.#turns.later(() => this.#call(type, listener, ...args))
  }

  #call<T extends keyof E>(type: T, listener: unknown, ...args: Arguments<E[T]>): void {
    try {
      callListener(this.#report, type as string, listener as (...args: Arguments<E[T]>) => unknown, ...args)
    } catch (cause) {
      // Reporting failed.
      this.#turns.failed(cause)
    }
  }

  /** Forgets every listener. */
  clear(): void {
    this.#mitt?.all.clear()
  }
}
