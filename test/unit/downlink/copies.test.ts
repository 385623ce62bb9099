// What is written is copied as the lane will have it: what its caller does to it later changes nothing here, and is not looked at.
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import type { Changes, SwimClientOptions } from '../../../src/index.js'
import { ScriptedHost } from '../../support/scripted-host.js'

type Floor = { n: number; rooms: { id: number }[] }

const floorOf = (n: number): Floor => ({ n, rooms: [{ id: n }] })

/** A map with a schema and one without, and a value with and without: the same promises. */
const kinds = ['a map', 'a map with a schema', 'a value', 'a value with a schema'] as const

async function open(kind: (typeof kinds)[number], options: SwimClientOptions = {}) {
  const host = new ScriptedHost(options)
  const schema = z.object({ n: z.number(), rooms: z.array(z.object({ id: z.number() })) })
  const changes: unknown[] = []
  const batches: unknown[] = []
  const keep = (value: unknown, old: unknown) => changes.push(structuredClone([value, old]))
  const isMap = kind.startsWith('a map')
  const map = host.client.downlinkMap<string, Floor>().laneUri('map')
  const value = host.client.downlinkValue<Floor>().laneUri('map')
  const maps = (isMap ? (kind === 'a map' ? map : map.valueSchema(schema)) : map).didUpdate((_, now, old) =>
    keep(now, old),
  )
  const values = (kind === 'a value' ? value : value.schema(schema)).didSet(keep)
  const lane = isMap ? maps.open() : values.open()
  const get = () => (lane as { get(key: string): Floor | undefined }).get('a')
  const set = (next: Floor) => ('size' in lane ? lane.set('a', next) : (lane as { set(value: Floor): void }).set(next))
  if ('size' in lane)
    lane.subscribe((each: Changes<string, Floor>) =>
      batches.push(each.map(change => 'value' in change && change.value)),
    )
  else (lane as { subscribe(listener: (now: unknown) => void): void }).subscribe(now => batches.push([now]))
  await host.settle()
  await host.say('@linked', '@synced')
  host.take()
  const event = (text: string) => host.say(isMap ? `@event@update(key:a)${text}` : `@event${text}`)
  return { host, get, set, event, changes, batches, lane }
}

