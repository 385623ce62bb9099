// Floor 6. A view: a table that applications read, and from which they make further views.
import { ConfigError } from '../base/errors.js'
import { port, type Port, type ReadableMap } from '../downlink/readable.js'
import { Aggregate, type Aggregates, type Group } from './aggregates.js'
import { joined, union } from './combine.js'
import { checkFunction, shown } from './fail.js'
import { groups } from './groups.js'
import { Node } from './node.js'
import type { Operator } from './operator.js'
import { Reading, tableBehind } from './reading.js'
import { Root } from './root.js'
import { filter, mapped } from './select.js'
import { piece, sorted } from './sort.js'
import type { Table } from './table.js'

/**
 * A live view over maps and other views: read it as a map; it always agrees with its sources. Its functions must be pure: the view
 * calls them whenever it needs, also for the old value of a changed entry. If a function throws, the entry is left out and `onError`
 * gets an error with code `callback` and the `key`. When the entry changes, the function is called again.
 *
 * A view starts with its first read or listener. Without listeners it computes only when it is read. `close` ends it.
 * @example
 * const full = view(rooms).filter(room => room.guests > 1)
 * await full.whenSynced()
 * console.log(full.size, full.get('r12'))
 * full.close()
 */
export class View<K, V> extends Reading<K, V> implements Disposable {
  /**
   * The entries for which `keeps` returns something truthy, in their order. O(1) a change.
   * @throws {ConfigError} when `keeps` is not a function, or the view is closed
   * @example
   * const full = view(rooms).filter(room => room.guests > 1)
   */
  filter<W extends V>(keeps: (value: V, key: K) => value is W): View<K, W>
  /** As above, for a function without a type predicate. */
  filter(keeps: (value: V, key: K) => unknown): View<K, V>
  filter(keeps: (value: V, key: K) => unknown): View<K, V> {
    checkFunction('filter', keeps)
    return this.#make([], table => filter(table, keeps))
  }

  /**
   * What `make` returns for each entry, by the same keys, in their order. If the new result equals the old one, listeners are not
   * called. O(1) a change.
   * @throws {ConfigError} when `make` is not a function, or the view is closed
   * @example
   * const guests = view(rooms).map(room => room.guests)
   */
  map<W>(make: (value: V, key: K) => W): View<K, W> {
    checkFunction('map', make)
    return this.#make([], table => mapped(table, make))
  }

  /**
   * The entries, sorted by what `by` returns for each; ties keep their order. Numbers and bigints come before NaN, then texts,
   * booleans, Dates, lists of these, null and undefined; `desc` reverses all of that. O(log n) a change.
   * @throws {ConfigError} when `by` is not a function, the direction is neither `asc` nor `desc`, or the view is closed
   * @example
   * const byGuests = view(rooms).orderBy(room => [room.floor, room.guests], 'desc')
   */
  orderBy(by: (value: V, key: K) => unknown, direction: 'asc' | 'desc' = 'asc'): View<K, V> {
    checkFunction('orderBy', by)
    if (direction !== 'asc' && direction !== 'desc')
      throw new ConfigError('orderBy', 'the direction must be asc or desc, got ' + shown(direction))
    return this.#make([], table => sorted(table, by, direction === 'asc' ? 1 : -1))
  }

  /**
   * `count` entries from the position `offset` on. `limit(20, 40)` is the third page of twenty. O(log n) a change.
   * @throws {ConfigError} when `count` or `offset` is not an integer from 0 (`count` may be Infinity), or the view is closed
   */
  limit(count: number, offset = 0): View<K, V> {
    for (const number of [count === Infinity ? 0 : count, offset]) {
      if (!Number.isSafeInteger(number) || number < 0)
        throw new ConfigError('limit', 'must get integers from 0, got ' + shown(number))
    }
    return this.#make([], table => piece(table, count, offset))
  }

