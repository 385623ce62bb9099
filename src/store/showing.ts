// Floor 1. The entries that show. All changes to them are made here, and reported if they change anything.
import { gone, type Gone } from './covered.js'
import { OrderedMap, type KeyOrder } from './ordered-map.js'

/** Hears of all changes. */
export interface ShowingListener<K, V> {
  /** Called once for each change of a value that `get` returns, after the change. */
  changed(id: unknown, key: K, value: V | Gone, old: V | Gone): void
  /** Called after all entries were taken away at once. Must not change `taken`. Values need none. */
  cleared?(taken: OrderedMap<K, V>): void
}

export interface ShowingRules<K, V> {
  readonly order: KeyOrder<K>
  readonly equals: (a: V, b: V) => boolean
  /** Whether two values are equal, apart from what a host spells differently. */
  readonly isAlike: (a: V, b: V) => boolean
  /** Called with each key and value before it shows. */
  readonly seal?: ((part: K | V) => void) | undefined
}

export class Showing<K, V> {
  readonly map: OrderedMap<K, V>
  readonly #rules: ShowingRules<K, V>
  readonly #listener: ShowingListener<K, V>

  constructor(rules: ShowingRules<K, V>, listener: ShowingListener<K, V>) {
    this.map = new OrderedMap(rules.order)
    this.#rules = rules
    this.#listener = listener
  }

  /** Changes an entry. */
  set(id: unknown, key: K, value: V | Gone): void {
    this.put(id, key, value, this.map.get(id))
  }

  /**
   * As `set`, by who has looked at the entry already: in a large map each look costs as much as a small frame's reading.
   * @param old what `map` has; undefined also where it has no entry @param isForced whether an equal value counts as a change
   */
  put(id: unknown, key: K, value: V | Gone, old: V | undefined, isForced = false): void {
    const { map } = this
    if (value === gone) {
      if (old === undefined && !map.has(id)) return
      map.delete(id)
      return this.#listener.changed(id, key, gone, old as V)
    }
    const { seal, equals } = this.#rules
    if (seal !== undefined) {
      seal(key)
      seal(value)
    }
    if (old === undefined && map.add(id, key, value)) this.#listener.changed(id, key, value, gone)
    else if (isForced || !equals(old as V, value)) {
      map.replace(id, value)
      this.#listener.changed(id, key, value, old as V)
    }
  }

  /** As `set`, without a report if the host only spells the sent value differently. */
  setQuietly(id: unknown, key: K, value: V | Gone): void {
    const { map } = this
    const old = map.get(id)
    const { isAlike, equals, seal } = this.#rules
    if (value !== gone && (old !== undefined || map.has(id))) {
      // Nearly always: what is equal is alike as well, so the second comparison is rarely made.
      if (equals(old as V, value)) return
      if (isAlike(old as V, value)) {
        seal?.(value)
        return map.replace(id, value)
      }
    }
    this.put(id, key, value, old)
  }

  /** Takes all entries away, and returns them. O(1), but for what the listener does. */
  takeAll(): OrderedMap<K, V> {
    const taken = this.map.takeAll()
    if (taken.size > 0) this.#listener.cleared?.(taken)
    return taken
  }
}
