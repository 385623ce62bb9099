// Floor 5. A list lane as one downlink sees it: values are decoded by its schema.
import type { SwimError } from '../../base/errors.js'
import type { Value } from '../../recon/index.js'
import type { Form } from '../../schema/schema.js'
import type { Item, ItemChange } from '../../store/keyed-list.js'
import { isAlike } from '../echo.js'
import { freeze } from '../freeze.js'
import { schemaFault } from '../schema-fault.js'
import type { ListChange } from './list-change.js'
import type { ListModel } from './list-model.js'

export class ListView<V> {
  readonly #model: ListModel
  readonly #form: Form<V> | undefined
  readonly #freezes: boolean
  readonly #failed: (error: SwimError) => void
  /** The decoded value of each item, which stays valid: an item never changes. */
  readonly #values = new WeakMap<Item<Value>, V>()
  #snapshot: { readonly items: readonly Item<Value>[]; readonly values: readonly V[] } | undefined
  /** The items at the time the downlink closed. */
  #last: readonly Item<Value>[] | undefined

  /** @param failed called once for each item that the schema refuses */
  constructor(model: ListModel, form: Form<V> | undefined, freezes: boolean, failed: (error: SwimError) => void) {
    this.#model = model
    this.#form = form
    this.#freezes = freezes
    this.#failed = failed
  }

  get size(): number {
    return this.#last?.length ?? this.#model.shown.size
  }

  /** All items, as the same array until one changes. */
  items(): readonly Item<Value>[] {
    return this.#last ?? this.#model.shown.items()
  }

  itemAt(index: number): Item<Value> | undefined {
    return this.#last === undefined ? this.#model.shown.at(index) : this.#last[index]
  }

  /** The position for an index; a negative index counts from the end. */
  position(index: number): number {
    const whole = Math.trunc(index) || 0 // NaN counts as 0, as for an array
    return whole < 0 ? whole + this.size : whole
  }

  find(key: string): number {
    return this.#last === undefined ? this.#model.shown.find(key) : this.#last.findIndex(({ id }) => id === key)
  }

  /** Ends the view: the present items stay readable, and no longer change. */
  end(): void {
    this.#last = this.#model.shown.items()
  }

  valueOf(item: Item<Value>): V {
    const values = this.#values
    if (!values.has(item)) values.set(item, this.#decode(item.value))
    return values.get(item) as V
  }

  snapshot(): readonly V[] {
    const items = this.items()
    if (this.#snapshot?.items !== items)
      this.#snapshot = { items, values: Object.freeze(items.map(item => this.valueOf(item))) }
    return this.#snapshot.values
  }

  /** A change as the application sees it; undefined if nothing changes for the application. */
  changeOf(change: ItemChange<Value>): ListChange<V> | undefined {
    const { type, index, item } = change
    const key = item.id
    const value = this.valueOf(item)
    if (type === 'insert') return { type, index, key, value }
    if (type === 'remove') return { type, index, key, oldValue: value }
    if (type === 'move') return { type, from: index, to: change.to, key, value }
    const oldValue = this.valueOf(change.old)
    // The change may be only in parts that the schema leaves out.
    return this.#form !== undefined && isAlike(value, oldValue, Object.is)
      ? undefined
      : { type, index, key, value, oldValue }
  }

  encode(value: V): Value {
    return this.#form === undefined ? (value as Value) : this.#form.encode(value, undefined)
  }

  /** Positions are those of the lane: an item that the schema refuses keeps its position, as undefined. */
  #decode(wire: Value): V {
    try {
      const value = this.#form === undefined ? (wire as V) : this.#form.decode(wire, undefined)
      if (this.#freezes) freeze(value)
      return value
    } catch (cause) {
      this.#failed(schemaFault(cause))
      return undefined as V
    }
  }
}
