// Floor 5. One value, kept the same as a remote value lane.
import type { Unsubscribe } from '../../base/events.js'
import type { WriteOutcome, WriteWatcher } from '../../write/write.js'
import type { Value } from '../../recon/index.js'
import { gone, type Gone } from '../../store/replica.js'
import type { ValueCallbacks } from '../callbacks.js'
import { Downlink } from '../downlink.js'
import { Feed } from '../feed.js'
import { freeze } from '../freeze.js'
import { schemaFault } from '../schema-fault.js'
import { discard, pendingOf, pendingState, unlessChanged, type PendingWrite, type PutOptions } from '../pending.js'
import type { WaitOptions } from '../wait.js'
import { DownlinkCore, type DownlinkParts, type WriteTo } from '../parts.js'
import type { Form } from '../../schema/schema.js'
import type { LaneObserver } from '../lane-model.js'
import type { ValueModel } from './value-model.js'

/**
 * A real-time value, kept the same as a remote value lane. Reads are local; a write shows here at once, and is sent to the lane as
 * soon as the link allows. `undefined` stands for no value: the lane is empty, or not synced yet.
 *
 * Writes throw as {@link MapDownlink} writes do.
 * @example
 * const light = client.downlinkValue<string>({ nodeUri: '/hotel/lobby', laneUri: 'light' }).open()
 * const stop = light.subscribe(value => console.log(value))
 * await light.put('off')
 * light.close()
 * @source docs/PROTOCOL.md#value-lanes
 */
export class ValueDownlink<V> extends Downlink<ValueCallbacks<V>> {
  readonly #core: DownlinkCore<ValueCallbacks<V>>
  readonly #model: ValueModel
  readonly #form: Form<V> | undefined
  #lazyFeed: Feed<undefined, V> | undefined
  #value: V | undefined
  /** Whether `pending` was ever read: only then do listeners hear of it. */
  #isPendingRead = false
  /** The lane's value that was last decoded, and the result: the same while the lane's value is. */
  #wire: Value | Gone = gone
  #decoded: V | undefined

  /** @internal */
  constructor(parts: DownlinkParts<ValueCallbacks<V>>, model: ValueModel, form: Form<V> | undefined) {
    const observer: LaneObserver<undefined> = {
      changed: (_id, _key, value) => this.#changed(value),
      faulty: cause => this.#failed(cause),
      pendingChanged: () => this.#pendingChanged(),
      misfit: error => core.life.misfitted(error),
    }
    const core = new DownlinkCore<ValueCallbacks<V>>(parts, {
      replay: () => {
        if (this.#value !== undefined) core.events.emit('didSet', this.#value, undefined)
      },
      released: () => {
        model.observers.delete(observer)
        this.#lazyFeed?.end()
      },
      pendingChanged: cover => model.pendingChanged(cover),
    })
    super(core, 'ValueDownlink', () => ({ value: this.#value }))
    this.#core = core
    this.#model = model
    this.#form = form
    core.listen()
    core.life.begin()
    model.join(observer)
    // A value that another downlink of the lane brought can be read at once; it is replayed when this downlink begins.
    this.#value = this.#decode(model.value)
  }

  /** The value, for JSON. */
  toJSON(): V | undefined {
    return this.#value
  }

  /** The value, read locally: the same object until it changes. O(1). */
  get(): V | undefined {
    return this.#value
  }

  /** Sets the value here at once, and at the lane as soon as the link allows; of several that wait, the last is sent. */
  set(value: V | undefined): void {
    this.#write(value)
  }

  /** As `set`; resolves with the outcome. Rejects as {@link MapDownlink.remove} does. */
  put(value: V | undefined, options?: PutOptions): Promise<WriteOutcome> {
    const model = this.#model
    const app = {
      key: undefined,
      mine: value,
      base: this.#value,
      decode: (wire: Value | Gone) => this.#tryDecode(wire),
    }
    const condition = options?.unlessChanged === true ? unlessChanged(() => model.entry, model.value, app) : undefined
    return this.#core.promise(watcher => this.#write(value, watcher), options, condition)
  }

  /** The own write that is not in the lane yet; undefined where there is none. See {@link MapDownlink.pending}. */
  get pending(): PendingWrite<V> | undefined {
    this.#isPendingRead = true
    const { entry } = this.#model
    return entry && pendingOf(entry, undefined, this.#core.parts.clock, wire => this.#tryDecode(wire))
  }

  /** Whether there is a pending write. O(1). */
  isPending(): boolean {
    return this.pendingState() !== undefined
  }

  /** The state of the pending write; undefined where there is none. O(1). */
  pendingState(): 'waiting' | 'sent' | undefined {
    this.#isPendingRead = true
    return pendingState(this.#model.entry)
  }

  /** Takes back own writes that were never sent. See {@link MapDownlink.discard}. */
  discard(): boolean {
    const isDone = discard(this.#model.entry)
    if (isDone) this.#model.replica.uncoverOne(undefined)
    return isDone
  }

  /** Resolves when all writes made so far have ended. See {@link MapDownlink.settled}. */
  settled(options?: WaitOptions): Promise<void> {
    return this.#core.settled(options)
  }

  /** As `get`, under the name that UI stores use. */
  snapshot(): V | undefined {
    return this.get()
  }

  /** Calls `listener` with the value once for each batch of changes, as {@link MapDownlink.subscribe} does. Returns its undo. */
  subscribe(listener: (value: V | undefined) => unknown): Unsubscribe {
    return this.#feed.subscribe(() => listener(this.#value))
  }

  /** Made for the first listener. */
  get #feed(): Feed<undefined, V> {
    return (this.#lazyFeed ??= new Feed(this.#core.parts))
  }

  #write(value: V | undefined, watcher?: WriteWatcher): void {
    const form = this.#form
    // The object that `get` returned may have been changed in place: comparing it with itself shows no change.
    const isForced = typeof value === 'object' && value !== null && value === this.#value
    const post = (to: WriteTo) => {
      const wire = form === undefined || value === undefined ? (value as Value) : form.encode(value, undefined)
      return this.#model.set(wire ?? undefined, to)
    }
    this.#core.write(post, watcher, isForced)
  }

  #changed(wire: Value | Gone): void {
    const old = this.#value
    const value = this.#decode(wire)
    this.#value = value
    if (value === old || !this.#core.life.isStarted) return
    if (this.#lazyFeed?.isWanted) {
      this.#lazyFeed.add(undefined, { type: 'update', key: undefined, value: value as V, oldValue: old })
    }
    this.#core.events.emit('didSet', value, old)
  }

  #pendingChanged(): void {
    if (this.#isPendingRead && this.#lazyFeed?.isWanted) this.#lazyFeed.touch(undefined)
  }

  #decode(wire: Value | Gone): V | undefined {
    const form = this.#form
    if (wire === this.#wire) return this.#decoded
    this.#wire = wire
    this.#decoded = undefined
    try {
      if (wire !== gone) this.#decoded = form === undefined ? (wire as V) : form.decode(wire, undefined)
      if (this.#core.parts.freezeValues) freeze(this.#decoded)
    } catch (error) {
      this.#failed(error)
    }
    return this.#decoded
  }

  /** As `#decode`, for values not shown: undefined where the schema refuses one. */
  #tryDecode(wire: Value | Gone): V | undefined {
    if (wire === gone) return undefined
    try {
      return this.#form === undefined ? (wire as V) : this.#form.decode(wire, undefined)
    } catch {
      return undefined
    }
  }

  #failed(cause: unknown): void {
    this.#core.life.failed(schemaFault(cause))
  }
}
