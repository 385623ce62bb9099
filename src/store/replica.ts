// Floor 1. The host's entries. Own writes cover them until the host has decided (docs/PROTOCOL.md#own-writes).
import { Covered, gone, type Gone, type Judge, type OwnWrite } from './covered.js'
import type { OrderedMap } from './ordered-map.js'
import { Doubts, type DoubtPort } from './doubts.js'
import { Marks, type Sync } from './marks.js'
import { Showing, type OnChange, type ShowingRules } from './showing.js'

export type { DoubtPort, Sync }
export { gone, type Covered, type Gone, type OwnWrite, type WriteOutcome } from './covered.js'

export type ReplicaRules<K, V> = Judge<V> & ShowingRules<K, V>

/** Shared by all replicas without own writes: an empty Map for each would take 200 bytes. */
const none = new Map<never, never>()

export class Replica<K, V> {
  /** The entries that show. Only the replica may change them. */
  readonly shown: OrderedMap<K, V>
  readonly #rules: ReplicaRules<K, V>
  readonly #showing: Showing<K, V>
  /** Entries that own writes cover. Empty most of the time: the host's frames then go straight to `shown`. */
  #covered: Map<unknown, Covered<K, V>> = none
  /** Own clears not decided yet. Until they are, only entries written after the last of them show. */
  #clears: readonly OwnWrite<V>[] = []
  /** The number of the last own write that had certainly reached the host when the last sync ended. */
  #passed = 0
  readonly #marks = new Marks()
  readonly #doubts: Doubts

  constructor(rules: ReplicaRules<K, V>, port: DoubtPort, onChange: OnChange<K, V>) {
    this.#rules = rules
    this.#doubts = new Doubts(port, this.#marks)
    this.#showing = new Showing(rules, onChange)
    this.shown = this.#showing.map
  }

