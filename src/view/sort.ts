// Floor 6. Operators that order entries, and cut a piece out of an order.
import { plain, type Of, type Operator } from './operator.js'
import { sortable, total } from './order.js'
import type { Table } from './table.js'

/** A place by what is sorted by, and then by the place in the source. */
interface Sorted {
  readonly id: unknown
  readonly by: unknown
  readonly place: unknown
}

/** The entries by what a function takes of each, ties in their order. O(log n) a change. */
export function sorted<K, V>(table: Table<K, V>, by: Of<K, V, unknown>, sign: 1 | -1): Operator<K, V> {
  const { entries, places } = table
  return {
    ...plain,
    name: 'orderBy',
    places: {
      identity: place => (place as Sorted).id,
      compare: (a, b) => {
        const [one, other] = [a as Sorted, b as Sorted]
        return sign * total(one.by, other.by) || places.compare(one.place, other.place)
      },
      keyAt: place => places.keyAt((place as Sorted).place),
    },
    idOf: key => table.idOf(key),
    look(_, id, out) {
      if (!entries.has(id)) return out.drop(id)
      const [key, value, place] = [table.keyOf(id), entries.get(id) as V, entries.keyOf(id)]
      let next: Sorted
      try {
        next = { id, by: sortable(by(value, key)), place }
      } catch (cause) {
        out.drop(id)
        return out.fail(key, cause)
      }
      if (out.entries.has(id)) {
        const old = out.entries.keyOf(id) as Sorted
        if (old.place === place && total(old.by, next.by) === 0) next = old
      }
      out.put(id, next, key, value)
    },
  }
}

/** `count` entries from a position on, in their order. O(log n) a change, however many they are. */
export function piece<K, V>(table: Table<K, V>, count: number, from: number): Operator<K, V> {
  const { entries, places } = table
  const changed = new Set<unknown>()
  return {
    ...plain,
    name: 'limit',
    places,
    idOf: key => table.idOf(key),
    scans: () => false,
    look(_, id) {
      changed.add(id)
    },
    clear: () => changed.clear(),
    finish(out) {
      const mine = out.entries
      const put = (id: unknown) => out.put(id, entries.keyOf(id), table.keyOf(id), entries.get(id) as V)
      // First to what it was, without what is gone or has moved, and with what has come in between.
      for (const id of changed) {
        if (mine.has(id) && (!entries.has(id) || entries.keyOf(id) !== mine.keyOf(id))) out.drop(id)
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
      // It is a run of the source again, and only its ends have to be moved.
      let at = mine.size > 0 ? entries.rank(mine.keyOf(mine.idAt(0))) : from
      while (mine.size > 0 && at < from) {
        out.drop(mine.idAt(0))
        at++
      }
      if (mine.size === 0) at = from
      while (at > from) put(entries.idAt(--at))
      while (mine.size > count) out.drop(mine.idAt(-1))
      while (mine.size < count && from + mine.size < entries.size) put(entries.idAt(from + mine.size))
    },
  }
}
