// Live views over maps: what each operator gives, and what is notified.
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { avg, collect, count, max, min, sum, view, type View } from '../../../src/view/index.js'
import { ScriptedHost } from '../../support/scripted-host.js'

const Vehicle = z.object({ speed: z.number(), route: z.string(), line: z.string().optional() })
type Vehicle = z.infer<typeof Vehicle>
const car = (speed: number, route = 'r1', line?: string): Vehicle =>
  line === undefined ? { speed, route } : { speed, route, line }

async function opened(...entries: [string, Vehicle][]) {
  const host = new ScriptedHost()
  const map = host.map().keySchema(z.string()).valueSchema(Vehicle).open()
  const lines = host.client
    .downlinkMap()
    .laneUri('lines')
    .keySchema(z.string())
    .valueSchema(z.object({ name: z.string() }))
    .open()
  for (const [key, value] of entries) map.set(key, value)
  await host.settle()
  return { host, map, lines }
}
const fleet = () =>
  opened(['a', car(90)], ['b', car(50, 'r2')], ['c', car(70)], ['d', car(50)], ['e', car(10, 'r2', 'l1')])

describe('operators', () => {
  test('filter keeps the entries for which its function returns true, in the order of the source', async () => {
    const { map } = await fleet()
    const fast = view(map).filter(({ speed }) => speed >= 70)
    expect([...fast.keys()]).toEqual(['a', 'c'])
    map.set('e', car(99))
    map.set('aa', car(71))
    map.set('a', car(1))
    expect([...fast.keys()]).toEqual(['aa', 'c', 'e'])
    map.clear()
    expect([fast.size, fast.first(), fast.has('c')]).toEqual([0, undefined, false])
  })

  test('map has the results of its function, and reports no change if the new result is equal', async () => {
    const { host, map } = await fleet()
    const routes = view(map).map(({ route }, key) => ({ route, key }))
    const heard: unknown[] = []
    routes.subscribe(changes => heard.push(changes))
    expect(routes.get('b')).toEqual({ route: 'r2', key: 'b' })
    map.set('b', car(51, 'r2'))
    await host.settle()
    expect(heard).toEqual([])
    map.set('b', car(51, 'r9'))
    await host.settle()
    const [key, oldValue] = ['b', { route: 'r2', key: 'b' }]
    expect(heard).toEqual([[{ type: 'update', key, value: { route: 'r9', key }, oldValue }]])
  })

  test('orderBy sorts, with ties in the order of the source, and limit takes a page of the result', async () => {
    const { map } = await fleet()
    const slow = view(map).orderBy(({ speed }) => speed)
    const fast = view(map).orderBy(({ speed }) => speed, 'desc')
    expect([...slow.keys()]).toEqual(['e', 'b', 'd', 'c', 'a'])
    expect([...fast.keys()]).toEqual(['a', 'c', 'b', 'd', 'e'])
    const [top, next] = [fast.limit(2), fast.limit(2, 2)]
    expect([[...top.keys()], [...next.keys()]]).toEqual([
      ['a', 'c'],
      ['b', 'd'],
    ])
    map.set('e', car(80))
    expect([[...top.keys()], [...next.keys()]]).toEqual([
      ['a', 'e'],
      ['c', 'b'],
    ])
    expect([fast.at(1)?.[0], fast.at(-1)?.[0], fast.indexOf('c'), fast.last()?.[0]]).toEqual(['e', 'd', 2, 'd'])
    map.delete('a')
    map.delete('e')
    expect([[...top.keys()], [...next.keys()]]).toEqual([['c', 'b'], ['d']])
  })

  test('groupBy has an entry for each key, with its figures; an empty group is gone', async () => {
    const { map } = await fleet()
    const routes = view(map).groupBy(({ route }) => route, {
      n: count(),
      total: sum(v => v.speed),
      mean: avg(v => v.speed),
      peak: max(v => v.speed),
      low: min(v => v.speed),
      ids: collect((_, key) => key),
    })
    expect([...routes]).toEqual([
      ['r1', { n: 3, total: 210, mean: 70, peak: 90, low: 50, ids: ['a', 'c', 'd'] }],
      ['r2', { n: 2, total: 60, mean: 30, peak: 50, low: 10, ids: ['b', 'e'] }],
    ])
    map.set('a', car(40, 'r2'))
    expect(routes.get('r2')).toEqual({ n: 3, total: 100, mean: 100 / 3, peak: 50, low: 10, ids: ['a', 'b', 'e'] })
    for (const key of 'abe') map.delete(key)
    expect([...routes.keys()]).toEqual(['r1'])
  })

  test('a value changed in place and written back leaves its old group', async () => {
    const { map } = await fleet()
    const routes = view(map).groupBy(({ route }) => route, { n: count() })
    expect(routes.get('r1')).toEqual({ n: 3 })
    const a = map.get('a')!
    a.route = 'r2'
    map.set('a', a)
    expect([...routes]).toEqual([
      ['r1', { n: 2 }],
      ['r2', { n: 3 }],
    ])
  })

  test.each([
    ['with ranks', { n: count(), low: min((v: Vehicle) => v.speed) }],
    ['without', { n: count(), total: sum((v: Vehicle) => v.speed) }],
  ])('a value changed in place is where it belongs, for all downlinks of its lane: groups %s', async (_, figures) => {
    const { host, map } = await fleet()
    const other = host.map().keySchema(z.string()).valueSchema(Vehicle).open()
    const raw = host.map().open()
    await host.settle()
    const sources = [map, other, raw] as unknown as (typeof map)[]
    const views = sources.map(each =>
      view(each)
        .filter(({ speed }) => speed > 20)
        .groupBy<string, Record<string, ReturnType<typeof count>>>(({ route }) => route, figures as never),
    )
    const heard = views.map(each => {
      const copy = new Map(each)
      each.subscribe(changes => {
        for (const { key, oldValue, ...now } of changes) {
          expect(oldValue).toEqual(copy.get(key))
          if (now.type === 'update') copy.set(key, now.value)
          else copy.delete(key)
        }
      })
      return copy
    })
    for (const source of sources) {
      for (const [route, speed] of [
        ['r2', 30],
        ['r3', 10],
        ['r1', 90],
      ] as const) {
        const a = source.get('a')!
        a.route = route
        a.speed = speed
        source.set('a', a)
        const wanted = new Map<string, number>()
        for (const { route, speed } of map.values()) if (speed > 20) wanted.set(route, (wanted.get(route) ?? 0) + 1)
        for (const [i, each] of views.entries()) {
          expect(new Map(Array.from(each, ([route, { n }]) => [route, n]))).toEqual(wanted)
          await host.settle()
          expect(heard[i]).toEqual(new Map(each))
        }
      }
    }
  })

  test('join follows both sources', async () => {
    const { map, lines } = await fleet()
    const named = view(map).join(
      lines,
      v => v.line,
      (v, line, key) => `${key} ${v.speed} ${line?.name}`,
    )
    expect(named.get('e')).toBe('e 10 undefined')
    lines.set('l1', { name: 'One' })
    expect(named.get('e')).toBe('e 10 One')
    map.set('a', car(1, 'r1', 'l1'))
    expect([named.get('a'), named.get('b')]).toEqual(['a 1 One', 'b 50 undefined'])
    lines.delete('l1')
    expect(named.get('a')).toBe('a 1 undefined')
  })

  test('union has the entries of all sources; for a key in several, the last source wins', async () => {
    const { map } = await fleet()
    const all = view(map)
      .map(() => 0)
      .union(view(map).filter(({ speed }) => speed > 60))
    expect([...all]).toEqual([
      ['a', car(90)],
      ['b', 0],
      ['c', car(70)],
      ['d', 0],
      ['e', 0],
    ])
    map.set('a', car(1))
    map.delete('b')
    expect([...all.values()]).toEqual([0, car(70), 0, 0])
  })
})

