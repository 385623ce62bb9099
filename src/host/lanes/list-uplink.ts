// Floor 3'. What one link still has to tell of a list: all that was done, in order, as SwimOS Java has it. The state of a sync goes
// through the same queue. A reader that falls far behind gets a clear and the state, in the place of what waits.
import type { Item } from '../../store/keyed-list.js'
import type { Held } from './held.js'
import type { Uplink, UplinkPort } from './uplink.js'

/** A state to send, from a position on; then `synced`, that many times. */
interface State {
  readonly items: readonly Item<Held>[]
  at: number
  synced: number
}

/** Where links read what they write. */
export interface ListSource {
  /** All items, as an array that does not change. */
  items(): readonly Item<Held>[]
  /** The body of an item's update. */
  bodyAt(index: number, item: Item<Held>): string
}

/** Operations that may wait for a reader, at least; twice the length of a longer list. */
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

  /** Something was done to the list. */
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
