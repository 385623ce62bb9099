// How a write ends, by what the lane says of it: taken, superseded or refused (docs/PROTOCOL.md#outcomes).
import { describe, expect, test } from 'vitest'
import { follow, type Followed } from '../../support/follow.js'
import { ScriptedHost } from '../../support/scripted-host.js'

/** `@synced` of a sync that is asked for where an echo is late, with what the lane then holds. */
const sync = (...events: string[]) => [...events.map(event => `@event${event}`), '@synced']

/** What a host says, step by step: frames, or milliseconds that pass. */
type Step = string | number

async function play(host: ScriptedHost, steps: readonly Step[]): Promise<void> {
  for (const step of steps) {
    if (typeof step === 'number') await host.clock.advance(step)
    else await host.say(step)
  }
}

/** Until the echo of a write is late, and a sync is asked for; and until the next may be. */
const late = 2000
const rest = 100

describe.each(['map', 'value'])('a write to a %s lane', kind => {
  /** An event that says what the lane holds, undefined for nothing. */
  const event = (value: unknown) =>
    kind === 'map'
      ? value === undefined
        ? '@event@remove(key:a)'
        : `@event@update(key:a) ${String(value)}`
      : `@event${value === undefined ? '' : ` ${String(value)}`}`
  /** A sync's state. */
  const state = (value: unknown): Step[] => {
    if (value === undefined && kind === 'map') return ['@synced']
    return [event(value), '@synced']
  }

  async function open(value: unknown) {
    const host = new ScriptedHost()
    const map = kind === 'map' ? host.map().open() : undefined
    const lane = kind === 'map' ? undefined : host.client.downlinkValue<unknown>().laneUri('map').open()
    await host.settle()
    await play(host, ['@linked', ...state(value)])
    const put = (next: unknown): Followed =>
      follow(map ? (next === undefined ? map.remove('a') : map.put('a', next)) : lane!.put(next))
    return { host, put, get: () => (map ?? lane!).get('a') }
  }

  // What the lane holds at first, what is written, what the host says of it, how it ends, and what shows then.
  test.each<[string, unknown, unknown, Step[], string, unknown]>([
    ['its own event', 1, 2, [event(2)], 'taken', 2],
    ['its own event of a new value', undefined, 2, [event(2)], 'taken', 2],
    ['its own event, equal to what was there', 1, 1, [event(1)], 'taken', 1],
    ['its own event of a removal', 1, undefined, [event(undefined)], 'taken', undefined],
    ['a sync that shows it', 1, 2, [late, ...state(2)], 'taken', 2],
    ['another value before its own event: older', 1, 2, [event(7), event(2)], 'taken', 2],
    ['another value behind its own event', 1, 2, [event(2), event(7)], 'taken', 7],
    ['a value that the lane makes of it', 1, 2, [event(20), late, ...state(20), rest, ...state(20)], 'superseded', 20],
    ['a value made of a removal', 1, undefined, [event(0), late, ...state(0), rest, ...state(0)], 'superseded', 0],
    ['a value of somebody, unseen but in the sync', 1, 2, [late, ...state(7), rest, ...state(7)], 'superseded', 7],
    ['the same, as an event behind the sync', 1, 2, [late, ...state(1), event(7)], 'superseded', 7],
    ['silence, and a sync with what was there', 1, 2, [late, ...state(1), rest, ...state(1)], 'refused', 1],
    [
      'silence, and nothing, as before',
      undefined,
      2,
      [late, ...state(undefined), rest, ...state(undefined)],
      'refused',
      undefined,
    ],
    ['silence over a removal', 1, undefined, [late, ...state(1), rest, ...state(1)], 'refused', 1],
  ])('ends by %s', async (_, before, written, steps, outcome, after) => {
    const { host, put, get } = await open(before)
    const end = put(written)
    await host.settle()
    expect(get()).toBe(written)
    await play(host, steps)
    expect([end.end, get()]).toEqual([outcome, after])
    expect([host.client.pendingCount, host.errors]).toEqual([0, []])
  })

  test('ends before its lane’s last word where that is all that can be known: one that waits is replaced', async () => {
    const { host, put } = await open(1)
    host.network.refuses = true
    host.peers.at(-1)!.cut()
    await host.settle()
    const ends = [put(2), put(3), put(4)]
    await host.settle()
    expect(ends.map(({ end }) => end)).toEqual(['superseded', 'superseded', 'pending'])
  })

  test('that was interrupted is never called refused: somebody may have written unseen', async () => {
    const { host, put } = await open(1)
    const end = put(2)
    host.peers.at(-1)!.cut()
    await host.clock.advance(100)
    await play(host, ['@linked', ...state(1)])
    // It is sent once more, and now the lane says nothing of it.
    await play(host, [late, ...state(1), rest, ...state(1)])
    expect(end.end).toBe('superseded')
  })
})

describe('a put to a map lane', () => {
  test('of several keys: each by what is said of its own', async () => {
    const host = new ScriptedHost()
    const map = host.map().open()
    await host.settle()
    await host.say('@linked', '@event@update(key:b) 0', '@event@update(key:c) 0', '@synced')
    const ends = [map.put('a', 1), map.put('b', -1), map.put('c', 1), map.remove('d')].map(follow)
    await host.say('@event@update(key:a) 1', '@event@update(key:c) 100')
    await host.clock.advance(late)
    await host.say(...sync('@update(key:a) 1', '@update(key:b) 0', '@update(key:c) 100'))
    await host.clock.advance(rest)
    await host.say(...sync('@update(key:a) 1', '@update(key:b) 0', '@update(key:c) 100'))
    expect(ends.map(({ end }) => end)).toEqual(['taken', 'refused', 'superseded', 'taken'])
    expect(Object.fromEntries(map)).toEqual({ a: 1, b: 0, c: 100 })
  })

  test('before an own clear is superseded, and one behind it is taken', async () => {
    const host = new ScriptedHost()
    const map = host.map().open()
    await host.settle()
    await host.say('@linked', '@synced')
    const first = follow(map.put('a', 1))
    map.clear()
    const second = follow(map.put('a', 2))
    await host.say('@event@update(key:a) 1', '@event@clear', '@event@update(key:a) 2')
    expect([first.end, second.end]).toEqual(['superseded', 'taken'])
  })

  test('of a remove that another downlink makes: both end by what the lane says', async () => {
    const host = new ScriptedHost()
    const [one, two] = [host.map().open(), host.map().open()]
    await host.settle()
    await host.say('@linked', '@event@update(key:a) 1', '@synced')
    const ends = [one.remove('a'), two.remove('a')].map(follow)
    await host.settle()
    expect(ends.map(({ end }) => end)).toEqual(['pending', 'pending'])
    for (const wait of [late, rest]) {
      await host.clock.advance(wait)
      await host.say(...sync('@update(key:a) 1'))
    }
    expect([ends.map(({ end }) => end), one.get('a')]).toEqual([['refused', 'refused'], 1])
  })
})
