// Floor 3'. A tally of a store, to detect lost writes: the number of writes, the number of entries, and a sum over the entries. The
// sum does not depend on order, as entries are read back in another order than they were written.

/** The stored form. Equal entries have equal tallies; other entries hardly ever do. */
export interface Tally {
  readonly writes: number
  readonly entries: number
  readonly sum: number
}

/** A hash of an entry, of 31 bits. */
function hashOf(key: string, value: string): number {
  let hash = key.length
  for (const text of [key, value]) {
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) ^ (hash >>> 13)
  }
  return (Math.imul(hash ^ (hash >>> 16), 0x85ebca6b) ^ (hash >>> 15)) >>> 1
}

export class Count {
  /** The hash of each entry: when an entry is overwritten, its old hash is subtracted from the sum. */
  readonly #hashes = new Map<string, number>()
  #sum = 0
  #writes = 0

  put(key: string, value: string): void {
    const hash = hashOf(key, value)
    this.#sum = (this.#sum - (this.#hashes.get(key) ?? 0) + hash) | 0
    this.#hashes.set(key, hash)
  }

  delete(key: string): void {
    this.#sum = (this.#sum - (this.#hashes.get(key) ?? 0)) | 0
    this.#hashes.delete(key)
  }

  /** Counts a write, or sets the number of writes. */
  wrote(writes = this.#writes + 1): void {
    this.#writes = writes
  }

  get tally(): Tally {
    return { writes: this.#writes, entries: this.#hashes.size, sum: this.#sum }
  }
}

/** A tally as a text of fixed length, so that it can be overwritten in place. */
export const writeTally = ({ writes, entries, sum }: Tally): string =>
  `${[writes, entries, sum].map(part => String(part).padStart(16)).join(' ')}\n`

/** Undefined for a text that is not a tally, or was cut off. */
export function readTally(text: string): Tally | undefined {
  const [, ...parts] = /^ *(\d+) +(\d+) +(-?\d+)\n$/.exec(text) ?? []
  if (parts.length === 0) return undefined
  const [writes, entries, sum] = parts.map(Number)
  return { writes: writes!, entries: entries!, sum: sum! }
}

/**
 * Says what a store has lost; undefined if nothing.
 * @param found the present entries @param kept the database's tally @param acknowledged the tally of acknowledged writes
 */
export function lossOf(found: Tally, kept: Tally | undefined, acknowledged: Tally | undefined): string | undefined {
  const last = acknowledged !== undefined && acknowledged.writes > (kept?.writes ?? 0) ? acknowledged : kept
  if (last === undefined) return undefined
  const missing = last.writes - (kept?.writes ?? 0)
  const entries = `${found.entries} entries are there, and ${last.entries} were acknowledged`
  if (missing > 0) return `the last ${missing} of ${last.writes} acknowledged writes are gone: ${entries}`
  if (found.entries !== last.entries) return `acknowledged writes are gone: ${entries}`
  return found.sum === last.sum ? undefined : `acknowledged writes are gone, or are not what they were: ${entries}`
}
