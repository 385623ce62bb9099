// Floor 5. The promise of a write, which is also its watcher. Ten thousand may wait, so each is one object without closures.
import type { Clock } from '../base/clock.js'
import { say, SwimError, TimeoutError } from '../base/errors.js'
import type { WriteOutcome, WriteWatcher } from '../write/write.js'
import type { Deadlines } from './deadlines.js'
import type { Condition } from './pending.js'
import { Waiter, type Awaited, type WaitOptions } from './wait.js'

const late = (afterMs: number) =>
  new TimeoutError(
    say`a write had no outcome after ${afterMs} ms; it goes on, unless discard() takes it back`,
    afterMs,
    true,
  )

/** The downlink of a put. It is notified of a failed write too. */
export interface PutOwner extends WriteWatcher {
  readonly parts: { readonly clock: Clock; readonly deadlines: Deadlines; readonly link: Awaited['link'] }
}

export class PutWatcher extends Waiter<WriteOutcome> implements WriteWatcher {
  readonly #owner: PutOwner
  readonly ready: Condition | undefined

  constructor(owner: PutOwner, options: WaitOptions | undefined, ready: Condition | undefined) {
    const { clock, link } = owner.parts
    super(clock, { late, link }, options)
    this.#owner = owner
    this.ready = ready
  }

  /** The time limit of the client starts when the write is first sent, not while it waits for its link. */
  sent(nowMs: number): void {
    this.#owner.parts.deadlines.begin(this, nowMs)
  }

  ended(end: WriteOutcome | SwimError, wasSent: boolean): void {
    if (!(end instanceof SwimError)) return this.resolve(end)
    this.reject(end)
    this.#owner.ended(end, wasSent)
  }
}
