// What a downlink shows of itself: to a log, to JSON, to a clone.
import { inspect } from 'node:util'
import { beforeEach, expect, test } from 'vitest'
import type { AnyDownlink } from '../../../src/index.js'
import { ScriptedHost } from '../../support/scripted-host.js'

let host: ScriptedHost

beforeEach(() => {
  host = new ScriptedHost({ hostUri: 'warp://me:s3cret@host?token=s3cret' })
})

const address = { hostUri: 'warp://host', nodeUri: '/unit/1', laneUri: 'map' }

async function openMap(count: number) {
  const map = host.map().open()
  await host.settle()
  await host.say(
    '@linked',
    ...Array.from({ length: count }, (_, i) => `@event@update(key:${i}) {floor:${i}}`),
    '@synced',
  )
  return map
}

test('a map shows its address, its status, how many entries it has, and the first of them', async () => {
  const map = await openMap(3)
  expect(inspect(map)).toBe(
    [
      'MapDownlink {',
      "  hostUri: 'warp://host',",
      "  nodeUri: '/unit/1',",
      "  laneUri: 'map',",
      "  status: 'synced',",
      '  size: 3,',
      '  entries: Map(3) { 0 => { floor: 0 }, 1 => { floor: 1 }, 2 => { floor: 2 } }',
      '}',
    ].join('\n'),
  )
  expect(inspect({ map })).toContain('map: MapDownlink {')
  expect(Object.prototype.toString.call(map)).toBe('[object MapDownlink]')
})

test('of a large map the first ten are shown', async () => {
  const map = await openMap(1000)
  const text = inspect(map)
  expect(text).toContain('size: 1000')
  expect(text).toContain('9 =>')
  expect(text).not.toContain('10 =>')
})

test('JSON of a map is its entries, in order; of a value its value', async () => {
  const map = await openMap(2)
  expect(JSON.stringify(map)).toBe('[[0,{"floor":0}],[1,{"floor":1}]]')
  expect(new Map(JSON.parse(JSON.stringify(map)))).toEqual(map.getAll())
  const value = host.client.downlinkValue().laneUri('value').open()
  expect(JSON.stringify({ value })).toBe('{}')
  value.set({ a: 1 })
  expect(JSON.stringify({ value })).toBe('{"value":{"a":1}}')
  expect(inspect(value)).toMatch(/^ValueDownlink \{[^]*value: \{ a: 1 \}/)
})

test('the downlinks of open and close have their address', async () => {
  const told: unknown[] = []
  const note = ({ downlink: { hostUri, nodeUri, laneUri } }: { readonly downlink: AnyDownlink }) =>
    told.push({ hostUri, nodeUri, laneUri })
  host.client.on('open', note)
  host.client.on('close', note)
  const map = host.map().open()
  await host.settle()
  map.close()
  await host.settle()
  expect(told).toEqual([address, address])
})

test('a clone of a downlink is its address, one of its entries is by getAll or snapshot, and none has a secret', async () => {
  const map = await openMap(1)
  expect(structuredClone(map)).toEqual(address)
  expect(structuredClone(map.getAll())).toEqual(new Map([[0, { floor: 0 }]]))
  expect(structuredClone(map.snapshot())).toEqual(new Map([[0, { floor: 0 }]]))
  const event = host.client.downlinkEvent().laneUri('event').open()
  for (const each of [map, event]) expect(inspect(each) + JSON.stringify(each)).not.toContain('s3cret')
  expect(inspect(event)).toMatch(/^EventDownlink \{/)
})
