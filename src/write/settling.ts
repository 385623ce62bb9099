// Floor 3. Who waits for writes to end, however they end. It costs a write nothing, and a wait that is given up leaves nothing behind.
import type { Write } from './write.js'

interface Wait {
  readonly writes: readonly Write[]
  /** Those before this place have ended. They end mostly in order. */
  at: number
  readonly done: () => void
}

export class Settling {
  readonly #waits = new Set<Wait>()
  #isDue = false

  /** Calls `done` when all these writes have ended. Returns how to give that up. */
  add(writes: readonly Write[], done: () => void): () => void {
    const wait: Wait = { writes, at: 0, done }
    this.#waits.add(wait)
    this.changed()
    return () => this.#waits.delete(wait)
  }

  /** A write has ended: those who wait hear of it after those who watch that write, and once however many have ended. */
  changed(): void {
    if (this.#isDue || this.#waits.size === 0) return
    this.#isDue = true
    queueMicrotask(() => {
      this.#isDue = false
      for (const wait of this.#waits) {
        const { writes, done } = wait
        while (writes[wait.at]?.state === 'done') wait.at++
        if (wait.at < writes.length) continue
        this.#waits.delete(wait)
        done()
      }
    })
  }
}
