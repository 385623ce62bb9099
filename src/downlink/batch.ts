// Floor 5. Changes of a lane's entries between two frames of a page, folded per entry; and batches for one reader.
import { foldChanges, type Change } from './change.js'

/** The changes of one batch, one per entry. */
export type Changes<K, V> = readonly Change<K, V>[]

/** Changes by the identity of their entry. */
export class Batch<K, V> {
  readonly changes = new Map<unknown, Change<K, V>>()
  /** Entries to read again without a change: changes cancelled out, or an own write changed state. */
  readonly touched = new Set<unknown>()
  /** Whether all listeners must read again: a snapshot was read during the batch, or an own clear changed state. */
  isRead = false
  #list: Changes<K, V> | undefined

  /** All changes: one array for all listeners. */
  get list(): Changes<K, V> {
    return (this.#list ??= [...this.changes.values()])
  }

  get isEmpty(): boolean {
    return this.changes.size === 0 && this.touched.size === 0 && !this.isRead
  }

  add(id: unknown, change: Change<K, V>): void {
    this.#list = undefined
    const first = this.changes.get(id)
    const folded = first === undefined ? change : foldChanges(first, change)
    if (folded !== undefined) {
      this.changes.set(id, folded)
      if (this.touched.size > 0) this.touched.delete(id)
    } else {
      this.changes.delete(id)
      this.touched.add(id)
    }
  }

  /** Has the listeners of an entry, and of all entries, read again. */
  touch(id: unknown): void {
    if (!this.changes.has(id)) this.touched.add(id)
    this.isRead = true
  }

  /** Adds a later batch. */
  append(later: Batch<K, V>): this {
    for (const [id, change] of later.changes) this.add(id, change)
    for (const id of later.touched) if (!this.changes.has(id)) this.touched.add(id)
    this.isRead ||= later.isRead
    return this
  }
}

/** Batches for one reader. What a slow reader missed is folded into its next batch, so it holds one change per key. */
export class BatchReader<K, V> implements AsyncIterableIterator<Changes<K, V>> {
  #batch = new Batch<K, V>()
  #waiting: ((result: IteratorResult<Changes<K, V>, undefined>) => void)[] = []
  #isOver = false
  /** Called when it ends. */
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
    this.#batch = new Batch()
    this.end()
    return this.next()
  }

  add(batch: Batch<K, V>): void {
    this.#batch.append(batch)
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
    if (this.#batch.changes.size > 0 && this.#waiting.length > 0) {
      const value = this.#batch.list
      this.#batch = new Batch()
      this.#waiting.shift()!({ value, done: false })
    }
    if (this.#isOver && this.#batch.changes.size === 0) {
      for (const resolve of this.#waiting.splice(0)) resolve({ value: undefined, done: true })
    }
  }
}
