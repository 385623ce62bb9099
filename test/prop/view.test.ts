// Random views over random maps: at every look a view is what the same query gives that is computed from the start over its
// sources, and what was notified, replayed with its old values, is the view.
//
// VIEW_STEPS sets how many steps there are (npm run test:long takes 10,000,000), VIEW_SEED where chance begins. A failure says the
// seed of its run: with that, its run is the first.
import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { z } from 'zod'
import type { Changes, ReadableMap } from '../../src/index.js'
import { compare, identity, type Value } from '../../src/recon/index.js'
import { avg, collect, count, max, min, sum, view, type View } from '../../src/view/index.js'
import type { MapLane } from '../../src/host/index.js'
import { testHost } from '../../src/testing/index.js'
import { chanceOf as numbersOf } from '../../src/testing/random.js'

const steps = Number(process.env['VIEW_STEPS'] ?? 50_000)
const firstSeed = Number(
  process.env['VIEW_SEED'] ?? (process.env['VIEW_STEPS'] === undefined ? 7 : Date.now() % 2 ** 31),
)
const stepsPerRun = 100

function chanceOf(seed: number) {
  const next = numbersOf(seed)
  const below = (n: number) => Math.floor(next() * n)
  return { below, pick: <T>(list: readonly T[]): T => list[below(list.length)]! }
}
type Chance = ReturnType<typeof chanceOf>

type Entries = [unknown, unknown][]

/** A map or view, and its query from the start. */
interface Query {
  readonly text: string
  readonly map: ReadableMap<unknown, unknown>
  readonly fresh: () => Entries
  /** What it is made from. */
  readonly from?: readonly Query[]
}

const isFrom = (query: Query, source: Query): boolean =>
  query === source || query.from?.some(each => isFrom(each, source)) === true

const numberOf = (value: unknown): number => {
  if (typeof value === 'number') return value
  if (typeof value !== 'object' || value === null) return String(value).length
  const { n } = value as { n?: unknown }
  return typeof n === 'number' ? n : Object.keys(value).length
}

/** A function that throws for some entries. */
const orThrow =
  <T>(isThrowing: boolean, of: (value: unknown, key: unknown) => T) =>
  (value: unknown, key: unknown): T => {
    if (isThrowing && numberOf(value) % 7 === 3) throw new Error('unlucky')
    return of(value, key)
  }

/** Maps each entry by `of`, without those for which it throws. */
const each = <T>(entries: Entries, of: (value: unknown, key: unknown) => T): [unknown, unknown, T][] =>
  entries.flatMap(([key, value]): [unknown, unknown, T][] => {
    try {
      return [[key, value, of(value, key)]]
    } catch {
      return []
    }
  })

const kinds = [
  (n: number) => n,
  (n: number) => BigInt(n % 10),
  () => NaN,
  (n: number) => `t${n % 4}`,
  (n: number) => n % 2 === 0,
  (n: number) => new Date(n % 5),
  (n: number) => [n % 3, 'x'],
  () => null,
  () => undefined,
] as const
const mixed = (n: number) => kinds[n % kinds.length]!(n)

/** The order that `orderBy` promises, written apart from the library's. */
function order(a: unknown, b: unknown): number {
  const kind = (x: unknown) =>
    [
      (typeof x === 'number' && !Number.isNaN(x)) || typeof x === 'bigint',
      Number.isNaN(x),
      typeof x === 'string',
      typeof x === 'boolean',
      x instanceof Date,
      Array.isArray(x),
      x === null,
      x === undefined,
    ].indexOf(true)
  if (kind(a) !== kind(b)) return kind(a) - kind(b)
  if (Array.isArray(a)) return order(a[0], (b as unknown[])[0])
  return (a as number) < (b as number) ? -1 : (a as number) > (b as number) ? 1 : 0
}

const byKey = (entries: Entries): Entries => entries.sort(([a], [b]) => compare(a as Value, b as Value))
const idOf = (key: unknown) => identity(key as Value)

