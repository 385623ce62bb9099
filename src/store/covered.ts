// Floor 1. One entry that own writes cover: the lane's value, the shown value, and when the lane's value shows again. The rules,
// with their reasons: docs/PROTOCOL.md#own-writes.

/** Stands for the value of an entry that does not exist. */
export const gone: unique symbol = Symbol('gone')
export type Gone = typeof gone

/**
 * The outcome of a write. `taken`: the lane has held the value. `superseded`: the lane holds another value, set by a later write of
 * anyone, or made by the lane from this value. `refused`: the lane holds the same value as before, and sent no event.
 * @source docs/PROTOCOL.md#outcomes
 */
export type WriteOutcome = 'taken' | 'superseded' | 'refused'

/** The part of an own write that a replica uses. */
export interface OwnWrite<V> {
  readonly state: 'waiting' | 'sent' | 'done'
  /** Its place among all writes that were sent, from 1. If it is above 0 while waiting, the write was sent on a socket that was lost. */
  readonly seq: number
  /** The new value of its entry. */
  readonly value: V | Gone
  /** The entry that the write covers, and its neighbours among the writes there. Only the entry changes these. */
  cover: Covered<unknown, V> | undefined
  older: OwnWrite<V> | undefined
  newer: OwnWrite<V> | undefined
  /**
   * Marks the write done, removes it from its entry, and reports how it ended.
   * @param isProven whether the host is known to have received the write, if it was sent. @default true
   */
  end(outcome: WriteOutcome, isProven?: boolean): void
}

/** The comparisons by which an entry decides its writes. */
export interface Judge<V> {
  /** Whether the value that came is the one a host reports when it takes the value that was sent. */
  isEcho(sent: V | Gone, came: V | Gone): boolean
  /** Whether two values are equal, apart from what a host spells differently. */
  isAlike(a: V, b: V): boolean
}

/**
 * How many of an entry's writes are compared with an event, from either end. An echo is nearly always of the oldest or of the
 * newest write. If an echo is missed, a later echo or a sync decides its write. Without a bound, n writes of one key and n
 * events cost n².
 */
const nearest = 16

export class Covered<K, V> {
  readonly key: K
  /** The value that the host has, by its last report. */
  truth: V | Gone
  /** The host has decided a write that was sent after the last own clear. So the entry shows, whatever happens to that clear. */
  isPastClears = false
  /**
   * Since the oldest write was sent, the host has reported something new of the entry, not only the value that it had. Also true
   * when the host may have done so while there was no link.
   */
  isNews = false
  /** The host has named the entry since its newest write, or the last own clear, was made. Its value may be newer than those. */
  isHeard = false
  /** The host's value is an own write that a sync has shown. A remove that comes soon may be older than this value. */
  isOwn = false
  /** The host has removed an own value, maybe before it was set. The value shows until so many syncs have ended. */
  heldFor = 0
  /** Own writes not decided yet, in the order they were made. The newest shows. Without any, only a pending clear covers the entry. */
  oldest: OwnWrite<V> | undefined
  newest: OwnWrite<V> | undefined

  /** Whether only a doubt covers the entry. */
  get isHeld(): boolean {
    return this.heldFor > 0 && this.oldest === undefined
  }

  constructor(key: K, truth: V | Gone) {
    this.key = key
    this.truth = truth
  }

  /** Adds a write. O(1). */
  lay(write: OwnWrite<V>): void {
    write.cover = this
    write.older = this.newest
    this.isHeard = false
    if (this.newest === undefined) this.oldest = write
    else this.newest.newer = write
    this.newest = write
  }

  /** Removes a write, wherever it stands. O(1). */
  remove(write: OwnWrite<V>): void {
    const { older, newer } = write
    if (older === undefined) this.oldest = newer
    else older.newer = newer
    if (newer === undefined) this.newest = older
    else newer.older = older
    write.cover = write.older = write.newer = undefined
  }

  /** An own clear is made. The earlier writes are still on their way, but nobody will see their results. */
  supersede(): void {
    while (this.oldest !== undefined) this.oldest.end('superseded', false)
    this.isPastClears = this.isNews = this.isHeard = false
    this.heldFor = 0
  }

