// Floor 0. Events, built on mitt. If a listener throws or rejects, that is reported, and the other listeners are still called.
import mitt, { type Emitter as Mitt } from 'mitt'
import type { Clock } from './clock.js'
import { ConfigError, messageOf, say } from './errors.js'

/** Removes a subscription. Safe to call twice. */
export type Unsubscribe = () => void

/** The part of `AbortSignal` that is used, for projects without the types of the DOM. */
export interface SignalLike {
  /** Whether the signal was aborted. */
  readonly aborted: boolean
  /** The reason that was given for the abort. */
  readonly reason: unknown
  /** Throws the reason, if the signal was aborted. */
  throwIfAborted(): void
  /** Calls `listener` when the signal aborts. */
  addEventListener(type: 'abort', listener: () => void): void
  /** Removes a listener. */
  removeEventListener(type: 'abort', listener: () => void): void
}

/** The functions that wait for a signal. The only listener on the signal calls them all. */
class Aborts extends Set<() => void> {
  readonly abort = () => [...this].forEach(act => act())
}

const aborts = new WeakMap<SignalLike, Aborts>()

/**
 * Calls `act` when a signal aborts, if there is a signal. Returns its undo. A signal gets one listener, however many functions wait
 * for it: Node warns of more than ten.
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

/** Called with the error that a listener threw, or with which its promise rejected. */
export type ReportFault = (cause: unknown, type: string) => void

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
  typeof (value as { then?: unknown }).then === 'function'

/** Calls a listener. Reports the error that it throws, or with which its promise rejects. */
export function callListener<A extends unknown[]>(
  report: ReportFault,
  type: string,
  listener: (...args: A) => unknown,
  ...args: A
): void {
  try {
    const result = listener(...args)
    // Any thenable, because promises may come from other realms. `resolve` guards against a `then` that throws or calls back twice.
    if (isThenable(result)) Promise.resolve(result).then(undefined, (cause: unknown) => report(cause, type))
  } catch (cause) {
    report(cause, type)
  }
}

/**
 * How long a chain of events may be in one turn of the event loop. In a chain, the listeners of each event cause the next one.
 * A listener that writes at each write would go on for ever, and the page would never draw again.
 */
const mostLinks = 100

/** Lets several emitters send events one after another. An event that a listener causes is sent after the current one, not within it. */
export class Turns {
  readonly #clock: Pick<Clock, 'turn'> | undefined
  #isBusy = false
  // Both lists are made when they are needed: there may be ten thousand turns.
  #waiting: (() => void)[] | undefined
  /** The errors thrown in this turn. */
  #faults: unknown[] | undefined

  /** @param clock gives the turns for long chains of events. Without a clock, a chain of any length is sent in one turn */
  constructor(clock?: Pick<Clock, 'turn'>) {
    this.#clock = clock
  }

