// Floor 6. The operator that makes one entry of each group of entries.
import { say } from '../base/errors.js'
import type { Aggregate } from './aggregates.js'
import { plain, type Of, type Operator } from './operator.js'
import { isSame, isUnchanged } from './order.js'
import { gone, type Table } from './table.js'
import type { Tally } from './tallies.js'

interface GroupOf<G> {
  readonly id: unknown
  readonly key: G
  tallies: readonly Tally[]
  size: number
  isTouched: boolean
}

/** An entry of a group: its place, and the input of each aggregate. */
interface Member<G> {
  readonly group: GroupOf<G>
  readonly place: unknown
  readonly parts: readonly unknown[]
}

/** Makes a group for each key that a function returns, in the order of Recon. A group without entries is removed. */
export function groups<K, V, G, R>(
  given: Table<K, V>,
  by: Of<K, V, G>,
  aggregates: readonly (readonly [name: string, aggregate: Aggregate<K, V, unknown>])[],
): Operator<G, R> {
  const { places } = given
  let { entries } = given as Table
  const { identity, compare } = given.sources[0]!.keys
  /** The aggregates that need an input from each entry. */
  const list = aggregates.flatMap(([, { of, tally, isRanked }]) => (tally === undefined ? [] : { of, tally, isRanked }))
  const groups = new Map<unknown, GroupOf<G>>()
  /** The entries of groups, if an aggregate needs their places. Otherwise nothing is kept, and inputs are computed from old values. */
  const members = list.some(({ isRanked }) => isRanked) ? new Map<unknown, Member<G>>() : undefined
  let touched: GroupOf<G>[] = []
  // The last result of `read`, in variables: an object for each entry would cost memory for nothing.
  let groupId: unknown
  let groupKey: G
  const parts: unknown[] = []

  const read = (value: V, key: K) => {
    groupKey = by(value, key)
    if (typeof groupKey === 'function' || typeof groupKey === 'symbol')
      throw new TypeError(say`a ${typeof groupKey} can't be a key`)
    groupId = identity(groupKey)
    for (let i = 0; i < list.length; i++) parts[i] = list[i]!.of(value, key)
  }

  const tallies = () => list.map(({ tally }) => tally(places))

  const touch = (group: GroupOf<G>) => {
    if (!group.isTouched) touched.push(group)
    group.isTouched = true
  }

  const enter = (place: unknown): GroupOf<G> => {
    let group = groups.get(groupId)
    if (group === undefined) {
      group = { id: groupId, key: groupKey, size: 0, isTouched: false, tallies: tallies() }
      groups.set(groupId, group)
    }
    touch(group)
    group.size++
    for (let i = 0; i < parts.length; i++) group.tallies[i]!.add(parts[i], place)
    return group
  }

  const leave = (group: GroupOf<G>, parts: readonly unknown[], place: unknown) => {
    touch(group)
    group.size--
    for (let i = 0; i < parts.length; i++) group.tallies[i]!.remove(parts[i], place)
  }

  const lookByOld = (key: K, isThere: boolean, old: V | typeof gone) => {
    if (isThere) enter(undefined)
    if (old === gone) return
    try {
      read(old, key)
    } catch {
      // The entry was left out.
      return
    }
    const group = groups.get(groupId)
    if (group !== undefined) leave(group, parts, undefined)
  }

  const lookByMember = (id: unknown, isThere: boolean, members: Map<unknown, Member<G>>) => {
    const [member, place] = [members.get(id), entries.keyOf(id)]
    if (member !== undefined) {
      const isSameGroup = isThere && member.group.id === groupId && member.place === place
      if (isSameGroup && parts.every((part, i) => isSame(member.parts[i], part))) return
      members.delete(id)
      leave(member.group, member.parts, member.place)
    }
    if (isThere) members.set(id, { group: enter(place), place, parts: parts.slice() })
  }

  return {
    ...plain,
    name: 'groupBy',
    places: { compare, keyAt: place => place },
    idOf: identity,
    isUnchanged,
    begin([table]) {
      entries = table!.entries
      groups.clear()
      members?.clear()
      touched = []
    },
    ...(members === undefined && {
      forget() {
        for (const group of groups.values()) {
          touch(group)
          group.size = 0
          group.tallies = tallies()
        }
      },
    }),
    look(_, id, key, value, old, out) {
      let isThere = value !== gone
      try {
        if (isThere) read(value as V, key as K)
      } catch (cause) {
        isThere = false
        out.fail(key, cause)
      }
      if (members === undefined) lookByOld(key as K, isThere, old as V | typeof gone)
      else lookByMember(id, isThere, members)
    },
    finish(out) {
      for (const group of touched) {
        group.isTouched = false
        if (group.size <= 0) {
          groups.delete(group.id)
          out.drop(group.id)
        } else {
          let i = 0
          const figures = aggregates.map(
            ([name, { tally }]) => [name, tally === undefined ? group.size : group.tallies[i++]!.read()] as const,
          )
          // `fromEntries` treats a name such as __proto__ like any other name.
          out.put(group.id, group.key, group.key, Object.fromEntries(figures) as R)
        }
      }
      touched = []
    },
  }
}
