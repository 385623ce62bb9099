// Floor 1. The text being read, its characters and their classes, and the one way to fail at a place in it.
import { ReconError } from '../base/swim-error.js'

/**
 * What is being read. Reading calls no code but its own, so no call can find this in use: one is enough for all readers.
 * Engines look at bytes several times faster than at `charCodeAt`: `bytes[i]` is `text[i]` when that is ASCII, 127 when
 * not, and 0 at the end.
 */
export const source = {
  text: '',
  bytes: new Uint8Array(1),
  /** The offset after what was read last. */
  end: 0,
  /** Whether this text has a string that is not JSON's. */
  odd: false,
}

export const encoder = new TextEncoder()
const keptBytes = 1 << 20

/** Begins to read a text, at an offset: where that is not the start, the text is often the one just read in part. */
export function load(text: string, offset = 0): void {
  source.odd = false
  // Two frames in a row are alike for long, so that comparing them is no way to save time.
  if (offset && text === source.text) return
  const { length } = text
  let { bytes } = source
  // A buffer larger than most texts need is let go with the next text.
  if (bytes.length <= length || bytes.length > keptBytes) source.bytes = bytes = new Uint8Array(1000 + length * 1.5)
  const { read, written } = encoder.encodeInto(text, bytes)
  if (read !== length || written !== length)
    for (let i = 0; i < length; i++) bytes[i] = Math.min(text.charCodeAt(i), 127)
  bytes[length] = 0
  source.text = text
}

/** By ASCII code: 1 in an identifier, 2 at its start, 4 in a string without escapes. */
export const classes = new Uint8Array(128)
for (let code = 32; code < 127; code++) {
  const character = String.fromCharCode(code)
  classes[code] = (/[a-z_]/i.test(character) ? 3 : +/[-\d]/.test(character)) | (/["'\\]/.test(character) ? 0 : 4)
}

export const isDigit = (code: number) => code > 47 && code < 58

export const isStart = (code: number) => (classes[code]! & 2) > 0

/** The first offset at or after `i` where there is neither a space nor a tab. */
export function spaces(i: number): number {
  const { bytes } = source
  while (bytes[i] === 32 || bytes[i] === 9) i++
  return i
}

/** Whether these bytes stand at `i`. */
export function stands(i: number, token: readonly number[]): boolean {
  const { bytes } = source
  for (let j = 0; j < token.length; j++) if (bytes[i + j] !== token[j]) return false
  return true
}

/** The bytes from `start` to `end`; nothing if they are too many or can't tell the text: one not ASCII, or the end. */
export function tokenOf(start: number, end: number): number[] | undefined {
  const token = [...source.bytes.subarray(start, Math.min(end, start + 256))]
  return end - start < 256 && !token.includes(127) && !token.includes(0) ? token : undefined
}

/** The first offset at or after `i` of what `other` finds. */
export function until(i: number, other: RegExp): number {
  const run = source.text.slice(i).search(other)
  return run < 0 ? source.text.length : i + run
}

/** Throws the `ReconError` of a text: what was expected, and where. Linear in `offset`. */
export function fail(offset: number, why: string): never {
  const before = source.text.slice(0, offset).split('\n')
  load('')
  const line = before.length
  const column = before[line - 1]!.length + 1
  throw new ReconError(`Recon text, line ${line}, column ${column}: ${why}`, { offset, line, column })
}

/** Fails for want of `what`, or because an operator stands there. */
export function misfit(i: number, what: string): never {
  fail(i, /[-+*/<>=!&|^?(.~$]/y.test(source.text.charAt(i)) ? 'expressions are not supported' : 'expected ' + what)
}
