// Floor 1. What a map shows: the host's entries, and own writes laid over them until the host has decided. It knows neither
// Recon nor WARP; when an own write settles is written down in docs/PROTOCOL.md#own-writes.
import { Covered, decide, gone, type Gone, type IsEcho, type OwnWrite } from './covered.js'
import { OrderedMap, type KeyOrder } from './ordered-map.js'

export { gone, type Gone, type OwnWrite } from './covered.js'

/** Told of each change of what `get` gives, once, after it is made. */
export type OnChange<K, V> = (id: unknown, key: K, value: V | Gone, old: V | Gone) => void

/** What a replica goes by. */
export interface ReplicaRules<K, V> {
  readonly order: KeyOrder<K>
  readonly equals: (a: V, b: V) => boolean
  /** Whether what a host spells differently than it was sent is no change to tell of. */
  readonly isAlike: (a: V, b: V) => boolean
  readonly isEcho: IsEcho<V>
}

/** What most replicas have for own writes: nothing is ever put into it. An empty Map of its own takes 200 bytes. */
const none = new Map<never, never>()

export class Replica<K, V> {
  /** What shows: read it, and change it through the replica alone. */
  readonly shown: OrderedMap<K, V>
  readonly #rules: ReplicaRules<K, V>
  readonly #onChange: OnChange<K, V>
  /** Entries that own writes cover. Empty most of the time: the host's frames then go straight to `shown`. */
  #covered: Map<unknown, Covered<K, V>> = none
  /** Own clears not decided yet: until they are, no entry shows but those written after the last of them. */
  #clears: OwnWrite[] = []
  /** The number of the last own write that the host had for certain when the last sync ended. */
  #passed = 0
  /** For each sync under way, the entries that the host has named since it began; undefined where there was none to be missed. */
  #named: readonly (Set<unknown> | undefined)[] = []
  /** Whether any write may be `seen`: until the host has said what it had to say before it, that one covers its entry. */
  #hasSeen = false

  constructor(rules: ReplicaRules<K, V>, onChange: OnChange<K, V>) {
    this.#rules = rules
    this.#onChange = onChange
    this.shown = new OrderedMap(rules.order)
  }

  /** The host says what value an entry has now, or that it has none. */
  hostSet(key: K, value: V | Gone): void {
    // Outside of a sync this comes behind all that is older.
    if (this.#hasSeen && this.#named.length === 0) {
      this.#endSeen()
      this.uncover()
    }
    this.#set(this.#rules.order.identity(key), key, value, false)
  }

  /** The host says that an entry was removed, which may be older than what it has said of it in a sync. */
  hostRemoved(key: K): void {
    this.#set(this.#rules.order.identity(key), key, gone, true)
  }

