// Floor 3'. The list lane: items at positions, which clients and code both change.
import { ConfigError, ProtocolError, say } from '../../base/errors.js'
import type { Value } from '../../recon/index.js'
import type { Form, Schema } from '../../schema/schema.js'
import type { Item, ItemChange, ListOp } from '../../store/keyed-list.js'
import { readListOp } from '../../warp/list-op.js'
import { formFor, unlessRefused } from './forms.js'
import { hold, type Held } from './held.js'
import { refuse, type Command, type LaneHost, type StatefulOptions } from './lane.js'
import { itemValue, ListState } from './list-state.js'

/** Options of a list lane. A handler runs directly after its change; its errors are reported and undo nothing. */
export interface ListLaneOptions<V> extends StatefulOptions {
  /** Which items are accepted, and as what type: zod 4, or any Standard Schema. @see MapLaneOptions */
  readonly schema?: Schema<unknown, V>
  /** An item was set, or inserted (`oldValue` is undefined). Errors go to `onError` and undo nothing. */
  readonly didUpdate?: (index: number, newValue: V, oldValue: V | undefined) => unknown
  /** An item was moved. */
  readonly didMove?: (from: number, to: number, value: V) => unknown
  /** An item was removed, by remove, drop or take. */
  readonly didRemove?: (index: number, oldValue: V) => unknown
  /** The list was cleared; `didRemove` is not called for its items. */
  readonly didClear?: () => unknown
}

/**
 * A list whose items have keys of their own, as list lanes of SwimOS Java do.
 * @example
 * const tasks = node.listLane<string>('tasks', { didMove: (from, to, task) => console.log(task, from, to) })
 * tasks.push('clean r12')
 */
export class ListLane<V = Value> {
  /** The kind of lane. */
  readonly kind = 'list'
  readonly #host: LaneHost
  readonly #options: ListLaneOptions<V>
  readonly #form: Form<V>
  readonly #state: ListState

  /** @internal */
  constructor(host: LaneHost, options: ListLaneOptions<V>, isKept: boolean) {
    this.#host = host
    this.#options = options
    this.#form = formFor('schema', options.schema)
    const state = new ListState(host, isKept)
    this.#state = state
    host.admit({
      kind: 'list',
      options,
      attach: port => state.attach(port),
      detach: uplink => state.detach(uplink),
      command: command => this.#command(command),
      holds: () => state.holds(),
      peek: () => ({ value: state.list.items().map(itemValue) }),
      restore: (key, value) => state.restore(key, value),
    })
  }

  /** How many items there are. */
  get size(): number {
    return this.#state.list.size
  }

  /** The item at a position; a negative one counts from the end. */
  at(index: number): V | undefined {
    const item = this.#state.list.at(index < 0 ? index + this.size : index)
    return item && this.#form.decode(itemValue(item), undefined)
  }

  /**
   * Sets an item; an equal value counts as a change, as in SwimOS.
   * @throws {ConfigError} where there is no such item
   * @throws {ReconError} when the value has no Recon form
   * @throws {SchemaError} when the schema refuses it
   */
  set(index: number, value: V): this {
    return this.#set(index, value, this.#idAt(index))
  }

  /** Adds items at the end. Returns the new size. @throws as `set` */
  push(...values: readonly V[]): number {
    for (const value of values) this.insert(this.size, value)
    return this.size
  }

  /** Inserts an item before the one at a position, or at the end. @throws as `set` */
  insert(index: number, value: V): this {
    if (!(index >= 0 && index <= this.size)) this.#refuse(index)
    return this.#set(index, value, this.#state.newKey())
  }

  /** Moves an item to `to`, a position in the list without the item. @throws {ConfigError} where there is no such item or position */
  move(from: number, to: number): this {
    this.#idAt(to)
    return this.#do({ type: 'move', index: from, id: this.#idAt(from), to })
  }

  /** Removes an item. @throws {ConfigError} where there is no such item */
  remove(index: number): this {
    return this.#do({ type: 'remove', index, id: this.#idAt(index) })
  }

  /** Removes the first `count` items. */
  drop(count: number): this {
    return this.#do({ type: 'drop', count })
  }

  /** Keeps the first `count` items, and removes the rest. */
  take(count: number): this {
    return this.#do({ type: 'take', count })
  }

  /** Removes all items. */
  clear(): this {
    return this.#do({ type: 'clear' })
  }

  /** The current items, in order. */
  *[Symbol.iterator](): IterableIterator<V> {
    for (const item of this.#state.list.items()) yield this.#form.decode(itemValue(item), undefined)
  }

  #idAt(index: number): string {
    return (this.#state.list.at(index) ?? this.#refuse(index)).id
  }

  #refuse(index: number): never {
    throw new ConfigError('index', say`${String(index)} is not there; the list has ${this.size} items`)
  }

  /** @param sent the value that a client has sent, to which limits apply */
  #set(index: number, value: V, id: string, sent?: { readonly value: Value }): this {
    const wire = this.#form.encode(value, undefined)
    const held = hold(wire, sent !== undefined && sent.value === wire)
    const limit = sent && this.#state.limitOf(index, id, held)
    if (limit === undefined) return this.#do({ type: 'update', index, id, value: held })
    this.#host.full(limit)
    this.#state.publish(id)
    return this
  }

  #do(op: ListOp<Held>): this {
    const changes = this.#state.apply(op)
    const { didClear } = this.#options
    if (op.type !== 'clear') for (const change of changes) this.#report(change)
    else if (didClear !== undefined) this.#host.run('didClear', didClear)
    return this
  }

  #report(change: ItemChange<Held>): void {
    const { didUpdate, didMove, didRemove } = this.#options
    const { type, index } = change
    const handler = type === 'move' ? didMove : type === 'remove' ? didRemove : didUpdate
    if (handler === undefined) return
    const read = (item: typeof change.item) => this.#form.decode(itemValue(item), undefined)
    this.#host.run(handler === didMove ? 'didMove' : handler === didRemove ? 'didRemove' : 'didUpdate', () => {
      const value = read(change.item)
      if (type === 'move') return didMove?.(index, change.to, value)
      if (type === 'remove') return didRemove?.(index, value)
      return didUpdate?.(index, value, type === 'update' ? read(change.old) : undefined)
    })
  }

  /** Sends the client the present item instead of its change. */
  #sendPresent(op: ListOp<Value>, item: Item<Held> | undefined): void {
    const id = item?.id ?? ('id' in op ? op.id : undefined)
    if (id !== undefined) return this.#state.publish(id)
    for (const { id } of this.#state.list.items()) this.#state.publish(id)
  }

  #command({ text, bodyAt, reader }: Command): void {
    const op = readListOp(text, bodyAt, reader)
    if (op === undefined || op === 'map') throw new ProtocolError('must be an operation on a list', text)
    const { list } = this.#state
    const item = 'index' in op ? list.at(op.id === undefined ? op.index : list.find(op.id, op.index)) : undefined
    const given = op.type === 'update' ? op.value : item && itemValue(item)
    const wanted = this.#host.judge?.(this.#host.nodeUri, this.#host.laneUri, op.type, given)
    if (wanted === refuse) return this.#sendPresent(op, item)
    if (op.type !== 'update') return void this.#do(op)
    const { index } = op
    const value = wanted === undefined ? op.value : (wanted as Value)
    const id = op.id ?? list.at(index)?.id ?? this.#state.newKey()
    unlessRefused(
      () => this.#set(index, this.#form.decode(value, undefined), id, { value }),
      () => this.#state.publish(id),
    )
  }
}
