// Every vector that SwimOS's own codec produced.
import { describe, expect, test } from 'vitest'
import { ReconError, compare, equals, identity, parse, stringify } from '../../../src/recon/index.js'
import { lines, valueOf, type Tree } from '../../fixtures/recon/tree.js'

const values = lines<{ recon: string; written?: string; value: Tree }>('values.jsonl')
const texts = values.flatMap(({ recon, written }) => (written === undefined ? [recon] : [recon, written]))

describe('the vectors', () => {
  test('all 1,500 are there', () => expect(values).toHaveLength(1500))

  test.each(['recon', 'written'] as const)('read to their value in the spelling "%s"', spelling => {
    for (const vector of values) {
      const text = vector[spelling]
      if (text !== undefined) expect(parse(text), text).toStrictEqual(valueOf(vector.value))
    }
  })

  test('survive being written, and are written the same ever after', () => {
    for (const text of texts) {
      const value = parse(text)
      const written = stringify(value)
      expect(parse(written), written).toStrictEqual(value)
      expect(equals(parse(written), value), written).toBe(true)
      expect(stringify(parse(written))).toBe(written)
    }
  })

  test('have one identity in both spellings', () => {
    for (const { recon, written } of values) {
      if (written !== undefined) expect(identity(parse(recon)), recon).toBe(identity(parse(written)))
    }
  })

  test('fail when malformed, with the place', () => {
    for (const { recon } of lines<{ recon: string }>('malformed.jsonl')) {
      let error: unknown
      try {
        parse(recon)
      } catch (thrown) {
        error = thrown
      }
      expect(error, recon).toBeInstanceOf(ReconError)
      const { offset, line, column } = error as ReconError
      expect(offset, recon).toBeGreaterThanOrEqual(0)
      expect(offset, recon).toBeLessThanOrEqual(recon.length)
      const before = recon.slice(0, offset).split('\n')
      expect([line, column]).toEqual([before.length, before.at(-1)!.length + 1])
    }
  })

  test('sort as SwimOS sorts them', () => {
    const order = lines<{ recon: string; next: number | null }>('order.jsonl')
    // The first bare `true` stands among the texts: SwimOS writes the text "true" without quotes.
    const first = order.findIndex(({ recon }) => recon === 'true')
    const sorted = order.map(({ recon }, i) => (i === first ? recon : parse(recon)))
    sorted.forEach((a, i) => sorted.forEach((b, j) => expect(compare(a, b), `${i} ${j}`).toBe(Math.sign(i - j))))
  })
})
