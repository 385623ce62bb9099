// Floor 1. The host's entries. Own writes cover them until the host has decided (docs/PROTOCOL.md#own-writes).
import { gone, type Covered, type Gone, type Judge, type OwnWrite } from './covered.js'
import { Covers } from './covers.js'
import { Doubts, type DoubtPort } from './doubts.js'
import { Marks, type Sync } from './marks.js'
import type { OrderedMap } from './ordered-map.js'
import { Showing, type Entries, type ShowingRules } from './showing.js'

export type { DoubtPort, Sync }
export { gone, type Covered, type Gone, type OwnWrite, type WriteOutcome } from './covered.js'

export type Rules<K, V> = Judge<V> & ShowingRules<K, V>

/** Shared by all replicas without own writes: an empty Map for each would take 200 bytes. */
const none = new Covers<never, never>()

/** How many entries one step looks at, and how many a sync may take away in one turn. */
const [perStep, many] = [16, 4096]

export abstract class Replica<K, V, M extends Entries<K, V> = OrderedMap<K, V>> extends Showing<K, V, M, Rules<K, V>> {
  protected abstract readonly link: DoubtPort
  /** Entries that own writes cover. Empty most of the time: the host's frames then go straight to `shown`. */
  #covers = none as unknown as Covers<K, V>
  /** The number of the last own write that had certainly reached the host when the last sync ended. */
  #passed = 0
  readonly #marks = new Marks()
  /** Most lanes give no reason for any. */
  #doubts: Doubts | undefined

