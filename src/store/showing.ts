// Floor 1. The entries that show. All changes to them are made here, and reported if they change anything.
import { gone, type Gone } from './covered.js'
import type { KeyOrder, OrderedMap } from './ordered-map.js'

export interface ShowingRules<K, V> {
  readonly order: KeyOrder<K>
  readonly equals: (a: V, b: V) => boolean
  /** Whether two values are equal, apart from what a host spells differently. */
  readonly isAlike: (a: V, b: V) => boolean
  /** Called with each key and value before it shows. */
  readonly seal?: ((part: K | V) => void) | undefined
}

/** Entries by identity: a map of them, or the entry of a value lane. */
export interface Entries<K, V> {
  readonly size: number
  get(id: unknown): V | undefined
  has(id: unknown): boolean
  keyOf(id: unknown): K
  /** Replaces the value of an existing entry. */
  replace(id: unknown, value: V): void
  /** Adds an entry, or replaces its value. Returns whether it was added. */
  add(id: unknown, key: K, value: V): boolean
  delete(id: unknown): unknown
  /** The identities of all entries, in no certain order. */
  idsAsLaid(): Iterable<unknown>
}

export abstract class Showing<K, V, M extends Entries<K, V>, R extends ShowingRules<K, V>> {
  /** The entries that show. Only this class may change them. */
  readonly shown: M
  protected readonly rules: R

  constructor(rules: R, shown: M) {
    this.shown = shown
    this.rules = rules
  }

  /** Called once for each change of a value that `get` returns, after the change. */
  abstract changed(id: unknown, key: K, value: V | Gone, old: V | Gone): void
  /** Called after all entries were taken away at once. Must not change `taken`. Values need none. */
  cleared?(taken: OrderedMap<K, V>): void

  /** Changes an entry. */
  protected show(id: unknown, key: K, value: V | Gone): void {
    this.put(id, key, value, this.shown.get(id))
  }

  /**
   * As `show`, by who has looked at the entry already: in a large map each look costs as much as a small frame's reading.
   * @param old what `shown` has; undefined also where it has no entry @param isForced whether an equal value counts as a change
   */
  protected put(id: unknown, key: K, value: V | Gone, old: V | undefined, isForced = false): void {
    const { shown } = this
    if (value === gone) {
      if (old === undefined && !shown.has(id)) return
      shown.delete(id)
      return this.changed(id, key, gone, old as V)
    }
    const { seal, equals } = this.rules
    if (seal !== undefined) {
      seal(key)
      seal(value)
    }
    if (old === undefined && shown.add(id, key, value)) this.changed(id, key, value, gone)
    else if (isForced || !equals(old as V, value)) {
      shown.replace(id, value)
      this.changed(id, key, value, old as V)
    }
  }

  /** As `show`, without a report if the host only spells the sent value differently. */
  protected showQuietly(id: unknown, key: K, value: V | Gone): void {
    const { shown } = this
    const old = shown.get(id)
    const { isAlike, equals, seal } = this.rules
    if (value !== gone && (old !== undefined || shown.has(id))) {
      // Nearly always: what is equal is alike as well, so the second comparison is rarely made.
      if (equals(old as V, value)) return
      if (isAlike(old as V, value)) {
        seal?.(value)
        return shown.replace(id, value)
      }
    }
    this.put(id, key, value, old)
  }
}
