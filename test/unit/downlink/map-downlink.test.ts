// A map downlink as the Map that it is.
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { ScriptedHost } from '../../support/scripted-host.js'

async function synced(...entries: string[]) {
  const host = new ScriptedHost()
  const map = host.map().open()
  await host.settle()
  await host.say('@linked', ...entries.map(entry => `@event@update(key:${entry}`), '@synced')
  return { host, map }
}

describe('a map downlink', () => {
  const unordered = ['b) 2', '9) 9', 'true) t', 'a) 1', '10) 10', '{floor:1,room:2} ) suite']

  test('is a Map, in the order of Recon: records, texts, numbers, booleans', async () => {
    const { map } = await synced(...unordered)
    const keys = [{ floor: 1, room: 2 }, 'a', 'b', 9, 10, true]
    const values = ['suite', 1, 2, 9, 10, 't']
    expect([...map.keys()]).toEqual(keys)
    expect([...map.values()]).toEqual(values)
    expect([...map]).toEqual(keys.map((key, i) => [key, values[i]]))
    expect(map.getAll()).toEqual(new Map([...map]))
    expect(map.size).toBe(6)
    expect(Object.prototype.toString.call(map)).toBe('[object MapDownlink]')
    const visited: unknown[] = []
    map.forEach(function (this: string, value, key, whole) {
      visited.push([this.toString(), key, value, whole === map])
    }, 'self')
    expect(visited[1]).toEqual(['self', 'a', 1, true])
    expect(visited).toHaveLength(6)
  })

  test('finds entries by place, by key and by range', async () => {
    const { map } = await synced(...unordered)
    expect([map.at(0), map.at(-1), map.at(6), map.at(-7), map.at(1.9)]).toEqual([
      [{ floor: 1, room: 2 }, 'suite'],
      [true, 't'],
      undefined,
      undefined,
      ['a', 1],
    ])
    expect([map.first(), map.last()]).toEqual([map.at(0), map.at(-1)])
    expect(map.at(NaN)).toEqual(map.at(0))
    expect([map.indexOf('b'), map.indexOf({ floor: 1, room: 2 }), map.indexOf('z')]).toEqual([2, 0, -1])
    expect([...map.range('a', 10)]).toEqual([
      ['a', 1],
      ['b', 2],
      [9, 9],
    ])
    expect([...map.range('aa')].map(([key]) => key)).toEqual(['b', 9, 10, true])
  })

  test('an empty one has no first and no last', async () => {
    const { map } = await synced()
    expect([map.first(), map.last(), map.at(0), [...map], map.get('a'), map.has('a')]).toEqual([
      undefined,
      undefined,
      undefined,
      [],
      undefined,
      false,
    ])
  })

  test('keys compare by value, and are kept as they were set first', async () => {
    const { map } = await synced()
    map.set({ floor: 1, room: 2 }, 'a')
    expect(map.get({ floor: 1, room: 2 })).toBe('a')
    expect(map.set({ floor: 1, room: 2 }, 'b').size).toBe(1)
    expect(map.delete({ floor: 1, room: 2 })).toBe(true)
    expect(map.delete({ floor: 1, room: 2 })).toBe(false)
    map.set(1, 'number')
    map.set('1', 'text')
    expect(map.size).toBe(2)
  })

  test('a hundred thousand entries are all walked', async () => {
    const { map } = await synced()
    for (let i = 0; i < 100_000; i++) map.set(`key ${i}`, i)
    let count = 0
    for (const [key] of map) count += typeof key === 'string' ? 1 : 0
    expect([count, [...map.keys()].length, map.size]).toEqual([100_000, 100_000, 100_000])
    expect(map.at(99_999)).toEqual(['key 99999', 99_999])
  })

  test('can be changed and asked for order while it is walked: what is gone does not come', async () => {
    const { map } = await synced()
    for (const key of ['c', 'a', 'e', 'b', 'd']) map.set(key, key)
    const seen: unknown[] = []
    for (const [key, value] of map) {
      seen.push([key, value])
      if (key !== 'b') continue
      map.delete('d')
      for (let i = 0; i < 10; i++) map.set(`x${i}`, i)
      expect([...map.keys()].slice(0, 4)).toEqual(['a', 'b', 'c', 'e'])
    }
    expect(seen.slice(0, 4)).toEqual([
      ['a', 'a'],
      ['b', 'b'],
      ['c', 'c'],
      ['e', 'e'],
    ])
  })

  test('a value that can not be written is refused, and nothing has changed', async () => {
    const { host, map } = await synced('a) 1')
    host.take()
    for (const value of [() => {}, Symbol('x'), NaN, Infinity]) {
      expect(() => map.set('a', value)).toThrow(expect.objectContaining({ code: 'recon' }))
      expect(() => map.set(value, 1)).toThrow(expect.objectContaining({ code: 'recon' }))
    }
    for (const none of [undefined, null]) {
      expect(() => map.set('a', none)).toThrow(expect.objectContaining({ code: 'config', option: 'value' }))
    }
    await host.settle()
    expect([...map]).toEqual([['a', 1]])
    expect(host.take()).toEqual([])
  })

  test('undefined is no key: on the wire it would be the key null', async () => {
    const { host, map } = await synced(') nobody')
    const refused = expect.objectContaining({ name: 'ConfigError', option: 'key' })
    expect(() => map.set(undefined, 1)).toThrow(refused)
    expect(() => map.delete(undefined)).toThrow(refused)
    await expect(map.remove(undefined)).rejects.toEqual(refused)
    expect([map.get(undefined), map.get(null), host.take()]).toEqual([undefined, 'nobody', ['@sync']])
  })

  test('with schemas keys and values are what they make of them, both ways', async () => {
    const host = new ScriptedHost()
    const failed: unknown[] = []
    const date = z.codec(z.number(), z.date(), { decode: ms => new Date(ms), encode: when => when.getTime() })
    const map = host
      .map()
      .keySchema(z.codec(z.string(), z.number(), { decode: text => Number(text.slice(1)), encode: n => `k${n}` }))
      .valueSchema(date)
      .didFail(error => failed.push(error.code))
      .open()
    await host.settle()
    await host.say('@linked', '@event@update(key:k2) 86400000', '@event@update(key:k1) 0', '@synced')
    host.take()
    expect([...map]).toEqual([
      [1, new Date(0)],
      [2, new Date(86_400_000)],
    ])
    map.set(3, new Date(5))
    expect(map.get(3)).toEqual(new Date(5))
    expect([...map.range(2)].map(([key]) => key)).toEqual([2, 3])
    map.delete(1)
    await host.settle()
    expect(host.take()).toEqual(['@command@update(key:k3) 5', '@command@remove(key:k1)'])
    expect(() => map.set(4, 'no date' as never)).toThrow(expect.objectContaining({ code: 'schema' }))
    await host.say('@event@update(key:k2) nonsense')
    expect(map.has(2)).toBe(false)
    expect(failed).toEqual(['schema'])
    await host.say('@event@update(key:k2) 1')
    expect(map.get(2)).toEqual(new Date(1))
  })

  test('a key that its schema refuses is in no map, and can be asked for all the same', async () => {
    const host = new ScriptedHost()
    const map = host.map().keySchema(z.string().regex(/^\w+$/)).open()
    await host.settle()
    await host.say('@linked', '@event@update(key:a) 1', '@synced')
    for (const key of ['a b', 5 as unknown as string]) {
      expect([map.get(key), map.has(key), map.indexOf(key)]).toEqual([undefined, false, -1])
      expect(() => map.delete(key)).toThrow(expect.objectContaining({ name: 'SchemaError', key }))
      expect(() => map.subscribeTo(key, () => {})).toThrow(expect.objectContaining({ name: 'SchemaError', key }))
    }
    expect(map.get('a')).toBe(1)
  })

  test('what a schema hides is deleted all the same', async () => {
    const host = new ScriptedHost()
    const map = host.map().valueSchema(z.number()).open()
    await host.settle()
    await host.say('@linked', '@event@update(key:a) text', '@synced')
    host.take()
    expect(map.size).toBe(0)
    map.delete('a')
    await host.settle()
    expect(host.take()).toEqual(['@command@remove(key:a)'])
  })

  test('what a schema strips is no change', async () => {
    const host = new ScriptedHost()
    const told: unknown[] = []
    const map = host
      .map()
      .valueSchema(z.object({ floor: z.number(), doors: z.array(z.string()) }))
      .didUpdate((_key, value) => told.push(value))
      .open()
    await host.settle()
    await host.say('@linked', '@event@update(key:a){floor:1,doors:{x,y},at:1}', '@synced')
    const first = map.get('a')
    await host.say('@event@update(key:a){floor:1,doors:{x,y},at:2}')
    expect(map.get('a')).toBe(first)
    expect(told).toHaveLength(1)
    await host.say('@event@update(key:a){floor:1,doors:{x,z},at:2}')
    expect(told).toHaveLength(2)
  })
})

