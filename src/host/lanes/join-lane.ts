// Floor 3'. Join lanes: entries that follow lanes of other nodes, of this host or of others. Clients see map lanes.
import { ConfigError, say } from '../../base/errors.js'
import { identity, type Value } from '../../recon/index.js'
import type { Session } from './access.js'
import { isSame, valueOf, type Held } from './held.js'
import type { Command, LaneAddress, LaneDoor, LaneHost, LaneOptions } from './lane.js'
import { MapState } from './map-state.js'
import type { Uplink, UplinkPort } from './uplink.js'

export interface JoinLaneOptions<K, V> extends LaneOptions {
  /** A joined entry came or changed. Errors go to `onError` and undo nothing. */
  readonly didUpdate?: (key: K, newValue: V, oldValue: V | undefined) => unknown
  /** An entry is no longer joined: its source removed it, or was left. */
  readonly didRemove?: (key: K, oldValue: V) => unknown
}

/** A join, and its source if that is a lane of this host. */
export interface Join {
  source?: LaneDoor
}

/** The common part of both kinds of join lanes: a map that code reads and nobody writes. */
export abstract class JoinLane<K, V> {
  /** @internal */
  protected readonly host: LaneHost
  /** @internal */
  protected readonly state: MapState
  readonly #options: JoinLaneOptions<K, V>
  /** The joins by the identity of their keys, each with a function that ends it. */
  readonly #joins = new Map<unknown, Join & { end: () => void }>()
  readonly #links = new Map<Uplink, UplinkPort>()
  /** Set while rights are checked, or a change is published: lanes that join each other in a ring would do so forever. */
  #isAsked = false
  #isTelling = false

  /** @internal */
  constructor(host: LaneHost, kind: 'joinValue' | 'joinMap', options: JoinLaneOptions<K, V>) {
    const state = new MapState(host, false)
    this.host = host
    this.state = state
    this.#options = options
    const parts = state.parts()
    host.admit({
      kind,
      options: { ...options, canRead: options.canRead ?? (session => this.#mayReadAll(session)) },
      ...parts,
      attach: port => {
        const uplink = parts.attach(port)
        this.#links.set(uplink, port)
        return uplink
      },
      detach: uplink => {
        this.#links.delete(uplink)
        parts.detach(uplink)
      },
      command: command => this.#command(command),
      holds: () => (this.#joins.size > 0 ? 'joins' : state.holds()),
    })
  }

  /** How many entries there are. */
  get size(): number {
    return this.state.size
  }

  /** The value of a key; undefined where there is none. */
  get(key: K): V | undefined {
    return this.state.get(key as Value) as V | undefined
  }

  /** Whether there is an entry. */
  has(key: K): boolean {
    return this.state.has(key as Value)
  }

  /** Entries in key order. */
  entries(): IterableIterator<[K, V]> {
    return this.state.entries() as IterableIterator<[K, V]>
  }

  /** As `entries`. */
  [Symbol.iterator](): IterableIterator<[K, V]> {
    return this.entries()
  }

  /** @internal Ends the join under `key`, and removes its entries. Returns whether there was one. */
  protected end(key: Value): boolean {
    const id = identity(key)
    const join = this.#joins.get(id)
    this.#joins.delete(id)
    join?.end()
    return join !== undefined
  }

  /**
   * @internal
   * Follows a lane under `key`, once no node is being defined.
   * @param follow begins to follow, and returns a function that ends it
   * @param left called in addition when the join ends
   */
  protected begin(key: Value, follow: (join: Join) => () => void, left = () => {}): void {
    let undo: (() => void) | undefined
    const join: Join & { end: () => void } = {
      end() {
        undo?.()
        left()
      },
    }
    const id = identity(key)
    this.#joins.set(id, join)
    this.host.grew(0)
    this.host.whenDefined(() => {
      if (this.#joins.get(id) === join) undo = follow(join)
    })
  }

  /** @internal The lane of this host to join. If there is none, reports that and joins nothing. */
  protected localOf<T extends 'map' | 'value'>(
    { nodeUri, laneUri }: LaneAddress,
    kind: T,
    join: Join,
  ): LaneDoor[T] | undefined {
    const door = this.host.doorOf(nodeUri, laneUri)
    const found = door?.[kind]
    if (door === undefined || found === undefined) {
      this.host.run('join', () => {
        throw new ConfigError('laneUri', say`${nodeUri} has no lane ${laneUri} that holds a ${kind}: nothing is joined`)
      })
      return undefined
    }
    join.source = door
    this.rightsChanged()
    return found
  }

  /** @internal Ends the links of clients that may no longer read this lane, and of the lanes that follow it. */
  protected rightsChanged(): void {
    if (this.#options.canRead !== undefined || this.#isTelling) return
    this.#isTelling = true
    for (const port of [...this.#links.values()]) if (!this.#mayReadAll(port.session)) port.expel()
    this.state.rightsChanged()
    this.#isTelling = false
  }

  /** @internal */
  protected set(key: Value, held: Held): void {
    const { didUpdate } = this.#options
    const id = identity(key)
    // In a ring of lanes that join each other, an equal entry has come round: it must not be published again.
    if (this.state.publishedHas(id) && isSame(this.state.published(id), held)) return
    if (didUpdate === undefined) return this.state.put(key, held)
    const old = this.get(key as K)
    this.state.put(key, held)
    this.host.run('didUpdate', () => didUpdate(key as K, valueOf(held) as V, old))
  }

  /** @internal */
  protected settle(): void {
    if (this.#joins.size === 0) this.host.emptied()
  }

  /** @internal */
  protected delete(key: Value): void {
    const { didRemove } = this.#options
    const old = this.get(key as K) as V
    if (this.state.delete(key) && didRemove !== undefined) this.host.run('didRemove', () => didRemove(key as K, old))
  }

  /** A client may read the lane if it may read all joined lanes of this host, unless the lane has rights of its own. */
  #mayReadAll(session: Session): boolean {
    if (this.#isAsked) return true
    this.#isAsked = true
    try {
      return [...this.#joins.values()].every(({ source }) => source === undefined || source.mayRead(session))
    } finally {
      this.#isAsked = false
    }
  }

  /** Nobody writes to a join lane. A client that tries gets the present entry. */
  #command({ text, bodyAt, ops }: Command): void {
    const op = ops.demand(text, bodyAt)
    if (op === 'update' || op === 'remove') this.state.publish(ops.key)
  }
}
