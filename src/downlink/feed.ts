// Floor 5. Changes gathered until the next frame of a page, then published once. Nothing is gathered until somebody listens.
import type { Cancel, Clock } from '../base/clock.js'
import {
  callListener,
  onAbort,
  type ReportFault,
  type Turns,
  type Unsubscribe,
  type SignalLike,
} from '../base/events.js'
import { Batch, BatchReader, type Changes } from './batch.js'
import type { Change } from './change.js'

export type { Changes } from './batch.js'

/** Instead of an entry's identity: all entries, for `subscribe`; and for the callback `didChange`. */
const all = Symbol()
const didChange = Symbol()

export interface FeedOptions {
  readonly clock: Pick<Clock, 'frame'>
  /** Called with what a listener throws. */
  readonly fault: ReportFault
  /** Consequences of a listener, such as a close, are reported after all listeners have been called. */
  readonly link?: { readonly turns: Turns }
}

interface Listener<K, V> {
  readonly id: unknown
  readonly hear: (changes: Changes<K, V>) => unknown
  /** How many batches were sealed before the listener was added: the listener gets only later ones. */
  readonly since: number
}

export class Feed<K, V> {
  readonly #options: FeedOptions
  /** The batches of this frame, in order: a new listener seals the present batch, and gets the next. */
  #batches: Batch<K, V>[] = []
  /** The batch of replayed entries. */
  #replayed: Batch<K, V> | undefined
  /** How many batches were published before. */
  #past = 0
  /** Listeners by the identity of their entry. */
  readonly #listeners = new Map<unknown, Set<Listener<K, V>>>()
  readonly #readers = new Map<BatchReader<K, V>, number>()
  #frame: Cancel | undefined
  #isOver = false

  constructor(options: FeedOptions) {
    this.#options = options
  }

  /** Whether changes are needed as objects at all. */
  get isWanted(): boolean {
    return this.#listeners.size > 0 || this.#readers.size > 0
  }

  /** Whether a batch is being gathered. */
  get isPending(): boolean {
    return this.#frame !== undefined
  }

  add(id: unknown, change: Change<K, V>): void {
    this.#batch.add(id, change)
  }

  /** Has the listeners of an entry read again, though its value is the same. */
  touch(id: unknown): void {
    this.#batch.touch(id)
  }

  /** The same for the listeners of all entries. */
  touchAll(): void {
    this.#batch.isRead = true
  }

  /** Present listeners hear of what `replay` adds; later listeners do not. */
  begin(): void {
    this.#replayed = new Batch()
    this.#batches = [this.#replayed, new Batch()]
  }

  /** Adds an entry from before `begin`, for those who listened then. */
  replay(id: unknown, change: Change<K, V>): void {
    if (this.#replayed === undefined) return
    this.#replayed.add(id, change)
    this.#frame ??= this.#options.clock.frame(this.#flush)
  }

  /** Calls `hear` once for each batch of later changes. */
  subscribe(hear: (changes: Changes<K, V>) => unknown): Unsubscribe {
    return this.#listen(all, hear)
  }

  /** As `subscribe`, but called before all subscribers, and not for batches without changes. */
  onChange(hear: (changes: Changes<K, V>) => unknown): Unsubscribe {
    return this.#listen(didChange, hear)
  }

  /** As `subscribe`, for one entry. A batch costs only the entries it names, however many have listeners. */
  subscribeTo(id: unknown, hear: () => unknown): Unsubscribe {
    return this.#listen(id, hear)
  }

  /** Batches as an async iterable, from now on. Ends with the feed or by `signal`, after the last batch is read. */
  iterate(signal?: SignalLike): AsyncIterableIterator<Changes<K, V>> {
    const reader = new BatchReader<K, V>()
    const end = () => reader.end()
    const undo = onAbort(signal, end)
    reader.onend = () => {
      this.#readers.delete(reader)
      undo()
    }
    this.#readers.set(reader, this.#seal())
    if (this.#isOver || signal?.aborted === true) end()
    return reader
  }

  /** Publishes the gathered changes, now; nothing comes after them. */
  end(): void {
    this.#frame?.()
    this.#flush()
    this.#isOver = true
    this.#listeners.clear()
    for (const reader of [...this.#readers.keys()]) reader.end()
  }

  #listen(id: unknown, hear: Listener<K, V>['hear']): Unsubscribe {
    const listener = { id, hear, since: this.#seal() }
    const listeners = this.#listeners.get(id) ?? new Set()
    this.#listeners.set(id, listeners.add(listener))
    return () => {
      if (listeners.delete(listener) && listeners.size === 0) this.#listeners.delete(id)
    }
  }

  get #batch(): Batch<K, V> {
    let batch = this.#batches.at(-1)
    if (batch === undefined) {
      batch = new Batch()
      this.#batches.push(batch)
    }
    this.#frame ??= this.#options.clock.frame(this.#flush)
    return batch
  }

  /** Changes from now on go into another batch. Returns how many there were before it. */
  #seal(): number {
    if (this.#batches.at(-1)?.isEmpty === false) this.#batches.push(new Batch())
    return this.#past + Math.max(0, this.#batches.length - 1)
  }

  readonly #flush = (): void => {
    const { link } = this.#options
    this.#frame = undefined
    if (link === undefined) this.#publish()
    else link.turns.run(this.#publish)
  }

  readonly #publish = (): void => {
    const past = this.#past
    const batches = this.#batches
    this.#replayed = undefined
    this.#past += batches.length
    this.#batches = []
    // Nearly always there is one batch, for all listeners.
    const folded: Batch<K, V>[] = []
    const since = (count: number) => {
      const from = Math.max(0, count - past)
      if (batches.length - from <= 1) return batches[from] ?? new Batch<K, V>()
      return (folded[from] ??= batches.slice(from).reduce((sum, each) => sum.append(each), new Batch<K, V>()))
    }
    for (const [reader, count] of this.#readers) reader.add(since(count))
    this.#send(didChange, since)
    this.#send(all, since)
    const ids = new Set<unknown>()
    for (const { changes, touched } of batches) {
      for (const id of changes.keys()) ids.add(id)
      for (const id of touched) ids.add(id)
    }
    for (const id of ids) this.#send(id, since)
  }

  #send(id: unknown, since: (count: number) => Batch<K, V>): void {
    const { fault } = this.#options
    const listeners = this.#listeners.get(id)
    for (const listener of listeners === undefined ? [] : [...listeners]) {
      // One listener may undo another's subscription.
      if (!listeners!.has(listener)) continue
      const { changes, touched, isRead, list } = since(listener.since)
      if (id === didChange) {
        if (changes.size > 0) callListener(fault, 'didChange', listener.hear, list)
      } else if (id === all) {
        if (changes.size > 0 || isRead) callListener(fault, 'subscribe', listener.hear, list)
      } else if (changes.has(id) || touched.has(id)) callListener(fault, 'subscribe', listener.hear, list)
    }
  }
}
