// What a map downlink is to views and bindings: a readable map, and its port.
import { expect, test } from 'vitest'
import { z } from 'zod'
import { port, type Port, type ReadableMap } from '../../../src/downlink/readable.js'
import type { MapDownlink } from '../../../src/index.js'
import { ScriptedHost } from '../../support/scripted-host.js'

const portOf = <K, V>(map: ReadableMap<K, V>): Port<K, V> => (map as MapDownlink<K, V>)[port]

async function opened() {
  const host = new ScriptedHost()
  const map = host.map().keySchema(z.string()).valueSchema(z.number()).open()
  await host.settle()
  await host.say('@linked', '@event@update(key:a) 1')
  return { host, map }
}

test('the port of a map shows each change at once, before its callbacks and its batch', async () => {
  const { host, map } = await opened()
  const story: unknown[] = []
  map.on('didUpdate', key => story.push(['didUpdate', key]))
  map.subscribe(changes => story.push(['batch', changes.length]))
  const { watches, entries } = portOf(map)
  watches.add((id, change) => story.push([change, entries.get(id)]))
  map.set('b', 2)
  map.set('a', 3)
  map.delete('b')
  expect(story).toEqual([
    [{ type: 'update', key: 'b', value: 2 }, 2],
    ['didUpdate', 'b'],
    [{ type: 'update', key: 'a', value: 3, oldValue: 1 }, 3],
    ['didUpdate', 'a'],
    [{ type: 'remove', key: 'b', oldValue: 2 }, undefined],
  ])
  await host.settle()
  expect(story.at(-1)).toEqual(['batch', 1])
})

test('the port shows what comes before the downlink begins to notify, and nothing once nobody watches', async () => {
  const { host, map } = await opened()
  const late = host.map().open()
  const seen: unknown[] = []
  const watch = (id: unknown) => seen.push(id)
  portOf(late).watches.add(watch)
  map.set('b', 2)
  expect(seen).toEqual(['b'])
  portOf(late).watches.delete(watch)
  map.set('c', 2)
  expect(seen).toEqual(['b'])
})

test('the port knows keys by identity, those that their schema changes too', async () => {
  const host = new ScriptedHost()
  const date = z.codec(z.number(), z.date(), { decode: ms => new Date(ms), encode: day => day.getTime() })
  const map = host.map().keySchema(date).open()
  await host.settle()
  await host.say('@linked', '@event@update(key:5) five')
  const { idOf, keyOf, entries } = portOf(map)
  expect(idOf(new Date(5))).toBe(5)
  expect(keyOf(5)).toEqual(new Date(5))
  expect(entries.get(5)).toBe('five')
})
