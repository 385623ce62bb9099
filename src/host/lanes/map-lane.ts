// Floor 3'. The map lane: entries that clients and code both change.
import type { Value } from '../../recon/index.js'
import type { Form, Schema } from '../../schema/schema.js'
import { clearBody, writeCut } from '../../warp/map-op.js'
import { formFor, unlessRefused } from './forms.js'
import { hold } from './held.js'
import { refuse, type Command, type LaneHost, type Refuse, type StatefulOptions } from './lane.js'
import { MapState } from './map-state.js'
import { writeBody } from './write-body.js'

/** Options of a map lane. A handler runs directly after its change; its errors are reported and undo nothing. */
export interface MapLaneOptions<K, V> extends StatefulOptions {
  /**
   * Which keys are accepted, and as what type: zod 4, or any Standard Schema. A client's key that does not fit is refused; one set by
   * code throws SchemaError.
   */
  readonly keySchema?: Schema<unknown, K>
  /** The same for values. */
  readonly valueSchema?: Schema<unknown, V>
  /**
   * Called before an entry is set, by a client or by code. Returns undefined to accept, another value to set instead, or `refuse`; an
   * error refuses too. A client whose write was refused receives what the lane has.
   */
  readonly willUpdate?: (key: K, newValue: V, oldValue: V | undefined) => V | Refuse | void
  /** An entry was set, by a client or by code. Errors go to `onError` and undo nothing. */
  readonly didUpdate?: (key: K, newValue: V, oldValue: V | undefined) => unknown
  /** Called before one entry is removed, but not for `drop`, `take` and `clear`. */
  readonly willRemove?: (key: K, oldValue: V) => Refuse | void
  /** An entry was removed, by remove, drop or take. */
  readonly didRemove?: (key: K, oldValue: V) => unknown
  /** The map was cleared; `didRemove` is not called for its entries. */
  readonly didClear?: () => unknown
}

/**
 * A map whose keys compare by value and come in Recon's order.
 * @example
 * const cart = node.mapLane<string, number>('cart', { willUpdate: (item, count) => (count < 0 ? refuse : count) })
 * cart.set('apple', 3)
 */
export class MapLane<K = Value, V = Value> {
  /** The kind of lane. */
  readonly kind = 'map'
  readonly #host: LaneHost
  readonly #options: MapLaneOptions<K, V>
  readonly #key: Form<K>
  readonly #value: Form<V>
  readonly #state: MapState

  /** @internal */
  constructor(host: LaneHost, options: MapLaneOptions<K, V>, isKept: boolean) {
    this.#host = host
    this.#options = options
    this.#key = formFor('keySchema', options.keySchema)
    this.#value = formFor('valueSchema', options.valueSchema)
    this.#state = new MapState(host, isKept)
    const state = this.#state
    host.admit({
      kind: 'map',
      options,
      ...state.parts(),
      command: command => this.#command(command),
      holds: () => state.holds(),
      restore: (key, value) => state.restore(key, value),
    })
  }

  /** How many entries there are. */
  get size(): number {
    return this.#state.size
  }

  /**
   * The value of a key; undefined where there is none.
   * @throws {ReconError} when the key has no Recon form
   * @throws {SchemaError} when a schema refuses the key, or the stored value
   */
  get(key: K): V | undefined {
    return this.#get(this.#key.encode(key, undefined))
  }

  /** Whether there is an entry. @throws as `get` of its key */
  has(key: K): boolean {
    return this.#state.has(this.#key.encode(key, undefined))
  }

  /**
   * Sets an entry; an equal value counts as a change, as in SwimOS.
   * @throws {ReconError} when key or value has no Recon form
   * @throws {SchemaError} when a schema refuses them
   */
  set(key: K, value: V): this {
    this.#set(key, value)
    return this
  }

