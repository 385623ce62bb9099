import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Heartbeat, signsOfLife } from '../../../src/connection/heartbeat.js'
import { VirtualClock } from '../../../src/testing/virtual-clock.js'

/** How much later than the deadline a socket is given up. */
const graceMs = 250

function makeHeartbeat(heartbeatMs = 20, heartbeatTimeoutMs = 10, canAsk = true) {
  const clock = new VirtualClock()
  const told: string[] = []
  const lever = {
    isBlind: false,
    moved: false,
    /** What comes of a probe. */
    probed: () => {},
  }
  const heartbeat = new Heartbeat(
    { clock, heartbeatMs, heartbeatTimeoutMs },
    {
      probe: () => {
        if (canAsk) told.push(`asked at ${clock.now()}`)
        lever.probed()
        return canAsk
      },
      moved: () => {
        const { moved } = lever
        lever.moved = false
        return moved
      },
      isBlind: () => lever.isBlind,
      dead: silentMs => told.push(`dead at ${clock.now()}, silent for ${silentMs}`),
    },
  )
  return { clock, told, heartbeat, lever }
}

describe('a heartbeat', () => {
  test('probes after a silent interval, and reports a host dead that does not answer', async () => {
    const { clock, told, heartbeat } = makeHeartbeat()
    heartbeat.start()
    await clock.advance(1000)
    expect(told).toEqual(['asked at 20', 'dead at 280, silent for 260'])
    expect(clock.pendingTimers).toBe(0)
  })

  test('does not probe while frames come, and goes on after an answer', async () => {
    const { clock, told, heartbeat } = makeHeartbeat()
    heartbeat.start()
    for (let i = 0; i < 5; i++) {
      await clock.advance(19)
      heartbeat.frames++
      await clock.advance(1)
    }
    expect(told).toEqual([])
    await clock.advance(20)
    expect(told).toEqual(['asked at 120'])
    heartbeat.frames++
    await clock.advance(19)
    expect(told).toEqual(['asked at 120'])
    await clock.advance(1)
    expect(told).toEqual(['asked at 120', 'asked at 140'])
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
      heartbeat.frames++
    }
    expect(told).toEqual([1, 2, 3, 4].map(n => `asked at ${n * intervalMs}`))
  })

  test('waits the whole timeout for an answer, also if it is longer than the interval', async () => {
    const { clock, told, heartbeat } = makeHeartbeat(400, 10_000)
    heartbeat.start()
    await clock.advance(11_000)
    expect(told).toEqual(['asked at 400', 'dead at 10650, silent for 10250'])
  })

  test('probes at once on demand, as after a sleep', async () => {
    const { clock, told, heartbeat } = makeHeartbeat()
    heartbeat.start()
    await clock.advance(5)
    heartbeat.check()
    expect(told).toEqual(['asked at 5'])
  })

  test('reports no host dead that it could not probe', async () => {
    const { clock, told, heartbeat } = makeHeartbeat(20, 10, false)
    heartbeat.start()
    await clock.advance(2000)
    expect(told).toEqual([])
  })

  test('with an interval of 0 never probes by itself', async () => {
    const { clock, told, heartbeat } = makeHeartbeat(0)
    heartbeat.start()
    await clock.advance(1000)
    expect(told).toEqual([])
  })

  test.each(['at once', 'while it waits for an answer', 'in the grace'])(
    'that was stopped %s leaves no timer, and reports no host dead',
    async when => {
      const { clock, told, heartbeat } = makeHeartbeat()
      heartbeat.start()
      if (when !== 'at once') await clock.advance(when === 'while it waits for an answer' ? 25 : 35)
      heartbeat.stop()
      await clock.advance(1000)
      expect(told.filter(each => each.startsWith('dead'))).toEqual([])
      expect(clock.pendingTimers).toBe(0)
    },
  )
})

describe('bytes that are seen to come', () => {
  test('count as signs of life, however long a frame takes; probes go on', async () => {
    const { clock, told, heartbeat, lever } = makeHeartbeat(12_000, 10_000)
    heartbeat.start()
    for (let ms = 0; ms < 67_000; ms += 1000) {
      lever.moved = true
      await clock.advance(1000)
    }
    expect(told).toEqual([12_000, 22_000, 32_000, 42_000, 52_000, 62_000].map(ms => `asked at ${ms}`))
    heartbeat.frames++
    await clock.advance(12_000)
    expect(told.slice(6)).toEqual(['asked at 74000'])
  })

  test('count no longer as signs of life once they stop', async () => {
    const { clock, told, heartbeat, lever } = makeHeartbeat(12_000, 10_000)
    heartbeat.start()
    for (let ms = 0; ms < 30_000; ms += 1000) {
      lever.moved = true
      await clock.advance(1000)
    }
    await clock.advance(60_000)
    expect(told).toEqual([12, 22, 32].map(s => `asked at ${s}000`).concat('dead at 42250, silent for 10250'))
  })
})