describe.each(kinds)('%s', kind => {
  test('keeps what was set, whatever becomes of the object', async () => {
    const { host, get, set, event, changes } = await open(kind)
    const floor = floorOf(1)
    set(floor)
    floor.n = 99
    floor.rooms[0]!.id = 99
    floor.rooms.push({ id: 100 })
    expect(get()).toEqual(floorOf(1))
    await host.settle()
    expect(host.take()).toEqual([expect.stringMatching(/n:1,rooms:\{\{id:1\}\}\}$/)])
    await event('{n:1,rooms:{{id:1}}}')
    expect(get()).toEqual(floorOf(1))
    expect(changes).toEqual([[floorOf(1), undefined]])
  })

  test('three sets of one object that is changed between them are three values', async () => {
    const { host, set, changes, batches } = await open(kind)
    const floor = floorOf(0)
    for (const n of [1, 2, 3]) {
      floor.n = floor.rooms[0]!.id = n
      set(floor)
    }
    await host.settle()
    expect(changes).toEqual([
      [floorOf(1), undefined],
      [floorOf(2), floorOf(1)],
      [floorOf(3), floorOf(2)],
    ])
    expect(batches).toEqual([[floorOf(3)]])
    expect(host.take().map(frame => /n:(\d)/.exec(frame)![1])).toEqual(['1', '2', '3'])
  })

  test('what get gave, changed in place and written back, is a change that all hear of', async () => {
    const { host, get, set, event, changes, batches } = await open(kind)
    await event('{n:1,rooms:{{id:1}}}')
    changes.length = batches.length = 0
    const shown = get()!
    shown.n = 2
    set(shown)
    expect(changes).toHaveLength(1)
    expect((changes[0] as Floor[])[0]).toEqual({ n: 2, rooms: [{ id: 1 }] })
    await host.settle()
    expect(batches).toEqual([[{ n: 2, rooms: [{ id: 1 }] }]])
    expect(host.take()).toHaveLength(1)
    // What is shown is a new object, so that views compare it as one.
    expect(get()).not.toBe(shown)
    shown.n = 3
    expect(get()!.n).toBe(2)
  })

  test('an equal object that is not the one shown is no change', async () => {
    const { host, get, set, event, changes } = await open(kind)
    await event('{n:1,rooms:{{id:1}}}')
    changes.length = 0
    const shown = get()
    set(structuredClone(shown)!)
    await host.settle()
    expect([changes, get() === shown]).toEqual([[], true])
  })

  test('a getter, a proxy or a revoked draft of the caller’s is read at the call alone', async () => {
    const { host, get, set, event } = await open(kind)
    let reads = 0
    const { proxy, revoke } = Proxy.revocable(
      {
        get n() {
          reads++
          return 7
        },
        rooms: [] as Floor['rooms'],
      },
      {},
    )
    set({ n: 1, rooms: [{ id: 1 }] })
    set(Object.assign(proxy, { rooms: [{ id: 2 }] }))
    revoke()
    const after = reads
    expect(get()).toEqual({ n: 7, rooms: [{ id: 2 }] })
    await host.settle()
    await event('{n:7,rooms:{{id:2}}}')
    host.peers.at(-1)!.cut()
    await host.clock.advance(100)
    await host.say('@linked', '@synced')
    expect(reads).toBe(after)
    expect(host.errors).toEqual([])
  })

  test('what throws as it is read is a ReconError with the cause, and nothing has changed', async () => {
    const { host, get, set, changes } = await open(kind)
    const cause = new RangeError('of the getter')
    const { proxy, revoke } = Proxy.revocable({ n: 1, rooms: [] as Floor['rooms'] }, {})
    revoke()
    const throwing = {
      get n(): number {
        throw cause
      },
      rooms: [],
    }
    const isPlain = !kind.includes('schema')
    const code = (value: Floor) => {
      try {
        set(value)
      } catch (error) {
        return error as { code: string; cause: unknown }
      }
      return undefined
    }
    expect(code(throwing)).toMatchObject(
      isPlain ? { code: 'recon', cause } : { code: expect.stringMatching(/recon|schema/) as string },
    )
    expect(code(proxy)?.code).toMatch(isPlain ? /^recon$/ : /^(recon|schema)$/)
    expect([get(), changes, host.client.pendingCount]).toEqual([undefined, [], 0])
    await host.settle()
    expect(host.take()).toEqual([])
  })

  test('freezeValues: what is given out can’t be changed in place, however deep', async () => {
    const { host, get, set, event } = await open(kind, { freezeValues: true })
    await event('{n:1,rooms:{{id:1}}}')
    const frozen = () => {
      const floor = get()!
      expect([Object.isFrozen(floor), Object.isFrozen(floor.rooms), Object.isFrozen(floor.rooms[0])]).toEqual([
        true,
        true,
        true,
      ])
      expect(() => (floor.rooms[0]!.id = 9)).toThrow(TypeError)
    }
    frozen()
    const mine = floorOf(2)
    set(mine)
    frozen()
    expect(Object.isFrozen(mine) || Object.isFrozen(mine.rooms)).toBe(false)
    await host.settle()
    await event('{rooms:{{id:2}},n:2}')
    frozen()
  })
})

describe('a key that is an object', () => {
  test('is copied, and frozen where values are', async () => {
    for (const freezeValues of [false, true]) {
      const host = new ScriptedHost({ freezeValues })
      const map = host.client.downlinkMap<{ floor: number; at: number[] }, number>().laneUri('map').open()
      const key = { floor: 1, at: [1, 2] }
      map.set(key, 1)
      map.set({ floor: 3, at: [1, 2] }, 3)
      key.floor = 2
      key.at.push(3)
      expect([...map.keys()]).toEqual([
        { floor: 1, at: [1, 2] },
        { floor: 3, at: [1, 2] },
      ])
      expect([map.get({ floor: 1, at: [1, 2] }), map.get(key)]).toEqual([1, undefined])
      const [first] = map.keys()
      expect([Object.isFrozen(first), Object.isFrozen(first!.at)]).toEqual([freezeValues, freezeValues])
      map.delete({ floor: 1, at: [1, 2] })
      await host.settle()
      expect(map.size).toBe(1)
    }
  })
})

test('data is copied as well, and a value of the lane is not changed by what is done to what was sent', async () => {
  const host = new ScriptedHost()
  const map = host.map().open()
  await host.settle()
  await host.say('@linked', '@synced')
  const bytes = new Uint8Array([1, 2, 3])
  map.set('a', bytes)
  map.set('b', { bytes })
  bytes.fill(9)
  expect([map.get('a'), map.get('b')]).toEqual([new Uint8Array([1, 2, 3]), { bytes: new Uint8Array([1, 2, 3]) }])
})
