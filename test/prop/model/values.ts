// What is written: values of several kinds, each its own; and values over which a host hangs up.
import { z } from 'zod'
import { equals, parse, stringify, type Value } from '../../../src/recon/index.js'
import type { Taste } from '../../support/host-lane.js'

/** Of several kinds, in Recon order: records before texts before numbers before booleans. */
export const fewKeys: readonly Value[] = ['a', 'b', 'c', 7, 1.5, { floor: 1, room: 2 }, true]

/** Texts and numbers. */
export const manyKeys: readonly Value[] = Array.from({ length: 3000 }, (_, i) => (i % 2 === 0 ? `k${i}` : i))

/** The value of a number: distinct for distinct numbers, also once a Java host has lost its outermost structure. */
export function valueOf(n: number): Value {
  switch (n % 8) {
    case 2:
      return { n, at: { x: 1, y: true } }
    case 3:
      return [n, 'x']
    case 5:
      return [n]
    case 6:
      return `t${n}`
    default:
      return n
  }
}

/** Values that were written before and will be again: an echo of one may be that of any of them. */
export const repeated: Value = -1

/** Close codes of a host over a value. */
export const codes = [1002, 1003, 1006, 1007, 1008, 1009, 1011, 4000] as const

/** A host takes no frame that is longer, in characters. */
export const maxFrame = 350

/** A value over which a host closes the socket with a code. */
export const poison = (n: number, code: number): Value =>
  code === 1009 ? `${'x'.repeat(maxFrame)}${n}` : { bad: code, n }

/** The close code of a poisonous value. */
export function codeOf(value: Value): number | undefined {
  const isRecord = typeof value === 'object' && value !== null && 'bad' in value
  return isRecord ? Number(value.bad) : undefined
}

/** What a SwimOS Java host makes of a value: a list of one is its item. */
const overJava = (value: Value): Value => (Array.isArray(value) && value.length === 1 ? (value as Value[])[0] : value)

const isThird = (value: Value): value is number => typeof value === 'number' && value % 3 === 0

export const tastes = {
  plain: overJava,
  /** As it was sent. */
  exact: (value: Value) => value,
  /** Rounds up to tens what can be divided by three: the lane ends with another value than was written. */
  transforming: (value: Value) =>
    isThird(overJava(value)) ? Math.ceil((overJava(value) as number) / 10) * 10 + 0.5 : overJava(value),
  refusing: (value: Value) => (isThird(overJava(value)) ? undefined : overJava(value)),
  /** A set, whose entries have no values: its downlinks keep empty values. */
  keeping: (value: Value) => overJava(value) ?? {},
} satisfies { readonly [name: string]: Taste }

/** A schema under which the number 5 is the text 'v5'; it refuses all that is no number. */
export const asText = z.codec(z.number(), z.string(), { decode: n => `v${n}`, encode: text => Number(text.slice(1)) })

/** Equal, where undefined stands for no value. */
export const isSame = (a: Value | undefined, b: Value | undefined): boolean =>
  a === undefined || b === undefined ? a === b : equals(a, b)

/** Whether a host was told to put a value: it may spell it in another way. */
export const isHeard = (heard: ReadonlySet<string>, value: Value): boolean =>
  heard.has(stringify(value)) || heard.has(stringify(parse(stringify(value))))
