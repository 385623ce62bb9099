// Floor 5. Changes of a list between two frames of a page: each listener gets the difference from the items it knows.
import type { Cancel, Clock } from '../../base/clock.js'
import { callListener, onAbort, type ReportFault, type SignalLike, type Unsubscribe } from '../../base/events.js'
import { difference, type Item } from '../../store/keyed-list.js'
import type { Value } from '../../recon/index.js'
import type { ListChanges } from './list-change.js'
import type { ListView } from './list-view.js'

type Items = readonly Item<Value>[]

interface Listener<V> {
  readonly name: 'didChange' | 'subscribe'
  readonly hear: (changes: ListChanges<V>) => unknown
  knows: Items
}

export class ListFeed<V> {
  readonly #view: ListView<V>
  readonly #clock: Pick<Clock, 'frame'>
  readonly #fault: ReportFault
  readonly #listeners = new Set<Listener<V>>()
  readonly #readers = new Set<ListReader<V>>()
  #frame: Cancel | undefined
  #isTouched = false
  #isOver = false

  constructor(
    view: ListView<V>,
    { clock, fault }: { readonly clock: Pick<Clock, 'frame'>; readonly fault: ReportFault },
  ) {
    this.#view = view
    this.#clock = clock
    this.#fault = fault
  }

  /** Something has changed: listeners are called with the next frame. */
  changed(): void {
    if (this.#listeners.size > 0 || this.#readers.size > 0) this.#frame ??= this.#clock.frame(this.#flush)
  }

  /** Listeners are called with the next frame, without a change of an item. */
  touch(): void {
    this.#isTouched = true
    this.changed()
  }

  /** @param knows the items that the listener knows: its first changes start from them */
  listen(name: Listener<V>['name'], hear: Listener<V>['hear'], knows = this.#view.items()): Unsubscribe {
    const listener = { name, hear, knows }
    if (!this.#isOver) this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Batches as an async iterable, from now on; a slow reader gets one for all it missed. Ends with the feed, or by `signal`. */
  iterate(signal: SignalLike | undefined): AsyncIterableIterator<ListChanges<V>> {
    const reader = new ListReader<V>(
      this.#view.items(),
      (from, to) => this.#between(from, to),
      () => this.#view.items(),
    )
    this.#readers.add(reader)
    const undo = onAbort(signal, () => reader.end())
    reader.onend = () => {
      this.#readers.delete(reader)
      undo()
    }
    if (this.#isOver || signal?.aborted === true) reader.end()
    return reader
  }

  /** Publishes the remaining changes, now; nothing comes after them. */
  end(): void {
    this.#frame?.()
    this.#flush()
    this.#isOver = true
    this.#listeners.clear()
    for (const reader of [...this.#readers]) reader.end()
  }

  readonly #flush = (): void => {
    this.#frame = undefined
    const isTouched = this.#isTouched
    this.#isTouched = false
    const now = this.#view.items()
    // Nearly always all listeners know the same items.
    const made = new Map<Items, ListChanges<V>>()
    for (const reader of this.#readers) reader.give()
    for (const name of ['didChange', 'subscribe'] as const) {
      for (const listener of [...this.#listeners]) {
        // One listener may undo another's subscription.
        if (listener.name !== name || !this.#listeners.has(listener)) continue
        const { knows, hear } = listener
        const changes = made.get(knows) ?? this.#between(knows, now)
        made.set(knows, changes)
        listener.knows = now
        if (changes.length > 0 || (isTouched && name === 'subscribe')) callListener(this.#fault, name, hear, changes)
      }
    }
  }

  #between(from: Items, to: Items): ListChanges<V> {
    return difference(from, to).flatMap(change => this.#view.changeOf(change) ?? [])
  }
}

/** Batches for one reader, which holds only the items it knows. */
class ListReader<V> implements AsyncIterableIterator<ListChanges<V>> {
  #waiting: ((result: IteratorResult<ListChanges<V>, undefined>) => void)[] = []
  #isOver = false
  /** Called when the reader ends. */
  onend = () => {}

  constructor(
    private knows: Items,
    private readonly between: (from: Items, to: Items) => ListChanges<V>,
    private now: () => Items,
  ) {}

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<IteratorResult<ListChanges<V>, undefined>> {
    return new Promise(resolve => {
      this.#waiting.push(resolve)
      this.give()
    })
  }

  return(): Promise<IteratorResult<ListChanges<V>, undefined>> {
    this.end()
    this.knows = this.now()
    return this.next()
  }

  /** Gives the remaining changes, and nothing after them. */
  end(): void {
    if (this.#isOver) return
    this.#isOver = true
    const last = this.now()
    this.now = () => last
    this.onend()
    this.give()
  }

  give(): void {
    const now = this.now()
    if (this.#waiting.length > 0 && now !== this.knows) {
      const value = this.between(this.knows, now)
      this.knows = now
      if (value.length > 0) this.#waiting.shift()!({ value, done: false })
    }
    if (!this.#isOver || now !== this.knows) return
    for (const resolve of this.#waiting.splice(0)) resolve({ value: undefined, done: true })
  }
}
