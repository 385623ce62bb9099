// A host that misbehaves as a SwimOS Java host does: updates fold per key, removes overtake updates of other keys, an update
// whose key has gone meanwhile is sent without a body, drop and take come out of place, a link that was not found stays mute.
import { compare, equals, identity, parse, Reader, stringify, type Value } from '../../src/recon/index.js'
import { MapOpReader } from '../../src/warp/map-op.js'
import { readEnvelope } from '../../src/warp/read-envelope.js'
import type { Peer } from './memory-network.js'

/** What a lane does with what it is told to hold: the value it will hold, or undefined to refuse. */
export type Taste = (value: Value) => Value | undefined

export class HostLane {
  readonly entries = new Map<unknown, { key: Value; value: Value }>()
  readonly uplinks = new Set<Uplink>()
  /** Every value that was ever put, in order: `stamp` finds the place of one. */
  readonly history: { id: unknown; value: Value | undefined }[] = []
  readonly #taste: Taste

  constructor(taste: Taste = value => value) {
    this.#taste = taste
  }

  set(key: Value, given: Value): void {
    const value = this.#taste(given)
    if (value === undefined) return
    const id = identity(key)
    this.entries.set(id, { key, value })
    this.history.push({ id, value })
    for (const uplink of this.uplinks) uplink.changed.set(id, key)
  }

  remove(key: Value): void {
    const id = identity(key)
    if (!this.entries.delete(id)) return
    this.history.push({ id, value: undefined })
    for (const uplink of this.uplinks) uplink.fifo.push(`@remove(key:${stringify(key)})`)
  }

  clear(): void {
    for (const id of this.entries.keys()) this.history.push({ id, value: undefined })
    this.entries.clear()
    for (const uplink of this.uplinks) uplink.fifo.push('@clear')
  }

  cut(op: 'drop' | 'take', count: number): void {
    const sorted = this.sorted()
    const gone = op === 'drop' ? sorted.slice(0, count) : sorted.slice(count)
    for (const { key } of gone) {
      this.entries.delete(identity(key))
      this.history.push({ id: identity(key), value: undefined })
    }
    for (const uplink of this.uplinks) uplink.fifo.push(`@${op}(${count})`)
  }

  sorted(): { key: Value; value: Value }[] {
    return [...this.entries.values()].sort((a, b) => compare(a.key, b.key))
  }
}

/** One link, with what waits to be written to it. */
class Uplink {
  /** Keys whose update waits; the value is read when it is written. */
  readonly changed = new Map<unknown, Value>()
  /** Removes, clears, drops and takes: these go first. */
  readonly fifo: string[] = []
  /** Snapshots of keys, of syncs under way. */
  readonly syncs: Value[][] = []
  readonly #peer: Peer
  readonly address: string
  readonly #lane: HostLane

  constructor(peer: Peer, address: string, lane: HostLane) {
    this.#peer = peer
    this.address = address
    this.#lane = lane
  }

  /** Writes one frame; returns false where none waits. */
  pump(): boolean {
    const [sync] = this.syncs
    if (sync !== undefined) {
      const key = sync.shift()
      if (key !== undefined) this.#update(key)
      else {
        this.syncs.shift()
        this.#peer.send(`@synced(${this.address})`)
      }
      return true
    }
    const op = this.fifo.shift()
    if (op !== undefined) {
      this.#peer.send(`@event(${this.address})${op}`)
      return true
    }
    for (const [id, key] of this.changed) {
      this.changed.delete(id)
      this.#update(key)
      return true
    }
    return false
  }

  #update(key: Value): void {
    const entry = this.#lane.entries.get(identity(key))
    // A Java host has no spelling for an empty record: it sends none, as for an entry that is gone.
    const body = entry === undefined || equals(entry.value, {}) ? '' : ` ${stringify(entry.value)}`
    this.#peer.send(`@event(${this.address})@update(key:${stringify(key)})${body}`)
  }
}

export class JavaLikeHost {
  readonly lanes = new Map<string, HostLane>()
  /** `mute`: not found, until an @unlink. `dead`: its agent has stopped, until the socket ends. */
  readonly #uplinks = new Map<Peer, Map<string, Uplink | 'mute' | 'dead'>>()
  readonly #reader = new Reader()
  readonly #ops = new MapOpReader(this.#reader)
  /** Frames it could not make sense of. */
  readonly strays: string[] = []
  /** The commands it got, in order. */
  readonly commands: string[] = []
  /** The values it was told to put, in Recon. */
  readonly toldValues = new Set<string>()

