// Floor 7. The first entries of a link as texts, read from what its downlinks show.
import type { ClientCore } from '../client/client-core.js'
import { stringify, type Value } from '../recon/index.js'
import type { Entries } from '../store/showing.js'
import { shownBy } from './gather.js'

/** An entry. The key of a list's entry is its position; a value's entry has an empty key. */
export interface PeekedEntry {
  readonly key: string
  readonly value: string
}

/** How much of a key or value is shown, in UTF-16 units. */
const mostChars = 400

/** The start of a text. It is copied, because a slice would keep the whole text in memory. */
export const cut = (text: string, most: number): string =>
  text.length > most ? ` ${text.slice(0, most)}…`.slice(1) : text

const textOf = (value: unknown): string => cut(value === undefined ? '' : stringify(value as Value), mostChars)

/** The first `most` entries of the `nth` link of a client, in the order of `inspect()`. Entries are not sorted. O(most). */
export function peek(core: ClientCore, nth: number, most: number): PeekedEntry[] {
  const link = [...core.connections.values()].flatMap(({ router }) => router.links())[nth]
  const sink = link && shownBy(link)
  if (sink === undefined) return []
  const { shown } = sink
  const entries: PeekedEntry[] = []
  if (shown !== undefined && 'idsAsLaid' in shown) {
    const map = shown as Entries<unknown, unknown>
    for (const id of map.idsAsLaid()) {
      if (entries.length >= most) break
      entries.push({ key: textOf(map.keyOf(id)), value: textOf(map.get(id)) })
    }
    return entries
  }
  const list = shown as
    { readonly size: number; at(index: number): { readonly value: unknown } | undefined } | undefined
  for (let i = 0; list !== undefined && i < Math.min(list.size, most); i++)
    entries.push({ key: String(i), value: textOf(list.at(i)?.value) })
  return entries
}
