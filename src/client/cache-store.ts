// Floor 6. Where entries and unsent writes are kept between visits, as a client sees it: rows of text. docs/CACHE.md.

/** A row: its key and its text. Rows are ordered by key, by UTF-16 units. */
export type CacheRow = readonly [key: string, text: string]

/** A transaction: rows are removed first, then others put; all of it happens, or nothing. */
export interface CacheChanges {
  /** Prefixes of keys: every row with one of them is removed; `''` is a prefix of all. @default none */
  readonly remove?: readonly string[]
  /** Rows to put; each replaces the row with its key. @default none */
  readonly put?: readonly CacheRow[]
  /** Conditions: rows that must have exactly this text or, where undefined, not exist; otherwise nothing changes. @default none */
  readonly only?: readonly (readonly [key: string, text: string | undefined])[]
}

/** Where rows are kept: any object with these members. Each store has one scope, and sees no row of another. */
export interface CacheStore {
  /** Whose entries these are, such as a user's: no other scope sees them. A client with credentials needs one. @default undefined */
  readonly scope: string | undefined
  /** The most that all rows may take together, in UTF-16 units of keys and texts; lanes opened least recently are deleted first. */
  readonly maxBytes: number
  /** All rows whose keys begin with `prefix`, in order, as of one moment. Rejects where they can't be read. */
  read(prefix: string): Promise<readonly CacheRow[]>
  /**
   * Changes rows in one short transaction; once it resolves, the changes survive a crash of the process.
   * @returns false where `only` did not hold and nothing has changed. Rejects where it can't be done; nothing has changed then
   */
  write(changes: CacheChanges): Promise<boolean>
  /**
   * Takes a lock that no other client of this scope holds, in any tab or process. The end of the holder's tab or process frees it.
   * @returns a function that frees it; undefined where another client holds it, or where the platform has no locks
   */
  lock(name: string): Promise<(() => void) | undefined>
  /** Closes what is open. Later calls open it again. */
  close(): Promise<void>
}
