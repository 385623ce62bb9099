// Floor 1. A map whose keys compare by value and come in an order of their own. It knows neither Recon nor WARP: how keys
// compare is handed in. It tells nobody of changes.
import { OrderIndex, type Compare } from './order-index.js'

/** What makes two keys one, and which comes first. */
export interface KeyOrder<K> {
  /** A primitive, equal (as Map keys are) for equal keys alone. */
  readonly identity: (key: K) => unknown
  readonly compare: Compare<K>
}

/** What a Map's own walks are, as the project's TypeScript has them: `MapIterator`, which there is from 5.6 on. */
export type Walk<T> = ReturnType<Map<unknown, T>['values']>

/**
 * Entries by identity. Order costs nothing until it is asked for: a bulk of entries is then sorted (or found sorted) once
 * and laid out anew, so that walking it is walking a plain Map; a few keys added later are kept by an index.
 *
 * An entry takes what it would in a Map; the index, where one is needed, about 10 bytes more.
 */
export class OrderedMap<K, V> {
  /** How its keys compare. */
  readonly order: KeyOrder<K>
  #values = new Map<unknown, V>()
  /** The keys that are not their own identity: records, and a few texts. */
  #keys: Map<unknown, K> | undefined
  #index: OrderIndex<K> | undefined
  /** How many keys were added since the order of `#values` was last the order of keys. */
  #astray = 0
  /** Steps with every key that comes or goes, so that a walk knows to find its place again. */
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

  /** Whether all keys are their own identity; may be false where one was not, and is gone. */
  get isPlain(): boolean {
    return this.#keys === undefined
  }

  /** The key that was set under an identity. O(1). */
  keyOf(id: unknown): K {
    const key = this.#keys?.get(id)
    return key === undefined ? (id as K) : key
  }

  /** Puts a value in the place of one that is there: its key stays. O(1). */
  replace(id: unknown, value: V): void {
    this.#values.set(id, value)
  }

  /** Adds an entry where it is not there, as it returns; replaces its value where it is. O(1); O(log n) once order was asked for. */
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

  /** O(1); O(log n) once order was asked for. */
  delete(id: unknown): boolean {
    const key = this.keyOf(id)
    if (!this.#values.delete(id)) return false
    this.#keys?.delete(id)
    this.#version++
    this.#index?.delete(key)
    return true
  }

  clear(): void {
    this.#values = new Map()
    this.#keys = undefined
    this.#index = undefined
    this.#astray = 0
    this.#version++
  }

  /** The identity of the key at a position, which must be there; a negative one counts from the end. O(log n) amortised. */
  idAt(position: number): unknown {
    const index = this.#indexed()
    return this.order.identity(index.at(position < 0 ? position + index.size : position) as K)
  }

  /** How many keys come before `key`, whether it is there or not. O(log n) amortised. */
  rank(key: K): number {
    return this.#indexed().rank(key)
  }

  /**
   * What `pick` makes of each entry, handed as identity and value, in order; it may give the entry itself. O(1) each, the order
   * once; two or three times what a Map's own iterator takes, unless keys were added since the last walk. A walk that sees
   * changes goes on as one of a Map does: what is gone does not come, what is added may come at its end or not at all.
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
          // Entries were laid out anew meanwhile, or cleared.
          if (!this.has(entry[0])) continue
          entry[1] = this.get(entry[0]) as V
        }
        step.value = pick(entry)
        return step
      }
    }
    // All but its steps is a generator's: made by one, a walk took three times as long.
    return Object.assign(this.#walk(0), { next }) as unknown as Walk<T>
  }

  /** Visits all entries, in order. O(1) each; as fast as a Map's own, unless keys were added since the last walk. */
  forEach(visit: (value: V, id: unknown) => void): void {
    const entries = this.#entries()
    if (this.#astray === 0) this.#values.forEach(visit)
    else for (const [id, value] of entries) visit(value, id)
  }

  /** The identities of all entries, in no order that is promised, and at no cost. */
  idsAsLaid(): Iterable<unknown> {
    return this.#values.keys()
  }

  /** All entries likewise, identity and value; as a Map's iterator does, it sees changes that are made while it is walked, or not. */
  asLaid(): IterableIterator<[unknown, V]> {
    return this.#values.entries()
  }

  /** Visits all entries likewise. */
  visitAsLaid(visit: (value: V, id: unknown) => void): void {
    this.#values.forEach(visit)
  }

  /** The entries from `from` on, up to and without `to`, by identity; to the end where `to` is undefined. */
  range(from: K, to: K | undefined): Iterable<[unknown, V]> {
    return this.#walk(this.rank(from), to)
  }

  #entries(): IterableIterator<[unknown, V]> {
    // A bulk pays for being laid out anew; a few keys astray are cheaper found by the index.
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
        // Entries came or went: go on after the key that was given last.
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

  /** Whether entries are laid in the order of their keys, as those of a host that sends its state in order are. */
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
