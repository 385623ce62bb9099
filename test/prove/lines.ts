// What every process of a history writes down: a line of JSON for each thing that it did or saw. Nothing of the client is imported
// here, nor by the checker.
import { readFileSync } from 'node:fs'

/** Of one entry, or of all. */
export type WriteOp = 'put' | 'set' | 'remove' | 'delete' | 'clear'

/** The entries of a map, as it showed them. */
export type Entries = readonly (readonly [key: string, value: string])[]

/** What is noted, without who noted it when. */
export type Note =
  // Of the host: what its lane holds, in the order in which it came to hold it.
  /** It has started, and holds nothing. */
  | { readonly e: 'up' }
  | { readonly e: 'hold'; readonly key: string; readonly v: string }
  | { readonly e: 'drop'; readonly key: string }
  | { readonly e: 'clear' }
  // Of clients.
  /** A process has begun: it knows nothing yet. */
  | { readonly e: 'start' }
  /** Noted before it is made. The value of a set is its id, and no other write's. */
  | { readonly e: 'write'; readonly op: WriteOp; readonly id: string; readonly key?: string }
  /** `discard` is called where something waits; noted before. */
  | { readonly e: 'discard'; readonly key: string }
  /** How the promise of a write ended: its outcome, or the code of its error. */
  | {
      readonly e: 'end'
      readonly id: string
      readonly outcome?: string
      readonly error?: string
      /** It was taken back, and never sent. */
      readonly discarded?: boolean
    }
  /** `didUpdate`. */
  | { readonly e: 'update'; readonly key: string; readonly v: string; readonly old?: string }
  /** `didRemove`. */
  | { readonly e: 'gone'; readonly key: string; readonly old: string }
  /** `didChange`; a key without a value is gone. */
  | { readonly e: 'batch'; readonly changes: readonly { readonly key: string; readonly v?: string }[] }
  /** `get`. */
  | { readonly e: 'read'; readonly key: string; readonly v?: string }
  /** All entries that there are. */
  | { readonly e: 'map'; readonly entries: Entries }
  /** `didSync`. */
  | { readonly e: 'synced' }
  | { readonly e: 'status'; readonly is: string }
  /** An error of the client, for whoever reads the history. */
  | { readonly e: 'failed'; readonly code: string; readonly text: string }
  /** After quiet. */
  | { readonly e: 'quiet'; readonly entries: Entries; readonly synced: boolean; readonly unsettled: number }
  // Of the raw observer: what it was told of an entry.
  | { readonly e: 'saw'; readonly key: string; readonly v?: string }
  // Of the program that runs it all.
  /** After quiet, what a fresh raw socket was told. */
  | { readonly e: 'truth'; readonly entries: Entries }
  /** A fault was laid, or taken away. */
  | { readonly e: 'fault'; readonly what: string }

/** Who noted it, and when: by a clock that all processes of the machine share, in milliseconds. */
export type Line = Note & { readonly by: string; readonly t: number }

/** The lines of a file. Of a process that was killed, the last may be half a line. */
export function readLines(path: string): Line[] {
  const texts = readFileSync(path, 'utf8').split('\n')
  const lines: Line[] = []
  for (const text of texts) {
    if (text === '') continue
    try {
      lines.push(JSON.parse(text) as Line)
    } catch {
      // Half a line: nothing was made of it yet.
    }
  }
  return lines
}

/** One history of many files: each in its own order, and all in that of time. */
export function merge(files: readonly (readonly Line[])[]): Line[] {
  return files.flat().sort((a, b) => a.t - b.t)
}
