// Floor 1. A map whose keys compare by value and have an order of their own. It knows neither Recon nor WARP: the comparison of
// keys is a parameter. It reports no changes.
import { OrderIndex, type Compare } from './order-index.js'

/** When two keys are equal, and which key comes first. */
export interface KeyOrder<K> {
  /** A primitive for each key. Two are the same key of a Map exactly when the two keys are equal. */
  readonly identity: (key: K) => unknown
  readonly compare: Compare<K>
}

/** The type of a Map's own iterators in the TypeScript of the application: `MapIterator` from 5.6 on. */
export type Walk<T> = ReturnType<Map<unknown, T>['values']>

/**
 * Entries by identity. Order costs nothing until it is first needed. Many unsorted entries are then sorted once into a new Map,
 * so that a walk is a walk of a plain Map. For a few keys added later, an index keeps the order.
 *
 * An entry takes as much memory as in a Map. If an index is needed, an entry takes about 10 bytes more.
 */
export class OrderedMap<K, V> {
  /** The comparison of keys. */
  readonly order: KeyOrder<K>
  #values = new Map<unknown, V>()
  /** The keys that are not their own identity: records, and a few texts. */
  #keys: Map<unknown, K> | undefined
  #index: OrderIndex<K> | undefined
  /** How many keys were added since `#values` was last in the order of keys. */
  #astray = 0
  /** Grows with every key that is added or removed, so that a walk notices and finds its place again. */
  #version = 0

  constructor(order: KeyOrder<K>) {
    this.order = order
  }

  get size(): number {
    return this.#values.size
  }

  /** O(1). */
  get(id: unknown): V | undefined {
    return this.#values.get(id)
  }

  /** O(1). */
  has(id: unknown): boolean {
    return this.#values.has(id)
  }

  /** Whether all keys are their own identity. May stay false after the last other key was removed. */
  get isPlain(): boolean {
    return this.#keys === undefined
  }

  /** The key that was set under an identity. O(1). */
  keyOf(id: unknown): K {
    return this.#keys?.get(id) ?? (id as K)
  }

  /** Replaces the value of an existing entry. The key stays. O(1). */
  replace(id: unknown, value: V): void {
    this.#values.set(id, value)
  }

