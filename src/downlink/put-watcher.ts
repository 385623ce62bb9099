// Floor 5. The promise of a write, which hears of it: ten thousand may wait, so it is one object and no closures.
import type { Clock } from '../base/clock.js'
import { say, SwimError, TimeoutError, type Where } from '../base/errors.js'
import type { WriteOutcome, WriteWatcher } from '../write/write.js'
import type { Condition } from './pending.js'
import { Waiter, type WaitOptions } from './wait.js'

const late = (afterMs: number) =>
  new TimeoutError(
    say`nothing was heard of a write for ${afterMs} ms; it goes on, unless discard() takes it back`,
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
  /** How long it may take from when it is sent, where the call named no time. */
  #timeoutMs: number | undefined
  readonly ready: Condition | undefined

  /** @param owner hears of a write that fails as well */
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

  /** What waits for a link has no time of its own; the option begins with the first time that it is sent. */
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