  /**
   * The host reports the value of the entry, or that there is no such entry.
   * @param passed writes up to this number had reached the host before the report: a value that is no echo of them decides them
   * @returns whether a write is left that the report may answer
   */
  say(value: V | Gone, judge: Judge<V>, isInSync: boolean, passed: number): boolean {
    const { isNews: wasNews, truth: old } = this
    // A state may name the entry more than once.
    this.isOwn &&= isInSync && isSame(old, value, judge)
    this.truth = value
    this.isHeard = true
    this.heldFor = 0
    if (takeEcho(this, judge, isSent)) {
      this.isOwn = isInSync
      // A later own write may be on its way, and others may have removed its value. Then `gone` may be the answer to that write.
      this.isNews = wasNews && value === gone && this.oldest?.state === 'sent'
      return false
    }
    // The same value is no news: syncs repeat it, and so do hosts that answer a refused write. A map's state does not name missing
    // entries. So `gone` in a sync is news, except for a value lane: it has no key, and its state may be nothing.
    this.isNews ||= !isSame(old, value, judge) || (isInSync && value === gone && this.key !== undefined)
    decide(this, passed)
    return this.oldest?.state === 'sent'
  }

  /** The value may have been removed before it was set. It goes on to show until so many syncs have ended. */
  hold(syncs: number): void {
    this.truth = gone
    this.isOwn = false
    this.heldFor = syncs
  }

  /** The host reports, by a clear, that the entry is gone. */
  vanish(): void {
    this.truth = gone
    this.isNews = true
  }

  /**
   * A sync has ended that was requested after the writes up to `fence`.
   * @param passed the fence of the sync before
   * @param isNamed whether the host has named the entry within the sync. If not, the entry is gone, and all writes up to `fence`
   * are decided. If so, its value may be older than these writes, and another sync is needed
   * @returns whether another sync is needed
   */
  settle(judge: Judge<V>, fence: number, passed: number, isNamed: boolean): boolean {
    if (!isNamed && this.truth !== gone) this.vanish()
    this.isOwn =
      takeEcho(this, judge, ({ state, seq }) => seq > 0 && (state === 'waiting' || seq <= fence)) || this.isOwn
    decide(this, isNamed ? passed : fence)
    const { oldest, truth } = this
    if (oldest?.state === 'waiting' && oldest.value === gone && truth === gone) oldest.end('taken')
    return oldest?.state === 'sent' && oldest.seq <= fence
  }
}

// Functions of their own: private methods would cost each entry 8 bytes, and ten thousand writes may wait.

/** Ends the writes that the host had received before its last report. Own clears sent before these writes had reached it as well. */
function decide(entry: Covered<unknown, unknown>, seq: number): void {
  while (entry.oldest?.state === 'sent' && entry.oldest.seq <= seq) {
    entry.oldest.end(entry.isNews ? 'superseded' : 'refused')
    entry.isPastClears = true
  }
}

/** If the host's value can be the echo of a write, ends that write and those before it. Returns whether there was one. */
function takeEcho<K, V>(entry: Covered<K, V>, judge: Judge<V>, isMeant: (write: OwnWrite<V>) => boolean): boolean {
  const find = (write: OwnWrite<V> | undefined, next: 'newer' | 'older') => {
    for (let i = 0; i < nearest && write !== undefined; i++, write = write[next])
      if (isMeant(write) && judge.isEcho(write.value, entry.truth)) return write
    return undefined
  }
  const echoed = find(entry.oldest, 'newer') ?? find(entry.newest, 'older')
  if (echoed === undefined) return false
  while (entry.oldest !== echoed) entry.oldest!.end('superseded')
  // A remove proves nothing: anybody's remove looks the same.
  echoed.end('taken', echoed.value !== gone)
  // Writes made before an own clear ended with that clear.
  entry.isPastClears = true
  entry.isNews = false
  return true
}

const isSent = (write: OwnWrite<unknown>): boolean => write.state === 'sent'

const isSame = <V>(a: V | Gone, b: V | Gone, judge: Judge<V>): boolean =>
  a === gone || b === gone ? a === b : judge.isAlike(a, b)
