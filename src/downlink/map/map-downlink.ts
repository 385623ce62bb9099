// Floor 5. The product: a map kept the same as a remote map lane.
import type { SignalLike, Unsubscribe } from '../../base/events.js'
import type { WriteOutcome } from '../../write/write.js'
import { identity } from '../../recon/index.js'
import type { MapCallbacks } from '../callbacks.js'
import type { Changes } from '../feed.js'
import type { PendingWrite, PutOptions } from '../pending.js'
import { port, type Port, type ReadableMap } from '../readable.js'
import type { WaitOptions } from '../wait.js'
import type { MapModel } from './map-model.js'
import { Downlink } from '../downlink.js'
import type { Walk } from '../../store/ordered-map.js'
import { MapTeller } from './map-teller.js'
import { MapView, type MapForms } from './map-view.js'
import { MapWriter, type EmptyValues } from './map-writer.js'
import { DownlinkCore, type DownlinkParts, type Given } from '../parts.js'

type Begun<K, V> = Given<MapCallbacks<K, V>>
/**
 * A real-time map, kept the same as a remote map lane, join value lane or join map lane. Reads are local; a write shows here at
 * once, and is sent to the lane as soon as the link allows. Keys compare by value, and come in the lane's order.
 *
 * All writes throw before anything has changed: ClosedError once the downlink is closed, OverflowError when `maxQueuedWrites`
 * wait for their links, SchemaError or ReconError for a key or value that can't be written. @source docs/PROTOCOL.md#map-lanes
 * @example
 * const rooms = client.downlinkMap<string, number>({ nodeUri: '/hotel', laneUri: 'rooms' }).open()
 * rooms.set('r12', 2).subscribe(() => console.log([...rooms]))
 */
export class MapDownlink<K, V> extends Downlink<MapCallbacks<K, V>> implements Map<K, V>, ReadableMap<K, V> {
  readonly #view: MapView<K, V>
  readonly #writer: MapWriter<K, V>
  readonly #teller: MapTeller<K, V>

