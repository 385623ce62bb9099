// Floor 5. Writes of one map downlink: checked first, then shown, then told, then sent. A write that fails, fails before
// anything has changed.
import { ConfigError } from '../../base/errors.js'
import type { Settle, WriteOutcome } from '../../write/write.js'
import { identity, type Value } from '../../recon/index.js'
import type { MapCallbacks } from '../callbacks.js'
import type { WaitOptions } from '../wait.js'
import type { MapModel } from './map-model.js'
import type { MapView } from './map-view.js'
import type { DownlinkCore } from '../parts.js'

/** What an entry without a value is: `remove` takes it for a removal, `keep` for an entry (docs/PROTOCOL.md#empty-values). */
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

  set(key: K, value: V, settle?: Settle): void {
    this.#core.write(to => {
      const wireKey = this.#key(key)
      const wire = this.#view.encodeValue(value, key) ?? undefined
      if (wire === undefined && this.#emptyValues === 'remove') {
        const advice = `an entry needs a value; use delete(), or open the lane with emptyValues('keep')`
        throw new ConfigError('value', `${String(value)} is none: ${advice}`)
      }
      return this.#model.set(wireKey, wire, to)
    }, settle)
  }

  /** Returns whether there was such an entry. */
  remove(key: K, settle?: Settle): boolean {
    let had = false
    this.#core.write(to => {
      const wireKey = this.#key(key)
      had = this.#view.entries.has(identity(wireKey))
      // No host echoes the remove of what is not there, and a Rust host's lane falls silent at it.
      const isDone = this.#core.life.isSynced && this.#model.isRemoved(wireKey, to)
      return isDone ? undefined : this.#model.remove(wireKey, to)
    }, settle)
    return had
  }

  /** On the wire no key is the key null: a write to undefined would be one to another entry. */
  #key(key: K): Value {
    const wireKey = this.#view.encodeKey(key)
    if (wireKey === undefined) throw new ConfigError('key', 'undefined is none: an entry needs a key')
    return wireKey
  }

  put(key: K, value: V, options: WaitOptions | undefined): Promise<WriteOutcome> {
    return this.#core.promise(settle => this.set(key, value, settle), options)
  }

  take(key: K, options: WaitOptions | undefined): Promise<WriteOutcome> {
    return this.#core.promise(settle => this.remove(key, settle), options)
  }

  clear(): void {
    this.#core.write(to => this.#model.clear(to))
  }

  cut(op: 'drop' | 'take', count: number): void {
    this.#core.write(to => {
      if (!Number.isSafeInteger(count) || count < 0) {
        throw new ConfigError(op, `${String(count)} is no count of entries; give an integer from 0`)
      }
      return this.#model.cut(op, count, to)
    })
  }
}
