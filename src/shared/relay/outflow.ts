// Floor 6. What leaves for one tab: frames in batches, few of them at a time that the tab has not taken in. While it takes none, as a
// page that is frozen or busy, changes of maps fold: of each entry the last is kept.
import type { Cancel, Clock } from '../../base/clock.js'
import { charsOf, takenAtOnce } from '../port.js'

/** A link that has something to say by itself. */
export interface Source {
  readonly prio: number
  /** The next frame; undefined where there is none. */
  next(): string | undefined
}

export interface OutflowPort {
  readonly clock: Clock
  post(frames: readonly string[]): void
  /** It is so far behind that its socket has to end. */
  overflowed(): void
}

/** UTF-16 units of a batch. */
const batchChars = 2 ** 17
/** What may be on its way: so many UTF-16 units, in so many batches. A page says of several at once that it has taken them in. */
const charsOnTheWay = 2 * batchChars
const batchesOnTheWay = 2 * takenAtOnce
/**
 * How long after one batch the next goes, in milliseconds, if it is not full: a message costs a page as much as a frame of its own
 * socket would, however many frames are in it. The first after a pause goes at once. `npm run bench:tabs`
 */
const gapMs = 3
/** UTF-16 units that wait in order, as they came, before changes of maps fold. */
const foldsFrom = 2 ** 19
/** Beyond so many UTF-16 units of what does not fold, or so many entries of one lane that have changed, the socket ends. */
const maxChars = 2 ** 22
const maxEntries = 2 ** 20

export class Outflow {
  readonly #port: OutflowPort
  #frames: string[] = []
  #chars = 0
  /** Links that have something to say. */
  readonly #sources = new Set<Source>()
  /** Of those, the ones whose changes fold. */
  readonly #folding = new Set<Source>()
  /** UTF-16 units of each batch that the tab has not taken in. */
  #onTheWay: number[] = []
  #turn: Cancel | undefined
  /** What is scheduled waits for the gap. */
  #isGap = false
  #postedMs = -Infinity

  constructor(port: OutflowPort) {
    this.#port = port
  }

  /** Whether the tab takes in less than comes. */
  get isBehind(): boolean {
    return this.#chars > foldsFrom || this.#folding.size > 0
  }

  get #isFull(): boolean {
    const { length } = this.#onTheWay
    return (
      length >= batchesOnTheWay || (length > 0 && this.#onTheWay.reduce((sum, chars) => sum + chars) >= charsOnTheWay)
    )
  }

  push(text: string): void {
    this.#frames.push(text)
    this.#chars += text.length
    if (this.#chars > maxChars && this.#onTheWay.length > 0) return this.#port.overflowed()
    this.#schedule()
  }

  /** A link has something to say. */
  wake(source: Source): void {
    this.#sources.add(source)
    this.#schedule()
  }

  /** The same of one that folds changes, so many by now. */
  folded(source: Source, entries: number): void {
    this.#folding.add(source)
    this.waits(source, entries)
  }

  /** So many frames or changes wait at a link. */
  waits(source: Source, count: number): void {
    if (count > maxEntries) this.#port.overflowed()
    else this.wake(source)
  }

  /** A link is gone. */
  delete(source: Source): void {
    this.#sources.delete(source)
    this.#folding.delete(source)
  }

  /** The tab has taken in what is as long as this. */
  taken(chars: number): void {
    while (chars > 0 && this.#onTheWay.length > 0) chars -= this.#onTheWay.shift()!
    this.#schedule()
  }

  /** Sends what waits in order at once, whatever is on its way: nothing comes after it. */
  end(): void {
    this.#turn?.()
    if (this.#frames.length > 0) this.#port.post(this.#frames)
    this.#frames = []
    this.#sources.clear()
    this.#folding.clear()
  }

  #schedule(): void {
    if (this.#isFull || (this.#frames.length === 0 && this.#sources.size === 0)) return
    const isDue = this.#chars >= batchChars || this.#sources.size > 0
    if (this.#turn !== undefined) {
      if (!isDue || !this.#isGap) return
      this.#turn()
    }
    const { clock } = this.#port
    const waitMs = isDue ? 0 : this.#postedMs + gapMs - clock.now()
    this.#isGap = waitMs > 0
    // In a turn of its own: what comes in one turn goes in one message.
    this.#turn = this.#isGap ? clock.timer(this.#flush, waitMs) : clock.turn(this.#flush)
  }

  readonly #flush = (): void => {
    this.#turn = undefined
    const batch = this.#chars <= batchChars ? this.#frames.splice(0) : this.#cut()
    let chars = this.#chars
    if (this.#frames.length > 0) chars = charsOf(batch)
    this.#chars -= chars
    // Entries are told as they are when they are told: whatever came before is ahead of them.
    if (this.#frames.length === 0) chars += this.#fill(batch, chars)
    if (batch.length === 0) return
    this.#onTheWay.push(chars)
    this.#postedMs = this.#port.clock.now()
    this.#port.post(batch)
    this.#schedule()
  }

  #cut(): string[] {
    let [count, chars] = [0, 0]
    while (count < this.#frames.length && (count === 0 || chars < batchChars)) chars += this.#frames[count++]!.length
    return this.#frames.splice(0, count)
  }

  /** Adds what the links have to say, those of a higher priority first. Returns how long that is. */
  #fill(batch: string[], filled: number): number {
    let chars = 0
    const sources = [...this.#sources].sort((a, b) => b.prio - a.prio)
    for (const source of sources) {
      while (filled + chars < batchChars) {
        const text = source.next()
        if (text === undefined) {
          this.delete(source)
          break
        }
        batch.push(text)
        chars += text.length
      }
    }
    return chars
  }
}
