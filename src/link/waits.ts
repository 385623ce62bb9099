// Floor 4. The waits of a link, each with one timer: for an answer or the next request; the pause before a sync; the grace before
// a link without downlinks closes.
import { backoffMs, type Backoff } from '../base/backoff.js'
import { deadline, type Cancel, type Clock } from '../base/clock.js'

export type WaitKind = 'answer' | 'pause' | 'grace'

interface WaitOptions extends Backoff {
  readonly clock: Clock
}

export class Waits {
  readonly #options: WaitOptions
  // How to end each wait. They are fields, as an object of them takes 32 bytes more.
  answer: Cancel | undefined
  pause: Cancel | undefined
  grace: Cancel | undefined
  /** When the wait for an answer began: by the clock, in whole milliseconds. */
  #answerFromMs = 0

  constructor(options: WaitOptions) {
    this.#options = options
  }

  /** How long the wait for an answer has lasted, in whole milliseconds. */
  get answerMs(): number {
    return Math.round(this.#options.clock.now() - this.#answerFromMs)
  }

  /** Begins a wait, which replaces the wait of the same kind. */
  begin(kind: WaitKind, over: () => void, delayMs: number): void {
    const { clock } = this.#options
    this.end(kind)
    if (kind === 'answer') this.#answerFromMs = Math.trunc(clock.now())
    this[kind] = deadline(clock, over, delayMs)
  }

  /** How long to wait before the next request after `refusals` refusals in a row. */
  retryMs(refusals: number): number {
    return backoffMs(refusals - 1, this.#options, this.#options.clock.random())
  }

  end(kind: WaitKind): void {
    this[kind]?.()
    this[kind] = undefined
  }

  dispose(): void {
    this.end('answer')
    this.end('pause')
    this.end('grace')
  }
}
