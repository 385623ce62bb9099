// Floor 6. A client's writes that have not ended: their number, the reports of that number, and how long closing waits for them.
import type { Clock } from '../base/clock.js'
import { say, TimeoutError } from '../base/errors.js'
import { pageHold } from '../base/wake.js'
import { Deadlines } from '../downlink/deadlines.js'
import { wait, type Awaited, type WaitOptions } from '../downlink/wait.js'
import type { Budget } from '../write/outbox.js'
import { Settling } from '../write/settling.js'
import type { Write } from '../write/write.js'

export interface DeliveryOptions {
  readonly clock: Clock
  readonly maxQueuedWrites: number
  readonly writeTimeoutMs: number
  readonly closeTimeoutMs: number
  readonly holdPage: boolean
  /** Called when the number of writes that have not ended has changed: once a frame, while somebody listens. */
  readonly counted: () => void
  readonly isHeard: () => boolean
}

const late = (afterMs: number) =>
  new TimeoutError(say`writes had not ended after ${afterMs} ms; they go on`, afterMs, true)

export class Delivery {
  readonly budget: Budget
  /** The time limits of its promises of writes. */
  readonly deadlines: Deadlines
  readonly #options: DeliveryOptions
  readonly #settling = new Settling()
  readonly #holdPage: ((isHeld: boolean) => void) | undefined
  /** Whether `counted` is about to be called. */
  #isCounting = false
  /** Set while `close` waits for all writes to end. */
  #done: (() => void) | undefined

  constructor(options: DeliveryOptions) {
    this.#options = options
    this.deadlines = new Deadlines(options.clock, options.writeTimeoutMs)
    this.#holdPage = options.holdPage ? pageHold() : undefined
    this.budget = { used: 0, limit: options.maxQueuedWrites, pending: 0, changed: () => this.#changed() }
  }

  /** Resolves when these writes have ended, whatever their outcome. Rejects with TimeoutError, or with the reason of the signal. */
  readonly settled = (writes: readonly Write[], options?: WaitOptions, link?: Awaited['link']): Promise<void> =>
    wait<void>(this.#options.clock, { late, link }, options, waiter => {
      waiter.onend = this.#settling.add(writes, () => waiter.resolve())
    })

  /** Resolves when all writes have ended, or `closeTimeoutMs` have passed; undefined where there is nothing to wait for. */
  whenDone(): Promise<void> | undefined {
    const { clock, closeTimeoutMs } = this.#options
    if (this.budget.pending === 0 || closeTimeoutMs === 0) return undefined
    return new Promise(resolve => {
      const cancel = clock.timer(() => this.#done?.(), closeTimeoutMs)
      this.#done = () => {
        this.#done = undefined
        cancel()
        resolve()
      }
    })
  }

  /** Releases the page. */
  end(): void {
    this.#holdPage?.(false)
  }

  #changed(): void {
    const { pending } = this.budget
    this.#settling.changed()
    if (pending === 0) this.#done?.()
    this.#holdPage?.(pending > 0)
    if (this.#isCounting || !this.#options.isHeard()) return
    this.#isCounting = true
    this.#options.clock.frame(() => {
      this.#isCounting = false
      this.#options.counted()
    })
  }
}
