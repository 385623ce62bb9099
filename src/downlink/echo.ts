// Floor 5. Whether an event is the echo of an own write.
import { equals, type Value } from '../recon/index.js'
import { gone, type Gone } from '../store/replica.js'
import { isEqual } from './equal.js'

type Fields = { readonly [name: string]: unknown }

/** The slots of a value, whose order a host may change; undefined where it is no plain object, or has attributes. */
function slotsOf(value: unknown): [name: string, item: unknown][] | undefined {
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return undefined
  if (Object.keys(value).some(name => name.startsWith('@'))) return undefined
  return Object.entries(value).filter(([, item]) => item !== undefined)
}

/**
 * Equal, except for the order of slots: a host that holds a record as a class writes slots in the order of the class.
 * @param isEqual compares all but plain objects and arrays; for values of an application, Object.is
 */
export function isAlike(a: unknown, b: unknown, isEqual: (a: never, b: never) => boolean = equals): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, i) => isAlike(item, b[i], isEqual))
  }
  const slots = slotsOf(a)
  const others = slotsOf(b)
  if (!slots || !others) return isEqual(a as never, b as never)
  return (
    slots.length === others.length &&
    slots.every(([name, item]) => Object.hasOwn(b as Fields, name) && isAlike(item, (b as Fields)[name], isEqual))
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
    return sent !== gone && (isEqual(sent, came) || isAlike(sent, came) || isAlike(collapse(sent), collapse(came)))
  }
