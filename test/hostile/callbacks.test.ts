// Callbacks of an application that throw, reject, close, write without end or take their time: each of each kind of downlink.
import { describe, expect, test } from 'vitest'
import '../../src/list.js'
import { listKind } from '../../src/downlink/list/list-kind.js'
import { eventKind } from '../../src/downlink/event/event-kind.js'
import { mapKind } from '../../src/downlink/map/map-kind.js'
import { valueKind } from '../../src/downlink/value/value-kind.js'
import { ScriptedHost } from '../support/scripted-host.js'
import { stories, type Open, type Story } from './support/stories.js'

type Kind = 'map' | 'value' | 'list' | 'event'

const tables: Readonly<Record<Kind, object>> = {
  map: mapKind.options,
  value: valueKind.options,
  list: listKind.options,
  event: eventKind.options,
}

const namesOf = (kind: Kind) =>
  Object.entries(tables[kind])
    .filter(([, what]) => what === 'a function')
    .map(([name]) => name)

const kinds = Object.keys(tables) as Kind[]

/** What no story has: errors are for one callback alone, and a lane is asked for with its state, or without. */
const isTold = (kind: Kind, name: string) =>
  name !== 'didFail' && (kind === 'event' ? !/^(will|did)Sync$/.test(name) : name !== 'willLink')

const all = kinds.flatMap(kind => namesOf(kind).map(name => [kind, name] as const)).filter(each => isTold(...each))

/** Tells a story to a downlink with a callback that misbehaves, and with one of each kind beside it that does not. */
async function tell(kind: Kind, name: string, misbehave: (open: Open, host: ScriptedHost) => unknown) {
  const host = new ScriptedHost()
  let calls = 0
  const heard: string[] = []
  const bad = () => {
    calls++
    return misbehave(open, host)
  }
  const builder = host.client[`downlink${kind[0]!.toUpperCase()}${kind.slice(1)}` as 'downlinkMap']()
  const open = builder.laneUri('map').open() as unknown as Open
  const on = (type: string, listener: () => unknown) => open.on(type, listener)
  on(name, bad)
  for (const type of namesOf(kind)) on(type, () => void heard.push(type))
  await (stories[kind] as Story)(open, host)
  const closed = host.client.close()
  await host.clock.advance(10_000)
  await closed
  return { host, open, heard, calls }
}

const good = Object.fromEntries(
  await Promise.all(kinds.map(async kind => [kind, (await tell(kind, 'didOpen', () => {})).heard])),
) as Record<Kind, string[]>

test.each(kinds)('the story of a %s calls each of its callbacks', kind => {
  const names = namesOf(kind).filter(name => isTold(kind, name))
  expect([...new Set(good[kind])].sort()).toEqual(expect.arrayContaining(names.sort()))
})

const thrower = () => {
  throw new Error('thrown')
}

const failing: Readonly<Record<string, () => unknown>> = {
  throws: thrower,
  rejects: () => Promise.reject(new Error('thrown')),
  'throws no error': () => {
    throw null
  },
  'returns what is no promise': () => ({ then: thrower }),
}

describe.each(Object.keys(failing))('a callback that %s is reported each time, and the story goes on', what => {
  test.each(all)('%s: %s', async (kind, name) => {
    const { host, heard, calls } = await tell(kind, name, failing[what]!)
    expect(heard).toEqual(good[kind])
    expect(calls).toBeGreaterThan(0)
    const faults = host.errors.filter(({ code }) => code === 'callback')
    expect(faults.map(({ message }) => message)).toEqual(
      Array(calls).fill(expect.stringContaining(`the callback ${name} threw`)),
    )
    expect(host.errors.filter(({ code }) => !/^(callback|unlinked)$/.test(code))).toEqual([])
    expect(host.clock.pendingTimers).toBe(0)
  })
})

/** What comes at its moment: a batch and a status come earlier where a downlink closes, and a write that was not sent fails. */
const told = (heard: readonly string[]) =>
  heard.filter(type => !/^(didClose|didFail|didChangeStatus|didChange)$/.test(type))

describe('a callback that closes', () => {
  test.each(all)('its downlink ends the story there: %s, %s', async (kind, name) => {
    const { host, open, heard, calls } = await tell(kind, name, open => open.close())
    expect(calls).toBeGreaterThan(0)
    expect(heard.indexOf('didClose')).toBe(heard.length - 1)
    // What it heard is the beginning of the story.
    const end = told(heard)
    expect(told(good[kind]).slice(0, end.length)).toEqual(end)
    expect(open.status.state).toBe('closed')
    expect(host.errors.filter(({ code }) => !/^(closed|unlinked)$/.test(code))).toEqual([])
    expect(host.clock.pendingTimers).toBe(0)
  })

  test.each(all)('its client ends all: %s, %s', async (kind, name) => {
    const { host, open, heard } = await tell(kind, name, (_, host) => void host.client.close())
    expect(heard.filter(type => type === 'didClose')).toEqual(['didClose'])
    expect(open.status.state).toBe('closed')
    expect(host.errors.filter(({ code }) => !/^(closed|unlinked)$/.test(code))).toEqual([])
    expect(host.clock.pendingTimers).toBe(0)
    expect(host.network.sockets.size).toBe(0)
  })
})

