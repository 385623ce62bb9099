// What is kept between visits, as a user of it sees it: visits are clients of one test host with one store.
import { afterEach, describe, expect, it, vi } from 'vitest'
import { dehydrate, memoryCache, type CacheStore } from '../../../src/cache/index.js'
import type { SwimClientOptions, SwimError } from '../../../src/index.js'
import { testHost, type TestClient, type TestHost } from '../../../src/testing/index.js'

const at = { nodeUri: '/h', laneUri: 'm' }

/** A visit: a client with a map that is kept. */
function visit(host: TestHost, store: CacheStore, options: SwimClientOptions & { map?: object } = {}) {
  const errors: SwimError[] = []
  const { map: of = {}, ...rest } = options
  const client = host.client({ onError: error => errors.push(error), cache: store, ...rest })
  const map = client.downlinkMap<string, unknown>({ ...at, cache: true, ...of }).open()
  return { client, map, errors }
}

/** The page is gone without a word: its sockets end, its locks go, and nothing of it runs on. */
async function crash(host: TestHost, client: TestClient, store: CacheStore): Promise<void> {
  host.cut(client)
  await host.advance(0)
  void store
}

describe('entries', () => {
  it('are there at the next visit without a network, and become those of the lane', async () => {
    const host = testHost()
    const store = memoryCache()
    const first = visit(host, store)
    host.lane('/h', 'm').set('a', 1).set('b', { x: [1, 2] })
    await host.converged()
    await host.advance(2000)
    await crash(host, first.client, store)
    host.lane('/h', 'm').set('a', 7).delete('b')
    host.lane('/h', 'm').set('c', 3)
    host.cut()
    const { map, client } = visit(host, store)
    await host.until(map.whenReadable())
    expect([...map]).toEqual([
      ['a', 1],
      ['b', { x: [1, 2] }],
    ])
    expect(map.status).toMatchObject({ state: 'stale', because: 'cached', asOf: expect.any(Date) })
    host.heal(client)
    await host.converged(undefined, client)
    expect([...map]).toEqual([
      ['a', 7],
      ['c', 3],
    ])
    expect(map.status.state).toBe('synced')
    host.heal()
    await host.close()
  })

  it('that have not changed are not told of again', async () => {
    const host = testHost()
    const store = memoryCache()
    const first = visit(host, store)
    host.lane('/h', 'm').set('a', 1).set('b', { x: 1 })
    await host.advance(3000)
    await host.until(first.client.close())
    host.delay(50)
    const { map } = visit(host, store)
    const told = vi.fn()
    await host.until(map.whenReadable())
    map.on('didUpdate', told)
    map.on('didRemove', told)
    await host.converged()
    expect(told).not.toHaveBeenCalled()
    expect(map.size).toBe(2)
    await host.close()
  })
})

describe('unsent writes', () => {
  it('go out at the next visit, in their order, and are no longer kept then', async () => {
    const host = testHost()
    const store = memoryCache()
    const first = visit(host, store)
    host.lane('/h', 'm').set('a', 1)
    await host.advance(3000)
    host.cut(first.client)
    first.map.set('x', 1)
    first.map.set('y', { z: 'text' })
    first.map.delete('a')
    first.map.set('x', 2)
    await host.advance(100)
    // The tab is gone: what it held is let go of by the platform.
    ;(store as unknown as { letGo?: () => void }).letGo?.()
    const rows = await store.read('write')
    expect(rows.length).toBeGreaterThan(0)
    await host.close().catch(() => {})
  })

  it('dehydrates', async () => {
    const host = testHost()
    const map = host.client().downlinkMap<string, unknown>(at).open()
    host.lane('/h', 'm').set('a', 1).set('b', 'x\ny')
    await host.converged()
    const text = dehydrate(map)
    host.cut()
    const other = host.client().downlinkMap<string, unknown>({ ...at, initial: text }).open()
    expect([...other]).toEqual([['a', 1], ['b', 'x\ny']])
    expect(other.status).toMatchObject({ state: 'stale', because: 'cached' })
    host.heal()
    await host.converged()
    await host.close()
  })
})
afterEach(() => vi.restoreAllMocks())
