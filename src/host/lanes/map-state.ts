// Floor 3'. The entries of a map lane: as code sees them, and as links see them. With a store, links see changes a little later.
import { compare, identity, stringify, type Value } from '../../recon/index.js'
import { OrderedMap } from '../../store/ordered-map.js'
import { writeRemove } from '../../warp/map-op.js'
import type { Change } from '../keep/store.js'
import { bodyOf, bytesOf, hold, keptOf, valueOf, type Held } from './held.js'
import type { JoinableMap, LaneHost, LaneParts, MapListener } from './lane.js'
import { MapUplink, type AnyMapUplink, type MapSource, type Uplink, type UplinkPort } from './uplink.js'
import { updateBody } from './write-body.js'

type Entries = OrderedMap<Value, Held>

const newEntries = (): Entries => new OrderedMap({ identity, compare })

function put(entries: Entries, id: unknown, key: Value, held: Held): void {
  if (entries.has(id)) entries.replace(id, held)
  else entries.add(id, key, held)
}

/** The entries in key order, by identity. */
function* walk(entries: Entries): Generator<[unknown, Held], void, undefined> {
  if (entries.size > 0) yield* entries.range(entries.keyOf(entries.idAt(0)), undefined)
}

export class MapState implements MapSource, JoinableMap {
  readonly #host: LaneHost
  readonly #isKept: boolean
  readonly #live = newEntries()
  /** The map as links see it. Without a store, it is the same as `#live`. */
  readonly #published: Entries
  readonly #listeners = new Set<MapListener>()
  /** The size of all entries, in bytes as counted by `bytesOf`. */
  #bytes = 0

  constructor(host: LaneHost, isKept: boolean) {
    this.#host = host
    this.#isKept = isKept
    this.#published = isKept ? newEntries() : this.#live
    // Keeps the order from the start: sorting a million entries at the first sync would block the host.
    this.#live.rank(undefined)
    this.#published.rank(undefined)
  }

  get size(): number {
    return this.#live.size
  }

