// What is kept between visits, as a user of it sees it. Visits are clients of one test host in the tabs of one device.
import { describe, expect, it, vi } from 'vitest'
import { CacheError, dehydrate, memoryCache, type CacheStore } from '../../../src/cache/index.js'
import { ConfigError, type MapDownlinkOptions, type SwimClientOptions, type SwimError } from '../../../src/index.js'
import { testHost, type TestClient, type TestHost } from '../../../src/testing/index.js'
import { Device, type Tab } from '../../support/cache-device.js'

const at = { nodeUri: '/h', laneUri: 'm' }
type Options = SwimClientOptions & { readonly map?: MapDownlinkOptions<string, unknown> }

interface Visit {
  readonly client: TestClient
  readonly errors: SwimError[]
  readonly tab: Tab
  readonly map: ReturnType<typeof openMap>
}

const openMap = (client: TestClient, options: MapDownlinkOptions<string, unknown> = {}) =>
  client.downlinkMap<string, unknown>({ ...at, cache: true, ...options }).open()

/** A device with its tabs. */
function world(scope?: string) {
  const host = testHost()
  const device = new Device(host.clock, scope)
  const visit = ({ map, ...options }: Options = {}): Visit => {
    const errors: SwimError[] = []
    const tab = device.tab()
    const client = host.client({ onError: error => void errors.push(error), cache: tab, ...options })
    return { client, errors, tab, map: openMap(client, map) }
  }
  /** The tab is gone without a word. */
  const crash = ({ client, tab }: Visit) => {
    tab.kill()
    host.cut(client)
  }
  const lane = host.lane('/h', 'm')
  /** An earlier visit, while the lane came to hold this; it wrote this without a network, and is gone without a word. */
  const left = async (held: object, write?: (map: Visit['map']) => void) => {
    const first = visit()
    for (const [key, value] of Object.entries(held)) lane.set(key, value as never)
    await host.advance(3000)
    if (write !== undefined) {
      host.cut()
      await host.idle()
      write(first.map)
      await host.advance(100)
    }
    crash(first)
  }
  return { host, device, visit, crash, lane, left }
}

const cacheErrors = ({ errors }: Visit) =>
  errors.filter(error => error instanceof CacheError).map(({ message }) => message)
const sets = (host: TestHost) =>
  host.frames.flatMap(({ direction, text }) =>
    direction === 'out' && text.startsWith('@command') ? [text.replace(/^.*?\)/, '')] : [],
  )

