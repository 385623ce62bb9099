// Floor 9. A table that is redrawn in place: after changes, at most ten times a second, and when the terminal is resized.
import { setTimeout as after } from 'node:timers/promises'
import { createLogUpdate } from 'log-update'
import { sizeOf, type Size } from './table.js'

const pauseMs = 100

/** Returns the lines to draw, for a size. Called at each drawing. */
export type Draw = (size: Size) => readonly string[]

export class Live {
  readonly #draw: Draw
  readonly #update = createLogUpdate(process.stdout)
  #isDue = false
  #rests = false
  #isOver = false

  constructor(draw: Draw) {
    this.#draw = draw
    process.stdout.on('resize', this.#resized)
  }

  /** Draws after a change: at once, or when the pause since the last drawing is over. */
  changed(): void {
    this.#isDue = true
    if (this.#rests || this.#isOver) return
    this.#isDue = false
    this.#rests = true
    this.#paint()
    void after(pauseMs, undefined, { ref: false }).then(() => {
      this.#rests = false
      if (this.#isDue) this.changed()
    })
  }

  /** Stops drawing. The last drawing stays, and the cursor shows again. */
  end(): void {
    if (this.#isOver) return
    this.#isOver = true
    process.stdout.off('resize', this.#resized)
    this.#paint()
    this.#update.done()
  }

  readonly #resized = (): void => {
    // A resized terminal wraps lines differently, so their number is unknown: clear the screen and draw again.
    process.stdout.write('\x1b[2J\x1b[3J\x1b[H')
    this.#update.clear()
    this.changed()
  }

  #paint(): void {
    const { columns, rows } = sizeOf(process.stdout)
    // The last line is for the cursor.
    this.#update(this.#draw({ columns, rows: rows - 1 }).join('\n'))
  }
}
