// Floor 3. Writes that wait for their link: bounded, in order, folded per entry.
import type { Clock } from '../base/clock.js'
import { OverflowError, say } from '../base/errors.js'
import { leave, Queue } from './queue.js'
import { isBarrier, Write, type WriteOptions } from './write.js'

/** How many writes all outboxes of a client may hold together, and how many have not ended. */
export interface Budget {
  used: number
  readonly limit: number
  pending: number
  /** `pending` has changed. */
  changed(): void
}

/** Options of an outbox. */
export interface OutboxOptions {
  readonly clock: Clock
  readonly budget: Budget
}

/** By which writes go out. */
export interface OutboxPort {
  /** False while nothing may go out; `flush` is called once it may. */
  readonly canSend: boolean
  /** False for a write that must wait for others, as one of them may be what ended sockets; `flush` is called once it need not. */
  mayRisk(write: Write): boolean
  send(body: string): void
  /** Some writes ended otherwise than by what the lane has shown: what they covered shows again. */
  gaveUp(): void
}

/** The writes of one link, or the linkless commands of one host, that are not sent yet. */
export class Outbox {
  readonly #options: OutboxOptions
  readonly #port: OutboxPort
  readonly #queue = new Queue<Write>()
  /** How many barriers it was given. */
  #era = 0

  constructor(options: OutboxOptions, port: OutboxPort) {
    this.#options = options
    this.#port = port
  }

  get isEmpty(): boolean {
    return this.#queue.isEmpty
  }

  /** Whether what is posted now goes out at once. */
  get isFree(): boolean {
    return this.isEmpty && this.#port.canSend
  }

  /**
   * Takes on a write, at the end, where the one it takes the place of gives way to it; `flush` sends it.
   * @param newest the newest own write of its entry
   * @throws {OverflowError} when the client's limit is reached, and the write would have to wait and fold into none that does;
   * nothing has changed then
   */
  post(options: WriteOptions, newest?: Write): Write {
    const { clock, budget } = this.#options
    const folded = newest?.state === 'waiting' && newest.era === this.#era ? newest : undefined
    if (budget.used >= budget.limit && folded === undefined && !this.isFree) {
      const { limit } = budget
      throw new OverflowError(
        say`the outbox is full: ${limit} writes wait for their links. Wait for whenSynced(), or raise maxQueuedWrites`,
        limit,
      )
    }
    if (isBarrier(options.kind)) this.#era++
    const write = new Write(options, this.#era, clock.now())
    folded?.end('superseded')
    this.#add(write)
    budget.pending++
    budget.changed()
    return write
  }

  /** A write that was posted here has ended. */
  ended(wasWaiting: boolean): void {
    const { budget } = this.#options
    if (wasWaiting) budget.used--
    budget.pending--
    budget.changed()
  }

  /** Puts back what was sent and whose fate a lost socket left unknown, ahead of what waits. */
  putBack(sent: readonly Write[]): void {
    const waiting = this.all()
    for (const write of sent) this.#add(write)
    for (const write of waiting) this.#queue.add(write)
    for (const write of sent) if ((write.newer as Write | undefined)?.era === write.era) write.end('superseded')
  }

  /** All that waits, in order. */
  all(): Write[] {
    return [...this.#queue]
  }

  /** Takes out and sends what waits, in order, as far as may be. @param sent called with each whose end is not known by that */
  flush(sent?: (write: Write) => void): void {
    let isGivenUp = false
    for (let write = this.#next; write !== undefined; write = this.#next) {
      const error = write.objection
      if (error !== undefined) {
        write.end(error)
        isGivenUp = true
        continue
      }
      if (!this.#port.mayRisk(write)) break
      const { body } = write
      if (write.kind === 'command') {
        this.#port.send(body)
        write.end('taken')
        continue
      }
      this.#remove(write)
      this.#port.send(body)
      sent?.(write)
    }
    // Once for all of them: it looks at every entry that own writes cover.
    if (isGivenUp) this.#port.gaveUp()
  }

  /** The write that may go out next. */
  get #next(): Write | undefined {
    return this.#port.canSend ? this.#queue.first : undefined
  }

  #add(write: Write): void {
    this.#queue.add(write)
    this.#options.budget.used++
  }

  #remove(write: Write): void {
    leave(write)
    this.#options.budget.used--
  }
}
