// Floor 1. Scalars from text: numbers, strings of every quote, identifiers and data.
import { classes, fail, isDigit, isStart, source, until, word } from './source.js'

const powers = Array.from({ length: 23 }, (_, exponent) => 10 ** exponent)
const number = /0x[\da-fA-F]+|(?:0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?/y
const notIdent =
  /(?=[^-\w\xb7\xc0-\xd6\xd8-\xf6\xf8-\u037d\u037f-\u1fff\u200c\u200d\u203f\u2040\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\u{10000}-\u{effff}])|$/gu

// The pool of short texts seen lately, so that equal texts are one string in memory. `pooled` has the length of each, and its
// characters as numbers of four characters.
const maxPooled = 32
const poolSize = 2048
const pool = Array<string>(poolSize).fill('')
const stride = maxPooled / 4 + 1
const pooled = new Int32Array(poolSize * stride)

/** For each length, a list for the codes. Arguments are passed fastest from a list without spare room. */
const codes = Array.from({ length: maxPooled + 1 }, (_, length) => Array<number>(length).fill(0))

/** A copy of a slice. Engines make a slice a view, which keeps the whole text in memory; joining a list makes a copy. */
const own = (text: string) => (text.length < 13 ? text : [text[0], text.slice(1)].join(''))

const bare = 1
const quoted = 4

/** The characters of one class from `start` on, as a string of its own; undefined if they are many or not ASCII. */
function readRun(start: number, kind: number): string | undefined {
  const { bytes } = source
  const max = start + maxPooled
  let i = start
  while (classes[bytes[i]!]! & kind && i <= max) i++
  const end = (source.end = i)
  if (end > max || bytes[i] === 127) return undefined
  const length = end - start
  let hash = length
  for (i = start; i < end; i += 4) hash = Math.imul(hash ^ word(i, end), 0x9e3779b1)
  let cell = (hash >>>= 21) * stride
  let other = pooled[cell]! ^ length
  pooled[cell] = length
  for (i = start; i < end; i += 4) {
    const four = word(i, end)
    other |= pooled[++cell]! ^ four
    pooled[cell] = four
  }
  return other ? (pool[hash] = copy(start, length)) : pool[hash]!
}

/** A copy of ASCII text, which keeps no other text in memory. It takes 26 ns more than a slice; joining takes 95. */
function copy(start: number, length: number): string {
  if (length < 13) return source.text.slice(start, start + length)
  const list = codes[length]!
  for (let i = 0; i < length; i++) list[i] = source.bytes[start + i]!
  return String.fromCharCode(...list)
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

const escapes = '"\'\\/$@[]{}bfnrt'

/** Resolves the escapes between two offsets. Markup has no escape `\u`. */
export const unescape = (start: number, end: number, unicode = false): string =>
  own(
    source.text.slice(start, end).replace(/\\(u[\da-f]{4}|[^])?/gi, (_, sign: string, i: number) => {
      const known = escapes.indexOf(sign)
      return known >= 0
        ? ('\b\f\n\r\t'[known - 10] ?? sign)
        : unicode && sign?.[1]
          ? String.fromCharCode(+('0x' + sign.slice(1)))
          : fail(start + i, 'no such escape')
    }),
  )

/** The offset of the `fence` that closes the string from `start` on. Escaped fences are skipped. */
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

// Below 0, JSON is not tried: with the last quote of the text as the end, and with the right end. Each string with escapes adds 1; a
// failed attempt sets -99, less the number of characters after it. It takes as long as reading a thousand characters.
const luck = [0, 0]

/** A quoted string. Raw control characters are accepted, because some hosts write them. */
export function readString(i: number): string {
  const { text } = source
  const fence = text[i++]!
  let end = text.indexOf(fence, i)
  const run = text.slice(i, end)
  if (end >= 0 && !run.includes('\\')) {
    source.end = end + 1
    return own(run)
  }
  // The engine resolves JSON's escapes faster. For a text with 120 escapes, finding the end took 600 of 1,900 ns. In most texts
  // with a long string, the last quote closes that string.
  const isJson = fence === '"'
  for (let right = isJson && text.length - i > 999 && luck[0]!++ >= 0 ? 0 : 1; right < 2; right++) {
    end = right ? closing(i, fence) : text.lastIndexOf(fence)
    source.end = end + 1
    if (isJson && luck[right]!++ >= 0) {
      try {
        return JSON.parse(text.slice(i - 1, end + 1)) as string
      } catch {
        luck[right] = end - text.length - 99
      }
    }
  }
  return unescape(i, end, true)
}

/** A string in one back-tick or in three. A backslash escapes a backslash and a back-tick; elsewhere it stands for itself. */
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
  const { bytes } = source
  let end = start
  while (classes[bytes[end]!]! & 8) end++
  if (bytes[end] === 61) end++
  if (bytes[end] === 61) end++
  source.end = end
  if ((end - start) & 3) fail(end, 'base64 comes in padded groups of four')
  const binary = atob(source.text.slice(start, end))
  const data = new Uint8Array(binary.length)
  for (let i = 0; i < data.length; i++) data[i] = binary.charCodeAt(i)
  return data
}

/**
 * A number that is not of the plainest spelling, or not exact; integers that a double can't hold exactly become a bigint.
 * @param end where it ends, if all of it is digits and a point
 * @param value the integer, or nearly, if all of it is digits
 */
function readAnyNumber(i: number, negative: boolean, end?: number, value?: number): number | bigint {
  source.end = end ??= until(i, number) || fail(i, 'expressions are not supported')
  const digits = source.text.slice(i, end)
  const integer = value ?? /^(0x|\d+$)/.test(digits)
  value ??= +digits
  if (integer && value > Number.MAX_SAFE_INTEGER) {
    // Converting n digits takes more than n steps. This limit keeps reading linear. In hexadecimal, 8,304 digits hold as much.
    if (digits.length > (digits[1] === 'x' ? 8306 : 10_000)) fail(i, 'an integer has more than 10000 digits')
    const big = BigInt(digits)
    return negative ? -big : big
  }
  if (value === Infinity) fail(i, 'the number is too large')
  return negative ? (integer ? 0 - value : -value) : value
}

export function readNumber(i: number): number | bigint {
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
  // Only the plainest spelling.
  if (
    !isDigit(bytes[first]!) ||
    isStart(code) ||
    i === point ||
    (bytes[first] === 48 && i !== first + 1 && point !== first + 2)
  )
    return readAnyNumber(first, negative)
  // With at most 22 decimals, digits and power are exact doubles, and their quotient is the nearest double.
  if (value > Number.MAX_SAFE_INTEGER || (point && i - point > 22))
    return readAnyNumber(first, negative, i, point ? undefined : value)
  source.end = i
  if (point) value /= powers[i - point]!
  return negative ? (point ? -value : 0 - value) : value
}

const isIdent = (code: number) => code === 127 || (classes[code]! & 1) > 0

/** The scalar at `i`; `undefined` when none starts there. Sets `source.end`. */
export function readScalar(i: number): string | number | bigint | boolean | Uint8Array | undefined {
  const code = source.bytes[i]!
  return isDigit(code) ? readNumber(i) : (readShort(i, code) ?? readRare(i, code))
}

/** The most common scalars beside numbers. The function is so small that engines inline it in a loop, which saves 15 of 185 ns. */
export function readShort(i: number, code: number): string | boolean | undefined {
  const { bytes, view } = source
  if (code === 34) {
    const short = readRun(i + 1, quoted)
    return short !== undefined && bytes[source.end++] === 34 ? short : readString(i)
  }
  // The numbers are the bytes of "true", and of "alse" after an "f".
  if (code === 116 && view.getInt32(i, true) === 0x65757274 && !isIdent(bytes[i + 4]!)) {
    source.end = i + 4
    return true
  }
  if (code === 102 && view.getInt32(i + 1, true) === 0x65736c61 && !isIdent(bytes[i + 5]!)) {
    source.end = i + 5
    return false
  }
  return isStart(code) ? readRun(i, bare) : undefined
}

function readRare(i: number, code: number): string | number | bigint | Uint8Array | undefined {
  if (code === 45) return readNumber(i)
  if (code === 39) return readString(i)
  const word = readIdent(i)
  if (word) return word
  if (code === 37) return readData(i + 1)
  if (code === 96) return readRawString(i)
  if ('$!~+'.includes(source.text[i]!)) fail(i, 'expressions are not supported')
  return undefined
}
