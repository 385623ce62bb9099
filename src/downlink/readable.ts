// Floor 5. What a map downlink and a view have in common: all that bindings and views know of a map.
import type { Clock } from '../base/clock.js'
import type { ReportFault, SignalLike, Unsubscribe } from '../base/events.js'
import type { SwimError } from '../base/errors.js'
import type { OrderedMap } from '../store/ordered-map.js'
import type { Change } from './change.js'
import type { Changes } from './feed.js'
import type { WithStatus } from './status.js'
import type { WaitOptions } from './wait.js'

/**
 * A map that is read and listened to: a `MapDownlink`, or a view made over some. Keys compare by value. Whoever listens to one and
 * reads it in the same turn has what it was; what is notified afterwards, replayed on that, is what it is.
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
  /** All entries as they are now: the same object until something changes. */
  snapshot(): ReadonlyMap<K, V>
  /** All keys as they are now, in order: the same array until one comes, goes or moves. */
  keySnapshot(): readonly K[]
  /** Calls `listener` once for each batch of changes. Returns its undo. */
  subscribe(listener: (changes: Changes<K, V>) => unknown): Unsubscribe
  /** Calls `listener` with the value of one key, undefined where it is gone, once for each batch in which it changed. */
  subscribeTo(key: K, listener: (value: V | undefined) => unknown): Unsubscribe
  /** Batches of changes as they come, until the map is closed or `signal` aborts. */
  changes(options?: { readonly signal?: SignalLike }): AsyncIterableIterator<Changes<K, V>>
  /** Resolves once synced; rejects as that of a downlink does. */
  whenSynced(options?: WaitOptions): Promise<void>
}

/** Under this name a map has its {@link Port}: of all copies of this module, as bundles may have two. */
export const port = Symbol.for('swimlink.port')

/** A change at the moment that it shows; `id` is the identity of the entry. */
export type Watch<K, V> = (id: unknown, change: Change<K, V>) => void

/** The seam of a map for views: its entries by identity, and each change before anybody else reads it. */
export interface Port<K, V> {
  /** Keyed by identity, in the lane's order; read only. */
  readonly entries: OrderedMap<unknown, V>
  /** The key of an entry, for the application. */
  keyOf(id: unknown): K
  /** The identity of an application's key. @throws {ReconError} when it can't be a key */
  idOf(key: K): unknown
  /** Those who are called with each change; O(1) each. */
  readonly watches: Set<Watch<K, V>>
  /** What it is made from: how many values were changed in place and written back, so that old values of changes since are not what they were. */
  readonly model: { readonly inPlace: number }
  readonly clock: Clock
  /** Called with what a listener throws. */
  readonly fault: ReportFault
  /** Called with what went wrong with an entry. */
  readonly report: (error: SwimError) => void
}
