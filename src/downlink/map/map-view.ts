// Floor 5. A map lane as one downlink sees it: keys and values are decoded by its schemas. Without schemas, the view is the replica.
import { type LaneKindError, SwimError } from '../../base/errors.js'
import { identity, type Value } from '../../recon/index.js'
import { OrderedMap } from '../../store/ordered-map.js'
import { gone, type Gone } from '../../store/replica.js'
import type { Write } from '../../write/write.js'
import { isAlike } from '../echo.js'
import { freeze } from '../freeze.js'
import { schemaFault } from '../schema-fault.js'
import type { MapModel, MapObserver } from './map-model.js'
import type { Form } from '../../schema/schema.js'

export interface MapViewListener<K, V> {
  changed(id: unknown, key: K, value: V | Gone, old: V | Gone): void
  /** All entries were taken away at once. */
  cleared(taken: OrderedMap<Value, V>, keyOf: (id: unknown) => K): void
  pendingChanged(cover: Write['cover']): void
  did: MapObserver['did']
  misfit: MapObserver['misfit']
  /** An entry that the schemas refuse; it is not in the view. */
  failed(error: SwimError): void
}

/** How a downlink's keys and values are spelled on the wire; without a form, as they are. */
export interface MapForms<K, V> {
  readonly key: Form<K> | undefined
  readonly value: Form<V> | undefined
}

/** The identity of no key. */
const nowhere = Symbol()

export class MapView<K, V> implements MapObserver {
  /** By identity of the key on the wire, in its order. */
  readonly entries: OrderedMap<Value, V>
  readonly model: Pick<MapModel, 'inPlace'>
  readonly #forms: MapForms<K, V>
  readonly #listener: MapViewListener<K, V>
  /** Keys that the schema decodes to something else. */
  readonly #keys = new Map<unknown, K>()
  readonly #isRaw: boolean
  /** The entry whose value was written back, maybe changed in place: comparing it with itself shows no change. */
  #givenBack: unknown = nowhere
  readonly #freezes: boolean

