// Each operator of views by itself: what it leaves out and says of it, and that it is right again however much it has missed.
import { describe, expect, test } from 'vitest'
import { avg, collect, count, max, min, sum, view, type View } from '../../../src/view/index.js'
import { ScriptedHost } from '../../support/scripted-host.js'

type Any = View<unknown, unknown>

/** A map of any keys and values, and another beside it. */
async function maps(entries: readonly (readonly [key: unknown, value: unknown])[] = []) {
  const host = new ScriptedHost()
  const map = host.map().open()
  const other = host.client.downlinkMap().laneUri('other').open()
  for (const [key, value] of entries) map.set(key as never, value as never)
  await host.settle()
  return {
    host,
    map: map as never as Map<unknown, unknown>,
    other: other as never as Map<unknown, unknown>,
    raw: map,
    side: other,
  }
}

const all = () => 'all'
const as = (value: unknown) => value as never

describe('figures of a group', () => {
  const figures = {
    sum: sum(as),
    avg: avg(as),
    min: min(as),
    max: max(as),
    collect: collect(as),
    count: count(),
  } as const
  type Name = keyof typeof figures

  test.each<[Name, unknown[], unknown]>([
    ['count', [5, null, 'x'], 3],
    ['sum', [1, 2n, 3.5], 6.5],
    ['sum', [null, undefined, 4], 4],
    ['sum', [null, undefined], 0],
    ['avg', [1, 2n, 6], 3],
    ['avg', [null, undefined, 4, 6], 5],
    ['avg', [null, undefined], undefined],
    ['min', [3, 1, 2n ** 60n], 1],
    ['min', ['b', null, 'a', undefined], 'a'],
    ['min', [null, undefined], undefined],
    ['max', [3, 1, 2n ** 60n], 2n ** 60n],
    ['max', ['b', null, 'a', undefined], 'b'],
    ['max', [null, undefined], undefined],
    ['collect', [3, null, 'a'], [3, null, 'a']],
  ])('%s of %s', async (name, values, wanted) => {
    const { raw } = await maps(values.map((value, i) => [`k${i}`, { value }]))
    const of = (entry: unknown) => (entry as { value?: unknown }).value
    const { [name]: made } = {
      sum: sum(of as never),
      avg: avg(of as never),
      min: min(of),
      max: max(of),
      collect: collect(of),
      count: count(),
    }
    const groups = view(raw).groupBy(all, { figure: made } as never) as Any
    expect(groups.get('all')).toEqual({ figure: wanted })
  })

  test('take numbers of any size, and leave null and undefined out', async () => {
    const { raw } = await maps([...'abcd'].map(key => [key, 1]))
    const of = (_: unknown, key: unknown) => ({ a: 2n, b: null, c: undefined, d: 4 })[key as 'a'] as never
    const groups = view(raw).groupBy(all, {
      sum: sum(of),
      avg: avg(of),
      min: min(of),
      max: max(of),
      n: count(),
    } as never) as Any
    expect(groups.get('all')).toEqual({ sum: 6, avg: 3, min: 2n, max: 4, n: 4 })
  })

  test.each(Object.keys(figures) as Name[])('%s alone follows entries that come, change, tie and go', async name => {
    const { host, map, raw } = await maps([
      ['a', 5],
      ['b', 7],
      ['c', 5],
    ])
    const groups = view(raw).groupBy(all, { figure: figures[name] } as never) as Any
    const heard: unknown[] = []
    groups.subscribe(changes => heard.push(...changes))
    const fresh = () => (view(raw).groupBy(all, { figure: figures[name] } as never) as Any).get('all')
    expect(groups.get('all')).toEqual(fresh())
    for (const act of [
      () => map.set('d', 9),
      () => map.set('d', 1),
      () => map.set('d', 1),
      () => map.delete('a'),
      () => map.set('b', 2),
      () => map.delete('d'),
      () => map.set('0', 2),
      () => map.delete('b'),
    ]) {
      act()
      expect(groups.get('all')).toEqual(fresh())
      await host.settle()
    }
    map.clear()
    await host.settle()
    expect([groups.get('all'), groups.size]).toEqual([undefined, 0])
    expect(heard.at(-1)).toMatchObject({ type: 'remove', key: 'all' })
  })

  test.each([
    ['sum', () => sum(as)],
    ['avg', () => avg(as)],
  ] as const)('%s says what it was given', async (name, make) => {
    const { host, raw } = await maps([['a', 'five']])
    const groups = view(raw).groupBy(all, { figure: make() } as never) as Any
    expect([groups.size, host.errors.map(({ message }) => message)]).toEqual([
      0,
      [
        `groupBy left out the entry a: ${name} was given five: give a number, or null or undefined to leave the entry out of it`,
      ],
    ])
  })

  test.each([
    ['sum', sum],
    ['avg', avg],
    ['min', min],
    ['max', max],
    ['collect', collect],
  ] as [string, (of: never) => unknown][])('%s takes a function only', (name, make) => {
    expect(() => make(1 as never)).toThrow(
      expect.objectContaining({ option: name, message: `${name}: must be a function, got 1` }),
    )
  })

  test('a group whose key can’t be a key is left out', async () => {
    const { host, raw } = await maps([
      ['a', 1],
      ['b', 2],
    ])
    for (const [key, kind] of [
      [() => 1, 'function'],
      [Symbol('s'), 'symbol'],
    ] as const) {
      host.errors.length = 0
      const groups = view(raw).groupBy(value => ((value as never) === 1 ? key : 'x') as never, { n: count() }) as Any
      expect([...groups]).toEqual([['x', { n: 1 }]])
      expect(host.errors.map(({ message }) => message)).toEqual([
        `groupBy left out the entry a: a ${kind} can't be a key`,
      ])
    }
  })
})