  /** The host reports the value of an entry, or that there is no such entry. Returns whether only a sync that begins now will show
   * the fate of the entry, or of an own write. So do the next two methods. */
  hostSet(key: K, value: V | Gone): boolean {
    const id = this.#rules.order.identity(key)
    if (this.#marks.count === 0) this.#doubts.updated(id)
    else this.#marks[value === gone ? 'delete' : 'add'](id)
    return this.#say(id, key, value)
  }

  /** The host reports that an entry was removed. The remove may be older than the host's last report of the entry. */
  hostRemoved(key: K): boolean {
    const id = this.#rules.order.identity(key)
    const entry = this.#covered.get(id)
    const had = entry === undefined ? this.shown.has(id) : entry.truth !== gone
    const { oldest } = entry ?? {}
    // An own remove is newer than every report that came before it was made.
    const isOwn = oldest?.state === 'sent' && oldest.value === gone && !entry!.isHeard
    const isDoubtful = had && !isOwn && this.#doubts.isRecent(id)
    // A covered entry stays named: the report in this sync may be older than the writes of the entry.
    if (entry === undefined) this.#marks.delete(id)
    if (entry?.isHeld || (isDoubtful && oldest === undefined && this.#hold(id, key, entry))) return true
    return this.#say(id, key, gone) || isDoubtful
  }

  /** The host reports that there are no entries. It may be another's clear, which proves nothing of ours and may be older. */
  hostCleared(): { readonly isOwn: boolean; readonly isDoubtful: boolean } {
    const clear = this.#clears.find(({ state }) => state === 'sent')
    this.#clears = this.#clears.filter(each => each !== clear)
    clear?.end('taken', false)
    let isDoubtful = false
    const kept: unknown[] = []
    for (const [id, entry] of this.#covered) {
      // A host may merge two own clears. So this clear may be another's, and newer than the entries kept here.
      if (clear !== undefined && entry.isPastClears) isDoubtful = kept.push(id) > 0
      else {
        if (entry.truth !== gone) isDoubtful ||= clear === undefined ? this.#doubts.isRecent(id) : entry.isHeard
        entry.vanish()
      }
    }
    for (const id of [...this.shown.idsAsLaid()]) {
      if (this.#covered.has(id)) continue
      const isRecent = this.#doubts.isRecent(id)
      isDoubtful ||= isRecent
      const key = this.shown.keyOf(id)
      if (!isRecent || !this.#hold(id, key)) this.#showing.set(id, key, gone)
    }
    // For the other covered entries, a report in a sync may be newer than the clear.
    this.#marks.keep(kept, id => this.#covered.has(id))
    this.uncover()
    return { isOwn: clear !== undefined, isDoubtful }
  }

  /** A sync begins. Entries that the host does not name from now on are gone when the sync ends. */
  beginSync(sync: Sync): void {
    this.#marks.begin(sync, this.#isEmpty)
  }

  /** For all syncs under way, entries named so far no longer count as named. */
  restartSyncs(): void {
    this.#marks.restart(this.#isEmpty)
    this.hostCut()
  }

  /** Unknown entries are gone: the host has reported that, or may have done so while there was no link. */
  hostCut(): void {
    for (const entry of this.#covered.values()) entry.isNews = true
  }

  /** A report of the host was lost. So entries that the syncs under way have not named are not gone for certain. */
  spoilSyncs(): void {
    this.#marks.restart(true)
  }

  get #isEmpty(): boolean {
    return this.shown.size === 0 && this.#covered.size === 0
  }

  /** A sync ends, and those before it. Entries that the host did not name are gone. Own writes up to the fence have reached the
   * host. Returns whether another sync is needed to decide some of these writes. */
  endSync(sync: Sync): boolean {
    const { named, ended } = this.#marks.end(sync)
    for (const entry of this.#covered.values()) entry.heldFor = Math.max(0, entry.heldFor - ended)
    if (named !== undefined) this.#sweep(named)
    this.#doubts.synced(named)
    const [passed, { fence }] = [this.#passed, sync]
    this.#passed = fence
    let isOpen = false
    for (const clear of this.#clears) {
      if (clear.state !== 'sent' || clear.seq > fence) continue
      if (clear.seq <= passed) clear.end('taken')
      else isOpen = true
    }
    for (const [id, entry] of this.#covered)
      isOpen = entry.settle(this.#rules, fence, passed, named?.has(id) ?? true) || isOpen
    this.uncover()
    return isOpen
  }

  /** The link is lost. No sync under way will end. What the next link brings is not older than what this link brought. */
  abandonSync(): void {
    this.#marks.abandon()
    this.#doubts.clear()
    this.hostCut()
    for (const entry of this.#covered.values()) entry.heldFor = Math.min(1, entry.heldFor)
  }

  /** Entries of an earlier visit. An entry shows if the host has not reported it yet and no own write covers it. O(1) each. */
  seed(entries: Iterable<readonly [key: K, value: V]>): void {
    this.#marks.fill(this.shown.idsAsLaid())
    if (this.#clears.length > 0) return
    for (const [key, value] of entries) {
      const id = this.#rules.order.identity(key)
      const entry = this.#covered.get(id)
      if (entry !== undefined) entry.truth = entry.isHeard ? entry.truth : value
      else if (!this.shown.has(id)) this.#showing.set(id, key, value)
    }
  }

  /** Covers an entry with an own write. @param isForced whether an equal value counts as a change */
  write(key: K, write: OwnWrite<V>, isForced = false): void {
    const id = this.#rules.order.identity(key)
    this.#cover(id, key).lay(write)
    this.#showing.set(id, key, write.value, isForced)
  }

  /** Covers all entries with an own clear. Earlier own writes no longer show. */
  clear(write: OwnWrite<V>): void {
    this.#clears = [...this.#clears, write]
    for (const entry of this.#covered.values()) entry.supersede()
    for (const id of [...this.shown.idsAsLaid()]) {
      const key = this.shown.keyOf(id)
      this.#cover(id, key)
      this.#showing.set(id, key, gone)
    }
  }

  /** Some own writes were given up. The values that they covered show again. */
  uncover(): void {
    this.#clears = this.#clears.filter(({ state }) => state !== 'done')
    for (const [id, entry] of this.#covered) this.#reveal(id, entry)
  }

  /** Shows an entry whose own writes were taken back. */
  uncoverOne(id: unknown): void {
    const entry = this.#covered.get(id)
    if (entry !== undefined) this.#reveal(id, entry)
  }

  /** The newest own clear that is not decided yet. */
  get pendingClear(): OwnWrite<V> | undefined {
    return this.#clears.at(-1)
  }

  /** All entries that own writes cover, by identity. */
  coveredEntries(): ReadonlyMap<unknown, Covered<K, V>> {
    return this.#covered
  }

  /** The entry of an identity, if own writes cover it. */
  covered(id: unknown): Covered<K, V> | undefined {
    return this.#covered.get(id)
  }

  /** If an own value was removed, maybe before it was set, shows it until a sync that begins now has ended. */
  #hold(id: unknown, key: K, entry?: Covered<K, V>): boolean {
    if (!(entry?.isOwn ?? this.#doubts.isOwn(id))) return false
    ;(entry ?? this.#lay(id, key, gone)).hold(this.#marks.count + 1)
    return true
  }

  #cover(id: unknown, key: K): Covered<K, V> {
    return this.#covered.get(id) ?? this.#lay(id, key, this.shown.has(id) ? (this.shown.get(id) as V) : gone)
  }

  #lay(id: unknown, key: K, truth: V | Gone): Covered<K, V> {
    const entry = new Covered<K, V>(key, truth)
    if (this.#covered === none) this.#covered = new Map()
    this.#covered.set(id, entry)
    return entry
  }

  #say(id: unknown, key: K, value: V | Gone): boolean {
    const entry = this.#covered.size > 0 ? this.#covered.get(id) : undefined
    if (entry !== undefined) {
      const isInSync = this.#marks.count > 0
      const isOpen = entry.say(value, this.#rules, isInSync, this.#passed)
      this.#reveal(id, entry)
      return isOpen && !isInSync
    }
    // An own clear is on its way. Reports before its event are mostly older than the clear.
    if (this.#clears.length > 0) {
      const laid = this.#lay(id, key, value)
      laid.isNews = laid.isHeard = true
    } else this.#showing.set(id, key, value)
    return false
  }

  #sweep(named: ReadonlySet<unknown>): void {
    if (named.size === this.shown.size && this.#covered.size === 0) return
    for (const id of [...this.shown.idsAsLaid()])
      if (!named.has(id) && !this.#covered.has(id)) this.#showing.set(id, this.shown.keyOf(id), gone)
  }

  /** Shows the host's value, if no own write covers the entry any more. */
  #reveal(id: unknown, entry: Covered<K, V>): void {
    if (entry.newest !== undefined) return this.#showing.set(id, entry.key, entry.newest.value)
    if (entry.heldFor > 0) return
    if (this.#clears.length > 0) return this.#showing.set(id, entry.key, entry.isPastClears ? entry.truth : gone)
    this.#covered.delete(id)
    const { truth } = entry
    if (entry.isOwn && truth !== gone) this.#doubts.tookOwn(id)
    this.#showing.setQuietly(id, entry.key, truth)
  }
}