  /** The host reports the value of an entry, or that there is no such entry. Returns whether only a sync that begins now will show
   * the fate of the entry, or of an own write; so does the next. */
  hostSet(key: K, value: V | Gone): boolean {
    const id = this.rules.order.identity(key)
    if (this.#marks.count === 0) this.#doubts?.updated(id)
    else this.#marks[value === gone ? 'delete' : 'add'](id)
    return this.#say(id, key, value)
  }

  /** The host reports that an entry was removed. The remove may be older than the host's last report of the entry. */
  hostRemoved(key: K): boolean {
    const id = this.rules.order.identity(key)
    const entry = this.#covers.get(id)
    const had = entry === undefined ? this.shown.has(id) : entry.truth !== gone
    const { oldest } = entry ?? {}
    // An own remove is newer than every report that came before it was made.
    const isOwn = oldest?.state === 'sent' && oldest.value === gone && !entry!.isHeard
    const isDoubtful = had && !isOwn && this.#doubting.isRecent(id)
    // A covered entry stays named: the report in this sync may be older than the writes of the entry.
    if (entry === undefined) this.#marks.delete(id)
    if (entry?.isHeld || (isDoubtful && oldest === undefined && this.#hold(id, key, entry))) return true
    return this.#say(id, key, gone) || isDoubtful
  }

  /**
   * The host reports that there are no entries. It may be another's clear, which proves nothing of ours and may be older. Each step
   * takes away some entries; the host's next report must wait for the last.
   */
  *hostCleared(): Generator<void, { readonly isOwn: boolean; readonly isDoubtful: boolean }, void> {
    const clear = this.#covers.endClear(id => this.#doubting.isRecent(id))
    let { isDoubtful } = clear
    this.#covers.vanish(id => clear.kept.has(id))
    let count = 0
    for (const id of this.shown.idsAsLaid()) {
      if (++count % perStep === 0) yield
      if (!this.shown.has(id) || this.covered(id) !== undefined) continue
      const isRecent = this.#doubting.isRecent(id)
      isDoubtful ||= isRecent
      const key = this.shown.keyOf(id)
      if (!isRecent || !this.#hold(id, key)) this.show(id, key, gone)
    }
    // Own writes between two steps may have covered entries that are gone.
    this.#covers.vanish((id, { truth }) => truth === gone || clear.kept.has(id))
    // For the other covered entries, a report in a sync may be newer than the clear.
    this.#marks.keep([...clear.kept], id => this.covered(id) !== undefined)
    this.gaveUp()
    return { isOwn: clear.isOwn, isDoubtful }
  }

  /** A sync begins. Entries that the host does not name from now on are gone when the sync ends. */
  beginSync(sync: Sync): void {
    this.#marks.begin(sync, this.shown.size + this.#covers.size === 0)
  }

  /** For all syncs under way, entries named so far no longer count as named. */
  restartSyncs(): void {
    this.#marks.restart(this.shown.size + this.#covers.size === 0)
    this.hostCut()
  }

  /** Unknown entries are gone: the host has reported that, or may have done so while there was no link. */
  hostCut(): void {
    this.#covers.cut()
  }

  /** A report of the host was lost. So entries that the syncs under way have not named are not gone for certain. */
  spoilSyncs(): void {
    this.#marks.restart(true)
  }

  /** A sync is about to end: takes away, step by step, what it did not name. Undefined where that can't be much. */
  sweep(sync: Sync): Generator<void, void, void> | undefined {
    const named = this.#marks.namedIn(sync)
    return named === undefined || this.shown.size - named.size < many ? undefined : this.#swept(named)
  }

  /** A sync ends, and those before it. Entries that the host did not name are gone. Own writes up to the fence have reached the
   * host. Returns whether another sync is needed to decide some of these writes. */
  endSync(sync: Sync): boolean {
    const end = this.#marks.end(sync)
    if (end.named !== undefined) for (const _ of this.#swept(end.named));
    this.#doubts?.synced(end.named)
    const passed = this.#passed
    this.#passed = sync.fence
    const isOpen = this.#covers.settle(this.rules, { fence: sync.fence, passed, ...end })
    this.gaveUp()
    return isOpen
  }

  /** The link is lost. No sync under way will end. What the next link brings is not older than what this link brought. */
  abandonSync(): void {
    this.#marks.abandon()
    this.#doubts?.clear()
    this.hostCut()
    this.#covers.abandon()
  }

  /** Entries of an earlier visit. An entry shows if the host has not reported it yet and no own write covers it. O(1) each. */
  seed(entries: Iterable<readonly [key: K, value: V]>): void {
    this.#marks.fill(this.shown.idsAsLaid())
    if (this.#covers.clears.length > 0) return
    for (const [key, value] of entries) {
      const id = this.rules.order.identity(key)
      const entry = this.#covers.get(id)
      if (entry !== undefined) entry.truth = entry.isHeard ? entry.truth : value
      else if (!this.shown.has(id)) this.show(id, key, value)
    }
  }

  /**
   * Covers an entry with an own write.
   * @param isForced whether an equal value counts as a change @param entry what covers it already
   */
  lay(id: unknown, key: K, write: OwnWrite<V>, isForced = false, entry = this.covered(id)): void {
    const old = this.shown.get(id)
    const truth = old !== undefined || this.shown.has(id) ? (old as V) : gone
    ;(entry ?? this.#ownCovers.lay(id, key, truth)).lay(write)
    this.put(id, key, write.value, old, isForced)
  }

  /** Covers all entries with an own clear. Earlier own writes no longer show. O(1), but for own writes and for what is told. */
  layClear(write: OwnWrite<V>): void {
    const covers = this.#ownCovers
    for (const [id, entry] of covers.each()) {
      entry.supersede()
      this.show(id, entry.key, gone)
    }
    // Only maps are cleared.
    const taken = (this.shown as unknown as OrderedMap<K, V>).takeAll()
    if (taken.size > 0) this.cleared?.(taken)
    covers.clear(write, taken)
  }

  /** Some own writes were given up. The values that they covered show again. */
  gaveUp(): void {
    for (const [id, entry] of this.#covers.uncovered()) this.#reveal(id, entry)
  }

  /** Shows an entry whose own writes were taken back. */
  uncoverOne(id: unknown): void {
    const entry = this.covered(id)
    if (entry !== undefined) this.#reveal(id, entry)
  }

  /** The newest own clear that is not decided yet. */
  get pendingClear(): OwnWrite<V> | undefined {
    return this.#covers.clears.at(-1)
  }

  /** Whether own writes cover any entry. */
  get isCovered(): boolean {
    return this.#covers.size > 0
  }

  /** All entries that own writes cover, by identity. O(n) at the first call after an own clear. */
  coveredEntries(): ReadonlyMap<unknown, Covered<K, V>> {
    return this.#covers.all()
  }

  /** The entry of an identity, if own writes cover it. */
  covered(id: unknown): Covered<K, V> | undefined {
    return this.#covers.get(id)
  }

  /** If an own value was removed, maybe before it was set, shows it until a sync that begins now has ended. */
  #hold(id: unknown, key: K, entry?: Covered<K, V>): boolean {
    if (!(entry?.isOwn ?? this.#doubts?.isOwn(id))) return false
    ;(entry ?? this.#ownCovers.lay(id, key, gone)).hold(this.#marks.count + 1)
    return true
  }

  get #doubting(): Doubts {
    return (this.#doubts ??= new Doubts(this.link, this.#marks))
  }

  get #ownCovers(): Covers<K, V> {
    if (this.#covers === (none as unknown)) this.#covers = new Covers()
    return this.#covers
  }

  #say(id: unknown, key: K, value: V | Gone): boolean {
    const entry = this.#covers.size > 0 ? this.#covers.get(id) : undefined
    if (entry !== undefined) {
      const isInSync = this.#marks.count > 0
      const { newest } = entry
      const isOpen = entry.say(value, this.rules, isInSync, this.#passed)
      this.#reveal(id, entry, newest)
      return isOpen && !isInSync
    }
    // An own clear is on its way. Reports before its event are mostly older than the clear.
    if (this.#covers.clears.length > 0) {
      const laid = this.#ownCovers.lay(id, key, value)
      laid.isNews = laid.isHeard = true
    } else this.show(id, key, value)
    return false
  }

  /** @param named the entries that a sync has named: no others exist */
  *#swept(named: ReadonlySet<unknown>): Generator<void, void, void> {
    if (named.size === this.shown.size && this.#covers.size === 0) return
    let count = 0
    for (const id of this.shown.idsAsLaid()) {
      if (++count % perStep === 0) yield
      const isGone = !named.has(id) && this.shown.has(id) && this.covered(id) === undefined
      if (isGone) this.show(id, this.shown.keyOf(id), gone)
    }
  }

  /** Shows the host's value, if no own write covers the entry any more. @param shown the write that shows, if any does */
  #reveal(id: unknown, entry: Covered<K, V>, shown?: OwnWrite<V>): void {
    if (entry.newest !== undefined) return this.show(id, entry.key, entry.newest.value)
    if (entry.heldFor > 0) return
    if (this.#covers.clears.length > 0) return this.show(id, entry.key, entry.isPastClears ? entry.truth : gone)
    this.#covers.delete(id)
    const { truth } = entry
    if (entry.isOwn && truth !== gone) this.#doubting.tookOwn(id)
    if (shown === undefined || shown.value !== truth) this.showQuietly(id, entry.key, truth)
  }
}
