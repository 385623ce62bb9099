// What all peers hold and take in: the records of the other benches, 6 fields each, as entries of [key, value]. `part` is how much
// of the data is used: 1 for figures, less to see that a bench runs.
import { keyOf, valueOf } from '../../lib/data.mjs'

/** How many entries, updates and writes there are. */
export const sizesOf = part => ({
  entries: 200_000 * part,
  keys: 1000 * part,
  passes: 200,
  writes: 50_000 * part,
  changes: 10_000 * part,
})

const key = n => keyOf({ padded: true }, n)
const value = i => valueOf({}, i)

/** The first `count` entries; in a later pass all have other values. */
export function* entries(count, pass = 0) {
  for (let n = 0; n < count; n++) yield [key(n), value(pass * count + n)]
}

/** Each of some keys gets another value, again and again. */
export function* updates({ keys, passes }) {
  for (let pass = 1; pass <= passes; pass++) yield* entries(keys, pass)
}

/** A change that is made over again by `changes`. */
export function* mark({ entries: count }) {
  yield [key(0), value(2 * count)]
}

/** What others do while a client is away, to entries all over the map: of a hundred, 99 get other values and one is removed. */
export function* changes({ entries: count, changes: most }) {
  const stride = count / most
  for (let i = 0; i < most; i++) yield [key(i * stride), i % 100 === 99 ? undefined : value(count + i)]
}

/** The map that there must be after some changes. */
export function after(before, changed) {
  const map = new Map(before)
  for (const [name, held] of changed) {
    if (held === undefined) map.delete(name)
    else map.set(name, held)
  }
  return map
}

/** Throws where what is held is not what is expected: in size, or in a field of any value. */
export function check({ size, get }, expected) {
  if (size !== expected.size) throw new Error(`the map has ${size} entries, not ${expected.size}`)
  for (const [name, want] of expected) {
    const held = get(name)
    const fields = Object.entries(want)
    if (held && Object.keys(held).length === fields.length && fields.every(([field, is]) => held[field] === is))
      continue
    throw new Error(`${name} is ${JSON.stringify(held)}, not ${JSON.stringify(want)}`)
  }
}