describe('entries', () => {
  it('show at the next visit without a network, and are replaced by those of the lane', async () => {
    const { host, visit, lane, left } = world()
    await left({ a: 1, b: { x: [1, 2] } })
    lane.set('a', 7).delete('b')
    lane.set('c', 3)
    host.cut()
    const { map, client } = visit()
    await host.until(map.whenReadable())
    expect([...map]).toEqual([
      ['a', 1],
      ['b', { x: [1, 2] }],
    ])
    expect(map.status).toMatchObject({ state: 'stale', because: 'cached', asOf: expect.any(Date) as Date })
    host.heal(client)
    await host.converged(undefined, client)
    expect([...map]).toEqual([
      ['a', 7],
      ['c', 3],
    ])
    expect(map.status.state).toBe('synced')
  })

  it('that have not changed are not reported again', async () => {
    const { host, visit, left } = world()
    await left({ a: 1, b: { x: 1 } })
    host.delay(50)
    const { map, client } = visit()
    await host.until(map.whenReadable())
    const told = vi.fn()
    map.on('didUpdate', told)
    map.on('didRemove', told)
    await host.converged(undefined, client)
    expect(told).not.toHaveBeenCalled()
    expect(map.size).toBe(2)
  })

  it('of a lane that was empty make the map readable, and empty, without a network', async () => {
    const { host, visit, crash } = world()
    crash(await (async visit => (await host.advance(3000), visit))(visit()))
    host.cut()
    const { map } = visit()
    await host.until(map.whenReadable())
    expect([map.size, map.status.state]).toEqual([0, 'stale'])
  })

  it('do not replace own writes, or an own clear, made before the store answered', async () => {
    const { host, visit, crash, device, left } = world()
    await left({ a: 1, b: 2 })
    host.cut()
    device.slowMs = 100
    const second = visit()
    second.map.set('a', 'mine')
    second.map.delete('b')
    await host.until(second.map.whenReadable())
    expect([...second.map]).toEqual([['a', 'mine']])
    expect(second.map.pending.get('b')?.under).toBe(2)
    crash(second)
    const third = visit()
    third.map.clear()
    await host.advance(1000)
    expect(third.map.size).toBe(0)
  })

  it.each([
    ['younger than maxAgeMs', 3_000_000, 2],
    ['older than maxAgeMs', 1000, 0],
    ['younger by a clock that was set back', -1000, 0],
  ])('that are %s show only if that is within maxAgeMs', async (_, laterMs, size) => {
    const now = vi.spyOn(Date, 'now').mockReturnValue(1.7e12)
    const { host, visit, left } = world()
    await left({ a: 1, b: 2 })
    host.cut()
    now.mockReturnValue(1.7e12 + (laterMs === 1000 ? 7_200_000 : laterMs))
    const { map } = visit({ map: { cache: { maxAgeMs: 3_600_000 } } })
    await host.advance(1000)
    expect(map.size).toBe(size)
    now.mockRestore()
  })

  it('do not show in another scope, or in a map with another emptyValues', async () => {
    const { host, visit, left } = world('ada')
    await left({ a: 1 })
    host.cut()
    const other = host.client({ cache: new Device(host.clock, 'bob').tab() })
    const map = openMap(other)
    await host.advance(1000)
    expect(map.size).toBe(0)
    const kept = visit({ map: { emptyValues: 'keep' } })
    await host.advance(1000)
    expect(kept.map.size).toBe(0)
  })

  it('of the lane opened least recently are removed first when all are larger than maxBytes', async () => {
    const host = testHost()
    const store = memoryCache({ maxBytes: 3000 })
    const client = host.client({ cache: store })
    for (const laneUri of ['a', 'b', 'c', 'd']) {
      const lane = host.lane('/h', laneUri)
      for (let i = 0; i < 40; i++) lane.set(`key${i}`, i)
      client.downlinkMap({ ...at, laneUri, cache: true }).open()
      await host.advance(3000)
    }
    const lanes = (await store.read('used\n')).map(([key]) => key.split(' ')[2])
    expect(lanes.at(-1)).toBe('d')
    expect(lanes).not.toContain('a')
    const chars = (await store.read('lane\n')).reduce((sum, [, text]) => sum + text.length, 0)
    expect(chars).toBeLessThanOrEqual(3000 + 400)
  })

  it('are written when their map closes, with that time as their asOf', async () => {
    const { host, visit, lane } = world()
    const first = visit()
    lane.set('a', 1)
    await host.until(first.map.whenSynced())
    await host.until(first.client.close())
    await host.idle()
    const now = vi.spyOn(Date, 'now')
    const second = visit()
    await host.converged(undefined, second.client)
    now.mockReturnValue(2e12)
    second.map.close()
    await host.advance(3000)
    now.mockRestore()
    host.cut()
    const { map } = visit()
    await host.until(map.whenReadable())
    expect([...map]).toEqual([['a', 1]])
    expect(map.status).toMatchObject({ asOf: new Date(2e12) })
    // Nobody asked this map when it is synced: nothing is left over.
    host.heal()
    await host.close()
  })

  it('that two tabs write at the same time are stored once', async () => {
    const { host, visit, device, lane } = world()
    device.slowMs = 50
    lane.set('a', 1)
    visit()
    visit()
    for (let round = 0; round < 10; round++) {
      lane.set('a', round)
      await host.advance(30_000)
    }
    const names = new Set((await device.store.read('lane')).map(([key]) => key.split('\n')[2]))
    expect(names.size).toBe(2)
  })

  it('of a lane that grows beyond maxBytes are removed from the store, with one error', async () => {
    const host = testHost()
    const store = memoryCache({ maxBytes: 4000 })
    const errors: SwimError[] = []
    openMap(host.client({ cache: store, onError: error => void errors.push(error) }))
    for (let i = 0; i < 60; i++) {
      host.lane('/h', 'm').set(`key${i}`, 'x'.repeat(100))
      await host.advance(1500)
    }
    expect(errors.map(({ code }) => code)).toEqual(['cache'])
    expect(await store.read('lane')).toEqual([])
  })

  it('of a lane that is larger than maxBytes are not stored, with one error', async () => {
    const host = testHost()
    const store = memoryCache({ maxBytes: 100 })
    const errors: SwimError[] = []
    const client = host.client({ cache: store, onError: error => void errors.push(error) })
    const map = openMap(client)
    for (let i = 0; i < 40; i++) host.lane('/h', 'm').set(`key${i}`, i)
    await host.advance(3000)
    expect(errors.map(({ message }) => message)).toEqual([expect.stringMatching(/more|maxBytes/)])
    expect([map.size, (await store.read('lane\n')).length]).toEqual([40, 0])
  })

  it('are written as changes if few have changed, and in full once the log has grown', async () => {
    const { host, visit, lane, device } = world()
    visit()
    for (let i = 0; i < 2000; i++) lane.set(`key${i}`, 'x'.repeat(50))
    await host.advance(3000)
    const pages = async () => (await device.store.read('lane\n')).filter(([key]) => key.includes('\npage'))
    const before = await pages()
    expect(before.length).toBe(4)
    lane.set('key7', 'other')
    await host.advance(2000)
    expect(await pages()).toEqual(before)
    expect((await device.store.read('lane\n')).filter(([key]) => key.includes('\nlog')).length).toBe(1)
    for (let round = 0; round < 40; round++) {
      for (let i = 0; i < 200; i++) lane.set(`key${i}`, `${round} ${'y'.repeat(50)}`)
      await host.advance(2000)
    }
    expect((await device.store.read('lane\n')).filter(([key]) => key.includes('\nlog')).length).toBeLessThan(12)
  })
})

