// Floor 1. A text as bytes, which of them make identifiers and base64, and the one way to fail at a place in a text.
import { ReconError } from '../base/swim-error.js'

export const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** By ASCII code: 1 in an identifier, 3 at its start too. */
export const ident = new Uint8Array(128)

/** By ASCII code: the base64 digit's value, plus one. */
export const digit64 = new Uint8Array(128)

for (let i = 0; i < 64; i++) {
  const code = base64.charCodeAt(i)
  digit64[code] = i + 1
  if (i < 62) ident[code] = i < 52 ? 3 : 1
}
ident[45] = 1
ident[95] = 3

// A run is taken in bounded bites: an engine's backtracking stack must not grow with the text.
const wide =
  /[-\w\xb7\xc0-\xd6\xd8-\xf6\xf8-\u037d\u037f-\u1fff\u200c\u200d\u203f\u2040\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\u{10000}-\u{effff}]{1,256}/uy

/**
 * A text being read. Its characters are looked at as bytes, which engines do several times faster than `charCodeAt`:
 * bytes[i] is text[i] when that is ASCII and 127 when not; 0 marks the end.
 */
export interface Source {
  text: string
  bytes: Uint8Array
  /** The same bytes. */
  view: DataView
  /** The offset after what was read last. */
  end: number
}

const encoder = new TextEncoder()
const keptBytes = 1 << 20

/** Lays `text` out in `source.bytes`. A buffer larger than most texts need is let go with the next text. */
export function load(source: Source, text: string): void {
  const { length } = text
  let { bytes } = source
  if (bytes.length < length + 4 || bytes.length > keptBytes) {
    bytes = source.bytes = new Uint8Array(length < keptBytes / 2 ? 1000 + 2 * length : length + 4)
    source.view = new DataView(bytes.buffer)
  }
  const { read, written } = encoder.encodeInto(text, bytes)
  if (read !== length || written !== length) {
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i)
      bytes[i] = code < 127 ? code : 127
    }
  }
  bytes[length] = 0
  source.text = text
}

export const isDigit = (code: number) => code > 47 && code < 58

/** The end of the identifier characters that start at `i`. */
export function identEnd({ text, bytes }: Source, i: number): number {
  for (;;) {
    const code = bytes[i]!
    if (ident[code]) i++
    else if (code !== 127) return i
    else {
      wide.lastIndex = i
      if (!wide.test(text)) return i
      i = wide.lastIndex
    }
  }
}

/** Bytes to look for again, four at a time; the last ones, fewer than four, under a mask. */
export interface Token {
  readonly length: number
  readonly words: readonly number[]
  readonly mask: number
  readonly rest: number
}

/** Whether `token` stands at `i`. */
export function stands(view: DataView, i: number, { words, mask, rest }: Token): boolean {
  for (let j = 0; j < words.length; j++, i += 4) if (view.getInt32(i, true) !== words[j]) return false
  return ((view.getInt32(i, true) ^ rest) & mask) === 0
}

/** The bytes from `start` to `end`; nothing if they are too many or can't tell the text: one not ASCII, or the end. */
export function tokenOf({ bytes, view }: Source, start: number, end: number, most = 64): Token | undefined {
  const length = end - start
  if (length > most) return undefined
  for (let i = start; i < end; i++) if (!bytes[i] || bytes[i] === 127) return undefined
  const words = []
  for (; start + 4 <= end; start += 4) words.push(view.getInt32(start, true))
  const mask = (1 << (8 * (end - start))) - 1
  return { length, words, mask, rest: view.getInt32(start, true) & mask }
}

/** The first offset at or after `i` where there is neither a space nor a tab. */
export function spaces(bytes: Uint8Array, i: number): number {
  while (bytes[i] === 32 || bytes[i] === 9) i++
  return i
}

/** Throws the `ReconError` of a text: what was expected, and where. Linear in `offset`. */
export function fail(text: string, offset: number, why: string): never {
  const before = text.slice(0, offset).split('\n')
  const line = before.length
  const column = before[line - 1]!.length + 1
  throw new ReconError(`Recon text, line ${line}, column ${column}: ${why}`, { offset, line, column })
}

export const isSeparator = (code: number) => code === 44 || code === 59 || code === 10 || code === 13

/** Past white space and comments. */
export function blank(bytes: Uint8Array, i: number): number {
  for (;;) {
    const code = bytes[i]!
    if (code === 32 || code === 10 || code === 13 || code === 9) i++
    else if (code !== 35) return i
    else while (bytes[i] !== 10 && bytes[i] !== 13 && bytes[i]) i++
  }
}

/** Fails for want of `what`, or because an operator stands there. */
export function misfit({ text }: Source, i: number, what: string): never {
  const found = text[i]
  fail(
    text,
    i,
    found !== undefined && '+-*/<>=!&|^?(.~$'.includes(found) ? 'expressions are not supported' : `expected ${what}`,
  )
}
