// Floor 5. The promise of a write, which is also its watcher. Ten thousand may wait, so each is one object without closures.
import type { Clock } from '../base/clock.js'
import { say, SwimError, TimeoutError, type Where } from '../base/errors.js'
import type { WriteOutcome, WriteWatcher } from '../write/write.js'
import type { Condition } from './pending.js'
import { Waiter, type WaitOptions } from './wait.js'

const late = (afterMs: number) =>
  new TimeoutError(
    say`a write had no outcome after ${afterMs} ms; it goes on, unless discard() takes it back`,
    afterMs,
    true,
  )

export interface PutOptionsOf {
  readonly clock: Clock
  readonly writeTimeoutMs: number
  readonly link: { readonly at: Where }
}

export class PutWatcher implements WriteWatcher {
  readonly waiter: Waiter<WriteOutcome>
  readonly #owner: WriteWatcher
  /** The time limit once the write is sent, where the call gave none. */
  #timeoutMs: number | undefined
  readonly ready: Condition | undefined

  /** @param owner is notified of a failed write too */
  constructor(
    owner: WriteWatcher,
    { clock, writeTimeoutMs, link }: PutOptionsOf,
    options: WaitOptions | undefined,
    ready: Condition | undefined,
  ) {
    this.#owner = owner
    this.ready = ready
    this.waiter = new Waiter(clock, { ...options, late, link })
    this.#timeoutMs = options?.timeoutMs === undefined ? writeTimeoutMs : undefined
  }

  /** The time limit of the option starts when the write is first sent, not while it waits for its link. */
  sent(): void {
    if (this.#timeoutMs !== undefined) this.waiter.endAfter(this.#timeoutMs)
    this.#timeoutMs = undefined
  }

  ended(end: WriteOutcome | SwimError, wasSent: boolean): void {
    if (!(end instanceof SwimError)) return this.waiter.resolve(end)
    this.waiter.reject(end)
    this.#owner.ended(end, wasSent)
  }
}
