// Floor 5. One value, kept the same as a remote value lane.
import type { Unsubscribe } from '../../base/events.js'
import type { WriteOutcome, WriteWatcher } from '../../write/write.js'
import type { Value } from '../../recon/index.js'
import type { Gone } from '../../store/replica.js'
import type { ValueCallbacks } from '../callbacks.js'
import { Downlink } from '../downlink.js'
import { discard, pendingOf, pendingState, unlessChanged, type PendingWrite, type PutOptions } from '../pending.js'
import type { WaitOptions } from '../wait.js'
import type { DownlinkParts, Given, WriteTo } from '../parts.js'
import type { Form } from '../../schema/schema.js'
import type { ValueModel } from './value-model.js'
import { ValueTeller } from './value-teller.js'

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
  readonly #teller: ValueTeller<V>

  /** @internal */
  constructor(parts: DownlinkParts, given: Given<ValueCallbacks<V>>, model: ValueModel, form: Form<V> | undefined) {
    const teller = new ValueTeller<V>(parts, model, form)
    super(teller.core, 'ValueDownlink')
    this.#teller = teller
    teller.begin(given)
  }

  /** The value, for JSON. */
  toJSON(): V | undefined {
    return this.#teller.value
  }

  /** The value, read locally: the same object until it changes. O(1). */
  get(): V | undefined {
    return this.#teller.value
  }

  /** Sets the value here at once, and at the lane as soon as the link allows; of several that wait, the last is sent. */
  set(value: V | undefined): void {
    this.#write(value)
  }

  /** As `set`; resolves with the outcome. Rejects as {@link MapDownlink.remove} does. */
  put(value: V | undefined, options?: PutOptions): Promise<WriteOutcome> {
    const { model, value: base, core } = this.#teller
    const app = { key: undefined, mine: value, base, decode: (wire: Value | Gone) => this.#teller.decode(wire) }
    const condition =
      options?.unlessChanged === true ? unlessChanged(() => model.entry, model.shown.value, app) : undefined
    return core.promise(watcher => this.#write(value, watcher), options, condition)
  }

  /** The own write that is not in the lane yet; undefined where there is none. See {@link MapDownlink.pending}. */
  get pending(): PendingWrite<V> | undefined {
    const teller = this.#teller
    teller.isPendingRead = true
    const { entry } = teller.model
    return entry && pendingOf(entry, undefined, teller.core.parts.clock, wire => teller.decode(wire))
  }

  /** Whether there is a pending write. O(1). */
  isPending(): boolean {
    return this.pendingState() !== undefined
  }

  /** The state of the pending write; undefined where there is none. O(1). */
  pendingState(): 'waiting' | 'sent' | undefined {
    this.#teller.isPendingRead = true
    return pendingState(this.#teller.model.entry)
  }

  /** Takes back own writes that were never sent. See {@link MapDownlink.discard}. */
  discard(): boolean {
    const { model } = this.#teller
    const isDone = discard(model.entry)
    if (isDone) model.uncoverOne(undefined)
    return isDone
  }

  /** Resolves when all writes made so far have ended. See {@link MapDownlink.settled}. */
  settled(options?: WaitOptions): Promise<void> {
    return this.#teller.core.settled(options)
  }

  /** As `get`, under the name that UI stores use. */
  snapshot(): V | undefined {
    return this.get()
  }

  /** Calls `listener` with the value once for each batch of changes, as {@link MapDownlink.subscribe} does. Returns its undo. */
  subscribe(listener: (value: V | undefined) => unknown): Unsubscribe {
    return this.#teller.feed.subscribe(() => listener(this.#teller.value))
  }

  #write(value: V | undefined, watcher?: WriteWatcher): void {
    const { form, model, core, value: shown } = this.#teller
    // The object that `get` returned may have been changed in place: comparing it with itself shows no change.
    const isForced = typeof value === 'object' && value !== null && value === shown
    const post = (to: WriteTo) => {
      const wire = form === undefined || value === undefined ? (value as Value) : form.encode(value, undefined)
      return model.set(wire ?? undefined, to)
    }
    core.write(post, watcher, isForced)
  }
}
