// Floor 5. Changes gathered until the next frame of a page, then told once. Nothing is gathered until somebody listens.
import type { Cancel, Clock } from '../base/clock.js'
import { callListener, type ReportFault, type Unsubscribe } from '../base/events.js'
import { foldChanges, type Change } from './change.js'

/** What changed in one batch, folded per entry. */
export type Changes<K, V> = readonly Change<K, V>[]

type Pile<K, V> = Map<unknown, Change<K, V>>

function pile<K, V>(onto: Pile<K, V>, id: unknown, change: Change<K, V>): void {
  const first = onto.get(id)
  const folded = first === undefined ? change : foldChanges(first, change)
  if (folded === undefined) onto.delete(id)
  else onto.set(id, folded)
}

/** Batches for one reader. One that falls behind finds what it missed folded into its next, so it holds one change per key. */
class BatchReader<K, V> implements AsyncIterableIterator<Changes<K, V>> {
  #changes: Pile<K, V> = new Map()
  #waiting: ((result: IteratorResult<Changes<K, V>, undefined>) => void)[] = []
  #isOver = false
  /** Called at its end. */
  onend = () => {};

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<IteratorResult<Changes<K, V>, undefined>> {
    return new Promise(resolve => {
      this.#waiting.push(resolve)
      this.#give()
    })
  }

  return(): Promise<IteratorResult<Changes<K, V>, undefined>> {
    this.#changes.clear()
    this.end()
    return this.next()
  }

  add(changes: Pile<K, V>): void {
    for (const [id, change] of changes) pile(this.#changes, id, change)
    this.#give()
  }

  /** Nothing will be added. */
  end(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.onend()
    this.#give()
  }

  #give(): void {
    if (this.#changes.size > 0 && this.#waiting.length > 0) {
      const value = [...this.#changes.values()]
      this.#changes.clear()
      this.#waiting.shift()!({ value, done: false })
    }
    if (this.#isOver && this.#changes.size === 0) {
      for (const resolve of this.#waiting.splice(0)) resolve({ value: undefined, done: true })
    }
  }
}

/** In the place of an entry's identity: all entries. */
const all = Symbol()

/** Where batches are told, besides to those who subscribed: a downlink's callbacks. */
export interface FeedEvents<K, V> {
  has(type: 'didChange'): boolean
  emit(type: 'didChange', changes: Changes<K, V>): void
}

export interface FeedOptions {
  readonly clock: Clock
  /** Told of what a listener throws. */
  readonly fault: ReportFault
}

export class Feed<K, V> {
  readonly #events: FeedEvents<K, V>
  readonly #options: FeedOptions
  #changes: Pile<K, V> = new Map()
  /** Entries that are as before after all. Who looked at one meanwhile must look again. */
  readonly #undone = new Set<unknown>()
  /** Whether a snapshot was taken amid a batch: then all must look again. */
  wasRead = false
  /** By the identity of the entry that they listen to. */
  readonly #listeners = new Map<unknown, Set<{ hear: (changes: Changes<K, V>) => unknown }>>()
  readonly #readers = new Set<BatchReader<K, V>>()
  #frame: Cancel | undefined
  #isOver = false

  constructor(events: FeedEvents<K, V>, options: FeedOptions) {
    this.#events = events
    this.#options = options
  }

  /** Whether changes need be made objects of at all. */
  get isWanted(): boolean {
    return this.#listeners.size > 0 || this.#readers.size > 0 || this.#events.has('didChange')
  }

  /** Whether a batch is being gathered. */
  get isPending(): boolean {
    return this.#frame !== undefined
  }

  add(id: unknown, change: Change<K, V>): void {
    pile(this.#changes, id, change)
    if (!this.#changes.has(id)) this.#undone.add(id)
    else if (this.#undone.size > 0) this.#undone.delete(id)
    this.#frame ??= this.#options.clock.frame(this.#flush)
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

  /** Batches as an async iterable, from now on. Ends, once all is read, when the feed does or `signal` aborts. */
  iterate(signal?: AbortSignal): AsyncIterableIterator<Changes<K, V>> {
    const reader = new BatchReader<K, V>()
    const end = () => reader.end()
    reader.onend = () => {
      this.#readers.delete(reader)
      signal?.removeEventListener('abort', end)
    }
    this.#readers.add(reader)
    signal?.addEventListener('abort', end)
    if (this.#isOver || signal?.aborted === true) end()
    return reader
  }

  /** Tells what is gathered, now; nothing comes after it. */
  end(): void {
    this.#frame?.()
    this.#flush()
    this.#isOver = true
    this.#listeners.clear()
    for (const reader of [...this.#readers]) reader.end()
  }

  readonly #flush = (): void => {
    this.#frame = undefined
    const pile = this.#changes
    const changes = [...pile.values()]
    const ids = [...(changes.length > 0 || this.wasRead ? [all] : []), ...pile.keys(), ...this.#undone]
    this.#changes = new Map()
    this.#undone.clear()
    this.wasRead = false
    if (changes.length > 0) this.#events.emit('didChange', changes)
    for (const reader of this.#readers) reader.add(pile)
    for (const id of ids) {
      const listeners = this.#listeners.get(id)
      for (const listener of listeners === undefined ? [] : [...listeners]) {
        // One listener may take another's subscription back.
        if (listeners!.has(listener)) callListener(this.#options.fault, 'subscribe', listener.hear, changes)
      }
    }
  }
}
