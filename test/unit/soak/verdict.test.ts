// The soak's verdict: it must find a leak, and must not take noise for one.
import { describe, expect, test } from 'vitest'
import { grows, type SoakSample } from '../../soak/verdict.mjs'

const even = { bytes: 9e6, timers: 35, listeners: 1, sockets: 1, links: 44, pending: 6 }
const samples = (at: (n: number) => Partial<SoakSample['client']> = () => ({})) =>
  Array.from({ length: 240 }, (_, n): SoakSample => ({ client: { ...even, ...at(n) } }))

describe('a soak is flat', () => {
  test('where nothing changes', () => expect(grows(samples())).toEqual([]))

  test('where the heap swings by a tenth', () =>
    expect(grows(samples(n => ({ bytes: 9e6 + 9e5 * Math.sin(n) })))).toEqual([]))

  test('where the first quarter fills tables', () =>
    expect(grows(samples(n => ({ bytes: Math.min(9e6, 5e6 + n * 1e5) })))).toEqual([]))

  test('where one sample has many timers', () =>
    expect(grows(samples(n => ({ timers: n === 200 ? 900 : 35 })))).toEqual([]))
})

describe('a soak is not flat', () => {
  test.each([
    ['bytes', 5_000],
    ['timers', 0.1],
    ['listeners', 0.05],
    ['sockets', 0.02],
    ['links', 0.1],
    ['pending', 1],
  ] as const)('where %s grows by %f at each sample', (name, by) => {
    expect(grows(samples(n => ({ [name]: even[name] + n * by })))).toEqual([
      expect.stringMatching(`^${name} grew from`),
    ])
  })

  test('where there is too little to judge', () => expect(grows(samples().slice(0, 3))).toHaveLength(1))
})
