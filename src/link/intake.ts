// Floor 3. Frames on their way in: handled at once, but never for so long in one turn of the event loop that a page could not
// draw. What is left over waits in order, and the socket is held back meanwhile, where it can be: less than one read of it is then
// left over. (Letting it read on, up to 8192 frames, made the longest turn of a flood twice as long.)
import type { Cancel, Clock } from '../base/clock.js'

/** Milliseconds of a turn given to frames: at 60 frames a second, a page keeps the larger part. */
const sliceMs = 8
/** Reading the time costs as much as a small frame; between two looks at it no slice grows by more than a few such. */
const framesPerLook = 16

export class Intake {
  readonly #clock: Clock
  readonly #deliver: (text: string) => void
  readonly #hold: (isHeld: boolean) => void
  #left: string[] = []
  #next = 0
  #frames = 0
  #endsAtMs = 0
  /** Whether this turn's slice is used up, or frames are left over from an earlier one; the socket is held back then. */
  #isFull = false
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
      return
    }
    this.#deliver(text)
    if (this.#isOver()) this.#setFull(true)
  }

  /** Forgets what is left over, and lets go of the socket. */
  clear(): void {
    this.#turn?.()
    this.#turn = undefined
    this.#left = []
    this.#next = 0
    this.#setFull(false)
  }

  /** Whether the slice is used up, as far as has been looked. */
  #isOver(): boolean {
    return ++this.#frames % framesPerLook === 0 && this.#clock.now() >= this.#endsAtMs
  }

  #setFull(isFull: boolean): void {
    if (isFull === this.#isFull) return
    this.#isFull = isFull
    this.#hold(isFull)
  }

  #begin(): Cancel {
    this.#endsAtMs = this.#clock.now() + sliceMs
    return this.#clock.turn(this.#newTurn)
  }

  readonly #newTurn = (): void => {
    this.#turn = undefined
    if (!this.#isFull) return
    this.#turn = this.#begin()
    while (this.#next < this.#left.length) {
      this.#deliver(this.#left[this.#next++]!)
      if (this.#isOver()) return
    }
    this.#left = []
    this.#next = 0
    this.#setFull(false)
  }
}
