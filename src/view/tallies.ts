// Floor 6. What is kept of each group for one aggregate, so that an entry that comes or goes costs no look at the others.
import { OrderIndex } from '../store/order-index.js'
import { ExactSum } from './exact-sum.js'
import { total } from './order.js'
import type { Places } from './table.js'

/** An entry of a group: its place, and what each aggregate takes of it. */
export interface Member {
  readonly place: unknown
  readonly parts: readonly unknown[]
}

export interface Tally {
  add(member: Member): void
  remove(member: Member): void
  read(): unknown
}

/** Makes a tally of a group, of parts with one index; places are those of the source. */
export type MakeTally = (index: number, places: Places) => Tally

const isMissing = (part: unknown) => part === undefined || part === null

export const counting: MakeTally = () => {
  let count = 0
  return { add: () => void count++, remove: () => void count--, read: () => count }
}

const summing =
  (read: (sum: ExactSum, count: number) => unknown): MakeTally =>
  index => {
    const sum = new ExactSum()
    let count = 0
    const step = ({ parts }: Member, sign: 1 | -1) => {
      if (isMissing(parts[index])) return
      sum.add(Number(parts[index]), sign)
      count += sign
    }
    return {
      add: member => step(member, 1),
      remove: member => step(member, -1),
      read: () => read(sum, count),
    }
  }

export const summed = /* @__PURE__ */ summing(sum => sum.value)
export const averaged = /* @__PURE__ */ summing((sum, count) => (count === 0 ? undefined : sum.value / count))

const ranked =
  (end: 0 | -1): MakeTally =>
  (index, places) => {
    const order = new OrderIndex<Member>(
      (a, b) => total(a.parts[index], b.parts[index]) || places.compare(a.place, b.place),
      [],
    )
    return {
      add: member => isMissing(member.parts[index]) || order.add(member),
      remove: member => isMissing(member.parts[index]) || order.delete(member),
      read: () => (order.size === 0 ? undefined : order.at(end === 0 ? 0 : order.size - 1)!.parts[index]),
    }
  }

export const least = /* @__PURE__ */ ranked(0)
export const most = /* @__PURE__ */ ranked(-1)

export const collected: MakeTally = (index, places) => {
  const order = new OrderIndex<Member>((a, b) => places.compare(a.place, b.place), [])
  return {
    add: member => order.add(member),
    remove: member => order.delete(member),
    read() {
      const list: unknown[] = []
      while (list.length < order.size) for (const { parts } of order.run(list.length)) list.push(parts[index])
      return list
    },
  }
}