describe('entries without values', () => {
  test('are none, unless they are to be kept', async () => {
    const host = new ScriptedHost()
    const plain = host.map().open()
    const kept = host.map().emptyValues('keep').open()
    await host.settle()
    await host.say('@linked', '@event@update(key:a)', '@event@update(key:b) 1', '@synced')
    await host.say('@synced')
    await host.settle()
    expect([...plain.keys()]).toEqual(['b'])
    await host.say('@event@update(key:c)')
    expect(kept.has('c')).toBe(true)
    expect(kept.get('c')).toBeUndefined()
    expect(plain.has('c')).toBe(false)
  })

  test('that are kept are set by undefined, and reported', async () => {
    const host = new ScriptedHost()
    const told: unknown[][] = []
    const set = host
      .map()
      .emptyValues('keep')
      .didUpdate((...args) => told.push(args))
      .didRemove((...args) => told.push(args))
      .open()
    await host.settle()
    await host.say('@linked', '@event@update(key:a)', '@synced')
    set.set('b', undefined)
    await host.settle()
    expect(host.take()).toEqual(['@sync', '@command@update(key:b)'])
    await host.say('@event@update(key:b)', '@event@remove(key:a)')
    expect(told).toEqual([
      ['a', undefined, undefined],
      ['b', undefined, undefined],
      ['a', undefined],
    ])
    expect([...set]).toEqual([['b', undefined]])
  })

  test('the ghost of a removed key is doubted, and a sync tells', async () => {
    const host = new ScriptedHost()
    const set = host.map().emptyValues('keep').open()
    await host.settle()
    await host.say('@linked', '@event@update(key:a) 1', '@synced')
    host.take()
    await host.say('@event@remove(key:a)', '@event@update(key:a)')
    expect(host.take()).toEqual(['@sync'])
    await host.say('@synced')
    expect(set.size).toBe(0)
  })
})
