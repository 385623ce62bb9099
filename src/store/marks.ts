// Floor 1. The syncs under way, and which entries the host has named in each. Entries not named when the sync ends are gone.

/** A sync under way. Each sync is an object of its own. */
export interface Sync {
  /** Own writes up to this number were sent before the sync was requested. */
  readonly fence: number
}

interface Mark {
  readonly sync: Sync
  /** The ids named so far. Undefined if there were no entries when the sync began: then it can't miss any. */
  named: Set<unknown> | undefined
}

export class Marks {
  #marks: readonly Mark[] = []

  /** How many syncs are under way. */
  get count(): number {
    return this.#marks.length
  }

  begin(sync: Sync, isEmpty: boolean): void {
    this.#marks = [...this.#marks, { sync, named: isEmpty ? undefined : new Set() }]
  }

  /** For all syncs under way, entries named so far no longer count as named. */
  restart(isEmpty: boolean): void {
    for (const mark of this.#marks) mark.named = isEmpty ? undefined : new Set()
  }

  /** Entries are about to come from elsewhere than the host. @param ids the entries that the host has named so far */
  fill(ids: Iterable<unknown>): void {
    for (const mark of this.#marks) mark.named ??= new Set(ids)
  }

  /** The host has named an entry. */
  add(id: unknown): void {
    for (const { named } of this.#marks) named?.add(id)
  }

  /** The host has reported that an entry is gone. */
  delete(id: unknown): void {
    for (const { named } of this.#marks) named?.delete(id)
  }

  /**
   * The host has reported that there are no entries.
   * @param ids entries that exist all the same
   * @param stays whether an entry that was named still counts as named
   */
  keep(ids: readonly unknown[], stays: (id: unknown) => boolean): void {
    for (const mark of this.#marks) mark.named &&= new Set([...ids, ...[...mark.named].filter(stays)])
  }

  /** Whether any sync under way has named an entry, or may have. */
  has(id: unknown): boolean {
    return this.#marks.some(({ named }) => named?.has(id) !== false)
  }

  /** The entries that a sync has named so far; undefined if it may have named any. */
  namedIn(sync: Sync): ReadonlySet<unknown> | undefined {
    return this.#marks.find(mark => mark.sync === sync)?.named
  }

  /**
   * Ends a sync, and those before it. Returns the entries that the sync has named, and how many syncs have ended. If its begin was
   * not noted, the sync counts as one that has named everything.
   */
  end(sync: Sync): { readonly named: Set<unknown> | undefined; readonly ended: number } {
    const at = this.#marks.findIndex(mark => mark.sync === sync)
    const named = this.#marks[at]?.named
    this.#marks = this.#marks.slice(at + 1)
    return { named, ended: Math.max(1, at + 1) }
  }

  /** The socket is lost: no sync under way will end. */
  abandon(): void {
    this.#marks = []
  }
}
