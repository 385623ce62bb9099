// Floor 1. What a map shows: the host's entries, and own writes laid over them until the host has decided. It knows neither
// Recon nor WARP; when an own write settles is written down in docs/PROTOCOL.md#own-writes.
import { OrderedMap, type KeyOrder } from './ordered-map.js'

/** In the place of a value: there is no such entry. */
export const gone: unique symbol = Symbol('gone')
export type Gone = typeof gone

/** An own write, as far as a replica is concerned. */
export interface OwnWrite {
  readonly state: 'queued' | 'sent' | 'done'
  /** Its place among all writes that were sent, from 1. Above 0 while queued: it was on a socket that was lost. */
  readonly seq: number
  /** Marks it done, and tells whoever waits. */
  end(outcome: 'taken' | 'superseded'): void
  /** Tells whoever waits; it goes on to cover its entry. */
  tell(outcome: 'taken'): void
}

/** Told of each change of what `get` gives, once, after it is made. */
export type OnChange<K, V> = (id: unknown, key: K, value: V | Gone, old: V | Gone) => void

export interface ReplicaOptions<K, V> {
  readonly order: KeyOrder<K>
  readonly equals: (a: V, b: V) => boolean
  /** Whether what a host spells differently than it was sent is no change to tell of. */
  readonly isAlike: (a: V, b: V) => boolean
  /** Whether what came is what a host makes of what it was sent, where it takes it. */
  readonly isEcho: (sent: V | Gone, came: V | Gone) => boolean
  readonly onChange: OnChange<K, V>
}

/** An entry that own writes cover. */
interface Covered<K, V> {
  readonly key: K
  /** What the host has, as far as it has said. */
  truth: V | Gone
  /** Own writes not decided yet, in order; the last is what shows. None: only a pending clear covers it. */
  writes: { readonly value: V | Gone; readonly write: OwnWrite }[]
}

export class Replica<K, V> {
  /** What shows: read it, and change it through the replica alone. */
  readonly shown: OrderedMap<K, V>
  readonly #options: ReplicaOptions<K, V>
  /** Entries that own writes cover. Empty most of the time: the host's frames then go straight to `shown`. */
  readonly #covered = new Map<unknown, Covered<K, V>>()
  /** Own clears not decided yet: until they are, no entry shows but those written after the last of them. */
  #clears: OwnWrite[] = []
  /** The number of the last own write that the host had for certain when the last sync ended. */
  #passed = 0
  /** For each sync under way, the entries that the host has named since it began; undefined where there was none to be missed. */
  #named: (Set<unknown> | undefined)[] = []

  constructor(options: ReplicaOptions<K, V>) {
    this.#options = options
    this.shown = new OrderedMap(options.order)
  }

