// Floor 0. Options: the one check of all tables of options. The tables are in client/, downlink/ and host/; the pages of
// documentation are held to them by test/unit/docs/options.test.ts.
import { ConfigError, messageOf, say } from './errors.js'

/**
 * What an option may be.
 * - A number: its default, the least (0 where it is left out) and the most (any).
 * - One of a few: all of them, the default first.
 * - Anything else: what it must be, in words. A row that the check does not know is checked where the option is used.
 */
export type Row =
  | string
  | readonly [fallback: number, least?: number, most?: number]
  | readonly [fallback: string | boolean, ...(string | boolean)[]]

/** The rows of all options of `O`. */
export type Table<O> = { readonly [P in keyof Required<O>]: Row }

/** Options as they were given, with the defaults that their table has. */
export type Filled<T, O> = O & {
  readonly [P in keyof T & keyof O as T[P] extends readonly unknown[] ? P : never]-?: NonNullable<O[P]>
}

/** How many letters must be changed, added or left out to make one name of another. */
function distance(name: string, other: string): number {
  let count = 0
  let row = Array.from(other, (_, i) => i + 1)
  for (const letter of name) {
    let corner = count++
    let left = count
    row = row.map((above, i) => {
      left = Math.min(above, left, corner - Number(letter === other[i])) + 1
      corner = above
      return left
    })
  }
  return row.at(-1)!
}

/** Whether a value is what the words of a row say. */
const isOf = (value: unknown, row: string) =>
  row === 'an AbortSignal'
    ? typeof (value as Partial<AbortSignal> | null)?.addEventListener === 'function'
    : row.startsWith('a list of strings') && typeof value !== 'function'
      ? Array.isArray(value) && value.every(each => typeof each === 'string')
      : !/ (string|object|function)$/.test(row) || (row.includes(` ${typeof value}`) && value !== null && value !== '')

/** @throws {ConfigError} where a row does not allow a value */
function check(name: string, value: unknown, row: Row): void {
  const [fallback, least = 0, most = Infinity] = row as readonly [unknown, number?, number?]
  const isNumber = typeof fallback === 'number'
  const isAllowed =
    typeof row === 'string'
      ? isOf(value, row)
      : isNumber
        ? typeof value === 'number' && value >= least && value <= most
        : row.includes(value as never)
  if (isAllowed) return
  const range = `a number from ${least} to ${most}`
  const wanted = typeof row === 'string' ? row : isNumber ? range : row.join(' or ')
  // Where an object is wanted, a text may be a secret.
  const found = row.toString().startsWith('an object') && value !== null ? typeof value : messageOf(value) || 'no text'
  throw new ConfigError(name, say`must be ${wanted}, got ${found}`)
}

/**
 * Options, checked by their table.
 * @throws {ConfigError} naming the first that does not exist, with the nearest that does if it is near, or whose value is not allowed
 */
export function readOptions<O extends object, const T extends Table<O>>(table: T, given: O): Filled<T, O> {
  check('options', given, 'an object')
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(table, name)) continue
    const far = (other: string) => distance(name.slice(0, 99).toLowerCase(), other.toLowerCase())
    const [nearest] = Object.keys(table).sort((a, b) => far(a) - far(b)) as [string]
    // A name that shares too little with another is no slip of the pen: it belongs to something else.
    const isSlip = far(nearest) <= (name.length + 1) / 2
    throw new ConfigError(
      name,
      isSlip ? say`there is no such option; did you mean ${nearest}?` : 'there is no such option here',
    )
  }
  const filled: { [name: string]: unknown } = {}
  // No list of rows is made: ten thousand downlinks may be opened, and it took 5 µs for each.
  for (const name in table) {
    const row: Row = table[name]
    const { [name]: value = typeof row === 'string' ? undefined : row[0] } = given as { [name: string]: unknown }
    if (value === undefined) continue
    check(name, value, row)
    // Timers take no more than this, which is 24 days.
    const isTime = name.endsWith('Ms') && row[2] === undefined
    filled[name] = isTime ? Math.min(value as number, 2 ** 31 - 1) : value
  }
  return filled as Filled<T, O>
}
