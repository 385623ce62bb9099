// Floor 6. A client's writes that have not ended: their number, the reports of that number, and how long closing waits for them.
import type { Clock } from '../base/clock.js'
import { say, TimeoutError } from '../base/errors.js'
import type { Emitter } from '../base/events.js'
import { pageHold } from '../base/wake.js'
import { Deadlines } from '../downlink/deadlines.js'
import { wait, type Awaited, type WaitOptions } from '../downlink/wait.js'
import type { Budget } from '../write/outbox.js'
import { Settling } from '../write/settling.js'
import type { Write } from '../write/write.js'
import type { ClientEvents } from './client-events.js'

export interface DeliveryOptions {
  readonly clock: Clock
  readonly maxQueuedWrites: number
  readonly writeTimeoutMs: number
  readonly holdPage: boolean
}

const late = (afterMs: number) =>
  new TimeoutError(say`writes had not ended after ${afterMs} ms; they go on`, afterMs, true)

export class Delivery {
  readonly budget: Budget
  /** The time limits of its promises of writes. */
  readonly deadlines: Deadlines
  readonly #options: DeliveryOptions
  readonly #events: Emitter<ClientEvents>
  readonly #settling = new Settling()
  readonly #holdPage: ((isHeld: boolean) => void) | undefined
  /** Whether the event `pending` is about to be sent. */
  #isCounting = false

  constructor(options: DeliveryOptions, events: Emitter<ClientEvents>) {
    this.#options = options
    this.#events = events
    this.deadlines = new Deadlines(options.clock, options.writeTimeoutMs)
    this.#holdPage = options.holdPage ? pageHold() : undefined
    this.budget = { used: 0, limit: options.maxQueuedWrites, pending: 0, changed: () => this.#changed() }
  }

  /** Resolves when these writes have ended, whatever their outcome. Rejects with TimeoutError, or with the reason of the signal. */
  readonly settled = (writes: readonly Write[], options?: WaitOptions, link?: Awaited['link']): Promise<void> =>
    wait<void>(this.#options.clock, { late, link }, options, waiter => {
      waiter.onend = this.#settling.add(writes, () => waiter.resolve())
    })

  /** Releases the page. */
  end(): void {
    this.#holdPage?.(false)
  }

  #changed(): void {
    const { pending } = this.budget
    this.#settling.changed()
    this.#holdPage?.(pending > 0)
    if (this.#isCounting || !this.#events.has('pending')) return
    this.#isCounting = true
    this.#options.clock.frame(() => {
      this.#isCounting = false
      this.#events.emit('pending', { count: this.budget.pending })
    })
  }
}
