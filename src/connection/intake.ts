// Floor 5. Incoming frames: handled at once, but in slices, so that no turn of the event loop is too long for a page to draw.
// Frames left over wait in order. Until they are handled, the socket is held back if the platform can, so that less than one read
// of the socket is left over. (When the socket read on, up to 8192 frames, the longest turn of a flood was twice as long.)
// A turn is requested only at the end of a slice. In a page each frame is a turn: one more for each took 3 of its 7 µs.
import type { Cancel, Clock } from '../base/clock.js'

/** Milliseconds of a turn for incoming frames: a page that draws 60 times a second keeps more than half of its time. */
const sliceMs = 8
/** How many frames share one reading of the clock, which costs as much as a small frame. A slice may last a few small frames longer. */
const framesPerLook = 16

export class Intake {
  readonly #clock: Clock
  readonly #deliver: (text: string) => void
  readonly #hold: (isHeld: boolean) => void
  #left: string[] = []
  /** What the last frame has begun: it is done before the next frame. */
  #works: Iterator<void>[] = []
  /** Called after the frames that are left over. */
  #last: (() => void) | undefined
  #frames = 0
  /** When the slice ends; 0 before its first frame. A pause between frames may end a slice early: that costs only a turn. */
  #endsAtMs = 0
  /** Once the slice is used up: the turn that begins another. The socket is held back until nothing is left over. */
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
    let isOver = this.#isOver()
    while (this.#works.length > 0 && !isOver) isOver = (this.#step(), this.#isOver())
    // If the frame ended the socket, there is nothing to hold back.
    if (!isOver || this.#endsAtMs === 0) return
    this.#turn = this.#clock.turn(this.#newTurn)
    this.#hold(true)
  }

  /** Does work of the frame that is being delivered, in slices as well. Work that throws has ended. */
  inSteps(work: Iterator<void>): void {
    this.#works.push(work)
  }

  /** Whether frames wait here while the socket is held back. */
  get isBehind(): boolean {
    return this.#turn !== undefined
  }

  /** Calls `last` after the frames that are left over; at once if there are none. */
  end(last: () => void): void {
    if (this.isBehind) this.#last = last
    else last()
  }

  /** Drops the frames and works that are left over, and lets the socket go on. */
  clear(): void {
    this.#left = []
    this.#works = []
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

  /** Whether the slice is used up, as of the last reading of the clock. */
  #isOver(): boolean {
    return ++this.#frames % framesPerLook === 0 && this.#clock.now() >= this.#endsAtMs
  }

  #step(): void {
    const works = this.#works
    let isDone: boolean | undefined = true
    try {
      isDone = works[0]!.next().done
    } finally {
      if (isDone) works.shift()
    }
  }

  readonly #newTurn = (): void => {
    this.#begin()
    let next = 0
    try {
      while (this.#works.length > 0 || next < this.#left.length) {
        if (this.#works.length > 0) this.#step()
        else this.#deliver(this.#left[next++]!)
        // The frame ended the socket, or the slice is used up.
        if (!this.isBehind || this.#isOver()) break
      }
    } finally {
      // Also after a throw: otherwise no turn would follow, and the socket would be held back for ever.
      if (this.isBehind) this.#goOn(next)
    }
  }

  /** @param next the first frame that is still left over */
  #goOn(next: number): void {
    this.#left.splice(0, next)
    if (this.#left.length > 0 || this.#works.length > 0) {
      this.#turn = this.#clock.turn(this.#newTurn)
      return
    }
    const last = this.#last
    this.clear()
    last?.()
  }
}
