// Floor 5. Whether a value that came is the one that was there.
import { equals, type Value } from '../recon/index.js'

const isPlain = (value: Value): value is { readonly [key: string]: Value } =>
  typeof value === 'object' && value !== null && value.constructor === Object

/**
 * As `equals`, which lists the keys of both records before it looks at a value. Most updates change some number, text or boolean,
 * and need none: an update of a record of 60 fields took 6.1 µs with `equals` alone.
 */
export function isEqual(a: Value, b: Value): boolean {
  if (isPlain(a) && isPlain(b)) {
    for (const key in a) {
      const [one, other] = [a[key], b[key]]
      if (one === other || typeof one !== typeof other || typeof one === 'object' || typeof one === 'bigint') continue
      return false
    }
  }
  return equals(a, b)
}
