// Interop scenarios. Hosts that die and come back with other entries, sockets that break, peers that fall silent.
import { describe, expect, test } from 'vitest'
import { until, watch, type Kit } from './kit.js'

export function outageScenarios(kit: Kit): void {
  describe('outages', () => {
    for (const end of ['kill', 'stop'] as const) {
      test(`host ${end === 'kill' ? 'killed' : 'stopped'} and restarted with other entries: no ghosts, one didRemove each, the rest silent`, async () => {
        const host = await kit.ownHost()
        const proxy = await kit.proxy(host)
        const node = kit.node()
        await kit.command(node, 'fill', '{count:5,prefix:k}', host)
        const { map, told, of } = watch(kit.client({ hostUri: proxy.uri }).downlinkMap().nodeUri(node).laneUri('map'))
        await map.whenSynced()
        expect(map.size).toBe(5)
        proxy.refuse(true)
        await host[end]()
        await until(() => !map.connected, 'disconnected')
        expect(map.size).toBe(5)
        expect(map.get('k0')).toBe(0)
        expect(map.status).toEqual({ state: 'stale', because: 'disconnected' })
        const from = told.length
        await host.restart()
        await kit.command(node, 'fill', '{count:3,prefix:k,from:3}', host)
        proxy.refuse(false)
        await until(() => map.synced, 'synced again')
        expect([...map]).toEqual([
          ['k3', 3],
          ['k4', 4],
          ['k5', 5],
        ])
        expect([...map]).toEqual(await kit.truth(node, 'map', host))
        const changes = told.slice(from).filter(([kind]) => kind === 'update' || kind === 'remove')
        expect(changes.map(each => each.slice(0, 2).join()).sort()).toEqual([
          'remove,k0',
          'remove,k1',
          'remove,k2',
          'update,k5',
        ])
        expect(of('sync')).toHaveLength(2)
      })
    }

    test('a host that comes up late: linked as soon as it is there', async () => {
      const host = await kit.ownHost()
      await host.kill()
      const { map } = watch(kit.client({ hostUri: host.uri }).downlinkMap().nodeUri('/unit/late').laneUri('map'))
      const put = map.put('a', 1)
      await new Promise(done => setTimeout(done, 300))
      await host.restart()
      expect(await put).toBe('taken')
      expect(await kit.truth('/unit/late', 'map', host)).toEqual([['a', 1]])
    })

    for (const fault of ['cut', 'reset'] as const) {
      test(`socket ${fault === 'cut' ? 'ended' : 'reset'} in the middle of a sync: all of it in the end, nothing told twice`, async () => {
        const node = kit.node()
        await kit.command(node, 'fill', '{count:2000,prefix:k}')
        const proxy = await kit.proxy()
        proxy.cutAfter(20_000, 'down', fault)
        const { map, of } = watch(kit.client({ hostUri: proxy.uri }).downlinkMap().nodeUri(node).laneUri('map'))
        await until(
          () => map.synced && map.size === 2000,
          () => `2,000 entries: ${map.size}`,
        )
        expect(of('update')).toHaveLength(2000)
        expect(of('remove')).toEqual([])
        expect(proxy.stats.accepted).toBeGreaterThan(1)
      })
    }

    test('writes while the socket is reset again and again: each settles, the last of each key stays', async () => {
      const node = kit.node()
      const proxy = await kit.proxy()
      const { map } = watch(kit.client({ hostUri: proxy.uri }).downlinkMap().nodeUri(node).laneUri('map'))
      await map.whenSynced()
      const writes: Promise<unknown>[] = []
      for (let n = 0; n < 60; n++) {
        writes.push(map.put(`k${n % 6}`, n))
        if (n % 15 === 14) proxy.reset()
        await new Promise(done => setTimeout(done, 20))
      }
      await Promise.all(writes)
      expect([...map]).toEqual([54, 55, 56, 57, 58, 59].map(n => [`k${n % 6}`, n]))
      expect([...map]).toEqual(await kit.truth(node))
    })

    test('a peer that falls silent is noticed, and what was written meanwhile arrives', async () => {
      const node = kit.node()
      const proxy = await kit.proxy()
      const client = kit.client({ hostUri: proxy.uri, heartbeatMs: 300, heartbeatTimeoutMs: 300 })
      const { map } = watch(client.downlinkMap().nodeUri(node).laneUri('map'))
      await map.whenSynced()
      proxy.blackhole(true)
      const put = map.put('a', 1)
      await until(() => !map.connected, 'the silence to be noticed', 3000)
      proxy.blackhole(false)
      expect(await put).toBe('taken')
      expect(await kit.truth(node)).toEqual([['a', 1]])
    })

    test('frames that come byte by byte', async () => {
      const node = kit.node()
      await kit.command(node, 'fill', '{count:50,prefix:k}')
      const proxy = await kit.proxy()
      proxy.slice(1)
      const { map } = watch(kit.client({ hostUri: proxy.uri }).downlinkMap().nodeUri(node).laneUri('map'))
      await map.whenSynced()
      expect(map.size).toBe(50)
      expect(await map.put('é😀', 'ü')).toBe('taken')
    })

    test('join lanes after a restart: what is not registered any more is gone', async () => {
      const host = await kit.ownHost()
      const proxy = await kit.proxy(host)
      const building = kit.node('building')
      const rooms = [kit.room(), kit.room()]
      for (const room of rooms) {
        await kit.command(building, 'register', String(room), host)
        await kit.command(`/room/${room}`, 'devices', `@update(key:d${room})1`, host)
      }
      const client = kit.client({ hostUri: proxy.uri })
      const lights = watch(client.downlinkMap().nodeUri(building).laneUri('lights'))
      const devices = watch(client.downlinkMap().nodeUri(building).laneUri('devices'))
      await until(() => lights.map.size === 2 && devices.map.size === 2, 'two rooms')
      proxy.refuse(true)
      await host.kill()
      await host.restart()
      await kit.command(building, 'register', String(rooms[1]), host)
      const listener = await kit.listener(building, 'lights', host)
      await until(() => listener.frames.some(frame => frame.includes('false')), 'the room')
      proxy.refuse(false)
      await until(() => lights.map.synced && devices.map.synced, 'synced again')
      expect([...lights.map]).toEqual([[rooms[1], false]])
      expect([...devices.map]).toEqual([])
      expect(lights.of('remove')).toEqual([['remove', rooms[0], false]])
      expect(devices.of('remove')).toHaveLength(2)
    })
  })
}