  /** Adds an entry, or replaces its value. Returns whether it was added. O(1); O(log n) once order was needed. */
  add(id: unknown, key: K, value: V): boolean {
    const { size } = this.#values
    this.#values.set(id, value)
    if (this.#values.size === size) return false
    if (id !== key) (this.#keys ??= new Map()).set(id, key)
    this.#astray++
    this.#version++
    this.#index?.add(key)
    return true
  }

  /** O(1); O(log n) once order was needed. */
  delete(id: unknown): boolean {
    const key = this.keyOf(id)
    if (!this.#values.delete(id)) return false
    this.#keys?.delete(id)
    this.#version++
    this.#index?.delete(key)
    return true
  }

  /** Takes all entries away, into a map of their own. O(1). */
  takeAll(): OrderedMap<K, V> {
    const taken = new OrderedMap<K, V>(this.order)
    taken.#values = this.#values
    taken.#keys = this.#keys
    taken.#astray = this.#astray
    this.clear()
    return taken
  }

  clear(): void {
    this.#values = new Map()
    this.#keys = undefined
    this.#index = undefined
    this.#astray = 0
    this.#version++
  }

  /** The identity of the key at a position, which must exist. A negative position counts from the end. O(log n) amortised. */
  idAt(position: number): unknown {
    const index = this.#indexed()
    return this.order.identity(index.at(position < 0 ? position + index.size : position) as K)
  }

  /** How many keys come before `key`, whether it is there or not. O(log n) amortised. */
  rank(key: K): number {
    return this.#indexed().rank(key)
  }

  /**
   * The results of `pick` for each entry (identity and value), in order; `pick` may return the entry itself. O(1) each, after the
   * order was made once. Takes two or three times as long as a Map's own iterator, longer if keys were added since the last walk.
   * Changes during a walk act as in a Map: removed entries are skipped, added entries may come at the end or not at all.
   */
  walk<T>(pick: (entry: [unknown, V]) => T): Walk<T> {
    const entries = this.#entries()
    const laid = this.#values
    const next = (): IteratorResult<unknown> => {
      for (;;) {
        const step: IteratorResult<unknown> = entries.next()
        if (step.done) return step
        const entry = step.value as [unknown, V]
        if (laid !== this.#values) {
          // The entries were laid out again, or cleared, since this walk began.
          if (!this.has(entry[0])) continue
          entry[1] = this.get(entry[0]) as V
        }
        step.value = pick(entry)
        return step
      }
    }
    // A generator with a `next` of its own: when the generator made the steps, a walk took three times as long.
    return Object.assign(this.#walk(0), { next }) as unknown as Walk<T>
  }

  /** Visits all entries, in order. O(1) each, two or three times as long as a Map's own `forEach`; longer if keys were added since the last walk. */
  forEach(visit: (value: V, id: unknown) => void): void {
    const entries = this.#entries()
    const laid = this.#values
    for (const [id, value] of entries) {
      if (laid === this.#values) visit(value, id)
      // The entries were laid out again, or cleared, by an earlier visit.
      else if (this.has(id)) visit(this.get(id) as V, id)
    }
  }

  /** The identities of all entries, in no certain order, and at no cost. */
  idsAsLaid(): Iterable<unknown> {
    return this.#values.keys()
  }

  /** All entries (identity and value), in no certain order. As with a Map's iterator, a walk may see later changes or not. */
  asLaid(): IterableIterator<[unknown, V]> {
    return this.#values.entries()
  }

  /** Visits all entries, in no certain order. */
  visitAsLaid(visit: (value: V, id: unknown) => void): void {
    this.#values.forEach(visit)
  }

  /** The entries from `from` up to, not including, `to`, by identity. Without `to`, up to the end. */
  range(from: K, to: K | undefined): Iterable<[unknown, V]> {
    return this.#walk(this.rank(from), to)
  }

  #entries(): IterableIterator<[unknown, V]> {
    // If many keys are out of order, laying out all entries again pays. For a few keys, the index is cheaper.
    if (this.#astray * 8 > this.#values.size) this.#lay()
    return this.#astray === 0 ? this.#values.entries() : this.#walk(0)
  }

  *#walk(position: number, to?: K): Generator<[unknown, V], undefined, unknown> {
    const { identity, compare } = this.order
    for (;;) {
      const run = this.#indexed().run(position)
      if (run.length === 0) return
      const version = this.#version
      for (const key of run) {
        if (to !== undefined && compare(key, to) >= 0) return
        const id = identity(key)
        yield [id, this.get(id) as V]
        position++
        if (version === this.#version) continue
        // Entries were added or removed: go on after the last returned key.
        position = this.rank(key)
        if (this.has(id)) position++
        break
      }
    }
  }

  #indexed(): OrderIndex<K> {
    return (this.#index ??= new OrderIndex(this.order.compare, this.#sorted()))
  }

  #sorted(): K[] {
    const keys: K[] = []
    for (const id of this.#values.keys()) keys.push(this.keyOf(id))
    return this.#isOrdered() ? keys : keys.sort(this.order.compare)
  }

  /** Whether entries are laid out in the order of their keys. They are if the host sends its state in order. */
  #isOrdered(): boolean {
    if (this.#astray === 0) return true
    let [last] = this.#values.keys()
    for (const id of this.#values.keys()) {
      if (this.order.compare(this.keyOf(last), this.keyOf(id)) > 0) return false
      last = id
    }
    this.#astray = 0
    return true
  }

  #lay(): void {
    if (this.#isOrdered()) return
    const values = new Map<unknown, V>()
    for (const key of this.#sorted()) {
      const id = this.order.identity(key)
      values.set(id, this.get(id) as V)
    }
    this.#values = values
    this.#astray = 0
  }
}
