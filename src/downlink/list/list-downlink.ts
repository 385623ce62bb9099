// Floor 5. A list kept the same as a remote list lane.
import { ConfigError, say } from '../../base/errors.js'
import type { SignalLike, Unsubscribe } from '../../base/events.js'
import type { Item, ItemChange, ListOp } from '../../store/keyed-list.js'
import type { Value } from '../../recon/index.js'
import type { Form } from '../../schema/schema.js'
import { Downlink } from '../downlink.js'
import { DownlinkCore, type DownlinkParts, type Given } from '../parts.js'
import type { WaitOptions } from '../wait.js'
import type { ListCallbacks } from './list-callbacks.js'
import type { ListChanges } from './list-change.js'
import { ListFeed } from './list-feed.js'
import type { ListModel, ListObserver } from './list-model.js'
import { ListView } from './list-view.js'
import { newKey } from './own-op.js'

/**
 * A real-time list, kept the same as a remote list lane of a SwimOS Java host, or of the embedded host. Reads are local; a write
 * shows here at once, and is sent to the lane as soon as the link allows. Each item has a key that stays with it when it moves.
 *
 * All writes throw before anything has changed: ClosedError once the downlink is closed, OverflowError when `maxQueuedWrites` wait
 * for their links, SchemaError or ReconError for a value that can't be written, ConfigError for a position that does not exist.
 * @example
 * const tasks = client.downlinkList<string>({ nodeUri: '/hotel', laneUri: 'tasks' }).open()
 * tasks.push('clean r12', 'clean r14')
 * tasks.move(1, 0)
 * console.log(tasks.snapshot())
 * @source docs/PROTOCOL.md#list-lanes
 */
export class ListDownlink<V> extends Downlink<ListCallbacks<V>> implements Iterable<V> {
  readonly #core: DownlinkCore<ListCallbacks<V>>
  readonly #model: ListModel
  readonly #view: ListView<V>
  readonly #feed: ListFeed<V>
  /** Whether `pendingCount` was ever read: only then do listeners hear of it. */
  #isPendingRead = false

  /** @internal */
  constructor(parts: DownlinkParts, given: Given<ListCallbacks<V>>, model: ListModel, form: Form<V> | undefined) {
    const observer: ListObserver = {
      changed: change => this.#changed(change),
      did: (op, count) => this.#did(op, count),
      pendingChanged: () => this.#pendingChanged(),
      misfit: error => core.misfitted(error),
    }
    const core: DownlinkCore<ListCallbacks<V>> = new DownlinkCore(parts, {
      replay: () => this.#view.items().forEach((item, index) => this.#changed({ type: 'insert', index, item })),
      released: () => {
        model.observers.delete(observer)
        this.#view.end()
        this.#feed.end()
      },
      model,
      shown: () => this.#shown,
      // A listener added before the start gets the present items as changes.
      onChange: listener => this.#feed.listen('didChange', listener as never, core.isStarted ? undefined : []),
    })
    super(core, 'ListDownlink')
    this.#core = core
    this.#model = model
    this.#view = new ListView(model, form, parts.freezeValues, error => core.failed(error))
    this.#feed = new ListFeed(this.#view, parts)
    core.hear(given)
    core.begin(given)
    model.join(observer)
  }

  /** How many items there are. O(1). */
  get size(): number {
    return this.#view.size
  }

  /**
   * The item at a position, read locally; a negative position counts from the end. Undefined where there is none, or the schema
   * refuses the item. O(1).
   */
  at(index: number): V | undefined {
    const item = this.#view.itemAt(this.#view.position(index))
    return item && this.#view.valueOf(item)
  }

  /** The key of the item at a position: a text that stays with the item. O(1). */
  keyAt(index: number): string | undefined {
    return this.#view.itemAt(this.#view.position(index))?.id
  }

  /** The position of the item with a key, -1 where it is not there. O(n). */
  indexOfKey(key: string): number {
    return this.#view.find(key)
  }

  /** Sets the item at a position, here at once, and at the lane as soon as the link allows, even if the item has moved by then. */
  set(index: number, value: V): void {
    const { id, at } = this.#item(index)
    this.#write(() => ({ type: 'update', index: at, id, value: this.#view.encode(value) }))
  }

  /** Adds items at the end. Returns the new size. */
  push(...values: readonly V[]): number {
    for (const value of values) this.#insert(Infinity, value)
    return this.size
  }

  /** Inserts an item before the one at a position, or at the end. */
  insert(index: number, value: V): void {
    const at = this.#view.position(index)
    if (!(at >= 0 && at <= this.size)) this.#refuse(index, this.size)
    this.#insert(at, value)
  }

  /** Moves the item at `from` to `to`, a position in the list without the item. */
  move(from: number, to: number): void {
    const { id, at } = this.#item(from)
    const aim = this.#item(to).at
    if (at !== aim) this.#write(() => ({ type: 'move', index: at, id, to: aim }))
  }