describe('changes that a view reports', () => {
  test('all views report a batch in one turn: one change for each key, with its old value', async () => {
    const { host, map } = await fleet()
    const story: unknown[] = []
    const top = view(map)
      .orderBy(v => v.speed, 'desc')
      .limit(1)
    const undo = top.subscribe(changes => story.push(['top', [changes, 1]]))
    view(map)
      .groupBy(() => 'all', { n: count() })
      .subscribe(changes => story.push(['n', [changes, top.size]]))
    await host.settle()
    map.set('f', car(95))
    map.set('f', car(96))
    map.set('g', car(1))
    map.delete('g')
    await host.settle()
    expect(new Map(story as [])).toEqual(
      new Map([
        [
          'top',
          [
            [
              { type: 'update', key: 'f', value: car(96) },
              { type: 'remove', key: 'a', oldValue: car(90) },
            ],
            1,
          ],
        ],
        ['n', [[{ type: 'update', key: 'all', value: { n: 6 }, oldValue: { n: 5 } }], 1]],
      ] as [string, unknown][]),
    )
    undo()
    map.delete('f')
    await host.settle()
    expect(story).toHaveLength(3)
    expect(story[2]).toMatchObject(['n', [[{ oldValue: { n: 6 } }], 1]])
  })

  test('a listener that subscribes amid a batch gets only later changes', async () => {
    const { host, map } = await fleet()
    const speeds = view(map).map(v => v.speed)
    const [early, late]: unknown[][] = [[], []]
    speeds.subscribe(changes => early!.push(changes))
    expect(speeds.get('a')).toBe(90)
    map.set('a', car(1))
    speeds.subscribe(changes => late!.push(changes))
    map.set('a', car(2))
    await host.settle()
    expect(early).toEqual([[{ type: 'update', key: 'a', value: 2, oldValue: 90 }]])
    expect(late).toEqual([[{ type: 'update', key: 'a', value: 2, oldValue: 1 }]])
  })

  test('subscribeTo and changes() get the same changes as subscribe', async () => {
    const { host, map } = await fleet()
    const speeds = view(map).map(v => v.speed)
    const heard: unknown[] = []
    speeds.subscribeTo('a', value => heard.push(value))
    const batches = speeds.changes()
    expect(speeds.size).toBe(5)
    map.set('a', car(5))
    map.set('b', car(6))
    await host.settle()
    expect(heard).toEqual([5])
    expect((await batches.next()).value).toHaveLength(2)
    speeds.close()
    expect(await batches.next()).toEqual({ value: undefined, done: true })
  })

  test('a view over a view reports changes to a listener that subscribed before the first read', async () => {
    const { host, map } = await fleet()
    const groups = view(map).groupBy(v => v.route, { n: count() })
    const sorted = groups.orderBy(({ n }) => n)
    const heard: unknown[] = []
    sorted.subscribe(changes => heard.push(...changes))
    expect(sorted.size).toBe(2)
    await host.settle()
    map.set('z', car(1))
    await host.settle()
    expect(heard).toEqual([{ type: 'update', key: 'r1', value: { n: 4 }, oldValue: { n: 3 } }])
  })

  test('a union finds keys that the schema of one of its sources refuses', async () => {
    const { map } = await fleet()
    const all = view(map).union(view(map).groupBy(v => v.speed as unknown as string, { n: count() }))
    expect([all.has(50 as never), all.indexOf(50 as never), all.has('a'), all.has('q')]).toEqual([true, 6, true, false])
    const other = view(map).groupBy(v => v.speed as unknown as string, { n: count() })
    const both = (other as unknown as View<string, unknown>).union(view(map))
    expect([both.has(50 as never), both.has('a'), both.has('q')]).toEqual([true, true, false])
  })

  test('the changes of a view end when its map closes', async () => {
    const { map } = await fleet()
    const batches = view(map)
      .filter(() => true)
      .map(v => v.speed)
      .changes()
    map.close()
    expect(await batches.next()).toEqual({ value: undefined, done: true })
  })

  test('the function of a join never gets a new value beside an old one of the same change', async () => {
    const { host, map } = await fleet()
    const seen: unknown[] = []
    const speeds = view(map).map(v => v.speed)
    const twice = view(map).join(
      speeds,
      (_, key) => key,
      (v, speed) => {
        seen.push(v.speed === speed)
        return speed
      },
    )
    twice.subscribe(() => {})
    expect(twice.get('a')).toBe(90)
    map.set('a', car(3))
    await host.settle()
    expect(twice.get('a')).toBe(3)
    expect(new Set(seen)).toEqual(new Set([true]))
  })
})

