// Floor 6. The entries of a view, and copies of them that are not out of date.
import type { Change } from '../downlink/change.js'
import { OrderedMap } from '../store/ordered-map.js'
import type { Operator, Output } from './operator.js'

export interface RowsOwner<K, V> {
  changed(id: unknown, change: Change<K, V>): void
  /** A copy that somebody has taken is out of date. */
  outdated(): void
  failed(key: unknown, cause: unknown): void
}

export class Rows<K, V> implements Output<K, V> {
  readonly entries: OrderedMap<unknown, V>
  readonly #operator: Operator<K, V>
  readonly #owner: RowsOwner<K, V>
  /** The keys that are not their own identity. */
  readonly #keys = new Map<unknown, K>()
  #snapshot: ReadonlyMap<K, V> | undefined
  #keySnapshot: readonly K[] | undefined

  constructor(operator: Operator<K, V>, owner: RowsOwner<K, V>) {
    this.#operator = operator
    this.#owner = owner
    this.entries = new OrderedMap<unknown, V>(operator.places)
  }

  keyOf(id: unknown): K {
    return this.#keys.size > 0 && this.#keys.has(id) ? this.#keys.get(id)! : (id as K)
  }

  put(id: unknown, place: unknown, key: K, value: V): void {
    const { entries } = this
    const oldValue = entries.get(id) as V
    // A look-up in a large map takes most of the time: none is made twice.
    if (oldValue === undefined && !entries.has(id)) {
      entries.add(id, place, value)
      if (key !== id) this.#keys.set(id, key)
      return this.#changed({ type: 'update', key, value }, id, true)
    }
    const isMoved = entries.keyOf(id) !== place
    if (!isMoved) {
      if (this.#operator.isUnchanged(oldValue, value)) return
      entries.replace(id, value)
    } else {
      entries.delete(id)
      entries.add(id, place, value)
    }
    this.#changed({ type: 'update', key, value, oldValue }, id, isMoved)
  }

  drop(id: unknown): void {
    const { entries } = this
    if (!entries.has(id)) return
    const key = this.keyOf(id)
    const oldValue = entries.get(id) as V
    entries.delete(id)
    this.#keys.delete(id)
    this.#changed({ type: 'remove', key, oldValue }, id, true)
  }

  fail(key: unknown, cause: unknown): void {
    this.#owner.failed(key, cause)
  }

  clear(): void {
    this.entries.clear()
    this.#keys.clear()
    this.#outdate(true)
  }

  snapshot(): ReadonlyMap<K, V> {
    if (this.#snapshot !== undefined) return this.#snapshot
    const copy = new Map<K, V>()
    this.entries.forEach((value, id) => copy.set(this.keyOf(id), value))
    return (this.#snapshot = copy)
  }

  keySnapshot(): readonly K[] {
    return (this.#keySnapshot ??= [...this.entries.walk(([id]) => this.keyOf(id))])
  }

  #changed(change: Change<K, V>, id: unknown, isMoved: boolean): void {
    this.#outdate(isMoved)
    this.#owner.changed(id, change)
  }

  /** Who took a copy within a batch looks again, even if all that changed is undone. */
  #outdate(isMoved: boolean): void {
    if ((this.#snapshot ?? this.#keySnapshot) !== undefined) this.#owner.outdated()
    this.#snapshot = undefined
    if (isMoved) this.#keySnapshot = undefined
  }
}
