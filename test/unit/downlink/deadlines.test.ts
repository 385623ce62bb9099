// Time limits of one length: each passes at its own moment, and one timer serves them all.
import { describe, expect, test } from 'vitest'
import { Deadlines } from '../../../src/downlink/deadlines.js'
import { Waiter } from '../../../src/downlink/wait.js'
import { TimeoutError } from '../../../src/base/errors.js'
import { VirtualClock } from '../../../src/testing/virtual-clock.js'
import { follow, type Followed } from '../../support/follow.js'
import { ScriptedHost } from '../../support/scripted-host.js'

const late = (afterMs: number) => new TimeoutError('late', afterMs)

/** Waits whose time begins as the test says. */
function kit(afterMs: number) {
  const clock = new VirtualClock()
  const deadlines = new Deadlines(clock, afterMs)
  const begin = (timeoutMs?: number): { waiter: Waiter<string>; end: Followed } => {
    const waiter = new Waiter<string>(clock, { late }, timeoutMs === undefined ? {} : { timeoutMs })
    deadlines.begin(waiter, clock.now())
    return { waiter, end: follow(waiter.promise) }
  }
  return { clock, deadlines, begin }
}

describe('time limits of one length', () => {
  test('pass each at its own moment and not before, by one timer', async () => {
    const { clock, begin } = kit(100)
    const ends: Followed[] = []
    for (let i = 0; i < 10; i++) {
      ends.push(begin().end, begin().end)
      expect(clock.pendingTimers).toBe(1)
      await clock.advance(7)
    }
    await clock.advance(29)
    for (let i = 0; i < 10; i++) {
      expect(ends.filter(({ end }) => end !== 'pending')).toHaveLength(2 * i)
      await clock.advance(1)
      expect(ends.map(({ end }) => end)).toEqual(ends.map((_, at) => (at < 2 * i + 2 ? 'timeout' : 'pending')))
      expect(clock.pendingTimers).toBe(i < 9 ? 1 : 0)
      await clock.advance(6)
    }
  })

  test('of which the first has ended pass no earlier for it', async () => {
    const { clock, begin } = kit(100)
    const first = begin()
    await clock.advance(60)
    const second = begin()
    first.waiter.resolve('done')
    await clock.advance(99)
    expect([first.end.end, second.end.end]).toEqual(['done', 'pending'])
    await clock.advance(1)
    expect(second.end.error).toMatchObject({ code: 'timeout', afterMs: 100 })
    expect(clock.pendingTimers).toBe(0)
  })

  test('take the timer with them when the last has ended, and begin anew', async () => {
    const { clock, begin } = kit(100)
    const [one, other] = [begin(), begin()]
    one.waiter.resolve('one')
    expect(clock.pendingTimers).toBe(1)
    other.waiter.reject(new Error('other'))
    expect(clock.pendingTimers).toBe(0)
    await clock.advance(50)
    const { end } = begin()
    await clock.advance(99)
    expect(end.end).toBe('pending')
    await clock.advance(1)
    expect(end.end).toBe('timeout')
  })

  test('begin once, and not for what is over', async () => {
    const { clock, deadlines, begin } = kit(100)
    const { waiter, end } = begin()
    await clock.advance(60)
    deadlines.begin(waiter, clock.now())
    await clock.advance(40)
    expect(end.end).toBe('timeout')
    deadlines.begin(waiter, clock.now())
    const over = new Waiter<string>(clock, { late })
    over.resolve('done')
    deadlines.begin(over, clock.now())
    expect(clock.pendingTimers).toBe(0)
  })

  test('are none where a wait has a time of its own, also one for ever', async () => {
    const { clock, begin } = kit(100)
    const [short, long, ever] = [50, 200, Infinity].map(timeoutMs => begin(timeoutMs).end)
    const ends = () => [short, long, ever].map(followed => followed!.end)
    await clock.advance(50)
    expect(ends()).toEqual(['timeout', 'pending', 'pending'])
    await clock.advance(149)
    expect(ends()).toEqual(['timeout', 'pending', 'pending'])
    await clock.advance(1)
    expect(ends()).toEqual(['timeout', 'timeout', 'pending'])
    expect(clock.pendingTimers).toBe(0)
  })

  test('pass in their order after the loop was blocked', async () => {
    const { clock, begin } = kit(100)
    const order: number[] = []
    for (let i = 0; i < 5; i++) {
      begin().waiter.promise.catch(() => order.push(i))
      await clock.advance(10)
    }
    await clock.block(80)
    expect(order).toEqual([0, 1, 2, 3])
    await clock.advance(10)
    expect(order).toEqual([0, 1, 2, 3, 4])
  })
})

describe('the promises of many puts', () => {
  test('of several downlinks wait by one timer, which ends with the last of them', async () => {
    const host = new ScriptedHost({ writeTimeoutMs: 1000, echoTimeoutMs: 600_000 })
    const maps = [host.map().open(), host.map().open()]
    await host.settle()
    await host.say('@linked', '@synced')
    maps[0]!.set('plain', 1)
    const timers = host.clock.pendingTimers
    const abort = new AbortController()
    const puts = Array.from({ length: 100 }, (_, n) => follow(maps[n % 2]!.put(`k${n}`, n)))
    const given = follow(maps[0]!.put('given', 1, { signal: abort.signal }))
    expect(host.clock.pendingTimers).toBe(timers + 1)
    for (let n = 0; n < 100; n++) await host.say(`@event@update(key:k${n}) ${n}`)
    expect(new Set(puts.map(({ end }) => end))).toEqual(new Set(['taken']))
    expect(host.clock.pendingTimers).toBe(timers + 1)
    abort.abort(Object.assign(new Error('enough'), { code: 'mine' }))
    await host.settle()
    expect([given.end, host.clock.pendingTimers]).toEqual(['mine', timers])
  })
})
