// Floor 3. Writes that wait for their link: bounded, in order, folded per entry.
import type { Clock } from '../base/clock.js'
import { OverflowError, say } from '../base/errors.js'
import { leave, Queue } from './queue.js'
import { isBarrier, Write, type WriteOptions } from './write.js'

/** For all outboxes of a client together: how many writes may wait, and how many have not ended. */
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

/** What an outbox needs to send writes. */
export interface OutboxPort {
  /** False while nothing may be sent; `flush` is called once sending is possible. */
  readonly canSend: boolean
  send(body: string): void
  /** False for a suspect that must wait for others (caution.ts); `flush` is called once the suspect may be sent. */
  mayRisk?(write: Write): boolean
  /** Some writes were ended by something other than the lane's events: the values they covered show again. */
  gaveUp?(): void
}

/** The writes of one link, or the linkless commands of one host, that are not sent yet. */
export class Outbox {
  readonly #options: OutboxOptions
  readonly #port: OutboxPort
  readonly #queue = new Queue<Write>()
  /** How many barriers were posted. */
  #era = 0

  constructor(options: OutboxOptions, port: OutboxPort) {
    this.#options = options
    this.#port = port
  }

  get isEmpty(): boolean {
    return this.#queue.isEmpty
  }

  /** Whether a write posted now is sent at once. */
  get isFree(): boolean {
    return this.isEmpty && this.#port.canSend
  }

  /**
   * Adds a write at the end; `flush` sends it. A waiting write that the new one replaces is removed.
   * @param newest the newest own write of its entry
   * @throws {OverflowError} when the client's limit is reached, the write would have to wait, and no waiting write can be replaced.
   * Nothing has changed then
   */
  post(options: WriteOptions, newest?: Write): Write {
    const { clock, budget } = this.#options
    const folded = newest?.state === 'waiting' && newest.era === this.#era ? newest : undefined
    const { used, limit } = budget
    if (used >= limit && folded === undefined && !this.isFree) {
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

  /** After a lost socket: puts sent writes of unknown outcome back, before those that wait. */
  putBack(sent: readonly Write[]): void {
    const waiting = this.all()
    for (const write of sent) this.#add(write)
    for (const write of waiting) this.#queue.add(write)
    for (const write of sent) if ((write.newer as Write | undefined)?.era === write.era) write.end('superseded')
  }

  /** All writes that wait, in order. */
  all(): Write[] {
    return [...this.#queue]
  }

  /** Sends waiting writes in order, as far as the port allows. @param by is told of each that has not ended by being sent */
  flush(by?: { sent(write: Write): void }): void {
    let isGivenUp = false
    for (let write = this.#next; write !== undefined; write = this.#next) {
      const error = write.watcher.ready?.()
      if (error !== undefined) {
        write.end(error)
        isGivenUp = true
        continue
      }
      if (this.#port.mayRisk?.(write) === false) break
      const { body } = write
      if (write.kind === 'command') {
        this.#port.send(body)
        write.end('taken')
        continue
      }
      leave(write)
      this.#options.budget.used--
      this.#port.send(body)
      by?.sent(write)
    }
    // Called once for all of them: the call visits every entry that own writes cover.
    if (isGivenUp) this.#port.gaveUp?.()
  }

  /** The write that may go out next. */
  get #next(): Write | undefined {
    const { first } = this.#queue
    return first && this.#port.canSend ? first : undefined
  }

  #add(write: Write): void {
    this.#queue.add(write)
    this.#options.budget.used++
  }
}