describe('a function that throws', () => {
  const fault = new Error('no')
  const thrower = (value: unknown) => {
    if (value === 1) throw fault
    return value
  }
  const operators: [string, (of: Any, other: Any) => Any][] = [
    ['filter', of => of.filter(thrower)],
    ['map', of => of.map(thrower)],
    ['orderBy', of => of.orderBy(thrower)],
    ['groupBy', of => of.groupBy(thrower, { n: count() }) as Any],
    ['join', (of, other) => of.join(other, thrower as never, value => value)],
  ]

  test.each(operators)('of %s leaves its entry out, when it comes and when it changes', async (name, make) => {
    const { host, map, raw, side } = await maps([
      ['a', 1],
      ['b', 2],
    ])
    const made = make(view(raw) as Any, view(side) as Any)
    expect(made.size).toBe(1)
    expect(host.errors).toEqual([expect.objectContaining({ code: 'callback', key: 'a', cause: fault })])
    expect(host.errors[0]!.message).toBe(`${name} left out the entry a: no`)
    map.set('b', 1)
    expect(made.size).toBe(0)
    map.set('a', 3)
    map.set('b', 4)
    expect(made.size).toBe(2)
    expect(host.errors.map(({ message }) => message)).toEqual(
      ['a', 'b'].map(key => `${name} left out the entry ${key}: no`),
    )
  })

  test('of a filter that nobody reads is reported for each new value, and not for old ones', async () => {
    const { host, map, raw } = await maps([
      ['a', 1],
      ['b', 2],
    ])
    const groups = (view(raw) as Any).filter(thrower).groupBy(all, { n: count() })
    expect([...groups]).toEqual([['all', { n: 1 }]])
    const texts = () => host.errors.splice(0).map(({ message }) => message)
    expect(texts()).toEqual(['filter left out the entry a: no'])
    map.set('b', 1)
    expect([groups.size, texts()]).toEqual([0, ['filter left out the entry b: no']])
    map.set('a', 5)
    map.set('b', 6)
    expect([[...groups], texts()]).toEqual([[['all', { n: 2 }]], []])
  })

  test.each<[unknown, RegExp]>([
    [{ floor: 1 }, /the entry {"floor":1}: no$/],
    [7, /the entry 7: no$/],
    [{ big: 10n ** 20n }, /the entry .*: no$/],
  ])('names the entry: %s', async (key, message) => {
    const { host, raw } = await maps([[key, 1]])
    expect((view(raw) as Any).map(thrower).size).toBe(0)
    expect(host.errors[0]!.message).toMatch(message)
    expect(host.errors[0]!.message).not.toContain('undefined')
  })
})

