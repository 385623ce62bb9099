// Floor 4. Changes gathered until the next frame of a page, then told once. Nothing is gathered until somebody listens.
import type { Cancel, Clock } from '../base/clock.js'
import type { Unsubscribe } from '../base/events.js'
import { foldChanges, type Change } from './change.js'

/** What changed in one batch, folded per entry. */
export type Changes<K, V> = readonly Change<K, V>[]

class Pile<K, V> {
  #changes = new Map<unknown, Change<K, V>>()

  get isEmpty(): boolean {
    return this.#changes.size === 0
  }

  add(id: unknown, change: Change<K, V>): void {
    const first = this.#changes.get(id)
    const folded = first === undefined ? change : foldChanges(first, change)
    if (folded === undefined) this.#changes.delete(id)
    else this.#changes.set(id, folded)
  }

  take(): Map<unknown, Change<K, V>> {
    const changes = this.#changes
    this.#changes = new Map()
    return changes
  }
}

/** In the place of an entry's identity: all entries. */
const all = Symbol()

export interface FeedOptions<K, V> {
  readonly clock: Clock
  /** Whether a callback wants batches, besides those who subscribed. */
  readonly isHeard: () => boolean
  readonly tell: (changes: Changes<K, V>) => void
  /** Told of what a listener throws. */
  readonly fault: (cause: unknown) => void
}

export class Feed<K, V> {
  readonly #options: FeedOptions<K, V>
  readonly #pile = new Pile<K, V>()
  /** By the identity of the entry that they listen to. */
  readonly #listeners = new Map<unknown, Set<{ hear: (changes: Changes<K, V>) => unknown }>>()
  readonly #readers = new Set<{ readonly pile: Pile<K, V>; wake: () => void }>()
  #frame: Cancel | undefined
  #isOver = false

  constructor(options: FeedOptions<K, V>) {
    this.#options = options
  }

  /** Whether changes need be made objects of at all. */
  get isWanted(): boolean {
    return this.#listeners.size > 0 || this.#readers.size > 0 || this.#options.isHeard()
  }

  add(id: unknown, change: Change<K, V>): void {
    this.#pile.add(id, change)
    this.#frame ??= this.#options.clock.frame(this.#flush)
    for (const reader of this.#readers) {
      reader.pile.add(id, change)
      reader.wake()
    }
  }

  /** @param id the entry to hear of; without it, of all. However many entries have listeners, a batch costs but those it names. */
  subscribe(hear: (changes: Changes<K, V>) => unknown, id: unknown = all): Unsubscribe {
    const listener = { hear }
    const listeners = this.#listeners.get(id) ?? new Set()
    this.#listeners.set(id, listeners.add(listener))
    return () => {
      if (listeners.delete(listener) && listeners.size === 0) this.#listeners.delete(id)
    }
  }

  /**
   * Batches as an async iterable. A reader that falls behind finds what it missed folded into its next batch, so it holds at
   * most one change per key. Ends when the feed does, or `signal` aborts.
   */
  async *iterate(signal?: AbortSignal): AsyncGenerator<Changes<K, V>, void, undefined> {
    const reader = { pile: new Pile<K, V>(), wake: () => {} }
    const aborted = () => reader.wake()
    signal?.addEventListener('abort', aborted)
    this.#readers.add(reader)
    try {
      while (signal?.aborted !== true) {
        if (!reader.pile.isEmpty) yield [...reader.pile.take().values()]
        else if (this.#isOver) return
        else await new Promise<void>(resolve => (reader.wake = resolve))
      }
    } finally {
      this.#readers.delete(reader)
      signal?.removeEventListener('abort', aborted)
    }
  }

  /** Tells what is gathered, now; nothing comes after it. */
  end(): void {
    this.#frame?.()
    this.#flush()
    this.#isOver = true
    this.#listeners.clear()
    for (const { wake } of this.#readers) wake()
  }

  readonly #flush = (): void => {
    this.#frame = undefined
    if (this.#pile.isEmpty) return
    const pile = this.#pile.take()
    const changes = [...pile.values()]
    this.#options.tell(changes)
    for (const id of [all, ...pile.keys()]) {
      const listeners = this.#listeners.get(id)
      for (const { hear } of listeners ? [...listeners] : []) {
        try {
          const result: unknown = hear(changes)
          if (result instanceof Promise) result.catch(this.#options.fault)
        } catch (cause) {
          this.#options.fault(cause)
        }
      }
    }
  }
}
