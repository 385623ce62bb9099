// Floor 1. The total order of values, and the equality that goes with it. Both are those of SwimOS's own map lanes.
import { ReconError } from '../base/swim-error.js'
import { Attr, Slot, deepest, isAttrKey, isData, fieldsOf, listOf, type Item, type Value } from './value.js'

/** Attributes before slots before records, then data, texts, numbers, true, false, extant, absent. */
function rank(value: Item): number {
  if (typeof value === 'string') return 4
  if (typeof value === 'number' || typeof value === 'bigint') return 5
  if (typeof value === 'boolean') return value ? 6 : 7
  if (value === null) return 8
  if (value === undefined) return 9
  if (typeof value !== 'object') throw new ReconError(`A ${typeof value} has no Recon form`)
  return value instanceof Attr ? 0 : value instanceof Slot ? 1 : isData(value) ? 3 : 2
}

const order = (a: string | number | bigint, b: string | number | bigint) => (a < b ? -1 : a > b ? 1 : 0)

function orderOf(a: Item, b: Item, depth: number): number {
  if (a === b) return 0
  const kind = rank(a)
  const ranks = order(kind, rank(b))
  if (ranks) return ranks
  if (kind === 4) return order(a as string, b as string)
  // If one of two numbers is NaN, neither is less. NaN equals itself and comes after all other numbers.
  if (kind === 5) return order(a as number, b as number) || order(+(a !== a), +(b !== b))
  if (kind === 3) return orderOfData(a as Uint8Array, b as Uint8Array)
  if (kind < 2) {
    const [p, q] = [a, b] as [Slot, Slot] | [Attr, Attr]
    const keys = p instanceof Attr ? order(p.name, (q as Attr).name) : orderOf(p.key, (q as Slot).key, depth)
    return keys || orderOf(p.value, q.value, depth)
  }
  return kind === 2 ? orderOfRecords(a as Plain, b as Plain, depth + 1) : 0
}

/** Bytes are signed, as they are in Java. */
function orderOfData(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const difference = order((a[i]! << 24) >> 24, (b[i]! << 24) >> 24)
    if (difference) return difference
  }
  return order(a.length, b.length)
}

type Plain = { readonly [key: string]: Value }

function itemsOf(value: Plain): Item[] {
  const { keys, values } = fieldsOf(value)
  return keys.map((key, i) => (isAttrKey(key) ? new Attr(key.slice(1), values[i]) : new Slot(key, values[i])))
}

function orderOfRecords(a: Plain, b: Plain, depth: number): number {
  if (depth > deepest) throw new ReconError(`A value is nested deeper than ${deepest}`)
  let p = listOf(a)
  let q = listOf(b)
  if (!p && !q) {
    // The common case, two plain objects: they are compared without a list of items.
    const f = fieldsOf(a)
    const g = fieldsOf(b)
    for (let i = 0; i < f.keys.length && i < g.keys.length; i++) {
      const key = f.keys[i]!
      const other = g.keys[i]!
      const difference =
        key === other
          ? orderOf(f.values[i], g.values[i], depth)
          : order(+isAttrKey(other), +isAttrKey(key)) || order(key, other)
      if (difference) return difference
    }
    return order(f.keys.length, g.keys.length)
  }
  p ??= itemsOf(a)
  q ??= itemsOf(b)
  for (let i = 0; i < p.length && i < q.length; i++) {
    const difference = orderOf(p[i], q[i], depth)
    if (difference) return difference
  }
  return order(p.length, q.length)
}

/**
 * The total order of values: negative when `a` comes before `b`, 0 when they are equal. Numbers compare by value, texts by
 * UTF-16 units, data by signed bytes, records item by item as stored.
 * @throws {ReconError} if a value has no Recon form, or more than 1,000 levels.
 * @example
 * const keys: Value[] = ['b', 10, 'a', 9]
 * keys.sort(compare)
 */
export const compare = (a: Value, b: Value): number => orderOf(a, b, 0)

/**
 * Whether two values are the same in Recon: `compare(a, b) === 0`. An array equals a `Record` with its items.
 * @example
 * equals({ a: 1, b: [2] }, { a: 1, b: [2] }) // true
 */
export const equals = (a: Value, b: Value): boolean => orderOf(a, b, 0) === 0
