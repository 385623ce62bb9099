// Floor 3'. Join lanes: entries that follow lanes of other nodes, of this host or of others. Clients see map lanes.
import { ConfigError, say } from '../../base/errors.js'
import { equals, identity, type Value } from '../../recon/index.js'
import type { Command, LaneAddress, LaneDoor, LaneHost, LaneOptions, Peek } from './lane.js'
import { MapState } from './map-state.js'
import type { MapUplink, Uplink, UplinkPort } from './uplink.js'

export interface JoinLaneOptions<K, V> extends LaneOptions {
  readonly didUpdate?: (key: K, newValue: V, oldValue: V | undefined) => unknown
  readonly didRemove?: (key: K, oldValue: V) => unknown
}

export interface JoinMapLaneOptions<K, V> extends JoinLaneOptions<K, V> {
  /**
   * What becomes of entries that a source on this host loses by `clear`, `drop` or `take`: SwimOS Java keeps them joined,
   * SwimOS Rust removes them. Sources on other hosts are always followed. @default 'keep'
   */
  readonly cuts?: 'keep' | 'follow'
}

/** What both kinds of join lanes are: a map that code reads and nobody writes. */
abstract class JoinLane<K, V> {
  protected readonly host: LaneHost
  protected readonly state: MapState
  readonly #options: JoinLaneOptions<K, V>
  /** What ends each join, by the identity of its key. */
  readonly #joins = new Map<unknown, () => void>()

  constructor(host: LaneHost, kind: 'joinValue' | 'joinMap', options: JoinLaneOptions<K, V>) {
    const state = new MapState(host, false)
    this.host = host
    this.state = state
    this.#options = options
    host.admit({
      kind,
      options,
      attach: (port: UplinkPort) => state.attach(port),
      detach: (uplink: Uplink) => state.detach(uplink as MapUplink),
      command: command => this.#command(command),
      peek: (): Peek => ({ entries: state.entries(), size: state.size }),
      map: state,
    })
  }

  get size(): number {
    return this.state.size
  }

  get(key: K): V | undefined {
    return this.state.get(key as Value) as V | undefined
  }

  has(key: K): boolean {
    return this.state.has(key as Value)
  }

  /** Entries in key order. */
  entries(): IterableIterator<[K, V]> {
    return this.state.entries() as IterableIterator<[K, V]>
  }

  [Symbol.iterator](): IterableIterator<[K, V]> {
    return this.entries()
  }

  /** Lets what was joined under `key` go; entries it gave go with it. Returns whether there was any. */
  protected end(key: Value): boolean {
    const id = identity(key)
    const end = this.#joins.get(id)
    this.#joins.delete(id)
    end?.()
    return end !== undefined
  }

  protected begin(key: Value, end: () => void): void {
    this.#joins.set(identity(key), end)
  }

  /** The lane of this host that is to be joined: one that is not there is reported, and gives nothing. */
  protected localOf<T extends 'map' | 'value'>({ nodeUri, laneUri }: LaneAddress, kind: T): LaneDoor[T] | undefined {
    const found = this.host.doorOf(nodeUri, laneUri)?.[kind]
    if (found === undefined) {
      this.host.run('join', () => {
        throw new ConfigError('laneUri', say`${nodeUri} has no lane ${laneUri} that holds a ${kind}: nothing is joined`)
      })
    }
    return found
  }

  protected set(key: Value, value: Value): void {
    const { didUpdate } = this.#options
    const old = this.get(key as K)
    // Lanes that join each other in a ring would go round for ever.
    if (this.has(key as K) && equals(old as Value, value)) return
    this.state.set(key, value)
    if (didUpdate !== undefined) this.host.run('didUpdate', () => didUpdate(key as K, value as V, old))
  }

  protected delete(key: Value): void {
    const { didRemove } = this.#options
    const old = this.get(key as K) as V
    if (this.state.delete(key) && didRemove !== undefined) this.host.run('didRemove', () => didRemove(key as K, old))
  }

  /** Nobody writes to a join lane: a client that tries is told what is there. */
  #command({ text, bodyAt, ops }: Command): void {
    const op = ops.demand(text, bodyAt)
    if (op === 'update' || op === 'remove') this.state.tell(ops.key)
  }
}

/** Each entry follows a value lane. */
export class JoinValueLane<K = Value, V = Value> extends JoinLane<K, V> {
  readonly kind = 'joinValue'

  constructor(host: LaneHost, options: JoinLaneOptions<K, V>) {
    super(host, 'joinValue', options)
  }

  /** Has the entry `key` follow a value lane; what it followed before is let go. */
  join(key: K, lane: LaneAddress): void {
    this.leave(key)
    // It is there from now on, though it may have no value yet.
    this.state.blank(key as Value)
    this.begin(key as Value, this.#follow(key, lane))
  }

  /** Lets the entry `key` go. Returns whether it was joined. */
  leave(key: K): boolean {
    const was = this.end(key as Value)
    if (was) this.delete(key as Value)
    return was
  }

  #follow(key: K, lane: LaneAddress): () => void {
    if (lane.hostUri !== undefined) return this.host.remote.value(lane, value => this.set(key as Value, value))
    const source = this.localOf(lane, 'value')
    if (source === undefined) return () => {}
    const take = () => this.set(key as Value, source.told())
    // One that was never set is no news.
    if (source.told() !== undefined) take()
    return source.watch(take)
  }
}

/** The union of map lanes. Of entries with one key the one that was set last shows. */
export class JoinMapLane<K = Value, V = Value, L = Value> extends JoinLane<K, V> {
  readonly kind = 'joinMap'
  readonly #cuts: 'keep' | 'follow'
  /** Which join set each entry last, by identity. */
  readonly #owners = new Map<unknown, { readonly key: Value; readonly join: unknown }>()

  constructor(host: LaneHost, { cuts = 'keep', ...options }: JoinMapLaneOptions<K, V>) {
    super(host, 'joinMap', options)
    this.#cuts = cuts
  }

  /** Joins a map lane, under a name of your choice; what was joined under it before is let go. */
  join(name: L, lane: LaneAddress): void {
    this.leave(name)
    const join = identity(name as Value)
    const undo = this.#follow(join, lane)
    this.begin(name as Value, () => {
      undo()
      this.#deleteAllOf(join)
    })
  }

  /** Lets what was joined under `name` go, and the entries it gave. Returns whether there was any. */
  leave(name: L): boolean {
    return this.end(name as Value)
  }

  #follow(join: unknown, lane: LaneAddress): () => void {
    const set = (key: Value, value: Value) => {
      this.#owners.set(identity(key), { key, join })
      this.set(key, value)
    }
    const remove = (key: Value) => {
      if (this.#owners.get(identity(key))?.join !== join) return
      this.#owners.delete(identity(key))
      this.delete(key)
    }
    if (lane.hostUri !== undefined) return this.host.remote.map(lane, { set, delete: remove })
    const source = this.localOf(lane, 'map')
    if (source === undefined) return () => {}
    for (const [key, value] of source.toldEntries()) set(key, value)
    const isFollowed = this.#cuts === 'follow'
    return source.watch({
      changed(id, key) {
        const entry = source.told(id)
        if (entry === undefined) remove(key)
        else set(key, entry.value)
      },
      cleared: () => isFollowed && this.#deleteAllOf(join),
      cut: (_, removed) => isFollowed && removed.forEach(([, key]) => remove(key)),
    })
  }

  #deleteAllOf(join: unknown): void {
    for (const [id, owner] of this.#owners) {
      if (owner.join !== join) continue
      this.#owners.delete(id)
      this.delete(owner.key)
    }
  }
}