describe('unsent writes', () => {
  it('are sent at the next visit, in their order, and removed from the store', async () => {
    const { host, visit, lane, device, left } = world()
    await left({ a: 1 }, map => {
      map.set('x', 1)
      map.set('y', { z: 'text' })
      map.delete('a')
      map.set('x', 2)
    })
    const second = visit()
    await host.advance(100)
    expect(second.client.restoredWrites).toEqual([
      { hostUri: 'ws://test/', nodeUri: '/h', laneUri: 'm', type: 'set', key: 'y', value: { z: 'text' } },
      { hostUri: 'ws://test/', nodeUri: '/h', laneUri: 'm', type: 'remove', key: 'a', value: undefined },
      { hostUri: 'ws://test/', nodeUri: '/h', laneUri: 'm', type: 'set', key: 'x', value: 2 },
    ])
    expect([...second.map]).toEqual([
      ['x', 2],
      ['y', { z: 'text' }],
    ])
    expect([...second.map.pending.keys()].sort()).toEqual(['a', 'x', 'y'])
    host.heal(second.client)
    await host.converged(undefined, second.client)
    await host.advance(1000)
    expect([...lane].map(String)).toEqual(['x,2', 'y,[object Object]'])
    expect(second.client.restoredWrites).toEqual([])
    expect(await device.store.read('write\n')).toEqual([])
    expect(sets(host)).toEqual(['@update(key:y){z:text}', '@remove(key:a)', '@update(key:x) 2'])
  })

  it("are not stored if the map's options say so", async () => {
    const { host, visit, device } = world()
    const { map } = visit({ map: { cache: { writes: 'forget' } } })
    await host.advance(3000)
    host.cut()
    await host.idle()
    map.set('x', 1)
    await host.advance(1000)
    expect(await device.store.read('write\n')).toEqual([])
  })

  it('of a tab that ends are sent by another open tab', async () => {
    const { host, visit, crash, lane } = world()
    const [one, two] = [visit(), visit()]
    await host.advance(3000)
    host.cut(one.client)
    await host.idle()
    one.map.set('x', 1)
    await host.advance(1000)
    const three = visit()
    await host.advance(1000)
    expect(lane.size).toBe(0)
    crash(one)
    await host.advance(120_000)
    expect([...lane]).toEqual([['x', 1]])
    expect(sets(host)).toEqual(['@update(key:x) 1'])
    expect(three.map.get('x')).toBe(1)
    expect(two.map.get('x')).toBe(1)
  })

  it('that would now have another effect are reported and not sent; others are sent', async () => {
    const { host, visit, lane, left } = world()
    await left({ a: 1, b: 2 }, map => {
      map.drop(1)
      map.put('b', 3, { unlessChanged: true }).catch(() => {})
      map.take(5)
      map.set('c', 4)
    })
    const second = visit()
    await host.advance(1000)
    expect(cacheErrors(second).map(text => text.split(' was ')[0])).toEqual([
      '@drop(1)',
      '@update(key:b) 3',
      '@take(5)',
    ])
    host.heal(second.client)
    await host.converged(undefined, second.client)
    expect([...lane].map(String)).toEqual(['a,1', 'b,2', 'c,4'])
  })

  it('are replaced by newer writes to the same keys', async () => {
    const { host, visit, lane, device, left } = world()
    await left({}, map => {
      map.clear()
      map.set('x', 'old')
      map.set('y', 'old')
    })
    device.slowMs = 200
    const second = visit()
    second.map.set('x', 'new')
    await host.advance(2000)
    expect([...second.map].map(String)).toEqual(['x,new', 'y,old'])
    expect(cacheErrors(second)).toEqual([expect.stringContaining('@clear was not in its lane')])
    host.heal(second.client)
    await host.converged(undefined, second.client)
    expect([...lane].map(String)).toEqual(['x,new', 'y,old'])
    expect(sets(host).filter(text => text.includes(':x'))).toEqual(['@update(key:x) new'])
  })

  it('show together with the stored entries, never after them', async () => {
    const { host, visit, device, left } = world()
    await left({ a: 'old', b: 2 }, map => void map.set('a', 'mine'))
    device.slowMs = 100
    const second = visit()
    const told = vi.fn()
    second.map.on('didUpdate', told)
    await host.until(second.map.whenReadable())
    expect([second.map.get('a'), second.client.restoredWrites.length]).toEqual(['mine', 1])
    expect(told.mock.calls.map(([key, value]) => [key, value] as unknown)).toEqual([
      ['a', 'mine'],
      ['b', 2],
    ])
  })

  it('that discard takes back are removed from the store', async () => {
    const { host, visit, device, left } = world()
    await left({}, map => void map.set('x', 1))
    const second = visit()
    await host.advance(1000)
    expect(second.map.discard('x')).toBe(true)
    expect(second.client.restoredWrites).toEqual([])
    await host.advance(1000)
    expect(await device.store.read('write')).toEqual([])
    expect(cacheErrors(second)).toEqual([])
  })

  it('that failed when their map closed are not sent; those of an earlier visit are sent when the lane is opened next', async () => {
    const { host, visit, lane, left } = world()
    await left({}, map => void map.set('x', 1))
    const second = visit()
    await host.advance(1000)
    const mine = second.map.put('y', 2)
    second.map.close()
    await expect(host.until(mine)).rejects.toThrow('closed before its writes were sent')
    await host.advance(5000)
    host.heal(second.client)
    const again = openMap(second.client)
    await host.advance(5000)
    expect([...again].map(String)).toEqual(['x,1'])
    expect([...lane].map(String)).toEqual(['x,1'])
  })
})

