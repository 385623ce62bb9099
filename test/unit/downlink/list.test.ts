// List downlinks: what shows, what goes over the wire, what is told, and what is refused (docs/PROTOCOL.md#list-lanes).
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import '../../../src/list.js'
import type { ListBuilder, ListChanges, SwimError } from '../../../src/index.js'
import { kinds } from '../../../src/client/kinds.js'
import { chanceOf } from '../../../src/testing/random.js'
import { record, ScriptedHost } from '../../support/scripted-host.js'

const lists = (host: ScriptedHost): ListBuilder<unknown, never> => host.client.downlinkList<unknown>().laneUri('map')

const fresh = () => new ScriptedHost({}, chanceOf(1))

/** A list that is synced with some items, whose keys are `a`, `b`, … */
async function synced(host: ScriptedHost, ...values: unknown[]) {
  const list = lists(host).open()
  await host.settle()
  const items = values.map((value, i) => `@event@update(index:${i},key:${'abcdef'[i]}) ${String(value)}`)
  await host.say('@linked', ...items, '@synced')
  host.take()
  return list
}

/** What was sent, with the keys that were made up as `NEW`. */
const sent = (host: ScriptedHost) => host.take().map(frame => frame.replace(/%[\w+/]{12}/, 'NEW'))

describe('what shows', () => {
  test('is the state of the lane, in its order, by position and by key', async () => {
    const host = fresh()
    const list = await synced(host, 1, 2, 3)
    expect([...list]).toEqual([1, 2, 3])
    expect([list.size, list.at(0), list.at(-1), list.at(3), list.keyAt(1), list.indexOfKey('c')]).toEqual([
      3,
      1,
      3,
      undefined,
      'b',
      2,
    ])
    await host.say('@event@update(index:9,key:b) 22', '@event@move(from:9,to:0,key:c)', '@event@remove(index:5,key:a)')
    expect([...list]).toEqual([3, 22])
    await host.say(
      '@event@update(index:1,key:d) 4',
      '@event@drop(1)',
      '@event@update(index:2,key:e) 5',
      '@event@take(2)',
    )
    expect([...list]).toEqual([4, 22])
    await host.say('@event@remove(index:0,key:)', '@event@clear')
    expect(list.toJSON()).toEqual([])
  })

  test('is an own write at once, which goes out with the keys of its items', async () => {
    const host = fresh()
    const list = await synced(host, 1, 2, 3)
    list.push(4)
    list.insert(0, { x: 1 })
    list.set(1, 'one')
    list.move(0, 2)
    expect(list.remove(-1)).toBe(4)
    expect([...list]).toEqual(['one', 2, { x: 1 }, 3])
    list.drop(1)
    list.take(2)
    expect([...list]).toEqual([2, { x: 1 }])
    list.clear()
    expect(list.size).toBe(0)
    await host.settle()
    expect(sent(host)).toEqual([
      '@command@update(index:3,key:NEW) 4',
      '@command@update(index:0,key:NEW){x:1}',
      '@command@update(index:1,key:a) one',
      '@command@move(from:0,to:2,key:NEW)',
      '@command@remove(index:4,key:NEW)',
      '@command@drop(1)',
      '@command@take(2)',
      '@command@clear',
    ])
  })

  test('keeps own writes at their positions while others write, until their events come', async () => {
    const host = fresh()
    const { story, callbacks } = record(host, 'didUpdate didMove didRemove')
    const list = host.client.downlinkList<unknown>({ laneUri: 'map', ...callbacks }).open()
    await host.settle()
    await host.say('@linked', '@event@update(index:0,key:a) 1', '@synced')
    list.push(2)
    const key = list.keyAt(1)!
    story.length = 0
    await host.say('@event@update(index:0,key:z) 0')
    expect([...list]).toEqual([0, 2, 1]) // the host will insert it at 1
    await host.say(`@event@update(index:1,key:${key}) 2`)
    expect([...list]).toEqual([0, 2, 1])
    expect(list.pendingCount).toBe(0)
    expect(story).toEqual([
      ['didUpdate', 0, 0, undefined, 'z'],
      ['didMove', 1, 2, 1, 'a'],
    ])
  })

  test('is never an own object, and an own object changed in place and written back is reported', async () => {
    const host = fresh()
    const changes: unknown[] = []
    const list = await synced(host)
    const mine = { x: 1 }
    list.push(mine)
    list.on('didUpdate', (_, value) => changes.push(value))
    mine.x = 2
    expect(list.at(0)).toEqual({ x: 1 })
    const given = list.at(0) as { x: number }
    given.x = 3
    list.set(0, given)
    await host.settle()
    expect(changes).toEqual([{ x: 3 }])
    expect(list.at(0)).toEqual({ x: 3 })
  })
})