  /**
   * One entry, a group, for each key that `by` returns, with figures over the group's entries; in the order of map keys. Keys compare
   * by value, as in maps; an entry whose key can't be a map's key is left out. A change costs what its aggregates cost. With only
   * count, sum and avg it keeps nothing per entry: if you change a value in place and write it back, it counts all entries again.
   * @throws {ConfigError} when `by` is not a function, an aggregate is not made by `count`, `sum`, `avg`, `min`, `max` or
   * `collect`, or the view is closed
   * @example
   * const floors = view(rooms).groupBy(room => room.floor, { rooms: count(), guests: sum(room => room.guests) })
   * floors.get(1)?.guests
   */
  groupBy<G, const A extends Aggregates<K, V>>(by: (value: V, key: K) => G, aggregates: A): View<G, Group<A>> {
    checkFunction('groupBy', by)
    const list = Object.entries((aggregates as A | undefined) ?? {})
    for (const [name, aggregate] of list) {
      if (!(aggregate instanceof Aggregate))
        throw new ConfigError('groupBy.' + name, 'must be made by count, sum, avg, min, max or collect')
    }
    return this.#make([], table => groups(table, by, list))
  }

  /**
   * What `make` returns for each entry and the entry of `other` whose key `keyOf` returns: undefined where there is none, or `keyOf`
   * returns null or undefined. O(1) for a change of an entry, O(entries with its key) for a change of `other`.
   * @throws {ConfigError} when `keyOf` or `make` is not a function, `other` is not a map or view, or one of them is closed
   * @example
   * const named = view(rooms).join(hotels, room => room.hotel, (room, hotel) => ({ ...room, hotel: hotel?.name }))
   */
  join<L, W, R>(
    other: ReadableMap<L, W>,
    keyOf: (value: V, key: K) => L | null | undefined,
    make: (value: V, other: W | undefined, key: K) => R,
  ): View<K, R> {
    checkFunction('join', keyOf, 'keyOf ')
    checkFunction('join', make, 'make ')
    const right = tableOf('join', other)
    return this.#make([right], table => joined(table, right, keyOf, make))
  }

  /**
   * The entries of this view and of all `others`, in the order of map keys; on equal keys the later source wins. O(sources) a change.
   * @throws {ConfigError} when one is not a map or view, or is closed
   * @example
   * const both = view(rooms).union(otherRooms)
   */
  union<W = V>(...others: ReadableMap<K, W>[]): View<K, V | W> {
    const tables = others.map(other => tableOf('union', other))
    return this.#make<K, V | W>(tables, table => union<K, V | W>([table, ...tables]))
  }

  /** Ends the view, and all views made from it: their entries stay readable. Its sources go on. Safe to call twice. */
  close(): void {
    tableBehind(this).close()
  }

  /** As `close`. */
  [Symbol.dispose](): void {
    this.close()
  }

  #make<L, W>(others: readonly Table[], operator: (table: Table<K, V>) => Operator<L, W>): View<L, W> {
    const table = tableOf('view', this)
    return new View<L, W>(new Node<L, W>([table, ...others] as Table[], operator(table)))
  }
}

function tableOf<K, V>(option: string, given: ReadableMap<K, V>): Table<K, V> {
  let table: Table<K, V> | undefined
  if (given instanceof View) table = tableBehind(given as View<K, V>)
  else {
    const of = (given as { readonly [port]?: Port<K, V> } | null | undefined)?.[port]
    if (of !== undefined) table = new Root(given, of)
  }
  if (table === undefined) throw new ConfigError(option, 'must be given a map downlink or a view, got ' + shown(given))
  if (table.isClosed) throw new ConfigError(option, 'the map or view is closed: make it over one that is open')
  return table
}

/**
 * A view over a map downlink or another view; `filter`, `orderBy`, `groupBy` and the others make further views from it.
 * @throws {ConfigError} when `source` is anything else, or is closed
 * @example
 * const full = view(rooms).filter(room => room.guests > 1).orderBy(room => room.guests, 'desc').limit(10)
 * full.subscribe(() => console.log([...full]))
 */
export function view<K, V>(source: ReadableMap<K, V>): View<K, V> {
  return new View(tableOf('view', source))
}
