// Floor 6. The entries of a view by identity. Their order is computed when it is first needed. Copies of the entries are made again
// once they are out of date.
import type { Change } from '../downlink/change.js'
import { OrderIndex, type Compare } from '../store/order-index.js'
import type { Walk } from '../store/ordered-map.js'
import type { Operator, Output } from './operator.js'
import { total } from './order.js'
import type { Entries, Places } from './table.js'

export interface RowsOwner<K, V> {
  changed(id: unknown, change: Change<K, V>): void
  /** Called when a copy that somebody took is out of date. */
  outdated(): void
  failed(key: unknown, cause: unknown, operator: string): void
}

export interface Row<V> {
  readonly id: unknown
  /** The place in the order of the source. */
  readonly place: unknown
  value: V
  /** The value to sort by, which comes before the place; undefined if the operator does not sort. */
  readonly by: unknown
}

export class Rows<K, V> implements Output<K, V>, Entries<V> {
  /** Set during a start: added and removed entries are then not reported as changes. */
  isQuiet = false
  readonly #operator: Operator<K, V>
  readonly #owner: RowsOwner<K, V>
  /** The places for tables made from this one: for an operator that sorts, the rows themselves. */
  readonly places: Places
  readonly #byPlace: Compare<Row<V>>
  readonly #compare: Compare<Row<V>>
  #rows = new Map<unknown, Row<V>>()
  /** The keys that differ from their identity. As a field of each row they would take eight bytes more. */
  readonly #keys = new Map<unknown, K>()
  #index: OrderIndex<Row<V>> | undefined
  /** Grows with each row that is added, removed or moved: iterators then find their position again. */
  #version = 0
  #snapshot: ReadonlyMap<K, V> | undefined
  #keySnapshot: readonly K[] | undefined

  constructor(operator: Operator<K, V>, owner: RowsOwner<K, V>) {
    const { places, sorts } = operator
    this.#operator = operator
    this.#owner = owner
    this.#byPlace = (a, b) => places.compare(a.place, b.place)
    this.#compare = sorts ? (a, b) => sorts(a, b) || this.#byPlace(a, b) : this.#byPlace
    this.places = sorts
      ? { compare: this.#compare as Compare<unknown>, keyAt: row => places.keyAt((row as Row<V>).place) }
      : places
  }

  get size(): number {
    return this.#rows.size
  }

  get(id: unknown): V | undefined {
    return this.#rows.get(id)?.value
  }

  has(id: unknown): boolean {
    return this.#rows.has(id)
  }

  keyOf(id: unknown): unknown {
    const row = this.#rows.get(id)
    return this.#operator.sorts ? row : row?.place
  }

  /** The key of an entry, as the application sees it. */
  appKeyOf(id: unknown): K {
    return this.#keys.has(id) ? this.#keys.get(id)! : (id as K)
  }

  idAt(position: number): unknown {
    const index = this.#indexed()
    return index.at(position < 0 ? position + index.size : position)!.id
  }

  rank(place: unknown): number {
    return this.#indexed().rank(this.#operator.sorts ? (place as Row<V>) : ({ place } as Row<V>))
  }

  walk<T>(pick: (entry: [unknown, V]) => T): Walk<T> {
    return this.#walk(({ id, value }) => pick([id, value]))
  }

  forEach(visit: (value: V, id: unknown) => void): void {
    for (const [id, value] of this.walk(entry => entry)) visit(value, id)
  }

  *asLaid(): Generator<[unknown, V]> {
    for (const { id, value } of this.#rows.values()) yield [id, value]
  }

  visitAsLaid(visit: (value: V, id: unknown) => void): void {
    this.#rows.forEach(({ id, value }) => visit(value, id))
  }

  put(id: unknown, place: unknown, key: K, value: V, by?: unknown): void {
    const rows = this.#rows
    if (key !== id) this.#keys.set(id, key)
    if (this.isQuiet) {
      // Looking up a key in a large map takes most of the time of a start.
      const { size } = rows
      const row = { id, place, value, by }
      rows.set(id, row)
      // There is an index only if a function has read its own view.
      if (this.#index === undefined) return
      this.#version++
      if (rows.size === size) this.#index = undefined
      else this.#index.add(row)
      return
    }
    const row = rows.get(id)
    const isMoved = row === undefined || row.place !== place || total(row.by, by) !== 0
    if (isMoved) {
      if (row !== undefined) this.#index?.delete(row)
      const next = { id, place, value, by }
      rows.set(id, next)
      this.#index?.add(next)
      this.#version++
      if (row === undefined) return this.#changed({ type: 'update', key, value }, id, true)
    } else if (this.#operator.isUnchanged(row.value, value)) return
    const oldValue = row.value
    row.value = value
    this.#changed({ type: 'update', key, value, oldValue }, id, isMoved)
  }

  drop(id: unknown): void {
    const row = this.#rows.get(id)
    if (row === undefined) return
    const key = this.appKeyOf(id)
    this.#rows.delete(id)
    this.#keys.delete(id)
    this.#index?.delete(row)
    this.#version++
    this.#changed({ type: 'remove', key, oldValue: row.value }, id, true)
  }

  fail(key: unknown, cause: unknown, operator = this.#operator.name): void {
    this.#owner.failed(key, cause, operator)
  }

  clear(): void {
    this.#rows = new Map()
    this.#keys.clear()
    this.#index = undefined
    this.#version++
    this.#outdate(true)
  }

  snapshot(): ReadonlyMap<K, V> {
    const copy = this.#snapshot ?? new Map(this.#walk(({ id, value }) => [this.appKeyOf(id), value]))
    // A function that reads its own view amid a start gets a copy too. That one is not kept: it is soon out of date.
    if (!this.isQuiet) this.#snapshot = copy
    return copy
  }

  keySnapshot(): readonly K[] {
    const copy = this.#keySnapshot ?? [...this.#walk(({ id }) => this.appKeyOf(id))]
    if (!this.isQuiet) this.#keySnapshot = copy
    return copy
  }

  *#walk<T>(pick: (row: Row<V>) => T): Generator<T, undefined, unknown> {
    for (let position = 0; position < this.size;) {
      const version = this.#version
      for (const row of this.#indexed().run(position)) {
        yield pick(row)
        position++
        if (version === this.#version) continue
        // Rows were added or removed: go on after the last returned row.
        position = this.#indexed().rank(row) + +(this.#rows.get(row.id) === row)
        break
      }
    }
  }

  #indexed(): OrderIndex<Row<V>> {
    return (this.#index ??= new OrderIndex(this.#compare, this.#sorted()))
  }

  #sorted(): Row<V>[] {
    const { sorts } = this.#operator
    const rows = [...this.#rows.values()]
    // Rows mostly come in order already. A check compares each place once, and a sort keeps ties in order.
    if (rows.some((row, i) => i > 0 && this.#byPlace(rows[i - 1]!, row) > 0)) rows.sort(this.#byPlace)
    return sorts ? rows.sort(sorts) : rows
  }

  #changed(change: Change<K, V>, id: unknown, isMoved: boolean): void {
    if (this.isQuiet) return
    this.#outdate(isMoved)
    this.#owner.changed(id, change)
  }

  /** Makes copies out of date. A listener that took a copy within a batch is called even if the batch changes nothing. */
  #outdate(isMoved: boolean): void {
    if ((this.#snapshot ?? this.#keySnapshot) !== undefined) this.#owner.outdated()
    this.#snapshot = undefined
    if (isMoved) this.#keySnapshot = undefined
  }
}
