// Floor 3'. The map lane: entries that clients and code both change.
import type { Value } from '../recon/index.js'
import { clearBody, writeCut } from '../warp/map-op.js'
import { refuse, type Command, type LaneHost, type Peek, type Refuse, type StatefulOptions } from './lane.js'
import { MapState } from './map-state.js'
import type { MapUplink, Uplink, UplinkPort } from './uplink.js'

/** Options of a map lane. A handler runs at once after its change; what it throws is reported and undoes nothing. */
export interface MapLaneOptions<K, V> extends StatefulOptions {
  /**
   * Asked before an entry is set, by a client or by code: gives the value to be set instead, `refuse`, or nothing to agree. A
   * client whose write was refused hears what the lane has.
   */
  readonly willUpdate?: (key: K, newValue: V, oldValue: V | undefined) => V | Refuse | void
  readonly didUpdate?: (key: K, newValue: V, oldValue: V | undefined) => unknown
  /** Asked before one entry is removed, `drop`, `take` and `clear` apart. */
  readonly willRemove?: (key: K, oldValue: V) => Refuse | void
  /** An entry is gone: by remove, drop or take. */
  readonly didRemove?: (key: K, oldValue: V) => unknown
  readonly didClear?: () => unknown
}

export class MapLane<K extends Value = Value, V extends Value = Value> {
  readonly kind = 'map'
  readonly #host: LaneHost
  readonly #options: MapLaneOptions<K, V>
  readonly #state: MapState

  constructor(host: LaneHost, options: MapLaneOptions<K, V>, isKept: boolean) {
    this.#host = host
    this.#options = options
    this.#state = new MapState(host, isKept)
    const state = this.#state
    host.admit({
      kind: 'map',
      options,
      attach: (port: UplinkPort) => state.attach(port),
      detach: (uplink: Uplink) => state.detach(uplink as MapUplink),
      command: command => this.#command(command),
      peek: (): Peek => ({ entries: state.entries(), size: state.size }),
      restore: (key, value) => state.restore(key, value),
      map: state,
    })
  }

  get size(): number {
    return this.#state.size
  }

  get(key: K): V | undefined {
    return this.#state.get(key) as V | undefined
  }

  has(key: K): boolean {
    return this.#state.has(key)
  }

  /**
   * Sets an entry; an equal value counts as a change, as in SwimOS.
   * @throws {ReconError} when key or value has no Recon form
   */
  set(key: K, value: V): this {
    const { willUpdate, didUpdate } = this.#options
    // A look at a million entries is not free: only hooks want the old value.
    const old = willUpdate === undefined && didUpdate === undefined ? undefined : this.get(key)
    const wanted =
      willUpdate === undefined ? undefined : this.#host.ask('willUpdate', () => willUpdate(key, value, old))
    if (wanted === refuse) {
      this.#state.tell(key)
      return this
    }
    const set = wanted === undefined ? value : (wanted as V)
    this.#state.set(key, set)
    if (didUpdate !== undefined) this.#host.run('didUpdate', () => didUpdate(key, set, old))
    return this
  }

  /** Returns whether there was such an entry, and it is gone. */
  delete(key: K): boolean {
    const { willRemove } = this.#options
    if (!this.has(key)) return false
    const old = this.get(key) as V
    if (willRemove !== undefined && this.#host.ask('willRemove', () => willRemove(key, old)) === refuse) {
      this.#state.tell(key)
      return false
    }
    this.#state.delete(key)
    this.#removed(key, old)
    return true
  }

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

  /** Entries in key order. Goes on rightly while entries come and go. */
  *entries(): IterableIterator<[K, V]> {
    yield* this.#state.entries() as Iterable<[K, V]>
  }

  *keys(): IterableIterator<K> {
    for (const [key] of this.entries()) yield key
  }

  *values(): IterableIterator<V> {
    for (const [, value] of this.entries()) yield value
  }

  forEach(visit: (value: V, key: K) => void): void {
    for (const [key, value] of this.entries()) visit(value, key)
  }

  [Symbol.iterator](): IterableIterator<[K, V]> {
    return this.entries()
  }

  #cut(body: string, from: number, to: number): void {
    for (const [key, old] of this.#state.cut(body, from, to)) this.#removed(key as K, old as V)
  }

  #removed(key: K, old: V): void {
    const { didRemove } = this.#options
    if (didRemove !== undefined) this.#host.run('didRemove', () => didRemove(key, old))
  }

  #command({ text, bodyAt, ops }: Command): void {
    const op = ops.read(text, bodyAt)
    if (op === 'update') this.set(ops.key as K, ops.value as V)
    else if (op === 'remove') this.delete(ops.key as K)
    else if (op === 'clear') this.clear()
    else this[op](ops.count)
  }
}
