// Floor 3. The writes of one link: those that wait, and those on the wire whose end is not known yet.
import type { Cancel, Clock } from '../base/clock.js'
import { excerpt, TimeoutError, TransportError } from '../base/errors.js'
import type { SwimError } from '../base/swim-error.js'
import { Outbox, type Budget, type Write } from './outbox.js'

/** What a sender needs of its link. */
export interface SenderPort {
  readonly clock: Clock
  readonly budget: Budget
  readonly echoTimeoutMs: number
  /** The lane, for messages. */
  readonly where: () => string
  /** Whether writes may go out now: linked, and the socket not backed up. */
  readonly isFlowing: () => boolean
  readonly send: (body: string) => void
  /** The echo of the write with this number is late. Returns whether a sync will decide what became of it. */
  readonly echoIsLate: (seq: number) => boolean
  /** Some writes ended otherwise than by their echo: what they covered shows again. */
  readonly gaveUp: () => void
}

export class Sender {
  readonly #port: SenderPort
  readonly #outbox: Outbox
  /** The number of the write that was sent last; a sync asked for now decides it and all before. */
  seq = 0
  #sent: Write[] = []
  #echo: Cancel | undefined

  constructor(port: SenderPort) {
    this.#port = port
    this.#outbox = new Outbox(port.budget)
  }

  /** Whether anything on the wire is waited for. */
  get isWaiting(): boolean {
    return this.#unsettled().length > 0
  }

  /** @throws {OverflowError} when a write would not fit; nothing has changed then */
  admit(kind: Write['kind'], id?: unknown): void {
    if (!this.#outbox.isEmpty || !this.#port.isFlowing()) this.#outbox.admit(kind, id)
  }

  /** Takes on a write that was admitted; `flush` sends it. */
  add(write: Write): void {
    this.#outbox.add(write)
  }

  /** Sends what waits, as far as the link allows. */
  flush(): void {
    const { isFlowing, send } = this.#port
    this.#outbox.flush(isFlowing, write => {
      send(write.body)
      if (write.kind === 'plain') return write.end('taken')
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
    const { where } = this.#port
    for (const write of unsettled) {
      if (write.repeatable) continue
      write.end(
        new TransportError(`the socket was lost before ${where()} answered ${write.body}; it may have been taken`),
      )
    }
    if (refusal !== undefined) this.#port.gaveUp()
  }

  /** Gives up all writes, sent or not. */
  reject(error: SwimError): void {
    for (const write of [...this.#unsettled(), ...this.#outbox.all()]) write.end(error)
    this.#sent = []
    this.#port.gaveUp()
  }

  /** Gives up the writes of one downlink; what is on the wire already can't be called back, but is no longer waited for. */
  release(owner: unknown, error: SwimError): void {
    for (const write of this.#unsettled()) if (write.owner === owner) write.tell(error)
    for (const write of this.#outbox.all()) if (write.owner === owner) write.end(error)
    this.#port.gaveUp()
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
    const { clock, echoTimeoutMs } = this.#port
    write.state = 'sent'
    write.seq = ++this.seq
    write.sentAtMs = clock.now()
    this.#sent.push(write)
    this.#echo ??= clock.timer(this.#checkEchoes, echoTimeoutMs)
  }

  readonly #checkEchoes = (): void => {
    const { clock, echoTimeoutMs, echoIsLate } = this.#port
    this.#echo = undefined
    this.#sent = this.#unsettled()
    const oldest = this.#sent[0]
    if (oldest === undefined) return
    const leftMs = oldest.sentAtMs + echoTimeoutMs - clock.now()
    this.#echo = clock.timer(this.#checkEchoes, leftMs > 0 ? leftMs : echoTimeoutMs)
    if (leftMs <= 0 && !echoIsLate(oldest.seq)) this.#giveUpUntil(clock.now() - echoTimeoutMs)
  }

  /** Without a sync, nothing will tell what became of a write whose echo does not come. */
  #giveUpUntil(sentUntilMs: number): void {
    const { where, echoTimeoutMs } = this.#port
    for (const write of this.#sent) {
      if (write.sentAtMs > sentUntilMs) continue
      const message = `${where()} did not show ${excerpt(write.body)} within ${echoTimeoutMs} ms, and is not synced`
      write.end(new TimeoutError(message, echoTimeoutMs))
    }
    this.#port.gaveUp()
  }
}