function derive(chance: Chance, queries: readonly Query[]): Query {
  const source = chance.pick(queries)
  const { text, map, fresh } = source
  const of = view(map)
  const isThrowing = chance.below(5) === 0
  const m = chance.below(4) + 2
  const made = (what: string, map: View<unknown, unknown>, fresh: () => Entries, ...from: Query[]): Query => ({
    text: `${text}.${what}`,
    map,
    fresh,
    from: [source, ...from],
  })
  switch (chance.below(7)) {
    case 0: {
      const keeps = orThrow(isThrowing, value => numberOf(value) % m !== 0)
      return made(`filter(${m})`, of.filter(keeps), () =>
        each(fresh(), keeps).flatMap(([key, value, kept]): Entries => (kept ? [[key, value]] : [])),
      )
    }
    case 1: {
      const make = orThrow(isThrowing, (value, key) => ({ n: numberOf(value) % (m * 3), key: idOf(key) }))
      return made(`map(${m})`, of.map(make), () => each(fresh(), make).map(([key, , value]) => [key, value]))
    }
    case 2: {
      const by = orThrow(isThrowing, value => (m > 3 ? mixed(numberOf(value)) : numberOf(value) % 6))
      const sign = chance.below(2) === 0 ? 1 : -1
      return made(`orderBy(${m},${sign})`, of.orderBy(by, sign > 0 ? 'asc' : 'desc'), () =>
        each(fresh(), by)
          .sort(([, , a], [, , b]) => sign * order(a, b))
          .map(([key, value]) => [key, value]),
      )
    }
    case 3: {
      const [size, from] = [chance.pick([0, 1, 3, 5, Infinity]), chance.pick([0, 0, 1, 2, 6])]
      return made(`limit(${size},${from})`, of.limit(size, from), () => fresh().slice(from, from + size))
    }
    case 4: {
      const by = orThrow(isThrowing, value =>
        m === 2 ? numberOf(value) % 4 : m === 3 ? `g${numberOf(value) % 3}` : { floor: numberOf(value) % 2 },
      )
      const part = (value: unknown) => (numberOf(value) % 5 === 0 ? undefined : numberOf(value) / 10)
      const sums = { n: count(), total: sum(part), mean: avg(part) }
      const ranks = {
        low: min(value => mixed(numberOf(value))),
        peak: max(part),
        ids: collect((_, key) => idOf(key)),
      }
      // Without ranks a group is kept by old values alone.
      const isRanked = chance.below(2) === 0
      const groups = of.groupBy(by, isRanked ? { ...sums, ...ranks } : sums)
      return made(`groupBy(${m},${isRanked})`, groups as View<unknown, unknown>, () => {
        const found = new Map<unknown, { key: unknown; entries: Entries }>()
        for (const [key, value, group] of each(fresh(), by)) {
          const entry = found.get(idOf(group)) ?? { key: group, entries: [] }
          entry.entries.push([key, value])
          found.set(idOf(group), entry)
        }
        return byKey(
          [...found.values()].map(({ key, entries }): [unknown, unknown] => {
            const parts = entries.flatMap(([, value]) => part(value) ?? [])
            const lows = entries
              .map(([, value]) => mixed(numberOf(value)))
              .filter(low => low !== null && low !== undefined)
            // Tenths, added up as whole numbers: what an exact sum is next to.
            const total = parts.reduce((sum, each) => sum + Math.round(each * 10), 0) / 10
            return [
              key,
              {
                n: entries.length,
                total: expect.closeTo(total, 9) as unknown,
                mean: parts.length === 0 ? undefined : (expect.closeTo(total / parts.length, 9) as unknown),
                ...(isRanked && {
                  low: lows.sort(order)[0],
                  peak: parts.length === 0 ? undefined : Math.max(...parts),
                  ids: entries.map(([key]) => idOf(key)),
                }),
              },
            ]
          }),
        )
      })
    }
    case 5: {
      const other = chance.pick(queries)
      const keyOf = orThrow(isThrowing, value => (numberOf(value) % 4 === 0 ? undefined : `k${numberOf(value) % 12}`))
      const make = (value: unknown, found: unknown) => ({
        n: numberOf(value),
        found: found === undefined ? 'none' : numberOf(found),
      })
      return made(
        `join(${other.text})`,
        of.join(other.map, keyOf, make),
        () => {
          const others = new Map(other.fresh().map(([key, value]) => [idOf(key), value]))
          return each(fresh(), keyOf).map(([key, value, name]) => [
            key,
            make(value, name === undefined ? undefined : others.get(name)),
          ])
        },
        other,
      )
    }
    default: {
      const other = chance.pick(queries)
      return made(
        `union(${other.text})`,
        of.union(other.map),
        () => {
          const all = new Map<unknown, [unknown, unknown]>()
          for (const entry of [...fresh(), ...other.fresh()]) all.set(idOf(entry[0]), entry)
          return byKey([...all.values()])
        },
        other,
      )
    }
  }
}

