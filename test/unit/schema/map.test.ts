// Schemas in a map downlink: what of a lane's frames is let in, and what goes out.
import { beforeEach, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { SchemaError, SwimClient, type SwimError } from '../../../src/index.js'
import { tagged, timestamp } from '../../../src/zod.js'
import { VirtualClock } from '../../../src/testing/virtual-clock.js'
import { MemoryNetwork, type Peer } from '../../../src/testing/memory-network.js'

const at = '(node:"/unit/1",lane:map)'
let clock: VirtualClock
let host: Peer
let heard: string[]
let failed: SwimError[]
let client: SwimClient<{ hostUri: string; nodeUri: string }>

beforeEach(() => {
  clock = new VirtualClock()
  const network = new MemoryNetwork(clock)
  heard = []
  failed = []
  network.onconnect = peer => {
    host = peer
    peer.onmessage = text => {
      heard.push(text)
      if (!text.startsWith('@sync')) return
      peer.send(`@linked${at}`)
      peer.send(`@synced${at}`)
    }
  }
  client = new SwimClient({ hostUri: 'warp://host', nodeUri: '/unit/1', clock, webSocket: network.WebSocket })
})

const lane = () =>
  client
    .downlinkMap()
    .laneUri('map')
    .didFail(error => failed.push(error))
const tell = async (...ops: string[]) => {
  for (const op of ops) host.send(`@event${at}${op}`)
  await clock.settle()
}

describe('a map with schemas', () => {
  test('lets in what fits, reports each entry that does not, and takes it in once it fits', async () => {
    const updates: unknown[] = []
    const map = lane()
      .keySchema(z.string())
      .valueSchema(z.object({ n: z.number() }))
      .didUpdate((key, value, old) => updates.push([key, value, old]))
      .didRemove((key, old) => updates.push([key, old]))
      .open()
    await clock.settle()
    await tell('@update(key:a){n:1}', '@update(key:b){n:x}', '@update(key:5){n:1}', '@update(key:c){n:3}')
    expect([...map]).toEqual([
      ['a', { n: 1 }],
      ['c', { n: 3 }],
    ])
    expect(failed).toMatchObject([
      { code: 'schema', key: 'b', issues: [{ path: ['n'] }] },
      { code: 'schema', key: 5, issues: [{}] },
    ])
    await tell('@update(key:b){n:2}', '@update(key:a){n:x}', '@remove(key:c)')
    expect([...map]).toEqual([['b', { n: 2 }]])
    expect(failed).toHaveLength(3)
    expect(updates).toEqual([
      ['a', { n: 1 }, undefined],
      ['c', { n: 3 }, undefined],
      ['b', { n: 2 }, undefined],
      ['a', { n: 1 }],
      ['c', { n: 3 }],
    ])
  })

  test('throws at the call for what it can’t write, and nothing has changed or gone out', async () => {
    const map = lane().keySchema(z.string()).valueSchema(z.number().min(0)).open()
    await clock.settle()
    heard = []
    expect(() => map.set('a', -1)).toThrow(SchemaError)
    expect(() => map.set(5 as never, 1)).toThrow(SchemaError)
    expect(() => map.delete(5 as never)).toThrow(SchemaError)
    await expect(map.put('a', -1)).rejects.toBeInstanceOf(SchemaError)
    await clock.settle()
    expect([map.size, heard]).toEqual([0, []])
  })

  test('speaks codecs both ways, for keys and values', async () => {
    const map = lane()
      .keySchema(timestamp())
      .valueSchema(tagged('lift', z.object({ at: timestamp() })))
      .open()
    await clock.settle()
    await tell('@update(key:1000)@lift{at:2000}')
    expect([...map]).toEqual([[new Date(1000), { at: new Date(2000) }]])
    expect(map.get(new Date(1000))).toEqual({ at: new Date(2000) })
    expect(map.has(new Date(1001))).toBe(false)
    map.set(new Date(3000), { at: new Date(4000) })
    map.delete(new Date(1000))
    await clock.settle()
    expect(heard.slice(1)).toEqual([`@command${at}@update(key:3000)@lift{at:4000}`, `@command${at}@remove(key:1000)`])
  })

  test('gives back the structure that SwimOS loses', async () => {
    const map = lane().valueSchema(z.array(z.number())).emptyValues('keep').open()
    await clock.settle()
    await tell('@update(key:none)', '@update(key:one)1', '@update(key:two){1,2}')
    expect(Object.fromEntries(map as Map<unknown, unknown>)).toEqual({ none: [], one: [1], two: [1, 2] })
    const objects = lane()
      .valueSchema(z.object({ a: z.number().optional() }))
      .emptyValues('keep')
      .open()
    await clock.settle()
    expect(objects.get('none')).toEqual({})
    expect(failed.map(error => (error as SchemaError).key).sort()).toEqual(['one', 'two'])
  })

  test('keeps what it does not know of a record by looseObject, on reading, changing and writing back', async () => {
    const strict = lane()
      .valueSchema(z.object({ floor: z.number() }))
      .open()
    const loose = lane()
      .valueSchema(z.looseObject({ floor: z.number() }))
      .open()
    await clock.settle()
    await tell('@update(key:a)@lift{floor:1,maker:Otis}')
    strict.set('a', { ...strict.get('a')!, floor: 2 })
    loose.set('a', { ...loose.get('a')!, floor: 3 })
    await clock.settle()
    expect(loose.get('a')).toEqual({ floor: 3 })
    await tell('@update(key:a)@lift{floor:1,maker:Otis}', '@update(key:b)@lift{floor:1,maker:Otis}')
    loose.set('b', { ...loose.get('b')!, floor: 3 })
    await clock.settle()
    expect(heard.slice(1)).toEqual([
      `@command${at}@update(key:a){floor:2}`,
      `@command${at}@update(key:a){floor:3}`,
      `@command${at}@update(key:b)@lift{floor:3,maker:Otis}`,
    ])
  })
})
