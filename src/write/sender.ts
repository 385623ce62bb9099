// Floor 3. The writes of one link: those that wait, and those on the wire whose end is not known yet.
import type { Cancel, Clock } from '../base/clock.js'
import { ClosedError, excerpt, TimeoutError, TransportError } from '../base/errors.js'
import type { SwimError } from '../base/swim-error.js'
import { Outbox, type Budget, type OutboxPort, type Write, type WriteOptions } from './outbox.js'

/** Options of a sender; times are in milliseconds. */
export interface SenderOptions {
  readonly clock: Clock
  readonly budget: Budget
  /** How long an own write may go without its echo before a sync settles it. */
  readonly echoTimeoutMs: number
}

/** What a sender needs of its link. */
export interface SenderPort extends OutboxPort {
  /** The lane, for messages. */
  readonly where: string
  /** The echo of the write with this number is late. Returns whether a sync will decide what became of it. */
  echoIsLate(seq: number): boolean
  /** Some writes ended otherwise than by their echo: what they covered shows again. */
  gaveUp(): void
}

export class Sender {
  readonly #options: SenderOptions
  readonly #link: SenderPort
  readonly #outbox: Outbox
  /** The number of the write that was sent last; a sync asked for now decides it and all before. */
  seq = 0
  #sent: Write[] = []
  #echo: Cancel | undefined

  constructor(options: SenderOptions, link: SenderPort) {
    this.#options = options
    this.#link = link
    this.#outbox = new Outbox(options.budget, link)
  }

  /** Whether anything on the wire is waited for. */
  get isWaiting(): boolean {
    return this.#unsettled().length > 0
  }

  /** Takes on a write; `flush` sends it. @throws {OverflowError} when it does not fit; nothing has changed then */
  post(options: WriteOptions): Write {
    return this.#outbox.post(options)
  }

  /** Sends what waits, as far as the link allows. */
  flush(): void {
    this.#outbox.flush(write => {
      write.resent = this.#resend
      this.#await(write)
    })
  }

  /** The socket is lost: what is on the wire may have arrived or not. It goes out once more, where twice does no harm. */
  disconnected(refusal: SwimError | undefined): void {
    // A host that closes a socket over a command would close the next over the same.
    if (refusal !== undefined) for (const write of this.#unsettled()) write.end(refusal)
    const unsettled = this.#unsettled()
    this.#sent = []
    this.dispose()
    this.#outbox.putBack(unsettled.filter(({ repeatable }) => repeatable))
    // What stands behind a barrier must be sent again, whatever the next sync shows of it.
    let isBehind = false
    for (const write of this.#outbox.all()) {
      isBehind ||= write.kind === 'barrier'
      if (isBehind) write.seq = 0
    }
    for (const write of unsettled) {
      if (write.repeatable) continue
      write.end(
        new TransportError(
          `the socket was lost before ${this.#link.where} answered ${write.body}; it may have been taken`,
        ),
      )
    }
    if (refusal !== undefined) this.#link.gaveUp()
  }

  /** Gives up all writes, sent or not. */
  reject(error: SwimError): void {
    for (const write of [...this.#unsettled(), ...this.#outbox.all()]) write.end(error)
    this.#sent = []
    this.#link.gaveUp()
  }

  /** Gives up the writes of one downlink; what is on the wire already can't be called back, but is no longer waited for. */
  release(owner: unknown): void {
    const error = new ClosedError('the downlink was closed before its writes were sent')
    for (const write of this.#unsettled()) if (write.owner === owner) write.tell(error)
    for (const write of this.#outbox.all()) if (write.owner === owner) write.end(error)
    this.#link.gaveUp()
  }

  dispose(): void {
    this.#echo?.()
    this.#echo = undefined
  }

  #unsettled(): Write[] {
    return this.#sent.filter(({ state }) => state === 'sent')
  }

  /** As if it were sent once more. */
  readonly #resend = (write: Write): void => {
    this.#sent = this.#unsettled()
    this.#await(write)
  }

  /** Waits for the echo of a write from now on. */
  #await(write: Write): void {
    const { clock, echoTimeoutMs } = this.#options
    write.state = 'sent'
    write.seq = ++this.seq
    write.sentAtMs = clock.now()
    this.#sent.push(write)
    this.#echo ??= clock.timer(this.#checkEchoes, echoTimeoutMs)
  }

  readonly #checkEchoes = (): void => {
    const { clock, echoTimeoutMs } = this.#options
    this.#echo = undefined
    this.#sent = this.#unsettled()
    const oldest = this.#sent[0]
    if (oldest === undefined) return
    const leftMs = oldest.sentAtMs + echoTimeoutMs - clock.now()
    this.#echo = clock.timer(this.#checkEchoes, leftMs > 0 ? leftMs : echoTimeoutMs)
    if (leftMs <= 0 && !this.#link.echoIsLate(oldest.seq)) this.#giveUpUntil(clock.now() - echoTimeoutMs)
  }

  /** Without a sync, nothing will tell what became of a write whose echo does not come. */
  #giveUpUntil(sentUntilMs: number): void {
    const { echoTimeoutMs: afterMs } = this.#options
    for (const write of this.#sent) {
      if (write.sentAtMs > sentUntilMs) continue
      const message = `${this.#link.where} did not show ${excerpt(write.body)} within ${afterMs} ms, and is not synced`
      write.end(new TimeoutError(message, afterMs))
    }
    this.#link.gaveUp()
  }
}
