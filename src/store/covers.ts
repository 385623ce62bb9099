// Floor 1. All that own writes and own clears cover (docs/PROTOCOL.md#own-writes): the entries, by identity, and the clears.
import { Covered, gone, type Gone, type Judge, type OwnWrite } from './covered.js'
import type { OrderedMap } from './ordered-map.js'

/** What a sync that ends decides. */
export interface SyncEnd {
  /** Own writes up to `fence` had reached the host before it was asked, and those up to `passed` before the sync before it. */
  readonly fence: number
  readonly passed: number
  /** The entries that it named; undefined if it may have named any. */
  readonly named: ReadonlySet<unknown> | undefined
  /** How many syncs have ended with it. */
  readonly ended: number
}

export class Covers<K, V> {
  /** Own clears not decided yet. Until they are, only entries written after the last of them show. */
  clears: readonly OwnWrite<V>[] = []
  readonly #each = new Map<unknown, Covered<K, V>>()
  /**
   * Entries of which nothing is known but that an own clear covers them. They are held in the map in which they showed, until
   * somebody asks for one: an object for each of a million took 2 s and 400 MB.
   */
  #cleared: OrderedMap<K, V> | undefined
  /** Whether these may be gone, as `isNews` of an entry says. */
  #isNews = false

  get size(): number {
    return this.#each.size + (this.#cleared?.size ?? 0)
  }

  /** O(1). */
  get(id: unknown): Covered<K, V> | undefined {
    return this.#each.get(id) ?? this.#single(id)
  }

  /** The entries of which more is known than that a clear covers them. */
  each(): ReadonlyMap<unknown, Covered<K, V>> {
    return this.#each
  }

  /** All entries. O(n) at the first call after a clear. */
  all(): ReadonlyMap<unknown, Covered<K, V>> {
    if (this.#cleared !== undefined) for (const id of this.#cleared.idsAsLaid()) this.#single(id)
    return this.#each
  }

  lay(id: unknown, key: K, truth: V | Gone): Covered<K, V> {
    const entry = new Covered<K, V>(key, truth)
    this.#each.set(id, entry)
    return entry
  }

  delete(id: unknown): void {
    this.#each.delete(id)
  }

  /** An own clear covers entries that nothing covered. O(1) for the first clear. */
  clear(write: OwnWrite<V>, entries: OrderedMap<K, V>): void {
    this.clears = [...this.clears, write]
    const cleared = this.#cleared
    if (!cleared?.size) this.#cleared = entries
    else entries.visitAsLaid((value, id) => cleared.add(id, entries.keyOf(id), value))
    this.#isNews = false
  }

  /** Forgets clears that have ended. Returns the entries that may show again. */
  uncovered(): ReadonlyMap<unknown, Covered<K, V>> {
    this.clears = this.clears.filter(({ state }) => state !== 'done')
    return this.clears.length > 0 ? this.#each : this.all()
  }

  /** Entries that a sync under way has not named are gone, or may be. */
  cut(): void {
    for (const entry of this.#each.values()) entry.isNews = true
    this.#isNews = true
  }

  /** The link is lost. */
  abandon(): void {
    for (const entry of this.#each.values()) entry.heldFor = Math.min(1, entry.heldFor)
  }

  /** The host reports a clear. The first own clear that was sent ends with it. Returns the entries that exist all the same. */
  endClear(isRecent: (id: unknown) => boolean): { isOwn: boolean; isDoubtful: boolean; kept: ReadonlySet<unknown> } {
    const clear = this.clears.find(({ state }) => state === 'sent')
    const isOwn = clear !== undefined
    this.clears = this.clears.filter(each => each !== clear)
    clear?.end('taken', false)
    let isDoubtful = false
    const kept = new Set<unknown>()
    for (const [id, { isPastClears, truth, isHeard }] of this.#each) {
      // A host may merge two own clears. So this clear may be another's, and newer than the entries kept here.
      if (isOwn && isPastClears) isDoubtful = kept.add(id).size > 0
      else if (truth !== gone) isDoubtful ||= isOwn ? isHeard : isRecent(id)
    }
    if (!isOwn) for (const id of this.#cleared?.idsAsLaid() ?? []) isDoubtful ||= isRecent(id)
    return { isOwn, isDoubtful, kept }
  }

  /** The host has none of the entries, but for those that stay as they are. */
  vanish(stays: (id: unknown, entry: Covered<K, V>) => boolean): void {
    this.#cleared = undefined
    for (const [id, entry] of this.#each) if (!stays(id, entry)) entry.vanish()
  }

  /** A sync ends. Returns whether another is needed to decide own writes. */
  settle(judge: Judge<V>, { fence, passed, named, ended }: SyncEnd): boolean {
    let isOpen = false
    for (const clear of this.clears) {
      if (clear.state !== 'sent' || clear.seq > fence) continue
      if (clear.seq <= passed) clear.end('taken')
      else isOpen = true
    }
    for (const [id, entry] of this.#each) {
      entry.heldFor = Math.max(0, entry.heldFor - ended)
      isOpen = entry.settle(judge, fence, passed, named?.has(id) ?? true) || isOpen
    }
    const cleared = this.#cleared
    if (cleared !== undefined && named !== undefined)
      for (const id of cleared.idsAsLaid()) if (!named.has(id)) cleared.delete(id)
    return isOpen
  }

  #single(id: unknown): Covered<K, V> | undefined {
    const cleared = this.#cleared
    if (!cleared?.has(id)) return undefined
    const entry = this.lay(id, cleared.keyOf(id), cleared.get(id) as V)
    entry.isNews = this.#isNews
    cleared.delete(id)
    return entry
  }
}