describe('offline', () => {
  test('writes wait, and are sent after the sync, at the positions of that moment', async () => {
    const host = fresh()
    const list = await synced(host, 1, 2, 3)
    await host.cut()
    list.push('end')
    list.set(0, 'one')
    list.remove(1)
    expect([...list]).toEqual(['one', 3, 'end'])
    expect(sent(host)).toEqual(['@sync'])
    await host.say('@linked', '@event@update(index:0,key:z) 0', '@event@update(index:1,key:a) 1', '@synced')
    expect([...list]).toEqual([0, 'one', 'end'])
    // What is gone by itself needs no remove.
    expect(sent(host)).toEqual(['@command@update(index:2,key:NEW) end', '@command@update(index:1,key:a) one'])
  })

  test('an item that was put in offline is moved, set and removed offline', async () => {
    const host = fresh()
    const list = lists(host).open()
    list.push('a', 'b', 'c')
    list.move(1, 0)
    list.set(1, 'A')
    list.remove(2)
    await host.settle()
    host.take()
    await host.say('@linked', '@synced')
    expect([...list]).toEqual(['b', 'A'])
    expect(sent(host)).toEqual([
      '@command@update(index:0,key:NEW) a',
      '@command@update(index:1,key:NEW) b',
      '@command@update(index:2,key:NEW) c',
      '@command@move(from:1,to:0,key:NEW)',
      '@command@update(index:1,key:NEW) A',
      '@command@remove(index:2,key:NEW)',
    ])
  })

  test('what was on the wire is sent again, unless the state shows it', async () => {
    const host = fresh()
    const list = await synced(host, 1)
    list.push(2)
    const key = list.keyAt(1)!
    list.push(3)
    await host.cut()
    host.take()
    await host.say('@linked', '@event@update(index:0,key:a) 1', `@event@update(index:1,key:${key}) 2`, '@synced')
    expect([...list]).toEqual([1, 2, 3])
    expect(sent(host)).toEqual(['@command@update(index:2,key:NEW) 3'])
  })

  test('a state replaces the earlier one, and only the difference is reported', async () => {
    const host = fresh()
    const list = await synced(host, 1, 2, 3, 4)
    const told: ListChanges<unknown>[] = []
    list.subscribe(changes => told.push(changes))
    await host.cut()
    const before = list.snapshot()
    await host.say('@linked', '@event@update(index:0,key:d) 4', '@event@update(index:1,key:a) 11')
    await host.say('@event@update(index:2,key:x) 5', '@synced')
    expect([...list]).toEqual([4, 11, 5])
    expect(before).toEqual([1, 2, 3, 4])
    expect(
      told
        .flat()
        .filter(({ type }) => type === 'remove')
        .map(({ key }) => key)
        .sort(),
    ).toEqual(['b', 'c'])
  })
})

describe('what the lane does not say', () => {
  test('a write that the lane lets go without an event is decided by a sync', async () => {
    const host = fresh()
    const list = await synced(host, 1)
    list.push(2)
    await host.settle()
    host.take()
    await host.clock.advance(2000)
    expect(host.take()).toEqual(['@sync'])
    await host.say('@event@update(index:0,key:a) 1', '@synced')
    expect([...list]).toEqual([1])
    expect(list.pendingCount).toBe(0)
  })

  test('an event that can not be asks for a sync', async () => {
    const host = fresh()
    const list = await synced(host, 1)
    await host.say('@event@update(index:5,key:f) 6')
    await host.clock.advance(500)
    expect(host.take()).toEqual(['@sync'])
    await host.say('@event@update(index:0,key:a) 1', '@event@update(index:1,key:f) 6', '@synced')
    expect([...list]).toEqual([1, 6])
  })

  test('an event amid a state asks for one more', async () => {
    const host = fresh()
    const list = await synced(host, 1)
    await host.cut()
    host.take()
    await host.say('@linked', '@event@update(index:0,key:a) 1', '@event@remove(index:0,key:a)', '@synced')
    expect([...list]).toEqual([])
    await host.clock.advance(1000)
    expect(host.take()).toEqual(['@sync'])
  })
})

