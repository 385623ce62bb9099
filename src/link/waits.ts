// Floor 4. The waits of a link, each with one timer: for an answer or the next request; the pause before a sync; the grace before
// a link without downlinks closes.
import { backoffMs, type Backoff } from '../base/backoff.js'
import { deadline, type Cancel, type Clock } from '../base/clock.js'

export type WaitKind = 'answer' | 'pause' | 'grace'

export class Waits {
  readonly #clock: Clock
  readonly #backoff: Backoff
  readonly #cancels: { [K in WaitKind]?: Cancel | undefined } = {}
  #answerFromMs = 0

  constructor(clock: Clock, backoff: Backoff) {
    this.#clock = clock
    this.#backoff = backoff
  }

  /** How long the wait for an answer has lasted, in whole milliseconds. */
  get answerMs(): number {
    return Math.round(this.#clock.now() - this.#answerFromMs)
  }

  /** Begins a wait, which replaces the wait of the same kind. */
  begin(kind: WaitKind, over: () => void, delayMs: number): void {
    this.end(kind)
    if (kind === 'answer') this.#answerFromMs = this.#clock.now()
    this.#cancels[kind] = deadline(this.#clock, over, delayMs)
  }

  /** How long to wait before the next request after `refusals` refusals in a row. */
  retryMs(refusals: number): number {
    return backoffMs(refusals - 1, this.#backoff, this.#clock.random())
  }

  end(kind: WaitKind): void {
    this.#cancels[kind]?.()
    this.#cancels[kind] = undefined
  }

  dispose(): void {
    this.end('answer')
    this.end('pause')
    this.end('grace')
  }
}