describe('join', () => {
  const make = async () => {
    const parts = await maps([
      ['a', 'x'],
      ['b', 'x'],
      ['c', 'null'],
      ['d', 'undefined'],
    ])
    parts.other.set('x', 1)
    // No entry refers to this one.
    parts.other.set(null, 0)
    const calls: unknown[] = []
    const joined = (view(parts.raw) as Any).join(
      parts.side as never,
      value => (value === 'null' ? null : value === 'undefined' ? undefined : value) as never,
      (value, found, key) => {
        calls.push(key)
        return `${String(value)} ${String(found)}`
      },
    )
    const called = () => calls.splice(0).sort().join('')
    return { ...parts, joined, called }
  }

  test('gives entries without a reference nothing of the other, whatever that has', async () => {
    const { joined, other, called } = await make()
    expect([...joined.values()]).toEqual(['x 1', 'x 1', 'null undefined', 'undefined undefined'])
    called()
    other.set(null, 7)
    expect([...joined.values()].slice(2)).toEqual(['null undefined', 'undefined undefined'])
    expect(called()).toBe('')
  })

  test('computes again what refers to what has changed, and nothing else', async () => {
    const { joined, map, other, called } = await make()
    expect([joined.size, called()]).toEqual([4, 'abcd'])
    other.set('x', 2)
    expect([joined.get('a'), called()]).toEqual(['x 2', 'ab'])
    map.set('a', 'y')
    expect([joined.get('a'), called()]).toEqual(['y undefined', 'a'])
    other.set('x', 3)
    expect([joined.get('b'), called()]).toEqual(['x 3', 'b'])
    other.set('y', 4)
    expect([joined.get('a'), called()]).toEqual(['y 4', 'a'])
    map.delete('b')
    map.set('a', 'null')
    expect([joined.size, called()]).toEqual([3, 'a'])
    other.set('x', 5)
    other.delete('y')
    expect([joined.get('a'), called()]).toEqual(['null undefined', ''])
    other.clear()
    expect([joined.size, called()]).toEqual([3, ''])
  })

  test('of keys that are records finds them by value', async () => {
    const { raw, side, other } = await maps([[{ id: 1 }, { ref: { n: 1 } }]])
    other.set({ n: 1 }, 'one')
    const joined = (view(raw) as Any).join(
      side as never,
      value => (value as { ref: never }).ref,
      (_, found, key) => [found, key],
    )
    expect([...joined]).toEqual([[{ id: 1 }, ['one', { id: 1 }]]])
    other.set({ n: 1 }, 'uno')
    expect(joined.get({ id: 1 })).toEqual(['uno', { id: 1 }])
  })
})

describe('union', () => {
  test('shows the entry of the last source that has one, and tells only what shows', async () => {
    const { host, map, other, raw, side } = await maps([
      ['a', 1],
      ['b', 2],
    ])
    other.set('b', 20)
    other.set('c', 30)
    const both = (view(raw) as Any).union(view(side) as Any)
    const heard: unknown[] = []
    both.subscribe(changes => heard.push(...changes))
    const told = async (act: () => unknown) => {
      act()
      await host.settle()
      return heard.splice(0)
    }
    expect([...both]).toEqual([
      ['a', 1],
      ['b', 20],
      ['c', 30],
    ])
    expect(await told(() => map.set('b', 3))).toEqual([])
    expect(await told(() => map.delete('b'))).toEqual([])
    expect(await told(() => map.set('b', 4))).toEqual([])
    expect(await told(() => other.delete('b'))).toEqual([{ type: 'update', key: 'b', value: 4, oldValue: 20 }])
    expect(await told(() => other.set('b', 4))).toEqual([])
    expect(await told(() => other.delete('b'))).toEqual([])
    expect(await told(() => map.delete('b'))).toEqual([{ type: 'remove', key: 'b', oldValue: 4 }])
  })
})