  get(key: Value): Value {
    return valueOf(this.#live.get(identity(key)))
  }

  has(key: Value): boolean {
    return this.#live.has(identity(key))
  }

  *entries(): Generator<[Value, Value], void, undefined> {
    for (const [id, held] of walk(this.#live)) yield [this.#live.keyOf(id), valueOf(held)]
  }

  /** The common parts of lanes with such a state. */
  parts(): Pick<LaneParts, 'attach' | 'detach' | 'peek' | 'map'> {
    return {
      attach: (port: UplinkPort) => this.attach(port),
      detach: (uplink: Uplink) => this.detach(uplink as AnyMapUplink),
      peek: () => ({ entries: this.entries(), size: this.size }),
      map: this,
    }
  }

  holds(): 'state' | 'nothing' {
    return this.#live.size > 0 || this.#published.size > 0 ? 'state' : 'nothing'
  }

  /** The option whose limit forbids a client to set this entry; undefined if there is none. */
  limitOf(key: Value, held: Held): 'maxEntriesPerLane' | 'maxLaneBytes' | 'maxHostBytes' | undefined {
    const { limits, budget } = this.#host
    const id = identity(key)
    const isThere = this.#live.has(id)
    if (!isThere && this.#live.size >= limits.maxEntriesPerLane) return 'maxEntriesPerLane'
    const more = bytesOf(key, held) - (isThere ? bytesOf(key, this.#live.get(id)) : 0)
    if (more <= 0) return undefined
    if (this.#bytes + more > limits.maxLaneBytes) return 'maxLaneBytes'
    return budget.used + more > budget.maxHostBytes ? 'maxHostBytes' : undefined
  }

  /** @throws {ReconError} when the key or the value has no Recon form; then nothing has changed */
  set(key: Value, value: Value): void {
    this.put(key, hold(value, false))
  }

  /** @throws {ReconError} when the key has no Recon form; then nothing has changed */
  put(key: Value, held: Held): void {
    const id = identity(key)
    writeRemove(key)
    this.#put(id, key, held)
    this.#record(key, held, true, () => {
      if (this.#isKept) put(this.#published, id, key, held)
      this.#changed(id, key)
    })
  }

  /** Adds an entry without a value, or removes the value of an entry. Only syncs show that. */
  blank(key: Value): void {
    this.#put(identity(key), key, undefined)
  }

  delete(key: Value): boolean {
    const id = identity(key)
    if (!this.#live.has(id)) return false
    key = this.#live.keyOf(id)
    this.#remove(id, key)
    this.#record(key, undefined, false, () => {
      if (this.#isKept) this.#published.delete(id)
      this.#changed(id, key)
      this.#settle()
    })
    return true
  }

  /** Removes all entries. Published even for an empty map, as in SwimOS. */
  clear(body: string): void {
    const changes = this.#isKept ? [...walk(this.#live)].map(([id]) => this.#gone(this.#live.keyOf(id))) : []
    this.#empty(this.#live)
    this.#grew(-this.#bytes)
    this.#host.record(changes, () => {
      if (this.#isKept) this.#empty(this.#published)
      for (const listener of this.#listeners) listener.cleared(body)
      this.#settle()
    })
  }

  /** Removes the entries from one position up to another. */
  cut(body: string, from: number, to: number): [key: Value, value: Value][] {
    const removed: [unknown, Value][] = []
    const values: [Value, Value][] = []
    const { size } = this.#live
    for (let i = Math.max(0, from); i < Math.min(to, size); i++) {
      const id = this.#live.idAt(i)
      removed.push([id, this.#live.keyOf(id)])
    }
    for (const [id, key] of removed) {
      values.push([key, valueOf(this.#live.get(id))])
      this.#remove(id, key)
    }
    this.#host.record(this.#isKept ? values.map(([key]) => this.#gone(key)) : [], () => {
      if (this.#isKept) for (const [id] of removed) this.#published.delete(id)
      for (const listener of this.#listeners) listener.cut(body, removed)
      this.#settle()
    })
    return values
  }

  /**
   * Publishes the present entry of a key, even if unchanged.
   * @throws {ReconError} when the key has no Recon form
   */
  publish(key: Value): void {
    // Checks the key now, while it is known who sent it.
    writeRemove(key)
    this.#host.record([], () => this.#changed(identity(key), key))
  }

  publishedHas(id: unknown): boolean {
    return this.#published.has(id)
  }

  published(id: unknown): Held {
    return this.#published.get(id)
  }

  *publishedEntries(): Generator<[Value, Held], void, undefined> {
    for (const [id, held] of walk(this.#published)) yield [this.#published.keyOf(id), held]
  }

  watch(listener: MapListener): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  rightsChanged(): void {
    for (const listener of [...this.#listeners]) listener.rightsChanged?.()
  }

  restore(key: Value, value: Value): void {
    const held = hold(value, true)
    this.#put(identity(key), key, held)
    if (this.#isKept) put(this.#published, identity(key), key, held)
  }

  attach(port: UplinkPort): AnyMapUplink {
    const uplink = this.#host.mapUplink?.(this, port) ?? new MapUplink(this, port)
    this.#listeners.add(uplink)
    return uplink
  }

  detach(uplink: AnyMapUplink): void {
    this.#listeners.delete(uplink)
  }

  textOf(id: unknown): string | undefined {
    return this.#published.has(id) ? updateBody(this.#published.keyOf(id), bodyOf(this.#published.get(id))) : undefined
  }

  *walk(): Generator<[unknown, string], void, undefined> {
    for (const [id, held] of walk(this.#published)) yield [id, updateBody(this.#published.keyOf(id), bodyOf(held))]
  }

  #put(id: unknown, key: Value, held: Held): void {
    const was = this.#live.has(id) ? bytesOf(key, this.#live.get(id)) : 0
    put(this.#live, id, key, held)
    this.#grew(bytesOf(key, held) - was)
  }

  #remove(id: unknown, key: Value): void {
    const was = bytesOf(key, this.#live.get(id))
    this.#live.delete(id)
    this.#grew(-was)
  }

  #grew(bytes: number): void {
    this.#bytes += bytes
    this.#host.grew(bytes)
  }

  #settle(): void {
    if (this.holds() === 'nothing') this.#host.emptied()
  }

  #changed(id: unknown, key: Value): void {
    for (const listener of this.#listeners) listener.changed(id, key)
  }

  #empty(entries: Entries): void {
    entries.clear()
    entries.rank(undefined)
  }

  #record(key: Value, held: Held, isThere: boolean, publish: () => void): void {
    if (!this.#isKept) return this.#host.record([], publish)
    const { nodeUri: node, laneUri: lane } = this.#host
    this.#host.record([{ node, lane, key: stringify(key), value: isThere ? keptOf(held) : undefined }], publish)
  }

  #gone(key: Value): Change {
    return { node: this.#host.nodeUri, lane: this.#host.laneUri, key: stringify(key), value: undefined }
  }
}
