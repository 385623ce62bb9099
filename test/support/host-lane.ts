// A lane of a host in memory: what it holds, and all that it has ever held.
import { compare, equals, identity, type Value } from '../../src/recon/index.js'

/** What a lane does with a value that it is asked to hold: the value that it will hold, or undefined to refuse. */
export type Taste = (value: Value) => Value | undefined

export interface Entry {
  readonly key: Value
  readonly value: Value
  /** Where in the lane's history the entry was put. */
  readonly place: number
}

/** One step of a lane's history: an entry has a value from here on, or has none. */
export interface Put {
  readonly id: unknown
  readonly value: Value | undefined
  readonly place: number
}

/** What the lane tells its links besides updates. */
export interface LaneOp {
  readonly op: 'remove' | 'clear' | 'drop' | 'take'
  /** The event's body. */
  readonly body: string
  /** The keys of the entries that it took away. */
  readonly gone: readonly Value[]
  /** How long the lane's history was when it took effect: an entry put at this place or later is newer. */
  readonly place: number
  /** Whether it may be about the entry of a key, newer or not, as a client reads it. */
  readonly isAbout: (id: unknown) => boolean
}

/** Who hears of a lane's changes. */
export interface LaneListener {
  /** The entry of a key has another value. */
  updated(id: unknown, key: Value): void
  queued(op: LaneOp): void
}

/** @param key the key of a value lane's one entry is undefined */
export class HostLane {
  readonly kind: 'map' | 'value'
  entries = new Map<unknown, Entry>()
  listeners = new Set<LaneListener>()
  readonly history: Put[] = []
  /** Where in its history it was cleared, or cut, whatever that took away. */
  readonly sweeps: number[] = []
  readonly #puts = new Map<unknown, Put[]>()
  readonly #taste: Taste
  #sorted: Entry[] | undefined

  constructor(taste: Taste = value => value, kind: 'map' | 'value' = 'map') {
    this.#taste = taste
    this.kind = kind
  }

  /** Hands an operation to the links; a host may do so late. */
  publish: (op: LaneOp) => void = op => this.listeners.forEach(listener => listener.queued(op))

  /** The steps of an entry's history, in order. */
  putsOf(id: unknown): readonly Put[] {
    return this.#puts.get(id) ?? []
  }

  set(key: Value, given: Value): void {
    const value = this.#taste(given)
    if (value === undefined && this.kind === 'map') return
    const id = identity(key)
    const before = this.entries.get(id)
    this.entries.set(id, { key: before?.key ?? key, value, place: this.history.length })
    this.#sorted = undefined
    this.#note(id, value)
    for (const listener of this.listeners) listener.updated(id, key)
  }

  remove(key: Value, body: string): void {
    const { length: place } = this.history
    const id = identity(key)
    if (!this.#take(id)) return
    this.publish({ op: 'remove', body, gone: [key], place, isAbout: other => other === id })
  }

  clear(): void {
    const { length: place } = this.history
    this.sweeps.push(place)
    const gone = this.wipe()
    this.publish({ op: 'clear', body: '@clear', gone, place, isAbout: () => true })
  }

  cut(op: 'drop' | 'take', count: number): void {
    const { length: place } = this.history
    this.sweeps.push(place)
    const sorted = this.sorted()
    const gone = (op === 'drop' ? sorted.slice(0, count) : sorted.slice(count)).map(({ key }) => key)
    for (const key of gone) this.#take(identity(key))
    this.publish({ op, body: `@${op}(${count})`, gone, place, isAbout: () => true })
  }

  /** Takes all entries away, and tells nobody. Returns their keys. */
  wipe(): Value[] {
    const gone = this.sorted().map(({ key }) => key)
    for (const key of gone) this.#take(identity(key))
    return gone
  }

  /** The lane as it is now, for links that hear of no change any more: they go on listening to the copy. */
  freeze(): HostLane {
    const copy = new HostLane(this.#taste, this.kind)
    copy.entries = new Map(this.entries)
    copy.listeners = this.listeners
    this.listeners = new Set()
    return copy
  }

  /** In the order of keys. The list is not to be changed. */
  sorted(): readonly Entry[] {
    return (this.#sorted ??= [...this.entries.values()].sort((a, b) => compare(a.key, b.key)))
  }

  /** Where an entry was given a value for the first time, from a place on. */
  placeOf(id: unknown, value: Value | undefined, from = 0): number | undefined {
    return this.putsOf(id).find(put => put.place >= from && isSame(put.value, value))?.place
  }

  /** Where an entry was given a value for the last time. */
  lastPlaceOf(id: unknown, value: Value | undefined): number | undefined {
    return this.putsOf(id).reduce<number | undefined>(
      (last, put) => (isSame(put.value, value) ? put.place : last),
      undefined,
    )
  }

  #take(id: unknown): boolean {
    if (!this.entries.delete(id)) return false
    this.#sorted = undefined
    this.#note(id, undefined)
    return true
  }

  #note(id: unknown, value: Value | undefined): void {
    const put = { id, value, place: this.history.length }
    this.history.push(put)
    const puts = this.#puts.get(id)
    if (puts === undefined) this.#puts.set(id, [put])
    else puts.push(put)
  }
}

const isSame = (a: Value | undefined, b: Value | undefined): boolean =>
  a === undefined || b === undefined ? a === b : equals(a, b)
