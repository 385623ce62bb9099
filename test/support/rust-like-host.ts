// A host that behaves as a SwimOS Rust host does: it keeps the order of what it says of each key, sends no ghosts, makes removes of
// drops and takes, takes clients that offer warp0 alone, and says @unlinked when an agent stops, whose next one begins empty. What
// waits folds per key, in place; a clear takes the place of all that waits. (A remove of what is not there silences a lane of the
// real one for good, which no client can undo: here it is ignored.)
import { equals, identity, stringify, type Value } from '../../src/recon/index.js'
import type { HostLane, LaneOp } from './host-lane.js'
import type { Peer } from '../../src/testing/memory-network.js'
import { SocketHost, type HostLink } from './socket-host.js'

interface SyncUnderWay {
  /** By identity: those that are not written, and have not changed since. */
  readonly keys: Map<unknown, Value>
  /** Those that have changed since: their events come before @synced. */
  readonly changed: Set<unknown>
}

class RustLikeLink implements HostLink {
  readonly address: string
  readonly lane: HostLane
  readonly #peer: Peer
  /** Keys whose entry has changed, in the order of their events; what it is is read when it is written. */
  readonly #waiting = new Map<unknown, Value>()
  #clears = false
  readonly #syncs: SyncUnderWay[] = []
  #isSyncsTurn = false
  #isClosed = false

  constructor(peer: Peer, address: string, lane: HostLane) {
    this.#peer = peer
    this.address = address
    this.lane = lane
  }

  updated(id: unknown, key: Value): void {
    this.#waiting.set(id, key)
    for (const { keys, changed } of this.#syncs) if (keys.delete(id)) changed.add(id)
  }

  queued({ op, gone }: LaneOp): void {
    if (op !== 'clear') return gone.forEach(key => this.updated(identity(key), key))
    this.#waiting.clear()
    this.#clears = true
    for (const { keys, changed } of this.#syncs) {
      keys.clear()
      changed.clear()
    }
  }

  sync(): void {
    const keys = this.lane.kind === 'value' ? [undefined] : this.lane.sorted().map(({ key }) => key)
    // In no order that is promised.
    this.#syncs.push({ keys: new Map(keys.reverse().map(key => [identity(key), key])), changed: new Set() })
  }

  close(): void {
    this.#isClosed = true
  }

  pump(): boolean {
    if (this.#isClosed) return false
    this.#isSyncsTurn = !this.#isSyncsTurn
    return this.#isSyncsTurn ? this.#pumpSync() || this.#pumpEvent() : this.#pumpEvent() || this.#pumpSync()
  }

  #pumpSync(): boolean {
    const [sync] = this.#syncs
    if (sync === undefined) return false
    for (const [id, key] of sync.keys) {
      sync.keys.delete(id)
      this.#update(id, key)
      return true
    }
    if (this.#clears || [...sync.changed].some(id => this.#waiting.has(id))) return false
    this.#syncs.shift()
    this.#peer.send(`@synced(${this.address})`)
    return true
  }

  #pumpEvent(): boolean {
    if (this.#clears) {
      this.#clears = false
      this.#event('@clear')
      return true
    }
    for (const [id, key] of this.#waiting) {
      this.#waiting.delete(id)
      this.#update(id, key)
      return true
    }
    return false
  }

  #update(id: unknown, key: Value): void {
    const entry = this.lane.entries.get(id)
    const text = entry?.value === undefined || equals(entry.value, {}) ? '' : ` ${stringify(entry.value)}`
    if (this.lane.kind === 'value') this.#event(text)
    else if (entry === undefined) this.#event(`@remove(key:${stringify(key)})`)
    else this.#event(`@update(key:${stringify(key)})${text}`)
  }

  #event(body: string): void {
    this.#peer.send(`@event(${this.address})${body}`)
  }
}

export class RustLikeHost extends SocketHost<RustLikeLink> {
  static takes(protocols: readonly string[]): boolean {
    return protocols.includes('warp0')
  }

  /** Stops the agents, and says so. */
  stopAgents(): void {
    this.unlinkAll()
    for (const lane of this.lanes.values()) lane.wipe()
  }

  protected link(peer: Peer, address: string, lane: HostLane): RustLikeLink {
    return new RustLikeLink(peer, address, lane)
  }
}
