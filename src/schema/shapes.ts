// Floor 2. Other shapes of a value, for schemas that do not know the lane's own shape (docs/PROTOCOL.md#empty-values).
import { pathOf, type SchemaIssue } from '../base/errors.js'
import { Attr, Record, Slot, type Item, type Value } from '../recon/index.js'

/** The part of a value that an issue is about; undefined if the path leads nowhere. */
export const at = (value: unknown, issue: SchemaIssue): unknown =>
  pathOf(issue).reduce<unknown>((held, step) => (held as { [key: string]: unknown } | undefined)?.[step], value)

/** The place that an issue is about, as one text. */
export const placeOf = (issue: SchemaIssue): string => ['', ...pathOf(issue)].join('\0')

/** A place in every item of its lists: each step that begins like an index becomes a `*`. */
export const general = (place: string): string => place.replace(/\0\d+/g, '\0*')

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)

/** Whether a value is an integer beyond 2^53, or holds one at any depth. */
export const holdsBigint = (value: unknown): boolean =>
  typeof value === 'bigint' || (isObject(value) && Object.values(value).some(holdsBigint))

/** Whether there is a `Record` at any depth. Runs for every value: a loop over the keys takes 40 ns, a list of them 300. */
function hasRecord(value: object): boolean {
  if (value instanceof Record) return true
  const fields = value as { readonly [key: string]: unknown }
  for (const key in fields) {
    const field = fields[key]
    if (isObject(field) && hasRecord(field)) return true
  }
  return false
}

/** The natural key of an attribute or slot; undefined if there is none. */
const keyOf = (item: Item): string | undefined =>
  item instanceof Attr
    ? `@${item.name}`
    : item instanceof Slot && typeof item.key === 'string' && item.key[0] !== '@'
      ? item.key
      : undefined

/** Whether an object can hold these keys, maybe in another order: all are distinct texts, and attributes come before slots. */
const areOfObject = (keys: readonly (string | undefined)[]) =>
  new Set(keys).size === keys.length &&
  keys.every((key, i) => key !== undefined && (i < 1 || key[0] !== '@' || keys[i - 1]?.[0] === '@'))

/**
 * A copy of a value with an empty list for each empty record at or below wanted places. Places are as {@link placeOf} returns
 * them. Without `wants`, a copy with a plain object for each record that an object can hold.
 */
export function remade(value: unknown, wants?: (place: string) => boolean, place = '', isBelow = false): unknown {
  if (!isObject(value)) return value
  const items = value instanceof Record ? (value.items as readonly Slot[]) : undefined
  const keys = items ? items.map(keyOf) : Object.keys(value)
  if (items && (wants || !areOfObject(keys))) return value
  const isWanted = isBelow || wants?.(place)
  if (keys.length < 1 && isWanted && !Array.isArray(value)) return []
  const fields: unknown[] = items ? items.map(item => item.value) : Object.values(value)
  const made = fields.map((field, i) => remade(field, wants, `${place}\0${keys[i]}`, isWanted))
  if (!items && made.every((field, i) => field === fields[i])) return value
  return Array.isArray(value) ? made : Object.fromEntries(keys.map((key, i) => [key, made[i]]))
}

/**
 * A value with plain objects for records whose keys look like numbers, because engines put such keys first. Such a record has
 * attributes, then slots with text keys, all distinct.
 */
export const plain = (value: Value): unknown => (isObject(value) && hasRecord(value) ? remade(value) : value)