  constructor(model: MapModel, forms: MapForms<K, V>, listener: MapViewListener<K, V>, freezes: boolean) {
    this.#freezes = freezes
    this.model = model
    const { shown } = model
    this.#forms = forms
    this.#listener = listener
    this.#isRaw = forms.key === undefined && forms.value === undefined
    // Without forms, K and V are what the lane holds.
    this.entries = this.#isRaw ? (shown as OrderedMap<Value, V>) : new OrderedMap<Value, V>(shown.order)
    // The listener ignores these: they are replayed when the downlink begins.
    if (!this.#isRaw) shown.forEach((wire, id) => this.#decode(id, shown.keyOf(id), wire))
  }

  /** Whether identities are the application's keys too. */
  get isPlain(): boolean {
    return this.#keys.size === 0 && this.entries.isPlain
  }

  /** What a log shows: how many entries there are, and the first ten. */
  get shown(): { readonly size: number; readonly entries: Map<K, V> } {
    const { size } = this.entries
    return { size, entries: new Map(Array.from({ length: Math.min(10, size) }, (_, i) => this.at(i)!)) }
  }

  /** The key of an entry, for the application. */
  keyOf(id: unknown, entries = this.entries): K {
    const key = this.#keys.size > 0 ? this.#keys.get(id) : undefined
    return key !== undefined ? key : (entries.keyOf(id) as K)
  }

  /** The entry at a position; a negative position counts from the end. */
  at(position: number): [K, V] | undefined {
    const { entries } = this
    const index = Math.trunc(position) || 0 // NaN counts as 0, as for an array
    if (index >= entries.size || index < -entries.size) return undefined
    const id = entries.idAt(index)
    return [this.keyOf(id), entries.get(id) as V]
  }

  /** The position of a key, -1 where it is not there. */
  indexOf(key: K): number {
    const { entries } = this
    const id = this.idOf(key)
    return entries.has(id) ? entries.rank(entries.keyOf(id)) : -1
  }

  /** The application's key of an entry that may not exist; where the schema refuses it, the key as on the wire. */
  appKey(id: unknown, wireKey: Value): K {
    if (this.entries.has(id)) return this.keyOf(id)
    const { key: form } = this.#forms
    try {
      return form === undefined ? (wireKey as K) : form.decode(wireKey, wireKey)
    } catch {
      return wireKey as K
    }
  }

  /** The identity of an application's key; no entry has that of a key that the schema can't encode. */
  idOf(key: K): unknown {
    const { key: form } = this.#forms
    if (form === undefined) return identity(key as Value)
    // Encoding costs a microsecond or more; a plain key that exists, and that no schema changed, needs none.
    if (typeof key !== 'object' && this.#keys.size === 0) {
      const id = identity(key as Value)
      if (this.entries.has(id)) return id
    }
    try {
      return identity(form.encode(key, key))
    } catch {
      return nowhere
    }
  }

  encodeKey(key: K): Value {
    return this.#forms.key === undefined ? (key as Value) : this.#forms.key.encode(key, key)
  }

  encodeValue(value: V, key: K): Value {
    return this.#forms.value === undefined ? (value as Value) : this.#forms.value.encode(value, key)
  }

  /** Runs a write of a value. Writing back the object that `get` returned counts as a change, whatever it equals. */
  giveBack(id: unknown, value: unknown, write: (isForced: boolean) => void): void {
    const isForced = typeof value === 'object' && value !== null && this.entries.get(id) === value
    if (isForced) this.#givenBack = id
    try {
      write(isForced)
    } finally {
      this.#givenBack = nowhere
    }
  }

  /** A value of the lane, decoded for the application; undefined where there is none, or the schema refuses it. */
  decodeValue(wire: Value | Gone): V | undefined {
    if (wire === gone) return undefined
    try {
      return this.#forms.value === undefined ? (wire as V) : this.#forms.value.decode(wire, undefined)
    } catch {
      return undefined
    }
  }

  changed(id: unknown, key: Value, value: Value | Gone, old: Value | Gone): void {
    if (this.#isRaw) return this.#listener.changed(id, key as K, value as V | Gone, old as V | Gone)
    if (value === gone) this.#delete(id)
    else this.#decode(id, key, value)
  }

  cleared(taken: OrderedMap<Value, Value>): void {
    const mine = this.#isRaw ? (taken as OrderedMap<Value, V>) : this.entries.takeAll()
    this.#listener.cleared(mine, id => this.keyOf(id, mine))
    this.#keys.clear()
  }

  did(op: 'clear' | 'drop' | 'take', count: number): void {
    this.#listener.did(op, count)
  }

  pendingChanged(cover: Write['cover']): void {
    this.#listener.pendingChanged(cover)
  }

  misfit(error: LaneKindError): void {
    this.#listener.misfit(error)
  }

  faulty(cause: unknown): void {
    this.#listener.failed(schemaFault(cause))
  }

  #decode(id: unknown, wireKey: Value, wire: Value): void {
    const { key: keyForm, value: valueForm } = this.#forms
    const { entries } = this
    try {
      const isKnown = entries.has(id)
      const key = isKnown ? this.keyOf(id) : keyForm === undefined ? (wireKey as K) : keyForm.decode(wireKey, wireKey)
      const value = valueForm === undefined ? (wire as V) : valueForm.decode(wire, wireKey)
      const old = isKnown ? (entries.get(id) as V) : gone
      // The change may be only in parts that the schema leaves out.
      if (isKnown && id !== this.#givenBack && isAlike(value, old, Object.is)) return
      if (this.#freezes) freeze(value)
      if (isKnown) entries.replace(id, value)
      else {
        entries.add(id, wireKey, value)
        if (key !== wireKey) this.#keys.set(id, key)
      }
      this.#listener.changed(id, key, value, old)
    } catch (error) {
      if (!(error instanceof SwimError)) throw error
      // A value that does not fit is not shown, nor is the one it replaced.
      this.#delete(id)
      this.#listener.failed(error)
    }
  }

  #delete(id: unknown): void {
    if (!this.entries.has(id)) return
    const key = this.keyOf(id)
    const old = this.entries.get(id) as V
    this.entries.delete(id)
    this.#keys.delete(id)
    this.#listener.changed(id, key, gone, old)
  }
}