describe('bytes that are not seen', () => {
  /** When each of some sockets in a row is given up, from its start. */
  async function deaths(count: number, isBlind: boolean, before: (n: number) => number = () => 0) {
    const { clock, told, heartbeat, lever } = makeHeartbeat(12_000, 10_000)
    lever.isBlind = isBlind
    const after: number[] = []
    for (let n = 0; n < count; n++) {
      heartbeat.start()
      for (let i = before(n); i > 0; i--) {
        heartbeat.frames++
        await clock.advance(12_000)
      }
      const from = clock.now()
      told.length = 0
      while (!told.at(-1)?.startsWith('dead')) await clock.advance(10)
      after.push(clock.now() - from - graceMs)
      heartbeat.stop()
    }
    return after
  }

  test('double the wait with each socket, up to minutes', async () => {
    expect(await deaths(8, true)).toEqual([22, 32, 52, 92, 172, 332, 332, 332].map(s => s * 1000))
  })

  test('do not make the wait longer if the platform counts bytes', async () => {
    expect(await deaths(4, false)).toEqual([22, 22, 22, 22].map(s => s * 1000))
  })

  test('double the wait also after some frames, such as the @linked before a slow one', async () => {
    expect(await deaths(4, true, () => 2)).toEqual([22, 32, 52, 92].map(s => s * 1000))
  })

  test('do not make the wait longer after two minutes of frames', async () => {
    expect(await deaths(4, true, n => (n === 3 ? 10 : 0))).toEqual([22, 32, 52, 22].map(s => s * 1000))
  })

  test('do not make the wait longer after an answer to a probe', async () => {
    const { clock, told, heartbeat, lever } = makeHeartbeat()
    lever.isBlind = true
    for (let n = 0; n < 3; n++) {
      heartbeat.start()
      await clock.advance(1000)
      heartbeat.stop()
    }
    heartbeat.start()
    await clock.advance(20)
    heartbeat.frames++
    await clock.advance(20)
    await clock.advance(1000)
    expect(told.slice(-2)).toEqual(['asked at 3040', 'dead at 3300, silent for 260'])
  })
})

describe('a blocked event loop', () => {
  /** A host whose answer waits in the buffer: it is read in a turn. */
  function answering(heartbeatMs: number, timeoutMs: number) {
    const made = makeHeartbeat(heartbeatMs, timeoutMs)
    made.lever.probed = () => void made.clock.turn(() => made.heartbeat.frames++)
    return made
  }

  test.each([1, 9, 10, 11, 15, 19, 20, 21, 25, 30, 100, 10_000])(
    'for %i ms after a probe, with a timeout of 10 ms, loses no socket whose answer is in the buffer',
    async blockedMs => {
      const { clock, told, heartbeat, lever } = makeHeartbeat(20, 10)
      const answer = () => void clock.turn(() => heartbeat.frames++)
      heartbeat.start()
      await clock.advance(20)
      expect(told).toEqual(['asked at 20'])
      lever.probed = answer
      // Not yet read when the late timer runs.
      answer()
      await clock.block(blockedMs)
      await clock.advance(10_000)
      expect(told.filter(each => each.startsWith('dead'))).toEqual([])
    },
  )

  test('over and over, for any time, loses no socket whose answers are in the buffer', async () => {
    const blocks = fc.array(fc.tuple(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 0, max: 5000 })), {
      minLength: 1,
      maxLength: 20,
    })
    await fc.assert(
      fc.asyncProperty(
        blocks,
        fc.integer({ min: 50, max: 2000 }),
        fc.integer({ min: 10, max: 2000 }),
        async (all, ...ms) => {
          const { clock, told, heartbeat } = answering(...ms)
          heartbeat.start()
          for (const [freeMs, blockedMs] of all) {
            await clock.advance(freeMs)
            await clock.block(blockedMs)
          }
          expect(told.filter(each => each.startsWith('dead'))).toEqual([])
        },
      ),
      { numRuns: 50 },
    )
  })

  test('still reports a host dead that does not answer, with any of its timers late', async () => {
    for (const [freeMs, blockedMs] of [
      [1, 15],
      [1, 25],
      [1, 60_000],
      [300, 5],
      [5, 300],
    ] as const) {
      const { clock, told, heartbeat } = makeHeartbeat()
      heartbeat.start()
      for (let i = 0; i < 100 && !told.at(-1)?.startsWith('dead'); i++) {
        await clock.advance(freeMs)
        await clock.block(blockedMs)
      }
      expect(told.at(-1)).toMatch(/^dead/)
    }
  })

  test('for long, as in a frozen page, sends one more probe, and no second', async () => {
    const { clock, told, heartbeat } = makeHeartbeat()
    heartbeat.start()
    await clock.advance(20)
    await clock.block(60_000)
    expect(told).toEqual(['asked at 20', 'asked at 60020'])
    await clock.block(60_000)
    await clock.advance(1000)
    expect(told).toEqual(['asked at 20', 'asked at 60020', 'dead at 120270, silent for 60250'])
  })
})

test('a heartbeat probe is a @link for a linked lane, or for a lane that does not exist', () => {
  expect(signsOfLife({ node: '/unit/1', lane: 'map' })).toEqual(['@link(node:"/unit/1",lane:map)'])
  expect(signsOfLife(undefined)).toEqual(['@link(node:"/",lane:sign-of-life)', '@unlink(node:"/",lane:sign-of-life)'])
})
