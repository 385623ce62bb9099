// Floor 6. The tables behind views, and how they depend on each other.
import type { Clock } from '../base/clock.js'
import type { SignalLike, Unsubscribe } from '../base/events.js'
import { foldChanges, type Change } from '../downlink/change.js'
import type { Changes } from '../downlink/feed.js'
import type { Port, ReadableMap } from '../downlink/readable.js'
import type { KeyOrder, OrderedMap } from '../store/ordered-map.js'

/** The order of entries. Each entry has a place; in a map, the key on the wire. */
export interface Places {
  readonly compare: (a: unknown, b: unknown) => number
  /** The key on the wire of the entry at a place. */
  readonly keyAt: (place: unknown) => unknown
}

/** A map that tables are made from. */
export interface Source {
  readonly map: Pick<ReadableMap<unknown, unknown>, 'status' | 'on' | 'whenSynced'>
  readonly port: Pick<Port<unknown, unknown>, 'clock' | 'fault' | 'report' | 'model'>
  /** The order of keys on the wire. */
  readonly keys: KeyOrder<unknown>
  /** Grows with each change. */
  readonly version: number
}

/** The part of a feed for listeners. */
export interface Notifies<K, V> {
  subscribe(hear: (changes: Changes<K, V>) => unknown): Unsubscribe
  subscribeTo(id: unknown, hear: () => unknown): Unsubscribe
  iterate(signal?: SignalLike): AsyncIterableIterator<Changes<K, V>>
}

/** The part of an `OrderedMap` that tables use. `keyOf` returns the place of an entry. */
export type Entries<V> = Pick<
  OrderedMap<unknown, V>,
  'size' | 'get' | 'has' | 'keyOf' | 'idAt' | 'rank' | 'walk' | 'forEach' | 'visitAsLaid'
> & { asLaid(): Iterator<readonly [id: unknown, value: V]> }

/** Entries that other tables can be made from. A table holds its sources; the sources hold a tail for each table made from them. */
export interface Table<K = unknown, V = unknown> {
  /** By identity of the key, in the order of `places`. Up to date after `settle`. */
  readonly entries: Entries<V>
  readonly places: Places
  readonly sources: readonly Source[]
  readonly isClosed: boolean
  /** Whether the table itself was closed: its entries no longer change. */
  readonly isEnded: boolean
  /** The source and the function of a filter that nobody reads. A table made from the filter can then apply the function itself. */
  readonly through?: Through | undefined
  /** Tables made from this one that have listeners. They are notified when this table is closed. */
  readonly dependants: Set<Dependant>
  /** Whether a start in slices is under way. */
  readonly isStarting: boolean
  /** Calls `hear` when this table or one of its source tables is closed, but not when a map is. Returns its undo. */
  onEnd(hear: () => void): Unsubscribe
  /** The listeners. */
  readonly feed: Notifies<K, V>
  /** The key of an entry, as the application sees it. */
  keyOf(id: unknown): K
  /** @throws {ReconError} when the value can't be a key */
  idOf(key: K): unknown
  /** Brings the table up to date with its sources, with a start if needed. */
  settle(): void
  /** Continues a start until `isOver`. Returns whether the table is complete. */
  advance(isOver: () => boolean): boolean
  /** Starts the table, in slices unless one is enough. Resolves when the table is complete. */
  open(): Promise<void>
  /** From now on, marks each change in `tail`. */
  attach(tail: Tail): void
  detach(tail: Tail): void
  /** This table, or one made from it, has one more listener. */
  wake(): void
  /** This table, or one made from it, has one listener less. */
  rest(): void
  /** Ends the table. Its entries no longer change. */
  close(): void
  snapshot(): ReadonlyMap<K, V>
  keySnapshot(): readonly K[]
}

/** A table made from another table. */
export interface Dependant {
  settle(): void
  /** A source has changed. */
  stir(): void
  /** A source was closed. */
  sourceClosed(): void
}

export interface Through {
  readonly table: Table
  readonly keeps: (value: unknown, key: unknown) => unknown
}

/** Stands for the value of a missing entry. */
export const gone: unique symbol = Symbol()

/** How many changes a tail always keeps. */
const fewest = 1000

/** The changes of a table since a table made from it last looked. */
export class Tail {
  /** The table that the tail was made for. */
  readonly given: Table
  /** The table that the tail follows: the given one, or the first one behind filters that nobody reads. */
  table: Table
  /** Those filters, the nearest first. */
  passed: Table[] = []
  /** The functions of those filters. */
  keeps: Through['keeps'][] = []
  /** Whether changes were dropped, so that all entries must be looked at. */
  isLost = true
  /** Set while somebody listens. Otherwise the table made from this one may be garbage-collected. */
  dependant: Dependant | undefined
  /** The changes by identity. */
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

  /** Whether the followed table is closed, or no longer the right one. */
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
    // With so many unread changes, a new start costs no more.
    else if (this.#changes.size > fewest && this.#changes.size * 2 > this.table.entries.size) this.lose()
  }

  /** The changes since the last call, by identity. */
  take(): ReadonlyMap<unknown, Change<unknown, unknown>> {
    const changes = this.#changes
    if (changes.size > 0) this.#changes = new Map()
    return changes
  }

  begin(): void {
    this.isLost = false
    this.table.attach(this)
  }

  /** Stops following the table. */
  lose(): void {
    this.isLost = true
    this.take()
    this.table.detach(this)
  }
}

/** How long one slice of a start may take, in milliseconds: as long as a slice of incoming frames. */
const sliceMs = 8

/** Calls `advance` in slices, each in a turn of its own, until it returns true. */
export function inSlices(clock: Clock, advance: Advance): Promise<void> {
  return new Promise(resolve => {
    const next = () => {
      if (slice(clock, advance)) resolve()
      else clock.turn(next)
    }
    clock.turn(next)
  })
}

/** Continues a start until `isOver`. Returns whether the start is complete. */
type Advance = (isOver: () => boolean) => boolean

/** Runs one slice of a start. Returns whether the start is complete. */
export function slice(clock: Clock, advance: Advance): boolean {
  const endMs = clock.now() + sliceMs
  return advance(() => clock.now() >= endMs)
}
