// Floor 7. The rows of a cache: their keys, their pages of Recon text, and the head of a lane. docs/CACHE.md#rows.
import { hostUrl } from '../base/address.js'
import type { Link } from '../link/link.js'

/** A page: a line with the number of lines, and then the lines, each the body of an operation on the map. */
export const writePage = (lines: readonly string[]): string => [lines.length, ...lines].join('\n')

/** The lines of a page; undefined for an incomplete page. */
export function readPage(text: string): readonly string[] | undefined {
  const [count, ...lines] = text.split('\n')
  return count === String(lines.length) ? lines : undefined
}

/** The name of a lane. No part of it has a space. @throws {ConfigError} when its host is given by a function */
export function laneName({ at, address }: Link, kind: string): string {
  const { node, lane, body } = address
  return [hostUrl(at.hostUri, 'cache'), node, lane, kind.replace('map ', ''), encodeURIComponent(body)].join(' ')
}

/** The number of entries in a page. */
export const pageEntries = 512

/** A number as a key, such that keys sort as numbers. */
export const place = (count: number): string => String(count).padStart(9, '0')

/** The start of the keys of a lane's rows. */
export const laneKey = (lane: string): string => `lane\n${lane}\n`
/** The key of a lane's head, which names the valid pages. It sorts before the pages. */
export const headKey = (lane: string): string => laneKey(lane) + '!'
/** The start of the keys that tell when lanes were opened. */
export const allUsed = 'used\n'
/** The key of the row that tells when a lane was opened last, and how large it is. */
export const usedKey = (lane: string): string => `${allUsed}${lane}`
/** The start of the keys of all stored writes, and of those of one visit. */
export const allWrites = 'write\n'
export const writesKey = (visit: string): string => `${allWrites}${visit}\n`
/** The start of the keys of all lanes of a host. */
export const hostKey = (hostUrl: string): string => `lane\n${hostUrl} `

/** The head of a lane. */
export interface Head {
  /** The start of the names of its pages and logs. */
  readonly pages: string
  readonly count: number
  readonly logs: number
  /** When the entries were last known to be those of the lane, by the wall clock, in milliseconds. */
  readonly asOf: number
  /** The size of the pages, and of the logs, in UTF-16 units. */
  readonly chars: number
  readonly logChars: number
}

/** @returns undefined if the text is missing or can't be read */
export function readHead(text: string | undefined): Head | undefined {
  try {
    const head = JSON.parse(text ?? '') as Head
    const { pages, count, logs, asOf, chars, logChars } = head
    const isGood = [count, logs, asOf, chars, logChars].every(number => Number.isSafeInteger(number) && number >= 0)
    return isGood && /^[\w.]+$/.test(pages) ? head : undefined
  } catch {
    return undefined
  }
}
