// Floor 3'. Sends one link all operations on a list, in order, as SwimOS Java does. The state for a sync goes through the same queue. A
// reader that falls far behind gets a clear and the whole state instead of the queue.
import type { Item } from '../../store/keyed-list.js'
import type { Held } from './held.js'
import type { Uplink, UplinkPort } from './uplink.js'

/** A state to send, from a position on; then `synced`, as many times as requested. */
interface State {
  readonly items: readonly Item<Held>[]
  at: number
  synced: number
}

/** The list that a link sends. */
export interface ListSource {
  /** All items, as an array that does not change. */
  items(): readonly Item<Held>[]
  /** The body of an item's update. */
  bodyAt(index: number, item: Item<Held>): string
}

/** The least number of operations that may wait for a reader; for longer lists, twice their length. */
const leastWaiting = 1024

export class ListUplink implements Uplink {
  readonly #source: ListSource
  readonly #port: UplinkPort
  #queue: (string | State)[] = []
  #at = 0

  constructor(source: ListSource, port: UplinkPort) {
    this.#source = source
    this.#port = port
  }

  /** Called after an operation on the list. */
  did(body: string): void {
    const items = this.#source.items()
    if (this.#queue.length - this.#at > Math.max(leastWaiting, 2 * items.length)) {
      const states = this.#queue.slice(this.#at).filter(each => typeof each !== 'string')
      this.#at = 0
      this.#queue = ['@clear', { items, at: 0, synced: states.reduce((sum, { synced }) => sum + synced, 0) }]
    } else this.#queue.push(body)
    this.#port.wake()
  }

  sync(): void {
    this.#queue.push({ items: this.#source.items(), at: 0, synced: 1 })
    this.#port.wake()
  }

  next(): string | undefined {
    for (;;) {
      const next = this.#queue[this.#at]
      if (next === undefined) return undefined
      if (typeof next === 'string') {
        this.#step()
        return this.#port.event + next
      }
      const item = next.items[next.at]
      if (item !== undefined) return this.#port.event + this.#source.bodyAt(next.at++, item)
      if (next.synced-- > 0) return this.#port.synced
      this.#step()
    }
  }

  #step(): void {
    if (++this.#at < this.#queue.length && this.#at <= leastWaiting) return
    this.#queue = this.#queue.slice(this.#at)
    this.#at = 0
  }
}
