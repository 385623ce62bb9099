// Other people's clients on our own embedded host: they link, sync and write, and see each other's writes and ours.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import '../../../src/list.js'
import { embedded } from '../hosts/host-kind.js'
import { at, Kit, until, watch } from '../scenarios/kit.js'
import { python, swimJs, type ForeignClient, type ForeignState } from './foreign-client.js'

const kit = new Kit(embedded)

beforeAll(() => kit.start())
afterEach(() => kit.clean())
afterAll(() => kit.stop())

/** Asks a client for a downlink's state again and again, until it is as wanted. */
async function settles(
  client: ForeignClient,
  as: string,
  isSo: (state: ForeignState) => boolean,
  withinMs = 10_000,
): Promise<ForeignState> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const state = await client.state(as)
    if (isSo(state)) return state
    if (performance.now() > deadline) {
      throw new Error(`not within ${withinMs} ms; it is ${JSON.stringify(state)}\n${client.complaints()}`)
    }
    await new Promise(done => setTimeout(done, 10))
  }
}

const sorted = (entries: readonly unknown[]) =>
  [...entries].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
const holds = (...entries: unknown[]) => {
  const wanted = JSON.stringify(sorted(entries))
  return (state: ForeignState) => JSON.stringify(sorted(state.entries)) === wanted
}

