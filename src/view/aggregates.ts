// Floor 6. The aggregates of `groupBy`.
import { say } from '../base/errors.js'
import { checkFunction } from './fail.js'
import { sortable } from './order.js'
import { averaged, collected, least, most, summed, type MakeTally } from './tallies.js'

/**
 * A figure of type `T` for each group, over entries of type `V` with keys of type `K`: made by `count`, `sum` and the others.
 * @example
 * const figures = { rooms: count(), guests: sum((room: Room) => room.guests) }
 * const floors = view(rooms).groupBy(room => room.floor, figures)
 */
export class Aggregate<K, V, T> {
  /** Returns the input for an entry. */
  readonly of: (value: V, key: K) => unknown
  /** The type of the figure; does not exist at run time. */
  declare readonly type?: T
  /** @internal Undefined for count: a group knows its size. */
  readonly tally: MakeTally | undefined
  /** @internal Whether the removal of an entry needs its place. Then the input of each entry is kept. */
  readonly isRanked: boolean

  /** @internal */
  constructor(of: (value: V, key: K) => unknown, tally: MakeTally | undefined, isRanked = false) {
    this.of = of
    this.tally = tally
    this.isRanked = isRanked
  }
}

/** The aggregates of a `groupBy`, by the names of their figures in each group. */
export interface Aggregates<K, V> {
  /** By the name of its figure. */
  readonly [name: string]: Aggregate<K, V, unknown>
}

/** The value of a group's entry: its figures. */
export type Group<A> = { readonly [P in keyof A]: A[P] extends Aggregate<never, never, infer T> ? T : never }

/** Inputs that a figure leaves out. */
export type Missing = null | undefined

/** The type of a figure over values of type `T`; undefined where all are missing. */
export type Figure<T, F = NonNullable<T>> = F | (T & Missing extends never ? never : undefined)

const number = (name: string, part: unknown): unknown => {
  if (typeof part === 'number' || typeof part === 'bigint' || part === null || part === undefined) return part
  throw new TypeError(say`${name} was given ${part}: give a number, or null or undefined to leave the entry out of it`)
}

/**
 * How many entries a group has. O(1) a change.
 * @example
 * const floors = view(rooms).groupBy(room => room.floor, { rooms: count() })
 */
export function count(): Aggregate<unknown, unknown, number> {
  return new Aggregate(() => undefined, undefined)
}

/**
 * The sum of what `of` returns for each entry, 0 for none; null and undefined are left out. It stays exact to the last bit however
 * many come and go; bigints count as the nearest number. O(1) a change.
 * @throws {ConfigError} when `of` is not a function
 * @example
 * const floors = view(rooms).groupBy(room => room.floor, { guests: sum(room => room.guests) })
 */
export function sum<K, V>(of: (value: V, key: K) => number | bigint | Missing): Aggregate<K, V, number> {
  checkFunction('sum', of)
  return new Aggregate((value: V, key: K) => number('sum', of(value, key)), summed)
}

/**
 * The mean of what `of` returns for each entry: `sum` divided by how many are not null or undefined. O(1) a change.
 * @throws {ConfigError} when `of` is not a function
 * @example
 * const floors = view(rooms).groupBy(room => room.floor, { guests: avg(room => room.guests) })
 */
export function avg<K, V, T extends number | bigint | Missing>(
  of: (value: V, key: K) => T,
): Aggregate<K, V, Figure<T, number>> {
  checkFunction('avg', of)
  return new Aggregate((value: V, key: K) => number('avg', of(value, key)), averaged)
}

/**
 * The least of what `of` returns for each entry, in the order of `orderBy`; null and undefined are left out. O(log n) a change.
 * @throws {ConfigError} when `of` is not a function
 * @example
 * const floors = view(rooms).groupBy(room => room.floor, { fewest: min(room => room.guests) })
 */
export function min<K, V, T>(of: (value: V, key: K) => T): Aggregate<K, V, Figure<T>> {
  checkFunction('min', of)
  return new Aggregate((value: V, key: K) => sortable(of(value, key)), least, true)
}

/**
 * As `min`, but the greatest. @throws {ConfigError} when `of` is not a function
 * @example
 * const floors = view(rooms).groupBy(room => room.floor, { most: max(room => room.guests) })
 */
export function max<K, V, T>(of: (value: V, key: K) => T): Aggregate<K, V, Figure<T>> {
  checkFunction('max', of)
  return new Aggregate((value: V, key: K) => sortable(of(value, key)), most, true)
}

/**
 * A list of what `of` returns for each entry, in the order of the source. O(log n) a change, and O(entries of the group) a batch.
 * @throws {ConfigError} when `of` is not a function
 * @example
 * const floors = view(rooms).groupBy(room => room.floor, { keys: collect((_, key) => key) })
 */
export function collect<K, V, T>(of: (value: V, key: K) => T): Aggregate<K, V, readonly T[]> {
  checkFunction('collect', of)
  return new Aggregate(of, collected, true)
}
