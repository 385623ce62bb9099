// Floor 5. Writes of one map downlink: checked first, then shown, then reported, then sent. A write that fails, fails before
// anything has changed.
import { ConfigError, say } from '../../base/errors.js'
import { identity, type Value } from '../../recon/index.js'
import { gone } from '../../store/replica.js'
import type { Write, WriteOutcome, WriteWatcher } from '../../write/write.js'
import type { MapCallbacks } from '../callbacks.js'
import {
  discard,
  pendingOf,
  pendingState,
  unlessChanged,
  type Condition,
  type PendingWrite,
  type PutOptions,
} from '../pending.js'
import type { WaitOptions } from '../wait.js'
import type { MapModel } from './map-model.js'
import type { MapView } from './map-view.js'
import type { DownlinkCore } from '../parts.js'

/** Whether an entry without a value counts as a removal (`remove`) or as an entry (`keep`): docs/PROTOCOL.md#empty-values. */
export type EmptyValues = 'remove' | 'keep'

export class MapWriter<K, V> {
  readonly #core: DownlinkCore<MapCallbacks<K, V>>
  readonly #model: MapModel
  readonly #view: MapView<K, V>
  readonly #emptyValues: EmptyValues

  constructor(core: DownlinkCore<MapCallbacks<K, V>>, model: MapModel, view: MapView<K, V>, emptyValues: EmptyValues) {
    this.#core = core
    this.#model = model
    this.#view = view
    this.#emptyValues = emptyValues
  }

  set(key: K, value: V, watcher?: WriteWatcher): void {
    this.#view.giveBack(this.#view.idOf(key), value, isForced =>
      this.#core.write(
        to => {
          const wireKey = this.#key(key)
          const wire = this.#view.encodeValue(value, key) ?? undefined
          if (wire === undefined && this.#emptyValues === 'remove') {
            const advice = `an entry needs a value; use delete(), or open the lane with emptyValues('keep')`
            throw new ConfigError('value', say`can't be ${String(value)}: ${advice}`)
          }
          return this.#model.set(wireKey, wire, to)
        },
        watcher,
        isForced,
      ),
    )
  }

  /** Returns whether there was such an entry. */
  remove(key: K, watcher?: WriteWatcher): boolean {
    let had = false
    this.#core.write(to => {
      const wireKey = this.#key(key)
      had = this.#view.entries.has(identity(wireKey))
      // No host echoes the remove of a missing entry, and the lane of a Rust host falls silent after one.
      const isDone = this.#core.isSynced && this.#model.isRemoved(wireKey, to)
      return isDone ? undefined : this.#model.remove(wireKey, to)
    }, watcher)
    return had
  }

  /** On the wire, no key means the key null: a write to undefined would change another entry. */
  #key(key: K): Value {
    const wireKey = this.#view.encodeKey(key)
    if (wireKey === undefined) throw new ConfigError('key', "can't be undefined: an entry needs a key")
    return wireKey
  }

  put(key: K, value: V, options?: PutOptions): Promise<WriteOutcome> {
    return this.#core.promise(watcher => this.set(key, value, watcher), options, this.#condition(key, value, options))
  }

  removed(key: K, options?: PutOptions): Promise<WriteOutcome> {
    return this.#core.promise(watcher => this.remove(key, watcher), options, this.#condition(key, undefined, options))
  }

  #condition(key: K, mine: V | undefined, options: PutOptions | undefined): Condition | undefined {
    if (options?.unlessChanged !== true) return undefined
    const model = this.#model
    const id = this.#view.idOf(key)
    const shown = model.shown.has(id) ? model.shown.get(id) : gone
    return unlessChanged(() => model.covered(id), shown, {
      key,
      mine,
      base: this.#view.entries.get(id),
      decode: wire => this.#view.decodeValue(wire),
    })
  }

  clear(): void {
    this.#core.write(to => this.#model.clear(to))
  }

  cut(op: 'drop' | 'take', count: number): void {
    this.#core.write(to => {
      if (!Number.isSafeInteger(count) || count < 0) {
        throw new ConfigError(op, say`must be an integer from 0, got ${String(count)}`)
      }
      return this.#model.cut(op, count, to)
    })
  }

  /** All own writes that are not in the lane yet, by key. */
  pending(): ReadonlyMap<K, PendingWrite<V>> {
    const model = this.#model
    const all = new Map<K, PendingWrite<V>>()
    for (const [id, entry] of model.coveredEntries()) {
      const pending = pendingOf(entry, this.#clear, this.#core.parts.clock, wire => this.#view.decodeValue(wire))
      if (pending !== undefined) all.set(this.#view.appKey(id, entry.key), pending)
    }
    return all
  }

  pendingState(key: K): PendingWrite<V>['state'] | undefined {
    return pendingState(this.#model.covered(this.#view.idOf(key)), this.#clear)
  }

  get #clear(): Write | undefined {
    return this.#model.pendingClear as Write | undefined
  }

  /** Takes back the unsent writes of a key. Returns whether the last write had not been sent. */
  discard(key: K): boolean {
    const model = this.#model
    const id = this.#view.idOf(key)
    const isDone = discard(model.covered(id))
    if (isDone) model.uncoverOne(id)
    return isDone
  }

  settled(options: WaitOptions | undefined): Promise<void> {
    return this.#core.settled(options)
  }
}
