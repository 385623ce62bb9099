// Floor 3. The writes of one link: those that wait, and those on the wire whose end is not known yet.
import type { Cancel } from '../base/clock.js'
import { ClosedError, say, type SwimError, TimeoutError, TransportError } from '../base/errors.js'
import { Outbox, type OutboxOptions, type OutboxPort } from './outbox.js'
import { Queue } from './queue.js'
import { isBarrier, type Write, type WriteHome, type WriteOptions, type WriteOwner } from './write.js'

/** Options of a sender; times are in milliseconds. */
export interface SenderOptions extends OutboxOptions {
  /** How long an own write may go without its echo before a sync settles it. */
  readonly echoTimeoutMs: number
}

/** What a sender needs of its link. */
export interface SenderPort extends OutboxPort {
  /** The lane, for messages. */
  readonly where: string
  /** The echo of the write with this number is late. Returns whether a sync will decide what became of it. */
  echoIsLate(seq: number): boolean
  /** A write that was sent with care has ended. */
  risked(write: Write): void
}

export class Sender implements WriteHome {
  readonly #options: SenderOptions
  readonly #link: SenderPort
  readonly #outbox: Outbox
  /** On the wire and not decided, in the order they were sent. */
  readonly #sent = new Queue<Write>()
  /** The number of the write that was sent last; a sync asked for now decides it and all before. */
  seq = 0
  /** The last write that an own clear put an end to while it was on the wire, and the last that the host is known to have had. */
  #lostSeq = 0
  #provenSeq = 0
  #echo: Cancel | undefined

  constructor(options: SenderOptions, link: SenderPort) {
    this.#options = options
    this.#link = link
    this.#outbox = new Outbox(options, link)
  }

  /** Whether what is posted now goes out at once. */
  get isFree(): boolean {
    return this.#outbox.isFree
  }

  /** What is on the wire and not decided, in the order it was sent. */
  underWay(): Write[] {
    return [...this.#sent]
  }

  /** What is on the wire, and the host is not known to have had: it takes commands in order. */
  suspects(): Write[] {
    return this.underWay().filter(({ seq }) => seq > this.#provenSeq)
  }

  /** All that has not ended, in order. */
  all(): Write[] {
    return [...this.#sent, ...this.#outbox.all()]
  }

  /**
   * Takes on a write; `flush` sends it.
   * @param newest the newest own write of its entry
   * @throws {OverflowError} when it does not fit; nothing has changed then
   */
  post(options: WriteOptions, newest?: Write): Write {
    return this.#outbox.post(options, newest)
  }

  /** Sends what waits, as far as the link allows. */
  flush(): void {
    const { clock, echoTimeoutMs } = this.#options
    this.#outbox.flush(write => {
      write.sent(++this.seq, clock.now())
      this.#sent.add(write)
      this.#echo ??= clock.timer(this.#checkEchoes, echoTimeoutMs)
    })
  }

  /** The socket is lost: what is on the wire may have arrived or not. It goes out once more, where twice does no harm. */
  disconnected(): void {
    this.dispose()
    this.#provenSeq = this.seq
    const message = `the socket was lost before ${this.#link.where} answered a drop; it may have happened`
    for (const write of this.#sent) if (write.kind === 'drop') write.end(new TransportError(message))
    const sent = this.underWay()
    // What stands behind a barrier must be sent again, whatever the next sync shows of it.
    let isBehind = false
    for (const write of [...sent, ...this.#outbox.all()]) {
      isBehind ||= isBarrier(write.kind)
      write.returned(isBehind)
    }
    this.#outbox.putBack(sent)
    // One that the socket ended over has been given up.
    this.#link.gaveUp()
  }

  /** Gives up all writes, sent or not. */
  reject(error: SwimError): void {
    for (const write of this.all()) write.end(error)
    this.#link.gaveUp()
  }

  /** Gives up the writes of one downlink; what is on the wire already can't be called back, but is no longer waited for. */
  release(
    owner: WriteOwner,
    error: SwimError = new ClosedError('the downlink was closed before its writes were sent'),
  ): void {
    for (const write of this.#sent) if (write.owner === owner) write.disown(error)
    for (const write of this.#outbox.all()) if (write.owner === owner) write.end(error)
    this.#link.gaveUp()
  }

  dispose(): void {
    this.#echo?.()
    this.#echo = undefined
  }

  /** Whether a write that has ended may still be on the wire: it may be what the host hangs up on. */
  get isUnsure(): boolean {
    return this.#lostSeq > this.#provenSeq
  }

  ended(write: Write, was: 'waiting' | 'sent', isProven: boolean): void {
    if (was === 'sent' && isProven) this.#provenSeq = Math.max(this.#provenSeq, write.seq)
    else if (was === 'sent') this.#lostSeq = write.seq
    this.#outbox.ended(was === 'waiting')
    if (was === 'sent' && write.losses > 0) this.#link.risked(write)
  }

  readonly #checkEchoes = (): void => {
    const { clock, echoTimeoutMs } = this.#options
    this.#echo = undefined
    const untilMs = clock.now() - echoTimeoutMs
    const oldest = this.#sent.first
    if (oldest === undefined) return
    const isLate = oldest.sinceMs <= untilMs
    const isAsked = isLate && this.#link.echoIsLate(oldest.seq)
    const isGivenUp = isLate && !isAsked
    const next = isGivenUp ? this.underWay().find(({ sinceMs }) => sinceMs > untilMs) : oldest
    if (next !== undefined) {
      const waitMs = isAsked ? echoTimeoutMs : next.sinceMs - untilMs
      this.#echo = clock.timer(this.#checkEchoes, waitMs)
    }
    if (isGivenUp) this.#giveUpUntil(untilMs)
  }

  /** Without a sync, nothing will show what became of a write whose echo does not come. */
  #giveUpUntil(sentUntilMs: number): void {
    const { echoTimeoutMs: afterMs } = this.#options
    for (const write of this.#sent) {
      if (write.sinceMs > sentUntilMs) continue
      const message = say`${this.#link.where} did not show ${write.body} within ${afterMs} ms, and is not synced`
      // It may yet be what the host hangs up on.
      write.end(new TimeoutError(message, afterMs), false)
    }
    this.#link.gaveUp()
  }
}
