// Join lanes: of lanes of the same host, and of another host over a socket.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WarpHost, type JoinMapLaneOptions, type LaneAddress } from '../../src/host/index.js'
import type { Value } from '../../src/recon/index.js'
import { RawClient } from '../support/raw-client.js'

const cleanups: (() => unknown)[] = []
const errors: string[] = []
const told: unknown[] = []

beforeEach(() => {
  errors.splice(0)
  told.splice(0)
})
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function start(options: JoinMapLaneOptions<string, number> = {}) {
  const host = new WarpHost({ onError: (error, where) => errors.push(`${where}: ${String(error)}`) })
  host.node('/room/:id', node => {
    node.valueLane('lights')
    node.mapLane('devices')
  })
  host.node('/building/:id', node => {
    node.joinValueLane<string, Value>('lights', {
      didUpdate: (key, value, old) => told.push([key, value, old]),
      didRemove: (key, old) => told.push([key, 'gone', old]),
    })
    node.joinMapLane<string, number>('devices', options)
  })
  cleanups.push(() => host.close())
  const { uri } = await host.listen()
  const building = host.nodeRef('/building/1')
  return {
    host,
    uri,
    lights: building.lane('lights', 'joinValue'),
    devices: building.lane('devices', 'joinMap'),
    roomLights: (id: number) => host.nodeRef(`/room/${id}`).lane('lights', 'value'),
    roomDevices: (id: number) => host.nodeRef(`/room/${id}`).lane('devices', 'map'),
  }
}

const at = (id: number, laneUri: string, hostUri?: string): LaneAddress => ({
  nodeUri: `/room/${id}`,
  laneUri,
  ...(hostUri === undefined ? {} : { hostUri }),
})

describe('a join value lane', () => {
  test('has an entry without a value until its source is set, and lets it go when told to', async () => {
    const { lights, roomLights } = await start()
    lights.join('a', at(1, 'lights'))
    roomLights(2).set(true)
    lights.join('b', at(2, 'lights'))
    expect([...lights]).toEqual([
      ['a', undefined],
      ['b', true],
    ])
    roomLights(1).set(false)
    roomLights(1).set(false)
    lights.join('b', at(1, 'lights'))
    roomLights(2).set(9)
    expect(lights.leave('a')).toBe(true)
    expect(lights.leave('a')).toBe(false)
    roomLights(1).set(7)
    expect([...lights]).toEqual([['b', 7]])
    expect(told).toEqual([
      ['b', true, undefined],
      ['a', false, undefined],
      ['b', 'gone', true],
      ['b', false, undefined],
      ['a', 'gone', false],
      ['b', 7, false],
    ])
  })

  test('is not written to by clients, who are told what is there', async () => {
    const { lights, roomLights, uri } = await start()
    roomLights(1).set(1)
    lights.join('a', at(1, 'lights'))
    const client = await RawClient.open(uri)
    cleanups.push(() => client.socket.terminate())
    const lane = '(node:"/building/1",lane:lights)'
    client.send(`@link${lane}`, `@command${lane}@update(key:a)5`, `@command${lane}@remove(key:a)`)
    client.send(`@command${lane}@clear`)
    expect(await client.rest()).toEqual([`@linked${lane}`, `@event${lane}@update(key:a) 1`])
    expect(roomLights(1).get()).toBe(1)
  })

  test('reports a source that is not there, and goes on', async () => {
    const { lights } = await start()
    lights.join('a', { nodeUri: '/nowhere', laneUri: 'lights' })
    lights.join('b', { nodeUri: '/room/1', laneUri: 'devices' })
    expect([...lights.entries()].map(([key]) => key)).toEqual(['a', 'b'])
    expect(errors).toEqual([
      expect.stringContaining('/nowhere has no lane lights'),
      expect.stringContaining('/room/1 has no lane devices'),
    ])
  })
})

describe('a join map lane', () => {
  test('shows what was set last, and forgets what its owner removes', async () => {
    const { devices, roomDevices } = await start()
    roomDevices(1).set('lamp', 1).set('radio', 2)
    devices.join('one', at(1, 'devices'))
    devices.join('two', at(2, 'devices'))
    roomDevices(2).set('lamp', 3)
    roomDevices(1).delete('lamp')
    expect([...devices]).toEqual([
      ['lamp', 3],
      ['radio', 2],
    ])
    devices.leave('one')
    roomDevices(1).set('tv', 1)
    expect([...devices]).toEqual([['lamp', 3]])
  })

  test.each([
    ['keep', ['a', 'b', 'c']],
    ['follow', ['b']],
  ] as const)('%ss what its source drops', async (cuts, left) => {
    const { devices, roomDevices } = await start({ cuts })
    devices.join('one', at(1, 'devices'))
    roomDevices(1).set('a', 1).set('b', 1).set('c', 1)
    roomDevices(1).drop(1)
    roomDevices(1).take(1)
    expect([...devices].map(([key]) => key)).toEqual(left)
    roomDevices(1).clear()
    expect([...devices].map(([key]) => key)).toEqual(cuts === 'keep' ? left : [])
  })

  test('lanes that join each other in a ring come to rest', async () => {
    const host = new WarpHost()
    cleanups.push(() => host.close())
    host.node('/source', node => void node.mapLane('map'))
    host.node('/ring/:id', node => void node.joinMapLane('map', { cuts: 'follow' }))
    const ring = ['/ring/1', '/ring/2'].map(uri => host.nodeRef(uri).lane('map', 'joinMap'))
    ring[0]!.join('other', { nodeUri: '/ring/2', laneUri: 'map' })
    ring[1]!.join('other', { nodeUri: '/ring/1', laneUri: 'map' })
    ring[0]!.join('source', { nodeUri: '/source', laneUri: 'map' })
    host.nodeRef('/source').lane('map', 'map').set('a', 1).set('a', 2)
    expect(ring.map(lane => lane.get('a'))).toEqual([2, 2])
  })
})

test('lanes of another host are joined over a socket, and followed in all they do', async () => {
  const far = await start()
  const near = await start()
  far.roomLights(1).set(true)
  far.roomDevices(1).set('lamp', 1).set('radio', 2).set('empty', undefined)
  near.lights.join('far', at(1, 'lights', far.uri))
  near.devices.join('far', at(1, 'devices', far.uri))
  await expect.poll(() => [...near.lights]).toEqual([['far', true]])
  await expect.poll(() => [...near.devices].map(([key]) => key)).toEqual(['empty', 'lamp', 'radio'])
  far.roomLights(1).set('dim')
  far.roomDevices(1).clear()
  far.roomDevices(1).set('tv', 5)
  await expect.poll(() => [...near.lights]).toEqual([['far', 'dim']])
  await expect.poll(() => [...near.devices]).toEqual([['tv', 5]])
  near.devices.leave('far')
  far.roomDevices(1).set('tv', 6)
  await expect.poll(() => far.host.load.links).toBe(1)
  expect(near.devices.size).toBe(0)
  expect(errors).toEqual([])
})

test('a host that is none is reported, and a lane that was let go at once is never opened', async () => {
  const far = await start()
  const near = await start()
  near.lights.join('a', at(1, 'lights', 'nonsense:'))
  near.lights.join('b', at(1, 'lights', far.uri))
  near.lights.leave('b')
  await expect.poll(() => errors).toEqual([expect.stringContaining('"nonsense:" is not a host')])
  expect(far.host.load.sockets).toBe(0)
})
