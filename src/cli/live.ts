// Floor 9. A table in place: drawn again when something changes, at most ten times a second, and when its terminal is resized.
import { setTimeout as after } from 'node:timers/promises'
import { createLogUpdate } from 'log-update'
import { sizeOf, type Size } from './table.js'

const pauseMs = 100

/** What is drawn, for a size; called when it is drawn. */
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

  /** Something has changed: draws now, or after the pause since the last time. */
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

  /** Leaves what is drawn last where it is, and gives the cursor back. */
  end(): void {
    if (this.#isOver) return
    this.#isOver = true
    process.stdout.off('resize', this.#resized)
    this.#paint()
    this.#update.done()
  }

  readonly #resized = (): void => {
    // What a terminal has wrapped anew can't be counted: all of it goes, and is drawn again.
    process.stdout.write('\x1b[2J\x1b[3J\x1b[H')
    this.#update.clear()
    this.changed()
  }

  #paint(): void {
    const { columns, rows } = sizeOf(process.stdout)
    // One line is left for the cursor.
    this.#update(this.#draw({ columns, rows: rows - 1 }).join('\n'))
  }
}
