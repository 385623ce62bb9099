// What must hold for any value and any text. fast-check prints the seed of a failure.
import { deepStrictEqual } from 'node:assert'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Reader, ReconError, compare, equals, identity, parse, stringify, type Value } from '../../src/recon/index.js'
import { forget } from '../../src/recon/shape.js'
import { lines, type Tree } from '../fixtures/recon/tree.js'
import { nearText, value } from './recon-values.js'

const samples = lines<{ recon: string; value: Tree }>('values.jsonl').map(({ recon }) => recon)
const runs = { numRuns: Number(process.env['PROP_RUNS'] ?? 2000) }
const check = <T>(arbitrary: fc.Arbitrary<T>, holds: (value: T) => void) =>
  fc.assert(fc.property(arbitrary, holds), runs)

/** The value, or the error's place and message. */
function outcome(read: () => Value): unknown {
  try {
    return { value: read() }
  } catch (error) {
    expect(error).toBeInstanceOf(ReconError)
    const { offset, message } = error as ReconError
    return { offset, message }
  }
}

/** Reads a series of texts foretelling each from those before, and then each of them as if it were the first. */
function bothWays(texts: string[], read = (text: string) => outcome(() => parse(text))): [unknown[], unknown[]] {
  forget()
  const foretold = texts.map(read)
  const plain = texts.map(text => {
    forget()
    return read(text)
  })
  return [foretold, plain]
}

/** A series in which each text is foretold by others, by itself, and by those after it. */
const inTurn = <T>(series: T[]) => [...series, ...series, ...series, ...[...series].reverse()]

describe('any value', () => {
  test('reads back equal, and is then written the same', () => {
    check(value, given => {
      const text = stringify(given)
      const read = parse(text)
      expect(equals(read, given), text).toBe(true)
      expect(new Set([identity(read), identity(given)]).size, text).toBe(1)
      expect(stringify(read)).toBe(text)
    })
  })

  test('is read the same whatever was read before', () => {
    check(fc.array(value, { maxLength: 6 }), values => {
      const [foretold, plain] = bothWays(inTurn(values.map(given => stringify(given))))
      deepStrictEqual(foretold, plain)
    })
  })

  test('equals another exactly when their identities are one key of a Map', () => {
    check(fc.tuple(value, value), ([a, b]) => {
      const map = new Map([[identity(a), 1]])
      expect(map.has(identity(b))).toBe(equals(a, b))
      expect(map.has(identity(a))).toBe(true)
    })
  })

  test('takes its place in one total order', () => {
    check(fc.tuple(value, value, value), triple => {
      const [a, b, c] = triple.sort(compare) as [Value, Value, Value]
      expect(compare(a, a)).toBe(0)
      expect(compare(a, b)).toBe(-compare(b, a) + 0)
      expect(compare(a, b)).toBeLessThanOrEqual(0)
      expect(compare(b, c)).toBeLessThanOrEqual(0)
      expect(compare(a, c)).toBeLessThanOrEqual(0)
      if (compare(a, b) === 0) expect(compare(a, c)).toBe(compare(b, c))
    })
  })
})

