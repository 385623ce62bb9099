// What holds of an index of keys, whatever was done to it.
import { expect } from 'vitest'
import type { OrderIndex } from '../../src/store/order-index.js'

/** Looks at every place, for every key and between the keys, and at the runs from the first and from others on. */
export function checkIndex(index: OrderIndex<number>, sorted: readonly number[]): void {
  expect(index.size).toBe(sorted.length)
  const places = sorted.map((_, i) => i)
  expect(places.map(i => index.at(i))).toEqual(sorted)
  expect(sorted.map(key => index.rank(key))).toEqual(places)
  expect(sorted.map(key => index.rank(key + 0.5))).toEqual(places.map(i => i + 1))
  expect([index.rank(-Infinity), index.rank(Infinity)]).toEqual([0, sorted.length])
  expect([index.at(sorted.length), index.run(sorted.length)]).toEqual([undefined, []])
  for (let at = 0; at < sorted.length; at += 61) {
    const run = index.run(at)
    expect(run.length).toBeGreaterThan(0)
    expect(run).toEqual(sorted.slice(at, at + run.length))
  }
  const walked: number[] = []
  for (let run = index.run(0); run.length > 0; run = index.run(walked.length)) walked.push(...run)
  expect(walked).toEqual(sorted)
}
