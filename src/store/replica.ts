// Floor 1. The host's entries, own writes laid over them until the host has decided (docs/PROTOCOL.md#own-writes).
import { Covered, gone, type Gone, type Judge, type OwnWrite } from './covered.js'
import type { OrderedMap } from './ordered-map.js'
import { Doubts, type DoubtPort } from './doubts.js'
import { Marks, type Sync } from './marks.js'
import { Showing, type OnChange, type ShowingRules } from './showing.js'

export type { DoubtPort, Sync }
export { gone, type Covered, type Gone, type OwnWrite, type WriteOutcome } from './covered.js'

export type ReplicaRules<K, V> = Judge<V> & ShowingRules<K, V>

/** What most replicas have for own writes: an empty Map of its own takes 200 bytes. */
const none = new Map<never, never>()

export class Replica<K, V> {
  /** What shows: read it, and change it through the replica alone. */
  readonly shown: OrderedMap<K, V>
  readonly #rules: ReplicaRules<K, V>
  readonly #showing: Showing<K, V>
  /** Entries that own writes cover. Empty most of the time: the host's frames then go straight to `shown`. */
  #covered: Map<unknown, Covered<K, V>> = none
  /** Own clears not decided yet: until they are, no entry shows but those written after the last of them. */
  #clears: readonly OwnWrite<V>[] = []
  /** The number of the last own write that the host had for certain when the last sync ended. */
  #passed = 0
  readonly #marks = new Marks()
  readonly #doubts: Doubts

  constructor(rules: ReplicaRules<K, V>, port: DoubtPort, onChange: OnChange<K, V>) {
    this.#rules = rules
    this.#doubts = new Doubts(port, this.#marks)
    this.#showing = new Showing(rules, onChange)
    this.shown = this.#showing.map
  }

  /** The host says what value an entry has now, or that it has none. Returns, as the next two do, whether only a sync that begins
   * now will show what became of the entry, or of an own write. */
  hostSet(key: K, value: V | Gone): boolean {
    const id = this.#rules.order.identity(key)
    if (this.#marks.count === 0) this.#doubts.updated(id)
    else this.#marks[value === gone ? 'delete' : 'add'](id)
    return this.#say(id, key, value)
  }

  /** The host says that an entry was removed. That may be older than what it has said of the entry before. */
  hostRemoved(key: K): boolean {
    const id = this.#rules.order.identity(key)
    const entry = this.#covered.get(id)
    const had = entry === undefined ? this.shown.has(id) : entry.truth !== gone
    const { oldest } = entry ?? {}
    // An own remove came after all that the host had said of the entry when it was made.
    const isOwn = oldest?.state === 'sent' && oldest.value === gone && !entry!.isHeard
    const isDoubtful = had && !isOwn && this.#doubts.isRecent(id)
    // Of an entry that is covered something was said in this sync, which may be older than its writes.
    if (entry === undefined) this.#marks.delete(id)
    if (entry?.isHeld || (isDoubtful && oldest === undefined && this.#hold(id, key, entry))) return true
    return this.#say(id, key, gone) || isDoubtful
  }

  /** The host says that there are no entries: maybe by another's clear, which proves nothing of ours, and older than some entries. */
  hostCleared(): { readonly isOwn: boolean; readonly isDoubtful: boolean } {
    const clear = this.#clears.find(({ state }) => state === 'sent')
    this.#clears = this.#clears.filter(each => each !== clear)
    clear?.end('taken', false)
    let isDoubtful = false
    const kept: unknown[] = []
    for (const [id, entry] of this.#covered) {
      // Of two own clears a host may have made one: this may be another's, and newer than what is kept.
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
    // Of the others that are covered, what was said in a sync may be newer than the clear.
    this.#marks.keep(kept, id => this.#covered.has(id))
    this.uncover()
    return { isOwn: clear !== undefined, isDoubtful }
  }

  /** A sync begins: what the host does not name from now on is gone at its end. */
  beginSync(sync: Sync): void {
    this.#marks.begin(sync, this.#isEmpty)
  }

  /** What the host has named counts no longer, for all syncs under way. */
  restartSyncs(): void {
    this.#marks.restart(this.#isEmpty)
    this.hostCut()
  }

  /** Some entries are gone, and not known which: the host has said so, or may have, while there was no link. */
  hostCut(): void {
    for (const entry of this.#covered.values()) entry.isNews = true
  }

  /** Something that the host has said was lost: what the syncs under way have not named is not gone for that. */
  spoilSyncs(): void {
    this.#marks.restart(true)
  }

  get #isEmpty(): boolean {
    return this.shown.size === 0 && this.#covered.size === 0
  }

  /** A sync ends, and those before it: what the host did not name is gone, own writes up to its fence have reached it. Returns
   * whether another sync is needed to decide some of them. */
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

  /** The link is lost: no sync under way will end, and what comes of the next one is not older than what came of this. */
  abandonSync(): void {
    this.#marks.abandon()
    this.#doubts.clear()
    this.hostCut()
    for (const entry of this.#covered.values()) entry.heldFor = Math.min(1, entry.heldFor)
  }

  /** Entries of an earlier visit: each shows where the host has said nothing yet, and no own write covers it. O(1) each. */
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

  /** Lays an own write over an entry. @param isForced whether it is a change even where its value equals the one that shows */
  write(key: K, write: OwnWrite<V>, isForced = false): void {
    const id = this.#rules.order.identity(key)
    this.#cover(id, key).lay(write)
    this.#showing.set(id, key, write.value, isForced)
  }

  /** Lays an own clear over all entries; what was written before it no longer shows. */
  clear(write: OwnWrite<V>): void {
    this.#clears = [...this.#clears, write]
    for (const entry of this.#covered.values()) entry.supersede()
    for (const id of [...this.shown.idsAsLaid()]) {
      const key = this.shown.keyOf(id)
      this.#cover(id, key)
      this.#showing.set(id, key, gone)
    }
  }

  /** Some own writes were given up: what they covered shows again. */
  uncover(): void {
    this.#clears = this.#clears.filter(({ state }) => state !== 'done')
    for (const [id, entry] of this.#covered) this.#reveal(id, entry)
  }

  /** Shows an entry whose own writes were taken back. */
  uncoverOne(id: unknown): void {
    const entry = this.#covered.get(id)
    if (entry !== undefined) this.#reveal(id, entry)
  }

  /** The newest own clear that is not decided. */
  get pendingClear(): OwnWrite<V> | undefined {
    return this.#clears.at(-1)
  }

  /** All entries that own writes cover, by identity. */
  coveredEntries(): ReadonlyMap<unknown, Covered<K, V>> {
    return this.#covered
  }

  /** The entry of an identity, where own writes cover it. */
  covered(id: unknown): Covered<K, V> | undefined {
    return this.#covered.get(id)
  }

  /** Goes on to show an own value that was removed, maybe before it was set: until a sync that begins now has ended. */
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
    // A clear of ours is on its way; what comes before its event is mostly older than it.
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

  /** Shows what the host has, where no own write covers it any more. */
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
