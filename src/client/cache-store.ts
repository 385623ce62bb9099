// Floor 6. Where entries and unsent writes are kept between visits, as far as a client is concerned: rows of text. docs/CACHE.md.

/** A row: its key, and its text. Rows are in the order of their keys, by UTF-16 units. */
export type CacheRow = readonly [key: string, text: string]

/** What changes at once, or not at all: first rows are removed, then others put. */
export interface CacheChanges {
  /** Beginnings of keys: every row with one of them is removed; `''` is the beginning of all. @default none */
  readonly remove?: readonly string[]
  /** Rows to put, each in the place of one with the same key. @default none */
  readonly put?: readonly CacheRow[]
  /** Rows that must be there with just this text, or, where it is undefined, not be there; else nothing changes. @default none */
  readonly only?: readonly (readonly [key: string, text: string | undefined])[]
}

/** Where rows are kept: a cache takes any object with these. Each store is of one scope, and sees no row of another. */
export interface CacheStore {
  /** Whose entries these are: those of one are never shown to another. A client with credentials needs one. @default undefined */
  readonly scope: string | undefined
  /** How much all rows may be together, in UTF-16 units of keys and texts; the lanes that were opened least recently go first. */
  readonly maxBytes: number
  /** All rows whose keys begin with `prefix`, in order, as they were at one moment. Rejects where they can't be had. */
  read(prefix: string): Promise<readonly CacheRow[]>
  /**
   * Changes rows in one short transaction: after it resolves they outlive a crash of the process.
   * @returns false, where `only` did not hold and nothing has changed. Rejects where it can't be done, having changed nothing
   */
  write(changes: CacheChanges): Promise<boolean>
  /**
   * Takes a lock, if nobody has it: no other client of this scope, in whatever tab or process. Its holder's end lets go of it.
   * @returns how to let go of it; undefined where somebody else has it, or where the platform has no locks
   */
  lock(name: string): Promise<(() => void) | undefined>
  /** Lets go of what is open. Later calls open it again. */
  close(): Promise<void>
}
