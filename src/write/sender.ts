// Floor 3. The writes of one link: those that wait, and those on the wire whose outcome is not known yet.
import type { Cancel } from '../base/clock.js'
import { ClosedError, say, type SwimError, TimeoutError, TransportError } from '../base/errors.js'
import { Outbox, type OutboxOptions, type OutboxPort } from './outbox.js'
import { Queue } from './queue.js'
import { isBarrier, type Write, type WriteHome, type WriteOptions, type WriteOwner } from './write.js'

/** Options of a sender; times are in milliseconds. */
export interface SenderOptions extends OutboxOptions {
  /** How long an own write may wait for its echo before a sync settles the write. */
  readonly echoTimeoutMs: number
}

/** What a sender needs from its link. */
export interface SenderPort extends Required<OutboxPort> {
  /** The lane, for messages. */
  readonly where: string
  /** The echo of the write with this number is late. Returns whether a sync will decide the write. */
  echoIsLate(seq: number): boolean
  /** A suspect has ended (caution.ts). */
  risked(write: Write): void
}

export class Sender implements WriteHome {
  readonly #options: SenderOptions
  readonly #link: SenderPort
  readonly #outbox: Outbox
  /** Writes on the wire and not decided, in the order they were sent. */
  readonly #sent = new Queue<Write>()
  /** The number of the last sent write. A sync requested now decides that write and all before. */
  seq = 0
  /** The last write on the wire that ended without proof that the host received it, and the last with proof. */
  #lostSeq = 0
  #provenSeq = 0
  #echo: Cancel | undefined

  constructor(options: SenderOptions, link: SenderPort) {
    this.#options = options
    this.#link = link
    this.#outbox = new Outbox(options, link)
  }

  /** Whether a write posted now is sent at once. */
  get isFree(): boolean {
    return this.#outbox.isFree
  }

  /** The write on the wire that was sent first. */
  get oldest(): Write | undefined {
    return this.#sent.first
  }

  /** The writes on the wire and not decided, in the order they were sent. */
  underWay(): Write[] {
    return [...this.#sent]
  }

  /** Writes on the wire without proof that the host received them. Hosts take commands in order, so one proof covers all before. */
  suspects(): Write[] {
    return this.underWay().filter(({ seq }) => seq > this.#provenSeq)
  }

  /** All writes that have not ended, in order. */
  all(): Write[] {
    return [...this.#sent, ...this.#outbox.all()]
  }

  /**
   * Adds a write; `flush` sends it.
   * @param newest the newest own write of its entry
   * @throws {OverflowError} when there is no room; nothing has changed then
   */
  post(options: WriteOptions, newest?: Write): Write {
    return this.#outbox.post(options, newest)
  }

  /** Sends the writes that wait, as far as the link allows. */
  flush(): void {
    this.#outbox.flush(this)
  }

  /** A write is on the wire. */
  sent(write: Write): void {
    const { clock, echoTimeoutMs } = this.#options
    write.sent(++this.seq, clock.now())
    this.#sent.add(write)
    this.#echo ??= clock.timer(this.#checkEchoes, echoTimeoutMs)
  }

  /** The socket is lost: writes on the wire may have arrived or not. Those that do no harm if done twice are sent again. */
  disconnected(): void {
    this.dispose()
    this.#provenSeq = this.seq
    const message = `the socket was lost before ${this.#link.where} answered a drop; it may have happened`
    for (const write of this.#sent) if (write.kind === 'drop') write.end(new TransportError(message))
    const sent = this.underWay()
    // Writes after a barrier must be sent again, whatever the next sync shows.
    let isBehind = false
    for (const write of this.all()) {
      isBehind ||= isBarrier(write.kind)
      write.returned(isBehind)
    }
    this.#outbox.putBack(sent)
    // The write that made the socket end may have been given up.
    this.#link.gaveUp()
  }

  /** Gives up all writes, sent or not. */
  reject(error: SwimError): void {
    for (const write of this.all()) write.end(error)
    this.#link.gaveUp()
  }

  /** Gives up the writes of one downlink. Writes already on the wire can't be called back; nobody waits for them any more. */
  release(
    owner: WriteOwner,
    error: SwimError = new ClosedError('the downlink was closed before its writes were sent'),
  ): void {
    for (const write of this.all()) {
      if (write.owner !== owner) continue
      if (write.state === 'sent') write.disown(error)
      else write.end(error)
    }
    this.#link.gaveUp()
  }

  dispose(): void {
    this.#echo = void this.#echo?.()
  }

  /** Whether a write that has ended may still be on the wire: the host may hang up on that write. */
  get isUnsure(): boolean {
    return this.#lostSeq > this.#provenSeq
  }

  ended(write: Write, was: 'waiting' | 'sent', isProven: boolean): void {
    this.#outbox.ended(was === 'waiting')
    if (was === 'waiting') return
    if (isProven) this.#provenSeq = Math.max(this.#provenSeq, write.seq)
    else this.#lostSeq = write.seq
    if (write.losses > 0) this.#link.risked(write)
  }

  readonly #checkEchoes = (): void => {
    const { clock, echoTimeoutMs } = this.#options
    this.#echo = undefined
    const untilMs = clock.now() - echoTimeoutMs
    const { oldest } = this
    if (oldest === undefined) return
    const isLate = oldest.sinceMs <= untilMs
    const isAsked = isLate && this.#link.echoIsLate(oldest.seq)
    const isGivenUp = isLate && !isAsked
    const next = isGivenUp ? this.underWay().find(({ sinceMs }) => sinceMs > untilMs) : oldest
    if (next) this.#echo = clock.timer(this.#checkEchoes, isAsked ? echoTimeoutMs : next.sinceMs - untilMs)
    if (!isGivenUp) return
    // A link without syncs: nothing else will decide a write whose echo does not come.
    for (const write of this.#sent) {
      if (write.sinceMs > untilMs) continue
      const message = say`${this.#link.where} did not show ${write.body} within ${echoTimeoutMs} ms, and is not synced`
      // The host may still hang up on this write.
      write.end(new TimeoutError(message, echoTimeoutMs), false)
    }
    this.#link.gaveUp()
  }
}
