// What a host says of itself by `swim:meta:` nodes, and to whom.
import { describe, expect, test } from 'vitest'
import type { Guard } from '../../../../src/host/index.js'
import { memoryPlane } from '../../../support/memory-peer.js'

const at = (node: string, lane: string) => `(node:"${node}",lane:${lane})`
const lanesOf = (node: string) => `swim:meta:node/${node.replaceAll('/', '%2f')}`

function planeOf(canReadMeta: Guard | undefined) {
  const made = memoryPlane({ canReadMeta })
  made.plane.define(
    '/unit/:id',
    node => {
      node.mapLane('map')
      node.listLane('list')
      node.demandMapLane('squares', { onSync: () => [], onCue: () => undefined })
      node.commandLane('run')
    },
    {},
  )
  return made
}

/** Sends frames; gives the bodies of events, and what else was heard by its tag. */
const talk =
  (client: ReturnType<ReturnType<typeof memoryPlane>['connect']>) =>
  async (...frames: string[]) =>
    (await client.says(...frames))
      .map(frame => frame.replace(/^@event\([^)]*\)/, '').replace(/created:\d+/, 'created:0'))
      .map(frame => frame.replace(/^(@\w+)\(node.*?\)/, '$1'))

describe('a host that may be read', () => {
  test('names its nodes, as they come and go', async () => {
    const { plane, connect } = planeOf(() => true)
    const [reader, other] = [talk(connect()), talk(connect())]
    plane.ref('/unit/1').lane('map', 'map').set('a', 1)
    expect(await reader(`@sync${at('swim:meta:host', 'nodes')}`)).toEqual([
      '@linked',
      '@update(key:"/unit/1"){nodeUri:"/unit/1",created:0}',
      '@synced',
    ])
    await other(`@sync${at('/unit/2', 'map')}`)
    expect(await reader()).toEqual(['@update(key:"/unit/2"){nodeUri:"/unit/2",created:0}'])
    await other(`@unlink${at('/unit/2', 'map')}`)
    expect(await reader()).toEqual(['@remove(key:"/unit/2")'])
  })

  test('names the lanes of a node, and their kinds as SwimOS Java does', async () => {
    const { plane, connect } = planeOf(() => true)
    const reader = talk(connect())
    plane.ref('/unit/1').lane('map', 'map').set('a', 1)
    expect(await reader(`@sync${at(lanesOf('/unit/1'), 'lanes')}`)).toEqual([
      '@linked',
      '@update(key:map){laneUri:map,laneType:map}',
      '@update(key:list){laneUri:list,laneType:list}',
      '@update(key:squares){laneUri:squares,laneType:map}',
      '@update(key:run){laneUri:run,laneType:command}',
      '@synced',
    ])
  })

  test('names the links of a lane, as they come and go', async () => {
    const { plane, connect } = planeOf(() => true)
    const [reader, other] = [talk(connect()), talk(connect())]
    plane.ref('/unit/1').lane('map', 'map').set('a', 1)
    await other(`@link${at('/unit/1', 'map')}`)
    const uplinks = at(`${lanesOf('/unit/1')}/lane/map`, 'uplinks')
    expect(await reader(`@sync${uplinks}`)).toEqual(['@linked', '@update(key:1){linkKey:1,connected:true}', '@synced'])
    await reader(`@link${at('/unit/1', 'map')}`)
    expect(await reader()).toEqual([])
    await other(`@unlink${at('/unit/1', 'map')}`)
    expect(await reader()).toEqual(['@remove(key:1)'])
  })

  test('sends figures at once, and once a second while somebody is linked', async () => {
    const { clock, plane, connect } = planeOf(() => true)
    const reader = talk(connect())
    plane.ref('/unit/1').lane('map', 'map').set('a', 1)
    const figures = '{nodeCount:1,agents:{agentCount:1},uplinks:{linkCount:0}}'
    expect(await reader(`@sync${at('swim:meta:host', 'pulse')}`)).toEqual(['@linked', figures, '@synced'])
    await clock.advance(2100)
    expect(await reader()).toEqual([figures, figures])
    await reader(`@unlink${at('swim:meta:host', 'pulse')}`)
    await clock.advance(5000)
    expect(clock.pendingTimers).toBe(0)
    expect(await reader(`@sync${at(lanesOf('/unit/1'), 'pulse')}`)).toContain(
      '{agents:{agentCount:1},uplinks:{linkCount:0}}',
    )
    expect(await reader(`@sync${at('swim:meta:part', 'hosts')}`)).toContain(
      '@update(key:""){hostUri:"",connected:true,nodeCount:1}',
    )
  })

  test.each([
    lanesOf('/unit/none'),
    `${lanesOf('/unit/1')}/lane/none`,
    `${lanesOf('/unit/1')}/other/map`,
    `${lanesOf('/unit/1')}/lane/map/more`,
    'swim:meta:',
    'swim:meta:node',
    'swim:meta:node/swim:meta:host',
    'swim:meta:other/x',
    'swim:meta:node/%ff',
  ])('has no %s', async node => {
    const { plane, connect } = planeOf(() => true)
    plane.ref('/unit/1').lane('map', 'map').set('a', 1)
    const { usage } = plane
    expect(await talk(connect())(`@sync${at(node, 'lanes')}`)).toEqual(['@unlinked@nodeNotFound'])
    expect(plane.usage).toEqual(usage)
  })
})

test('nobody reads it by default, and no more than they may', async () => {
  const frame = `@sync${at('swim:meta:host', 'nodes')}`
  expect(await talk(planeOf(undefined).connect())(frame)).toEqual(['@unlinked@nodeNotFound'])
  const guarded = planeOf(({ url }) => url === '/admin')
  expect(await talk(guarded.connect('/'))(frame)).toEqual(['@unlinked'])
  expect(await talk(guarded.connect('/admin'))(frame)).toEqual(['@linked', '@synced'])
  const writer = guarded.connect('/admin')
  await writer.says(`@command${at('swim:meta:host', 'nodes')}@clear`)
  expect(writer.wire.closed).toBe('1008 Forbidden')
})
