// Floor 1. Which entries were updated a short while ago. A remove that comes now may be older than their values.

/**
 * How long a remove may lag behind a newer update of its key, in milliseconds. On SwimOS Java up to 41 ms were seen; a host that
 * collects garbage between the two takes longer.
 * @source docs/PROTOCOL.md#overtaking
 */
export const lagMs = 5000

/** The most entries of one batch. If there are more, every entry counts as recent. */
const maxIds = 100_000
/** The most batches, for networks that take long to prove deliveries. Older batches become one that may have had any entry. */
const maxBatches = 16

/** Entries by identity; `ids` is undefined if there were too many to remember. */
interface Batch {
  ids: Set<unknown> | undefined
  /** The times when the first and the last entry were added. */
  readonly fromMs: number
  toMs: number
}

/** Remembers entries in batches, which are forgotten as a whole. So an id costs only one place in a Set, and no timer runs. */
export class Recent {
  #batches: Batch[] = []

  /** @param provenMs as for `has`. The update itself proves nothing: one stall may have held back both the update and a remove */
  add(id: unknown, nowMs: number, provenMs: number): void {
    let batch = this.#batches.at(-1)
    if (batch === undefined || nowMs - batch.fromMs > lagMs / 2) {
      this.#forget(provenMs)
      if (this.#batches.length === maxBatches) this.#batches.splice(0, 2, { ...this.#batches[1]!, ids: undefined })
      batch = { ids: new Set(), fromMs: nowMs, toMs: nowMs }
      this.#batches.push(batch)
    }
    batch.toMs = nowMs
    if (batch.ids === undefined) return
    batch.ids.add(id)
    if (batch.ids.size > maxIds) batch.ids = undefined
  }

  /** Begins with all entries, as a sync has named them. The Set is kept, not copied; undefined stands for any entry. */
  beginWith(ids: Set<unknown> | undefined, nowMs: number): void {
    // The start lies in the past, so that the next entry begins a batch of its own.
    this.#batches = [{ ids, fromMs: nowMs - lagMs, toMs: nowMs }]
  }

  /**
   * @param provenMs a time at which the socket is known to have delivered all that the host had sent. The current time would be
   * wrong: a network may hold back only the remove
   */
  has(id: unknown, provenMs: number): boolean {
    this.#forget(provenMs)
    return this.#batches.some(({ ids }) => ids === undefined || ids.has(id))
  }

  clear(): void {
    this.#batches = []
  }

  #forget(nowMs: number): void {
    if (nowMs - (this.#batches[0]?.toMs ?? nowMs) > lagMs)
      this.#batches = this.#batches.filter(({ toMs }) => nowMs - toMs <= lagMs)
  }
}
