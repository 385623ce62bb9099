// A client's conversation over a wire in memory: what is a matter of time is so of the clock it is given.
import { expect, test } from 'vitest'
import { memoryPlane } from '../../../support/memory-peer.js'

const map = '(node:"/unit/1",lane:map)'

function host(...rest: Parameters<typeof memoryPlane>) {
  const made = memoryPlane(...rest)
  made.plane.define(
    '/unit/:id',
    node => {
      node.mapLane('map')
      node.commandLane('echo')
    },
    {},
  )
  return made
}

test('lanes need no socket', async () => {
  const { connect, plane } = host()
  const [one, two] = [connect(), connect()]
  expect(await one.says(`@sync${map}`)).toEqual([`@linked${map}`, `@synced${map}`])
  await two.says(`@command${map}@update(key:a)1`)
  plane.ref('/unit/1').lane('map', 'map').set('b', 2)
  expect(await one.says()).toEqual([`@event${map}@update(key:a) 1`, `@event${map}@update(key:b) 2`])
  one.peer.ended()
  await two.says(`@command${map}@clear`)
  expect([await one.says(), one.peer.linkCount]).toEqual([[], 0])
})

test('a client that sends more than its share is paused until it has waited long enough', async () => {
  const { connect, clock } = host({}, { maxFramesPerSecond: 100 })
  const client = connect()
  await client.says('@link(node:"/unit/1",lane:echo)')
  // Its share of a second, and half of the next.
  for (let i = 0; i < 150; i++) await client.says(`@command(node:"/unit/1",lane:echo)${i}`)
  expect(client.wire.isPaused).toBe(true)
  await clock.advance(400)
  expect(client.wire.isPaused).toBe(true)
  await clock.advance(200)
  expect(client.wire.isPaused).toBe(false)
})

test('a client that shows no life between two probes is cut, unless the host has paused it', async () => {
  const { connect } = host()
  const [dead, alive, held] = [connect(), connect(), connect()]
  held.wire.bufferedBytes = 1e9
  await held.says(`@link${map}`)
  for (const { peer } of [dead, alive, held]) peer.probe()
  alive.peer.heard()
  for (const { peer } of [dead, alive, held]) peer.probe()
  expect([dead, alive, held].map(({ wire }) => wire.closed)).toEqual(['terminated', undefined, undefined])
})

test('a client that does not take in its close is cut, and one that does leaves no timer', async () => {
  const { connect, clock } = host()
  const [mute, good] = [connect(), connect()]
  for (const client of [mute, good]) await client.says('none')
  expect(good.wire.closed).toMatch(/^1002/)
  good.peer.ended()
  expect(clock.pendingTimers).toBe(1)
  await clock.advance(10_000)
  expect([mute.wire.closed, good.wire.closed?.slice(0, 4), clock.pendingTimers]).toEqual(['terminated', '1002', 0])
})
