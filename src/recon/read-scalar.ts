// Floor 1. Scalars from text: numbers, strings of every quote, identifiers and data.
import { digit64, fail, ident, identEnd, isDigit, type Source } from './chars.js'

/** What reading scalars remembers. */
export interface Scalars extends Source {
  /** The offset of the first backslash at or after the last string; Infinity when there is none. */
  slash: number
  /** Whether this text has a string that is not JSON's. */
  odd: boolean
  /** Short texts seen lately, so that equal ones are one string in memory; and their bytes, nine words to a text. */
  readonly pool: string[]
  readonly pooled: Int32Array
}

// An integer of n digits costs more than n steps to convert; this many keep the whole linear.
const maxDigits = 10_000
const powers = Array.from({ length: 16 }, (_, exponent) => 10 ** exponent)
const escapes: { readonly [letter: string]: string } = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

/**
 * The text from `start` to `end` as a string of its own: engines make a longer slice a view of the whole text, which a
 * stored value would then keep alive. Joining two halves and looking at the result makes them copy.
 */
export function cut(source: Scalars, start: number, end: number): string {
  const { text, bytes, view, pool, pooled } = source
  const length = end - start
  if (!length) return ''
  const half = (start + end) >> 1
  const slot = (length * 5 + bytes[start]! * 31 + bytes[half]! * 17 + bytes[end - 1]! * 7) & 511
  let short = length < 33
  let cell = slot * 9
  let i = start
  const mask = (1 << (8 * (length & 3))) - 1
  if (short && pool[slot]!.length === length) {
    while (i + 4 <= end && pooled[cell] === view.getInt32(i, true)) {
      i += 4
      cell++
    }
    if (i + 4 > end && ((pooled[cell]! ^ view.getInt32(i, true)) & mask) === 0) return pool[slot]!
  }
  let found
  if (length < 13) found = text.slice(start, end)
  else {
    found = text.slice(start, half) + text.slice(half, end)
    source.end = found.charCodeAt(0)
  }
  if (short) {
    // Bytes can't tell texts that are not ASCII from each other.
    for (i = start; i < end; i++) short &&= bytes[i] !== 127
    for (i = start, cell = slot * 9; i < end; i += 4) pooled[cell++] = view.getInt32(i, true)
    pool[slot] = short ? found : ''
  }
  return found
}

/** The offset of the `fence` that closes a string begun before `start`, stepping over escaped ones. */
function closing({ text, bytes }: Scalars, start: number, fence: string): number {
  let end = start - 1
  for (;;) {
    end = text.indexOf(fence, end + 1)
    if (end < 0) fail(text, text.length, 'unclosed string')
    let slashes = end
    while (bytes[slashes - 1] === 92 && slashes > start) slashes--
    if (((end - slashes) & 1) === 0) return end
  }
}

/** Resolves the escapes in `raw`, which starts at `offset`; markup knows no `\u`. */
function unescape(text: string, start: number, end: number, markup: boolean): string {
  return text.slice(start, end).replace(/\\(u[\da-fA-F]{4}|[^u]?)/g, (_, letter: string, offset: number) => {
    if (letter.length > 1 && !markup) return String.fromCharCode(parseInt(letter.slice(1), 16))
    if (letter !== '' && '"\'\\/$@[]{}'.includes(letter)) return letter
    return escapes[letter] ?? fail(text, start + offset, 'no such escape')
  })
}

/** A quoted string. Control characters are let in raw, as some hosts write them. */
export function readString(source: Scalars, i: number): string {
  const text = source.text
  const quote = text[i++]!
  let end = text.indexOf(quote, i)
  if (source.slash < i) {
    source.slash = text.indexOf('\\', i)
    if (source.slash < 0) source.slash = Infinity
  }
  if (end < source.slash && end >= 0) {
    const found = cut(source, i, end)
    source.end = end + 1
    return found
  }
  end = closing(source, i, quote)
  source.end = end + 1
  if (quote === '"' && !source.odd) {
    try {
      // The engine resolves JSON's escapes faster.
      return JSON.parse(text.slice(i - 1, end + 1)) as string
    } catch {
      // Others than JSON's, or a control character. Failing is slow, so this text gets no second try.
      source.odd = true
    }
  }
  return unescape(text, i, end, false)
}

