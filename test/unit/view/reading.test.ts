// A view is read as a map: by key, by place, and as a whole; with its status, and its end.
import { describe, expect, test } from 'vitest'
import { port } from '../../../src/downlink/readable.js'
import { view } from '../../../src/view/index.js'
import { ScriptedHost } from '../../support/scripted-host.js'

async function numbers(...keys: string[]) {
  const host = new ScriptedHost()
  const map = host.map().open()
  for (const [i, key] of keys.entries()) map.set(key, i)
  await host.settle()
  return { host, map, all: view(map).filter(() => true), root: view(map) }
}

describe.each(['all', 'root'] as const)('a view that is read: %s', which => {
  const made = async () => {
    const parts = await numbers('a', 'b', 'c')
    return { ...parts, own: parts[which] }
  }

  test('has entries by place, from either end', async () => {
    const { own } = await made()
    const [a, b, c] = [
      ['a', 0],
      ['b', 1],
      ['c', 2],
    ]
    expect([0, 1, 2, 3, -1, -2, -3, -4].map(at => own.at(at))).toEqual([a, b, c, undefined, c, b, a, undefined])
    // As `at` of a list takes them.
    expect([0.9, 1.5, -0.5, -1.5, NaN, Infinity].map(at => own.at(at))).toEqual([a, b, a, c, a, undefined])
    expect([own.first(), own.last(), own.indexOf('b'), own.indexOf('x')]).toEqual([a, c, 1, -1])
  })

  test('is none by place where it is empty', async () => {
    const { map, own } = await made()
    map.clear()
    expect([own.first(), own.last(), own.at(0), own.at(-1), own.size, [...own]]).toEqual([
      ...[undefined, undefined, undefined, undefined],
      0,
      [],
    ])
  })

  test('has all of a Map’s ways to be walked', async () => {
    const { own } = await made()
    const entries = [
      ['a', 0],
      ['b', 1],
      ['c', 2],
    ]
    expect([...own]).toEqual(entries)
    expect([...own.entries()]).toEqual(entries)
    expect([...own.keys()]).toEqual(['a', 'b', 'c'])
    expect([...own.values()]).toEqual([0, 1, 2])
    expect(JSON.stringify(own)).toBe(JSON.stringify(entries))
    expect(Object.prototype.toString.call(own)).toBe('[object View]')
    const [self, seen] = [{}, [] as unknown[]]
    own.forEach(function (this: unknown, value, key, of) {
      seen.push([key, value])
      expect([this, of]).toEqual([self, own])
      expect(this === self && of === own).toBe(true)
    }, self)
    expect(seen).toEqual(entries)
  })

  test('gives one copy of its entries, and of its keys, until these change', async () => {
    const { map, own } = await made()
    const [entries, keys] = [own.snapshot(), own.keySnapshot()]
    expect([[...entries], keys]).toEqual([
      [
        ['a', 0],
        ['b', 1],
        ['c', 2],
      ],
      ['a', 'b', 'c'],
    ])
    expect([own.snapshot() === entries, own.keySnapshot() === keys]).toEqual([true, true])
    map.set('b', 9)
    expect([own.snapshot() === entries, own.keySnapshot() === keys]).toEqual([false, true])
    expect([own.snapshot().get('b'), entries.get('b')]).toEqual([9, 1])
    map.delete('b')
    expect([own.keySnapshot(), keys]).toEqual([
      ['a', 'c'],
      ['a', 'b', 'c'],
    ])
    map.set('d', 1)
    expect(own.keySnapshot()).toEqual(['a', 'c', 'd'])
  })

  test('goes on with a walk in spite of changes in it', async () => {
    const { map, own } = await made()
    const seen: unknown[] = []
    for (const key of own.keys()) {
      seen.push(key)
      if (key === 'a') {
        map.delete('a')
        map.delete('b')
        map.set('0', 5)
        map.set('d', 5)
        expect(own.size).toBe(3)
      }
    }
    expect(seen.slice(0, 2)).toEqual(['a', 'c'])
    expect(seen).not.toContain('b')
    expect(own.keySnapshot()).toEqual(['0', 'c', 'd'])
  })

  test('waits for its map to be synced, or fails as the map does', async () => {
    const { host, own } = await made()
    let end: unknown
    own.whenSynced().then(
      () => (end = 'synced'),
      (error: { code: string }) => (end = error.code),
    )
    await host.settle()
    expect([end, own.status.state]).toEqual([undefined, 'linking'])
    await host.say('@linked', '@synced')
    expect([end, own.status.state]).toEqual(['synced', 'synced'])
    own.close()
    await expect(own.whenSynced()).rejects.toMatchObject({ code: 'closed', message: 'the view is closed' })
  })

  test('that is closed while somebody waits for it says so', async () => {
    const { host, own } = await made()
    const waits = own.whenSynced()
    waits.catch(() => {})
    own.close()
    await host.say('@linked', '@synced')
    await expect(waits).rejects.toMatchObject({ code: 'closed', message: 'the view was closed' })
  })

  test('tells of its status when it changes, and only then, until the listener is taken off', async () => {
    const { host, own } = await made()
    const heard: string[] = []
    const undo = own.on('didChangeStatus', ({ state }) => heard.push(state))
    await host.settle()
    await host.say('@linked')
    await host.say('@synced')
    expect(heard).toEqual(['syncing', 'synced'])
    undo()
    own.close()
    expect([heard, own.status.state]).toEqual([['syncing', 'synced'], 'closed'])
  })

  test('tells of no other event', async () => {
    const { own } = await made()
    expect(() => own.on('didSync' as never, () => {})).toThrow(
      expect.objectContaining({
        code: 'config',
        option: 'on',
        message: expect.stringMatching(/didChangeStatus only$/),
      }),
    )
    expect(() => own.on('didChangeStatus', 1 as never)).toThrow(/must be a function/)
  })

  test('calls a listener for one key only where that changed, with its value', async () => {
    const { host, map, own } = await made()
    const heard: unknown[] = []
    const undo = own.subscribeTo('b', value => heard.push(value))
    map.set('a', 7)
    await host.settle()
    map.set('b', 8)
    map.set('b', 9)
    await host.settle()
    map.delete('b')
    await host.settle()
    undo()
    map.set('b', 1)
    await host.settle()
    expect(heard).toEqual([9, undefined])
  })

  test('calls no listener that was taken off, and those that stay', async () => {
    const { host, map, own } = await made()
    const heard: unknown[] = []
    const undo = own.subscribe(changes => heard.push(['one', changes.length]))
    own.subscribe(changes => heard.push(['two', changes.length]))
    map.set('a', 7)
    await host.settle()
    undo()
    map.set('a', 8)
    map.set('b', 8)
    await host.settle()
    expect(heard).toEqual([
      ['one', 1],
      ['two', 1],
      ['two', 2],
    ])
  })

  test('ends its changes by a signal', async () => {
    const { host, map, own } = await made()
    const ends = new AbortController()
    const batches = own.changes({ signal: ends.signal })
    map.set('a', 7)
    await host.settle()
    expect((await batches.next()).value).toEqual([{ type: 'update', key: 'a', value: 7, oldValue: 0 }])
    ends.abort()
    expect(await batches.next()).toEqual({ value: undefined, done: true })
  })

  test('ends its changes when its map closes, or it closes itself', async () => {
    for (const isMap of [true, false]) {
      const { map, own } = await made()
      const batches = own.changes()
      const leaf = own.map(value => value).changes()
      if (isMap) map.close()
      else own.close()
      expect(await batches.next()).toEqual({ value: undefined, done: true })
      expect(await leaf.next()).toEqual({ value: undefined, done: true })
    }
  })

  test('watches its map only while somebody listens, or reads a view over it that is open', async () => {
    const { map, own } = await made()
    const { watches } = map[port]
    const before = watches.size
    const undo = [own.subscribe(() => {}), own.subscribe(() => {})]
    const during = watches.size
    undo[0]!()
    expect([before, during, watches.size]).toEqual([0, 1, 1])
    undo[1]!()
    const leaf = own.map(value => value)
    expect(leaf.size).toBe(3)
    expect(watches.size).toBeGreaterThan(0)
    leaf.close()
    own.close()
    expect(watches.size).toBe(0)
  })

  test('has the status of its map before it is read, and is syncing only while it computes', async () => {
    const { host, own } = await made()
    await host.say('@linked', '@synced')
    const leaf = own.filter(() => true).map(value => value)
    expect([own.status.state, leaf.status.state]).toEqual(['synced', 'synced'])
    expect([leaf.size, leaf.status.state]).toEqual([3, 'synced'])
  })

  test('is ended by `using` as by close', async () => {
    const { own } = await made()
    expect(own.size).toBe(3)
    own[Symbol.dispose]()
    expect([own.status.state, own.size]).toEqual(['closed', 3])
  })
})
