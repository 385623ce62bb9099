// Floor 3'. The entries of a map lane: as code sees them, and as links are told of them, which with a store is a little later.
import { compare, identity, stringify, type Value } from '../../recon/index.js'
import { OrderedMap } from '../../store/ordered-map.js'
import { writeRemove } from '../../warp/map-op.js'
import type { JoinableMap, LaneHost, MapListener } from './lane.js'
import { MapUplink, type MapSource, type UplinkPort } from './uplink.js'
import { writeUpdate } from './write-body.js'

interface Entry {
  readonly value: Value
  /** The body of its update. */
  readonly text: string
}

const newEntries = (): OrderedMap<Value, Entry> => new OrderedMap({ identity, compare })

function put(entries: OrderedMap<Value, Entry>, id: unknown, key: Value, entry: Entry): void {
  if (entries.has(id)) entries.replace(id, entry)
  else entries.add(id, key, entry)
}

/** The entries in key order, by identity. */
function* walk(entries: OrderedMap<Value, Entry>): Generator<[unknown, Entry], void, undefined> {
  if (entries.size > 0) yield* entries.range(entries.keyOf(entries.idAt(0)), undefined)
}

/** The text a value is kept as: bodies are for hearing, and lose what is empty. */
const kept = (value: Value): string => (value === undefined ? '' : stringify(value))

export class MapState implements MapSource, JoinableMap {
  readonly #host: LaneHost
  readonly #isKept: boolean
  readonly #live = newEntries()
  /** What links are told: the same, unless there is a store to wait for. */
  readonly #told: OrderedMap<Value, Entry>
  readonly #listeners = new Set<MapListener>()

  constructor(host: LaneHost, isKept: boolean) {
    this.#host = host
    this.#isKept = isKept
    this.#told = isKept ? newEntries() : this.#live
    // Order is kept from the start: to find it at the first sync of a million entries would halt the host.
    this.#live.rank(undefined)
    this.#told.rank(undefined)
  }

  get size(): number {
    return this.#live.size
  }

  get(key: Value): Value {
    return this.#live.get(identity(key))?.value
  }

  has(key: Value): boolean {
    return this.#live.has(identity(key))
  }

  *entries(): Generator<[Value, Value], void, undefined> {
    for (const [id, { value }] of walk(this.#live)) yield [this.#live.keyOf(id), value]
  }

  /** @throws {ReconError} when the key or the value has no Recon form; nothing has changed then */
  set(key: Value, value: Value): void {
    const id = identity(key)
    const entry = { value, text: writeUpdate(key, value) }
    put(this.#live, id, key, entry)
    this.#record(key, value, true, () => {
      if (this.#isKept) put(this.#told, id, key, entry)
      this.#changed(id, key)
    })
  }

  /** Adds an entry without a value, or makes one have none: nobody is told but who syncs. */
  blank(key: Value): void {
    put(this.#live, identity(key), key, { value: undefined, text: writeUpdate(key, undefined) })
  }

  delete(key: Value): boolean {
    const id = identity(key)
    if (!this.#live.has(id)) return false
    key = this.#live.keyOf(id)
    this.#live.delete(id)
    this.#record(key, undefined, false, () => {
      if (this.#isKept) this.#told.delete(id)
      this.#changed(id, key)
    })
    return true
  }

  /** Takes out all entries: always told, even of an empty map, as SwimOS does. */
  clear(body: string): void {
    const changes = this.#isKept ? [...walk(this.#live)].map(([id]) => this.#gone(this.#live.keyOf(id))) : []
    this.#empty(this.#live)
    this.#host.record(changes, () => {
      if (this.#isKept) this.#empty(this.#told)
      for (const listener of this.#listeners) listener.cleared(body)
    })
  }

  /** Takes out the entries from one position up to another. */
  cut(body: string, from: number, to: number): [key: Value, value: Value][] {
    const removed: [unknown, Value][] = []
    const values: [Value, Value][] = []
    const { size } = this.#live
    for (let i = Math.max(0, from); i < Math.min(to, size); i++) {
      const id = this.#live.idAt(i)
      removed.push([id, this.#live.keyOf(id)])
    }
    for (const [id, key] of removed) {
      values.push([key, this.#live.get(id)!.value])
      this.#live.delete(id)
    }
    this.#host.record(this.#isKept ? values.map(([key]) => this.#gone(key)) : [], () => {
      if (this.#isKept) for (const [id] of removed) this.#told.delete(id)
      for (const listener of this.#listeners) listener.cut(body, removed)
    })
    return values
  }

  /**
   * Tells every link what a key has, whether it changed or not.
   * @throws {ReconError} when the key has no Recon form
   */
  tell(key: Value): void {
    // What can't be written is found here, while it is known who sent it.
    writeRemove(key)
    this.#host.record([], () => this.#changed(identity(key), key))
  }

  told(id: unknown): { readonly value: Value } | undefined {
    return this.#told.get(id)
  }

  *toldEntries(): Generator<[Value, Value], void, undefined> {
    for (const [id, { value }] of walk(this.#told)) yield [this.#told.keyOf(id), value]
  }

  watch(listener: MapListener): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  restore(key: Value, value: Value): void {
    const entry = { value, text: writeUpdate(key, value) }
    put(this.#live, identity(key), key, entry)
    if (this.#isKept) put(this.#told, identity(key), key, entry)
  }

  attach(port: UplinkPort): MapUplink {
    const uplink = new MapUplink(this, port)
    this.#listeners.add(uplink)
    return uplink
  }

  detach(uplink: MapUplink): void {
    this.#listeners.delete(uplink)
  }

  textOf(id: unknown): string | undefined {
    return this.#told.get(id)?.text
  }

  walk(): Iterator<[unknown, Entry]> {
    return walk(this.#told)
  }

  #changed(id: unknown, key: Value): void {
    for (const listener of this.#listeners) listener.changed(id, key)
  }

  #empty(entries: OrderedMap<Value, Entry>): void {
    entries.clear()
    entries.rank(undefined)
  }

  #record(key: Value, value: Value, isThere: boolean, tell: () => void): void {
    if (!this.#isKept) return this.#host.record([], tell)
    const { nodeUri: node, laneUri: lane } = this.#host
    this.#host.record([{ node, lane, key: stringify(key), value: isThere ? kept(value) : undefined }], tell)
  }

  #gone(key: Value) {
    return { node: this.#host.nodeUri, lane: this.#host.laneUri, key: stringify(key), value: undefined }
  }
}
