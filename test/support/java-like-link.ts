// What a SwimOS Java host writes to one link, slot by slot: the state of a sync, then what waits in a queue (removes, clears, drops,
// takes), then changed keys, whose values are read as they are written.
import { equals, identity, stringify, type Value } from '../../src/recon/index.js'
import type { HostLane, LaneOp } from './host-lane.js'
import type { Peer } from '../../src/testing/memory-network.js'
import type { HostLink, HostOptions } from './socket-host.js'

/** How long an operation may wait behind a newer update of a key that it is about, in milliseconds. */
export const lagMs = 2000

/** A @sync that comes so soon after @synced may go without its own, in milliseconds. */
const swallowMs = 1

interface SyncUnderWay {
  readonly keys: readonly Value[]
  next: number
  /** All keys are written; @synced is not. */
  isTold: boolean
  /** It ends without @synced. */
  readonly isSwallowed: boolean
}

export class JavaLikeLink implements HostLink {
  readonly address: string
  lane: HostLane
  /** Keys whose update waits. */
  readonly #changed = new Map<unknown, Value>()
  readonly #queue: LaneOp[] = []
  /** Those of the queue that a newer update has overtaken. */
  readonly #overtaken = new Set<LaneOp>()
  readonly #syncs: SyncUnderWay[] = []
  readonly #peer: Peer
  readonly #options: HostOptions
  #syncedAtMs = -Infinity
  #isClosed = false

  constructor(peer: Peer, address: string, lane: HostLane, options: HostOptions) {
    this.#peer = peer
    this.address = address
    this.lane = lane
    this.#options = options
  }

  updated(id: unknown, key: Value): void {
    this.#changed.set(id, key)
  }

  queued(op: LaneOp): void {
    this.#queue.push(op)
  }

  /** Queues an operation that is late, and writes all that stands before it, and itself. */
  write(op: LaneOp): void {
    const isOvertaken = [...this.lane.entries].some(
      ([id, { place }]) => place >= op.place && op.isAbout(id) && !this.#changed.has(id),
    )
    this.#options.tally(isOvertaken ? 'overtaken while its thread was held up' : 'late')
    this.queued(op)
    this.#writeUpTo(op)
  }

  sync(): void {
    const { clock, chance } = this.#options
    const isSwallowed = clock.now() - this.#syncedAtMs <= swallowMs && chance() < 0.5
    const keys = this.lane.kind === 'value' ? [undefined] : this.lane.sorted().map(({ key }) => key)
    this.#syncs.push({ keys, next: 0, isTold: false, isSwallowed })
  }

  close(): void {
    this.#isClosed = true
  }

  pump(): boolean {
    if (this.#isClosed) return false
    const { chance } = this.#options
    const [sync] = this.#syncs
    if (sync !== undefined && sync.next < sync.keys.length) {
      this.#update(sync.keys[sync.next++])
      return true
    }
    if (sync !== undefined && !sync.isTold) {
      // The slot in which the state ends goes to one changed key, or else to @synced: nobody looks at the queue.
      sync.isTold = true
      return this.#updateNext() || this.#endSync(sync)
    }
    // A key may change between the look at the queue and the look at the changed keys.
    if (this.#queue.length > 0 && chance() < 0.1 && this.#updateNext()) return true
    const op = this.#queue.shift()
    if (op !== undefined) {
      this.#event(op.body)
      return true
    }
    return this.#updateNext() || (sync !== undefined && this.#endSync(sync))
  }

  #endSync(sync: SyncUnderWay): boolean {
    this.#syncs.shift()
    if (sync.isSwallowed) {
      this.#options.tally('swallowed')
      return true
    }
    this.#peer.send(`@synced(${this.address})`)
    this.#syncedAtMs = this.#options.clock.now()
    return true
  }

  #updateNext(): boolean {
    for (const [id, key] of this.#changed) {
      this.#changed.delete(id)
      this.#update(key)
      return true
    }
    return false
  }

  #update(key: Value): void {
    const id = identity(key)
    const entry = this.lane.entries.get(id)
    if (entry !== undefined) this.#overtake(id, entry.place)
    // A Java host has no spelling for an empty record: it sends none, as for an entry that is gone.
    const body = entry === undefined || equals(entry.value, {}) ? undefined : entry.value
    const text = body === undefined ? '' : ` ${stringify(body)}`
    this.#event(this.lane.kind === 'value' ? text : `@update(key:${stringify(key)})${text}`)
  }

  /** What waits in the queue and is older than an update that is written now must follow it soon. */
  #overtake(id: unknown, place: number): void {
    const { clock, chance } = this.#options
    for (const op of this.#queue) {
      if (op.place > place || !op.isAbout(id) || this.#overtaken.has(op)) continue
      this.#overtaken.add(op)
      this.#options.tally(this.#syncs.length > 0 ? 'overtaken in a sync' : 'overtaken live')
      clock.timer(() => this.#writeUpTo(op), Math.floor(chance() * lagMs))
    }
  }

  #writeUpTo(op: LaneOp): void {
    while (this.#queue.includes(op) && this.pump());
  }

  #event(body: string): void {
    this.#peer.send(`@event(${this.address})${body}`)
  }
}
