// Floor 6. The operator that makes an entry of each group of entries.
import { say } from '../base/errors.js'
import type { Aggregate } from './aggregates.js'
import { plain, type Of, type Operator } from './operator.js'
import { isSame, isUnchanged } from './order.js'
import type { Table } from './table.js'
import type { Member, Tally } from './tallies.js'

interface GroupOf<G> {
  readonly id: unknown
  readonly key: G
  readonly tallies: readonly Tally[]
  size: number
}

interface Grouped<G> extends Member {
  readonly group: GroupOf<G>
}

/** A group for each key that a function gives, in the order of Recon; one without entries is gone. */
export function groups<K, V, G, R>(
  table: Table<K, V>,
  by: Of<K, V, G>,
  aggregates: readonly (readonly [name: string, aggregate: Aggregate<K, V, unknown>])[],
): Operator<G, R> {
  const { entries, places } = table
  const { identity, compare } = table.sources[0]!.keys
  const groups = new Map<unknown, GroupOf<G>>()
  /** What is kept is what a function gave: the value that it was asked of may be changed in place later. */
  const members = new Map<unknown, Grouped<G>>()
  const touched = new Set<GroupOf<G>>()

  const leave = (id: unknown, member = members.get(id)) => {
    if (member === undefined) return
    members.delete(id)
    const { group } = member
    group.size--
    for (const tally of group.tallies) tally.remove(member)
    touched.add(group)
  }

  const groupOf = (id: unknown, key: G): GroupOf<G> => {
    let group = groups.get(id)
    if (group === undefined) {
      group = { id, key, size: 0, tallies: aggregates.map(([, { tally }], index) => tally(index, places)) }
      groups.set(id, group)
    }
    return group
  }

  return {
    ...plain,
    name: 'groupBy',
    places: { identity, compare, keyAt: place => place },
    idOf: identity,
    isUnchanged,
    look(_, id, out) {
      const value = entries.get(id) as V
      if (value === undefined && !entries.has(id)) return leave(id)
      const [key, place] = [table.keyOf(id), entries.keyOf(id)]
      let groupId: unknown
      let groupKey: G
      let parts: unknown[]
      try {
        groupKey = by(value, key)
        if (typeof groupKey === 'function' || typeof groupKey === 'symbol')
          throw new TypeError(say`a ${typeof groupKey} can't be a key`)
        groupId = identity(groupKey)
        parts = aggregates.map(([, aggregate]) => aggregate.of(value, key))
      } catch (cause) {
        leave(id)
        return out.fail(key, cause)
      }
      const old = members.get(id)
      if (
        old !== undefined &&
        old.group.id === groupId &&
        old.place === place &&
        parts.every((part, index) => isSame(old.parts[index], part))
      )
        return
      if (old !== undefined) leave(id, old)
      const group = groupOf(groupId, groupKey)
      const member = { group, place, parts }
      members.set(id, member)
      group.size++
      for (const tally of group.tallies) tally.add(member)
      touched.add(group)
    },
    finish(out) {
      for (const group of touched) {
        if (group.size === 0) {
          groups.delete(group.id)
          out.drop(group.id)
        } else {
          const figures = aggregates.map(([name], index) => [name, group.tallies[index]!.read()] as const)
          // A name such as __proto__ is one as any other.
          out.put(group.id, group.key, group.key, Object.fromEntries(figures) as R)
        }
      }
      touched.clear()
    },
    clear() {
      groups.clear()
      members.clear()
      touched.clear()
    },
  }
}