  /**
   * Calls `act`. Events emitted during the call wait. They are sent in order when `act` ends, even if `act` throws. Within another
   * `run`, events wait until the outer `run` ends.
   * @throws the error of `act` or of a waiting event, after all events are sent; an AggregateError if there are several errors
   */
  run(act: () => void): void {
    if (this.#isBusy) return act()
    this.begin()
    try {
      act()
    } catch (cause) {
      this.failed(cause)
    }
    this.end()
  }

  /** Whether events wait. */
  get isBusy(): boolean {
    return this.#isBusy
  }

  /** For an emitter, because `run` would take 10 of its 25 ns an event. Code between `begin` and `end` must not throw. */
  begin(): void {
    this.#isBusy = true
  }

  /** Sends the waiting events, and the events that these cause. Throws as `run` does. */
  end(): void {
    const waiting = this.#waiting
    if (waiting !== undefined) this.#send(waiting)
    // The rest is sent in another turn. New events wait behind it until then.
    this.#isBusy = waiting !== undefined && waiting.length > 0
    if (this.#faults !== undefined) this.#throw(this.#faults)
  }

  /** Keeps an error, to throw it when the turn ends. */
  failed(cause: unknown): void {
    ;(this.#faults ??= []).push(cause)
  }

  /** Sends an event when the turn ends. */
  later(send: () => void): void {
    ;(this.#waiting ??= []).push(send)
  }

  #send(waiting: (() => void)[]): void {
    // The list grows during the loop. Events from `end` on were caused by the events before `end`.
    let end = waiting.length
    let links = 0
    for (let i = 0; i < waiting.length; i++) {
      if (i === end) {
        if (++links === mostLinks && this.#clock !== undefined) {
          waiting.splice(0, i)
          this.#clock.turn(() => this.end())
          return
        }
        end = waiting.length
      }
      try {
        waiting[i]!()
      } catch (cause) {
        this.failed(cause)
      }
    }
    // The list is used again. Engines moved new lists to old memory, with all events that they ever held. Because of that, one
    // process in five spent two thirds of its time on garbage.
    waiting.length = 0
  }

  #throw(faults: unknown[]): never {
    this.#faults = undefined
    throw faults.length === 1 ? faults[0] : new AggregateError(faults, messageOf(faults[0]))
  }
}

/** Events by name. `E` has the type of the listener for each name. */
export class Emitter<E extends object> {
  // mitt keeps the lists of listeners, from the first listener on. With its own `emit`, a listener that throws would stop the rest.
  #mitt: Mitt<Record<keyof E, unknown>> | undefined
  readonly #report: ReportFault
  readonly #turns: Turns

  constructor(report: ReportFault, turns: Turns) {
    this.#report = report
    this.#turns = turns
  }

  /** Calls `listener` at each event `type` from now on. Returns its undo. @throws {ConfigError} when `listener` is not a function */
  on<T extends keyof E>(type: T, listener: E[T]): Unsubscribe {
    if (typeof listener !== 'function') throw new ConfigError(String(type), say`must be a function, got ${listener}`)
    // A bound copy, so that a function subscribed twice has two subscriptions, each with its own undo. A function may lack `bind`.
    const own = Function.prototype.bind.call(listener, undefined) as (event: unknown) => void
    const lists = (this.#mitt ??= (mitt as unknown as () => Mitt<Record<keyof E, unknown>>)())
    lists.on(type, own)
    return () => lists.off(type, own)
  }

  /** Whether there is a listener. Without one, data for listeners need not be made. */
  has(type: keyof E): boolean {
    return (this.#mitt?.all.get(type)?.length ?? 0) > 0
  }

  /** When it is the turn of this event, calls the listeners of `type` in order of subscription, from a copy of their list. */
  emit<T extends keyof E>(type: T, ...args: Arguments<E[T]>): void {
    const listeners = this.#mitt?.all.get(type)
    if (listeners === undefined || listeners.length === 0) return
    const turns = this.#turns
    // The arguments are passed on spread, so that engines need no list of them. Making that list and the copy took 50 ns.
    if (turns.isBusy) {
      for (const listener of listeners) this.#later(type, listener, ...args)
      return
    }
    turns.begin()
    if (listeners.length === 1) this.#call(type, listeners[0], ...args)
    else for (const listener of listeners.slice()) this.#call(type, listener, ...args)
    turns.end()
  }

  // A method of its own, so that only an event that waits pays for a closure.
  #later<T extends keyof E>(type: T, listener: unknown, ...args: Arguments<E[T]>): void {
    this.#turns.later(() => this.#call(type, listener, ...args))
  }

  #call<T extends keyof E>(type: T, listener: unknown, ...args: Arguments<E[T]>): void {
    try {
      callListener(this.#report, type as string, listener as (...args: Arguments<E[T]>) => unknown, ...args)
    } catch (cause) {
      // The report itself failed.
      this.#turns.failed(cause)
    }
  }

  /** Forgets every listener. */
  clear(): void {
    this.#mitt?.all.clear()
  }
}