/** The text at `i` in a markup, up to what is not text. */
export function readMarkupText(source: Scalars, i: number): string {
  const { text, bytes } = source
  const start = i
  let escaped = false
  // Every unit is taken as it is, even NUL; only the end of the whole text is not one.
  while (i < text.length) {
    const code = bytes[i]!
    if (code === 64 || code === 91 || code === 93 || code === 123 || code === 125) break
    if (code === 92) {
      escaped = true
      if (i + 1 < text.length) i++
    }
    i++
  }
  const run = escaped ? unescape(text, start, i, true) : cut(source, start, i)
  source.end = i
  return run
}

/** A string in one back-tick or in three: a backslash escapes itself and a back-tick, and is itself before all else. */
export function readRawString(source: Scalars, i: number): string {
  const text = source.text
  const fence = text.startsWith('```', i) ? '```' : '`'
  i += fence.length
  const end = closing(source, i, fence)
  source.end = end + fence.length
  return text.slice(i, end).replace(/\\([\\`])/g, '$1')
}

/** An identifier: a boolean or a text. */
export function readIdent(source: Scalars, i: number): string | boolean {
  const { bytes } = source
  let end = i
  while (ident[bytes[end]!]) end++
  if (bytes[end] === 127) end = identEnd(source, end)
  const word = cut(source, i, end)
  source.end = end
  return word === 'true' || (word !== 'false' && word)
}

/** Base64 with its padding. */
export function readData(source: Scalars, i: number): Uint8Array {
  const { text, bytes } = source
  const start = ++i
  while (digit64[bytes[i]!]) i++
  const digits = i - start
  while (bytes[i] === 61 && i - start < digits + 2) i++
  if ((i - start) & 3 || (digits & 3) === 1) fail(text, i, 'base64 comes in padded groups of four')
  const data = new Uint8Array((digits * 3) >> 2)
  let bits = 0
  for (let from = 0, to = 0; from < digits; from++) {
    bits = (bits << 6) | (digit64[bytes[start + from]!]! - 1)
    if (from & 3) data[to++] = bits >> (6 - 2 * (from & 3))
  }
  source.end = i
  return data
}

/** A number; integers that a double can't hold exactly become a bigint. */
export function readNumber(source: Scalars, start: number): number | bigint {
  const { text, bytes } = source
  let i = start
  let code = bytes[i]!
  const negative = code === 45
  if (negative) code = bytes[++i]!
  const first = i
  if (!isDigit(code)) fail(text, start, 'expressions are not supported')
  let value = 0
  let integer = true
  let decimals = 0
  if (code === 48) code = bytes[++i]!
  else {
    do {
      value = value * 10 + (code - 48)
      code = bytes[++i]!
    } while (isDigit(code))
  }
  if (code === 120 && i === first + 1 && value === 0) {
    while ((code = bytes[++i]!) > 47 && (isDigit(code) || ((code |= 32) > 96 && code < 103)));
    if (i === first + 2) fail(text, i, 'expected a hexadecimal digit')
    value = Number(text.slice(first, i))
  } else {
    if (code === 46) {
      const point = i
      while (isDigit((code = bytes[++i]!))) value = value * 10 + (code - 48)
      decimals = i - point - 1
      integer = false
      if (!decimals) fail(text, i, 'expected a digit')
    }
    let exact = i - first < 16 + +!integer
    if ((code | 32) === 101) {
      code = bytes[++i]!
      if (code === 43 || code === 45) code = bytes[++i]!
      if (!isDigit(code)) fail(text, i, 'expected a digit')
      while (isDigit(bytes[++i]!));
      integer = exact = false
    }
    // Both are exact doubles, so their quotient is the nearest double.
    if (!integer) value = exact ? value / powers[decimals]! : Number(text.slice(first, i))
  }
  source.end = i
  if (integer && value > Number.MAX_SAFE_INTEGER) {
    if (i - first > maxDigits) fail(text, start, `an integer has more than ${maxDigits} digits`)
    const big = BigInt(text.slice(first, i))
    return negative ? -big : big
  }
  if (value === Infinity) fail(text, start, 'the number is too large')
  return negative ? (integer ? 0 - value : -value) : value
}

/** The scalar at `i`, or `undefined` when none starts there. */
export function readScalar(source: Scalars, i: number): string | number | bigint | boolean | Uint8Array | undefined {
  const code = source.bytes[i]!
  if (isDigit(code) || code === 45) return readNumber(source, i)
  if (code === 34 || code === 39) return readString(source, i)
  if (code === 127 || ident[code] === 3) {
    const word = readIdent(source, i)
    if (source.end > i) return word
  }
  if (code === 37) return readData(source, i)
  if (code === 96) return readRawString(source, i)
  if (code === 36 || code === 33 || code === 126 || code === 43) fail(source.text, i, 'expressions are not supported')
  return undefined
}
