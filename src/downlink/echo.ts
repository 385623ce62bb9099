// Floor 5. Whether an event is the echo of an own write.
import { equals, type Value } from '../recon/index.js'
import { gone, type Gone } from '../store/replica.js'

type Fields = { readonly [name: string]: unknown }

/** Whether a value has only slots, whose order a host may change, and no attributes. */
const hasSlots = (value: unknown): value is Fields =>
  typeof value === 'object' &&
  value !== null &&
  Object.getPrototypeOf(value) === Object.prototype &&
  !Object.keys(value).some(name => name.startsWith('@'))

const fieldsOf = (value: Fields) => Object.entries(value).filter(([, item]) => item !== undefined)

/**
 * Equal, except for the order of slots: a host that holds a record as a class writes slots in the order of the class.
 * @param isEqual compares all but plain objects and arrays; for values of an application, Object.is
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

/** A value without its outermost structure: a list of one becomes its item, an empty list nothing. */
function collapse(value: Value): Value {
  if (Array.isArray(value)) return value.length > 1 ? value : collapse((value as Value[])[0])
  return equals(value, {}) ? undefined : value
}

/**
 * Compares loosely, as real hosts require: SwimOS Java loses the outermost structure of some values.
 * @param keepsEmpty whether an entry without a value is an entry; otherwise the echo of an empty value is a removal
 * @source docs/PROTOCOL.md#empty-values
 */
export const isEchoOf =
  (keepsEmpty: boolean) =>
  (sent: Value | Gone, came: Value | Gone): boolean => {
    if (came === gone) return sent === gone || (!keepsEmpty && collapse(sent) === undefined)
    return sent !== gone && (isAlike(sent, came) || isAlike(collapse(sent), collapse(came)))
  }
