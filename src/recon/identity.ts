// Floor 1. Identity: a primitive that stands for a value as the key of a `Map`.
import { deepest, type Value } from './value.js'
import { writeWhole } from './write.js'

/**
 * A primitive such that `identity(a)` and `identity(b)` are the same `Map` key exactly when `equals(a, b)`. Texts,
 * numbers and booleans stand for themselves. A record or data becomes a text that is the identity of no text. Free for
 * scalars, linear in the size of records and data.
 * @throws {ReconError} if the value has no Recon form.
 * @example
 * const seats = new Map([[identity({ row: 1, seat: 2 }), 'taken']])
 * seats.get(identity({ row: 1, seat: 2 })) // 'taken'
 */
export function identity(value: Value): string | number | bigint | boolean | null | undefined {
  if (typeof value === 'string') return value.charCodeAt(0) === 0 ? '\0"' + value : value
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') {
    const near = Number(value)
    return Number.isFinite(near) && BigInt(near) === value ? near : value
  }
  return typeof value === 'object' && value !== null ? '\0' + writeWhole(value, deepest, true) : value
}
