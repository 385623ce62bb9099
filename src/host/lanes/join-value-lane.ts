// Floor 3'. The join value lane: each entry follows a value lane.
import type { Value } from '../../recon/index.js'
import { hold } from './held.js'
import { JoinLane, type Join, type JoinLaneOptions } from './join-lane.js'
import type { LaneAddress, LaneHost } from './lane.js'

/**
 * Each entry follows a value lane.
 * @example
 * const lights = node.joinValueLane<string, string>('lights')
 * lights.join('lobby', { nodeUri: '/hotel/lobby', laneUri: 'light' })
 */
export class JoinValueLane<K = Value, V = Value> extends JoinLane<K, V> {
  /** The kind of lane. */
  readonly kind = 'joinValue'

  /** @internal */
  constructor(host: LaneHost, options: JoinLaneOptions<K, V>) {
    super(host, 'joinValue', options)
  }

  /** Has the entry `key` follow a value lane, in place of any other. */
  join(key: K, lane: LaneAddress): void {
    this.leave(key)
    // The entry exists from now on, although it may not have a value yet.
    this.state.blank(key as Value)
    this.begin(key as Value, join => this.#follow(key, lane, join))
  }

  /** Removes the entry `key`. Returns whether it was joined. */
  leave(key: K): boolean {
    const was = this.end(key as Value)
    if (was) this.delete(key as Value)
    this.settle()
    return was
  }

  #follow(key: K, lane: LaneAddress, join: Join): () => void {
    if (lane.hostUri !== undefined)
      return this.host.remote.value(lane, value => this.set(key as Value, hold(value, false)))
    const source = this.localOf(lane, 'value', join)
    if (source === undefined) return () => {}
    const take = () => this.set(key as Value, source.published())
    // A source that was never set changes nothing.
    if (source.published() !== undefined) take()
    return source.watch(take)
  }
}
