// Floor 6. What the tables behind views are to each other.
import type { Clock } from '../base/clock.js'
import type { SignalLike, Unsubscribe } from '../base/events.js'
import type { Changes } from '../downlink/feed.js'
import type { Port, ReadableMap } from '../downlink/readable.js'
import type { KeyOrder, OrderedMap } from '../store/ordered-map.js'

/** How entries come in order. Each has a place: a map's is its key on the wire. */
export interface Places extends KeyOrder<unknown> {
  /** The key on the wire of the entry with a place. */
  readonly keyAt: (place: unknown) => unknown
}

/** A map that tables are made over. */
export interface Source {
  readonly map: Pick<ReadableMap<unknown, unknown>, 'status' | 'on' | 'whenSynced'>
  readonly port: Pick<Port<unknown, unknown>, 'clock' | 'fault' | 'report'>
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

/** Entries that others can be made from; each knows its sources, and the sources know them by their tails. */
export interface Table<K = unknown, V = unknown> {
  /** By identity of the key, in the order of `places`; up to date after `settle`. */
  readonly entries: OrderedMap<unknown, V>
  readonly places: Places
  readonly sources: readonly Source[]
  readonly isClosed: boolean
  /** Whether the start is under way, in slices. */
  readonly isStarting: boolean
  /** For those who listen to it. */
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
  /** Somebody does no longer. */
  rest(): void
  /** Ends it: entries stay as they are. */
  close(): void
  snapshot(): ReadonlyMap<K, V>
  keySnapshot(): readonly K[]
}

/** What is made from a table. */
export interface Dependant {
  /** Something that it is made from has changed. */
  stir(): void
  /** Something that it is made from was closed. */
  sourceClosed(): void
}

/** How many entries a tail remembers in any case. */
const fewest = 1000

/** What changed of one table since another that is made from it has looked. */
export class Tail {
  readonly table: Table
  /** Whether it knows nothing: all must be looked at. */
  isLost = true
  /** While somebody listens. At other times it may be collected as garbage, with what it holds. */
  dependant: Dependant | undefined
  #ids = new Set<unknown>()

  constructor(table: Table) {
    this.table = table
  }

  mark(id: unknown): void {
    this.#ids.add(id)
    if (this.dependant !== undefined) this.dependant.stir()
    // Nobody has read it for so long that a new start costs no more.
    else if (this.#ids.size > fewest && this.#ids.size * 2 > this.table.entries.size) this.lose()
  }

  /** What changed since the last call. */
  take(): Iterable<unknown> {
    const ids = this.#ids
    if (ids.size > 0) this.#ids = new Set()
    return ids
  }

  begin(): void {
    this.isLost = false
    this.table.attach(this)
  }

  /** Lets go of the table. */
  lose(): void {
    this.isLost = true
    this.#ids = new Set()
    this.table.detach(this)
  }
}

/** Time for one slice of a start, in milliseconds: that of a slice of frames. */
const sliceMs = 8

/** Has `advance` called in slices, each in a turn of its own, until it returns true. */
export function inSlices(clock: Clock, advance: (isOver: () => boolean) => boolean): Promise<void> {
  return new Promise(resolve => {
    const slice = () => {
      const endMs = clock.now() + sliceMs
      if (advance(() => clock.now() >= endMs)) resolve()
      else clock.turn(slice)
    }
    clock.turn(slice)
  })
}
