// Floor 6. Operators that make one entry of each entry: filter and map.
import { plain, type Of, type Operator } from './operator.js'
import { isUnchanged } from './order.js'
import { gone, type Table } from './table.js'

/** The entries that a function accepts, in their order. O(1) a change. */
export const filter = <K, V>(table: Table<K, V>, keeps: Of<K, V, unknown>): Operator<K, V> => ({
  ...select(table, 'filter', (value: V, key) => (keeps(value, key) ? value : gone)),
  keeps,
})

/** The result of a function for each entry, in their order. O(1) a change. */
export const mapped = <K, V, W>(table: Table<K, V>, make: Of<K, V, W>): Operator<K, W> => ({
  ...select(table, 'map', make),
  isUnchanged,
})

function select<K, V, W>(given: Table<K, V>, name: string, make: Of<K, V, W | typeof gone>): Operator<K, W> {
  let { entries } = given as Table
  return {
    ...plain,
    name,
    places: given.places,
    idOf: key => given.idOf(key),
    begin([table]) {
      entries = table!.entries
    },
    look(_, id, key, value, _old, out) {
      if (value === gone) return out.drop(id)
      let made: W | typeof gone
      try {
        made = make(value as V, key as K)
      } catch (cause) {
        out.drop(id)
        return out.fail(key, cause)
      }
      if (made === gone) out.drop(id)
      else out.put(id, entries.keyOf(id), key as K, made as W)
    },
  }
}
