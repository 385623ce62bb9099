// Floor 5. The value of one value downlink: decoded by its schema, and told as it changes. Its methods are what the model and the
// core call: there may be ten thousand downlinks, and a function of its own for each would take 400 bytes.
import type { LaneKindError } from '../../base/errors.js'
import type { Value } from '../../recon/index.js'
import { gone, type Gone } from '../../store/replica.js'
import type { Form } from '../../schema/schema.js'
import type { ValueCallbacks } from '../callbacks.js'
import { Feed } from '../feed.js'
import { freeze } from '../freeze.js'
import type { LaneObserver } from '../lane-model.js'
import { DownlinkCore, type DownlinkKind, type DownlinkParts, type Given } from '../parts.js'
import { schemaFault } from '../schema-fault.js'
import type { ValueModel } from './value-model.js'

export class ValueTeller<V> implements LaneObserver<undefined>, DownlinkKind {
  readonly core: DownlinkCore<ValueCallbacks<V>>
  readonly model: ValueModel
  readonly form: Form<V> | undefined
  /** What shows. */
  value: V | undefined
  /** Whether `pending` was ever read: only then do listeners hear of it. */
  isPendingRead = false
  #feed: Feed<undefined, V> | undefined
  /** What it was decoded from: it stays the same while the lane's value does. */
  #wire: Value | Gone = gone

  constructor(parts: DownlinkParts, model: ValueModel, form: Form<V> | undefined) {
    this.model = model
    this.form = form
    this.core = new DownlinkCore(parts, this)
  }

  begin(given: Given<ValueCallbacks<V>>): void {
    this.core.hear(given)
    this.core.begin(given)
    this.model.join(this)
    // A value that another downlink of the lane brought can be read at once; it is replayed when this downlink begins.
    this.#take(this.model.shown.value)
  }

  /** Made for the first listener. */
  get feed(): Feed<undefined, V> {
    return (this.#feed ??= new Feed(this.core.parts))
  }

  /** A value that does not show; undefined where there is none, or the schema refuses it. */
  decode(wire: Value | Gone): V | undefined {
    if (wire === gone) return undefined
    try {
      return this.form === undefined ? (wire as V) : this.form.decode(wire, undefined)
    } catch {
      return undefined
    }
  }

  shown(): object {
    return { value: this.value }
  }

  replay(): void {
    if (this.value !== undefined) this.core.events.emit('didSet', this.value, undefined)
  }

  released(): void {
    this.model.detach(this)
    this.#feed?.end()
  }

  changed(_id: unknown, _key: undefined, wire: Value | Gone): void {
    const old = this.value
    const value = this.#take(wire)
    if (value === old || !this.core.isStarted) return
    if (this.#feed?.isWanted) {
      this.#feed.add(undefined, { type: 'update', key: undefined, value: value as V, oldValue: old })
    }
    this.core.events.emit('didSet', value, old)
  }

  pendingChanged(): void {
    if (this.isPendingRead && this.#feed?.isWanted) this.#feed.touch(undefined)
  }

  misfit(error: LaneKindError): void {
    this.core.misfitted(error)
  }

  faulty(cause: unknown): void {
    this.core.failed(schemaFault(cause))
  }

  #take(wire: Value | Gone): V | undefined {
    if (wire === this.#wire) return this.value
    const { form } = this
    let value: V | undefined
    this.#wire = wire
    try {
      if (wire !== gone) value = form === undefined ? (wire as V) : form.decode(wire, undefined)
      if (this.core.parts.freezeValues) freeze(value)
    } catch (error) {
      this.faulty(error)
    }
    return (this.value = value)
  }
}
