// Floor 6. What `groupBy` can say of a group.
import { say } from '../base/errors.js'
import { checkFunction } from './fail.js'
import { sortable } from './order.js'
import { averaged, collected, least, most, summed, type MakeTally } from './tallies.js'

/** A figure of each group, of type `T`, over entries of type `V` with keys of type `K`: made by `count`, `sum` and their like. */
export class Aggregate<K, V, T> {
  /** What it takes of each entry. */
  readonly of: (value: V, key: K) => unknown
  /** Of what type it is; there is none at run time. */
  declare readonly type?: T
  /** @internal None is needed to count: a group knows how many entries it has. */
  readonly tally: MakeTally | undefined
  /** @internal Whether it needs to be told the place of what is taken out of it, and so what it took of each entry is kept. */
  readonly isRanked: boolean

  /** @internal */
  constructor(of: (value: V, key: K) => unknown, tally: MakeTally | undefined, isRanked = false) {
    this.of = of
    this.tally = tally
    this.isRanked = isRanked
  }
}

/** The aggregates of a `groupBy`, by the names that its groups have for them. */
export interface Aggregates<K, V> {
  /** By the name of its figure. */
  readonly [name: string]: Aggregate<K, V, unknown>
}

/** What is in a group's entry. */
export type Group<A> = { readonly [P in keyof A]: A[P] extends Aggregate<never, never, infer T> ? T : never }

/** What can be left out of a figure. */
export type Missing = null | undefined

/** The type of a figure over values of type `T`; undefined is what there is where all are missing. */
export type Figure<T, F = NonNullable<T>> = F | (T & Missing extends never ? never : undefined)

const number = (name: string, part: unknown): unknown => {
  if (typeof part === 'number' || typeof part === 'bigint' || part === null || part === undefined) return part
  throw new TypeError(say`${name} was given ${part}: give a number, or null or undefined to leave the entry out of it`)
}

/** How many entries a group has. O(1) a change. */
export function count(): Aggregate<unknown, unknown, number> {
  return new Aggregate(() => undefined, undefined)
}

/**
 * The sum of what `of` takes of each entry, 0 where there is nothing; null and undefined are left out. It is exact to the last bit
 * however many come and go; bigints count as the nearest number. O(1) a change.
 * @throws {ConfigError} when `of` is not a function
 */
export function sum<K, V>(of: (value: V, key: K) => number | bigint | Missing): Aggregate<K, V, number> {
  checkFunction('sum', of)
  return new Aggregate((value: V, key: K) => number('sum', of(value, key)), summed)
}

/**
 * The mean of what `of` takes of each entry: `sum` by how many are not null or undefined. O(1) a change.
 * @throws {ConfigError} when `of` is not a function
 */
export function avg<K, V, T extends number | bigint | Missing>(
  of: (value: V, key: K) => T,
): Aggregate<K, V, Figure<T, number>> {
  checkFunction('avg', of)
  return new Aggregate((value: V, key: K) => number('avg', of(value, key)), averaged)
}

/**
 * The least of what `of` takes of each entry, in the order of `orderBy`; null and undefined are left out. O(log n) a change.
 * @throws {ConfigError} when `of` is not a function
 */
export function min<K, V, T>(of: (value: V, key: K) => T): Aggregate<K, V, Figure<T>> {
  checkFunction('min', of)
  return new Aggregate((value: V, key: K) => sortable(of(value, key)), least, true)
}

/** As `min`, the most. @throws {ConfigError} when `of` is not a function */
export function max<K, V, T>(of: (value: V, key: K) => T): Aggregate<K, V, Figure<T>> {
  checkFunction('max', of)
  return new Aggregate((value: V, key: K) => sortable(of(value, key)), most, true)
}

/**
 * A list of what `of` takes of each entry, in the order of the source. O(log n) a change, and O(entries of the group) a batch.
 * @throws {ConfigError} when `of` is not a function
 */
export function collect<K, V, T>(of: (value: V, key: K) => T): Aggregate<K, V, readonly T[]> {
  checkFunction('collect', of)
  return new Aggregate(of, collected, true)
}
