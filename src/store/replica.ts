// Floor 1. What a map shows: the host's entries, and own writes laid over them until the host has decided. It knows neither
// Recon nor WARP; when an own write settles is written down in docs/PROTOCOL.md#own-writes.
import { Covered, gone, type Gone, type Judge, type OwnWrite } from './covered.js'
import { OrderedMap, type KeyOrder } from './ordered-map.js'
import { Recent } from './recent.js'

export { gone, type Covered, type Gone, type Outcome, type OwnWrite } from './covered.js'

/** Called for each change of what `get` gives, once, after it is made. */
export type OnChange<K, V> = (id: unknown, key: K, value: V | Gone, old: V | Gone) => void

/** What a replica goes by. */
export interface ReplicaRules<K, V> extends Judge<V> {
  readonly order: KeyOrder<K>
  readonly equals: (a: V, b: V) => boolean
  /** Called with each key and value that is going to show. */
  readonly seal?: ((part: K | V) => void) | undefined
}

/** What a replica needs of its link. */
export interface ReplicaPort {
  /** A host whose removes and clears never come behind a newer update. */
  readonly keepsOrder: boolean
  /** By the client's clock, in milliseconds. */
  readonly nowMs: number
  /** A time at which the socket is known to have delivered all that the host had sent. */
  readonly provenMs: number
}

/** A sync under way, told from others by being another object. */
export interface Sync {
  /** Own writes with this number and lower were sent before it was asked for. */
  readonly fence: number
}

/** The entries that the host has named since a sync was asked for; undefined where there was none that it could miss. */
interface Mark {
  readonly sync: Sync
  named: Set<unknown> | undefined
}

/** What most replicas have for own writes: nothing is ever put into it. An empty Map of its own takes 200 bytes. */
const none = new Map<never, never>()

export class Replica<K, V> {
  /** What shows: read it, and change it through the replica alone. */
  readonly shown: OrderedMap<K, V>
  readonly #rules: ReplicaRules<K, V>
  readonly #port: ReplicaPort
  readonly #onChange: OnChange<K, V>
  /** Entries that own writes cover. Empty most of the time: the host's frames then go straight to `shown`. */
  #covered: Map<unknown, Covered<K, V>> = none
  /** Own clears not decided yet: until they are, no entry shows but those written after the last of them. */
  #clears: readonly OwnWrite<V>[] = []
  /** The number of the last own write that the host had for certain when the last sync ended. */
  #passed = 0
  #marks: readonly Mark[] = []
  /** From the first remove or clear on that may be late. A lane without any pays nothing for it. */
  #recent: Recent | undefined
  /** Own writes that a sync has shown to be taken. */
  #own: Recent | undefined

  constructor(rules: ReplicaRules<K, V>, port: ReplicaPort, onChange: OnChange<K, V>) {
    this.#rules = rules
    this.#port = port
    this.#onChange = onChange
    this.shown = new OrderedMap(rules.order)
  }

  // What the host says. Each returns whether only a sync that begins now will tell what became of the entry, or of an own write.

