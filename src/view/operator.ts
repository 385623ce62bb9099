// Floor 6. What an operator is: it looks at entries of its sources, one at a time, and puts what comes of them.
import type { OrderedMap } from '../store/ordered-map.js'
import { isSame } from './order.js'
import type { Places } from './table.js'

/** Where an operator puts its entries. */
export interface Output<K, V> {
  readonly entries: OrderedMap<unknown, V>
  /** Adds an entry, or puts it in the place of that with its identity. */
  put(id: unknown, place: unknown, key: K, value: V): void
  /** Takes an entry out, where there is one. */
  drop(id: unknown): void
  /** Reports that an entry of a source is left out, and why. */
  fail(key: unknown, cause: unknown): void
}

export interface Operator<K, V> {
  /** What it is called in errors. */
  readonly name: string
  readonly places: Places
  /** The identity of a key of its entries. */
  idOf(key: K): unknown
  /** Whether a start looks at each entry of a source. */
  scans(source: number): boolean
  /** An entry of a source is new to it, has changed or is gone. */
  look(source: number, id: unknown, out: Output<K, V>): void
  /** All that was to be looked at has been. */
  finish(out: Output<K, V>): void
  /** Whether a value that takes the place of another is no change. */
  isUnchanged(old: V, value: V): boolean
  /** Forgets all. */
  clear(): void
}

/** What most operators have in common. */
export const plain = { scans: () => true, finish: () => {}, clear: () => {}, isUnchanged: isSame }

/** What a function of the application takes of an entry. */
export type Of<K, V, T> = (value: V, key: K) => T
