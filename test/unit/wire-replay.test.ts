// The recorded conversations of a SwimOS Java host, replayed through the client: after each, the map is what the host held.
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { Attr, equals, parse, Record, type Value } from '../../src/recon/index.js'
import { SwimClient, type MapDownlink, type SwimError, type ValueDownlink } from '../../src/index.js'
import { VirtualClock } from '../../src/testing/virtual-clock.js'
import { MemoryNetwork, type Peer } from '../../src/testing/memory-network.js'

interface Line {
  readonly t: number
  readonly c: number
  readonly send?: string
  readonly recv?: string
  readonly closed?: number
}

const folder = new URL('../fixtures/wire/', import.meta.url)
const files = readdirSync(folder).filter(name => name.endsWith('.jsonl'))

const read = (name: string): Line[] =>
  readFileSync(new URL(name, folder), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map(line => JSON.parse(line) as Line)

/** What one client of a conversation was sent, by a host that says it whatever it is asked. */
async function replay(name: string, client: number, node: string, lane: string, kind: 'map' | 'value') {
  const clock = new VirtualClock()
  const network = new MemoryNetwork(clock)
  let host: Peer | undefined
  network.onconnect = peer => (host = peer)
  const errors: SwimError[] = []
  const history: unknown[] = []
  const swim = new SwimClient({
    hostUri: 'warp://host',
    clock,
    webSocket: network.WebSocket,
    onError: error => errors.push(error),
  })
  const downlink =
    kind === 'map'
      ? swim
          .downlinkMap()
          .nodeUri(node)
          .laneUri(lane)
          .didUpdate((key, value, old) => history.push(['update', key, value, old]))
          .didRemove((key, old) => history.push(['remove', key, old]))
          .didUnlink(reason => history.push(['unlinked', reason]))
          .open()
      : swim
          .downlinkValue()
          .nodeUri(node)
          .laneUri(lane)
          .didSet((value, old) => history.push(['set', value, old]))
          .open()
  await clock.settle()
  for (const line of read(name)) {
    if (line.c !== client) continue
    if (line.recv !== undefined) host?.send(line.recv)
    if (line.closed !== undefined) host?.cut(line.closed)
    await clock.settle()
  }
  return { downlink, history, errors, swim, clock }
}

const entriesOf = (downlink: unknown) => [...(downlink as MapDownlink<unknown, unknown>).entries()]

/** Races, where a newer update came ahead of an older clear or remove: a file, a client, and its lane's node. */
const overtaken = [
  ['java-overtaken-live-1.jsonl', 0, '/unit/race38'],
  ['java-overtaken-live-1.jsonl', 1, '/unit/race38'],
  ['java-overtaken-live-2.jsonl', 0, '/unit/race40'],
  ['java-overtaken-live-2.jsonl', 1, '/unit/race40'],
  ['java-overtaken-sync-1.jsonl', 0, '/unit/q'],
] as const

/**
 * What one client of a race was told, when it was told it; then a host that answers each sync with what its lane holds.
 * @param writes whether the client also writes what that one did, when it did
 */
async function race(name: string, client: number, node: string, writes: boolean) {
  const text = readFileSync(new URL(name, folder), 'utf8')
  const { lane } = JSON.parse(text.slice(0, text.indexOf('\n'))) as { lane: [string, string][] }
  // Behind a pause come syncs of the client that was recorded.
  const own = read(name).filter(line => line.c === client)
  const pauseAt = own.findIndex((line, i) => i > 0 && line.t - own[i - 1]!.t > 1000)
  const lines = pauseAt < 0 ? own : own.slice(0, pauseAt)

  const clock = new VirtualClock()
  const network = new MemoryNetwork(clock)
  const at = `(node:"${node}",lane:map)`
  const state = [...lane.map(([key, value]) => `@event${at}@update(key:${key}) ${value}`), `@synced${at}`]
  /** Syncs that the recording does not answer. */
  let asked = 0
  let peer: Peer | undefined
  let isOver = false
  const answer = () => {
    for (; isOver && asked > 0; asked--) for (const frame of state) peer!.send(frame)
  }
  const linked = lines.some(({ recv }) => recv?.startsWith('@linked') === true)
  network.onconnect = opened => {
    peer = opened
    peer.onmessage = frame => {
      if (frame.startsWith('@sync')) asked++
      answer()
    }
  }
  const errors: SwimError[] = []
  const swim = new SwimClient({
    hostUri: 'warp://host',
    clock,
    webSocket: network.WebSocket,
    onError: error => errors.push(error),
    heartbeatMs: 0,
  })
  const map = swim.downlinkMap<string, Value>().nodeUri(node).laneUri('map').open()
  await clock.settle()
  // A recording that begins later has entries, and a link.
  if (!linked) {
    peer!.send(`@linked${at}`)
    for (const key of ['a', 'b', 'c']) peer!.send(`@event${at}@update(key:${key}) 1`)
    peer!.send(`@synced${at}`)
    await clock.advance(1000)
  }
  asked = 0
  const puts: Promise<unknown>[] = []
  let nowMs = lines[0]!.t
  for (const { t, send, recv } of lines) {
    await clock.advance(Math.max(0, t - nowMs))
    nowMs = Math.max(nowMs, t)
    if (recv !== undefined) peer!.send(recv)
    if (recv?.startsWith('@synced') === true) asked = Math.max(0, asked - 1)
    const command = /^@command\([^)]*\)@(\w+)(?:\(key:(\w+)\))? ?(.*)$/.exec(send ?? '')
    if (command !== null && writes) {
      const [, op, key, value] = command
      if (op === 'update') puts.push(map.put(key!, parse(value!)))
      else if (op === 'remove') puts.push(map.remove(key!))
      else map.clear()
    }
    await clock.settle()
  }
  isOver = true
  answer()
  await clock.advance(30_000)
  const ends = await Promise.allSettled(puts)
  const held = Object.fromEntries(lane.map(([key, value]) => [key, parse(value)]))
  return { shown: Object.fromEntries(map), held, ends, errors, status: map.status }
}

