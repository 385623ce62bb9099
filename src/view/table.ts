// Floor 6. The tables behind views, and how they depend on each other.
import type { Clock } from '../base/clock.js'
import type { SignalLike, Unsubscribe } from '../base/events.js'
import { foldChanges, type Change } from '../downlink/change.js'
import type { Changes } from '../downlink/feed.js'
import type { Port, ReadableMap } from '../downlink/readable.js'
import type { KeyOrder, OrderedMap } from '../store/ordered-map.js'

/** The order of entries. Each has a place; in a map, its key on the wire. */
export interface Places {
  readonly compare: (a: unknown, b: unknown) => number
  /** The key on the wire of the entry with a place. */
  readonly keyAt: (place: unknown) => unknown
}

/** A map that tables are made over. */
export interface Source {
  readonly map: Pick<ReadableMap<unknown, unknown>, 'status' | 'on' | 'whenSynced'>
  readonly port: Pick<Port<unknown, unknown>, 'clock' | 'fault' | 'report' | 'model'>
  /** How keys on the wire compare. */
  readonly keys: KeyOrder<unknown>
  /** Steps with each change. */
  readonly version: number
}

/** A feed, as those who listen see it. */
export interface Notifies<K, V> {
  subscribe(hear: (changes: Changes<K, V>) => unknown): Unsubscribe
  subscribeTo(id: unknown, hear: () => unknown): Unsubscribe
  iterate(signal?: SignalLike): AsyncIterableIterator<Changes<K, V>>
}

/** What a table has of an `OrderedMap`: `keyOf` gives the place of an entry. */
export type Entries<V> = Pick<
  OrderedMap<unknown, V>,
  'size' | 'get' | 'has' | 'keyOf' | 'idAt' | 'rank' | 'walk' | 'forEach' | 'visitAsLaid'
> & { asLaid(): Iterator<readonly [id: unknown, value: V]> }

/** Entries that others can be made from; each knows its sources, and the sources know them by their tails. */
export interface Table<K = unknown, V = unknown> {
  /** By identity of the key, in the order of `places`; up to date after `settle`. */
  readonly entries: Entries<V>
  readonly places: Places
  readonly sources: readonly Source[]
  readonly isClosed: boolean
  /** Whether it was closed itself: its entries stay as they are. */
  readonly isEnded: boolean
  /** Of a filter that nobody reads: its source and its function. A table made from it can filter by itself. */
  readonly through?: Through | undefined
  /** The listened-to tables made from it, which hear of its end. */
  readonly dependants: Set<Dependant>
  /** Whether the start is under way, in slices. */
  readonly isStarting: boolean
  /** Calls `hear` when it or a table that it is made from is closed, but not when a map is. Returns its undo. */
  onEnd(hear: () => void): Unsubscribe
  /** Its listeners. */
  readonly feed: Notifies<K, V>
  /** The key of an entry, for the application. */
  keyOf(id: unknown): K
  /** @throws {ReconError} when it can't be a key */
  idOf(key: K): unknown
  /** Brings it up to date with its sources; from the start, where it rests. */
  settle(): void
  /** Goes on with its start until `isOver`. Returns whether it is whole. */
  advance(isOver: () => boolean): boolean
  /** Starts it in slices, unless it is up to date in no time. Resolves when it is whole. */
  open(): Promise<void>
  /** Marks in `tail` whatever changes from now on. */
  attach(tail: Tail): void
  detach(tail: Tail): void
  /** Somebody listens to it, or to what is made from it. */
  wake(): void
  /** One listener less, of it or of tables made from it. */
  rest(): void
  /** Ends it: entries stay as they are. */
  close(): void
  snapshot(): ReadonlyMap<K, V>
  keySnapshot(): readonly K[]
}

/** What is made from a table. */
export interface Dependant {
  settle(): void
  /** Something that it is made from has changed. */
  stir(): void
  /** Something that it is made from was closed. */
  sourceClosed(): void
}

export interface Through {
  readonly table: Table
  readonly keeps: (value: unknown, key: unknown) => unknown
}

/** In the place of a value: there is no such entry. */
export const gone: unique symbol = Symbol()

/** How many entries a tail remembers in any case. */
const fewest = 1000

/** The changes of a table since a table that is made from it last looked. */
export class Tail {
  /** The table that it was made for. */
  readonly given: Table
  /** The table that it follows: the given one, or the one behind filters that nobody reads. */
  table: Table
  /** Those filters, the nearest first. */
  passed: Table[] = []
  /** The functions of those filters. */
  keeps: Through['keeps'][] = []
  /** Whether it knows nothing: all must be looked at. */
  isLost = true
  /** While somebody listens. At other times it may be collected as garbage, with what it holds. */
  dependant: Dependant | undefined
  /** By identity. */
  #changes = new Map<unknown, Change<unknown, unknown>>()
  readonly #isFed: boolean

  constructor(given: Table, isFed: boolean) {
    this.given = given
    this.table = given
    this.#isFed = isFed
  }

  /** Finds the table to follow. */
  resolve(): void {
    if (!this.isLost || this.dependant !== undefined || !this.#isFed) return
    this.table = this.given
    this.passed = []
    this.keeps = []
    for (let through; (through = this.table.through) !== undefined; this.table = through.table) {
      this.passed.push(this.table)
      this.keeps.push(through.keeps)
    }
  }

  /** Whether it follows a table that no longer counts. */
  get isCut(): boolean {
    return this.passed.some(table => table.isEnded)
  }

  wake(dependant: Dependant): void {
    this.resolve()
    this.dependant = dependant
    for (const table of [this.table, ...this.passed]) table.dependants.add(dependant)
    this.table.wake()
  }

  rest(): void {
    for (const table of [this.table, ...this.passed]) table.dependants.delete(this.dependant!)
    this.dependant = undefined
    this.table.rest()
  }

  mark(id: unknown, change: Change<unknown, unknown>): void {
    const first = this.#changes.get(id)
    const folded = first === undefined ? change : foldChanges(first, change)
    if (folded === undefined) this.#changes.delete(id)
    else this.#changes.set(id, folded)
    if (this.dependant !== undefined) this.dependant.stir()
    // Nobody has read it for so long that a new start costs no more.
    else if (this.#changes.size > fewest && this.#changes.size * 2 > this.table.entries.size) this.lose()
  }

  /** What changed since the last call, by identity. */
  take(): ReadonlyMap<unknown, Change<unknown, unknown>> {
    const changes = this.#changes
    if (changes.size > 0) this.#changes = new Map()
    return changes
  }

  begin(): void {
    this.isLost = false
    this.table.attach(this)
  }

  /** Releases the table. */
  lose(): void {
    this.isLost = true
    this.take()
    this.table.detach(this)
  }
}

/** Time for one slice of a start, in milliseconds: that of a slice of frames. */
const sliceMs = 8

/** Has `advance` called in slices, each in a turn of its own, until it returns true. */
export function inSlices(clock: Clock, advance: Advance): Promise<void> {
  return new Promise(resolve => {
    const next = () => {
      if (slice(clock, advance)) resolve()
      else clock.turn(next)
    }
    clock.turn(next)
  })
}

/** Goes on with a start until `isOver`. Returns whether it is whole. */
type Advance = (isOver: () => boolean) => boolean

/** One slice of a start. Returns whether it is whole. */
export function slice(clock: Clock, advance: Advance): boolean {
  const endMs = clock.now() + sliceMs
  return advance(() => clock.now() >= endMs)
}
