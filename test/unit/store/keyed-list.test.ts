// A list by itself: what each operation makes of it, what it says it did, and what it skips.
import { describe, expect, test } from 'vitest'
import { difference, KeyedList, type Item, type ItemChange, type ListOp } from '../../../src/store/keyed-list.js'

/** Items from a text of ids, such as `abc`; an id in capitals has the value 2, others have 1. */
const itemsOf = (ids: string): Item<number>[] =>
  [...ids].map(id => ({ id: id.toLowerCase(), value: id === id.toLowerCase() ? 1 : 2 }))
const idsOf = (items: readonly Item<number>[]) =>
  items.map(({ id, value }) => (value === 2 ? id.toUpperCase() : id)).join('')

/** A change in short: `insert c 2`, `update B 1 from b`, `move a 0 to 2`, `remove a 0`. */
const spell = (change: ItemChange<number>): string => {
  const text = `${change.type} ${idsOf([change.item])} ${change.index}`
  if (change.type === 'move') return `${text} to ${change.to}`
  return change.type === 'update' ? `${text} from ${idsOf([change.old])}` : text
}

const update = (index: number, id: string | undefined, value = 1): ListOp<number> => ({
  type: 'update',
  index,
  id,
  value,
})
const move = (index: number, id: string | undefined, to: number): ListOp<number> => ({ type: 'move', index, id, to })
const remove = (index: number, id?: string): ListOp<number> => ({ type: 'remove', index, id })

describe('an operation', () => {
  test.each<[string, ListOp<number>, string, string[], boolean]>([
    ['inserts an item at its place', update(1, 'x'), 'axbc', ['insert x 1'], true],
    ['inserts an item at the end', update(3, 'x'), 'abcx', ['insert x 3'], true],
    [
      'inserts beyond the end at the end, and says that it was not as given',
      update(4, 'x'),
      'abcx',
      ['insert x 3'],
      false,
    ],
    ['inserts nothing before the beginning', update(-1, 'x'), 'abc', [], false],
    ['updates an item by its id', update(1, 'b', 2), 'aBc', ['update B 1 from b'], true],
    ['updates an item that is elsewhere', update(0, 'c', 2), 'abC', ['update C 2 from c'], true],
    ['updates an item that is given at no possible place', update(-5, 'c', 2), 'abC', ['update C 2 from c'], true],
    ['updates an item by its place alone', update(1, undefined, 2), 'aBc', ['update B 1 from b'], true],
    ['updates nothing where no item is at the place', update(3, undefined, 2), 'abc', [], false],
    ['tells nothing of an equal value', update(1, 'b', 1), 'abc', [], true],
    ['moves an item on', move(0, 'a', 2), 'bca', ['move a 0 to 2'], true],
    ['moves an item back', move(2, 'c', 0), 'cab', ['move c 2 to 0'], true],
    ['moves an item that is elsewhere', move(0, 'c', 1), 'acb', ['move c 2 to 1'], true],
    ['moves an item by its place alone', move(0, undefined, 1), 'bac', ['move a 0 to 1'], true],
    ['moves nothing to where it is', move(1, 'b', 1), 'abc', [], true],
    ['moves nothing to beyond the end', move(0, 'a', 3), 'abc', [], false],
    ['moves nothing to before the beginning', move(0, 'a', -1), 'abc', [], false],
    ['moves nothing to no place', move(0, 'a', NaN), 'abc', [], false],
    ['moves nothing that is not there', move(0, 'x', 1), 'abc', [], false],
    ['removes an item by its id', remove(1, 'b'), 'ac', ['remove b 1'], true],
    ['removes an item that is elsewhere', remove(0, 'c'), 'ab', ['remove c 2'], true],
    ['removes an item by its place alone', remove(1), 'ac', ['remove b 1'], true],
    ['removes nothing that is not there', remove(0, 'x'), 'abc', [], false],
    ['removes nothing from beyond the end', remove(3), 'abc', [], false],
    ['drops the first, the last of them first', { type: 'drop', count: 2 }, 'c', ['remove b 1', 'remove a 0'], true],
    ['drops all', { type: 'drop', count: 9 }, '', ['remove c 2', 'remove b 1', 'remove a 0'], true],
    ['drops none', { type: 'drop', count: 0 }, 'abc', [], true],
    ['takes the first', { type: 'take', count: 1 }, 'a', ['remove c 2', 'remove b 1'], true],
    ['takes more than there are', { type: 'take', count: 9 }, 'abc', [], true],
    ['takes less than none', { type: 'take', count: -1 }, '', ['remove c 2', 'remove b 1', 'remove a 0'], true],
    ['clears', { type: 'clear' }, '', ['remove c 2', 'remove b 1', 'remove a 0'], true],
  ])('%s', (_, op, ids, changes, isAsGiven) => {
    const list = new KeyedList<number>(itemsOf('abc'))
    const told: string[] = []
    // A change is told once the list has it.
    let { size } = list
    const did = (change: ItemChange<number>) => {
      size += { insert: 1, remove: -1, update: 0, move: 0 }[change.type]
      expect(list.size).toBe(size)
      told.push(spell(change))
    }
    expect([list.apply(op, did), idsOf(list.items()), told]).toEqual([isAsGiven, ids, changes])
    expect(list.apply({ type: 'clear' })).toBe(true)
  })

  test('takes values for equal by the comparison that it is given', () => {
    const list = new KeyedList<number>(itemsOf('a'))
    const told: string[] = []
    list.apply(
      update(0, 'a', 2),
      change => told.push(spell(change)),
      () => true,
    )
    expect([idsOf(list.items()), told]).toEqual(['a', []])
  })
})

