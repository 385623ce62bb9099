// Floor 1. The text being read, its characters and their classes, and the errors about it.
import { ReconError } from '../base/swim-error.js'

/**
 * The text being read. Reading calls only its own code, so no call can find this object in use: one is enough for all
 * readers. Engines read bytes several times faster than they call `charCodeAt`. `bytes[i]` is the code of `text[i]` if that
 * is ASCII, 127 if not, and 0 at the end.
 */
export const source = {
  text: '',
  bytes: new Uint8Array(16),
  /** The same bytes, to read four at a time. */
  view: new DataView(new ArrayBuffer(16)),
  /** The offset after what was read last. */
  end: 0,
}

/** Made with the first text, not at import. jsdom has no TextEncoder; there the loop below fills the bytes. */
let encoder: TextEncoder | undefined
const keptBytes = 1 << 20

/** Begins to read a text at an offset. If the offset is not 0, a part of the same text was often read just before. */
export function load(text: string, offset = 0): void {
  // Not compared at offset 0: two frames in a row have long beginnings in common, so that comparing takes longer than it saves.
  if (offset && offset >= source.end && text === source.text) return
  const { length } = text
  let { bytes } = source
  // A buffer larger than most texts need is dropped with the next text. A few bytes after the text may be read.
  if (bytes.length < length + 16 || bytes.length > keptBytes) {
    source.bytes = bytes = new Uint8Array(1000 + length * 1.5)
    source.view = new DataView(bytes.buffer)
  }
  // Characters outside ASCII take more bytes than units.
  if (typeof TextEncoder === 'function') encoder ??= new TextEncoder()
  if (encoder?.encodeInto(text, bytes).written !== length)
    for (let i = 0; i < length; i++) bytes[i] = Math.min(text.charCodeAt(i), 127)
  bytes[length] = 0
  source.text = text
}

/** Bits by ASCII code: 1 may stand in an identifier, 2 may start one, 4 may stand in a string without escapes, 8 is a digit of base64. */
export const classes = new Uint8Array(128)
for (let code = 32; code < 127; code++) {
  const character = String.fromCharCode(code)
  classes[code] =
    +/[-\w]/.test(character) |
    (+/[a-z_]/i.test(character) << 1) |
    (+/[^"'\\]/.test(character) << 2) |
    (+/[+/\da-z]/i.test(character) << 3)
}

export const isDigit = (code: number) => code > 47 && code < 58

export const isSeparator = (code: number) => code === 44 || code === 59 || code === 10 || code === 13

export const isStart = (code: number) => (classes[code]! & 2) > 0

/** The first offset at or after `i` where there is neither a space nor a tab. */
export function spaces(i: number): number {
  const { bytes } = source
  while (bytes[i] === 32 || bytes[i] === 9) i++
  return i
}

/** Characters to compare with, as numbers of four characters. */
export interface Token {
  readonly length: number
  readonly words: readonly number[]
}

/** Four characters as one number; those from `end` on are zero. */
export const word = (i: number, end: number) =>
  source.view.getInt32(i, true) & (i + 4 > end ? -1 >>> ((i + 4 - end) << 3) : -1)

/** Whether a token stands at `i`. Comparing six tokens of 45 characters in all takes 25 ns; byte by byte it took 47. */
export function stands(i: number, { words, length }: Token): boolean {
  const end = i + length
  for (let j = 0; i < end; i += 4) if (word(i, end) !== words[j++]) return false
  return true
}

/** The token from `start` to `end`; `null` if it is too long, or has a character outside ASCII or the end of the text. */
export function tokenOf(start: number, end: number): Token | null {
  if (end - start > 255) return null
  for (let i = start; i < end; i++) if (!(source.bytes[i]! % 127)) return null
  const words = []
  for (let i = start; i < end; i += 4) words.push(word(i, end))
  return { length: end - start, words }
}

/** The first offset from `i` on where `other` matches. `other` is global, matches no characters, and matches at the end. */
export function until(i: number, other: RegExp): number {
  other.lastIndex = i
  other.test(source.text)
  return other.lastIndex
}

const lineEnd = /(?=[\r\n])|$/g

/** The first offset from `i` on that is after white space and comments. */
export function blank(i: number): number {
  for (;;) {
    const code = source.bytes[i]
    if (code === 32 || code === 10 || code === 13 || code === 9) i++
    else if (code === 35) i = until(i, lineEnd)
    else return i
  }
}

/** Throws a `ReconError` about the text: why, and where. Linear in `offset`. */
export function fail(offset: number, why: string): never {
  const before = source.text.slice(0, offset)
  const line = before.split('\n').length
  const column = offset - before.lastIndexOf('\n')
  load('')
  throw new ReconError(`Recon text, line ${line}, column ${column}: ${why}`, { offset, line, column })
}

/** Fails because `what` is missing at `i`, or because an operator stands there. */
export function misfit(i: number, what: string): never {
  fail(i, /[-+*/<>=!&|^?(.~$]/.test(source.text.charAt(i)) ? 'expressions are not supported' : 'expected ' + what)
}

/** How deep records may nest. */
export const limits = { depth: 0 }

/** The depth inside the record that opens at `i`. */
export function deepen(i: number, depth: number): number {
  if (depth > limits.depth) fail(i, `nested deeper than maxDepth (${limits.depth})`)
  return depth + 1
}
