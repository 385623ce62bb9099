// Floor 5. The callbacks of list downlinks, named as in every SwimOS client.
import type { DownlinkCallbacks } from '../callbacks.js'
import type { ListChanges } from './list-change.js'

/** Callbacks of a list downlink, besides those of all downlinks. Positions are as of the change; the list may have changed since. */
export interface ListCallbacks<V> extends DownlinkCallbacks {
  /** An item was inserted (`oldValue` is undefined) or has another value, whoever changed it. */
  didUpdate(index: number, newValue: V, oldValue: V | undefined, key: string): unknown
  /** An item moved from one position to another. */
  didMove(from: number, to: number, value: V, key: string): unknown
  /** An item is gone. */
  didRemove(index: number, oldValue: V, key: string): unknown
  /** The list was cleared, here or elsewhere. Called after the didRemove of each item. */
  didClear(): unknown
  /** The first `count` items were dropped, here or elsewhere. Called after the didRemove of each. */
  didDrop(count: number): unknown
  /** All but the first `count` items were removed, here or elsewhere. Called after the didRemove of each. */
  didTake(count: number): unknown
  /** All changes since the last call. Called once for each batch. */
  didChange(changes: ListChanges<V>): unknown
}