describe('the first computing of a view', () => {
  test('takes several turns, with the status syncing until all entries are computed', async () => {
    const { host, map } = await opened()
    for (let i = 0; i < 1000; i++) map.set(`k${i}`, car(i))
    await host.say('@linked', '@synced')
    let calls = 0
    // Time passes while entries are looked at.
    const now = host.clock.now.bind(host.clock)
    host.clock.now = () => now() + calls / 20
    const fast = view(map).filter(v => {
      calls++
      return v.speed > 900
    })
    const statuses: string[] = []
    fast.subscribe(() => {})
    fast.on('didChangeStatus', ({ state }) => statuses.push(state))
    // The first slice is within the call, and no more than that.
    expect(fast.status.state).toBe('syncing')
    // It takes 8 ms, and looks at the clock now and then.
    expect(calls).toBeGreaterThanOrEqual(160)
    expect(calls).toBeLessThan(250)
    const over = [fast.map(v => v.speed), view(map).union(fast)]
    expect(over.map(({ status }) => status.state)).toEqual(['syncing', 'syncing'])
    const whole = fast.whenSynced()
    await host.settle()
    await whole
    expect([calls, statuses]).toEqual([1000, [map.status.state]])
    expect(fast.size).toBe(99)
  })

  test('takes several turns too where the view is over one that takes several', async () => {
    const { host, map } = await opened()
    for (let i = 0; i < 1000; i++) map.set(`k${i}`, car(i))
    await host.say('@linked', '@synced')
    let calls = 0
    const now = host.clock.now.bind(host.clock)
    host.clock.now = () => now() + calls / 20
    const slow = view(map)
      .map(v => {
        calls++
        return v.speed
      })
      .orderBy(speed => speed)
    slow.subscribe(() => {})
    expect(slow.status.state).toBe('syncing')
    expect(calls).toBeLessThan(250)
    const whole = slow.whenSynced()
    await host.settle()
    await whole
    expect([calls, slow.at(700)]).toEqual([1000, ['k700', 700]])
  })

  test('happens once, and nothing is computed while the view has no reader', async () => {
    const { host, map } = await fleet()
    let calls = 0
    const speeds = view(map).map(v => {
      calls++
      return v.speed
    })
    const [one, two] = [speeds.filter(speed => speed > 1), speeds.orderBy(speed => speed)]
    await host.settle()
    expect(calls).toBe(0)
    expect([one.size, two.size, calls]).toEqual([5, 5, 5])
    map.set('a', car(1))
    await host.settle()
    expect(calls).toBe(5)
    expect([one.size, two.size, speeds.get('a'), calls]).toEqual([4, 5, 1, 6])
  })

  test('is repeated if most entries changed while the view had no reader', async () => {
    const { host, map } = await fleet()
    const speeds = view(map).map(v => v.speed)
    const fast = speeds.filter(speed => speed > 2000)
    expect(fast.size).toBe(0)
    for (let i = 0; i < 3000; i++) map.set(`k${i}`, car(i))
    for (let i = 0; i < 2000; i++) map.delete(`k${i}`)
    expect([fast.size, speeds.size]).toEqual([999, 1005])
    const heard: unknown[] = []
    fast.subscribe(changes => heard.push(...changes))
    map.delete('k2500')
    await host.settle()
    expect(heard).toEqual([{ type: 'remove', key: 'k2500', oldValue: 2500 }])
  })
})

