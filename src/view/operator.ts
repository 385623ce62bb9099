// Floor 6. The interface of operators: they look at entries of their sources one at a time, and put the results into an output.
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
  /** Adds an entry, or replaces the one with this identity. @param by the value to sort by, which comes before the place */
  put(id: unknown, place: unknown, key: K, value: V, by?: unknown): void
  /** Removes an entry, if there is one. */
  drop(id: unknown): void
  /** Reports that an entry of a source is left out, and why. */
  fail(key: unknown, cause: unknown): void
}

export interface Operator<K, V> {
  /** The name of the operator in errors. */
  readonly name: string
  /** The places of its entries. */
  readonly places: Places
  /** The comparison for sorting; ties are in the order of their places. Undefined if the operator does not sort. */
  readonly sorts?: Compare<{ readonly by: unknown }>
  /** The function of a filter. */
  readonly keeps?: Of<never, never, unknown>
  /** The identity of a key. */
  idOf(key: K): unknown
  /** Whether a start looks at each entry of a source. */
  scans(source: number): boolean
  /** Whether the operator uses a source only by `look`. Filters before it can then be applied on the way. */
  isFed(source: number): boolean
  /** Forgets everything, and begins with these tables. */
  begin(tables: readonly Table[]): void
  /** For an operator that needs old values: from now on all entries count as new. Its own entries stay until they are replaced. */
  forget?(): void
  /** Called for an entry of a source that is new, has changed, or is `gone`. @param old the old value, for operators with `forget` */
  look(source: number, id: unknown, key: unknown, value: unknown, old: unknown, out: Output<K, V>): void
  /** Called when all changed entries were looked at. */
  finish(out: Output<K, V>): void
  /** Whether a new value counts as unchanged. */
  isUnchanged(old: V, value: V): boolean
}

/** The common part of most operators. */
export const plain = { scans: () => true, isFed: () => true, begin: () => {}, finish: () => {}, isUnchanged: isSame }

/** A function of the application, called with an entry. */
export type Of<K, V, T> = (value: V, key: K) => T
