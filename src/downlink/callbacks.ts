// Floor 5. The callbacks of every kind of downlink, named as in every SwimOS client. Their order: docs/PROTOCOL.md#callbacks.
// A callback may be async; one that throws or rejects is reported to `onError` and harms nothing else.
import type { SwimError } from '../base/errors.js'
import type { Value } from '../recon/index.js'
import type { Change } from './change.js'
import type { DownlinkStatus } from './status.js'

/** Callbacks of all downlinks. */
export interface DownlinkCallbacks {
  /** The downlink is open; the host has not answered yet. */
  didOpen(): unknown
  /** The host's socket is up. */
  didConnect(): unknown
  /** A link without the lane's state is about to be requested: only in a downlink with `syncs(false)`. */
  willLink(): unknown
  /** The host has answered the link. */
  didLink(): unknown
  /** A link and the lane's state are about to be requested. */
  willSync(): unknown
  /** The lane's whole state has arrived. Called at every resync too, after the callbacks for what changed. */
  didSync(): unknown
  /** The client is about to give up a link, and to request it again. */
  willUnlink(): unknown
  /** The host refused or ended the link: `laneNotFound`, `nodeNotFound`, another reason, or `unlinked` where it gave none. */
  didUnlink(reason: string): unknown
  /** The host's socket is lost; the client reconnects by itself. */
  didDisconnect(): unknown
  /** The last callback of a downlink. */
  didClose(): unknown
  /** Something went wrong that stops nothing else. */
  didFail(error: SwimError): unknown
  /** An event came from the lane: its body, as it was on the wire. */
  onEvent(body: Value): unknown
  /** A command goes to the lane: its body, as it will be on the wire. */
  onCommand(body: Value): unknown
  /** The status changed. */
  didChangeStatus(status: DownlinkStatus): unknown
}

/** Callbacks of a map downlink, besides those of all downlinks. */
export interface MapCallbacks<K, V> extends DownlinkCallbacks {
  /** What `get(key)` gives has changed, whoever changed it; `oldValue` is undefined for a new key. */
  didUpdate(key: K, newValue: V, oldValue: V | undefined): unknown
  /** The key is gone. */
  didRemove(key: K, oldValue: V): unknown
  /** The map was cleared, here or elsewhere. Called after the didRemove of each entry. */
  didClear(): unknown
  /** The lane dropped its first `count` entries; the next sync removes them here. */
  didDrop(count: number): unknown
  /** The lane kept only its first `count` entries; the next sync removes the others here. */
  didTake(count: number): unknown
  /** All changes since the last call, one per key. Called once for each batch. */
  didChange(changes: readonly Change<K, V>[]): unknown
}

/** Callbacks of a value downlink, besides those of all downlinks. */
export interface ValueCallbacks<V> extends DownlinkCallbacks {
  /** What `get()` gives has changed, whoever changed it; undefined stands for no value. */
  didSet(newValue: V | undefined, oldValue: V | undefined): unknown
}
