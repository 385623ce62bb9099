// Floor 3. Writes that wait for their link: bounded, in order, folded per key.
import { OverflowError } from '../base/errors.js'
import type { SwimError } from '../base/swim-error.js'

/**
 * What became of a write. `taken`: the lane was seen to hold it. `superseded`: something else came after it, or in its place:
 * a later write of anyone's, a value that the lane made of it, or the lane's refusal.
 * @source docs/PROTOCOL.md#own-writes
 */
export type WriteOutcome = 'taken' | 'superseded'

export interface WriteOptions {
  /** The command's body, in Recon. */
  readonly body: string
  /**
   * `fold`: of two that wait with one `id` and no barrier between, the later alone is sent. `barrier`: nothing folds across it.
   * `plain`: neither, and done once it is on the wire.
   */
  readonly kind: 'fold' | 'barrier' | 'plain'
  /** The identity of its key, where it folds. */
  readonly id?: unknown
  /** Whether it may go out twice, where a lost socket leaves its fate unknown: so for all but `drop`, which counts. */
  readonly repeatable?: boolean
  /** The downlink it is of. */
  readonly owner: unknown
  /** Told once what became of it, and whether it had been sent by then. */
  readonly settle?: ((end: WriteOutcome | SwimError, wasSent: boolean) => void) | undefined
}

/** One command on its way to a lane. */
export class Write {
  readonly body: string
  readonly kind: WriteOptions['kind']
  readonly id: unknown
  repeatable: boolean
  readonly owner: unknown
  /**
   * `queued`: waits in an outbox. `sent`: on the wire, its end not known. `seen`: the lane has shown it, and its own event may
   * still come. `done`: nothing more happens to it.
   */
  state: 'queued' | 'sent' | 'seen' | 'done' = 'queued'
  /** Its place among all that its link sent, from 1; 0 until sent. Kept by one that is queued again, as it may have arrived. */
  seq = 0
  /** When it was sent last, by the client's clock, in milliseconds. */
  sentAtMs = 0
  outbox: Outbox | undefined
  /** Puts it on the wire once more, as far as waiting for its echo goes. */
  resent: (write: Write) => void = () => {}
  #settle: WriteOptions['settle']

  constructor({ body, kind, id, repeatable = false, owner, settle }: WriteOptions) {
    this.body = body
    this.kind = kind
    this.id = id
    this.repeatable = repeatable
    this.owner = owner
    this.#settle = settle
  }

  /** Ends it: it will not be sent, nor waited for. */
  end(end: WriteOutcome | SwimError): void {
    this.outbox?.delete(this)
    const wasSent = this.state === 'sent'
    this.state = 'done'
    this.tell(end, wasSent)
  }

  /** Has somebody else told as well. */
  also(settle: NonNullable<WriteOptions['settle']>): void {
    const first = this.#settle
    this.#settle = (end, wasSent) => {
      first?.(end, wasSent)
      settle(end, wasSent)
    }
  }

  /** The lane has shown it: should the socket be lost, it is not sent again, as what came after it would be undone. */
  see(): void {
    this.state = 'seen'
    this.repeatable = false
  }

  /** Whether the lane holds it yet is not known any more. */
  doubt(): void {
    this.resent(this)
  }

  /** Tells whoever waits, and goes on. */
  tell(end: WriteOutcome | SwimError, wasSent = this.state === 'sent'): void {
    const settle = this.#settle
    this.#settle = undefined
    settle?.(end, wasSent)
  }
}

/** How many writes all outboxes of a client may hold together. */
export interface Budget {
  used: number
  readonly limit: number
}

/** By which writes go out. */
export interface OutboxPort {
  /** False while nothing may go out; `flush` is called once it may. */
  readonly canSend: boolean
  send(body: string): void
}

/** The writes of one link, or the linkless commands of one host, that are not sent yet. */
export class Outbox {
  readonly #budget: Budget
  readonly #port: OutboxPort
  /** In order of sending. */
  readonly #queue = new Set<Write>()
  /** The writes that a later one of the same key would take the place of. */
  readonly #folds = new Map<unknown, Write>()

  constructor(budget: Budget, port: OutboxPort) {
    this.#budget = budget
    this.#port = port
  }

  get isEmpty(): boolean {
    return this.#queue.size === 0
  }

  /**
   * Takes on a write, at the end, where an earlier one of its key gives way to it; `flush` sends it.
   * @throws {OverflowError} when the client's limit is reached, and the write would have to wait and fold into none that does;
   * nothing has changed then
   */
  post(options: WriteOptions): Write {
    const { kind, id } = options
    const { used, limit } = this.#budget
    if (used >= limit && !(kind === 'fold' && this.#folds.has(id)) && !(this.isEmpty && this.#port.canSend)) {
      throw new OverflowError(
        `the outbox is full: ${limit} writes wait for their links. Wait for whenSynced(), or raise maxQueuedWrites`,
        limit,
      )
    }
    const write = new Write(options)
    this.#add(write)
    return write
  }

  #add(write: Write): void {
    if (write.kind === 'barrier') this.#folds.clear()
    if (write.kind === 'fold') {
      this.#folds.get(write.id)?.end('superseded')
      this.#folds.set(write.id, write)
    }
    write.state = 'queued'
    write.outbox = this
    this.#queue.add(write)
    this.#budget.used++
  }

  delete(write: Write): void {
    if (!this.#queue.delete(write)) return
    write.outbox = undefined
    this.#budget.used--
    if (this.#folds.get(write.id) === write) this.#folds.delete(write.id)
  }

  /** Puts back what was sent and whose fate a lost socket left unknown, ahead of what waits. */
  putBack(sent: readonly Write[]): void {
    const waiting = this.all()
    for (const write of waiting) this.delete(write)
    for (const write of [...sent, ...waiting]) this.#add(write)
  }

  /** All that waits, in order. */
  all(): Write[] {
    return [...this.#queue]
  }

  /** Takes out and sends what waits, in order, as far as may be. @param sent told of each whose end is not known by that */
  flush(sent?: (write: Write) => void): void {
    for (const write of this.#queue) {
      if (!this.#port.canSend) return
      this.delete(write)
      this.#port.send(write.body)
      if (write.kind === 'plain') write.end('taken')
      else sent?.(write)
    }
  }
}
