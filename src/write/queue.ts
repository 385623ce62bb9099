// Floor 3. A linked list whose items hold the links themselves: an item leaves in O(1), without memory.

/** An item of a queue; in one queue at a time. Only the queue changes these fields. */
export interface Queued {
  before: Queued
  after: Queued
}

/** Removes an item from its queue. */
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

  /** Puts an item at the end, out of any queue that held it. */
  add(item: T): void {
    leave(item)
    item.before = this.before
    item.after = this
    this.before.after = item
    this.before = item
  }

  /** Walks over the present items: those added during the walk are left out, those that leave are still visited. */
  [Symbol.iterator](): IterableIterator<T> {
    const items: T[] = []
    for (let item = this.after; item !== this; item = item.after) items.push(item as T)
    return items.values()
  }
}
