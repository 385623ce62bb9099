// Floor 7. What rows of a cache say: their keys, their pages of Recon text, and the head of a lane. docs/CACHE.md#rows.
import { hostUrl } from '../base/address.js'
import type { Link } from '../link/link.js'

/** A page is as many lines, each the body of an operation on the map, behind a line that says how many. */
export const writePage = (lines: readonly string[]): string => [lines.length, ...lines].join('\n')

/** The lines of a page; undefined where it is not whole. */
export function readPage(text: string): readonly string[] | undefined {
  const [count, ...lines] = text.split('\n')
  return count === String(lines.length) ? lines : undefined
}

/** The name of a lane: no part of it holds a space. @throws {ConfigError} where its host is given by a function */
export function laneName({ at, address }: Link, kind: string): string {
  const { node, lane, body } = address
  return [hostUrl(at.hostUri, 'cache'), node, lane, kind.replace('map ', ''), encodeURIComponent(body)].join(' ')
}

/** How many entries a page has. */
export const pageEntries = 512

/** Numbers as keys that are in order. */
export const place = (count: number): string => String(count).padStart(9, '0')

/** All rows of a lane begin so; those of a host so, without the rest of the lane's name. */
export const laneKey = (lane: string): string => `lane\n${lane}\n`
/** Says which pages count. It comes before them all. */
export const headKey = (lane: string): string => laneKey(lane) + '!'
/** All rows that say when lanes were opened. */
export const allUsed = 'used\n'
/** When a lane was opened last, and how much it takes. */
export const usedKey = (lane: string): string => `${allUsed}${lane}`
/** All writes that are not in their lanes, and those of a visit. */
export const allWrites = 'write\n'
export const writesKey = (visit: string): string => `${allWrites}${visit}\n`
/** All lanes of a host. */
export const hostKey = (hostUrl: string): string => `lane\n${hostUrl} `

/** The head of a lane. */
export interface Head {
  /** Under which its pages and logs are. */
  readonly pages: string
  readonly count: number
  readonly logs: number
  /** When they were last known to be what the lane held: by the wall clock, in milliseconds. */
  readonly asOf: number
  /** How much the pages take, and the logs, in UTF-16 units. */
  readonly chars: number
  readonly logChars: number
}

/** @returns undefined where there is none, or none that can be read */
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