  /** Removes the item at a position. Returns it. */
  remove(index: number): V {
    const { id, at, item } = this.#item(index)
    const value = this.#view.valueOf(item)
    this.#write(() => ({ type: 'remove', index: at, id }))
    return value
  }

  /** Removes the first `count` items. O(removed items). */
  drop(count: number): void {
    this.#cut('drop', count)
  }

  /** Keeps the first `count` items, and removes the rest. O(removed items). */
  take(count: number): void {
    this.#cut('take', count)
  }

  /** Removes all items. O(n). */
  clear(): void {
    this.#write(() => ({ type: 'clear' }))
  }

  /** The current items, in order. */
  [Symbol.iterator](): IterableIterator<V> {
    return this.snapshot()[Symbol.iterator]()
  }

  /** Calls `visit` for each item, in order. */
  forEach(visit: (value: V, index: number, key: string) => void): void {
    this.#view.items().forEach((item, index) => visit(this.#view.valueOf(item), index, item.id))
  }

  /** The items, for JSON. */
  toJSON(): readonly V[] {
    return this.snapshot()
  }

  /** All current items: the same frozen array until something changes. O(n) at the first call after a change. */
  snapshot(): readonly V[] {
    return this.#view.snapshot()
  }

  /** The keys of all items, in the order of the items. O(n). */
  keys(): string[] {
    return this.#view.items().map(({ id }) => id)
  }

  /**
   * Calls `listener` once for each batch of changes, as {@link MapDownlink.subscribe} does. Returns its undo. The changes, applied to
   * the items at the time of this call, give the current items. A batch costs O(n).
   */
  subscribe(listener: (changes: ListChanges<V>) => unknown): Unsubscribe {
    return this.#feed.listen('subscribe', listener)
  }

  /** Batches of changes as they come; a slow reader gets one for all it missed. Ends with the downlink, or by `signal`. */
  changes(options?: { readonly signal?: SignalLike }): AsyncIterableIterator<ListChanges<V>> {
    return this.#feed.iterate(options?.signal)
  }

  /** How many own writes of the client are not in the lane yet, from all its downlinks to the lane. O(1). */
  get pendingCount(): number {
    this.#isPendingRead = true
    return this.#model.pendingCount
  }

  /** Resolves when all own writes so far have ended. See {@link MapDownlink.settled}. */
  settled(options?: WaitOptions): Promise<void> {
    return this.#core.settled(options)
  }

  /** What a log shows. */
  get #shown(): { readonly size: number; readonly items: V[] } {
    return {
      size: this.size,
      items: this.#view
        .items()
        .slice(0, 10)
        .map(item => this.#view.valueOf(item)),
    }
  }

  /** @throws {ConfigError} where there is none */
  #item(index: number): { readonly id: string; readonly at: number; readonly item: Item<Value> } {
    const at = this.#view.position(index)
    const item = this.#view.itemAt(at) ?? this.#refuse(index, this.size - 1)
    return { id: item.id, at, item }
  }

  #refuse(index: number, last: number): never {
    const range = last < 0 ? 'the list is empty' : say`give a position from 0 to ${last}`
    throw this.#core.about(new ConfigError('index', say`${String(index)} is not there; ` + range))
  }

  #insert(index: number, value: V): void {
    const id = newKey(this.#core.parts.clock)
    this.#write(() => ({ type: 'update', index, id, value: this.#view.encode(value) }), true)
  }

  #cut(type: 'drop' | 'take', count: number): void {
    if (!Number.isSafeInteger(count) || count < 0)
      throw this.#core.about(new ConfigError(type, say`must be an integer from 0, got ${String(count)}`))
    this.#write(() => ({ type, count }))
  }

  #write(make: () => ListOp<Value>, isNew = false): void {
    this.#core.write(to => this.#model.post(make(), to, isNew))
  }

  #changed(change: ItemChange<Value>): void {
    this.#feed.changed()
    const { events, isStarted } = this.#core
    // Items from before the downlink began are replayed when it begins.
    const seen = isStarted ? this.#view.changeOf(change) : undefined
    if (seen === undefined) return
    const { key } = seen
    if (seen.type === 'insert') events.emit('didUpdate', seen.index, seen.value, undefined, key)
    else if (seen.type === 'update') events.emit('didUpdate', seen.index, seen.value, seen.oldValue, key)
    else if (seen.type === 'move') events.emit('didMove', seen.from, seen.to, seen.value, key)
    else events.emit('didRemove', seen.index, seen.oldValue, key)
  }

  #did(op: 'clear' | 'drop' | 'take', count: number): void {
    const { events } = this.#core
    if (op === 'clear') events.emit('didClear')
    else events.emit(op === 'drop' ? 'didDrop' : 'didTake', count)
  }

  #pendingChanged(): void {
    if (this.#isPendingRead) this.#feed.touch()
  }
}