test('a union of a view that sorts is in the order of keys', async () => {
  const { raw, side, other } = await maps([
    ['a', 1],
    ['c', 3],
  ])
  other.set('b', 2)
  const sorted = (view(raw) as Any).orderBy(value => value, 'desc')
  expect([...sorted.union(side as never).keys()]).toEqual(['a', 'b', 'c'])
  expect([...(view(side) as Any).union(sorted).keys()]).toEqual(['a', 'b', 'c'])
})

describe('over a filter that nobody reads', () => {
  const operators: [string, (of: Any, filtered: Any) => Any, unknown[]][] = [
    ['limit', (_, filtered) => filtered.limit(1, 1), ['c']],
    ['union', (of, filtered) => of.limit(1).union(filtered), ['a', 'b', 'c']],
    ['map', (_, filtered) => filtered.map(value => value), ['b', 'c']],
  ]
  test.each(operators)('%s has what the filter keeps', async (_, make, keys) => {
    const { map, raw } = await maps([...'abc'].map((key, i) => [key, i]))
    const of = view(raw) as Any
    const made = make(
      of,
      of.filter(value => (value as number) > 0),
    )
    expect([...made.keys()]).toEqual(keys)
    map.set('a', 5)
    expect([...made.keys()]).toEqual(_ === 'limit' ? ['b'] : ['a', 'b', 'c'])
  })

  test('join finds in it what it keeps', async () => {
    const { raw, side, other } = await maps([
      ['a', 'x'],
      ['b', 'y'],
    ])
    other.set('x', 1)
    other.set('y', 0)
    const kept = (view(side) as Any).filter(value => (value as number) > 0)
    const joined = (view(raw) as Any).join(
      kept,
      value => value as never,
      (_, found) => found,
    )
    expect([...joined.values()]).toEqual([1, undefined])
    other.set('y', 2)
    expect([...joined.values()]).toEqual([1, 2])
  })
})

describe('a view that has missed most of its changes is as if it were new', () => {
  const n = (value: unknown) => Number(value)
  const operators: [string, (of: Any, other: Any) => Any][] = [
    ['filter', of => of.filter(value => n(value) % 3 === 0)],
    ['map', of => of.map(value => n(value) * 2)],
    ['orderBy', of => of.orderBy(value => -n(value) % 7)],
    ['limit', of => of.limit(20, 3)],
    ['orderBy and limit', of => of.orderBy(value => -n(value) % 7).limit(20, 3)],
    ['groupBy without ranks', of => of.groupBy(value => n(value) % 5, { n: count(), s: sum(as) }) as Any],
    [
      'groupBy with ranks',
      of => of.groupBy(value => n(value) % 5, { low: min(as), ids: collect((_, key) => key) }) as Any,
    ],
    [
      'join',
      (of, other) =>
        of.join(
          other,
          value => (n(value) % 9) as never,
          (value, found) => [value, found],
        ),
    ],
    ['union', (of, other) => other.union(of)],
  ]

  test.each(operators)('%s', async (_, make) => {
    const { host, map, other, raw, side } = await maps(Array.from({ length: 50 }, (_, i) => [i, i]))
    for (let i = 0; i < 9; i++) other.set(i, `o${i}`)
    const made = make(view(raw) as Any, view(side) as Any)
    const wanted = () => [...make(view(raw) as Any, view(side) as Any)]
    expect([...made]).toEqual(wanted())
    const [entries, keys] = [made.snapshot(), made.keySnapshot()]
    for (let i = 0; i < 3000; i++) map.set(i, i * 31)
    for (let i = 30; i < 2900; i++) map.delete(i)
    expect([...made]).toEqual(wanted())
    expect([made.snapshot() === entries, made.keySnapshot() === keys]).toEqual([false, false])
    for (const act of [
      () => map.set(5, 1),
      () => map.delete(7),
      () => map.set(2000, 3),
      () => other.set(1, 'p'),
      () => other.delete(2),
      () => map.set(5, 2000),
    ]) {
      act()
      expect([...made]).toEqual(wanted())
    }
    // From here on with a listener.
    const copy = new Map(made)
    made.subscribe(changes => {
      for (const { key, ...now } of changes)
        if (now.type === 'update') copy.set(key, now.value)
        else copy.delete(key)
    })
    for (let i = 0; i < 40; i++) map.set(i, i * 17)
    map.delete(3)
    other.set(1, 'q')
    await host.settle()
    expect([...made]).toEqual(wanted())
    expect(copy).toEqual(new Map(made))
  })
})

