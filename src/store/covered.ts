// Floor 1. One entry that own writes cover: what the host has, what shows in its place, and when that gives way. By which rules,
// and why, is written down in docs/PROTOCOL.md#own-writes.

/** In the place of a value: there is no such entry. */
export const gone: unique symbol = Symbol('gone')
export type Gone = typeof gone

/** An own write, as far as a replica is concerned. */
export interface OwnWrite {
  readonly state: 'queued' | 'sent' | 'seen' | 'done'
  /** Its place among all writes that were sent, from 1. Above 0 while queued: it was on a socket that was lost. */
  readonly seq: number
  /** Marks it done, and tells whoever waits. */
  end(outcome: 'taken' | 'superseded'): void
  /** Tells whoever waits; it goes on to cover its entry. */
  tell(outcome: 'taken'): void
  /** It needs no echo any more, but goes on to cover its entry. */
  see(): void
  /** One that was seen needs an echo after all, as if it were sent now. */
  doubt(): void
}

/** Whether what came is what a host makes of what it was sent, where it takes it. */
export type IsEcho<V> = (sent: V | Gone, came: V | Gone) => boolean

interface Laid<V> {
  readonly value: V | Gone
  readonly write: OwnWrite
  /** Whether a sync that was asked for after it has shown it: no value that the host tells from then on is older. */
  wasSeen: boolean
}

/**
 * Decides a write by a sync that has ended, and returns whether another is needed for it. What came since the sync was asked
 * for may be older than a write that was sent before it; only what comes after its end is not.
 * @param passed the fence of the sync before
 */
export function decide(write: OwnWrite, fence: number, passed: number, outcome: 'taken' | 'superseded'): boolean {
  if (write.state !== 'sent' || write.seq > fence) return false
  if (write.seq > passed) return true
  write.end(outcome)
  return false
}

export class Covered<K, V> {
  readonly key: K
  /** What the host has, as far as it has said. */
  truth: V | Gone
  /** Whether the host has told of a write that was sent after the last own clear: the entry shows, whatever is heard of that one. */
  isPastClears = false
  readonly #isEcho: IsEcho<V>
  /** Own writes not decided yet, in order; the last is what shows. None: only a pending clear covers the entry. */
  #writes: Laid<V>[] = []

  constructor(key: K, truth: V | Gone, isEcho: IsEcho<V>) {
    this.key = key
    this.truth = truth
    this.#isEcho = isEcho
  }

  /** The write that shows. */
  get last(): { readonly value: V | Gone; readonly write: OwnWrite } | undefined {
    return this.#writes.at(-1)
  }

  lay(value: V | Gone, write: OwnWrite): void {
    // What covers the entry will be this one.
    this.endSeen()
    // One that folded into this write is done.
    this.clean()
    this.#writes.push({ value, write, wasSeen: false })
  }

  /** Forgets writes that are done. */
  clean(): void {
    this.#writes = this.#writes.filter(({ write }) => write.state !== 'done')
  }

  /** An own clear is made: these are on their way yet, but nobody will see what becomes of them. */
  supersede(): void {
    for (const { write } of this.#writes) write.end('superseded')
    this.#writes = []
    this.isPastClears = false
  }

  /** The host says what value the entry has now. */
  set(value: V | Gone, isInSync: boolean): void {
    this.truth = value
    this.#takeEcho(({ state }) => state === 'sent', isInSync)
    const [first] = this.#writes
    if (first?.wasSeen !== true || this.#isEcho(first.value, value)) return
    // What the lane came to hold after it.
    first.write.end('taken')
    this.#writes.shift()
  }

  /** The host says that it has the entry no more: since before a write that was seen, or since after it, as that one's echo or another sync will tell. */
  vanish(): void {
    this.truth = gone
    for (const { write } of this.#writes) if (write.state === 'seen') write.doubt()
  }

  /** The host says that the entry was removed. */
  remove(isInSync: boolean): void {
    this.vanish()
    this.#takeEcho(({ state }) => state === 'sent', isInSync)
  }

  /** Nothing older than what was seen will come any more. */
  endSeen(): void {
    for (const { write } of this.#writes) if (write.state === 'seen') write.end('taken')
  }

  /** A sync that was asked for after the writes up to `fence` has ended: returns whether another is needed, see `decide`. */
  settle(fence: number, passed: number): boolean {
    const told = this.#takeEcho(
      ({ state, seq }) => seq > 0 && (state === 'queued' || (state === 'sent' && seq <= fence)),
      true,
    )
    if (told !== undefined) {
      told.wasSeen = this.isPastClears = true
      told.write.see()
    }
    let isOpen = false
    for (const { write } of this.#writes) isOpen = decide(write, fence, passed, 'superseded') || isOpen
    const [first] = this.#writes
    if (first?.write.state === 'queued' && first.value === gone && this.truth === gone) first.write.end('taken')
    return isOpen
  }

  /** Whether a write of it is seen, and covers older removes. */
  get isSeen(): boolean {
    return this.#writes[0]?.write.state === 'seen'
  }

  /**
   * Ends the first own write that what the host has can be the echo of (later ones will have echoes of their own, or be
   * decided by a sync), and those before it. Within a sync a value is ahead of removes that are older: the write is then told
   * to be taken, but goes on to cover its entry, and is returned.
   */
  #takeEcho(isMeant: (write: OwnWrite) => boolean, isInSync: boolean): Laid<V> | undefined {
    const at = this.#writes.findIndex(({ value, write }) => isMeant(write) && this.#isEcho(value, this.truth))
    if (at < 0) return undefined
    for (const { write } of this.#writes.splice(0, at)) write.end('superseded')
    const first = this.#writes[0]!
    if (isInSync && first.write.state === 'sent' && this.truth !== gone) {
      first.write.tell('taken')
      return first
    }
    this.#writes.shift()
    first.write.end('taken')
    // Those that were laid before an own clear went with it.
    this.isPastClears = true
    return undefined
  }
}
