// Floor 1. Which entries were updated a short while ago, so that a remove that comes now may be older than they are.

/**
 * How long a remove may lag behind a newer update of its key, in milliseconds. On SwimOS Java up to 41 ms were seen; a host that
 * collects garbage between the two takes longer.
 * @source docs/PROTOCOL.md#overtaking
 */
export const lagMs = 5000

/** Entries remembered at most. With more in the time above, every entry counts as recent. */
const maxIds = 100_000
/** Batches at most, where it takes long to prove what the network has delivered: those before count as one that may have had any. */
const maxBatches = 16

/** Entries by identity; `ids` is undefined where there were too many to remember. */
interface Batch {
  ids: Set<unknown> | undefined
  /** When the first was added, and the last. */
  readonly fromMs: number
  toMs: number
}

/** Remembers by batches that are forgotten as a whole: an id costs one place in a Set, and no timer runs. */
export class Recent {
  #batches: Batch[] = []

  /** @param provenMs as for `has`: that an entry is updated proves nothing, as one stall may have held it and a remove back */
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

  /** Begins with the entries that a sync has named: all that are there. The Set is kept, not copied; undefined stands for any. */
  beginWith(ids: Set<unknown> | undefined, nowMs: number): void {
    // From a time in the past, so that the next entry begins a batch of its own.
    this.#batches = [{ ids, fromMs: nowMs - lagMs, toMs: nowMs }]
  }

  /**
   * @param provenMs a time at which the socket is known to have delivered all that the host had sent. The time of day would not
   * do: a network may hold back the remove alone
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