  /** @internal */
  constructor(parts: DownlinkParts, given: Begun<K, V>, model: MapModel, forms: MapForms<K, V>, empty: EmptyValues) {
    const core = new DownlinkCore<MapCallbacks<K, V>>(parts, {
      replay: () => this.#view.entries.forEach((value, id) => this.#teller.replay(id, this.#view.keyOf(id), value)),
      released: () => {
        model.detach(this.#view)
        this.#teller.end()
      },
      model,
      shown: () => this.#view.shown,
      onChange: listener => this.#teller.onChange(listener as (changes: Changes<K, V>) => unknown),
    })
    super(core, 'MapDownlink')
    this.#teller = new MapTeller(core)
    // Before the view is made: it reports at once which present entries its schemas refuse.
    core.hear(given)
    this.#view = new MapView(model, forms, this.#teller, parts.freezeValues)
    this.#writer = new MapWriter(core, model, this.#view, empty)
    core.begin(given)
    this.#teller.begin()
    model.join(this.#view)
  }

  /** As `whenSynced`, but resolves once entries of an earlier visit show. In pages, `import 'swimlink/cache'` adds the method. */
  declare whenReadable: (options?: WaitOptions) => Promise<void>
  /** @internal */ get [port](): Port<K, V> {
    return this.#teller.port(this.#view)
  }

  /** How many entries there are. O(1). */
  get size(): number {
    return this.#view.entries.size
  }

  /** The value of a key, read locally; undefined where there is none. O(1) for plain keys. */
  get(key: K): V | undefined {
    return this.#view.entries.get(this.#view.idOf(key))
  }

  /** Whether there is such a key. O(1) for plain keys. */
  has(key: K): boolean {
    return this.#view.entries.has(this.#view.idOf(key))
  }

  /** The value of a key; a missing key is set to `value` first. */
  getOrInsert(key: K, value: V): V {
    return (this.has(key) ? this : this.set(key, value)).get(key)!
  }

  /** As `getOrInsert`, but calls `make` for the value of a missing key. */
  getOrInsertComputed(key: K, make: (key: K) => V): V {
    return this.has(key) ? this.get(key)! : this.getOrInsert(key, make(key))
  }

  /** Sets an entry here at once, and at the lane as soon as the link allows; of several that wait, the last is sent. */
  set(key: K, value: V): this {
    this.#writer.set(key, value)
    return this
  }

  /** As `set`; resolves with the outcome. See {@link WriteOutcome}. Rejects as `remove` does. */
  put(key: K, value: V, options?: PutOptions): Promise<WriteOutcome> {
    return this.#writer.put(key, value, options)
  }

  /** Removes an entry here at once, and at the lane as soon as the link allows. Returns whether there was one. */
  delete(key: K): boolean {
    return this.#writer.remove(key)
  }

  /**
   * As `delete`; resolves with the outcome. Rejects with UnlinkedError where the host has no such lane, ClosedError when the
   * downlink closes first, ConflictError by `unlessChanged`, or TimeoutError: `timeoutMs` after the call or, without that option,
   * `writeTimeoutMs` after the write was sent; the write then goes on.
   */
  remove(key: K, options?: PutOptions): Promise<WriteOutcome> {
    return this.#writer.removed(key, options)
  }

  /** Removes all entries, here at once, and at the lane as soon as the link allows. O(1), and O(n) for who hears of each entry. */
  clear(): void {
    this.#writer.clear()
  }

  /** Asks the lane to remove its first `count` entries. The next sync shows the result here. */
  drop(count: number): void {
    this.#writer.cut('drop', count)
  }

  /** Asks the lane to keep only its first `count` entries. The next sync shows the result here. */
  take(count: number): void {
    this.#writer.cut('take', count)
  }

  /** The keys, in the lane's order. */
  keys(): Walk<K> {
    return this.#view.entries.walk(([id]) => this.#view.keyOf(id))
  }

  /** The values, in the order of their keys. */
  values(): Walk<V> {
    return this.#view.entries.walk(([, value]) => value)
  }

  /** The entries, in the order of their keys. */
  entries(): Walk<[K, V]> {
    const view = this.#view
    // A new pair for each entry would take as long as the walk.
    return view.entries.walk(entry => (view.isPlain ? entry : [view.keyOf(entry[0]), entry[1]]) as [K, V])
  }

  /** As `entries`. */
  [Symbol.iterator](): Walk<[K, V]> {
    return this.entries()
  }

  /** The entries, for JSON: a list of pairs of key and value. */
  toJSON(): [K, V][] {
    return [...this]
  }

  /** Calls `visit` for each entry, in the order of their keys. */
  forEach(visit: (value: V, key: K, map: Map<K, V>) => void, self?: unknown): void {
    this.#view.entries.forEach((value, id) => visit.call(self, value, this.#view.keyOf(id), this))
  }

  /** The entry at a position; a negative one counts from the end. O(log n) amortised. */
  at(position: number): [K, V] | undefined {
    return this.#view.at(position)
  }

  /** The position of a key, -1 where it is not there. O(log n) amortised. */
  indexOf(key: K): number {
    return this.#view.indexOf(key)
  }

  /** The entry with the first key. */
  first(): [K, V] | undefined {
    return this.at(0)
  }

  /** The entry with the last key. */
  last(): [K, V] | undefined {
    return this.at(-1)
  }

  /** The entries from `from` (included) to `to` (excluded), or to the end. Neither key need exist. */
  *range(from: K, to?: K): Generator<[K, V], void, undefined> {
    const view = this.#view
    const end = to === undefined ? undefined : view.encodeKey(to)
    for (const entry of view.entries.range(view.encodeKey(from), end)) yield [view.keyOf(entry[0]), entry[1]]
  }

  /** A new plain Map of all entries. O(n). */
  getAll(): Map<K, V> {
    return new Map(this.entries())
  }

  /** All current entries: the same object until something changes. O(n) at the first call after a change. */
  snapshot(): ReadonlyMap<K, V> {
    return (this.#teller.snapshot ??= this.getAll())
  }

  /** All current keys, in the lane's order: the same array until a key comes or goes. O(n) at the first call after that. */
  keySnapshot(): readonly K[] {
    return (this.#teller.keys ??= [...this.keys()])
  }

  /**
   * Calls `listener` once for each batch of changes: with the next frame of a visible page, within 250 ms (or a second) in a hidden
   * one, elsewhere in a turn of its own. An empty batch: changes cancelled out after a snapshot was read; read again. Returns its undo.
   */
  subscribe(listener: (changes: Changes<K, V>) => unknown): Unsubscribe {
    return this.#teller.feed.subscribe(listener)
  }

  /** As `subscribe`, for one key: `listener` is called with its value, undefined once removed, once for each batch in which it
   * changed. A batch costs only the keys that changed. @throws {SchemaError} when the schema refuses the key */
  subscribeTo(key: K, listener: (value: V | undefined) => unknown): Unsubscribe {
    return this.#teller.feed.subscribeTo(identity(this.#view.encodeKey(key)), () => listener(this.get(key)))
  }

  /**
   * The last own write of each key that is not in the lane yet, by any downlink of this client; a clear removes each entry. The same
   * object until a state changes; once read, `subscribe` and `subscribeTo` report that. O(n) at the first call after a change.
   */
  get pending(): ReadonlyMap<K, PendingWrite<V>> {
    this.#teller.isPendingRead = true
    return (this.#teller.pending ??= this.#writer.pending())
  }

  /** Whether `pending` has a key. O(1). */
  isPending(key: K): boolean {
    return this.pendingState(key) !== undefined
  }

  /** The state of the own write of a key that is not in the lane yet; undefined where there is none. O(1). */
  pendingState(key: K): 'waiting' | 'sent' | undefined {
    this.#teller.isPendingRead = true
    return this.#writer.pendingState(key)
  }

  /** Takes back own writes of a key that were never sent, whose promises reject with ClosedError. Returns whether there were any. */
  discard(key: K): boolean {
    return this.#writer.discard(key)
  }

  /** Resolves when all own writes so far have ended, whatever their outcome. Rejects by `timeoutMs` (default: never) or `signal`. */
  settled(options?: WaitOptions): Promise<void> {
    return this.#writer.settled(options)
  }

  /** Batches of changes as they come; a slow reader gets one change per key. Ends with the downlink, or by `signal`. */
  changes(options?: { readonly signal?: SignalLike }): AsyncIterableIterator<Changes<K, V>> {
    return this.#teller.feed.iterate(options?.signal)
  }
}
