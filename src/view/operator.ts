// Floor 6. What an operator is: it looks at entries of its sources, one at a time, and puts what comes of them.
import type { Compare } from '../store/order-index.js'
import { isSame } from './order.js'
import type { Places, Table } from './table.js'

/** Where an operator puts its entries. */
export interface Output<K, V> {
  get(id: unknown): V | undefined
  has(id: unknown): boolean
  readonly size: number
  /** The place of an entry. */
  keyOf(id: unknown): unknown
  /** The identity of the entry at a position; a negative one counts from the end. */
  idAt(position: number): unknown
  /** Adds an entry, or puts it in the place of that with its identity. @param by what it sorts by, before its place in the source */
  put(id: unknown, place: unknown, key: K, value: V, by?: unknown): void
  /** Takes an entry out, where there is one. */
  drop(id: unknown): void
  /** Reports that an entry of a source is left out, and why. */
  fail(key: unknown, cause: unknown): void
}

export interface Operator<K, V> {
  /** What it is called in errors. */
  readonly name: string
  /** The places that it puts entries at. */
  readonly places: Places
  /** How it sorts them, ties in the order of those places. */
  readonly sorts?: Compare<{ readonly by: unknown }>
  /** Of a filter: what it asks of an entry. */
  readonly keeps?: Of<never, never, unknown>
  /** The identity of a key of its entries. */
  idOf(key: K): unknown
  /** Whether a start looks at each entry of a source. */
  scans(source: number): boolean
  /** Whether all that it takes of a source is what `look` is given: filters before it can then be asked on the way. */
  isFed(source: number): boolean
  /** Forgets all, and begins over these tables. */
  begin(tables: readonly Table[]): void
  /** Of one that keeps nothing of an entry, and so needs old values: has it take all entries as new, its own being what they are. */
  forget?(): void
  /** An entry of a source is new to it, has changed, or is `gone`. The old value is given where it can be forgotten. */
  look(source: number, id: unknown, key: unknown, value: unknown, old: unknown, out: Output<K, V>): void
  /** All that was to be looked at has been. */
  finish(out: Output<K, V>): void
  /** Whether a value that takes the place of another is no change. */
  isUnchanged(old: V, value: V): boolean
}

/** What most operators have in common. */
export const plain = { scans: () => true, isFed: () => true, begin: () => {}, finish: () => {}, isUnchanged: isSame }

/** What a function of the application takes of an entry. */
export type Of<K, V, T> = (value: V, key: K) => T