describe('who listens', () => {
  test('hears each change with its position and key, and of whole operations after their items', async () => {
    const host = fresh()
    const { story, callbacks } = record(host, 'didUpdate didMove didRemove didClear didDrop didTake')
    const list = host.client.downlinkList<unknown>({ laneUri: 'map', ...callbacks }).open()
    await host.settle()
    await host.say('@linked', '@event@update(index:0,key:a) 1', '@event@update(index:1,key:b) 2', '@synced')
    await host.say('@event@update(index:1,key:b) 2', '@event@update(index:1,key:b) 3', '@event@move(from:0,to:1,key:a)')
    await host.say('@event@drop(1)', '@event@take(0)', '@event@clear')
    list.clear()
    expect(story).toEqual([
      ['didUpdate', 0, 1, undefined, 'a'],
      ['didUpdate', 1, 2, undefined, 'b'],
      ['didUpdate', 1, 3, 2, 'b'],
      ['didMove', 0, 1, 1, 'a'],
      ['didRemove', 0, 3, 'b'],
      ['didDrop', 1],
      ['didRemove', 0, 1, 'a'],
      ['didTake', 0],
      ['didClear'],
      ['didClear'],
    ])
  })

  test('reads one snapshot until something changes, and changes that end with the list', async () => {
    const host = fresh()
    const list = await synced(host, 1, 2)
    const before = list.snapshot()
    expect(list.snapshot()).toBe(before)
    const all: unknown[] = []
    const reading = (async () => {
      for await (const changes of list.changes()) all.push(changes)
    })()
    list.push(3)
    list.remove(0)
    await host.settle()
    expect(list.snapshot()).not.toBe(before)
    await host.say('@event@update(index:1,key:b) 22')
    list.close()
    await host.clock.advance(3000)
    await reading
    expect(all).toHaveLength(2)
    expect(list.toJSON()).toEqual([22, 3])
  })

  test('a second downlink of the lane has its items at once, and hears of them', async () => {
    const host = fresh()
    await synced(host, 1, 2)
    const { story, callbacks } = record(host, 'didUpdate didChange')
    const other = lists(host)
      .didUpdate((callbacks as { didUpdate: () => unknown }).didUpdate)
      .open()
    expect([...other]).toEqual([1, 2])
    await host.settle()
    expect(story).toHaveLength(2)
    expect(other.synced).toBe(true)
  })
})

describe('a schema', () => {
  test('decodes items and encodes what is written; what it refuses stays at its place, as undefined', async () => {
    const host = fresh()
    const failed: SwimError[] = []
    const days = z.codec(z.number(), z.date(), { decode: ms => new Date(ms), encode: date => date.getTime() })
    const list = host.client
      .downlinkList()
      .laneUri('map')
      .schema(days)
      .didFail(error => failed.push(error))
      .open()
    await host.settle()
    await host.say('@linked', '@event@update(index:0,key:a) 5', '@event@update(index:1,key:b) no', '@synced')
    expect([...list]).toEqual([new Date(5), undefined])
    expect(failed.map(({ code }) => code)).toEqual(['schema'])
    list.push(new Date(7))
    await host.settle()
    expect(sent(host).at(-1)).toBe('@command@update(index:2,key:NEW) 7')
    expect(() => list.push('x' as never)).toThrow(/./)
    expect(list.size).toBe(3)
  })
})

describe('what is refused before anything has changed', () => {
  test.each<[string, (list: Awaited<ReturnType<typeof synced>>) => unknown, RegExp]>([
    ['a position that is not there', list => list.set(2, 1), /2 is not there; give a position from 0 to 1/],
    ['a move to nowhere', list => list.move(0, 2), /2 is not there/],
    ['an insert beyond the end', list => list.insert(3, 1), /3 is not there; give a position from 0 to 2/],
    ['a remove of nothing', list => list.remove(-3), /-3 is not there/],
    ['a negative count', list => list.drop(-1), /drop: must be an integer from 0, got -1/],
    ['what has no Recon form', list => list.push(() => {}), /./],
  ])('%s', async (_, write, message) => {
    const host = fresh()
    const list = await synced(host, 1, 2)
    expect(() => write(list)).toThrow(message)
    expect([...list]).toEqual([1, 2])
    expect(list.pendingCount).toBe(0)
    await host.settle()
    expect(host.take()).toEqual([])
  })

  test('what does not fit into the outbox', async () => {
    const host = new ScriptedHost({ maxQueuedWrites: 1 }, chanceOf(1))
    const list = lists(host).open()
    list.push(1)
    expect(() => list.push(2)).toThrow(/outbox is full/)
    expect([...list]).toEqual([1])
  })

  test('a write to a closed list', async () => {
    const host = fresh()
    const list = await synced(host, 1)
    list.close()
    expect(() => list.push(2)).toThrow(/closed/)
    expect([...list]).toEqual([1])
  })

  test.each([
    ['map', '@event@update(key:a) 1', 'downlinkMap()'],
    ['value', '@event 5', 'downlinkValue()'],
    ['value', '@event', 'downlinkValue()'],
  ])('a %s lane, which says %s', async (found, event, advice) => {
    const host = fresh()
    const failed: SwimError[] = []
    const list = lists(host)
      .didFail(error => failed.push(error))
      .open()
    await host.settle()
    await host.say('@linked', event, '@synced')
    expect(failed).toMatchObject([{ code: 'laneKind', found, wanted: 'list' }])
    expect(failed[0]!.message).toContain(advice)
    expect(() => list.push(1)).toThrow(failed[0])
    expect(list.size).toBe(0)
  })

  test('a body that is no operation on a list', async () => {
    const host = fresh()
    const list = await synced(host, 1)
    await host.say('@event@insert(index:0,key:x) 2')
    expect(host.errors.map(({ code }) => code)).toEqual(['protocol'])
    expect([...list]).toEqual([1])
  })
})

