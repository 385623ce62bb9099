// Floor 5. One value, kept the same as a remote value lane.
import type { Unsubscribe } from '../../base/events.js'
import { SwimError } from '../../base/swim-error.js'
import type { Settle, WriteOutcome } from '../../write/write.js'
import type { Value } from '../../recon/index.js'
import { gone, type Gone } from '../../store/replica.js'
import type { ValueCallbacks } from '../callbacks.js'
import { Downlink } from '../downlink.js'
import { Feed, type FeedEvents } from '../feed.js'
import type { WaitOptions } from '../wait.js'
import type { LifecycleOwner } from '../lifecycle.js'
import { DownlinkCore, type DownlinkParts } from '../parts.js'
import type { Form } from '../../schema/schema.js'
import type { LaneObserver } from '../lane-model.js'
import type { ValueModel } from './value-model.js'

/**
 * A real-time value, kept the same as a remote value lane. Reading waits for nothing; a write shows here at once, and goes to
 * the lane as soon as the link allows. `undefined` stands for no value: the lane is empty, or not synced yet.
 *
 * Writes throw as those of {@link MapDownlink} do.
 * @source docs/PROTOCOL.md#value-lanes
 */
export class ValueDownlink<V> extends Downlink<ValueCallbacks<V>> {
  readonly #core: DownlinkCore<ValueCallbacks<V>>
  readonly #model: ValueModel
  readonly #form: Form<V> | undefined
  #lazyFeed: Feed<undefined, V> | undefined
  #value: V | undefined
  /** What the lane held when that was last decoded, and what it came to: the same for as long as the lane's is. */
  #wire: Value | Gone = gone
  #decoded: V | undefined

  /** @internal */
  constructor(parts: DownlinkParts<ValueCallbacks<V>>, model: ValueModel, form: Form<V> | undefined) {
    const kind: LifecycleOwner & LaneObserver<undefined> = {
      changed: (_id, _key, value) => this.#changed(value),
      replay: () => {
        if (this.#value !== undefined) this.#tell(this.#value, undefined)
      },
      released: () => {
        model.observers.delete(kind)
        this.#feed.end()
      },
    }
    const core = new DownlinkCore<ValueCallbacks<V>>(parts, kind)
    super(core)
    this.#core = core
    this.#model = model
    this.#form = form
    model.observers.add(kind)
    // What another downlink of the lane has brought already is read at once; it is told when this one begins.
    this.#value = this.#decode(model.value)
  }

  /** The value, from here, without waiting: the same object until it changes. O(1). */
  get(): V | undefined {
    return this.#value
  }

  /** Sets the value here at once, and at the lane as soon as the link allows; of several that wait, the last is sent. */
  set(value: V | undefined): void {
    this.#write(value)
  }

  /** As `set`; resolves with what the lane made of it. Rejects as {@link MapDownlink.remove} does. */
  put(value: V | undefined, options?: WaitOptions): Promise<WriteOutcome> {
    return this.#core.promise(settle => this.#write(value, settle), options)
  }

  /** As `get`, under the name that stores have for it. */
  snapshot(): V | undefined {
    return this.get()
  }

  /** Calls `listener` with the value once for each batch of changes, as {@link MapDownlink.subscribe} does. Returns its undo. */
  subscribe(listener: (value: V | undefined) => unknown): Unsubscribe {
    return this.#feed.subscribe(() => listener(this.#value))
  }

  /** Made for who first listens. */
  get #feed(): Feed<undefined, V> {
    const { events, parts } = this.#core
    // Nobody can listen to didChange here, as a value's callbacks have no such name.
    return (this.#lazyFeed ??= new Feed(events as unknown as FeedEvents<undefined, V>, parts))
  }

  #write(value: V | undefined, settle?: Settle): void {
    const form = this.#form
    this.#core.write(to => {
      const wire = form === undefined || value === undefined ? (value as Value) : form.encode(value, undefined)
      return this.#model.set(wire ?? undefined, to)
    }, settle)
  }

  #changed(wire: Value | Gone): void {
    const old = this.#value
    const value = this.#decode(wire)
    this.#value = value
    if (value !== old && this.#core.life.isStarted) this.#tell(value, old)
  }

  #tell(value: V | undefined, old: V | undefined): void {
    if (this.#lazyFeed?.isWanted) {
      this.#lazyFeed.add(undefined, { type: 'update', key: undefined, value: value as V, oldValue: old })
    }
    this.#core.events.emit('didSet', value, old)
  }

  #decode(wire: Value | Gone): V | undefined {
    const form = this.#form
    if (wire === this.#wire) return this.#decoded
    this.#wire = wire
    this.#decoded = undefined
    try {
      if (wire !== gone) this.#decoded = form === undefined ? (wire as V) : form.decode(wire, undefined)
    } catch (error) {
      if (!(error instanceof SwimError)) throw error
      this.#core.life.failed(error)
    }
    return this.#decoded
  }
}
