// Interop scenarios. Writes of our own to a map lane: shown at once, taken by the lane, never told twice.
import { describe, expect, test } from 'vitest'
import type { Value } from '../../../src/recon/index.js'
import { at, until, watch, type Kit } from './kit.js'

export function writingScenarios(kit: Kit): void {
  const { differences } = kit.kind
  const open = (node: string, lane = 'map', client = kit.client()) =>
    watch(client.downlinkMap().nodeUri(node).laneUri(lane))

  describe('writing a map lane', () => {
    test('set: shown and told at once, and not again for the echo; the lane has it', async () => {
      const node = kit.node()
      const { map, told } = open(node)
      await map.whenSynced()
      const listener = await kit.listener(node)
      map.set('a', { n: 1 })
      expect(map.get('a')).toEqual({ n: 1 })
      expect(told.slice(1)).toEqual([['update', 'a', { n: 1 }, undefined]])
      await listener.until(/@update\(key:a\)/)
      expect(await map.put('a', { n: 2 })).toBe('taken')
      expect(told.slice(1)).toEqual([
        ['update', 'a', { n: 1 }, undefined],
        ['update', 'a', { n: 2 }, { n: 1 }],
      ])
      expect(await kit.truth(node)).toEqual([['a', { n: 2 }]])
    })

    test('delete: gone and told at once, and not again for the echo; the lane has it no more', async () => {
      const node = kit.node()
      await kit.command(node, 'fill', '{count:3,prefix:k}')
      const { map, told } = open(node)
      await map.whenSynced()
      expect(map.delete('k1')).toBe(true)
      expect(map.has('k1')).toBe(false)
      expect(await map.remove('k2')).toBe('taken')
      expect(told.filter(([kind]) => kind === 'remove')).toEqual([
        ['remove', 'k1', 1],
        ['remove', 'k2', 2],
      ])
      expect(await kit.truth(node)).toEqual([['k0', 0]])
    })

    test('clear: told once; the lane is empty', async () => {
      const node = kit.node()
      await kit.command(node, 'fill', '{count:3,prefix:k}')
      const { map, told } = open(node)
      await map.whenSynced()
      map.clear()
      expect(map.size).toBe(0)
      await until(() => told.some(([kind]) => kind === 'clear'), 'didClear')
      expect(await map.put('z', 1)).toBe('taken')
      expect(told.filter(([kind]) => kind === 'remove')).toHaveLength(3)
      expect(await kit.truth(node)).toEqual([['z', 1]])
    })

    test(`drop, take (${differences['drop and take']}): the map ends as the lane`, async () => {
      const node = kit.node()
      await kit.command(node, 'fill', '{count:8,prefix:k}')
      const { map, of } = open(node)
      await map.whenSynced()
      if (differences['drop and take'] === 'applied') {
        map.drop(2)
        await until(
          () => map.size === 6 && map.synced,
          () => `the drop: ${map.size}`,
        )
        map.take(3)
        await until(
          () => map.size === 3 && map.synced,
          () => `the take: ${map.size}`,
        )
        expect([...map]).toEqual([
          ['k2', 2],
          ['k3', 3],
          ['k4', 4],
        ])
        expect(of('remove')).toHaveLength(5)
      } else {
        map.drop(2)
        await until(
          () => map.size === 0 && map.synced,
          () => `the end of the agent: ${map.size}`,
        )
        expect(of('remove')).toHaveLength(8)
        await kit.command(node, 'fill', '{count:3,prefix:k}')
        await until(
          () => map.size === 3,
          () => `what the next agent has: ${map.size}`,
        )
        map.take(1)
        await until(
          () => map.size === 0 && map.synced,
          () => `its end: ${map.size}`,
        )
      }
      expect([...map]).toEqual(await kit.truth(node))
      expect(await map.put('z', 1)).toBe('taken')
    })

    test(`remove of an absent key (${differences['remove of an absent key']}): never sent, online or offline`, async () => {
      const node = kit.node()
      await kit.command(node, 'fill', '{count:3,prefix:k}')
      const proxy = await kit.proxy()
      const { map, told } = open(node, 'map', kit.client({ hostUri: proxy.uri }))
      await map.whenSynced()
      expect(map.delete('absent')).toBe(false)
      expect(await map.remove('absent')).toBe('taken')
      expect(await map.put('online', 1)).toBe('taken')
      proxy.refuse(true)
      proxy.cut()
      await until(() => !map.connected, 'disconnected')
      map.delete('never')
      map.set('passing', 1)
      map.delete('passing')
      map.delete('k1')
      await kit.command(node, 'remote', '@remove(key:k1)')
      proxy.refuse(false)
      expect(await map.put('offline', 1)).toBe('taken')
      expect(await kit.truth(node)).toEqual([
        ['k0', 0],
        ['k2', 2],
        ['offline', 1],
        ['online', 1],
      ])
      expect([...map]).toEqual(await kit.truth(node))
      expect(told.filter(([kind, key]) => kind === 'remove' && key === 'k1')).toHaveLength(1)
    })

    test('a remove that arrived, and whose echo did not: not sent again', async () => {
      const node = kit.node()
      await kit.command(node, 'fill', '{count:2,prefix:k}')
      const proxy = await kit.proxy()
      const { map } = open(node, 'map', kit.client({ hostUri: proxy.uri }))
      await map.whenSynced()
      const listener = await kit.listener(node)
      proxy.blackhole(true, 'down')
      const removed = map.remove('k0')
      await listener.until(/@remove\(key:k0\)/)
      proxy.reset()
      proxy.blackhole(false, 'down')
      expect(await removed).toBe('taken')
      expect(await map.put('after', 1)).toBe('taken')
      expect([...map]).toEqual([
        ['after', 1],
        ['k1', 1],
      ])
      expect([...map]).toEqual(await kit.truth(node))
    })

    test('offline writes: shown at once, folded, sent once after the resync', async () => {
      const node = kit.node()
      const proxy = await kit.proxy()
      proxy.refuse(true)
      const { map, told } = open(node, 'map', kit.client({ hostUri: proxy.uri }))
      const listener = await kit.listener(node)
      for (let n = 1; n <= 50; n++) map.set('a', n)
      map.set('b', 1)
      const last = map.put('c', 1)
      expect([...map]).toEqual([
        ['a', 50],
        ['b', 1],
        ['c', 1],
      ])
      proxy.refuse(false)
      expect(await last).toBe('taken')
      const events = () => listener.frames.filter(frame => frame.startsWith('@event'))
      await until(() => events().length === 3, 'three events')
      expect(events().sort()).toEqual([
        `@event${at(node, 'map')}@update(key:a) 50`,
        `@event${at(node, 'map')}@update(key:b) 1`,
        `@event${at(node, 'map')}@update(key:c) 1`,
      ])
      expect(told.filter(([kind]) => kind === 'update')).toHaveLength(52)
      expect(told.filter(([kind]) => kind === 'remove')).toHaveLength(0)
    })

    test('offline writes over what changed meanwhile: the own ones win, the rest is the lane’s', async () => {
      const node = kit.node()
      await kit.command(node, 'fill', '{count:4,prefix:k}')
      const proxy = await kit.proxy()
      const { map, told } = open(node, 'map', kit.client({ hostUri: proxy.uri }))
      await map.whenSynced()
      proxy.refuse(true)
      proxy.cut()
      await until(() => !map.connected, 'disconnected')
      const from = told.length
      map.set('k0', 'mine')
      map.delete('k1')
      await kit.command(node, 'fill', '{count:2,prefix:k,value:theirs}')
      await kit.command(node, 'remote', '@remove(key:k2)')
      proxy.refuse(false)
      await map.put('done', 1)
      await until(() => map.synced && !map.has('k1'), 'the remove')
      const truth = await kit.truth(node)
      expect(truth).toEqual([
        ['done', 1],
        ['k0', 'mine'],
        ['k3', 3],
      ])
      expect([...map]).toEqual(truth)
      const changes = told.slice(from).filter(([kind]) => kind === 'update' || kind === 'remove')
      expect(changes.filter(([, key]) => key === 'k0')).toEqual([['update', 'k0', 'mine', 0]])
      expect(changes.filter(([, key]) => key === 'k1')).toEqual([['remove', 'k1', 1]])
    })

    test('quick writes: 1,000 of one key, told in order, the last one stays', async () => {
      const node = kit.node()
      const { map, of } = open(node)
      await map.whenSynced()
      for (let n = 1; n < 1000; n++) map.set('a', n)
      expect(await map.put('a', 1000)).toBe('taken')
      expect(of('update').map(each => each[2])).toEqual(Array.from({ length: 1000 }, (_, i) => i + 1))
      expect(await kit.truth(node)).toEqual([['a', 1000]])
    })

    test('a slow line: no older value ever shows in between', async () => {
      const node = kit.node()
      const proxy = await kit.proxy()
      const { map, of } = open(node, 'map', kit.client({ hostUri: proxy.uri }))
      await map.whenSynced()
      proxy.delay(100)
      for (let n = 1; n <= 12; n++) {
        map.set('a', n)
        await new Promise(done => setTimeout(done, 20))
      }
      expect(await map.put('a', 13)).toBe('taken')
      expect(of('update').map(each => each[2])).toEqual(Array.from({ length: 13 }, (_, i) => i + 1))
      map.set('b', 1)
      map.delete('b')
      map.set('b', 2)
      expect(await map.put('b', 3)).toBe('taken')
      expect(of('remove')).toHaveLength(1)
    })

    test('two clients writing the same keys: both end as the lane', async () => {
      const node = kit.node()
      const [one, two] = [open(node), open(node)]
      await Promise.all([one.map.whenSynced(), two.map.whenSynced()])
      const writes: Promise<unknown>[] = []
      for (let n = 0; n < 200; n++) {
        const { map } = n % 2 === 0 ? one : two
        writes.push(map.put(`k${(n * 7) % 10}`, n))
        if (n % 20 === 0) await new Promise(done => setTimeout(done, 5))
      }
      await Promise.all(writes)
      const truth = await kit.truth(node)
      expect(truth).toHaveLength(10)
      const same = () => JSON.stringify([...one.map]) === JSON.stringify(truth)
      await until(() => same() && JSON.stringify([...two.map]) === JSON.stringify(truth), 'both as the lane')
    })

    test('a foreign write after an own one: shown and told', async () => {
      const node = kit.node()
      const { map, told } = open(node)
      await map.whenSynced()
      await map.put('a', 'mine')
      await kit.command(node, 'remote', '@update(key:a)theirs')
      await until(() => map.get('a') === 'theirs', 'theirs')
      expect(told.slice(1)).toEqual([
        ['update', 'a', 'mine', undefined],
        ['update', 'a', 'theirs', 'mine'],
      ])
    })

    test('a lane filled on command', async () => {
      const node = kit.node()
      const client = kit.client()
      const { map } = open(node, 'map', client)
      await map.whenSynced()
      await client.command(kit.host.uri, node, 'fill', { count: 100, prefix: 'p', from: 10 })
      await until(
        () => map.size === 100,
        () => `100 entries: ${map.size}`,
      )
      expect(map.first()).toEqual(['p10', 10])
      await client.command(kit.host.uri, node, 'burst', { key: 'b', count: 500 })
      await until(() => map.get('b') === 500, 'the last of the burst')
      await client.command(kit.host.uri, node, 'remote', { '@clear': null })
      await until(() => map.size === 0, 'the clear')
      await client.command(kit.host.uri, node, 'churn', { count: 60, keys: 7 })
      await until(() => map.size > 0, 'the churn')
      await until(() => map.synced, 'synced')
      await new Promise(done => setTimeout(done, 300))
      expect([...map]).toEqual(await kit.truth(node))
    })

    test(`empty values (${differences['empty values']}), and records of one item (${differences['records of one item']})`, async () => {
      const node = kit.node()
      const keeping = watch(kit.client().downlinkMap().nodeUri(node).laneUri('map').emptyValues('keep'))
      const removing = open(node)
      await Promise.all([keeping.map.whenSynced(), removing.map.whenSynced()])
      await keeping.map.put('none', undefined)
      expect(keeping.map.has('none')).toBe(true)
      await keeping.map.put('empty', {})
      await keeping.map.put('one', [1])
      await keeping.map.put('text', '')
      await until(() => removing.map.has('text'), 'the last write')
      expect(removing.map.has('none')).toBe(false)
      expect(keeping.map.get('none')).toBeUndefined()
      if (differences['empty values'] === 'carried') {
        expect(keeping.map.get('empty')).toEqual({})
        expect(removing.map.get('empty')).toEqual({})
      } else {
        expect(keeping.map.has('empty')).toBe(true)
        expect(removing.map.has('empty')).toBe(false)
      }
      const one = differences['records of one item'] === 'carried' ? [1] : 1
      await until(() => JSON.stringify(removing.map.get('one')) === JSON.stringify(one), 'one item')
      const fresh = watch(kit.client().downlinkMap().nodeUri(node).laneUri('map').emptyValues('keep'))
      await fresh.map.whenSynced()
      expect([...fresh.map.keys()]).toEqual(['empty', 'none', 'one', 'text'])
    })

    test(`texts true and false (${differences['texts true and false']})`, async () => {
      const node = kit.node()
      const [one, two] = [open(node), open(node)]
      await Promise.all([one.map.whenSynced(), two.map.whenSynced()])
      await one.map.put('true', 'false')
      await one.map.put('value', 'true')
      const isCarried = differences['texts true and false'] === 'carried'
      const entries = isCarried
        ? [
            ['true', 'false'],
            ['value', 'true'],
          ]
        : [
            ['value', true],
            [true, false],
          ]
      for (const { map } of [one, two]) {
        await until(
          () => JSON.stringify([...map]) === JSON.stringify(entries),
          () => JSON.stringify([...map]),
        )
      }
      expect(await kit.truth(node)).toEqual(entries)
      if (isCarried) {
        expect(await two.map.remove('true')).toBe('taken')
        expect(await kit.truth(node)).toEqual(entries.slice(1))
      }
    })

    test('keys of every kind: written by one client, read and removed by another', async () => {
      const node = kit.node()
      const [one, two] = [open(node), open(node)]
      await Promise.all([one.map.whenSynced(), two.map.whenSynced()])
      const keys: Value[] = [
        ...['a', 'b c', 'é', '😀', '1', '', 'a"b\\c\n\td', 'node:lane', '__proto__', 'x'.repeat(2000)],
        ...[1, -1, 1.5, 0, 123456789, 9007199254740991, -(2 ** 31), 1e21, 1e-7],
        ...[9007199254740993n, 2n ** 63n - 1n, true, false, new Uint8Array([0, 1, 2, 255])],
        ...[{ floor: 1, room: 2 }, { room: 2, floor: 1 }, [1, 2], [1, [2, 3]], { a: { b: 'c' } }],
      ]
      await Promise.all(keys.map((key, i) => one.map.put(key, i)))
      await until(
        () => two.map.size === keys.length,
        () => `all keys: ${two.map.size} of ${keys.length}`,
      )
      keys.forEach((key, i) => expect([key, two.map.get(key)]).toEqual([key, i]))
      expect([...two.map]).toEqual([...one.map])
      expect([...two.map]).toEqual(await kit.truth(node))
      await Promise.all(keys.map(key => two.map.remove(key)))
      await until(
        () => one.map.size === 0,
        () => `none left: ${JSON.stringify([...one.map.keys()])}`,
      )
      expect(await kit.truth(node)).toEqual([])
    })

    test('values of every kind come through', async () => {
      const node = kit.node()
      const [one, two] = [open(node), open(node)]
      await Promise.all([one.map.whenSynced(), two.map.whenSynced()])
      const values: Value[] = [
        ...['a', '1', '', 'a "quoted"\nline', '\u0007\u00a0\ufeff', '日本語 😀', 'x'.repeat(100_000)],
        ...[0, -7, 3.25, 1e-9, 2 ** 53 - 1, 9007199254740993n, true, false, new Uint8Array(300).fill(7)],
        ...[{ id: 7, floor: 1, occupied: false }, [1, 'two', true], { deep: { er: { est: [1, [2, [3, 4]]] } } }],
        ...[{ '@point': [1, 2] }, { '@tag': null, x: 1 }, { constructor: 1, ['__proto__']: 2 }],
      ]
      expect(await Promise.all(values.map((value, i) => one.map.put(i, value)))).toEqual(values.map(() => 'taken'))
      await until(
        () => two.map.size === values.length,
        () => `all values: ${two.map.size}`,
      )
      values.forEach((value, i) => expect([i, two.map.get(i)]).toEqual([i, value]))
      expect([...two.map]).toEqual(await kit.truth(node))
    })
  })
}
