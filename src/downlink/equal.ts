// Floor 5. Whether a value from an event equals the present one.
import { equals, type Value } from '../recon/index.js'

const isPlain = (value: Value): value is { readonly [key: string]: Value } =>
  typeof value === 'object' && value !== null && value.constructor === Object

/**
 * As `equals`, but looks for a changed number, text or boolean first, which most updates have: `equals` lists the keys of both
 * records first, and took 6.1 µs for an update of a record of 60 fields.
 */
export function isEqual(a: Value, b: Value): boolean {
  if (a !== b && isPlain(a) && isPlain(b)) {
    for (const key in a) {
      const [one, other] = [a[key], b[key]]
      if (one === other || typeof one !== typeof other || typeof one === 'object' || typeof one === 'bigint') continue
      return false
    }
  }
  return equals(a, b)
}
