// Floor 1. One entry that own writes cover: the lane's value, the shown value, and when the lane's shows again. The rules, and the
// reasons for them: docs/PROTOCOL.md#own-writes.

/** In the place of a value: there is no such entry. */
export const gone: unique symbol = Symbol('gone')
export type Gone = typeof gone

/**
 * The outcome of a write. `taken`: the lane has held it. `superseded`: the lane holds another value, set by a later write of anyone or
 * made by the lane from this one. `refused`: the lane holds what it held before, and sent no event.
 * @source docs/PROTOCOL.md#outcomes
 */
export type WriteOutcome = 'taken' | 'superseded' | 'refused'

/** An own write, as far as a replica is concerned. */
export interface OwnWrite<V> {
  readonly state: 'waiting' | 'sent' | 'done'
  /** Its place among all writes that were sent, from 1. Above 0 while waiting: it was on a socket that was lost. */
  readonly seq: number
  /** What it puts in the place of its entry's value. */
  readonly value: V | Gone
  /** The entry that it covers, and its neighbours there. Only the entry changes these. */
  cover: Covered<unknown, V> | undefined
  older: OwnWrite<V> | undefined
  newer: OwnWrite<V> | undefined
  /**
   * Marks it done, takes it off its entry, and reports how it ended.
   * @param isProven whether the host is known to have had it, if it was sent. @default true
   */
  end(outcome: WriteOutcome, isProven?: boolean): void
}

/** What an entry needs to know to decide its writes. */
export interface Judge<V> {
  /** Whether what came is what a host makes of what it was sent, where it takes it. */
  isEcho(sent: V | Gone, came: V | Gone): boolean
  /** Whether two values differ at most in what a host spells differently. */
  isAlike(a: V, b: V): boolean
}

/**
 * How many of an entry's writes are compared with an event, from either end. An echo is nearly always that of the oldest or of
 * the newest; one that is missed leaves its write to a later echo or to a sync. Without a bound, n writes of one key and n
 * events cost n².
 */
const nearest = 16

export class Covered<K, V> {
  readonly key: K
  /** What the host has, as far as it has said. */
  truth: V | Gone
  /** The host has decided a write that was sent after the last own clear: the entry shows, whatever is heard of that clear. */
  isPastClears = false
  /**
   * The host has said something of the entry since its oldest write was sent, other than repeating what it had; or it may have,
   * while there was no link.
   */
  isNews = false
  /** The host has named the entry since its newest write, or the last own clear, was made: maybe with what came after it. */
  isHeard = false
  /** What the host has is an own write that a sync has shown: a remove that comes soon may be older than it. */
  isOwn = false
  /** The host says that an own value was removed, maybe before it was set: it shows until so many syncs have ended. */
  heldFor = 0
  /** Own writes not decided yet, in the order they were made; the newest is what shows. None: only a pending clear covers it. */
  oldest: OwnWrite<V> | undefined
  newest: OwnWrite<V> | undefined

  /** Nothing but a doubt covers it. */
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

  /** Takes a write off, wherever it stands. O(1). */
  remove(write: OwnWrite<V>): void {
    const { older, newer } = write
    if (older === undefined) this.oldest = newer
    else older.newer = newer
    if (newer === undefined) this.newest = older
    else newer.older = older
    write.cover = write.older = write.newer = undefined
  }

  /** An own clear is made: these are on their way yet, but nobody will see what becomes of them. */
  supersede(): void {
    while (this.oldest !== undefined) this.oldest.end('superseded', false)
    this.isPastClears = this.isNews = this.isHeard = false
    this.heldFor = 0
  }

  /**
   * The host says what value the entry has now, or that it has none.
   * @param passed writes numbered so or lower had reached the host before it said so: what is no echo of them decides them
   * @returns whether a write is left that what was said may be an answer to
   */
  say(value: V | Gone, judge: Judge<V>, isInSync: boolean, passed: number): boolean {
    const wasNews = this.isNews
    // What the lane held before is no news, as a sync repeats it, and a host that answers what it refuses. A map's state names
    // nothing that is not there; the state of a value lane, which has no key, may be nothing.
    this.isNews ||= !isSame(this.truth, value, judge) || (isInSync && value === gone && this.key !== undefined)
    // A state may name it more than once.
    this.isOwn &&= isInSync && isSame(this.truth, value, judge)
    this.truth = value
    this.isHeard = true
    this.heldFor = 0
    if (takeEcho(this, judge, isSent)) {
      this.isOwn = isInSync
      // That there is no entry may be the answer to a write behind this remove, which others have removed.
      this.isNews = wasNews && value === gone && this.oldest?.state === 'sent'
      return false
    }
    decide(this, passed)
    return this.oldest?.state === 'sent'
  }

  /** It may have been removed before it was set: what shows stays until so many syncs have ended. */
  hold(syncs: number): void {
    this.truth = gone
    this.isOwn = false
    this.heldFor = syncs
  }

  /** The host says that it has the entry no more, by a clear. */
  vanish(): void {
    this.truth = gone
    this.isNews = true
  }

  /**
   * A sync that was asked for after the writes up to `fence` has ended.
   * @param passed the fence of the sync before
   * @param isNamed whether the host has said anything of the entry within the sync. If not, it is not there, and all writes up to
   * `fence` are decided. If so, that may be older than they are, and another sync is needed
   * @returns whether it is
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

// Apart: private methods would cost each entry 8 bytes, and ten thousand writes may wait.

/** Ends the writes that the host had before it said what it has now. The own clears that were sent before them it had as well. */
function decide(entry: Covered<unknown, unknown>, seq: number): void {
  while (entry.oldest?.state === 'sent' && entry.oldest.seq <= seq) {
    entry.oldest.end(entry.isNews ? 'superseded' : 'refused')
    entry.isPastClears = true
  }
}

/** Ends the write that what the host has can be the echo of, and those before it. Returns whether there was one. */
function takeEcho<K, V>(entry: Covered<K, V>, judge: Judge<V>, isMeant: (write: OwnWrite<V>) => boolean): boolean {
  const isEcho = (write: OwnWrite<V>) => isMeant(write) && judge.isEcho(write.value, entry.truth)
  let echoed: OwnWrite<V> | undefined
  let write = entry.oldest
  for (let i = 0; i < nearest && write !== undefined && echoed === undefined; i++, write = write.newer)
    if (isEcho(write)) echoed = write
  write = entry.newest
  for (let i = 0; i < nearest && write !== undefined && echoed === undefined; i++, write = write.older)
    if (isEcho(write)) echoed = write
  if (echoed === undefined) return false
  while (entry.oldest !== echoed) entry.oldest!.end('superseded')
  // Anybody's remove looks the same.
  echoed.end('taken', echoed.value !== gone)
  // Those that were laid before an own clear went with it.
  entry.isPastClears = true
  entry.isNews = false
  return true
}

const isSent = (write: OwnWrite<unknown>): boolean => write.state === 'sent'

const isSame = <V>(a: V | Gone, b: V | Gone, judge: Judge<V>): boolean =>
  a === gone || b === gone ? a === b : judge.isAlike(a, b)