test.each(overtaken.flatMap(each => [false, true].map(writes => [...each, writes] as const)))(
  'a recorded race, %s, client %i of %s, ends with what the lane holds (and writes what that one did: %s)',
  async (name, client, node, writes) => {
    const { shown, held, ends, errors, status } = await race(name, client, node, writes)
    expect(shown).toEqual(held)
    expect(ends.filter(({ status }) => status === 'rejected')).toEqual([])
    expect([errors, status]).toEqual([[], { state: 'synced' }])
  },
)

describe('a recorded conversation, replayed', () => {
  test('every file is one of those replayed here', () => {
    expect(files).toEqual([
      'auth.jsonl',
      ...overtaken.map(([name]) => name).filter((name, i, names) => names.indexOf(name) === i),
      'join-map-lane.jsonl',
      'join-value-lane.jsonl',
      'link-without-sync.jsonl',
      'malformed.jsonl',
      'map-lane-order-drop-take.jsonl',
      'map-lane-two-writers.jsonl',
      'map-lane.jsonl',
      'not-found.jsonl',
      'recon-values.jsonl',
      'value-lane.jsonl',
    ])
  })

  test('map-lane: updates, a remove and a clear leave an empty map', async () => {
    const { downlink, history, errors } = await replay('map-lane.jsonl', 0, '/unit/cart', 'shoppingCart', 'map')
    expect(entriesOf(downlink)).toEqual([])
    expect(history).toEqual([
      ['update', 'apple', 3, undefined],
      ['update', 'green pear', 5, undefined],
      ['update', 'apple', 4, 3],
      ['update', 'apple', 5, 4],
      ['remove', 'apple', 5],
      ['remove', 'green pear', 5],
      ['unlinked', 'unlinked'],
    ])
    expect(errors.map(error => error.code)).toEqual(['unlinked'])
  })

  test.each([0, 1])('map-lane-two-writers: client %i ends with what was written last', async client => {
    const { downlink } = await replay('map-lane-two-writers.jsonl', client, '/unit/race', 'shoppingCart', 'map')
    expect(entriesOf(downlink)).toEqual([['x', 4]])
  })

  test('map-lane-order-drop-take: keys come in Recon order, and the sync after drop and take tells the truth', async () => {
    const { downlink, history } = await replay('map-lane-order-drop-take.jsonl', 1, '/unit/ord', 'map', 'map')
    expect(history.slice(0, 7).map(change => (change as unknown[])[1])).toEqual(['a', 'b c', 'm', 'q', 'z', 9, 10])
    expect(entriesOf(downlink)).toEqual([
      ['m', { n: 'm' }],
      ['q', { n: 'q' }],
      ['z', { n: 'z' }],
    ])
  })

  test('join-value-lane: entries follow the values they join', async () => {
    const { downlink } = await replay('join-value-lane.jsonl', 0, '/building/oyvi', 'lights', 'map')
    expect(entriesOf(downlink)).toEqual([
      [11, true],
      [12, false],
    ])
  })

  test('join-map-lane: entries are the union of the maps they join', async () => {
    const { downlink } = await replay('join-map-lane.jsonl', 0, '/building/oyvib', 'devices', 'map')
    expect(entriesOf(downlink)).toEqual([
      ['lamp', 8],
      ['radio', 5],
    ])
  })

  test('link-without-sync: state comes with the sync', async () => {
    const { downlink } = await replay('link-without-sync.jsonl', 0, '/unit/ls', 'shoppingCart', 'map')
    expect(entriesOf(downlink)).toEqual([
      ['a', 1],
      ['b', 2],
    ])
  })

  test('not-found: the reason is reported, and nothing shows', async () => {
    const { downlink, history, errors } = await replay('not-found.jsonl', 0, '/unit/nf', 'nope', 'map')
    expect(entriesOf(downlink)).toEqual([])
    expect(history).toEqual([['unlinked', 'laneNotFound']])
    expect(errors).toMatchObject([{ code: 'unlinked', reason: 'laneNotFound' }])
  })

  test('recon-values: every value reads as what the host holds', async () => {
    const { downlink } = await replay('recon-values.jsonl', 0, '/unit/rv', 'map', 'map')
    expect(Object.fromEntries(entriesOf(downlink) as [string, unknown][])).toEqual({
      k0: 1,
      k1: -1.5,
      k10: { '@tag': null },
      k11: { k: null },
      k12: 'é\n',
      k13: ['hello ', new Record([new Attr('b'), 'world'])],
      k14: 9007199254740993n,
      k2: 1000,
      k3: 'a b',
      k4: true,
      k5: { a: 1, b: [2, 3] },
      k7: { '@pos': [1, 2], x: 1 },
      k8: new Uint8Array([0, 1, 2]),
      k9: [1, 2, 3],
    })
  })

  test.each([0, 1])('value-lane: client %i sees each value, and none at the end', async client => {
    const { downlink, history } = await replay('value-lane.jsonl', client, '/unit/val', 'value', 'value')
    const record = { floor: 3, tags: ['a', 'b'], open: true }
    expect(history).toEqual([
      ['set', record, undefined],
      ['set', 'text value', record],
      ['set', undefined, 'text value'],
    ])
    expect((downlink as ValueDownlink<unknown>).get()).toBeUndefined()
  })

  test('malformed: the host closes the socket, and the downlink waits for another', async () => {
    const { downlink } = await replay('malformed.jsonl', 0, '/unit/m', 'map', 'map')
    expect(downlink.status).toEqual({ state: 'connecting' })
  })

  test('auth: what is sent and answered is what a client with credentials says and hears', async () => {
    const clock = new VirtualClock()
    const network = new MemoryNetwork(clock)
    const lines = read('auth.jsonl')
    const sent: string[] = []
    const told: string[] = []
    network.onconnect = peer => {
      peer.onmessage = text => {
        sent.push(text)
        const at = lines.findIndex(line => line.send !== undefined && equals(parse(line.send), parse(text)))
        if (at >= 0) peer.send(lines[at + 1]!.recv!)
      }
    }
    const credentials = { 'warp://host': { user: 'a', token: 'b' } }
    const swim = new SwimClient({ clock, webSocket: network.WebSocket, credentials })
    swim.on('authenticate', () => told.push('authenticate'))
    swim.on('deauthenticate', () => told.push('deauthenticate'))
    swim.downlinkMap({ hostUri: 'warp://host', nodeUri: '/unit/a', laneUri: 'map' }).open()
    await clock.settle()
    expect(swim.authenticated('warp://host')).toBe(true)
    swim.deauthenticate('warp://host')
    await clock.settle()
    expect(sent).toEqual(['@auth{user:a,token:b}', '@sync(node:"/unit/a",lane:map)', '@deauth'])
    expect(told).toEqual(['authenticate', 'deauthenticate'])
    expect(swim.authenticated('warp://host')).toBe(false)
  })
})