  /** The host says what value an entry has now, or that it has none. */
  hostSet(key: K, value: V | Gone): boolean {
    const id = this.#rules.order.identity(key)
    if (this.#marks.length > 0) for (const { named } of this.#marks) named?.[value === gone ? 'delete' : 'add'](id)
    else if (this.#recent !== undefined) this.#recent.add(id, this.#port.nowMs)
    return this.#say(id, key, value)
  }

  /** The host says that an entry was removed. That may be older than what it has said of the entry before. */
  hostRemoved(key: K): boolean {
    const id = this.#rules.order.identity(key)
    const entry = this.#covered.get(id)
    const had = entry === undefined ? this.shown.has(id) : entry.truth !== gone
    // An own remove came after all that the host had said of the entry when it was sent.
    const isOwn = entry?.oldest?.state === 'sent' && entry.oldest.value === gone && !entry.isNews
    const isDoubtful = had && !isOwn && this.#isRecent(id)
    // Of an entry that is covered something was said in this sync, which may be older than its writes.
    if (entry === undefined) for (const { named } of this.#marks) named?.delete(id)
    if (isDoubtful && entry === undefined && this.#hold(id, key)) return true
    return this.#say(id, key, gone) || isDoubtful
  }

  /** The host says that there are no entries, which may be older than what it has said of some. */
  hostCleared(): { readonly isOwn: boolean; readonly isDoubtful: boolean } {
    const clear = this.#clears.find(({ state }) => state === 'sent')
    this.#clears = this.#clears.filter(each => each !== clear)
    clear?.end('taken')
    let isDoubtful = false
    const kept: unknown[] = []
    for (const [id, entry] of this.#covered) {
      if (clear !== undefined && entry.isPastClears) kept.push(id)
      else {
        if (entry.truth !== gone) isDoubtful ||= clear === undefined ? this.#isRecent(id) : entry.isNews
        entry.vanish()
      }
    }
    for (const id of [...this.shown.idsAsLaid()]) {
      if (this.#covered.has(id)) continue
      const isRecent = this.#isRecent(id)
      isDoubtful ||= isRecent
      const key = this.shown.keyOf(id)
      if (!isRecent || !this.#hold(id, key)) this.#show(id, key, gone)
    }
    for (const mark of this.#marks) mark.named &&= new Set(kept)
    this.uncover()
    return { isOwn: clear !== undefined, isDoubtful }
  }

  /** A sync begins: what the host does not name from now on is gone at its end. */
  beginSync(sync: Sync): void {
    this.#marks = [...this.#marks, { sync, named: this.#newMark() }]
  }

  /** What the host has named counts no longer, for all syncs under way. */
  restartSyncs(): void {
    for (const mark of this.#marks) mark.named = this.#newMark()
  }

  #newMark(): Set<unknown> | undefined {
    return this.shown.size === 0 && this.#covered.size === 0 ? undefined : new Set()
  }

  /**
   * A sync ends, and those before it with it: what the host did not name is gone, and own writes up to its fence have all reached
   * the host. Returns whether another sync is needed to decide some of them.
   */
  endSync(sync: Sync): boolean {
    const at = this.#marks.findIndex(mark => mark.sync === sync)
    for (const entry of this.#covered.values()) entry.heldFor = Math.max(0, entry.heldFor - (at + 1 || 1))
    const named = this.#marks[at]?.named
    this.#marks = this.#marks.slice(at + 1)
    if (named !== undefined) this.#sweep(named)
    this.#recent?.beginWith(named, this.#port.nowMs)
    const passed = this.#passed
    const { fence } = sync
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
    this.#marks = []
    this.#recent?.clear()
    for (const entry of this.#covered.values()) entry.heldFor = Math.min(1, entry.heldFor)
  }

  /**
   * Lays an own write over an entry.
   * @param isForced whether it is a change even where its value equals the one that shows
   */
  write(key: K, write: OwnWrite<V>, isForced = false): void {
    const id = this.#rules.order.identity(key)
    this.#cover(id, key).lay(write)
    this.#show(id, key, write.value, isForced)
  }

  /** Lays an own clear over all entries; what was written before it no longer shows. */
  clear(write: OwnWrite<V>): void {
    this.#clears = [...this.#clears, write]
    for (const entry of this.#covered.values()) {
      entry.supersede()
      entry.isNews = false
    }
    for (const id of [...this.shown.idsAsLaid()]) {
      const key = this.shown.keyOf(id)
      this.#cover(id, key)
      this.#show(id, key, gone)
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
  coveredEntries(): Iterable<[unknown, Covered<K, V>]> {
    return this.#covered
  }

  /** The entry of an identity, where own writes cover it. */
  covered(id: unknown): Covered<K, V> | undefined {
    return this.#covered.get(id)
  }

  #isRecent(id: unknown): boolean {
    if (this.#port.keepsOrder) return false
    if (this.#recent === undefined) {
      // Nothing is known of what came before.
      this.#recent = new Recent()
      this.#recent.beginWith(undefined, this.#port.nowMs)
    }
    const isNamed = this.#marks.some(({ named }) => named?.has(id) !== false)
    return isNamed || this.#recent.has(id, this.#port.provenMs)
  }

  /** Goes on to show an own value that was removed, maybe before it was set: until a sync that begins now has ended. */
  #hold(id: unknown, key: K): boolean {
    if (this.#own?.has(id, this.#port.provenMs) !== true) return false
    const entry = this.#lay(id, key, gone)
    entry.heldFor = this.#marks.length + 1
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
      const isInSync = this.#marks.length > 0
      const isOpen = entry.say(value, this.#rules, isInSync, this.#passed)
      this.#reveal(id, entry)
      return isOpen && !isInSync
    }
    // A clear of ours is on its way; what comes before its event is mostly older than it.
    if (this.#clears.length > 0) this.#lay(id, key, value).isNews = true
    else this.#show(id, key, value)
    return false
  }

  #sweep(named: ReadonlySet<unknown>): void {
    if (named.size === this.shown.size && this.#covered.size === 0) return
    for (const id of [...this.shown.idsAsLaid()]) {
      if (!named.has(id) && !this.#covered.has(id)) this.#show(id, this.shown.keyOf(id), gone)
    }
  }

  /** Shows what the host has, where no own write covers it any more. */
  #reveal(id: unknown, entry: Covered<K, V>): void {
    if (entry.newest !== undefined) return this.#show(id, entry.key, entry.newest.value)
    if (this.#clears.length > 0) return this.#show(id, entry.key, entry.isPastClears ? entry.truth : gone)
    if (entry.heldFor > 0) return
    this.#covered.delete(id)
    const { shown } = this
    const { truth } = entry
    if (entry.isOwn && truth !== gone && !this.#port.keepsOrder) (this.#own ??= new Recent()).add(id, this.#port.nowMs)
    const isSilent = truth !== gone && shown.has(id) && this.#rules.isAlike(shown.get(id) as V, truth)
    if (!isSilent) this.#show(id, entry.key, truth)
    else if (!this.#rules.equals(shown.get(id) as V, truth)) {
      this.#rules.seal?.(truth)
      shown.replace(id, truth)
    }
  }

  /** Changes what shows, and reports it, where it is a change at all. */
  #show(id: unknown, key: K, value: V | Gone, isForced = false): void {
    const { shown } = this
    const { seal } = this.#rules
    const old = shown.get(id)
    if (seal !== undefined && value !== gone) {
      seal(key)
      seal(value)
    }
    if (value === gone) {
      if (old === undefined && !shown.has(id)) return
      shown.delete(id)
      this.#onChange(id, key, gone, old as V)
    } else if (old === undefined && shown.add(id, key, value)) this.#onChange(id, key, value, gone)
    else if (isForced || !this.#rules.equals(old as V, value)) {
      shown.replace(id, value)
      this.#onChange(id, key, value, old as V)
    }
  }
}
