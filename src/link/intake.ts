// Floor 3. Frames on their way in: handled at once, but never for so long in one turn of the event loop that a page could not
// draw. What is left over waits in order.
import type { Cancel, Clock } from '../base/clock.js'

/** Milliseconds of a turn given to frames: at 60 frames a second, a page keeps the larger part. */
const sliceMs = 8
/** Reading the time costs as much as a small frame; between two looks at it no slice grows by more than a few such. */
const framesPerLook = 16
/** Frames left over at which the socket is asked to hold back, where it can. */
const pauseAt = 8192

export class Intake {
  readonly #clock: Clock
  readonly #deliver: (text: string) => void
  readonly #hold: (isHeld: boolean) => void
  #left: string[] = []
  #next = 0
  #frames = 0
  #endsAtMs = 0
  #isFull = false
  #isHeld = false
  #turn: Cancel | undefined

  /** @param hold told to hold the sender back, and to let go again */
  constructor(clock: Clock, deliver: (text: string) => void, hold: (isHeld: boolean) => void) {
    this.#clock = clock
    this.#deliver = deliver
    this.#hold = hold
  }

  take(text: string): void {
    this.#turn ??= this.#begin()
    if (this.#isFull) {
      this.#left.push(text)
      if (!this.#isHeld && this.#left.length - this.#next > pauseAt) this.#hold((this.#isHeld = true))
      return
    }
    this.#deliver(text)
    this.#look()
  }

  /** Forgets what is left over. */
  clear(): void {
    this.#turn?.()
    this.#turn = undefined
    this.#left = []
    this.#next = 0
    this.#isFull = this.#isHeld = false
  }

  #look(): void {
    if (++this.#frames % framesPerLook === 0) this.#isFull = this.#clock.now() >= this.#endsAtMs
  }

  #begin(): Cancel {
    this.#endsAtMs = this.#clock.now() + sliceMs
    return this.#clock.turn(this.#newTurn)
  }

  readonly #newTurn = (): void => {
    this.#turn = undefined
    this.#isFull = false
    if (this.#left.length === 0) return
    this.#turn = this.#begin()
    while (this.#next < this.#left.length && !this.#isFull) {
      this.#deliver(this.#left[this.#next++]!)
      this.#look()
    }
    if (this.#next < this.#left.length) {
      this.#isFull = true
      return
    }
    this.#left = []
    this.#next = 0
    if (this.#isHeld) this.#hold((this.#isHeld = false))
  }
}
