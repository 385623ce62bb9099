// Floor 1. Which characters make an identifier, a number and base64, and the one way to fail at a place in a text.
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

/** The UTF-16 unit at `i`, or -1 past the end. */
export const at = (text: string, i: number) => (i < text.length ? text.charCodeAt(i) : -1)

export const isDigit = (code: number) => code > 47 && code < 58

/** The end of the identifier characters that start at `i`. */
export function identEnd(text: string, i: number): number {
  for (;;) {
    const code = at(text, i)
    if (code < 128) {
      if (code < 0 || !ident[code]) return i
      i++
    } else {
      wide.lastIndex = i
      if (!wide.test(text)) return i
      i = wide.lastIndex
    }
  }
}

/** The first unit at or after `i` that is neither a space nor a tab. */
export function spaces(text: string, i: number): number {
  let code
  while ((code = at(text, i)) === 32 || code === 9) i++
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
export function blank(text: string, i: number): number {
  for (;;) {
    const code = at(text, i)
    if (code === 32 || code === 10 || code === 13 || code === 9) i++
    else if (code !== 35) return i
    else while (i < text.length && text[i] !== '\n' && text[i] !== '\r') i++
  }
}

/** Fails for want of `what`, or because an operator stands there. */
export function misfit(text: string, i: number, what: string): never {
  const found = text[i]
  fail(
    text,
    i,
    found !== undefined && '+-*/<>=!&|^?(.~$'.includes(found)
      ? `expressions are not supported: "${found}"`
      : `expected ${what}, found ${found === undefined ? 'the end' : JSON.stringify(found)}`,
  )
}

/** Whether `token` stands at `i`. */
export function stands(text: string, i: number, token: string): boolean {
  const length = token.length
  if (i + length > text.length) return false
  for (let j = 0; j < length; j++) if (text.charCodeAt(i + j) !== token.charCodeAt(j)) return false
  return length > 0
}
