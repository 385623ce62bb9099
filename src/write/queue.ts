// Floor 3. A list whose items hold their own places in it: leaving takes O(1) and no memory.

/** What can stand in a queue, in one at a time. Only the queue changes these. */
export interface Queued {
  before: Queued
  after: Queued
}

/** Takes an item out of the queue it stands in. */
export function leave(item: Queued): void {
  item.before.after = item.after
  item.after.before = item.before
  item.before = item.after = item
}

/** Items in order. */
export class Queue<T extends Queued> implements Queued, Iterable<T> {
  // The ring closes here.
  before: Queued = this
  after: Queued = this

  get isEmpty(): boolean {
    return this.after === this
  }

  get first(): T | undefined {
    return this.isEmpty ? undefined : (this.after as T)
  }

  /** Puts an item at the end, wherever it stood. */
  add(item: T): void {
    leave(item)
    item.before = this.before
    item.after = this
    this.before.after = item
    this.before = item
  }

  /** Walks over what stands here now: what comes during the walk is not given, and what leaves still is. */
  [Symbol.iterator](): IterableIterator<T> {
    const items: T[] = []
    for (let item = this.after; item !== this; item = item.after) items.push(item as T)
    return items.values()
  }
}
