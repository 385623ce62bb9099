// Floor 6. Operators over several sources: join and union.
import { plain, type Of, type Operator, type Output } from './operator.js'
import { isSame, isUnchanged } from './order.js'
import { gone, type Table } from './table.js'

/** Stands for the identity of a missing entry. */
const nowhere = Symbol()

/**
 * The result of a function for each entry and the entry of another source that it refers to; undefined if there is none. O(1) for a
 * change of an entry, O(entries that refer to it) for a change of the other source.
 */
export function joined<K, V, L, W, R>(
  table: Table<K, V>,
  other: Table<L, W>,
  keyOf: Of<K, V, L | null | undefined>,
  make: (value: V, other: W | undefined, key: K) => R,
): Operator<K, R> {
  let { entries } = table as Table
  let keyAt = (id: unknown) => table.keyOf(id)
  const named = new Map<unknown, unknown>()
  const dependants = new Map<unknown, Set<unknown>>()

  const name = (id: unknown, next: unknown) => {
    const old = named.has(id) ? named.get(id) : nowhere
    if (old === next || (old !== old && next !== next)) return
    const list = dependants.get(old)
    if (list?.delete(id) && list.size === 0) dependants.delete(old)
    if (next === nowhere) named.delete(id)
    else {
      named.set(id, next)
      const list = dependants.get(next) ?? new Set()
      dependants.set(next, list.add(id))
    }
  }

  const lookAt = (id: unknown, value: V, key: K, out: Output<K, R>) => {
    let made: R
    try {
      const otherKey = keyOf(value, key)
      name(id, otherKey === undefined || otherKey === null ? nowhere : other.idOf(otherKey))
      made = make(value, named.has(id) ? other.entries.get(named.get(id)) : undefined, key)
    } catch (cause) {
      out.drop(id)
      return out.fail(key, cause)
    }
    out.put(id, entries.keyOf(id), key, made)
  }

  return {
    ...plain,
    name: 'join',
    places: table.places,
    idOf: key => table.idOf(key),
    scans: source => source === 0,
    isFed: source => source === 0,
    isUnchanged,
    begin([left]) {
      entries = left!.entries
      keyAt = id => left!.keyOf(id) as K
      named.clear()
      dependants.clear()
    },
    look(source, id, key, value, _old, out) {
      if (source === 1) {
        for (const dependant of [...(dependants.get(id) ?? [])])
          lookAt(dependant, entries.get(dependant) as V, keyAt(dependant), out)
      } else if (value === gone) {
        name(id, nowhere)
        out.drop(id)
      } else lookAt(id, value as V, key as K, out)
    },
  }
}

/** The entries of several sources, in key order. On equal keys the later source wins. O(sources) a change. */
export function union<K, V>(tables: readonly Table<K, V>[]): Operator<K, V> {
  const { compare } = tables[0]!.sources[0]!.keys
  return {
    ...plain,
    name: 'union',
    places: { compare, keyAt: place => place },
    // A schema of one source may refuse keys of another source.
    idOf: key =>
      tables.reduce<unknown>((found, table) => {
        const id = table.idOf(key)
        return typeof id === 'symbol' ? found : id
      }, nowhere),
    isFed: () => false,
    look(source, id, _key, _value, _old, out) {
      let winner = tables.length - 1
      while (winner >= 0 && !tables[winner]!.entries.has(id)) winner--
      if (winner < 0) return out.drop(id)
      // The change is of an entry that does not show.
      if (winner > source && out.has(id)) return
      const table = tables[winner]!
      const { entries, places } = table
      // An entry keeps its place: the place is the key, and an equal key is there already.
      const place = out.has(id) ? out.keyOf(id) : places.keyAt(entries.keyOf(id))
      if (out.has(id) && isSame(out.get(id), entries.get(id))) return
      out.put(id, place, table.keyOf(id), entries.get(id) as V)
    },
  }
}
