// Floor 5. Whether a value from an event equals the present one.
import { equals, type Value } from '../recon/index.js'

const isPlain = (value: Value): value is { readonly [key: string]: Value } =>
  typeof value === 'object' && value !== null && value.constructor === Object

/**
 * As `equals`, but looks for a changed number, text or boolean first, which most updates have: `equals` lists the keys of both
 * records first, and took 6.1 µs for an update of a record of 60 fields. If nothing has changed, as in most of a resync, and the keys are
 * those, `equals` is not needed either.
 */
export function isEqual(a: Value, b: Value): boolean {
  if (a !== b && isPlain(a) && isPlain(b)) {
    let isSame = true
    for (const key in a) {
      const [one, other] = [a[key], b[key]]
      if (one === other) continue
      if (typeof one === typeof other && (typeof one === 'object' || typeof one === 'bigint')) isSame = false
      else return false
    }
    if (isSame) {
      const [keys, others] = [Object.keys(a), Object.keys(b)]
      if (keys.length === others.length && keys.every((key, i) => key === others[i])) return true
    }
  }
  return equals(a, b)
}
