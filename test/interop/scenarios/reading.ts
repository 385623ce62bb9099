// Interop scenarios. A map lane as it is read: opened, synced, followed.
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { UnlinkedError } from '../../../src/index.js'
import type { Value } from '../../../src/recon/index.js'
import { at, until, watch, type Kit } from './kit.js'

export function readingScenarios(kit: Kit): void {
  const ended = kit.kind.differences['end of an agent']

  describe('reading a map lane', () => {
    test('open, sync: holds what the lane holds, by key order, told once each', async () => {
      const node = kit.node()
      await kit.command(node, 'fill', '{count:5,prefix:k}')
      const { map, told, errors } = watch(kit.client().downlinkMap().nodeUri(node).laneUri('map'))
      expect(map.synced).toBe(false)
      await map.whenSynced()
      expect(map.status).toEqual({ state: 'synced' })
      expect([...map]).toEqual([0, 1, 2, 3, 4].map(n => [`k${n}`, n]))
      expect([...map]).toEqual(await kit.truth(node))
      expect(told.at(-1)).toEqual(['sync'])
      expect(new Set(told.slice(0, -1).map(each => each.join()))).toEqual(
        new Set([0, 1, 2, 3, 4].map(n => `update,k${n},${n},`)),
      )
      expect(errors).toEqual([])
    })

    test('an empty lane syncs as an empty map', async () => {
      const { map, told } = watch(kit.client().downlinkMap().nodeUri(kit.node()).laneUri('map'))
      await map.whenSynced()
      expect(map.size).toBe(0)
      expect(told).toEqual([['sync']])
    })

    test('remote update, remove: told once, with the old value', async () => {
      const node = kit.node()
      const { map, told } = watch(kit.client().downlinkMap().nodeUri(node).laneUri('map'))
      await map.whenSynced()
      await kit.command(node, 'remote', '@update(key:a)1')
      await until(() => map.get('a') === 1, 'the update')
      await kit.command(node, 'remote', '@update(key:a)2')
      await until(() => map.get('a') === 2, 'the second update')
      await kit.command(node, 'remote', '@remove(key:a)')
      await until(() => !map.has('a'), 'the remove')
      expect(told.slice(1)).toEqual([
        ['update', 'a', 1, undefined],
        ['update', 'a', 2, 1],
        ['remove', 'a', 2],
      ])
    })

    test('remote update with an equal value: silent', async () => {
      const node = kit.node()
      const { map, told } = watch(kit.client().downlinkMap().nodeUri(node).laneUri('map'))
      await map.whenSynced()
      for (const value of ['{n:1}', '{n:1}', '{n:2}']) await kit.command(node, 'remote', `@update(key:a)${value}`)
      await until(() => (map.get('a') as { n: number } | undefined)?.n === 2, 'the last update')
      expect(told.filter(([kind]) => kind === 'update').length).toBeLessThanOrEqual(2)
    })

    test('remote clear: every entry told, then didClear', async () => {
      const node = kit.node()
      await kit.command(node, 'fill', '{count:3,prefix:k}')
      const { map, told, of } = watch(kit.client().downlinkMap().nodeUri(node).laneUri('map'))
      await map.whenSynced()
      await kit.command(node, 'remote', '@clear')
      await until(() => map.size === 0, 'the clear')
      await until(() => told.at(-1)?.[0] === 'clear', 'didClear')
      expect(of('remove').map(String).sort()).toEqual(['remove,k0,0', 'remove,k1,1', 'remove,k2,2'])
    })

    test('remote drop, take: the map ends as the lane', async () => {
      const node = kit.node()
      await kit.command(node, 'fill', '{count:9,prefix:k}')
      const { map } = watch(kit.client().downlinkMap().nodeUri(node).laneUri('map'))
      await map.whenSynced()
      await kit.command(node, 'remote', '@drop(2)')
      await until(
        () => map.size === 7,
        () => `the drop; ${map.size} entries`,
      )
      await kit.command(node, 'remote', '@take(3)')
      await until(
        () => map.size === 3,
        () => `the take; ${map.size} entries`,
      )
      await until(() => map.synced, 'synced again')
      expect([...map.keys()]).toEqual(['k2', 'k3', 'k4'])
      expect([...map]).toEqual(await kit.truth(node))
    })

    test('unknown node: whenSynced rejects, didUnlink is told once, other links go on', async () => {
      const client = kit.client()
      const healthy = watch(client.downlinkMap().nodeUri(kit.node()).laneUri('map'))
      const lost = watch(client.downlinkMap().nodeUri('/nowhere/at/all').laneUri('map'))
      await expect(lost.map.whenSynced()).rejects.toMatchObject({ code: 'unlinked', reason: 'nodeNotFound' })
      await expect(lost.map.whenSynced()).rejects.toBeInstanceOf(UnlinkedError)
      await new Promise(done => setTimeout(done, 700))
      expect(lost.told).toEqual([['unlink', 'nodeNotFound']])
      expect(['unlinked', 'linking']).toContain(lost.map.status.state)
      await healthy.map.put('a', 1)
      expect(healthy.of('unlink')).toEqual([])
    })

    test('unknown lane: whenSynced rejects, is asked for again by backoff, a put rejects', async () => {
      const node = kit.node()
      const client = kit.client()
      let asked = 0
      const lost = watch(
        client
          .downlinkMap()
          .nodeUri(node)
          .laneUri('nope')
          .willSync(() => ++asked),
      )
      await expect(lost.map.whenSynced()).rejects.toMatchObject({ code: 'unlinked', reason: 'laneNotFound' })
      await expect(lost.map.put('a', 1)).rejects.toMatchObject({ code: 'unlinked' })
      await new Promise(done => setTimeout(done, 1500))
      expect(lost.of('unlink')).toEqual([['unlink', 'laneNotFound']])
      expect(asked).toBeGreaterThan(1)
      expect(asked).toBeLessThan(40)
      expect(lost.map.size).toBe(0)
    })

    test('a late downlink of the same lane has the state at once; one closed leaves the other', async () => {
      const node = kit.node()
      await kit.command(node, 'fill', '{count:3,prefix:k}')
      const client = kit.client()
      const first = watch(client.downlinkMap().nodeUri(node).laneUri('map'))
      await first.map.whenSynced()
      const late = watch(client.downlinkMap().nodeUri(node).laneUri('map'))
      expect(late.map.size).toBe(3)
      await late.map.whenSynced()
      expect(late.of('update').map(each => each[1])).toEqual(['k0', 'k1', 'k2'])
      first.map.close()
      await kit.command(node, 'remote', '@update(key:z)1')
      await until(() => late.map.get('z') === 1, 'an update after the first has closed')
      expect(first.of('update').some(each => each[1] === 'z')).toBe(false)
    })

    test('a link without sync hears changes alone', async () => {
      const node = kit.node()
      await kit.command(node, 'fill', '{count:3,prefix:k}')
      const { map } = watch(kit.client().downlinkMap().nodeUri(node).laneUri('map').syncs(false))
      await until(() => map.linked, 'linked')
      await kit.command(node, 'remote', '@update(key:z)1')
      await until(() => map.get('z') === 1, 'the update')
      expect([...map.keys()]).toEqual(['z'])
    })

    test('schemas: a typed lane, an entry that does not fit told and left out', async () => {
      const node = kit.node()
      const errors: unknown[] = []
      const cart = kit
        .client()
        .downlinkMap()
        .nodeUri(node)
        .laneUri('shoppingCart')
        .keySchema(z.string())
        .valueSchema(z.number().max(2))
        .didFail(error => errors.push(error.code))
        .open()
      await cart.whenSynced()
      await kit.command(node, 'addItem', 'apple')
      await until(() => cart.get('apple') === 1, 'one apple')
      await kit.command(node, 'addItem', 'apple')
      await until(() => cart.get('apple') === 2, 'two apples')
      await kit.command(node, 'addItem', 'apple')
      await until(() => errors.length > 0, 'the error')
      expect(errors).toEqual(['schema'])
      expect(cart.has('apple')).toBe(false)
    })

    test('the order of keys is Recon’s, whatever order they come in', async () => {
      const node = kit.node()
      const order = '{a:1} %AA== "10" "9" Z a b "~" é 😀 -1 1.5 9 10 true'.split(' ')
      const raw = await kit.raw()
      const shuffled = order.map((key, i) => [key, (i * 7) % order.length] as const)
      for (const [key] of shuffled.sort((a, b) => a[1] - b[1])) {
        raw.send(`@command${at(node, 'map')}@update(key:${key})1`)
      }
      const { map } = watch(kit.client().downlinkMap().nodeUri(node).laneUri('map'))
      await until(
        () => map.size === order.length,
        () => `all keys: ${map.size}`,
      )
      const expected: Value[] = [
        { a: 1 },
        new Uint8Array([0]),
        '10',
        '9',
        'Z',
        'a',
        'b',
        '~',
        'é',
        '😀',
        -1,
        1.5,
        9,
        10,
        true,
      ]
      expect([...map.keys()]).toEqual(expected)
      expect(expected.map(key => map.indexOf(key))).toEqual(expected.map((_, i) => i))
      expect(map.at(-1)).toEqual([true, 1])
    })

    test('a node and a lane whose names need escapes', async () => {
      const { map } = watch(kit.client().downlinkMap().nodeUri('/unit/a b%2Fé').laneUri('map'))
      await map.whenSynced()
      await map.put('a', 1)
      expect(map.get('a')).toBe(1)
    })

    test('a first sync while the lane is being filled: nothing is missing', async () => {
      const client = kit.client()
      for (let round = 0; round < 6; round++) {
        const node = kit.node()
        const raw = await kit.raw()
        raw.send(`@command${at(node, 'fill')}1000`)
        if (round % 2 === 1) await raw.until(/./, round).catch(() => [])
        const { map } = watch(client.downlinkMap().nodeUri(node).laneUri('map'))
        await until(
          () => map.synced && map.size === 1000,
          () => `1,000 entries: ${map.size}`,
        )
        map.close()
      }
    })

    test('many keys: 20,000 in one sync, in order', async () => {
      const node = kit.node()
      await kit.command(node, 'fill', '20000')
      // The host is done with the filling before the sync begins.
      await kit.truth(node)
      const { map, of } = watch(kit.client().downlinkMap().nodeUri(node).laneUri('map'))
      await map.whenSynced({ timeoutMs: 60_000 })
      await until(
        () => map.size === 20_000,
        () => `20,000 entries: ${map.size}`,
        60_000,
      )
      expect(map.at(0)).toEqual([0, 0])
      expect(map.at(12_345)).toEqual([12_345, 12_345])
      expect(map.indexOf(19_999)).toBe(19_999)
      expect([...map.range(100, 103)]).toEqual([100, 101, 102].map(n => [n, n]))
      expect(of('update')).toHaveLength(20_000)
    })

    test('a handler that fails leaves the link as it is', async () => {
      const node = kit.node()
      const { map, of } = watch(kit.client().downlinkMap().nodeUri(node).laneUri('map'))
      await map.whenSynced()
      await kit.command(node, 'fail', 'oh')
      await kit.command(node, 'remote', '@update(key:a)1')
      await until(() => map.get('a') === 1, 'an update after the failure')
      expect(of('unlink')).toEqual([])
    })

    if (ended !== 'none ends') {
      const noticing = { requestTimeoutMs: 500, heartbeatMs: 300, heartbeatTimeoutMs: 500 }

      test(`an agent that stops (${ended}): the map becomes what the next agent holds`, async () => {
        const node = kit.node()
        await kit.command(node, 'fill', '{count:3,prefix:k}')
        // Where nobody is told, only linking again finds the next agent.
        const relinks = ended === 'not told, entries kept' ? { relinkAfterMs: 1500 } : {}
        const { map, of } = watch(
          kit
            .client({ ...noticing, ...relinks })
            .downlinkMap()
            .nodeUri(node)
            .laneUri('map'),
        )
        await map.whenSynced()
        await kit.command(node, 'stop', '')
        if (ended === 'told, entries lost') {
          await until(() => of('unlink').length > 0, 'didUnlink')
          expect(of('unlink')).toEqual([['unlink', 'unlinked']])
          await until(
            () => map.size === 0 && map.synced,
            () => `an empty map: ${JSON.stringify([...map])}`,
          )
          expect(of('remove').map(String).sort()).toEqual(['remove,k0,0', 'remove,k1,1', 'remove,k2,2'])
        } else {
          await kit.command(node, 'remote', '@update(key:z)1')
          await until(() => map.get('z') === 1, 'what another client had the next agent put')
          expect(of('remove')).toEqual([])
        }
        await map.put('a', 1)
        expect(await kit.truth(node)).toContainEqual(['a', 1])
        expect([...map]).toEqual(await kit.truth(node))
      })

      test('a write to an agent that has stopped lands in the next one', async () => {
        const node = kit.node()
        const { map } = watch(kit.client(noticing).downlinkMap().nodeUri(node).laneUri('map'))
        await map.put('a', 1)
        await kit.command(node, 'stop', '')
        await kit.command(node, 'remote', '@update(key:z)1')
        expect(await map.put('b', 2)).toBe('taken')
        const truth = await kit.truth(node)
        expect(truth).toEqual(
          expect.arrayContaining([
            ['b', 2],
            ['z', 1],
          ]),
        )
        await until(() => JSON.stringify([...map]) === JSON.stringify(truth), 'the map to be the lane')
      })
    }

    test('a link that nobody uses for a while stays', async () => {
      const host = await kit.ownHost({ inactiveMs: 1500 })
      const client = kit.client({ hostUri: host.uri, heartbeatMs: 400 })
      const { map, told } = watch(client.downlinkMap().nodeUri('/unit/idle').laneUri('map'))
      await map.whenSynced()
      await map.put('a', 1)
      await new Promise(done => setTimeout(done, 4000))
      expect(map.status).toEqual({ state: 'synced' })
      expect([...map]).toEqual([['a', 1]])
      expect(told).toEqual([['sync'], ['update', 'a', 1, undefined]])
    })
  })
}
