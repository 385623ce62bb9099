// Floor 3. Waits for writes to end, whatever their outcome. A wait costs a write nothing, and leaves nothing behind when given up.
import type { Write } from './write.js'

interface Wait {
  readonly writes: readonly Write[]
  /** The writes before this position have ended. Most writes end in order. */
  at: number
  readonly done: () => void
}

export class Settling {
  readonly #waits = new Set<Wait>()
  #isDue = false

  /** Calls `done` when all these writes have ended. Returns a function that gives the wait up. */
  add(writes: readonly Write[], done: () => void): () => void {
    const wait: Wait = { writes, at: 0, done }
    this.#waits.add(wait)
    this.changed()
    return () => this.#waits.delete(wait)
  }

  /** A write has ended. Waits are checked after the watchers of that write are notified, and once for many writes. */
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
