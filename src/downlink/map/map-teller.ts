// Floor 5. How one map downlink reports changes: each at once by callback, and batches by frame.
import type { LaneKindError, SwimError } from '../../base/errors.js'
import type { Unsubscribe } from '../../base/events.js'
import { identity, type Value } from '../../recon/index.js'
import type { OrderedMap } from '../../store/ordered-map.js'
import { gone, type Gone } from '../../store/replica.js'
import type { Write } from '../../write/write.js'
import type { MapCallbacks } from '../callbacks.js'
import type { Change } from '../change.js'
import { Feed, type Changes } from '../feed.js'
import type { MapView, MapViewListener } from './map-view.js'
import type { PendingWrite } from '../pending.js'
import type { Port, Watch } from '../readable.js'
import type { DownlinkCore } from '../parts.js'

export class MapTeller<K, V> implements MapViewListener<K, V> {
  #feed: Feed<K, V> | undefined
  /** The current copy of all entries, if any. */
  snapshot: ReadonlyMap<K, V> | undefined
  /** The current copy of all keys. */
  keys: readonly K[] | undefined
  /** The current copy of all pending writes. */
  pending: ReadonlyMap<K, PendingWrite<V>> | undefined
  /** Whether `pending` was ever read: only then do listeners hear of it. */
  isPendingRead = false
  /** Called with each change as it shows; made with the first. */
  #watches: Set<Watch<K, V>> | undefined
  readonly #core: DownlinkCore<MapCallbacks<K, V>>

  constructor(core: DownlinkCore<MapCallbacks<K, V>>) {
    this.#core = core
  }

  /** Made for the first listener. */
  get feed(): Feed<K, V> {
    return (this.#feed ??= new Feed<K, V>(this.#core.parts))
  }

  /** The port that views use. */
  port(view: MapView<K, V>): Port<K, V> {
    const core = this.#core
    const { parts } = core
    return {
      entries: view.entries as Port<K, V>['entries'],
      keyOf: id => view.keyOf(id),
      idOf: key => view.idOf(key),
      watches: (this.#watches ??= new Set()),
      model: view.model,
      clock: parts.clock,
      fault: parts.fault,
      report: error => parts.report(core.about(error), parts.link.at),
    }
  }

  onChange(listener: (changes: Changes<K, V>) => unknown): Unsubscribe {
    return this.feed.onChange(listener)
  }

  /** Present listeners are notified of the present entries, by `replay`; later listeners can read them. */
  begin(): void {
    this.#feed?.begin()
  }

  /** An entry that was there before the downlink began. */
  replay(id: unknown, key: K, value: V): void {
    this.#feed?.replay(id, { type: 'update', key, value })
    this.#core.events.emit('didUpdate', key, value, undefined)
  }

  changed(id: unknown, key: K, value: V | Gone, old: V | Gone): void {
    const core = this.#core
    const { events } = core
    const feed = this.#feed
    if (feed?.isPending && (this.snapshot ?? this.keys) !== undefined) feed.touchAll()
    this.snapshot = undefined
    if (value === gone || old === gone) this.keys = undefined
    const oldValue = old === gone ? undefined : old
    // Entries from before the downlink began are replayed when it begins.
    const isWanted = core.isStarted && feed?.isWanted
    if (isWanted || this.#watches?.size) {
      // A spread would cost more than the rest of this function.
      const change: Change<K, V> =
        value === gone
          ? { type: 'remove', key, oldValue: oldValue as V }
          : old === gone
            ? { type: 'update', key, value }
            : { type: 'update', key, value, oldValue }
      if (isWanted) feed!.add(id, change)
      this.#watches?.forEach(watch => watch(id, change))
    }
    if (!core.isStarted) return
    if (value === gone) events.emit('didRemove', key, oldValue as V)
    else events.emit('didUpdate', key, value, oldValue)
  }

  cleared(taken: OrderedMap<Value, V>, keyOf: (id: unknown) => K): void {
    for (const [id, value] of taken.asLaid()) {
      this.changed(id, keyOf(id), gone, value)
      // Where nobody hears of single entries, the first stands for all: a million took 0.1 s.
      if (!this.#feed?.isWanted && !this.#watches?.size && !this.#core.events.has('didRemove')) return
    }
  }

  pendingChanged(cover: Write['cover']): void {
    this.pending = undefined
    if (!this.isPendingRead || !this.#feed?.isWanted) return
    if (cover === undefined) this.#feed.touchAll()
    else this.#feed.touch(identity(cover.key as Value))
  }

  did(op: 'clear' | 'drop' | 'take', count: number): void {
    const { events } = this.#core
    if (op === 'clear') events.emit('didClear')
    else if (op === 'drop') events.emit('didDrop', count)
    else events.emit('didTake', count)
  }

  misfit(error: LaneKindError): void {
    this.#core.misfitted(error)
  }

  failed(error: SwimError): void {
    this.#core.failed(error)
  }

  end(): void {
    this.#feed?.end()
  }
}
