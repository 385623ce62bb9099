// Floor 1. Scalars from text: numbers, strings of every quote, identifiers and data.
import { classes, encoder, fail, isDigit, isStart, source, stands, until } from './source.js'

// An integer of n digits costs more than n steps to convert; this many keep the whole linear.
const maxDigits = 10_000
const powers = Array.from({ length: 23 }, (_, exponent) => 10 ** exponent)
const number = /0x[\da-fA-F]+|(?:0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?/y
const notIdent =
  /[^-\w\xb7\xc0-\xd6\xd8-\xf6\xf8-\u037d\u037f-\u1fff\u200c\u200d\u203f\u2040\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\u{10000}-\u{effff}]/u

// Short texts seen lately, so that equal ones are one string in memory; and their bytes.
const maxPooled = 32
const poolSize = 2048
const pool = Array<string>(poolSize).fill('')
const pooled = new Uint8Array(poolSize * (maxPooled + 1))

/**
 * A text that keeps no other alive: engines make a slice a view of the whole. Joined from a list it is copied, in 90 ns for a
 * key of 15 characters and its place in a Map, in its own size; `(' ' + text).slice(1)` took 110 and 32 bytes more.
 */
const own = (text: string) => (text.length < 13 ? text : [text[0], text.slice(1)].join(''))

const bare = 1
const quoted = 4

/** The text of one class that starts at `i`, as a string of its own; nothing when it is long or not ASCII. */
function readRun(start: number, kind: number): string | undefined {
  const { bytes } = source
  let hash = 0
  let i = start
  let code
  while (classes[(code = bytes[i]!)]! & kind) {
    hash = ((hash << 5) - hash + code) | 0
    if (++i > start + maxPooled) break
  }
  const end = (source.end = i)
  if (code === 127 || end > start + maxPooled) return undefined
  hash = (hash ^ (hash >> 11)) & (poolSize - 1)
  let cell = hash * (maxPooled + 1)
  for (i = start; i < end && pooled[cell] === bytes[i]; i++) cell++
  if (i === end && !pooled[cell]) return pool[hash]!
  return remember(start, end, hash)
}

function remember(start: number, end: number, slot: number): string {
  const text = source.text.slice(start, end)
  let cell = slot * (maxPooled + 1)
  for (let i = start; i < end; i++) pooled[cell++] = source.bytes[i]!
  pooled[cell] = 0
  return (pool[slot] = own(text))
}

/** The identifier at `i`; empty when none starts there. */
export function readIdent(i: number): string {
  const code = source.bytes[i]!
  source.end = i
  if (code !== 127 && !isStart(code)) return ''
  const short = readRun(i, bare)
  if (short !== undefined) return short
  source.end = until(source.end, notIdent)
  return own(source.text.slice(i, source.end))
}

/** Resolves the escapes between two offsets; markup knows no `\u`. */
export const unescape = (start: number, end: number, escape: RegExp): string =>
  source.text.slice(start, end).replace(escape, (_, letter: string, offset: number) => {
    if (letter.length > 1) return String.fromCharCode(parseInt(letter.slice(1), 16))
    const known = '"\'\\/$@[]{}bfnrt'.indexOf(letter)
    return !letter || known < 0
      ? fail(start + offset, 'no such escape')
      : known < 10
        ? letter
        : '\b\f\n\r\t'[known - 10]!
  })

/** The offset of the `fence` that closes a string begun before `start`, stepping over escaped ones. */
function closing(start: number, fence: string): number {
  const { text } = source
  for (let end = start - 1; ;) {
    end = text.indexOf(fence, end + 1)
    if (end < 0) fail(text.length, 'unclosed string')
    let slashes = end
    while (slashes > start && source.bytes[slashes - 1] === 92) slashes--
    if (!((end - slashes) & 1)) return end
  }
}

/** A quoted string. Control characters are let in raw, as some hosts write them. */
export function readString(i: number): string {
  const { text, bytes } = source
  const quote = bytes[i++]!
  const short = readRun(i, quoted)
  if (bytes[source.end] === quote && short !== undefined) {
    source.end++
    return short
  }
  const fence = text[i - 1]!
  let end = text.indexOf(fence, i)
  const run = text.slice(i, end)
  const plain = end >= 0 && !run.includes('\\')
  if (!plain) end = closing(i, fence)
  source.end = end + 1
  if (plain) return own(run)
  if (quote === 34 && !source.odd) {
    try {
      // The engine resolves JSON's escapes faster.
      return JSON.parse(text.slice(i - 1, end + 1)) as string
    } catch {
      // Others than JSON's, or a control character. Failing is slow, so this text gets no second try.
      source.odd = true
    }
  }
  return unescape(i, end, /\\(u[\da-fA-F]{4}|[^]?)/g)
}

/** A string in one back-tick or in three: a backslash escapes itself and a back-tick, and is itself before all else. */
function readRawString(i: number): string {
  const { text } = source
  const fence = text.startsWith('```', i) ? '```' : '`'
  i += fence.length
  const end = closing(i, fence)
  source.end = end + fence.length
  return text.slice(i, end).replace(/\\([\\`])/g, '$1')
}

/** Base64 with its padding. */
function readData(start: number): Uint8Array {
  const digits = until(start, /[^+/\w]|_/)
  let i = digits
  while (source.bytes[i] === 61 && i < digits + 2) i++
  if ((i - start) & 3 || ((digits - start) & 3) === 1) fail(i, 'base64 comes in padded groups of four')
  source.end = i
  const binary = atob(source.text.slice(start, i))
  const data = new Uint8Array(binary.length)
  for (i = 0; i < data.length; i++) data[i] = binary.charCodeAt(i)
  return data
}

/** A number of any spelling from `i` on; integers that a double can't hold exactly become a bigint. */
function readAnyNumber(i: number, negative: boolean): number | bigint {
  number.lastIndex = i
  const match = number.exec(source.text) ?? fail(i, 'expressions are not supported')
  const [digits, decimals, exponent] = match
  source.end = i + digits.length
  const value = Number(digits)
  const integer = !decimals && !exponent
  if (integer && value > Number.MAX_SAFE_INTEGER) {
    if (digits.length > maxDigits) fail(i, `an integer has more than ${maxDigits} digits`)
    const big = BigInt(digits)
    return negative ? -big : big
  }
  if (value === Infinity) fail(i, 'the number is too large')
  return negative ? (integer ? 0 - value : -value) : value
}

function readNumber(i: number): number | bigint {
  const { bytes } = source
  const negative = bytes[i] === 45
  if (negative) i++
  const first = i
  let code
  let value = 0
  let point = 0
  for (; ; i++) {
    code = bytes[i]!
    if (isDigit(code)) value = value * 10 + (code - 48)
    else if (code === 46 && !point) point = i + 1
    else break
  }
  // Of the plainest spelling, and at most 22 decimals: both are exact doubles, so their quotient is the nearest double.
  if (
    value > Number.MAX_SAFE_INTEGER ||
    !isDigit(bytes[first]!) ||
    isStart(code) ||
    (point && (i === point || i - point > 22)) ||
    (bytes[first] === 48 && i !== first + 1 && point !== first + 2)
  )
    return readAnyNumber(first, negative)
  source.end = i
  if (point) value /= powers[i - point]!
  return negative ? (point ? -value : 0 - value) : value
}

const booleans = ['true', 'false'].map(word => [...encoder.encode(word)])
const isIdent = (code: number) => code === 127 || (classes[code]! & 1) > 0

/** The scalar at `i`, or `undefined` when none starts there, and `end` with it. */
export function readScalar(i: number): string | number | bigint | boolean | Uint8Array | undefined {
  const code = source.bytes[i]!
  if (isDigit(code) || code === 45) return readNumber(i)
  if (code === 34 || code === 39) return readString(i)
  const boolean = code === 116 ? booleans[0] : code === 102 ? booleans[1] : undefined
  if (boolean && stands(i, boolean) && !isIdent(source.bytes[i + boolean.length]!)) {
    source.end = i + boolean.length
    return code === 116
  }
  const word = readIdent(i)
  if (word) return word
  if (code === 37) return readData(i + 1)
  if (code === 96) return readRawString(i)
  if (code === 36 || code === 33 || code === 126 || code === 43) fail(i, 'expressions are not supported')
  return undefined
}
