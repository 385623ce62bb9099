// Floor 3'. The join map lane: the union of map lanes.
import { identity, type Value } from '../../recon/index.js'
import { hold, type Held } from './held.js'
import { JoinLane, type Join, type JoinLaneOptions } from './join-lane.js'
import type { LaneAddress, LaneHost } from './lane.js'

export interface JoinMapLaneOptions<K, V> extends JoinLaneOptions<K, V> {
  /**
   * Whether entries that a source on this host loses by `clear`, `drop` or `take` stay joined: SwimOS Java keeps them,
   * SwimOS Rust removes them. Sources on other hosts are always followed. @default 'keep'
   */
  readonly cuts?: 'keep' | 'follow'
}

/**
 * The union of map lanes. Of entries with the same key, the last set shows.
 * @example
 * const carts = node.joinMapLane<string, number, string>('carts')
 * carts.join('first', { nodeUri: '/unit/1', laneUri: 'cart' })
 */
export class JoinMapLane<K = Value, V = Value, L = Value> extends JoinLane<K, V> {
  /** The kind of lane. */
  readonly kind = 'joinMap'
  readonly #cuts: 'keep' | 'follow'
  /** Which join set each entry last, by the entry's identity. */
  readonly #owners = new Map<unknown, { readonly key: Value; readonly join: unknown }>()

  /** @internal */
  constructor(host: LaneHost, { cuts = 'keep', ...options }: JoinMapLaneOptions<K, V>) {
    super(host, 'joinMap', options)
    this.#cuts = cuts
  }

  /** Joins a map lane, under a name of your choice; replaces what was joined under that name. */
  join(name: L, lane: LaneAddress): void {
    this.leave(name)
    const join = identity(name as Value)
    this.begin(
      name as Value,
      begun => this.#follow(join, lane, begun),
      () => this.#deleteAllOf(join),
    )
  }

  /** Ends the join of that name and removes its entries. Returns whether there was one. */
  leave(name: L): boolean {
    const was = this.end(name as Value)
    this.settle()
    return was
  }

  #follow(join: unknown, lane: LaneAddress, begun: Join): () => void {
    const set = (key: Value, held: Held) => {
      this.#owners.set(identity(key), { key, join })
      this.set(key, held)
    }
    const remove = (key: Value) => {
      if (this.#owners.get(identity(key))?.join !== join) return
      this.#owners.delete(identity(key))
      this.delete(key)
    }
    if (lane.hostUri !== undefined)
      return this.host.remote.map(lane, { set: (key, value) => set(key, hold(value, false)), delete: remove })
    const source = this.localOf(lane, 'map', begun)
    if (source === undefined) return () => {}
    for (const [key, held] of source.publishedEntries()) set(key, held)
    const isFollowed = this.#cuts === 'follow'
    return source.watch({
      changed(id, key) {
        if (source.publishedHas(id)) set(key, source.published(id))
        else remove(key)
      },
      rightsChanged: () => this.rightsChanged(),
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