describe('any text', () => {
  test('reads, or fails with a ReconError; what reads can be written and read again', () => {
    check(fc.oneof(nearText, fc.string({ unit: 'binary' })), text => {
      const result = outcome(() => parse(text)) as { value: Value } | { offset: number }
      if ('offset' in result) {
        expect(result.offset).toBeGreaterThanOrEqual(0)
        expect(result.offset).toBeLessThanOrEqual(text.length)
      } else if (!/[\ud800-\udfff]|\\u[dD]/.test(text)) {
        const written = stringify(result.value)
        expect(equals(parse(written), result.value), written).toBe(true)
        expect(stringify(parse(written))).toBe(written)
      }
    })
  })

  test('is read the same whatever was read before, failures too', () => {
    check(fc.array(fc.oneof(nearText, fc.constantFrom(...samples)), { maxLength: 5 }), texts => {
      const [foretold, plain] = bothWays(inTurn(texts))
      expect(foretold, texts.join('\n')).toStrictEqual(plain)
    })
  })

  test('like the one before but for one character is read as if it were the first', () => {
    const base =
      '@event(node:"/hotel/lobby",lane:lifts)@update(key:"lift-1"){id:17, floor:3,name:"Lobby east",load:0.75,open:true,shut:false}'
    check(
      fc.tuple(fc.nat(base.length), fc.constantFrom(...'{}[]()@,;:"\'` \n1a-.#%\\é\0'), fc.boolean()),
      ([i, character, replace]) => {
        const text = base.slice(0, i) + character + base.slice(replace ? i + 1 : i)
        const [foretold, plain] = bothWays([base, base, text, base, text])
        expect(foretold, text).toStrictEqual(plain)
      },
    )
  })

  test('of a record with many keys is read as if it were the first, whichever keys records like it have', () => {
    // After some records that are alike, the next is made with all of its keys at once.
    const slot = (_: unknown, i: number) => `k${i}:${i}`
    const all = (count: number) => Array.from({ length: count }, slot)
    const written = (slots: string[]) => `@row(7){${slots.join(',')}}`
    const change = fc.oneof(
      fc.record({ type: fc.constant('end' as const), at: fc.nat(40) }),
      fc.record({ type: fc.constantFrom('omit', 'swap', 'repeat', 'item', 'other', 'break'), at: fc.nat(39) }),
    )
    const changed = (count: number, { type, at }: { type: string; at: number }): string[] => {
      const slots = all(count)
      if (type === 'end') slots.length = Math.min(at, count)
      else if (type === 'omit') slots.splice(at, 1)
      else if (type === 'swap') slots.push(...slots.splice(at, 1))
      else if (type === 'repeat') slots.splice(at, 0, ...slots.slice(0, 1))
      else if (type === 'item') slots.splice(at, 0, '17')
      else if (type === 'other') slots.splice(at, 1, `other${at}:true`)
      else slots.splice(at, 0, '\\')
      return slots
    }
    const given = fc.tuple(fc.integer({ min: 10, max: 40 }), fc.array(change, { minLength: 1, maxLength: 3 }))
    const holds = ([n, changes]: [number, { type: string; at: number }[]]) => {
      const alike = Array.from({ length: 10 }, () => all(n))
      const series = changes.flatMap(each => [...alike, changed(n, each), all(n)])
      const [foretold, plain] = bothWays(series.map(written))
      expect(foretold).toStrictEqual(plain)
    }
    fc.assert(fc.property(given, holds), { numRuns: runs.numRuns / 5 })
  })

  test('that holds an entry is read in one go as in pieces', () => {
    const start = '@update(key:'
    const reader = new Reader()
    const inPieces = (text: string) =>
      outcome(() => {
        const key = reader.item(text, start.length)
        return text[reader.end] === ')' ? [key, reader.block(text, reader.end + 1)] : null
      })
    const inOne = (text: string) => outcome(() => (reader.entry(text, 0, start) ? [reader.key, reader.value] : null))
    check(fc.array(fc.tuple(fc.oneof(nearText, fc.constantFrom(...samples)), nearText), { maxLength: 4 }), pairs => {
      const texts = pairs.map(([key, body]) => `${start}${key})${body}`)
      const [foretold, plain] = bothWays(inTurn(texts), inOne)
      expect(foretold, texts.join('\n')).toStrictEqual(plain)
      expect(plain, texts.join('\n')).toStrictEqual(inTurn(texts).map(inPieces))
    })
  })
})

test('every prefix of every sample reads or fails with its place', { tags: 'many' }, () => {
  for (const text of samples) {
    for (let end = 0; end < text.length; end++) outcome(() => parse(text.slice(0, end)))
  }
})
