// Every error of the catalogue, brought about by what really brings it about, where docs/ERRORS.md says that it surfaces.
import { readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { beforeEach, describe, expect, test, type RunnerTask } from 'vitest'
import * as z from 'zod'
import * as swimlink from '../../../src/index.js'
import { SwimClient, SwimError, type ErrorCode, type SwimClientOptions } from '../../../src/index.js'
import { VirtualClock } from '../../../src/testing/virtual-clock.js'
import { MemoryNetwork, type Peer } from '../../../src/testing/memory-network.js'

// With a secret in each place of a URI that may hold one: none of them is in any error.
const hostUri = 'warp://me:s3cret-1@host?token=s3cret-2#s3cret-3'
const address = { hostUri, nodeUri: '/unit/1?key=s3cret-4', laneUri: 'map' }
const at = '(node:"/unit/1?key=s3cret-4",lane:map)'
const shownAt = '(node:"/unit/1",lane:map)'

let clock: VirtualClock
let network: MemoryNetwork
let host: Peer
let errors: SwimError[]
/** What the lane is like. */
let lane: 'there' | 'missing' | 'mute'
const seen = new Set<SwimError>()

beforeEach(() => {
  clock = new VirtualClock()
  network = new MemoryNetwork(clock)
  errors = []
  lane = 'there'
  network.onconnect = peer => {
    host = peer
    peer.onmessage = text => {
      if (text.startsWith('@auth')) peer.send('@deauthed')
      if (!text.startsWith('@sync') || lane === 'mute') return
      if (lane === 'missing') return peer.send(`@unlinked${at}@laneNotFound`)
      peer.send(`@linked${at}`)
      peer.send(`@synced${at}`)
    }
  }
})

const create = (options: SwimClientOptions = {}) =>
  new SwimClient({ clock, webSocket: network.WebSocket, onError: (error: SwimError) => errors.push(error), ...options })

/** What errors are about. */
const about = {
  lane: { hostUri: 'warp://host', nodeUri: '/unit/1', laneUri: 'map' },
  host: { hostUri: 'warp://host' },
  nothing: {},
}

/** Remembers what was thrown or told. */
function note(error: unknown, expected: object, isAbout = about.lane as object): void {
  expect(error).toBeInstanceOf(SwimError)
  expect(error).toMatchObject(expected)
  const { hostUri, nodeUri, laneUri, message, name, code } = error as SwimError
  expect({ hostUri, nodeUri, laneUri }).toEqual(isAbout)
  const json = JSON.stringify(error)
  expect(JSON.parse(json)).toMatchObject({ ...isAbout, message, name, code })
  expect(json + inspect(error)).not.toMatch(/s3cret/)
  seen.add(error as SwimError)
}

const thrown = (call: () => unknown): unknown => {
  try {
    call()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

/** A downlink, what its didFail hears, and the lane's state that it starts with. */
async function open(options: SwimClientOptions = {}) {
  const failed: SwimError[] = []
  const client = create(options)
  const map = client
    .downlinkMap<string, unknown>(address)
    .didFail(error => failed.push(error))
    .open()
  await clock.settle()
  return { client, map, failed }
}

const own = Object.values(swimlink).filter(
  (each): each is typeof SwimError => typeof each === 'function' && each.prototype instanceof SwimError,
)

describe('each error is', () => {
  test('config: thrown at the call', () => {
    note(
      thrown(() => create({ maxDepth: -1 })),
      { name: 'ConfigError', option: 'maxDepth' },
      about.nothing,
    )
  })

  test('recon: thrown at the call, before anything has changed', async () => {
    const { map } = await open()
    note(
      thrown(() => map.set('a', { f: [() => 1] })),
      { name: 'ReconError', path: '$.f[0]' },
    )
    expect(map.size).toBe(0)
  })

  test('schema: thrown for a local value, reported for one of the lane', async () => {
    const failed: SwimError[] = []
    const map = create()
      .downlinkMap(address)
      .valueSchema(z.number())
      .didFail(error => failed.push(error))
      .open()
    await clock.settle()
    note(
      thrown(() => map.set('a', 'x' as never)),
      { name: 'SchemaError', key: 'a' },
    )
    host.send(`@event${at}@update(key:b)x`)
    host.send(`@event${at}@update(key:c)1`)
    await clock.settle()
    expect(failed).toMatchObject([{ name: 'SchemaError', key: 'b', issues: [{}] }])
    expect([...map]).toEqual([['c', 1]])
  })

  test('overflow: thrown at the call', async () => {
    lane = 'mute'
    const { map } = await open({ maxQueuedWrites: 1 })
    map.set('a', 1)
    note(
      thrown(() => map.set('b', 2)),
      { name: 'OverflowError', limit: 1 },
    )
    expect(map.has('b')).toBe(false)
  })

  test('closed: thrown at the call, the rejection of what is pending, and reported for writes never sent', async () => {
    lane = 'mute'
    const { map, failed } = await open()
    const [synced, put] = [map.whenSynced(), map.put('a', 1)]
    const ended = Promise.all(
      [synced, put].map(promise => expect(promise).rejects.toMatchObject({ name: 'ClosedError', discarded: false })),
    )
    map.close()
    // What it has to deliver in.
    await clock.advance(2000)
    await ended
    expect(failed).toMatchObject([{ code: 'closed' }])
    note(
      thrown(() => map.set('a', 1)),
      { name: 'ClosedError' },
    )
  })

  test('closed: the rejection of what discard() takes back, and reported to nobody', async () => {
    lane = 'mute'
    const { map, failed } = await open()
    const put = map.put('a', 1)
    expect(map.discard('a')).toBe(true)
    await expect(put).rejects.toMatchObject({ name: 'ClosedError', discarded: true })
    expect(failed).toEqual([])
  })

  test('refused: the rejection of a write over which the host ends the socket, and reported', async () => {
    const { map, failed } = await open()
    const { onmessage } = host
    host.onmessage = text => (text.startsWith('@command') ? host.cut(1009, 'too big') : onmessage(text))
    const put = map.put('a', 1)
    const ended = expect(put).rejects.toMatchObject({ name: 'RefusedError', key: 'a', cause: { closeCode: 1009 } })
    await clock.settle()
    await ended
    note(failed[0], { name: 'RefusedError', code: 'refused' })
  })

  test('conflict: the rejection of a write with unlessChanged whose entry has changed, and reported', async () => {
    lane = 'mute'
    const { map, failed } = await open()
    const put = map.put('a', 1, { unlessChanged: true })
    const ended = expect(put).rejects.toMatchObject({ name: 'ConflictError', key: 'a', mine: 1, theirs: 2 })
    host.send(`@linked${at}`)
    host.send(`@event${at}@update(key:a) 2`)
    host.send(`@synced${at}`)
    await clock.settle()
    await ended
    note(failed[0], { name: 'ConflictError', code: 'conflict', base: undefined })
    expect(map.get('a')).toBe(2)
  })

  test('laneKind: reported, the rejection of whenSynced, and thrown at each write', async () => {
    lane = 'mute'
    const { map, failed } = await open()
    const ended = expect(map.whenSynced()).rejects.toMatchObject({ name: 'LaneKindError' })
    host.send(`@linked${at}`)
    host.send(`@event${at} 5`)
    await clock.settle()
    await ended
    note(failed[0], { name: 'LaneKindError', code: 'laneKind', found: 'value', wanted: 'map' })
    expect(thrown(() => map.set('a', 1))).toBe(failed[0])
  })

  test('laneKind: not by a frame that is not even Recon, which says nothing of its lane', async () => {
    const { map, failed } = await open()
    host.send(`@event${at}{`)
    await clock.settle()
    expect(errors).toMatchObject([{ name: 'ProtocolError' }])
    host.send(`@event${at}@update(key:a) 1`)
    await clock.settle()
    expect([failed, map.get('a'), map.set('b', 1).size]).toEqual([[], 1, 2])
  })

  test('timeout: the rejection of what took too long, and reported for a silent lane', async () => {
    lane = 'mute'
    const { map, failed } = await open({ requestTimeoutMs: 1000 })
    const [synced, put] = [map.whenSynced({ timeoutMs: 10 }), map.put('a', 1, { timeoutMs: 20 })]
    await clock.advance(1000)
    await expect(synced).rejects.toMatchObject({ name: 'TimeoutError', afterMs: 10 })
    await expect(put).rejects.toMatchObject({ name: 'TimeoutError', afterMs: 20 })
    note(failed[0], { name: 'TimeoutError', afterMs: 1000 })
  })

  test('unlinked: reported, and the rejection of what is pending', async () => {
    lane = 'missing'
    const failed: SwimError[] = []
    const reasons: string[] = []
    const map = create()
      .downlinkMap<string, number>(address)
      .didFail(error => failed.push(error))
      .didUnlink(reason => reasons.push(reason))
      .open()
    const [synced, put] = [map.whenSynced(), map.put('a', 1)]
    await clock.settle()
    await expect(synced).rejects.toMatchObject({ name: 'UnlinkedError' })
    await expect(put).rejects.toMatchObject({ name: 'UnlinkedError' })
    expect(reasons).toEqual(['laneNotFound'])
    note(failed[0], { name: 'UnlinkedError', reason: 'laneNotFound' })
  })

  test('transport: reported', async () => {
    network.refuses = true
    const { failed } = await open()
    await clock.advance(1000)
    note(failed[0], { name: 'TransportError', closeCode: 1006, reason: '' }, about.host)
    expect(errors).toEqual([])
  })

  test.each([1008, 1011, 4000])('transport: a host that closes the socket with %i is heard each time', async code => {
    network.onconnect = peer => {
      peer.onmessage = () => peer.cut(code, 'Forbidden')
    }
    const { failed } = await open()
    expect(failed).toEqual([expect.objectContaining({ name: 'TransportError', closeCode: code, reason: 'Forbidden' })])
    await clock.advance(1000)
    expect(failed.length).toBeGreaterThan(1)
    expect(errors).toEqual([])
  })

  test('auth: reported', async () => {
    const { failed } = await open({ credentials: { [hostUri]: 's3cret-5' } })
    note(failed[0], { name: 'AuthError' }, about.host)
  })

  test('protocol: reported', async () => {
    await open()
    for (const text of ['nonsense{', '@event(lane:map)', `@event${at}@bogus(key:a)`, `@sync${at}`, `@event${at}{`]) {
      errors = []
      host.send(text)
      await clock.settle()
      const isOfLane = text.startsWith(`@event${at}`)
      note(errors[0], { name: 'ProtocolError', snippet: text.replace(at, shownAt) }, isOfLane ? about.lane : about.host)
    }
  })

  test('callback: reported, for a throw and for a promise that rejects', async () => {
    const cause = new Error('of the callback')
    const { map } = await open()
    map.on('didUpdate', () => {
      throw cause
    })
    map.on('didUpdate', () => Promise.reject(cause))
    map.subscribe(() => {
      throw cause
    })
    map.set('a', 1)
    await clock.settle()
    expect(errors).toMatchObject([{ cause }, { cause }, { cause }])
    note(errors[0], { name: 'CallbackError', code: 'callback' }, about.nothing)
  })
})

const isRun = (tasks: readonly RunnerTask[]): boolean =>
  tasks.every(task => ('tasks' in task ? isRun(task.tasks) : task.mode === 'run'))

test('each class of errors was among those above', ({ skip, task }) => {
  if (!isRun(task.file.tasks)) skip('only a part of the file is run')
  expect(new Set([...seen].map(error => error.constructor))).toEqual(new Set([SwimError, ...own]))
})

const thrownBack: Record<string, (secret: string) => unknown> = {
  'as it was sent': secret => host.send(`@auth{token:"${secret}",pin:31337}`),
  'by a tag misspelt': secret => host.send(`@auht{token:"${secret}"}`),
  'without its braces': secret => host.send(`@auth "${secret} 31337`),
  'within an address': secret => host.send(`@linked(node:"/${secret}")`),
  'as the reason of an unlink': secret => host.send(`@unlinked${at}@${secret.replaceAll(' ', '')}`),
  'as the reason of a close': secret => host.cut(4000, `bad: ${secret}, 31337`),
  'from the query, as the reason of a close': () => host.cut(4000, 'bad token s3cret-2 of me:s3cret-1'),
}

test.each(Object.entries(thrownBack))('credentials that a host throws back %s are not shown', async (_, back) => {
  network.onconnect = peer => (host = peer)
  const { failed } = await open({ credentials: { [hostUri]: { token: 's3cret-6', pin: 31337 } }, authTimeoutMs: 1 })
  await clock.advance(10)
  back('s3cret-6')
  await clock.settle()
  const all = [...failed, ...errors]
  expect(all).not.toEqual([])
  for (const error of all) expect(JSON.stringify(error) + inspect(error)).not.toMatch(/s3cret|31337/)
})

test.each([
  'me:s3cret@host',
  'warp:/me:s3cret@host',
  'warp://me:s3/s3cret@host:port',
  'warp://me:s?s3cret@:1',
  'warp://:1?token=s3cret',
  'htp://host#s3cret',
  's3cret',
  'eyJhbGciOi.s3cret/+-_=',
])('an invalid host URI is not shown with its secrets: %s', uri => {
  const error = thrown(() => create({ hostUri: uri }))
  expect(error).toMatchObject({ code: 'config', option: 'hostUri' })
  expect(inspect(error) + JSON.stringify(error)).not.toMatch(/s3cret/)
})

test('credentials in the place of the host are not shown', () => {
  const client = create() as unknown as { authenticate: (...given: unknown[]) => void }
  for (const given of [['s3cret'], ['s3cret', 'warp://host'], [{ token: 's3cret' }], [['s3cret']]]) {
    const error = thrown(() => client.authenticate(...given))
    expect(error).toMatchObject({ code: 'config', option: 'hostUri' })
    expect(inspect(error) + JSON.stringify(error)).not.toMatch(/s3cret/)
  }
})

test('fields that JSON has no form for, and causes, are in it by what they say', () => {
  const cycle: unknown[] = []
  cycle.push(cycle)
  const cause = new Error('why', { cause: 'not shown' })
  const error = new swimlink.ConflictError('m', 12n, cycle, { a: 1 }, new Date(0))
  expect(JSON.parse(JSON.stringify(error))).toMatchObject({
    key: '12',
    theirs: { a: 1 },
    base: '1970-01-01T00:00:00.000Z',
  })
  const outer = new swimlink.RefusedError('m', 'k', { cause: new swimlink.AuthError('no', { cause }) })
  expect(JSON.parse(JSON.stringify(outer))).toMatchObject({
    key: 'k',
    cause: { code: 'auth', message: 'no', cause: 'why' },
  })
})

test('an error of a socket is reported once, however many downlinks there are that do not listen', async () => {
  network.refuses = true
  const client = create()
  for (const laneUri of ['a', 'b', 'c']) client.downlinkMap({ ...address, laneUri }).open()
  await clock.advance(10)
  expect(errors).toHaveLength(1)
})

test('without anybody who listens, errors are written to the console', async () => {
  const log = console.error
  const logged: unknown[] = []
  console.error = (error: unknown) => logged.push(error)
  try {
    const client = new SwimClient({ clock, webSocket: network.WebSocket })
    client.downlinkMap(address).open()
    await clock.settle()
    host.send('nonsense{')
    await clock.settle()
    expect(logged).toEqual(['swimlink: no envelope in the frame "nonsense{"; is it a WARP host? [warp://host]'])
  } finally {
    console.error = log
  }
})

test('the table of the docs names each class with its code', () => {
  const docs = readFileSync(new URL('../../../docs/ERRORS.md', import.meta.url), 'utf8')
  const rows = [...docs.matchAll(/^\| `(\w+)` \| `(\w+)` \|/gm)].map(([, code, name]) => [code, name])
  const codes: Record<ErrorCode, string> = {
    config: 'ConfigError',
    recon: 'ReconError',
    schema: 'SchemaError',
    overflow: 'OverflowError',
    closed: 'ClosedError',
    timeout: 'TimeoutError',
    unlinked: 'UnlinkedError',
    transport: 'TransportError',
    auth: 'AuthError',
    protocol: 'ProtocolError',
    callback: 'SwimError',
    refused: 'RefusedError',
    conflict: 'ConflictError',
    laneKind: 'LaneKindError',
    cache: 'CacheError',
  }
  expect(Object.fromEntries(rows)).toEqual(codes)
  expect(new Set(Object.values(codes))).toEqual(new Set(['SwimError', 'CacheError', ...own.map(({ name }) => name)]))
})
