// Floor 6. Operators that make an entry of an entry: filter and map.
import { plain, type Of, type Operator } from './operator.js'
import { isUnchanged } from './order.js'
import type { Table } from './table.js'

/** In the place of a value: there is none. */
const none = Symbol()

/** The entries that a function says yes to, in their order. O(1) a change. */
export const filter = <K, V>(table: Table<K, V>, keeps: Of<K, V, unknown>): Operator<K, V> =>
  select(table, 'filter', (value, key) => (keeps(value, key) ? value : none))

/** What a function makes of each entry, in their order. O(1) a change. */
export const mapped = <K, V, W>(table: Table<K, V>, make: Of<K, V, W>): Operator<K, W> => ({
  ...select(table, 'map', make),
  isUnchanged,
})

function select<K, V, W>(table: Table<K, V>, name: string, make: Of<K, V, W | typeof none>): Operator<K, W> {
  const { entries } = table
  return {
    ...plain,
    name,
    places: table.places,
    idOf: key => table.idOf(key),
    look(_, id, out) {
      const value = entries.get(id)
      if (value === undefined && !entries.has(id)) return out.drop(id)
      const key = table.keyOf(id)
      let made: W | typeof none
      try {
        made = make(value as V, key)
      } catch (cause) {
        out.drop(id)
        return out.fail(key, cause)
      }
      if (made === none) out.drop(id)
      else out.put(id, entries.keyOf(id), key, made as W)
    },
  }
}
