// Floor 8. What all bindings have in common to show long lists: what is at some positions of a map.
import type { ReadableMap } from './index.js'

/** What is at some positions of a map, and how many entries it has in all. */
export interface MapWindow<K, V> {
  /** In the map's order. A pair stays the same object for as long as its key and value do. */
  readonly entries: readonly (readonly [key: K, value: V])[]
  /** How many entries the map has. */
  readonly total: number
}

export const noWindow: MapWindow<never, never> = { entries: [], total: 0 }

/** The entries from the position `start` on, `count` at most; `last` itself where it has the same. O(count log n). */
export function windowOf<K, V>(
  map: ReadableMap<K, V>,
  start: number,
  count: number,
  last: MapWindow<K, V>,
): MapWindow<K, V> {
  const total = map.size
  const end = Math.min(start + count, total)
  const known = new Map(last.entries.map(entry => [entry[0], entry]))
  const entries: (readonly [K, V])[] = []
  for (let position = Math.max(start, 0); position < end; position++) {
    const entry = map.at(position)!
    const before = known.get(entry[0])
    entries.push(before && Object.is(before[1], entry[1]) ? before : entry)
  }
  const isSame = entries.length === last.entries.length && entries.every((entry, i) => entry === last.entries[i])
  return isSame && total === last.total ? last : { entries, total }
}
