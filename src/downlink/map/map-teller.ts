// Floor 5. What one map downlink tells of changes: each at once by callback, and batches by frame.
import type { SwimError } from '../../base/swim-error.js'
import { gone, type Gone } from '../../store/replica.js'
import type { MapCallbacks } from '../callbacks.js'
import { Feed } from '../feed.js'
import type { MapViewListener } from './map-view.js'
import type { DownlinkCore } from '../parts.js'

export class MapTeller<K, V> implements MapViewListener<K, V> {
  #feed: Feed<K, V> | undefined
  /** A copy of all entries that is not out of date. */
  snapshot: ReadonlyMap<K, V> | undefined
  /** All keys, likewise. */
  keys: readonly K[] | undefined
  readonly #core: DownlinkCore<MapCallbacks<K, V>>

  constructor(core: DownlinkCore<MapCallbacks<K, V>>) {
    this.#core = core
  }

  /** Made for who first listens. */
  get feed(): Feed<K, V> {
    return (this.#feed ??= new Feed<K, V>(this.#core.events, this.#core.parts))
  }

  changed(id: unknown, key: K, value: V | Gone, old: V | Gone): void {
    const { events, life } = this.#core
    const feed = events.has('didChange') ? this.feed : this.#feed
    if (feed?.isPending && (this.snapshot ?? this.keys) !== undefined) feed.wasRead = true
    this.snapshot = undefined
    if (value === gone || old === gone) this.keys = undefined
    // What was there before the downlink began is told when it begins.
    if (!life.isStarted) return
    const oldValue = old === gone ? undefined : old
    if (feed?.isWanted) {
      if (value === gone) feed.add(id, { type: 'remove', key, oldValue: oldValue as V })
      else feed.add(id, old === gone ? { type: 'update', key, value } : { type: 'update', key, value, oldValue })
    }
    if (value === gone) events.emit('didRemove', key, oldValue as V)
    else events.emit('didUpdate', key, value, oldValue)
  }

  did(op: 'clear' | 'drop' | 'take', count: number): void {
    const { events } = this.#core
    if (op === 'clear') events.emit('didClear')
    else if (op === 'drop') events.emit('didDrop', count)
    else events.emit('didTake', count)
  }

  failed(error: SwimError): void {
    this.#core.life.failed(error)
  }
}
