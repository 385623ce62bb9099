// Floor 6. The part of a view with which applications read it and listen to it.
import { ClosedError, ConfigError } from '../base/errors.js'
import { callListener, type SignalLike, type Unsubscribe } from '../base/events.js'
import type { Changes } from '../downlink/feed.js'
import type { ReadableMap } from '../downlink/readable.js'
import type { DownlinkStatus } from '../downlink/status.js'
import type { WaitOptions } from '../downlink/wait.js'
import type { Walk } from '../store/ordered-map.js'
import { checkFunction } from './fail.js'
import { leastAdvanced } from './status.js'
import type { Table } from './table.js'

/**
 * The part of a view that reads as a map.
 * @example
 * const show = (rooms: Reading<string, Room>) => console.log(rooms.status.state, rooms.snapshot())
 * show(view(map).limit(10))
 */
export abstract class Reading<K, V> implements ReadableMap<K, V> {
  readonly #table: Table<K, V>

  /** @internal */
  constructor(table: Table<K, V>) {
    this.#table = table
  }

  /** How many entries there are. */
  get size(): number {
    return this.#now.entries.size
  }

  /** The value of a key; undefined where there is none. */
  get(key: K): V | undefined {
    return this.#now.entries.get(this.#id(key))
  }

  /** Whether there is such a key. */
  has(key: K): boolean {
    return this.#now.entries.has(this.#id(key))
  }

  /** The keys, in order. */
  keys(): Walk<K> {
    const table = this.#now
    return table.entries.walk(([id]) => table.keyOf(id))
  }

  /** The values, in order. */
  values(): Walk<V> {
    return this.#now.entries.walk(([, value]) => value)
  }

  /** The entries, in order. */
  entries(): Walk<[K, V]> {
    const table = this.#now
    return table.entries.walk(([id, value]): [K, V] => [table.keyOf(id), value])
  }

  /** As `entries`. */
  [Symbol.iterator](): Walk<[K, V]> {
    return this.entries()
  }

  /** Calls `visit` for each entry, in order. */
  forEach(visit: (value: V, key: K, map: ReadonlyMap<K, V>) => void, self?: unknown): void {
    const table = this.#now
    table.entries.forEach((value, id) => visit.call(self, value, table.keyOf(id), this))
  }

  /** The entry at a position; a negative one counts from the end. O(log n) amortised. */
  at(position: number): [K, V] | undefined {
    const { entries } = this.#now
    const index = Math.trunc(position) || 0
    if (index >= entries.size || index < -entries.size) return undefined
    const id = entries.idAt(index)
    return [this.#table.keyOf(id), entries.get(id) as V]
  }

  /** The position of a key, -1 where it is not there. O(log n) amortised. */
  indexOf(key: K): number {
    const { entries } = this.#now
    const id = this.#id(key)
    return entries.has(id) ? entries.rank(entries.keyOf(id)) : -1
  }

  /** The entry at the start. */
  first(): [K, V] | undefined {
    return this.at(0)
  }

  /** The entry at the end. */
  last(): [K, V] | undefined {
    return this.at(-1)
  }

  /** All current entries: the same object until something changes. O(n) at the first call after a change. */
  snapshot(): ReadonlyMap<K, V> {
    return this.#now.snapshot()
  }

  /** All current keys, in order: the same array until a key comes, goes or moves. O(n) at the first call after that. */
  keySnapshot(): readonly K[] {
    return this.#now.keySnapshot()
  }

  /** The entries, for JSON: a list of pairs of key and value. */
  toJSON(): [K, V][] {
    return [...this]
  }

  /** `View`. */
  get [Symbol.toStringTag](): string {
    return 'View'
  }

  /**
   * Calls `listener` once for each batch of changes; for all views and maps in the same turn. A view that starts with this call does so
   * in slices. It reports changes once it is complete (see `whenSynced`), or once it was read. Returns its undo.
   */
  subscribe(listener: (changes: Changes<K, V>) => unknown): Unsubscribe {
    checkFunction('subscribe', listener)
    return this.#listen(() => this.#table.feed.subscribe(listener))
  }

  /** As `subscribe`, for one key: called with its value, undefined once removed, once for each batch in which it changed. */
  subscribeTo(key: K, listener: (value: V | undefined) => unknown): Unsubscribe {
    checkFunction('subscribeTo', listener)
    return this.#listen(() => this.#table.feed.subscribeTo(this.#id(key), () => listener(this.get(key))))
  }

  /** Batches of changes as they come; a slow reader gets one change per key. Ends with the view, or by `signal`. */
  changes(options?: { readonly signal?: SignalLike }): AsyncIterableIterator<Changes<K, V>> {
    const table = this.#table
    void table.open()
    const batches = table.feed.iterate(options?.signal)
    table.wake()
    return batches
  }

  /** The status of the least advanced source; `syncing` while the view starts, `closed` once it or a source is closed. */
  get status(): DownlinkStatus {
    return leastAdvanced(this.#table)
  }

  /** Calls `listener` when the status has changed. Returns its undo. */
  on(type: 'didChangeStatus', listener: (status: DownlinkStatus) => unknown): Unsubscribe {
    if ((type as string) !== 'didChangeStatus') throw new ConfigError('on', 'a view has didChangeStatus only')
    checkFunction(type, listener)
    const { sources, isStarting } = this.#table
    let last = this.status
    const look = () => {
      const { status } = this
      if (status === last) return
      last = status
      callListener(sources[0]!.port.fault, type, listener, status)
    }
    if (isStarting) void this.#table.open().then(look)
    const undo = sources.map(({ map }) => map.on(type, look))
    undo.push(this.#table.onEnd(look))
    return () => undo.forEach(each => each())
  }

  /**
   * Resolves once all sources are synced and the view is complete. It computes in slices of 8 ms, so that a page can draw in between.
   * Rejects as a downlink's `whenSynced` does, and with ClosedError when the view is closed.
   */
  async whenSynced(options?: WaitOptions): Promise<void> {
    const table = this.#table
    if (table.isClosed) throw new ClosedError('the view is closed')
    await Promise.all(table.sources.map(({ map }) => map.whenSynced(options)))
    await table.open()
    if (table.isClosed) throw new ClosedError('the view was closed')
  }

  /** @internal */
  static tableOf<K, V>(view: Reading<K, V>): Table<K, V> {
    return view.#table
  }

  /** The table, brought up to date. */
  get #now(): Table<K, V> {
    this.#table.settle()
    return this.#table
  }

  #id(key: K): unknown {
    return this.#table.idOf(key)
  }

  #listen(subscribe: () => Unsubscribe): Unsubscribe {
    const table = this.#table
    void table.open()
    const undo = subscribe()
    table.wake()
    return () => {
      undo()
      table.rest()
    }
  }
}

/** The table of a view. */
export const tableBehind = <K, V>(view: Reading<K, V>): Table<K, V> => Reading.tableOf(view)