describe('forgetting', () => {
  it('clearCache removes all of the scope, stops storing open maps, and removes shown entries of earlier visits', async () => {
    const { host, visit, device, left } = world()
    await left({ a: 1 }, map => void map.set('x', 1))
    const second = visit()
    await host.until(second.map.whenReadable())
    await host.until(second.client.clearCache())
    expect([second.map.has('a'), second.map.status.state]).toEqual([false, 'connecting'])
    host.heal(second.client)
    await host.advance(10_000)
    expect(second.map.get('a')).toBe(1)
    expect(await device.store.read('')).toEqual([])
  })

  it('after clearCache, closing a map that was never stored does not store it', async () => {
    const { host, visit, lane, device } = world()
    const { client, map } = visit()
    lane.set('a', 1)
    await host.until(map.whenSynced())
    await host.until(client.clearCache())
    await host.until(client.close())
    await host.advance(10_000)
    expect(await device.store.read('')).toEqual([])
  })

  it('clearCache also removes entries that are being written when it is called', async () => {
    const { host, visit, lane, device } = world()
    device.slowMs = 200
    const { client } = visit()
    for (let i = 0; i < 5000; i++) lane.set(`key${i}`, i)
    while ((await device.store.read('lane')).length === 0) await host.advance(50)
    await host.until(client.clearCache())
    await host.advance(10_000)
    expect(await device.store.read('')).toEqual([])
  })

  it('when a host refuses the credentials, its stored entries are removed and the unsent writes kept', async () => {
    const host = testHost({ authenticate: given => (given as { token: string }).token === 'good' })
    const device = new Device(host.clock, 'ada')
    const visit = (token: string) => {
      const tab = device.tab()
      const client = host.client({ cache: tab, credentials: { [host.uri]: { token } }, onError: () => {} })
      return { tab, client, map: openMap(client) }
    }
    const first = visit('good')
    host.lane('/h', 'm').set('a', 1)
    await host.advance(3000)
    host.cut(first.client)
    await host.idle()
    first.map.set('x', 1)
    await host.advance(100)
    first.tab.kill()
    const second = visit('bad')
    host.cut(second.client)
    await host.until(second.map.whenReadable())
    expect(second.map.get('a')).toBe(1)
    host.heal(second.client)
    await host.advance(10_000)
    expect(second.map.has('a')).toBe(false)
    expect((await device.store.read('lane')).length).toBe(0)
    expect((await device.store.read('write')).length).toBe(1)
  })
})