  /** The host says that an entry has a value, or that there is none. */
  hostSet(key: K, value: V | Gone): void {
    const id = this.#options.order.identity(key)
    for (const named of this.#named) {
      if (value === gone) named?.delete(id)
      else named?.add(id)
    }
    if (this.#covered.size > 0 || this.#clears.length > 0) this.#setCovered(id, key, value)
    else this.#show(id, key, value)
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
      entry.truth = gone
      if (entry.writes.length === 0) this.#covered.delete(id)
    }
    for (const id of [...this.shown.idsAsLaid()]) if (!this.#covered.has(id)) this.#show(id, this.shown.keyOf(id), gone)
    return clear !== undefined
  }

  /** A sync begins: what the host does not name from now on is gone at its end. */
  beginSync(): void {
    const isEmpty = this.shown.size === 0 && this.#covered.size === 0
    this.#named.push(isEmpty ? undefined : new Set())
  }

  /**
   * A sync ends: what the host did not name is gone, and own writes numbered up to `fence` have all reached it. Returns
   * whether another sync is needed, to decide what this one leaves open.
   * @param left how many syncs are still under way: of those before them, the last has ended
   */
  endSync(fence: number, left: number): boolean {
    const named = this.#named.splice(0, this.#named.length - left).at(-1)
    if (named !== undefined) this.#sweep(named)
    return this.#settle(fence)
  }

  abandonSync(): void {
    this.#named = []
  }

  /** Lays an own write over an entry. */
  write(key: K, value: V | Gone, write: OwnWrite): void {
    const id = this.#options.order.identity(key)
    const entry = this.#cover(id, key)
    // One that folded into this write is done.
    entry.writes = entry.writes.filter(each => each.write.state !== 'done')
    entry.writes.push({ value, write })
    this.#show(id, key, value)
  }

  /** Lays an own clear over all entries; what was written before it no longer shows. */
  clear(write: OwnWrite): void {
    this.#clears.push(write)
    for (const entry of this.#covered.values()) {
      // These are on their way yet, but nobody will see what becomes of them.
      for (const { write } of entry.writes) write.end('superseded')
      entry.writes = []
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
    for (const [id, entry] of this.#covered) {
      entry.writes = entry.writes.filter(({ write }) => write.state !== 'done')
      this.#reveal(id, entry)
    }
  }

  /** The last own write of an entry that is not decided yet. */
  pending(id: unknown): OwnWrite | undefined {
    return this.#covered.get(id)?.writes.at(-1)?.write
  }

  #cover(id: unknown, key: K): Covered<K, V> {
    let entry = this.#covered.get(id)
    if (entry === undefined) {
      entry = { key, truth: this.shown.has(id) ? (this.shown.get(id) as V) : gone, writes: [] }
      this.#covered.set(id, entry)
    }
    return entry
  }

  #setCovered(id: unknown, key: K, value: V | Gone): void {
    const entry = this.#covered.get(id)
    if (entry === undefined) {
      // A clear of ours is on its way; what comes meanwhile is mostly older than it.
      if (this.#clears.length > 0) this.#covered.set(id, { key, truth: value, writes: [] })
      else this.#show(id, key, value)
      return
    }
    entry.truth = value
    this.#takeEcho(entry, ({ state }) => state === 'sent', this.#named.length > 0)
    this.#reveal(id, entry)
  }

  #sweep(named: ReadonlySet<unknown>): void {
    for (const [id, entry] of this.#covered) if (!named.has(id)) entry.truth = gone
    if (named.size === this.shown.size && this.#covered.size === 0) return
    for (const id of [...this.shown.idsAsLaid()]) {
      if (!named.has(id) && !this.#covered.has(id)) this.#show(id, this.shown.keyOf(id), gone)
    }
  }

  /**
   * What came since the sync was asked for may be older than a write that was sent before it; only what comes after its end
   * is not. So a sync decides what an earlier one has passed already, and what shows as it was written.
   */
  #settle(fence: number): boolean {
    const passed = this.#passed
    this.#passed = fence
    let isOpen = false
    const decide = (write: OwnWrite, told: OwnWrite | undefined, outcome: 'taken' | 'superseded') => {
      if (write.state !== 'sent' || write.seq > fence) return
      if (write.seq <= passed) write.end(write === told ? 'taken' : outcome)
      else isOpen ||= write !== told
    }
    for (const clear of this.#clears) decide(clear, undefined, 'taken')
    for (const entry of this.#covered.values()) {
      const told = this.#takeEcho(entry, ({ state, seq }) => (state === 'sent' ? seq <= fence : seq > 0), true)
      for (const { write } of entry.writes) decide(write, told, 'superseded')
      const [first] = entry.writes
      if (first?.write.state === 'queued' && first.value === gone && entry.truth === gone) first.write.end('taken')
    }
    this.uncover()
    return isOpen
  }

  /**
   * Ends the first own write that what the host has can be the echo of (later ones will have echoes of their own, or be
   * decided by a sync), and those before it. Within a sync a value is ahead of removes that are older: the write is then told
   * to be taken, but goes on to cover its entry, and is returned.
   */
  #takeEcho(entry: Covered<K, V>, isMeant: (write: OwnWrite) => boolean, isInSync: boolean): OwnWrite | undefined {
    const at = entry.writes.findIndex(each => isMeant(each.write) && this.#options.isEcho(each.value, entry.truth))
    if (at < 0) return undefined
    for (const { write } of entry.writes.splice(0, at)) write.end('superseded')
    const { write } = entry.writes[0]!
    if (isInSync && write.state === 'sent' && entry.truth !== gone) {
      write.tell('taken')
      return write
    }
    entry.writes.shift()
    write.end('taken')
    return undefined
  }

  /** Shows what the host has, where no own write covers it any more. */
  #reveal(id: unknown, entry: Covered<K, V>): void {
    if (entry.writes.length > 0) return this.#show(id, entry.key, entry.writes.at(-1)!.value)
    if (this.#clears.length > 0) return this.#show(id, entry.key, gone)
    this.#covered.delete(id)
    const { shown } = this
    const { truth } = entry
    const isSilent = truth !== gone && shown.has(id) && this.#options.isAlike(shown.get(id) as V, truth)
    if (!isSilent) this.#show(id, entry.key, truth)
    else if (!this.#options.equals(shown.get(id) as V, truth)) shown.replace(id, truth)
  }

  /** Changes what shows, and tells of it, where it is a change at all. */
  #show(id: unknown, key: K, value: V | Gone): void {
    const { equals, onChange } = this.#options
    const { shown } = this
    const old = shown.get(id)
    if (value === gone) {
      if (old === undefined && !shown.has(id)) return
      shown.delete(id)
      onChange(id, key, gone, old as V)
    } else if (old === undefined && shown.add(id, key, value)) onChange(id, key, value, gone)
    else if (!equals(old as V, value)) {
      shown.replace(id, value)
      onChange(id, key, value, old as V)
    }
  }
}
