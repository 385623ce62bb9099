// Who listens hears of what changes after that call and of nothing before, whoever else listens and whenever in a batch it comes.
import { describe, expect, test } from 'vitest'
import type { Change, Changes, MapDownlink } from '../../../src/index.js'
import { ScriptedHost } from '../../support/scripted-host.js'

async function synced(...entries: string[]) {
  const host = new ScriptedHost()
  const map = host.client.downlinkMap<string, number>().laneUri('map').open()
  await host.settle()
  await host.say('@linked', ...entries.map(entry => `@event@update(key:${entry}`), '@synced')
  return { host, map }
}

/** A copy of a map, kept by what a listener hears: each change must fit what the copy has. */
class Copy {
  readonly entries: Map<string, number>
  readonly #map: MapDownlink<string, number>

  constructor(map: MapDownlink<string, number>) {
    this.#map = map
    this.entries = map.getAll()
  }

  readonly hear = (changes: Changes<string, number>): void => {
    for (const change of changes) this.#apply(change)
  }

  check(): void {
    expect([...this.entries].sort()).toEqual([...this.#map].sort())
  }

  #apply({ type, key, ...change }: Change<string, number>): void {
    expect([key, change.oldValue]).toEqual([key, this.entries.get(key)])
    if (type === 'remove') expect(this.entries.delete(key)).toBe(true)
    else this.entries.set(key, (change as { value: number }).value)
  }
}

describe.each([false, true])('with another listener from the start: %s', isHeard => {
  async function changed() {
    const { host, map } = await synced('a) 1', 'b) 2')
    if (isHeard) {
      map.subscribe(() => {})
      map.subscribeTo('a', () => {})
      map.on('didChange', () => {})
    }
    map.set('a', 10)
    map.delete('b')
    map.set('c', 30)
    return { host, map }
  }

  test('a subscriber hears nothing of what was before it', async () => {
    const { host, map } = await changed()
    const heard: unknown[] = []
    map.subscribe(changes => heard.push(changes))
    await host.settle()
    expect(heard).toEqual([])
    map.set('c', 31)
    await host.settle()
    expect(heard).toEqual([[{ type: 'update', key: 'c', value: 31, oldValue: 30 }]])
  })

  test('nor does a listener of didChange, a reader of changes(), or who listens to one key', async () => {
    const { host, map } = await changed()
    const heard: unknown[] = []
    map.on('didChange', changes => heard.push(['didChange', ...changes.map(({ key }) => key)]))
    const reader = map.changes()
    for (const key of ['a', 'b', 'c']) map.subscribeTo(key, value => heard.push([key, value]))
    map.set('a', 11)
    await host.settle()
    expect(heard).toEqual([
      ['didChange', 'a'],
      ['a', 11],
    ])
    expect((await reader.next()).value).toEqual([{ type: 'update', key: 'a', value: 11, oldValue: 10 }])
  })

  test('a listener that comes within a listener hears from then on', async () => {
    const { host, map } = await changed()
    const heard: unknown[] = []
    map.subscribe(() => {
      if (heard.length === 0) map.subscribe(changes => heard.push(changes.map(({ key }) => key)))
      heard.push('first')
    })
    map.set('d', 1)
    await host.settle()
    map.set('e', 1)
    await host.settle()
    expect(heard).toEqual(['first', 'first', ['e']])
  })

  test('a copy that is taken while a callback runs, plus what is heard, is the map', async () => {
    const { host, map } = await changed()
    const copies: Copy[] = []
    map.on('didUpdate', () => {
      const copy = new Copy(map)
      map.subscribe(copy.hear)
      copies.push(copy)
    })
    await host.say('@event@update(key:x) 1', '@event@update(key:y) 1', '@event@remove(key:x)')
    await host.settle()
    expect(copies).toHaveLength(2)
    for (const copy of copies) copy.check()
  })

  test('a value is heard likewise', async () => {
    const host = new ScriptedHost()
    const value = host.client.downlinkValue<number>().laneUri('map').open()
    await host.settle()
    await host.say('@linked', '@event 1', '@synced')
    if (isHeard) value.subscribe(() => {})
    value.set(2)
    const heard: unknown[] = []
    value.subscribe(now => heard.push(now))
    await host.settle()
    expect(heard).toEqual([])
    value.set(3)
    await host.settle()
    expect(heard).toEqual([3])
  })
})

test('a downlink that joins others reports the entries that are there to the listeners it was opened with, and to no others', async () => {
  const { host, map } = await synced('a) 1')
  const heard: Record<string, unknown[]> = { builder: [], open: [], later: [] }
  const keep = (name: string) => (changes: Changes<string, number>) =>
    heard[name]!.push(...changes.map(({ key }) => key))
  for (const isHeard of [true, false]) {
    const builder = host.client.downlinkMap<string, number>().laneUri('map')
    const late = (isHeard ? builder.didChange(keep('builder')) : builder).open()
    const copy = new Copy(late)
    late.subscribe(copy.hear)
    late.subscribe(keep('open'))
    await Promise.resolve()
    late.subscribe(keep('later'))
    map.set('b', Number(isHeard))
    await host.settle()
    copy.check()
    late.close()
  }
  expect(heard).toEqual({ builder: ['a', 'b'], open: ['b', 'b'], later: ['b', 'b'] })
})

/** A generator of numbers, by its seed: mulberry32. */
function randomOf(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

const seeds = process.env['LISTENERS_SEED']
  ? [Number(process.env['LISTENERS_SEED'])]
  : Array.from({ length: 60 }, (_, n) => n + 1)

test.each(seeds)(
  'listeners that come and go at any point: copy and changes make the map (LISTENERS_SEED=%i)',
  async seed => {
    const random = randomOf(seed)
    const { host, map } = await synced('k0) 0', 'k1) 1')
    const value = host.client.downlinkValue<number>().laneUri('value').open()
    const at = '(node:"/unit/1",lane:value)'
    await host.settle()
    await host.say(`@linked${at}`, `@event${at} 0`, `@synced${at}`)
    const copies = new Map<Copy, () => void>()
    const readers = new Map<Copy, AsyncIterableIterator<Changes<string, number>>>()
    const keys = new Map<() => void, { key: string; seen: number | undefined }>()
    const values = new Map<() => void, { seen: number | undefined }>()
    const key = () => `k${random(5)}`
    const begin = () => {
      switch (random(5)) {
        case 0:
        case 1: {
          const copy = new Copy(map)
          copies.set(copy, random(2) === 0 ? map.subscribe(copy.hear) : map.on('didChange', copy.hear))
          return
        }
        case 2: {
          readers.set(new Copy(map), map.changes())
          return
        }
        case 3: {
          const watch = { key: key(), seen: map.get('') }
          watch.seen = map.get(watch.key)
          keys.set(
            map.subscribeTo(watch.key, now => (watch.seen = now)),
            watch,
          )
          return
        }
        default: {
          const watch = { seen: value.get() }
          values.set(
            value.subscribe(now => (watch.seen = now)),
            watch,
          )
        }
      }
    }
    const end = () => {
      const [copy] = copies
      if (copy !== undefined && random(2) === 0) {
        copy[1]()
        copies.delete(copy[0])
      }
      const [undo] = keys.keys()
      if (undo !== undefined && random(2) === 0) {
        undo()
        keys.delete(undo)
      }
    }
    const changes: (() => unknown)[] = [
      () => map.set(key(), random(4)),
      () => map.set(key(), random(4)),
      () => map.delete(key()),
      () => random(8) === 0 && map.clear(),
      () => value.set(random(4)),
      () => host.say(`@event@update(key:${key()}) ${random(4)}`),
      () => host.say(`@event@remove(key:${key()})`),
      () => host.say(`@event${at} ${random(4)}`),
      () => map.snapshot(),
      () => map.discard(key()),
      begin,
      begin,
      end,
      () => host.settle(),
      () => random(10) === 0 && host.clock.advance(2000),
    ]
    for (let step = 0; step < 150; step++) await changes[random(changes.length)]!()
    await host.settle()
    for (const copy of copies.keys()) copy.check()
    for (const [copy, reader] of readers) {
      void reader.return!()
      for (const batch of await drain(reader)) copy.hear(batch)
    }
    for (const { key, seen } of keys.values()) expect([key, seen]).toEqual([key, map.get(key)])
    for (const { seen } of values.values()) expect(seen).toBe(value.get())
  },
)

async function drain(reader: AsyncIterableIterator<Changes<string, number>>): Promise<Changes<string, number>[]> {
  const all: Changes<string, number>[] = []
  for await (const batch of reader) all.push(batch)
  return all
}
