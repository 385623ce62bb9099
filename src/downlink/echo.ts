// Floor 5. Whether what a host shows is what it was sent.
import { equals, type Value } from '../recon/index.js'
import { gone, type Gone } from '../store/replica.js'

type Fields = { readonly [name: string]: unknown }

/** Whether a value has slots alone, whose order a host may change: one with attributes has not. */
const hasSlots = (value: unknown): value is Fields =>
  typeof value === 'object' &&
  value !== null &&
  Object.getPrototypeOf(value) === Object.prototype &&
  !Object.keys(value).some(name => name.startsWith('@'))

const fieldsOf = (value: Fields) => Object.entries(value).filter(([, item]) => item !== undefined)

/**
 * Equal, but for the order of slots: a host that holds a record as a class spells it in the order of the class.
 * @param isEqual decides for all but plain objects and arrays; for values of an application, whose classes have no order, Object.is
 */
export function isAlike(a: unknown, b: unknown, isEqual: (a: never, b: never) => boolean = equals): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, i) => isAlike(item, b[i], isEqual))
  }
  if (!hasSlots(a) || !hasSlots(b)) return isEqual(a as never, b as never)
  const fields = fieldsOf(a)
  return (
    fields.length === fieldsOf(b).length &&
    fields.every(([name, item]) => Object.hasOwn(b, name) && isAlike(item, b[name], isEqual))
  )
}

/** What is left of a value whose outermost structure is lost: a list of one is its item, an empty one nothing. */
function collapse(value: Value): Value {
  if (Array.isArray(value)) return value.length > 1 ? value : collapse((value as Value[])[0])
  return equals(value, {}) ? undefined : value
}

/**
 * Compares as real hosts make it needful: SwimOS Java loses the outermost structure of some values.
 * @param keepsEmpty whether an entry without a value is an entry; else the host takes an empty value by showing none
 * @source docs/PROTOCOL.md#empty-values
 */
export const isEchoOf =
  (keepsEmpty: boolean) =>
  (sent: Value | Gone, came: Value | Gone): boolean => {
    if (came === gone) return sent === gone || (!keepsEmpty && collapse(sent) === undefined)
    return sent !== gone && (isAlike(sent, came) || isAlike(collapse(sent), collapse(came)))
  }