describe('what a list also gives', () => {
  test('its keys, and its first items to a log', async () => {
    const list = await synced(fresh(), 1, 2, 3)
    expect(list.keys()).toEqual(['a', 'b', 'c'])
    expect(inspect(list)).toMatch(/^ListDownlink \{.*size: 3.*items: \[ 1, 2, 3 \]/s)
  })

  test('after its end: what it had, by position and by key', async () => {
    const list = await synced(fresh(), 1, 2)
    list.close()
    expect([list.keys(), list.indexOfKey('b'), list.keyAt(1), list.at(-1)]).toEqual([['a', 'b'], 1, 'b', 2])
  })

  test('values that can’t be changed in place, where it is to freeze them', async () => {
    const host = new ScriptedHost({ freezeValues: true }, chanceOf(1))
    const list = await synced(host, '{x:{y:1}}')
    const item = list.at(0) as { x: { y: number } }
    expect(() => (item.x.y = 2)).toThrow(TypeError)
    expect(list.toJSON()).toEqual([{ x: { y: 1 } }])
  })

  test('a batch to its listeners when what is pending changes, once that was read', async () => {
    const host = fresh()
    const list = await synced(host, 1)
    const heard: [changes: number, pending: number][] = []
    const undo = list.subscribe(changes => heard.push([changes.length, list.pendingCount]))
    expect(list.pendingCount).toBe(0)
    list.push(2)
    await host.settle()
    const [sent] = host.take()
    await host.say(sent!.slice(sent!.indexOf('@update')).replace(/^/, '@event'))
    expect([heard[0], heard.at(-1)]).toEqual([
      [1, 1],
      [0, 0],
    ])
    undo()
    list.push(3)
    await host.settle()
    expect(heard.at(-1)).toEqual([0, 0])
  })

  test.each([
    ['return()', (reader: AsyncIterator<unknown>) => reader.return!(), []],
    ['close()', (_: AsyncIterator<unknown>, list: { close(): void }) => list.close(), [2]],
  ])('batches until %s: then what a reader was not given yet, unless it asked for no more', async (_, end, left) => {
    const host = fresh()
    const list = await synced(host, 1)
    const reader = list.changes()
    list.push(2)
    await end(reader, list)
    const rest: unknown[] = []
    for await (const changes of { [Symbol.asyncIterator]: () => reader })
      rest.push(...changes.map(change => 'value' in change && change.value))
    expect(rest).toEqual(left)
  })

  test('no batch to a reader whose signal has aborted', async () => {
    const list = await synced(fresh(), 1)
    const reader = list.changes({ signal: AbortSignal.abort() })
    list.push(2)
    expect(await reader.next()).toEqual({ done: true, value: undefined })
  })

  test('nothing as synced of which a frame was lost: it asks once more', async () => {
    const host = fresh()
    const list = lists(host).open()
    await host.settle()
    await host.say('@linked', '@event@update(index:0,key:a) 1', '@event@nothing(index:1)', '@synced')
    expect(host.errors.map(({ code }) => code)).toEqual(['protocol'])
    host.take()
    await host.clock.advance(1_000)
    expect(host.take().join()).toMatch(/^@sync/)
    await host.say('@event@update(index:0,key:b) 2', '@synced')
    expect([list.keys(), [...list], list.synced]).toEqual([['b'], [2], true])
  })

  test('to each of its downlinks, that the lane is of another kind', async () => {
    const host = fresh()
    const found: string[] = []
    const open = () =>
      lists(host)
        .didFail(({ code }) => found.push(code))
        .open()
    open()
    await host.settle()
    await host.say('@linked', '@event@update(key:a) 1', '@synced')
    open()
    await host.settle()
    expect(found).toEqual(['laneKind', 'laneKind'])
  })
})

test('without swimlink/list, the method says what to import', () => {
  const { downlinkList } = kinds
  kinds.downlinkList = undefined
  try {
    expect(() => lists(fresh())).toThrow(/needs the module swimlink\/list: import it once/)
  } finally {
    kinds.downlinkList = downlinkList
  }
})