  accept(peer: Peer): void {
    this.#uplinks.set(peer, new Map())
    peer.onmessage = text => this.#receive(peer, text)
    peer.onclose = () => {
      for (const [route, uplink] of this.#uplinks.get(peer) ?? []) {
        if (typeof uplink !== 'string') this.lanes.get(route)?.uplinks.delete(uplink)
      }
      this.#uplinks.delete(peer)
    }
  }

  /** Writes up to `frames` frames, of the links in turn from the `first`-th on. Returns whether any waited. */
  pump(frames: number, first = 0): boolean {
    const uplinks = [...this.#uplinks.values()]
      .flatMap(links => [...links.values()])
      .filter(each => typeof each !== 'string')
    let wrote = false
    for (let i = 0, idle = 0; i < frames && idle < uplinks.length; i++) {
      if (uplinks[(first + i) % uplinks.length]!.pump()) {
        wrote = true
        idle = 0
      } else idle++
    }
    return wrote
  }

  /** Ends all sockets, as a host that dies. */
  die(): void {
    for (const peer of [...this.#uplinks.keys()]) peer.cut()
  }

  /** Stops the agents, whose next ones begin empty: with a word for each link, as a Rust host does, or with none, as a Java host. */
  stopAgents(isTold: boolean): void {
    for (const lane of this.lanes.values()) {
      for (const id of lane.entries.keys()) lane.history.push({ id, value: undefined })
      lane.entries.clear()
      lane.uplinks.clear()
    }
    for (const [peer, links] of this.#uplinks) {
      for (const [route, uplink] of links) {
        if (typeof uplink === 'string') continue
        if (isTold) {
          links.delete(route)
          peer.send(`@unlinked(${uplink.address})`)
        } else links.set(route, 'dead')
      }
    }
  }

  /** Tells every link all entries once more, as a host may that folds and replays. */
  repeatState(): void {
    for (const lane of this.lanes.values()) {
      for (const uplink of lane.uplinks) {
        for (const { key } of lane.sorted()) uplink.changed.set(identity(key), key)
      }
    }
  }

  #receive(peer: Peer, text: string): void {
    const { tag, node, lane: laneUri, bodyAt } = readEnvelope(text, this.#reader)
    const route = `${node} ${laneUri}`
    const address = `node:${stringify(node)},lane:${stringify(laneUri)}`
    const lane = this.lanes.get(route)
    const links = this.#uplinks.get(peer)!
    const held = links.get(route)
    if (tag === 'command') {
      this.commands.push(text)
      if (lane !== undefined) this.#command(lane, text, bodyAt)
    } else if (held === 'dead') {
      // Nothing more on this socket.
    } else if (tag === 'unlink') {
      links.delete(route)
      if (held === undefined || held === 'mute') return
      lane?.uplinks.delete(held)
      peer.send(`@unlinked(${address})`)
    } else if (tag === 'link' || tag === 'sync') {
      if (held === 'mute') return
      if (lane === undefined) {
        links.set(route, 'mute')
        peer.send(`@unlinked(${address})@laneNotFound`)
        return
      }
      let uplink = held
      if (uplink === undefined) {
        uplink = new Uplink(peer, address, lane)
        links.set(route, uplink)
        lane.uplinks.add(uplink)
        peer.send(`@linked(${address})`)
      } else if (tag === 'link') peer.send(`@linked(${address})`)
      if (tag === 'sync') uplink.syncs.push(lane.sorted().map(({ key }) => key))
    } else this.strays.push(text)
  }

  #command(lane: HostLane, text: string, bodyAt: number): void {
    const ops = this.#ops
    const op = ops.demand(text, bodyAt)
    if (op === 'update') {
      this.toldValues.add(stringify(ops.value))
      lane.set(ops.key, ops.value)
    } else if (op === 'remove') lane.remove(ops.key)
    else if (op === 'clear') lane.clear()
    else lane.cut(op, ops.count)
  }
}

/** A value as it is after a trip over the wire. */
export const overTheWire = (value: Value): Value => parse(stringify(value))
