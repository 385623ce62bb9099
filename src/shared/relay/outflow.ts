// Floor 6. Sends frames to one tab in batches. Only a few batches are under way that the tab has not acknowledged. A tab that is frozen
// or busy acknowledges none: then changes of maps fold, and only the last change of each entry is kept.
import type { Cancel, Clock } from '../../base/clock.js'
import { charsOf, takenAtOnce } from '../port.js'

/** A link that has frames to send. */
export interface Source {
  readonly prio: number
  /** The next frame; undefined if there is none. */
  next(): string | undefined
}

export interface OutflowPort {
  readonly clock: Clock
  post(frames: readonly string[]): void
  /** The tab is so far behind that its socket has to end. */
  overflowed(): void
}

/** The size of a batch, in UTF-16 units. */
const batchChars = 2 ** 17
/** How many UTF-16 units, and how many batches, may be unacknowledged. A page acknowledges several batches at once. */
const charsOnTheWay = 2 * batchChars
const batchesOnTheWay = 2 * takenAtOnce
/**
 * The pause between two batches that are not full, in milliseconds. A message costs a page as much as a frame of its own socket,
 * however many frames are in the message. After a longer pause, a batch goes out at once. Measured by `npm run bench:tabs`.
 */
const gapMs = 3
/** How many UTF-16 units wait in order before changes of maps fold. */
const foldsFrom = 2 ** 19
/** Beyond this many UTF-16 units of frames that can't fold, or this many changed entries of one lane, the socket ends. */
const maxChars = 2 ** 22
const maxEntries = 2 ** 20

export class Outflow {
  readonly #port: OutflowPort
  #frames: string[] = []
  #chars = 0
  /** Links that have frames to send. */
  readonly #sources = new Set<Source>()
  /** Those of them whose changes fold. */
  readonly #folding = new Set<Source>()
  /** UTF-16 units of each batch that the tab has not acknowledged. */
  #onTheWay: number[] = []
  #turn: Cancel | undefined
  /** Whether the scheduled batch waits for the pause. */
  #isGap = false
  #postedMs = -Infinity

  constructor(port: OutflowPort) {
    this.#port = port
  }

  /** Whether frames come faster than the tab takes them. */
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

  /** A link has frames to send. */
  wake(source: Source): void {
    this.#sources.add(source)
    this.#schedule()
  }

  /** A link that folds changes has frames to send. @param entries how many entries have changed by now */
  folded(source: Source, entries: number): void {
    this.#folding.add(source)
    this.waits(source, entries)
  }

  /** A number of frames or changes wait at a link. */
  waits(source: Source, count: number): void {
    if (count > maxEntries) this.#port.overflowed()
    else this.wake(source)
  }

  /** A link is gone. */
  delete(source: Source): void {
    this.#sources.delete(source)
    this.#folding.delete(source)
  }

  /** The tab acknowledges so many UTF-16 units. */
  taken(chars: number): void {
    while (chars > 0 && this.#onTheWay.length > 0) chars -= this.#onTheWay.shift()!
    this.#schedule()
  }

  /** Sends all frames that wait in order, at once. Nothing is sent afterwards. */
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
    // In a later turn, so that all frames of this turn go in one message.
    this.#turn = this.#isGap ? clock.timer(this.#flush, waitMs) : clock.turn(this.#flush)
  }

  readonly #flush = (): void => {
    this.#turn = undefined
    const batch = this.#chars <= batchChars ? this.#frames.splice(0) : this.#cut()
    let chars = this.#chars
    if (this.#frames.length > 0) chars = charsOf(batch)
    this.#chars -= chars
    // Links send the current state of entries, so all earlier frames have to go first.
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

  /** Adds frames of the links, those with a higher priority first. Returns their length. */
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