describe('bad input', () => {
  test('throws a ConfigError that names the fault', async () => {
    const { map, lines } = await fleet()
    const all = view(map)
    const cases: [() => unknown, string, RegExp][] = [
      [() => view(new Map() as never), 'view', /must be given a map downlink or a view/],
      [() => view(undefined as never), 'view', /must be given a map downlink or a view/],
      [() => all.union([] as never), 'union', /must be given a map downlink or a view, got a list/],
      [() => all.filter(1 as never), 'filter', /must be a function, got 1/],
      [() => all.map(1 as never), 'map', /must be a function, got 1/],
      [() => all.orderBy(1 as never), 'orderBy', /must be a function, got 1/],
      [() => all.groupBy(1 as never, {}), 'groupBy', /^groupBy: must be a function, got 1/],
      [() => all.join(1 as never, () => 'x', String), 'join', /must be given a map downlink or a view, got 1/],
      [() => all.limit(NaN), 'limit', /integers from 0, got NaN/],
      [() => all.limit('5' as never), 'limit', /integers from 0, got "5"$/],
      [() => all.limit(5n as never), 'limit', /got 5n$/],
      [() => all.join(lines, undefined as never, () => 1), 'join', /^join: keyOf must be a function, got undefined/],
      [() => all.join(lines, () => 'x', 'y' as never), 'join', /^join: make must be a function, got "y"/],
      [() => all.subscribe(undefined as never), 'subscribe', /must be a function/],
      [() => all.subscribeTo('a', 1 as never), 'subscribeTo', /must be a function, got 1/],
      [() => all.limit(5, -1), 'limit', /integers from 0, got -1/],
      [() => all.orderBy(v => v, 'up' as never), 'orderBy', /asc or desc, got "up"/],
      [() => all.groupBy(v => v.route, { n: {} as never }), 'groupBy.n', /count, sum, avg, min, max or collect/],
      [() => sum(undefined as never), 'sum', /must be a function/],
    ]
    for (const [act, option, message] of cases) {
      expect(act).toThrow(expect.objectContaining({ code: 'config', option, message: expect.stringMatching(message) }))
    }
    const before = all.filter(() => true)
    expect(before.size).toBe(5)
    lines.close()
    map.close()
    expect(() => view(map)).toThrow(/is closed/)
    expect(() => all.filter(() => true)).toThrow(expect.objectContaining({ option: 'view' }))
    expect(() => all.filter(() => true)).toThrow(/is closed/)
    expect([before.status.state, before.size]).toEqual(['closed', 5])
  })

  test('a function that throws leaves its entry out, is reported once, and is called again for a new value', async () => {
    const { host, map } = await fleet()
    const odd = view(map).map(v => {
      if (v.speed === 50) throw new Error('fifty')
      return v.speed
    })
    expect([...odd.keys()]).toEqual(['a', 'c', 'e'])
    expect(odd.size).toBe(3)
    expect(host.errors.map(({ code, message }) => [code, message])).toEqual(
      ['b', 'd'].map(key => ['callback', `map left out the entry ${key}: fifty`]),
    )
    expect(host.errors[0]).toMatchObject({ key: 'b', laneUri: 'map' })
    map.set('b', car(51))
    map.set('a', car(50))
    expect([...odd.keys()]).toEqual(['b', 'c', 'e'])
  })

  test('entries with an invalid group key, sort value or summand are left out', async () => {
    const { host, map } = await fleet()
    const groups = view(map).groupBy(v => (v.speed === 90 ? () => 1 : v.route) as string, { n: count() })
    const sorted = view(map).orderBy(v => (v.speed === 90 ? {} : v.speed))
    const sums = view(map).groupBy(v => v.route, { s: sum(v => (v.speed === 90 ? 'x' : v.speed) as number) })
    expect([groups.get('r1'), sorted.size, sums.get('r1')]).toEqual([{ n: 2 }, 4, { s: 120 }])
    expect(host.errors.map(({ code }) => code)).toEqual(['callback', 'callback', 'callback'])
  })
})

