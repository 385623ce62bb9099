// Floor 7. Tools for the checks of a store: rows, and messages about rows that are wrong.
import { systemClock } from '../base/clock.js'
import { quote, say } from '../base/excerpt.js'
import type { CacheChanges, CacheRow, CacheStore } from '../client/caching.js'

/** Keys that are hard to order and to store: code points, bytes, alphabets and patterns each treat them differently. */
export const keys = ['', '\0', '\0a', 'a\0', '\u2028', '\ud800', '\ud83d\ud83d', '\udc00', 'e\u0301']
  .concat('! A Z __proto__ a a! a%b a*b a/b a_b aa axb b constructor z é ı 😀 \uff5e'.split(' '))
  .concat('\uffff', '\uffff\0', '\uffffa', '\uffff\uffff', '\uffff\uffffa')
  .sort()
export const keyed = keys.map(key => [key, `of ${key}`] as const)

export const texts = {
  accents: 'é e\u0301',
  emoji: '👩‍👩‍👧‍👦',
  empty: '',
  long: 'aé😀"'.repeat(200_000),
  noCharacters: '\ufeff\uffff\ufffd',
  nul: 'a\0b\0',
  number: '1e3',
  quotes: `"'\`\\`,
  spaces: ' \t\r\n ',
  unpaired: '\ud83d \ude00\ud83d',
}

export const rows = <T extends string | undefined>(texts: { readonly [key: string]: T }) => Object.entries(texts)

export const shown = (value: unknown): string => quote(JSON.stringify(value) ?? 'undefined')

export function same(what: string, found: unknown, wanted: unknown): void {
  // JSON escapes lone surrogates, and so shows when they were replaced.
  if (JSON.stringify(found) === JSON.stringify(wanted)) return
  throw new Error(what + `: found ${shown(found)}, not ${shown(wanted)}`)
}

export async function holds(store: CacheStore, wanted: readonly CacheRow[], prefix = ''): Promise<void> {
  const found = await store.read(prefix)
  const at = found.findIndex(([key, text], i) => key !== wanted[i]?.[0] || text !== wanted[i][1])
  if (at >= 0) same(say`row ${at} of those that begin with ` + shown(prefix), found[at], wanted[at])
  same('how many rows begin with ' + shown(prefix), found.length, wanted.length)
}

export async function write(store: CacheStore, changes: CacheChanges, wanted = true): Promise<void> {
  same('what a write resolves with', await store.write(changes), wanted)
}

export async function lock(store: CacheStore, name: string): Promise<() => void> {
  // Releasing a lock may take a moment, for which half a second is enough.
  for (let tries = 0; tries < 50; tries++) {
    const letGo = await store.lock(name)
    if (letGo !== undefined) return letGo
    await new Promise<void>(soon => systemClock.timer(soon, 10))
  }
  throw new Error('a free lock was refused for half a second')
}

export async function isLocked(store: CacheStore, name: string, by: string): Promise<void> {
  if ((await store.lock(name)) !== undefined) throw new Error(say`a lock was given again to ` + by)
}