describe('a list', () => {
  test('is empty to begin with, and takes no later change of the array it was made of', () => {
    expect([new KeyedList().size, new KeyedList().items(), new KeyedList().at(0)]).toEqual([0, [], undefined])
    const items = itemsOf('ab')
    const list = new KeyedList(items)
    items.pop()
    expect([list.size, list.at(1)]).toEqual([2, { id: 'b', value: 1 }])
  })

  test.each<[string, ListOp<number>, boolean]>([
    ['an insert', update(0, 'x'), true],
    ['an update', update(0, 'a', 2), true],
    ['a move', move(0, 'a', 1), true],
    ['a remove', remove(0, 'a'), true],
    ['an equal value', update(0, 'a', 1), false],
  ])('gives one array until it changes: %s', (_, op, isOther) => {
    const list = new KeyedList(itemsOf('abc'))
    const before = list.items()
    expect(list.items()).toBe(before)
    list.apply(op)
    expect(list.items() !== before).toBe(isOther)
    expect(idsOf(before)).toBe('abc')
  })

  test('finds items near and far from where they are looked for, and those that came and went', () => {
    const list = new KeyedList(itemsOf('abcdefg'))
    for (const near of [-9, -1, 0, 1, 3, 6, 7, 99])
      for (const [at, id] of [...'abcdefg'].entries()) expect([near, id, list.find(id, near)]).toEqual([near, id, at])
    expect([list.find('c'), list.find('x'), list.find('x', 3)]).toEqual([2, -1, -1])
    list.apply(update(0, 'x'))
    expect(list.find('x', 5)).toBe(0)
    list.apply(remove(0, 'x'))
    list.apply(update(0, 'a', 2))
    expect([list.find('x', 5), list.find('a', 5), new KeyedList().find('a')]).toEqual([-1, 0, -1])
  })

  test('makes the set of its ids once, when an item is not where it is looked for', () => {
    let reads = 0
    const items = itemsOf('abcdefg').map(({ id, value }) => ({
      value,
      get id() {
        reads++
        return id
      },
    }))
    const list = new KeyedList<number>(items)
    const readsOf = (find: () => unknown) => ((reads = 0), find(), reads)
    expect(readsOf(() => list.find('d', 3))).toBe(1)
    expect(readsOf(() => list.find('x', 3))).toBe(8)
    expect(readsOf(() => list.find('x', 3))).toBe(1)
    expect(readsOf(() => list.find('e', 3))).toBeLessThan(5)
  })
})

describe('the difference of two lists', () => {
  test.each([
    ['', '', []],
    ['', 'ab', ['insert a 0', 'insert b 1']],
    ['ab', '', ['remove b 1', 'remove a 0']],
    ['abc', 'aBc', ['update B 1 from b']],
    ['abc', 'axbc', ['insert x 1']],
    ['abc', 'abcx', ['insert x 3']],
    ['abc', 'ac', ['remove b 1']],
    ['abcd', 'acdb', ['move b 1 to 3']],
    ['abcd', 'adbc', ['move d 3 to 1']],
    ['abc', 'bA', ['remove c 2', 'move a 0 to 1', 'update A 1 from a']],
    ['abcd', 'xdA', ['remove c 2', 'remove b 1', 'insert x 0', 'move a 1 to 2', 'update A 2 from a']],
    // What has moved on is given the place that it is to have, or the last of those there are.
    ['abc', 'bxya', ['remove c 2', 'move a 0 to 1', 'insert x 1', 'insert y 2']],
  ])('of %j and %j', (from, to, changes) => {
    expect(difference(itemsOf(from), itemsOf(to)).map(spell)).toEqual(changes)
  })

  test('is none where the items are the same, or values are equal by the comparison that it is given', () => {
    const items = itemsOf('abc')
    const never = () => {
      throw new Error('compared')
    }
    expect(difference(items, [...items], never)).toEqual([])
    expect(difference(items, itemsOf('ABC'), () => true)).toEqual([])
    // An item that is the same is not compared, wherever it stands.
    expect(difference(items, [items[1]!, items[0]!, items[2]!], never)).toHaveLength(1)
  })

  test('looks at no item between the ends that both have, but for what differs', () => {
    let reads = 0
    const items = Array.from({ length: 100 }, (_, n) => ({
      value: 1,
      get id() {
        reads++
        return `k${n}`
      },
    }))
    difference(items, [...items.slice(0, 50), { id: 'x', value: 1 }, ...items.slice(51)])
    expect(reads).toBeLessThan(10)
    reads = 0
    difference(items, items.slice(0, 99))
    difference(items.slice(0, 99), items)
    expect(reads).toBeLessThan(10)
  })

  test('makes one of the other, whatever the two are', () => {
    const ids = [
      '',
      'a',
      'b',
      'A',
      'ab',
      'ba',
      'Ab',
      'abc',
      'cab',
      'bca',
      'acb',
      'aBc',
      'cba',
      'abcd',
      'dcba',
      'xaybz',
      'dbXc',
    ]
    for (const from of ids)
      for (const to of ids) {
        const list = new KeyedList(itemsOf(from))
        for (const change of difference(itemsOf(from), itemsOf(to))) {
          const { type, index, item } = change
          if (type === 'insert') list.insert(index, item)
          else if (type === 'update') list.apply(update(index, undefined, item.value))
          else if (type === 'move') list.apply(move(index, undefined, change.to))
          else list.apply(remove(index))
        }
        expect([from, to, idsOf(list.items())]).toEqual([from, to, to])
      }
  })
})
