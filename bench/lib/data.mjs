// The data of the client benches: what a lane holds, and each frame of it as WARP and as JSON. Every run sees the same.
import { elevators } from '../recon-data.mjs'

export const node = '/hotel/lobby'
const places = ['lobby', 'garden', 'tower', 'cellar', 'roof']
const memo = new Map()
const once = (name, make) => memo.get(name) ?? memo.set(name, make()).get(name)

const records = i => once('records', () => elevators(5000))[i % 5000]
const wide = i =>
  once('wide', () =>
    Array.from({ length: 500 }, (_, n) =>
      Object.fromEntries(
        Array.from({ length: 60 }, (_, f) => [
          `field${f}`,
          [n * 7 + f, n / 8 + f, `${places[(n + f) % 5]} ${n}`, f % 2 === n % 2][f % 4],
        ]),
      ),
    ),
  )[i % 500]

/** Values by kind; `id` makes each of them differ from its neighbours, and from the one it takes the place of. */
const values = {
  record: i => ({ ...records(i), id: i }),
  wide: i => ({ ...wide(i), field0: i }),
  text: i => `${places[i % 5]} number ${i}, ${i % 3 === 0 ? 'open' : 'closed'} for the day`,
}

// A stride prime to every size, so that neighbours on the wire are none in memory.
const stride = 48_611

export const valueOf = ({ value = 'record' }, i) => values[value](i)

/** The key of the n-th entry; padded ones come in the order of the lane, as a SwimOS Java host sends them. */
export const keyOf = ({ integers, padded }, n) => (integers ? n : `elevator-${padded ? String(n).padStart(7, '0') : n}`)

/**
 * The frames of a case, as WARP or as JSON: `count` updates over `keys` keys, from the `from`-th on, and `lanes` lanes. `pass`
 * tells one pass over the same keys from another, so that each brings other values; `scattered` keys come in no order.
 */
export function* frames(one, format, recon) {
  const { count, keys = count, from = 0, lanes = 1, value = 'record', scattered, pass = 0 } = one
  const make = values[value]
  for (let i = 0; i < count; i++) {
    const n = from + (scattered ? (i * stride) % keys : Math.floor(i / lanes) % keys)
    const key = keyOf(one, n)
    const lane = lanes === 1 ? 'elevators' : `elevators${i % lanes}`
    const held = make((keys === count ? n : i) + pass)
    if (format === 'json') yield JSON.stringify({ node, lane, key, value: held })
    else {
      const body = recon.stringify(held)
      const gap = body.startsWith('{') ? '' : ' '
      yield `@event(node:${JSON.stringify(node)},lane:${lane})@update(key:${recon.stringify(key)})${gap}${body}`
    }
  }
}