/** Replays what a listener is notified of, and looks whether it is the view. */
class Replay {
  readonly query: Query
  readonly #copy: Map<unknown, unknown>
  readonly undo: () => void

  constructor(query: Query, isThrowing: boolean) {
    this.query = query
    this.undo = query.map.subscribe(changes => {
      this.#hear(changes)
      if (isThrowing) throw new Error('a listener')
    })
    this.#copy = new Map(Array.from(query.map, ([key, value]) => [idOf(key), value]))
  }

  check(): void {
    const now = new Map(Array.from(this.query.map, ([key, value]) => [idOf(key), value]))
    expect(this.#copy, `replayed: ${this.query.text}`).toEqual(now)
  }

  #hear(changes: Changes<unknown, unknown>): void {
    for (const change of changes) {
      const id = idOf(change.key)
      const wasThere = this.#copy.has(id)
      if (wasThere !== 'oldValue' in change) faults.push(`${this.query.text}: oldValue of ${String(id)} ${change.type}`)
      if (wasThere && change.oldValue !== this.#copy.get(id))
        faults.push(`${this.query.text}: another oldValue of ${String(id)}`)
      if (change.type === 'update') this.#copy.set(id, change.value)
      else this.#copy.delete(id)
    }
  }
}

let faults: string[] = []

function look(query: Query, chance: Chance): void {
  const wanted = query.fresh()
  expect([...query.map], query.text).toEqual(wanted)
  expect(query.map.size).toBe(wanted.length)
  if (wanted.length === 0) return
  const at = chance.below(wanted.length)
  expect(query.map.at(at), `${query.text} at ${at}`).toEqual(wanted[at])
  expect(query.map.indexOf(wanted[at]![0])).toBe(at)
  expect(query.map.get(wanted[at]![0])).toEqual(wanted[at]![1])
  expect(query.map.keySnapshot()).toEqual(wanted.map(([key]) => key))
  expect([...query.map.snapshot()]).toEqual(wanted)
}

const Item = z.object({ n: z.number(), g: z.string() })

async function run(seed: number): Promise<number> {
  const chance = chanceOf(seed)
  const host = testHost({ seed })
  const errors: string[] = []
  const client = host.client({
    nodeUri: '/n',
    heartbeatMs: 0,
    reconnectMinMs: 100,
    reconnectMaxMs: 100,
    onError: ({ code }) => errors.push(code),
  })
  const key = () => `k${chance.below(12)}`
  const item = () => ({ n: chance.below(40), g: chance.pick(['x', 'y', 'z']) })
  const foreign = () => ({ n: chance.below(8) === 0 ? 'bad' : chance.below(40), g: chance.pick(['x', 'y']) })
  const lane = (name = chance.pick(['a', 'b'])) => host.lane('/n', name) as unknown as MapLane<string, unknown>
  for (const name of ['a', 'b']) for (let i = chance.below(15); i > 0; i--) lane(name).set(key(), foreign())
  const typed = (laneUri: string) => client.downlinkMap({ laneUri }).keySchema(z.string()).valueSchema(Item).open()
  const maps = [typed('a'), typed('b'), client.downlinkMap<string, { n: number; g: string }>({ laneUri: 'a' }).open()]
  const queries: Query[] = maps.map((map, i) => ({
    text: `m${i}`,
    map: map as ReadableMap<unknown, unknown>,
    fresh: () => [...map] as Entries,
  }))
  const replays = new Set<Replay>()
  faults = []
  for (let i = chance.below(6) + 2; i > 0; i--) queries.push(derive(chance, queries))
  let views = queries.slice(maps.length)
  let step = 0
  const acts: readonly [weight: number, act: () => unknown][] = [
    [20, () => chance.pick(maps).set(key(), item())],
    [8, () => chance.pick(maps).delete(key())],
    [1, () => chance.pick(maps).clear()],
    [1, () => chance.pick(maps).drop(chance.below(4))],
    [1, () => chance.pick(maps).take(chance.below(9))],
    [20, () => lane().set(key(), foreign())],
    [8, () => lane().delete(key())],
    [1, () => chance.pick([() => lane().clear(), () => lane().drop(2), () => lane().take(5)])()],
    [2, () => host.restart({ keep: chance.below(4) > 0 })],
    [14, () => host.clock.settle()],
    [1, () => host.advance(chance.below(300))],
    [12, () => look(chance.pick(views), chance)],
    [6, () => replays.size < 6 && replays.add(new Replay(chance.pick(views), chance.below(4) === 0))],
    [2, () => void chance.pick(views).map.subscribe(() => {})],
    [
      4,
      () => {
        const replay = [...replays][0]
        replay?.undo()
        replays.delete(replay!)
      },
    ],
    [
      1,
      () => {
        // What is made from a closed view ends with it; what it is made from goes on.
        const closed = chance.pick(views)
        if (views.length < 3 || chance.below(3) > 0) return
        const kept = [...closed.map]
        const isOver = (query: Query) => isFrom(query, closed)
        ;(closed.map as View<unknown, unknown>).close()
        for (const replay of replays) {
          if (!isOver(replay.query)) continue
          replay.check()
          replays.delete(replay)
        }
        views = views.filter(view => !isOver(view))
        expect([...closed.map]).toEqual(kept)
        if (views.length === 0) views.push(derive(chance, queries.slice(0, maps.length)))
      },
    ],
    [
      1,
      () => {
        // Changed in place, and written back.
        const map = chance.pick(maps)
        const [at, value] = map.first() ?? []
        if (typeof value?.n === 'number') map.set(at!, Object.assign(value, { n: chance.below(40) }))
      },
    ],
  ]
  const sum = acts.reduce((sum, [weight]) => sum + weight, 0)
  for (; step < stepsPerRun; step++) {
    let left = chance.below(sum)
    const [, act] = acts.find(([weight]) => (left -= weight) < 0)!
    await act()
  }
  await host.converged()
  for (const query of views) look(query, chance)
  for (const replay of replays) replay.check()
  expect(faults).toEqual([])
  expect(errors.filter(code => !/^(callback|schema|transport|timeout)$/.test(code))).toEqual([])
  await host.close()
  return step
}

test(`views are what their queries give, over ${steps} steps from seed ${firstSeed}`, async () => {
  let seed = firstSeed
  for (let done = 0; done < steps; seed++) {
    try {
      done += await run(seed)
      // What nobody holds is let go in a turn of its own, and a run has none.
      await turn()
    } catch (cause) {
      throw new Error(`VIEW_SEED=${seed}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    }
  }
  const mb = Math.round(process.memoryUsage().heapUsed / 1e6)
  console.log(`${steps} steps, seeds ${firstSeed} to ${seed - 1}; ${mb} MB at the end`)
}, 0)