describe('a callback that closes the client as the client hears of something', () => {
  test.each(['connect', 'disconnect', 'open', 'close', 'error', 'pending'] as const)('%s', async type => {
    const host = new ScriptedHost()
    let calls = 0
    host.client.on(type, () => {
      calls++
      void host.client.close()
    })
    const map = host.client.downlinkMap<string, number>().laneUri('map').open()
    await host.settle()
    if (host.peers.length > 0) await host.say('@linked', '@synced', '@event@bogus')
    if (map.opened) map.set('a', 1)
    if (host.peers.length > 0) await host.cut()
    map.close()
    const closed = host.client.close()
    await host.clock.advance(10_000)
    await closed
    expect(calls).toBeGreaterThan(0)
    expect(map.status.state).toBe('closed')
    expect([host.clock.pendingTimers, host.network.sockets.size]).toEqual([0, 0])
  })
})

/** What goes on for ever, were it let: who begins it, and what it does at each call. */
type Endless = (host: ScriptedHost, again: (act: () => void) => () => void) => () => unknown

/** A map whose listener of one event writes at each. */
const mapAtEach =
  (event: 'didUpdate' | 'onCommand' | 'didChange'): Endless =>
  (host, again) => {
    let value = 0
    const map = host.client.downlinkMap<string, number>().laneUri('map').open()
    map.on(event, again(() => map.set('a', ++value))) // prettier-ignore
    return () => map.set('a', 0)
  }

const endless: Readonly<Record<string, Endless>> = {
  'a map, at each update': mapAtEach('didUpdate'),
  'a map, at each remove': (host, again) => {
    const map = host.client.downlinkMap<string, number>().laneUri('map').open()
    map.on('didRemove', again(() => map.set('a', 1).delete('a'))) // prettier-ignore
    return () => map.set('a', 0).delete('a')
  },
  'a map, at each clear': (host, again) => {
    const map = host.client.downlinkMap<string, number>().laneUri('map').open()
    map.on('didClear', again(() => map.clear())) // prettier-ignore
    return () => map.clear()
  },
  'a map, at each command': mapAtEach('onCommand'),
  'a map, at each batch': mapAtEach('didChange'),
  'a map, at each call of a subscriber': (host, again) => {
    let value = 0
    const map = host.client.downlinkMap<string, number>().laneUri('map').open()
    map.subscribe(again(() => void map.set('a', ++value)))
    return () => map.set('a', 0)
  },
  'two maps, at each update of the other': (host, again) => {
    let value = 0
    const [a, b] = ['a', 'b'].map(laneUri => host.client.downlinkMap<string, number>({ laneUri }).open())
    a!.on('didUpdate', again(() => b!.set('a', ++value))) // prettier-ignore
    b!.on('didUpdate', again(() => a!.set('a', ++value))) // prettier-ignore
    return () => a!.set('a', 0)
  },
  'a value, at each set': (host, again) => {
    let set = 0
    const value = host.client.downlinkValue<number>().laneUri('map').open()
    value.on('didSet', again(() => value.set(++set))) // prettier-ignore
    return () => value.set(0)
  },
  'a list, at each update': (host, again) => {
    let value = 0
    const list = host.client.downlinkList<number>().laneUri('map').open()
    list.on('didUpdate', again(() => list.set(0, ++value))) // prettier-ignore
    return () => list.push(0)
  },
  'an event downlink, at each command': (host, again) => {
    const event = host.client.downlinkEvent().laneUri('map').open()
    event.on('onCommand', again(() => void event.command(1))) // prettier-ignore
    return () => event.command(0)
  },
  'a client, at each downlink that opens': (host, again) => {
    const open = () => host.client.downlinkMap().laneUri('map').open()
    host.client.on('open', again(open))
    return open
  },
  'a client, at each error': (host, again) => {
    const map = host.client.downlinkMap<string, unknown>().laneUri('map').open()
    host.client.on('error', again(() => void map.put('a', () => {}).catch(() => {}))) // prettier-ignore
    return () => map.put('a', () => {}).catch(() => {})
  },
}

/** Twice what one turn of the loop sends at most. */
const mostPerTurn = 250

test.each(Object.entries(endless))('what writes without end leaves a page its turns: %s', async (_, prepare) => {
  const host = new ScriptedHost({ maxQueuedWrites: 10_000 })
  const perTurn = [0]
  const { clock } = host
  const turn = clock.turn.bind(clock)
  clock.turn = run => turn(() => (perTurn.push(0), run()))
  let left = 3000
  const begin = prepare(host, act => () => {
    perTurn[perTurn.length - 1]!++
    if (left-- > 0) act()
  })
  await host.settle()
  perTurn.push(0)
  begin()
  await host.settle()
  expect(left).toBeLessThan(1)
  expect(Math.max(...perTurn)).toBeLessThan(mostPerTurn)
  expect(host.errors.filter(({ code }) => code !== 'recon')).toEqual([])
  const closed = host.client.close()
  await clock.advance(10_000)
  await closed
  expect(clock.pendingTimers).toBe(0)
})

test('a callback that takes its time leaves a page its turns, and no frame is lost', async () => {
  const host = new ScriptedHost()
  const { clock } = host
  let spentMs = 0
  const now = clock.now.bind(clock)
  clock.now = () => now() + spentMs
  const map = host.client
    .downlinkMap<string, number>()
    .laneUri('map')
    .didUpdate(() => void (spentMs += 10))
    .open()
  const perTurn = [0]
  map.on('didUpdate', () => void perTurn[perTurn.length - 1]!++)
  const turn = clock.turn.bind(clock)
  clock.turn = run => turn(() => (perTurn.push(0), run()))
  await host.settle()
  await host.say('@linked', '@synced', ...Array.from({ length: 1000 }, (_, i) => `@event@update(key:${i}) ${i}`))
  expect(map.size).toBe(1000)
  // The clock is looked at after each sixteenth frame.
  expect(Math.max(...perTurn)).toBeLessThanOrEqual(32)
})
