// Interop scenarios. How writes end, by what a lane lets one know of them: docs/PROTOCOL.md#outcomes.
import { describe, expect, test } from 'vitest'
import { until, watch, type Kit } from './kit.js'

export function outcomeScenarios(kit: Kit): void {
  const { differences } = kit.kind
  const open = (node: string, lane = 'map', client = kit.client()) =>
    watch(client.downlinkMap().nodeUri(node).laneUri(lane))

  describe('how a write ends', () => {
    test('taken, by a lane that takes it: new, equal to what is there, and its removal', async () => {
      const node = kit.node()
      const { map } = open(node)
      await map.whenSynced()
      expect(await map.put('a', 1)).toBe('taken')
      expect(await map.put('a', 1)).toBe('taken')
      expect(await map.remove('a')).toBe('taken')
      expect(await map.remove('a')).toBe('taken')
      expect(await kit.truth(node)).toEqual([])
    })

    test('superseded, by a lane that makes another value of it: that one shows', async () => {
      const node = kit.node()
      const { map, of } = open(node, 'upper')
      await map.whenSynced()
      expect(await map.put('a', 'abc')).toBe('superseded')
      expect(map.get('a')).toBe('ABC')
      expect(of('update').map(each => each[2])).toEqual(['abc', 'ABC'])
      expect(await map.put('a', 'XYZ')).toBe('taken')
      expect([...map]).toEqual(await kit.truth(node, 'upper'))
    })

    test('refused, by a lane that holds what it held, or nothing: that shows', async () => {
      const node = kit.node()
      const { map, of } = open(node, 'positive')
      await map.whenSynced()
      expect(await map.put('a', -1)).toBe('refused')
      expect(map.has('a')).toBe(false)
      expect(await map.put('a', 5)).toBe('taken')
      expect(await map.put('a', -2)).toBe('refused')
      expect(map.get('a')).toBe(5)
      expect(of('update').map(each => each[2])).toEqual([-1, 5, -2, 5])
      expect([...map]).toEqual([['a', 5]])
      expect([...map]).toEqual(await kit.truth(node, 'positive'))
    })

    test(`values of another type than the lane’s (${differences['values of another type']})`, async () => {
      const node = kit.node()
      const { map } = open(node, 'shoppingCart')
      await map.whenSynced()
      await map.put('a', 1)
      const outcome = await map.put('a', 'many')
      if (differences['values of another type'] === 'dropped') {
        expect(outcome).toBe('refused')
        expect(map.get('a')).toBe(1)
      }
      expect([...map]).toEqual(await kit.truth(node, 'shoppingCart'))
    })

    test('superseded, where an own write or somebody else’s takes its place', async () => {
      const node = kit.node()
      const proxy = await kit.proxy()
      const { map } = open(node, 'map', kit.client({ hostUri: proxy.uri }))
      await map.whenSynced()
      await map.put('a', 0)
      proxy.refuse(true)
      proxy.cut()
      await until(() => !map.connected, 'disconnected')
      const ends = [map.put('a', 1), map.put('a', 2), map.put('b', 1, { unlessChanged: true })]
      await kit.command(node, 'remote', '@update(key:b)theirs')
      proxy.refuse(false)
      expect(await ends[0]).toBe('superseded')
      expect(await ends[1]).toBe('taken')
      await expect(ends[2]).rejects.toMatchObject({ code: 'conflict', theirs: 'theirs', mine: 1, base: undefined })
      expect([...map]).toEqual(await kit.truth(node))
    })

    test('of a value: taken, or made another', async () => {
      const node = kit.node()
      const clamped = kit.client().downlinkValue<number>().nodeUri(node).laneUri('clamped').open()
      await clamped.whenSynced()
      expect(await clamped.put(50)).toBe('taken')
      expect(await clamped.put(500)).toBe('superseded')
      expect(clamped.get()).toBe(100)
    })

    test('pending until then, and settled after', async () => {
      const node = kit.node()
      const client = kit.client()
      const { map } = open(node, 'map', client)
      await map.whenSynced()
      for (let n = 0; n < 100; n++) map.set(`k${n}`, n)
      expect([client.pendingCount, map.pending.size, map.isPending('k7')]).toEqual([100, 100, true])
      await map.settled({ timeoutMs: 10_000 })
      expect([client.pendingCount, map.pending.size, map.isPending('k7')]).toEqual([0, 0, false])
      expect(await kit.truth(node)).toHaveLength(100)
    })
  })
}
