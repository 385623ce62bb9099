// Floor 6. The total order of values to sort by, and when two values count as equal.
import { say } from '../base/errors.js'
import { isAlike } from '../downlink/echo.js'

/** The rank of a kind of value: numbers and bigints, NaN, texts, booleans, Dates, lists, null, undefined. */
function kindOf(value: unknown): number {
  if (typeof value === 'number') return value === value ? 0 : 1
  if (typeof value === 'bigint') return 0
  if (typeof value === 'string') return 2
  if (typeof value === 'boolean') return 3
  if (value instanceof Date) return 4
  if (Array.isArray(value)) return 5
  if (value === null) return 6
  if (value === undefined) return 7
  throw new TypeError(say`${value} can't be sorted by: give a number, a text, a Date, or a list of such`)
}

/** A copy of a value to sort by, which nobody can change. @throws {TypeError} for a value of any other kind */
export function sortable(value: unknown): unknown {
  if (typeof value === 'number') return value
  const kind = kindOf(value)
  return kind === 4 ? new Date(value as Date) : kind === 5 ? (value as unknown[]).map(sortable) : value
}

/** A total order of all values that `sortable` returns. Equal values of one kind compare as 0, also 0 and -0. */
export function total(a: unknown, b: unknown): number {
  // Most values are numbers, and a sort compares each of them a dozen times.
  if (typeof a === 'number' && typeof b === 'number' && a - b !== 0 && a - b === a - b) return a - b
  const kind = kindOf(a)
  const kinds = kind - kindOf(b)
  if (kinds !== 0) return kinds
  if (kind === 4) return total((a as Date).getTime(), (b as Date).getTime())
  if (kind !== 5) return (a as number) < (b as number) ? -1 : (a as number) > (b as number) ? 1 : 0
  const [list, other] = [a as unknown[], b as unknown[]]
  for (let i = 0; i < list.length && i < other.length; i++) {
    const order = total(list[i], other[i])
    if (order !== 0) return order
  }
  return list.length - other.length
}

/** Whether a new value changes nothing. The same object may have been changed in place, so it counts as changed. */
export const isSame = (old: unknown, value: unknown): boolean =>
  Object.is(old, value) && (typeof value !== 'object' || value === null)

/** As `isSame`, for computed values: lists and plain objects with equal parts count as equal. O(parts). */
export const isUnchanged = (old: unknown, value: unknown): boolean =>
  old === value ? isSame(old, value) : isAlike(old, value, Object.is)
