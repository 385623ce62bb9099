// Floor 6. The intermediate result of one aggregate for one group. Adding or removing an entry costs no look at the others.
import { OrderIndex } from '../store/order-index.js'
import { ExactSum } from './exact-sum.js'
import { total } from './order.js'
import type { Places } from './table.js'

/** The input of one entry of a group, and the place of the entry in the source. */
interface Part {
  readonly part: unknown
  readonly place: unknown
}

export interface Tally {
  add(part: unknown, place: unknown): void
  remove(part: unknown, place: unknown): void
  read(): unknown
}

/** Makes the tally of a group. Places are those of the source. */
export type MakeTally = (places: Places) => Tally

const isMissing = (part: unknown) => part === undefined || part === null

const summing =
  (read: (sum: ExactSum, count: number) => unknown): MakeTally =>
  () => {
    const sum = new ExactSum()
    let count = 0
    return {
      add(part) {
        if (isMissing(part)) return
        sum.add(Number(part))
        count++
      },
      remove(part) {
        if (isMissing(part)) return
        sum.remove(Number(part))
        count--
      },
      read: () => read(sum, count),
    }
  }

export const summed = /* @__PURE__ */ summing(sum => sum.value)
export const averaged = /* @__PURE__ */ summing((sum, count) => (count === 0 ? undefined : sum.value / count))

const ranked =
  (end: 0 | -1): MakeTally =>
  places => {
    const order = new OrderIndex<Part>((a, b) => total(a.part, b.part) || places.compare(a.place, b.place), [])
    return {
      add: (part, place) => isMissing(part) || order.add({ part, place }),
      remove: (part, place) => isMissing(part) || order.delete({ part, place }),
      read: () => (order.size === 0 ? undefined : order.at(end === 0 ? 0 : order.size - 1)!.part),
    }
  }

export const least = /* @__PURE__ */ ranked(0)
export const most = /* @__PURE__ */ ranked(-1)

export const collected: MakeTally = places => {
  const order = new OrderIndex<Part>((a, b) => places.compare(a.place, b.place), [])
  return {
    add: (part, place) => order.add({ part, place }),
    remove: (part, place) => order.delete({ part, place }),
    read() {
      const list: unknown[] = []
      while (list.length < order.size) for (const { part } of order.run(list.length)) list.push(part)
      return list
    },
  }
}