  /** The host says that there are no entries. Returns whether that is the echo of an own clear. */
  hostCleared(): boolean {
    for (const named of this.#named) named?.clear()
    const clear = this.#clears.find(({ state }) => state === 'sent')
    if (clear !== undefined) {
      this.#clears = this.#clears.filter(each => each !== clear)
      clear.end('taken')
    }
    for (const [id, entry] of this.#covered) {
      entry.vanish()
      if (entry.last === undefined) this.#covered.delete(id)
    }
    for (const id of [...this.shown.idsAsLaid()]) if (!this.#covered.has(id)) this.#show(id, this.shown.keyOf(id), gone)
    return clear !== undefined
  }

  /** A sync begins: what the host does not name from now on is gone at its end. */
  beginSync(): void {
    this.#named = [...this.#named, this.#mark()]
  }

  /** What the host has named counts no longer, for all syncs under way. */
  restartSyncs(): void {
    this.#named = this.#named.map(() => this.#mark())
  }

  #mark(): Set<unknown> | undefined {
    return this.shown.size === 0 && this.#covered.size === 0 ? undefined : new Set()
  }

  /**
   * A sync ends: what the host did not name is gone, and own writes numbered up to `fence` have all reached it. Returns
   * whether another sync is needed, to decide what this one leaves open.
   * @param left how many syncs are still under way: of those before them, the last has ended
   */
  endSync(fence: number, left: number): boolean {
    const ended = Math.max(0, this.#named.length - left)
    const named = this.#named.slice(0, ended).at(-1)
    this.#named = this.#named.slice(ended)
    if (named !== undefined) this.#sweep(named)
    return this.#settle(fence)
  }

  /** The link is lost: no sync under way will end, and what comes of the next one is not older than what came of this. */
  abandonSync(): void {
    this.#named = []
    // They show until the next sync has ended.
    this.#endSeen()
  }

  /** Lays an own write over an entry. */
  write(key: K, value: V | Gone, write: OwnWrite): void {
    const id = this.#rules.order.identity(key)
    this.#cover(id, key).lay(value, write)
    this.#show(id, key, value)
  }

  /** Lays an own clear over all entries; what was written before it no longer shows. */
  clear(write: OwnWrite): void {
    this.#clears.push(write)
    for (const entry of this.#covered.values()) entry.supersede()
    for (const id of [...this.shown.idsAsLaid()]) {
      const key = this.shown.keyOf(id)
      this.#cover(id, key)
      this.#show(id, key, gone)
    }
  }

  /** Some own writes were given up: what they covered shows again. */
  uncover(): void {
    this.#clears = this.#clears.filter(({ state }) => state !== 'done')
    for (const [id, entry] of this.#covered) {
      entry.clean()
      this.#reveal(id, entry)
    }
  }

  /** The last own write of an entry that is not decided yet. */
  pending(id: unknown): OwnWrite | undefined {
    return this.#covered.get(id)?.last?.write
  }

  #cover(id: unknown, key: K): Covered<K, V> {
    let entry = this.#covered.get(id)
    if (entry === undefined) {
      entry = this.#lay(id, key, this.shown.has(id) ? (this.shown.get(id) as V) : gone)
    }
    return entry
  }

  #lay(id: unknown, key: K, truth: V | Gone): Covered<K, V> {
    const entry = new Covered<K, V>(key, truth, this.#rules.isEcho)
    if (this.#covered === none) this.#covered = new Map()
    this.#covered.set(id, entry)
    return entry
  }

  #set(id: unknown, key: K, value: V | Gone, isRemoval: boolean): void {
    for (const named of this.#named) {
      if (value === gone) named?.delete(id)
      else named?.add(id)
    }
    const entry = this.#covered.size > 0 ? this.#covered.get(id) : undefined
    if (entry !== undefined) {
      const isInSync = this.#named.length > 0
      if (isRemoval) entry.remove(isInSync)
      else entry.set(value, isInSync)
      this.#reveal(id, entry)
      // A clear of ours is on its way; what comes meanwhile is mostly older than it.
    } else if (this.#clears.length > 0) this.#lay(id, key, value)
    else this.#show(id, key, value)
  }

  #endSeen(): void {
    if (this.#hasSeen) for (const entry of this.#covered.values()) entry.endSeen()
    this.#hasSeen = false
  }

  #sweep(named: ReadonlySet<unknown>): void {
    for (const [id, entry] of this.#covered) {
      if (named.has(id)) continue
      entry.truth = gone
      entry.endSeen()
    }
    if (named.size === this.shown.size && this.#covered.size === 0) return
    for (const id of [...this.shown.idsAsLaid()]) {
      if (!named.has(id) && !this.#covered.has(id)) this.#show(id, this.shown.keyOf(id), gone)
    }
  }

  #settle(fence: number): boolean {
    const passed = this.#passed
    this.#passed = fence
    let isOpen = false
    for (const clear of this.#clears) isOpen = decide(clear, fence, passed, 'taken') || isOpen
    for (const entry of this.#covered.values()) {
      isOpen = entry.settle(fence, passed) || isOpen
      this.#hasSeen ||= entry.isSeen
    }
    this.uncover()
    return isOpen
  }

  /** Shows what the host has, where no own write covers it any more. */
  #reveal(id: unknown, entry: Covered<K, V>): void {
    if (entry.last !== undefined) return this.#show(id, entry.key, entry.last.value)
    if (this.#clears.length > 0) return this.#show(id, entry.key, entry.isPastClears ? entry.truth : gone)
    this.#covered.delete(id)
    const { shown } = this
    const { truth } = entry
    const isSilent = truth !== gone && shown.has(id) && this.#rules.isAlike(shown.get(id) as V, truth)
    if (!isSilent) this.#show(id, entry.key, truth)
    else if (!this.#rules.equals(shown.get(id) as V, truth)) shown.replace(id, truth)
  }

  /** Changes what shows, and tells of it, where it is a change at all. */
  #show(id: unknown, key: K, value: V | Gone): void {
    const { shown } = this
    const old = shown.get(id)
    if (value === gone) {
      if (old === undefined && !shown.has(id)) return
      shown.delete(id)
      this.#onChange(id, key, gone, old as V)
    } else if (old === undefined && shown.add(id, key, value)) this.#onChange(id, key, value, gone)
    else if (!this.#rules.equals(old as V, value)) {
      shown.replace(id, value)
      this.#onChange(id, key, value, old as V)
    }
  }
}