  /** @param sent the value that a client has sent, to which limits apply */
  #set(key: K, value: V, sent?: { readonly value: Value }): void {
    const { willUpdate, didUpdate } = this.#options
    const wireKey = this.#key.encode(key, undefined)
    // Looking up an entry of a million costs time: only hooks need the old value.
    const old = willUpdate === undefined && didUpdate === undefined ? undefined : this.#old(wireKey)
    let wire = this.#value.encode(value, key)
    let set = value
    if (willUpdate !== undefined) {
      const wanted = this.#host.ask('willUpdate', () => {
        const given = willUpdate(key, value, old)
        // If the hook's value can't be written, the hook is at fault.
        if (given !== undefined && given !== refuse) writeBody((wire = this.#value.encode(given as V, key)))
        return given
      })
      if (wanted === refuse) return this.#state.publish(wireKey)
      if (wanted !== undefined) set = wanted as V
    }
    const held = hold(wire, sent !== undefined && sent.value === wire)
    const limit = sent && this.#state.limitOf(wireKey, held)
    if (limit !== undefined) {
      this.#host.full(limit)
      return this.#state.publish(wireKey)
    }
    this.#state.put(wireKey, held)
    if (didUpdate !== undefined) this.#host.run('didUpdate', () => didUpdate(key, set, old))
  }

  /** Removes an entry. Returns whether there was one and no hook refused. */
  delete(key: K): boolean {
    const { willRemove } = this.#options
    const wireKey = this.#key.encode(key, undefined)
    if (!this.#state.has(wireKey)) return false
    const old = this.#old(wireKey) as V
    if (willRemove !== undefined && this.#host.ask('willRemove', () => willRemove(key, old)) === refuse) {
      this.#state.publish(wireKey)
      return false
    }
    this.#state.delete(wireKey)
    this.#removed(key, old)
    return true
  }

  /** Removes all entries. */
  clear(): void {
    const { didClear } = this.#options
    this.#state.clear(clearBody)
    if (didClear !== undefined) this.#host.run('didClear', didClear)
  }

  /** Removes the first `count` entries. */
  drop(count: number): void {
    this.#cut(writeCut('drop', count), 0, count)
  }

  /** Keeps the first `count` entries, and removes the rest. */
  take(count: number): void {
    this.#cut(writeCut('take', count), count, Infinity)
  }

  /** Entries in key order. Stays correct while entries come and go. */
  *entries(): IterableIterator<[K, V]> {
    for (const [key, value] of this.#state.entries()) yield this.#decode(key, value)
  }

  /** Keys in their order. */
  *keys(): IterableIterator<K> {
    for (const [key] of this.entries()) yield key
  }

  /** Values in the order of their keys. */
  *values(): IterableIterator<V> {
    for (const [, value] of this.entries()) yield value
  }

  /** Calls `visit` for each entry, in key order. */
  forEach(visit: (value: V, key: K) => void): void {
    for (const [key, value] of this.entries()) visit(value, key)
  }

  /** As `entries`. */
  [Symbol.iterator](): IterableIterator<[K, V]> {
    return this.entries()
  }

  #get(wireKey: Value): V | undefined {
    return this.#state.has(wireKey) ? this.#value.decode(this.#state.get(wireKey), wireKey) : undefined
  }

  /** The value that hooks get; undefined for a stored entry that the schema no longer accepts. */
  #old(wireKey: Value): V | undefined {
    try {
      return this.#get(wireKey)
    } catch {
      return undefined
    }
  }

  #decode(key: Value, value: Value): [K, V] {
    return [this.#key.decode(key, undefined), this.#value.decode(value, key)]
  }

  #cut(body: string, from: number, to: number): void {
    const removed = this.#state.cut(body, from, to)
    if (this.#options.didRemove === undefined) return
    for (const [key, old] of removed) this.#removed(...this.#decode(key, old))
  }

  #removed(key: K, old: V): void {
    const { didRemove } = this.#options
    if (didRemove !== undefined) this.#host.run('didRemove', () => didRemove(key, old))
  }

  #command({ text, bodyAt, ops }: Command): void {
    const op = ops.demand(text, bodyAt)
    const { key, value } = ops
    const { judge, nodeUri, laneUri } = this.#host
    if (op !== 'update' && op !== 'remove' && judge?.(nodeUri, laneUri, op, undefined) === refuse) {
      for (const [each] of this.#state.entries()) this.#state.publish(each)
    } else if (op === 'clear') this.clear()
    else if (op === 'drop' || op === 'take') this[op](ops.count)
    else {
      unlessRefused(
        () => {
          const appKey = this.#key.decode(key, undefined)
          if (op === 'remove') this.delete(appKey)
          else this.#set(appKey, this.#value.decode(value, key), { value })
        },
        () => this.#state.publish(key),
      )
    }
  }
}
