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
