// Floor 1. A list whose items have keys, and the operations on it. Everybody who applies the same operations in the same order gets
// the same list. It knows neither Recon nor WARP. The rules: docs/PROTOCOL.md#list-lanes.

/** An item. When its value changes, it becomes another object with the same id. */
export interface Item<V> {
  /** Its key, as a text. */
  readonly id: string
  readonly value: V
}

/** An operation on a list. Without an id, it concerns the item at the position. */
export type ListOp<V> =
  | { readonly type: 'update'; readonly index: number; readonly id: string | undefined; readonly value: V }
  | { readonly type: 'move'; readonly index: number; readonly id: string | undefined; readonly to: number }
  | { readonly type: 'remove'; readonly index: number; readonly id: string | undefined }
  | { readonly type: 'drop' | 'take'; readonly count: number }
  | { readonly type: 'clear' }

/** The change of one item. Changes apply in order: each position is that in the list after the changes before. */
export type ItemChange<V> =
  | { readonly type: 'insert'; readonly index: number; readonly item: Item<V> }
  | { readonly type: 'update'; readonly index: number; readonly item: Item<V>; readonly old: Item<V> }
  | { readonly type: 'move'; readonly index: number; readonly to: number; readonly item: Item<V> }
  | { readonly type: 'remove'; readonly index: number; readonly item: Item<V> }

export class KeyedList<V> {
  #items: Item<V>[]
  /** All ids. Made when an id is first not found at its expected position. */
  #ids: Set<string> | undefined
  #copy: readonly Item<V>[] | undefined

  constructor(items: readonly Item<V>[] = []) {
    this.#items = [...items]
  }

  get size(): number {
    return this.#items.length
  }

  at(index: number): Item<V> | undefined {
    return this.#items[index]
  }

  /** All items as they are now: the same array until one changes. O(n) at the first call after a change. */
  items(): readonly Item<V>[] {
    return (this.#copy ??= [...this.#items])
  }

  /** The position of an item; -1 if there is none. O(1) if the position is close to `near`. */
  find(id: string, near = 0): number {
    const items = this.#items
    if (items[near]?.id === id) return near
    if (!(this.#ids ??= new Set(items.map(item => item.id))).has(id)) return -1
    const from = Math.max(0, Math.min(near, items.length - 1))
    for (let away = 0; ; away++) {
      if (items[from + away]?.id === id) return from + away
      if (items[from - away]?.id === id) return from - away
    }
  }

  /**
   * Applies an operation. An operation that can't be applied is skipped, except that an insert beyond the end goes to the end.
   * @param did called with each change, after the list has changed
   * @param equals an update to an equal value is no change
   * @returns whether the operation could be applied as given
   */
  apply(
    op: ListOp<V>,
    did: (change: ItemChange<V>) => void = () => {},
    equals: (a: V, b: V) => boolean = Object.is,
  ): boolean {
    const { size } = this
    switch (op.type) {
      case 'update': {
        const { id, value } = op
        const at = id === undefined ? op.index : this.find(id, op.index)
        const old = this.#items[at]
        if (old !== undefined) {
          if (!equals(old.value, value)) did(this.#replace(at, { id: old.id, value }))
          return true
        }
        if (id === undefined || op.index < 0) return false
        did(this.insert(Math.min(op.index, size), { id, value }))
        return op.index <= size
      }
      case 'move': {
        const at = op.id === undefined ? op.index : this.find(op.id, op.index)
        const item = this.#items[at]
        if (item === undefined || !(op.to >= 0 && op.to < size)) return false
        if (at !== op.to) did(this.#move(at, op.to, item))
        return true
      }
      case 'remove': {
        const at = op.id === undefined ? op.index : this.find(op.id, op.index)
        if (this.#items[at] === undefined) return false
        did(this.#remove(at))
        return true
      }
      case 'drop':
        for (let at = Math.min(op.count, size) - 1; at >= 0; at--) did(this.#remove(at))
        return true
      case 'take':
      case 'clear': {
        const count = op.type === 'take' ? Math.max(0, op.count) : 0
        for (let at = size - 1; at >= count; at--) did(this.#remove(at))
        return true
      }
    }
  }

  /** Inserts an item that is not in the list. */
  insert(index: number, item: Item<V>): ItemChange<V> {
    this.#copy = undefined
    this.#ids?.add(item.id)
    this.#items.splice(index, 0, item)
    return { type: 'insert', index, item }
  }

  #replace(index: number, item: Item<V>): ItemChange<V> {
    const old = this.#items[index]!
    this.#copy = undefined
    this.#items[index] = item
    return { type: 'update', index, item, old }
  }

  #move(index: number, to: number, item: Item<V>): ItemChange<V> {
    this.#copy = undefined
    this.#items.splice(index, 1)
    this.#items.splice(to, 0, item)
    return { type: 'move', index, to, item }
  }

  #remove(index: number): ItemChange<V> {
    const [item] = this.#items.splice(index, 1) as [Item<V>]
    this.#copy = undefined
    this.#ids?.delete(item.id)
    return { type: 'remove', index, item }
  }
}

/**
 * The changes that turn the list `from` into the list `to`, item by item. O(n), plus O(n) for each moved item.
 * @param equals an item with an equal value is unchanged
 */
export function difference<V>(
  from: readonly Item<V>[],
  to: readonly Item<V>[],
  equals: (a: V, b: V) => boolean = Object.is,
): ItemChange<V>[] {
  const changes: ItemChange<V>[] = []
  // Nearly always most of the two lists is the same.
  let start = 0
  while (start < from.length && from[start] === to[start]) start++
  let tail = 0
  const most = Math.min(from.length, to.length) - start
  while (tail < most && from[from.length - 1 - tail] === to[to.length - 1 - tail]) tail++
  const list = from.slice(start, from.length - tail)
  const aim = to.slice(start, to.length - tail)
  const wanted = new Map(aim.map(({ id }, index) => [id, index]))
  const had = new Set(list.map(({ id }) => id))
  for (let i = list.length - 1; i >= 0; i--) {
    if (wanted.has(list[i]!.id)) continue
    const [item] = list.splice(i, 1) as [Item<V>]
    changes.push({ type: 'remove', index: start + i, item })
  }
  for (let i = 0; i < aim.length;) {
    const item = aim[i]!
    const there = list[i]
    if (there?.id === item.id) {
      if (there !== item && !equals(there.value, item.value))
        changes.push({ type: 'update', index: start + i, item, old: there })
      i++
    } else if (!had.has(item.id)) {
      list.splice(i, 0, item)
      changes.push({ type: 'insert', index: start + i, item })
      i++
    } else {
      // Either the item at this position has moved on, or the wanted item has come from further on.
      const isOnward = list[i + 1]?.id === item.id
      const index = isOnward ? i : list.findIndex(({ id }) => id === item.id)
      const at = isOnward ? Math.min(wanted.get(there!.id)!, list.length - 1) : i
      const [moved] = list.splice(index, 1) as [Item<V>]
      list.splice(at, 0, moved)
      changes.push({ type: 'move', index: start + index, to: start + at, item: moved })
    }
  }
  return changes
}
