// Floor 5. Frames on their way in: handled at once, but never for so long in one turn of the event loop that a page could not
// draw. What is left over waits in order, and the socket is held back meanwhile, where it can be: less than one read of it is then
// left over. (Letting it read on, up to 8192 frames, made the longest turn of a flood twice as long.)
// A turn is asked for at the end of a slice alone: in a page, where each frame is a turn, one for each took 3 of its 7 µs.
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
  /** What comes after the frames that are left over. */
  #last: (() => void) | undefined
  #frames = 0
  /** When the slice ends; 0 before its first frame. A pause between frames may end it early: that costs a turn, no more. */
  #endsAtMs = 0
  /** Where the slice is used up: the turn that begins another. The socket is held back until nothing is left over. */
  #turn: Cancel | undefined

  /** @param hold called to pause the sender, and to resume it */
  constructor(clock: Clock, deliver: (text: string) => void, hold: (isHeld: boolean) => void) {
    this.#clock = clock
    this.#deliver = deliver
    this.#hold = hold
  }

  take(text: string): void {
    if (this.#turn !== undefined) {
      this.#left.push(text)
      return
    }
    if (this.#endsAtMs === 0) this.#begin()
    this.#deliver(text)
    // Nothing is left to hold where the socket ended with the frame.
    if (!this.#isOver() || this.#endsAtMs === 0) return
    this.#turn = this.#clock.turn(this.#newTurn)
    this.#hold(true)
  }

  /** Whether frames wait here, the socket being held back. */
  get isBehind(): boolean {
    return this.#turn !== undefined
  }

  /** Calls `last` after the frames that are left over; at once where there are none. */
  end(last: () => void): void {
    if (this.isBehind) this.#last = last
    else last()
  }

  /** Forgets what is left over, and lets go of the socket. */
  clear(): void {
    this.#left = []
    this.#last = undefined
    this.#endsAtMs = 0
    if (this.#turn === undefined) return
    this.#turn()
    this.#turn = undefined
    this.#hold(false)
  }

  #begin(): void {
    this.#endsAtMs = this.#clock.now() + sliceMs
  }

  /** Whether the slice is used up, as far as has been looked. */
  #isOver(): boolean {
    return ++this.#frames % framesPerLook === 0 && this.#clock.now() >= this.#endsAtMs
  }

  readonly #newTurn = (): void => {
    this.#begin()
    let next = 0
    try {
      while (next < this.#left.length) {
        this.#deliver(this.#left[next++]!)
        // The socket ended with the frame, or the slice is used up.
        if (!this.isBehind || this.#isOver()) break
      }
    } finally {
      // Even after a throw: nothing else would begin another turn, and the socket would be held back for ever.
      if (this.isBehind) this.#goOn(next)
    }
  }

  /** @param next the first frame that is still left over */
  #goOn(next: number): void {
    this.#left.splice(0, next)
    if (this.#left.length > 0) {
      this.#turn = this.#clock.turn(this.#newTurn)
      return
    }
    const last = this.#last
    this.clear()
    last?.()
  }
}
