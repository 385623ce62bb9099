import { describe, expect, test } from 'vitest'
import { Heartbeat, signsOfLife } from '../../../src/connection/heartbeat.js'
import { FakeClock } from '../../support/fake-clock.js'

function makeHeartbeat(heartbeatMs = 20, heartbeatTimeoutMs = 10, canAsk = true) {
  const clock = new FakeClock()
  const told: string[] = []
  const heartbeat = new Heartbeat(
    { clock, heartbeatMs, heartbeatTimeoutMs },
    () => {
      if (canAsk) told.push(`asked at ${clock.now()}`)
      return canAsk
    },
    () => told.push(`dead at ${clock.now()}`),
  )
  return { clock, told, heartbeat }
}

describe('a heartbeat', () => {
  test('asks after a silent interval, and finds a peer dead that does not answer', async () => {
    const { clock, told, heartbeat } = makeHeartbeat()
    heartbeat.start()
    await clock.advance(100)
    expect(told).toEqual(['asked at 20', 'dead at 30'])
  })

  test('does not ask while frames come, and goes on where an answer does', async () => {
    const { clock, told, heartbeat } = makeHeartbeat()
    heartbeat.start()
    heartbeat.heard = true
    await clock.advance(40)
    expect(told).toEqual(['asked at 40'])
    heartbeat.heard = true
    await clock.advance(19)
    expect(told).toEqual(['asked at 40'])
  })

  test.each([
    [20_000, 10_000],
    [400, 10_000],
    [1_000, 1_000],
  ])('asks a silent peer that answers every %i ms, though an answer may take %i', async (intervalMs, timeoutMs) => {
    const { clock, told, heartbeat } = makeHeartbeat(intervalMs, timeoutMs)
    heartbeat.start()
    for (let n = 1; n <= 4; n++) {
      await clock.advance(intervalMs)
      expect(told).toHaveLength(n)
      heartbeat.heard = true
    }
    expect(told).toEqual([1, 2, 3, 4].map(n => `asked at ${n * intervalMs}`))
  })

  test('waits the whole timeout for an answer, also where it is longer than the interval', async () => {
    const { clock, told, heartbeat } = makeHeartbeat(400, 10_000)
    heartbeat.start()
    await clock.advance(11_000)
    expect(told).toEqual(['asked at 400', 'dead at 10400'])
  })

  test('asks at once when told to, as after a sleep', async () => {
    const { clock, told, heartbeat } = makeHeartbeat()
    heartbeat.start()
    await clock.advance(5)
    heartbeat.check()
    expect(told).toEqual(['asked at 5'])
  })

  test('asks once more where its own timer is late: the page was frozen, and the answer may wait to be read', async () => {
    const { clock, told, heartbeat } = makeHeartbeat()
    let late = 0
    const now = clock.now.bind(clock)
    clock.now = () => now() + late
    heartbeat.start()
    await clock.advance(20)
    late = 60_000
    await clock.advance(10)
    expect(told).toEqual(['asked at 20', 'asked at 60030'])
    heartbeat.heard = true
    await clock.advance(10)
    expect(told).toHaveLength(2)
  })

  test('finds nobody dead whom it could not ask', async () => {
    const { clock, told, heartbeat } = makeHeartbeat(20, 10, false)
    heartbeat.start()
    await clock.advance(200)
    expect(told).toEqual([])
  })

  test('with an interval of 0 asks never of itself', async () => {
    const { clock, told, heartbeat } = makeHeartbeat(0)
    heartbeat.start()
    await clock.advance(1000)
    expect(told).toEqual([])
  })

  test('that was stopped leaves no timer', () => {
    const { clock, heartbeat } = makeHeartbeat()
    heartbeat.start()
    heartbeat.check()
    heartbeat.stop()
    expect(clock.pendingTimers).toBe(0)
  })
})

test('a sign of life is asked for by a linked lane, or by one that is nowhere', () => {
  expect(signsOfLife({ node: '/unit/1', lane: 'map' })).toEqual(['@link(node:"/unit/1",lane:map)'])
  expect(signsOfLife(undefined)).toEqual(['@link(node:"/",lane:sign-of-life)', '@unlink(node:"/",lane:sign-of-life)'])
})