describe('bad input', () => {
  const config = (what: () => unknown) => expect(what).toThrow(ConfigError)

  it('invalid options throw a ConfigError', () => {
    const host = testHost()
    const client = host.client({ cache: memoryCache() })
    config(() => openMap(client, { cache: { maxAgeMs: -1 } }))
    config(() => openMap(client, { cache: { writes: 'maybe' as never } }))
    config(() => openMap(client, { cache: { ages: 1 } as never }))
    config(() => openMap(client, { cache: 'yes' as never }))
    config(() => openMap(client, { syncs: false }))
    config(() => openMap(client, { initial: 7 as never, cache: false }))
    config(() => openMap(client, { initial: '', cache: false }))
    config(() => openMap(client, { hostUri: () => 'warp://test' }))
    config(() => openMap(host.client()))
    config(() => host.client({ cache: 7 as never }))
    config(() => host.client({ cache: {} as never }))
    config(() => host.client({ cache: memoryCache(), credentials: { [host.uri]: 1 } }))
    config(() => host.client({ cache: memoryCache() }).authenticate(host.uri, 1))
    host.client({ cache: memoryCache({ scope: 'ada' }) }).authenticate(host.uri, 1)
    config(() => dehydrate({}))
    config(() => dehydrate(undefined as never))
  })

  it.each<[string, (tab: CacheStore) => CacheStore]>([
    [
      'can not be read',
      tab => ({
        ...tab,
        maxBytes: 1e6,
        scope: undefined,
        lock: () => Promise.resolve(() => {}),
        write: () => Promise.resolve(true),
        close: () => Promise.resolve(),
        read: () => Promise.reject(new Error('no disk')),
      }),
    ],
    [
      'can not be written',
      tab => ({
        ...tab,
        maxBytes: 1e6,
        scope: undefined,
        lock: () => Promise.resolve(() => {}),
        read: () => Promise.resolve([]),
        close: () => Promise.resolve(),
        write: () => Promise.reject(new Error('no disk')),
      }),
    ],
    [
      'throws',
      () => ({
        maxBytes: 1e6,
        scope: undefined,
        lock: () => {
          throw new Error('no disk')
        },
        read: () => {
          throw new Error('no disk')
        },
        close: () => Promise.resolve(),
        write: () => {
          throw new Error('no disk')
        },
      }),
    ],
    [
      'answers nothing',
      () => ({
        maxBytes: 1e6,
        scope: undefined,
        lock: () => new Promise(() => {}),
        read: () => new Promise(() => {}),
        close: () => Promise.resolve(),
        write: () => new Promise(() => {}),
      }),
    ],
    [
      'answers nonsense',
      () => ({
        maxBytes: 1e6,
        scope: undefined,
        lock: () => Promise.resolve(7 as never),
        read: () => Promise.resolve(7 as never),
        close: () => Promise.resolve(),
        write: () => Promise.resolve('no' as never),
      }),
    ],
  ])('a store that %s costs one CacheError at most, and the map goes on', async (name, storeOf) => {
    const host = testHost()
    const errors: SwimError[] = []
    const client = host.client({ cache: storeOf(memoryCache()), onError: error => void errors.push(error) })
    const map = openMap(client)
    host.lane('/h', 'm').set('a', 1)
    await host.advance(5000)
    map.set('b', 2)
    await host.advance(5000)
    expect([...map].map(String)).toEqual(['a,1', 'b,2'])
    expect([...host.lane('/h', 'm')].map(String)).toEqual(['a,1', 'b,2'])
    expect(errors.map(({ code }) => code)).toEqual(name === 'answers nothing' ? [] : ['cache'])
    await host.close()
  })

  it('a platform without locks stores entries but no writes, and reports that once', async () => {
    const host = testHost()
    const store = memoryCache()
    const errors: SwimError[] = []
    const cache = { ...store, lock: () => Promise.resolve(undefined) }
    const client = host.client({ cache, onError: error => void errors.push(error) })
    const map = openMap(client)
    await host.advance(3000)
    host.cut()
    await host.idle()
    for (const key of ['a', 'b', 'c']) {
      map.set(key, 1)
      await host.advance(1000)
    }
    host.heal()
    await host.converged()
    host.lane('/h', 'm').set('d', 1)
    await host.advance(3000)
    expect(errors.filter(({ code }) => code === 'cache').map(({ message }) => message)).toEqual([
      'writes are not kept: without locks nobody knows which tab is to send them',
    ])
    const kept = (await store.read('lane\n')).map(([, text]) => text).join()
    expect(['a', 'b', 'c', 'd'].filter(key => kept.includes(`key:${key})`))).toEqual(['a', 'b', 'c', 'd'])
    await host.close()
  })

  /** What may have become of rows: each makes a row of what it was. */
  const damages: [string, (key: string, text: string) => string | undefined][] = [
    ['cut off', (_, text) => text.slice(0, text.length / 2)],
    ['empty', () => ''],
    ['gone', () => undefined],
    ['no Recon', () => '1\n@update(key:'],
    ['another operation', () => '1\n@drop(1)'],
    ['of another prototype', () => '1\n@update(key:__proto__){__proto__:{polluted:1}}'],
    [
      'a count beyond all bounds',
      (_, text) => text.replace(/"count":\d+/, '"count":1e300').replace(/^\d+\n/, '1e300\n'),
    ],
    ['heads of other things', key => (key.endsWith('!') ? '{"asOf":1,"count":{},"logs":[],"pages":7}' : 'x')],
    ['a list', () => '[]'],
    ['null', () => 'null'],
    ['invalid numbers', (_, text) => text.replace(/\d+/g, '-1')],
  ]
  it.each(damages)('stored rows that are %s lose only their content; the map syncs', async (_, damage) => {
    for (const part of ['!', 'page', 'log', 'write', 'used', '']) {
      const { host, visit, crash, lane, device } = world()
      const first = visit()
      lane.set('a', 1).set('b', 2)
      await host.advance(3000)
      lane.set('b', 3)
      await host.advance(3000)
      host.cut()
      await host.idle()
      first.map.set('c', 4)
      await host.advance(100)
      crash(first)
      for (const [key, text] of await device.store.read('')) {
        if (!key.includes(part)) continue
        const damaged = damage(key, text)
        await device.store.write(damaged === undefined ? { remove: [key] } : { put: [[key, damaged]] })
      }
      const second = visit()
      await host.advance(2000)
      expect(({} as { polluted?: unknown }).polluted).toBe(undefined)
      host.heal(second.client)
      await host.converged(undefined, second.client)
      expect([second.map.get('a'), second.map.get('b')]).toEqual([1, 3])
      expect(cacheErrors(second).length).toBeLessThan(3)
      await host.advance(5000)
      crash(second)
      // And it is whole again.
      const third = visit()
      host.cut(third.client)
      await host.until(third.map.whenReadable())
      expect([third.map.get('a'), third.map.get('b')]).toEqual([1, 3])
      expect(cacheErrors(third)).toEqual([])
    }
  })

  it.each(['x', '1\n2\n@update(key:a) 1', 'NaN\n0', '1\n1\n@update(key:', '1\n1\n@clear'])(
    'an initial text of %j is reported as a CacheError, and the map begins empty',
    async initial => {
      const host = testHost()
      const errors: SwimError[] = []
      const client = host.client({ onError: error => void errors.push(error) })
      const map = openMap(client, { initial, cache: false })
      expect(map.size).toBe(0)
      expect(errors.map(({ code }) => code)).toEqual(['cache'])
      host.lane('/h', 'm').set('a', 1)
      await host.converged()
      expect(map.get('a')).toBe(1)
      await host.close()
    },
  )
})

describe('dehydrate', () => {
  it('gives the entries as text, and a map with that text as its initial begins with them', async () => {
    const host = testHost()
    const server = openMap(host.client(), { cache: false })
    host.lane('/h', 'm').set('a', 1).set('b', 'x\ny</script>')
    await host.converged()
    host.cut()
    await host.idle()
    server.set('mine', 1)
    server.set('a', 'mine')
    const text = dehydrate(server)
    const page = host.client()
    const map = openMap(page, { initial: text, cache: false })
    expect([...map].map(String)).toEqual(['a,1', 'b,x\ny</script>'])
    expect(map.status).toMatchObject({ state: 'stale', because: 'cached' })
    const told = vi.fn()
    map.on('didUpdate', told)
    await host.idle()
    expect(told.mock.calls.map(([key]) => key as unknown)).toEqual(['a', 'b'])
    host.lane('/h', 'm').delete('b')
    host.heal()
    await host.converged()
    expect([...map].map(String)).toEqual(['a,mine', 'mine,1'])
    // What began as it was is not said to be so for ever.
    host.cut()
    await host.idle()
    expect(openMap(page, { cache: false }).status.state).toBe('connecting')
  })
})