test.each<
  [string, (parts: { map: { close(): void }; own: View<string, Vehicle>; leaf: View<string, Vehicle> }) => void]
>([
  ['the map', ({ map }) => map.close()],
  ['the view over it', ({ own }) => own.close()],
  ['the view itself', ({ leaf }) => leaf.close()],
])('a listener to the status is called once when %s is closed, with and without readers', async (_, close) => {
  for (const isRead of [true, false]) {
    const { host, map } = await fleet()
    const own = view(map)
    const leaf = own.filter(() => true).filter(() => true)
    const states: string[] = []
    leaf.on('didChangeStatus', ({ state }) => states.push(state))
    const undo = leaf.on('didChangeStatus', () => states.push('undone'))
    if (isRead) leaf.subscribe(() => {})
    if (isRead) expect(leaf.size).toBe(5)
    undo()
    await host.settle()
    states.length = 0
    close({ map, own, leaf })
    await host.settle()
    expect([states, leaf.status.state]).toEqual([['closed'], 'closed'])
  }
})

test('a filter without readers keeps no entries, and still closes the views over it when it closes', async () => {
  const { host, map } = await fleet()
  let calls = 0
  const fast = view(map).filter(v => {
    calls++
    return v.speed >= 50
  })
  const slower = fast.filter(v => v.speed < 90)
  const groups = slower.groupBy(v => v.route, { n: count() })
  const resting = slower.orderBy(v => v.speed)
  const heard: unknown[] = []
  groups.subscribe(changes => heard.push(...changes))
  expect([[...groups], [...resting.keys()], calls]).toEqual([
    [
      ['r1', { n: 2 }],
      ['r2', { n: 1 }],
    ],
    ['b', 'd', 'c'],
    10,
  ])
  // Read by now, it has its entries for itself.
  expect([...fast.keys()]).toEqual(['a', 'b', 'c', 'd'])
  map.set('f', car(60))
  await host.settle()
  expect([groups.get('r1'), resting.size, fast.size]).toEqual([{ n: 3 }, 4, 5])
  map.set('g', car(60))
  fast.close()
  map.set('h', car(61))
  await host.settle()
  expect(heard).toEqual([
    { type: 'update', key: 'r1', value: { n: 3 }, oldValue: { n: 2 } },
    { type: 'update', key: 'r1', value: { n: 4 }, oldValue: { n: 3 } },
  ])
  expect([groups.get('r1'), fast.size, groups.status.state, slower.status.state]).toEqual([
    { n: 4 },
    6,
    'closed',
    'closed',
  ])
  expect(() => slower.filter(() => true)).toThrow(/is closed/)
})

test('a join over a filter without readers keeps its entries when the filter closes, though its other source goes on', async () => {
  const { map, lines } = await fleet()
  lines.set('l1', { name: 'One' })
  const slow = view(map).filter(v => v.speed < 80)
  const named = slow.join(
    lines,
    v => v.line,
    (_, line) => line?.name,
  )
  const before = [...named]
  expect(before).toContainEqual(['e', 'One'])
  slow.close()
  lines.set('l1', { name: 'Two' })
  map.delete('b')
  expect([[...named], named.status.state]).toEqual([before, 'closed'])
})

test('a closed view stays readable, closes the views over it, and leaves its map open', async () => {
  const { host, map } = await fleet()
  const speeds = view(map).map(v => v.speed)
  const fast = speeds.filter(speed => speed > 1)
  const batches = fast.changes()
  expect(fast.size).toBe(5)
  speeds.close()
  speeds.close()
  map.set('z', car(99))
  await host.settle()
  expect([speeds.size, fast.size, map.size, fast.status.state]).toEqual([5, 5, 6, 'closed'])
  expect(await batches.next()).toEqual({ value: undefined, done: true })
  await expect(speeds.whenSynced()).rejects.toMatchObject({ code: 'closed' })
})