describe.each([swimJs, python])('$name and swimlink/host', kind => {
  let client: ForeignClient

  beforeAll(async () => {
    client = await kind.start(kit.host.uri)
  })
  afterAll(() => client?.stop())

  /** A test of what the client does at all. */
  function where(ability: (typeof kind.lacks)[number], name: string, run: () => Promise<void>): void {
    if (!kind.lacks.includes(ability)) test(name, run)
  }

  let names = 0
  /** Opens a downlink, and waits until it is linked, and synced where it syncs. */
  async function open(kindOf: 'map' | 'value' | 'event' | 'list', node: string, lane: string): Promise<string> {
    const as = `d${++names}`
    await client.ask('open', { as, kind: kindOf, node, lane })
    await settles(client, as, state => (kindOf === 'event' ? state.linked : state.synced))
    return as
  }

  const ours = (node: string, lane = 'map') => watch(kit.client().downlinkMap().nodeUri(node).laneUri(lane))

  test('links and syncs a map lane', async () => {
    const node = kit.node()
    await kit.command(node, 'fill', '{count:5,prefix:k}')
    const as = await open('map', node, 'map')
    const state = await client.state(as)
    expect(sorted(state.entries)).toEqual([0, 1, 2, 3, 4].map(n => [`k${n}`, n]))
    expect(state.unlinked).toBe(false)
  })

  test('syncs an empty map lane', async () => {
    const as = await open('map', kit.node(), 'map')
    expect((await client.state(as)).entries).toEqual([])
  })

  test('hears remote updates and removes', async () => {
    const node = kit.node()
    const as = await open('map', node, 'map')
    await kit.command(node, 'remote', '@update(key:a)1')
    await settles(client, as, holds(['a', 1]))
    await kit.command(node, 'remote', '@update(key:a)"two words"')
    await settles(client, as, holds(['a', 'two words']))
    await kit.command(node, 'remote', '@remove(key:a)')
    const { told } = await settles(client, as, holds())
    expect(told).toEqual([
      ['update', 'a', 1],
      ['update', 'a', 'two words'],
      ['remove', 'a'],
    ])
  })

  where('remote clear', 'hears a remote clear', async () => {
    const node = kit.node()
    await kit.command(node, 'fill', '{count:3,prefix:k}')
    const as = await open('map', node, 'map')
    await kit.command(node, 'remote', '@clear')
    expect((await settles(client, as, holds())).told.at(-1)).toEqual(['clear'])
  })

  where('remote drop and take', 'hears a remote drop and a remote take', async () => {
    const node = kit.node()
    await kit.command(node, 'fill', '{count:6,prefix:k}')
    const as = await open('map', node, 'map')
    await kit.command(node, 'remote', '@drop(1)')
    await kit.command(node, 'remote', '@take(2)')
    await settles(client, as, holds(['k1', 1], ['k2', 2]))
  })

  // What it inserts itself it has twice: the keys that it reads are longer than those that it makes up.
  where('lists', 'a list lane: it sees our writes, and we its', async () => {
    const node = kit.node()
    const list = kit.client().downlinkList<unknown>().nodeUri(node).laneUri('list').open()
    await list.whenSynced()
    list.push('a', 'b', 'c')
    await list.settled()
    const as = await open('list', node, 'list')
    await settles(client, as, holds([0, 'a'], [1, 'b'], [2, 'c']))
    list.insert(0, 'first')
    list.move(3, 1)
    list.set(2, 'A')
    list.remove(0)
    await list.settled()
    await settles(client, as, holds([0, 'c'], [1, 'A'], [2, 'b']))
    await client.ask('listInsert', { as, index: 3, value: 'its' })
    await until(
      () => list.toJSON().join() === 'c,A,b,its',
      () => list.toJSON().join(),
    )
  })

  test('a demand map lane', async () => {
    const as = await open('map', kit.node(), 'squares')
    expect(sorted((await client.state(as)).entries)).toEqual([
      [1, 1],
      [2, 4],
      [3, 9],
    ])
  })

  test('writes, and we see it; we write, and it sees it', async () => {
    const node = kit.node()
    const { map, told } = ours(node)
    await map.whenSynced()
    const as = await open('map', node, 'map')
    await client.ask('put', { as, key: 'a', value: 1 })
    await until(() => map.get('a') === 1, 'its write')
    expect(await map.put('a', 2)).toBe('taken')
    expect(await map.put('b', 'ours')).toBe('taken')
    await settles(client, as, holds(['a', 2], ['b', 'ours']))
    await client.ask('remove', { as, key: 'a' })
    await until(() => !map.has('a'), 'its remove')
    expect(await map.remove('b')).toBe('taken')
    await settles(client, as, holds())
    expect(told.slice(1)).toEqual([
      ['update', 'a', 1, undefined],
      ['update', 'a', 2, 1],
      ['update', 'b', 'ours', undefined],
      ['remove', 'a', 2],
      ['remove', 'b', 'ours'],
    ])
    expect(await kit.truth(node)).toEqual([])
  })

  where('clear', 'clears, and we see it; we clear, and it sees it', async () => {
    const node = kit.node()
    await kit.command(node, 'fill', '{count:3,prefix:k}')
    const { map, of } = ours(node)
    await map.whenSynced()
    const as = await open('map', node, 'map')
    await client.ask('clear', { as })
    await until(() => map.size === 0, 'its clear')
    expect(of('clear')).toHaveLength(1)
    await map.put('z', 1)
    await settles(client, as, holds(['z', 1]))
    map.clear()
    await settles(client, as, holds())
  })

  where('take', 'takes, and we see it; we drop, and it sees it', async () => {
    const node = kit.node()
    await kit.command(node, 'fill', '{count:6,prefix:k}')
    const { map } = ours(node)
    await map.whenSynced()
    const as = await open('map', node, 'map')
    await client.ask('take', { as, count: 4 })
    await until(
      () => map.size === 4 && map.synced,
      () => `its take: ${map.size}`,
    )
    map.drop(2)
    await settles(client, as, holds(['k2', 2], ['k3', 3]))
    await until(
      () => map.size === 2 && map.synced,
      () => `our drop: ${map.size}`,
    )
  })

  test('records as values: written by it, read by us, and the other way', async () => {
    const node = kit.node()
    const { map } = ours(node)
    await map.whenSynced()
    const as = await open('map', node, 'map')
    await client.ask('put', { as, key: 'its', value: { id: 7, name: 'lift', busy: false } })
    await until(() => map.has('its'), 'its record')
    expect(map.get('its')).toEqual({ id: 7, name: 'lift', busy: false })
    await map.put('ours', { id: 8, name: 'goods lift', busy: true })
    const { entries } = await settles(client, as, state => state.entries.length === 2)
    expect(new Map(entries).get('ours')).toEqual({ id: 8, name: 'goods lift', busy: true })
  })

  test('keys and values of several kinds', async () => {
    const node = kit.node()
    const { map } = ours(node)
    await map.whenSynced()
    const as = await open('map', node, 'map')
    const entries: [string | number | boolean, string | number | boolean][] = [
      ['a b', 1.5],
      ['1', 'text'],
      [7, -3],
      [-2, 'two words'],
      ['k', true],
      ['long', 'x'.repeat(5000)],
      ['number', 123456789],
    ]
    for (const [key, value] of entries) await map.put(key, value)
    await settles(client, as, state => state.entries.length === entries.length)
    expect(sorted((await client.state(as)).entries)).toEqual(sorted(entries))
    for (const [key] of entries) await client.ask('remove', { as, key })
    await until(
      () => map.size === 0,
      () => `none left: ${JSON.stringify([...map])}`,
    )
  })

  test('many entries, and many writes of ours', async () => {
    const node = kit.node()
    await kit.command(node, 'fill', '2000')
    const as = await open('map', node, 'map')
    expect((await settles(client, as, state => state.entries.length === 2000, 30_000)).entries).toHaveLength(2000)
    const { map } = ours(node)
    await map.whenSynced()
    for (let n = 0; n < 2000; n++) map.set(n % 20, -n)
    await map.put('last', true)
    const state = await settles(client, as, ({ entries }) => new Map(entries).get('last') === true, 30_000)
    const seen = new Map(state.entries)
    for (let n = 0; n < 20; n++) expect(seen.get(n)).toBe(-(1980 + n))
  })

  test('its burst of writes ends as the lane, and so does ours', async () => {
    const node = kit.node()
    const { map } = ours(node)
    await map.whenSynced()
    const as = await open('map', node, 'map')
    for (let n = 0; n < 200; n++) void client.ask('put', { as, key: `k${n % 10}`, value: n })
    await until(() => map.get('k9') === 199, 'its last write')
    const truth = await kit.truth(node)
    expect(truth).toEqual(Array.from({ length: 10 }, (_, i) => [`k${i}`, 190 + i]))
    await until(() => JSON.stringify([...map]) === JSON.stringify(truth), 'ours as the lane')
    await settles(client, as, holds(...truth))
  })

  test('a value lane: reads and sets it, and hears ours', async () => {
    const node = kit.node()
    const value = kit.client().downlinkValue().nodeUri(node).laneUri('value').open()
    await value.put('first')
    const as = await open('value', node, 'value')
    await settles(client, as, state => state.value === 'first')
    await client.ask('set', { as, value: 2 })
    await until(() => value.get() === 2, 'its value')
    await value.put('third')
    await settles(client, as, state => state.value === 'third')
  })

  test('a value lane that transforms: it ends with what the lane made of it', async () => {
    const as = await open('value', kit.node(), 'clamped')
    await client.ask('set', { as, value: 500 })
    await settles(client, as, state => state.value === 100)
  })

  test('a map lane that transforms, and one that refuses', async () => {
    const node = kit.node()
    const upper = await open('map', node, 'upper')
    await client.ask('put', { as: upper, key: 'a', value: 'abc' })
    await settles(client, upper, holds(['a', 'ABC']))
    const positive = await open('map', node, 'positive')
    await client.ask('put', { as: positive, key: 'a', value: 5 })
    await settles(client, positive, holds(['a', 5]))
    await client.ask('put', { as: positive, key: 'a', value: -5 })
    await new Promise(done => setTimeout(done, 200))
    await settles(client, positive, holds(['a', 5]))
  })

  test('join lanes: the lights and the devices of a building', async () => {
    const building = kit.node('building')
    const room = kit.room()
    const lights = await open('map', building, 'lights')
    const devices = await open('map', building, 'devices')
    await client.ask('command', { node: building, lane: 'register', body: room })
    await settles(client, lights, holds([room, false]))
    await client.ask('command', { node: `/room/${room}`, lane: 'toggle', body: 1 })
    await settles(client, lights, holds([room, true]))
    const own = ours(`/room/${room}`, 'devices')
    await own.map.put('lamp', 7)
    await settles(client, devices, holds(['lamp', 7]))
    await own.map.remove('lamp')
    await settles(client, devices, holds())
  })

  test('commands: it sends, we hear; we send, it hears', async () => {
    const node = kit.node()
    const listener = await kit.raw()
    listener.send(`@link${at(node, 'echo')}`)
    await listener.until(`@linked${at(node, 'echo')}`)
    const as = await open('event', node, 'echo')
    await client.ask('command', { node, lane: 'echo', body: 'its' })
    await listener.until(`@event${at(node, 'echo')} its`)
    await kit.client().command(kit.host.uri, node, 'echo', { n: 1 })
    const { events } = await settles(client, as, state => state.events.length === 2)
    expect(events).toEqual(['its', { n: 1 }])
  })

  test('a lane filled on its command', async () => {
    const node = kit.node()
    const { map } = ours(node)
    await map.whenSynced()
    const as = await open('map', node, 'map')
    await client.ask('command', { node, lane: 'fill', body: { count: 10, prefix: 'p' } })
    await until(() => map.size === 10, 'ten entries')
    await settles(client, as, state => state.entries.length === 10)
  })

  test('a supply lane: hears what is pushed', async () => {
    const node = kit.node()
    const as = await open('event', node, 'pulse')
    const raw = await kit.raw()
    for (let n = 1; n <= 20; n++) raw.send(`@command${at(node, 'emit')}${n}`)
    const { events } = await settles(client, as, state => state.events.length === 20)
    expect(events).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
  })

  test('closes one downlink; the others go on', async () => {
    const node = kit.node()
    const [first, second] = [await open('map', node, 'map'), await open('map', node, 'shoppingCart')]
    await client.ask('close', { as: first })
    await kit.command(node, 'addItem', 'apple')
    await settles(client, second, holds(['apple', 1]))
  })

  test('host killed and restarted: it links anew and hears what comes then', async () => {
    const host = await kit.ownHost()
    const other = await kind.start(host.uri)
    try {
      await other.ask('open', { as: 'm', kind: 'map', node: '/unit/again', lane: 'map' })
      await settles(other, 'm', state => state.synced)
      await kit.command('/unit/again', 'map', '@update(key:before)1', host)
      await settles(other, 'm', holds(['before', 1]))
      await host.kill()
      await host.restart()
      await kit.command('/unit/again', 'map', '@update(key:after)2', host)
      await settles(other, 'm', state => new Map(state.entries).get('after') === 2, 30_000)
      await other.ask('put', { as: 'm', key: 'own', value: 3 })
      await settles(other, 'm', state => new Map(state.entries).get('own') === 3)
      const truth = await kit.truth('/unit/again', 'map', host)
      expect(truth).toEqual([
        ['after', 2],
        ['own', 3],
      ])
    } finally {
      await other.stop()
    }
  })

  test('shows credentials, and is taken', async () => {
    const other = await kind.start(kit.host.uri)
    await other.ask('authenticate', { credentials: { token: 'good' } })
    await other.ask('open', { as: 'm', kind: 'map', node: kit.node(), lane: 'map' })
    await settles(other, 'm', state => state.synced && state.authenticated)
    await other.stop()
  })

  test('an unknown lane: it is told so', async () => {
    const other = await kind.start(kit.host.uri)
    await other.ask('open', { as: 'lost', kind: 'map', node: kit.node(), lane: 'nope' })
    await settles(other, 'lost', state => state.unlinked || /Not ?Found/i.test(other.complaints()))
    await other.stop()
  })
})

test('both at once, and we: three writers of one lane end alike', async () => {
  const node = kit.node()
  const { map } = watch(kit.client().downlinkMap().nodeUri(node).laneUri('map'))
  await map.whenSynced()
  const others = await Promise.all([swimJs.start(kit.host.uri), python.start(kit.host.uri)])
  for (const other of others) {
    await other.ask('open', { as: 'm', kind: 'map', node, lane: 'map' })
    await settles(other, 'm', state => state.synced)
  }
  for (let n = 0; n < 60; n++) {
    map.set(`k${n % 6}`, `ours ${n}`)
    await Promise.all(
      others.map((other, i) => other.ask('put', { as: 'm', key: `k${(n + i) % 6}`, value: `${i} ${n}` })),
    )
  }
  await map.put('done', 1)
  await new Promise(done => setTimeout(done, 500))
  const truth = await kit.truth(node)
  expect(truth).toHaveLength(7)
  await until(() => map.synced && JSON.stringify([...map]) === JSON.stringify(truth), 'ours as the lane')
  for (const other of others) await settles(other, 'm', holds(...truth))
  await Promise.all(others.map(other => other.stop()))
})
