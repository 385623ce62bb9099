// Floor 0. Events, by way of mitt: a listener that throws or rejects is reported and starves no other.
import mitt, { type Emitter as Mitt } from 'mitt'

/** Takes back a subscription; safe to call twice. */
export type Unsubscribe = () => void

type Arguments<F> = F extends (...args: infer A) => unknown ? A : never

/** Told of what a listener threw, or what its promise rejected with. */
export type ReportFault = (cause: unknown, type: string) => void

/** Events by name, `E` giving each one's listener. */
export class Emitter<E extends object> {
  // mitt keeps the lists; its own emit would let one throwing listener stop the rest.
  readonly #mitt = (mitt as unknown as () => Mitt<Record<keyof E, unknown>>)()
  readonly #report: ReportFault

  constructor(report: ReportFault) {
    this.#report = report
  }

  /** Calls `listener` at each `type` from now on. Returns its undo. */
  on<T extends keyof E>(type: T, listener: E[T]): Unsubscribe {
    // Its own wrapper, so that a function subscribed twice is two subscriptions, each with its own undo.
    const own = ((...args: unknown[]) => (listener as (...args: unknown[]) => unknown)(...args)) as (
      event: unknown,
    ) => void
    this.#mitt.on(type, own)
    return () => this.#mitt.off(type, own)
  }

  /** Whether anyone listens: what only a listener would read need not be made. */
  has(type: keyof E): boolean {
    return (this.#mitt.all.get(type)?.length ?? 0) > 0
  }

  /** Calls the listeners of `type` in order of subscription, over a copy of their list. */
  emit<T extends keyof E>(type: T, ...args: Arguments<E[T]>): void {
    const listeners = this.#mitt.all.get(type)
    if (listeners === undefined || listeners.length === 0) return
    for (const listener of listeners.length === 1 ? [listeners[0]!] : listeners.slice()) {
      try {
        const result: unknown = (listener as unknown as (...args: Arguments<E[T]>) => unknown)(...args)
        if (result instanceof Promise) result.catch((cause: unknown) => this.#report(cause, String(type)))
      } catch (cause) {
        this.#report(cause, String(type))
      }
    }
  }

  /** Forgets every listener. */
  clear(): void {
    this.#mitt.all.clear()
  }
}
