// What is at some positions of a map, beside a slice of all its entries.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ReadableMap } from '../../src/index.js'
import { noWindow, windowOf, type MapWindow } from '../../src/map-window.js'

/** Entries in the order they were added, which is all that a window reads. */
const readable = (entries: readonly (readonly [string, unknown])[]) =>
  ({
    size: entries.length,
    at: (position: number) => [...entries[Math.trunc(position)]!],
  }) as unknown as ReadableMap<string, unknown>

const values = [undefined, null, NaN, 0, -0, 'x', { floor: 1 }, { floor: 1 }]
const entriesOf = fc.uniqueArray(fc.tuple(fc.constantFrom(...'abcdefgh'), fc.constantFrom(...values)), {
  selector: ([key]) => key,
})
const position = fc.oneof(fc.integer({ min: -4, max: 12 }), fc.constantFrom(NaN, Infinity, -Infinity, 0.5, 2.75))

test('a window has the entries at its positions, and is another only where they or the total are', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(entriesOf, position, position), { minLength: 2 }), looks => {
      let last: MapWindow<string, unknown> = noWindow
      for (const [entries, start, count] of looks) {
        const window = windowOf(readable(entries), start, count, last)
        const positions = entries.map((_, at) => at)
        const from = Math.max(Math.trunc(start), 0)
        const within = positions.filter(at => at >= from && at < Math.ceil(start + count - (start % 1 || 0)))
        expect(window).toStrictEqual({ entries: within.map(at => entries[at]), total: entries.length })
        const isAlike = (one: readonly [string, unknown], two?: readonly [string, unknown]) =>
          one[0] === two?.[0] && Object.is(one[1], two[1])
        const isSame =
          last.total === window.total &&
          last.entries.length === window.entries.length &&
          window.entries.every((entry, i) => isAlike(entry, last.entries[i]))
        expect(window === last).toBe(isSame)
        for (const entry of last.entries) {
          const now = window.entries.find(([key]) => key === entry[0])
          if (now && isAlike(now, entry)) expect(now).toBe(entry)
        }
        last = window
      }
    }),
  )
})
