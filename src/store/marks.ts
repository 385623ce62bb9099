// Floor 1. The syncs under way, and which entries the host has named in each: what it has not named at the end is gone.

/** A sync under way, known from others by being another object. */
export interface Sync {
  /** Own writes with this number and lower were sent before it was asked for. */
  readonly fence: number
}

interface Mark {
  readonly sync: Sync
  /** Undefined where there was nothing when it began that it could miss. */
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

  /** What the host has named counts no longer, for all syncs under way. */
  restart(isEmpty: boolean): void {
    for (const mark of this.#marks) mark.named = isEmpty ? undefined : new Set()
  }

  /** Entries come from elsewhere than the host, which has named these so far. */
  fill(ids: Iterable<unknown>): void {
    for (const mark of this.#marks) mark.named ??= new Set(ids)
  }

  /** The host has named an entry. */
  add(id: unknown): void {
    for (const { named } of this.#marks) named?.add(id)
  }

  /** The host has said that an entry is gone. */
  delete(id: unknown): void {
    for (const { named } of this.#marks) named?.delete(id)
  }

  /**
   * The host has said that there are no entries.
   * @param ids entries that are there all the same
   * @param stays whether an entry that was named counts as named yet
   */
  keep(ids: readonly unknown[], stays: (id: unknown) => boolean): void {
    for (const mark of this.#marks) mark.named &&= new Set([...ids, ...[...mark.named].filter(stays)])
  }

  /** Whether any sync under way has named an entry, or may have. */
  has(id: unknown): boolean {
    return this.#marks.some(({ named }) => named?.has(id) !== false)
  }

  /**
   * Ends a sync, and those before it. Returns what it has named, and how many have ended; one that began before there was anybody
   * to note it counts as one that has named everything.
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