describe('a piece of an order', () => {
  test.each([
    [3, 0],
    [3, 2],
    [0, 1],
    [Infinity, 4],
    [2, 30],
  ])('of %d entries from %d on is right after each change', async (size, from) => {
    const { host, map, raw } = await maps()
    const order = (view(raw) as Any).orderBy(value => value)
    const [piece, plain] = [order.limit(size, from), (view(raw) as Any).limit(size, from)]
    const copy = new Map<unknown, unknown>()
    piece.subscribe(changes => {
      for (const { key, oldValue, ...now } of changes) {
        expect(oldValue).toBe(copy.get(key))
        if (now.type === 'update') copy.set(key, now.value)
        else copy.delete(key)
      }
    })
    // To and fro: entries come before, within and behind the piece, move across its ends, and go.
    for (let i = 0; i < 240; i++) {
      const key = (i * 7) % 11
      for (let j = 0; j <= i % 4; j++) {
        if ((i + j) % 5 === 4) map.delete(key + j)
        else map.set(key + j, (i * 13 + j * 29) % 17)
      }
      if (i % 60 === 59) for (let k = 0; k < 9; k++) map.delete(k)
      if (i % 3 === 0) await host.settle()
      const [sorted, byKey] = [[...order], [...(view(raw) as Any)]]
      expect([...piece]).toEqual(sorted.slice(from, from + size))
      expect([...plain]).toEqual(byKey.slice(from, from + size))
      if (i % 3 === 0) expect(copy).toEqual(new Map(piece))
    }
  })
})

describe('a walk of a view that changes', () => {
  const kinds: [string, (of: Any) => Any][] = [
    ['filter', of => of.filter(() => true)],
    ['orderBy', of => of.orderBy(value => value)],
  ]
  test.each(
    kinds.flatMap(
      ([kind, make]) =>
        [
          [kind, make, 'the next goes and one comes before', ['-b', '+0'], 'acd'],
          [kind, make, 'what was given goes and one comes before', ['-a', '+0'], 'abcd'],
          [kind, make, 'what was given and the next go', ['-a', '-b'], 'acd'],
          [kind, make, 'one comes before', ['+0'], 'abcd'],
          [kind, make, 'one comes next', ['+aa'], 'aaabcd'],
          [kind, make, 'the last goes', ['-d'], 'abc'],
          [kind, make, 'all go', ['-a', '-b', '-c', '-d'], 'a'],
        ] as const,
    ),
  )('%s: goes on where it was', async (_, make, _what, acts, wanted) => {
    const { map, raw } = await maps([...'abcd'].map(key => [key, key]))
    const made = make(view(raw) as Any)
    const seen: unknown[] = []
    for (const key of made.keys()) {
      seen.push(key)
      if (seen.length > 1) continue
      for (const act of acts) {
        if (act.startsWith('-')) map.delete(act.slice(1))
        else map.set(act.slice(1), act.slice(1))
        // Read, so that it changes.
        void made.size
      }
    }
    expect(seen.join('')).toBe(wanted)
  })
})

test('a listener that took a copy within a batch is called though the batch changes nothing', async () => {
  for (const take of [(of: Any) => of.snapshot(), (of: Any) => of.keySnapshot()]) {
    const { host, map, raw } = await maps([['a', 1]])
    const made = (view(raw) as Any).filter(() => true)
    let calls = 0
    expect(made.size).toBe(1)
    made.subscribe(() => calls++)
    map.set('b', 2)
    void take(made)
    map.delete('b')
    await host.settle()
    expect([calls, made.size]).toEqual([1, 1])
    map.set('b', 2)
    void made.size
    map.delete('b')
    await host.settle()
    expect(calls).toBe(1)
  }
})
