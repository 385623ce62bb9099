// Appends lines to a file, each by one write: whoever kills the process takes the last line at most.
import { openSync, writeSync } from 'node:fs'
import type { Note } from './lines.js'

/** The machine's monotonic clock, which all processes share, in milliseconds. */
export const nowMs = (): number => Number(process.hrtime.bigint()) / 1e6

export type Notes = (note: Note, t?: number) => void

/** What notes for a process of this name. The process before it may have died amid a line. */
export function notesFor(by: string, path: string): Notes {
  const file = openSync(path, 'a')
  writeSync(file, '\n')
  return (note, t = nowMs()) => void writeSync(file, `${JSON.stringify({ t, by, ...note })}\n`)
}

/** Numbers from 0 to 1, the same for the same seed. */
export function chance(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
