// Floor 5. What map downlinks and views have in common: all that bindings and views use of a map.
import type { Clock } from '../base/clock.js'
import type { ReportFault, SignalLike, Unsubscribe } from '../base/events.js'
import type { SwimError } from '../base/errors.js'
import type { OrderedMap } from '../store/ordered-map.js'
import type { Change } from './change.js'
import type { Changes } from './feed.js'
import type { WithStatus } from './status.js'
import type { WaitOptions } from './wait.js'

/**
 * A map to read and listen to: a `MapDownlink` or a view. Keys compare by value. Subscribe and read in the same turn: the changes
 * notified later, applied to what you read, give the current entries.
 */
export interface ReadableMap<K, V> extends ReadonlyMap<K, V>, WithStatus {
  /** The entry at a position; a negative one counts from the end. */
  at(position: number): [K, V] | undefined
  /** The position of a key, -1 where it is not there. */
  indexOf(key: K): number
  /** The entry at the start. */
  first(): [K, V] | undefined
  /** The entry at the end. */
  last(): [K, V] | undefined
  /** All current entries: the same object until something changes. */
  snapshot(): ReadonlyMap<K, V>
  /** All current keys, in order: the same array until a key comes, goes or moves. */
  keySnapshot(): readonly K[]
  /** Calls `listener` once for each batch of changes. Returns its undo. */
  subscribe(listener: (changes: Changes<K, V>) => unknown): Unsubscribe
  /** Calls `listener` with the value of one key, undefined where it is gone, once for each batch in which it changed. */
  subscribeTo(key: K, listener: (value: V | undefined) => unknown): Unsubscribe
  /** Batches of changes as they come, until the map is closed or `signal` aborts. */
  changes(options?: { readonly signal?: SignalLike }): AsyncIterableIterator<Changes<K, V>>
  /** Resolves once synced; rejects as a downlink's `whenSynced` does. */
  whenSynced(options?: WaitOptions): Promise<void>
}

/** The property by which a map has its {@link Port}: the same for all copies of this module, as bundles may have two. */
export const port = Symbol.for('swimlink.port')

/** Called with a change at the moment it shows; `id` is the identity of the entry. */
export type Watch<K, V> = (id: unknown, change: Change<K, V>) => void

/** The seam of a map for views: its entries by identity, and each change before any listener sees it. */
export interface Port<K, V> {
  /** Keyed by identity, in the lane's order; read only. */
  readonly entries: OrderedMap<unknown, V>
  /** The key of an entry, for the application. */
  keyOf(id: unknown): K
  /** The identity of an application's key. @throws {ReconError} when it can't be a key */
  idOf(key: K): unknown
  /** Called with each change; O(1) each. */
  readonly watches: Set<Watch<K, V>>
  /** The map's model. `inPlace` counts values changed in place and written back: the old values of later changes can't be trusted. */
  readonly model: { readonly inPlace: number }
  readonly clock: Clock
  /** Called with what a listener throws. */
  readonly fault: ReportFault
  /** Called with an error about an entry. */
  readonly report: (error: SwimError) => void
}
