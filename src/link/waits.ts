// Floor 4. What a link waits for: an answer, or the moment to ask again; a pause beside that; and somebody to want it again.
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

  /** How long an answer has been waited for, in whole milliseconds. */
  get answerMs(): number {
    return Math.round(this.#clock.now() - this.#answerFromMs)
  }

  /** Waits, in the place of the wait of that kind that is under way. */
  begin(kind: WaitKind, over: () => void, delayMs: number): void {
    this.end(kind)
    if (kind === 'answer') this.#answerFromMs = this.#clock.now()
    this.#cancels[kind] = deadline(this.#clock, over, delayMs)
  }

  /** The wait before asking again after so many refusals. */
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
