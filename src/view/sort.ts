// Floor 6. Operators that sort entries, and that take a piece of an order.
import { plain, type Of, type Operator } from './operator.js'
import { sortable, total } from './order.js'
import { gone, type Table } from './table.js'

/** The entries, sorted by the results of a function; ties keep their order. O(log n) a change. */
export function sorted<K, V>(given: Table<K, V>, by: Of<K, V, unknown>, sign: 1 | -1): Operator<K, V> {
  let { entries } = given as Table
  return {
    ...plain,
    name: 'orderBy',
    places: given.places,
    sorts: (a, b) => sign * total(a.by, b.by),
    idOf: key => given.idOf(key),
    begin([table]) {
      entries = table!.entries
    },
    look(_, id, key, value, _old, out) {
      if (value === gone) return out.drop(id)
      let sortedBy: unknown
      try {
        sortedBy = sortable(by(value as V, key as K))
      } catch (cause) {
        out.drop(id)
        return out.fail(key, cause)
      }
      out.put(id, entries.keyOf(id), key as K, value as V, sortedBy)
    },
  }
}

/** `count` entries from a position on, in their order. O(log n) a change, whatever the count. */
export function piece<K, V>(table: Table<K, V>, count: number, from: number): Operator<K, V> {
  const { entries, places } = table
  const changed = new Set<unknown>()
  return {
    ...plain,
    name: 'limit',
    places,
    idOf: key => table.idOf(key),
    scans: () => false,
    isFed: () => false,
    begin: () => changed.clear(),
    look(_, id) {
      changed.add(id)
    },
    finish(mine) {
      const put = (id: unknown) => mine.put(id, entries.keyOf(id), table.keyOf(id), entries.get(id) as V)
      // First the earlier piece: without entries that are gone or have moved, and with entries that came in between.
      for (const id of changed) {
        if (mine.has(id) && (!entries.has(id) || entries.keyOf(id) !== mine.keyOf(id))) mine.drop(id)
      }
      if (mine.size > 0) {
        const [first, last] = [mine.keyOf(mine.idAt(0)), mine.keyOf(mine.idAt(-1))]
        for (const id of changed) {
          if (!entries.has(id)) continue
          const place = entries.keyOf(id)
          if (places.compare(place, first) >= 0 && places.compare(place, last) <= 0) put(id)
        }
      }
      changed.clear()
      // The piece is a run of the source again. Only its ends have to be moved.
      let at = mine.size > 0 ? entries.rank(mine.keyOf(mine.idAt(0))) : from
      while (mine.size > 0 && at < from) {
        mine.drop(mine.idAt(0))
        at++
      }
      if (mine.size === 0) at = from
      while (at > from) put(entries.idAt(--at))
      while (mine.size > count) mine.drop(mine.idAt(-1))
      while (mine.size < count && from + mine.size < entries.size) put(entries.idAt(from + mine.size))
    },
  }
}
