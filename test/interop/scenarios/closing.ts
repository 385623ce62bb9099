// Interop scenarios. What was written is in the lane after close(), however early that is called.
import { describe, expect, test } from 'vitest'
import type { Kit } from './kit.js'

export function closingScenarios(kit: Kit): void {
  const at = (node: string, laneUri: string) => ({ nodeUri: node, laneUri })

  describe('closing', () => {
    test.each([true, false])('of the client delivers maps, values and commands (linked before: %s)', async isLinked => {
      const node = kit.node()
      await kit.command(node, 'fill', '{count:2,prefix:k}')
      const client = kit.client()
      const map = client.downlinkMap<string, unknown>(at(node, 'map')).open()
      const value = client.downlinkValue<unknown>(at(node, 'value')).open()
      const event = client.downlinkEvent(at(node, 'addItem')).open()
      if (isLinked) await Promise.all([map.whenSynced(), value.whenSynced()])
      map.set('key', 'value')
      map.delete('k0')
      value.set('last')
      const command = event.command('apple')
      const linkless = client.command(kit.host.uri, node, 'addItem', 'pear')
      await client.close()
      expect(await Promise.all([command, linkless])).toEqual(['taken', 'taken'])
      expect(client.pendingCount).toBe(0)
      expect(await kit.truth(node)).toEqual([
        ['k1', 1],
        ['key', 'value'],
      ])
      const reader = kit.client().downlinkValue(at(node, 'value')).open()
      await reader.whenSynced()
      expect(reader.get()).toBe('last')
      await expect
        .poll(() => kit.truth(node, 'shoppingCart'))
        .toEqual([
          ['apple', 1],
          ['pear', 1],
        ])
    })

    test('of one downlink delivers its own, and leaves the others of its lane', async () => {
      const node = kit.node()
      const client = kit.client()
      const [one, two] = [at(node, 'map'), at(node, 'map')].map(lane => client.downlinkMap<string, number>(lane).open())
      const puts = Array.from({ length: 200 }, (_, n) => one!.put(`k${n}`, n))
      one!.close()
      expect(new Set(await Promise.all(puts))).toEqual(new Set(['taken']))
      await two!.put('after', 1)
      expect(await kit.truth(node)).toHaveLength(201)
    })

    test('over a link that is lost, and back in time', async () => {
      const node = kit.node()
      const proxy = await kit.proxy()
      const client = kit.client({ hostUri: proxy.uri, closeTimeoutMs: 10_000 })
      const map = client.downlinkMap<string, number>(at(node, 'map')).open()
      await map.whenSynced()
      proxy.refuse(true)
      proxy.cut()
      map.set('late', 1)
      const closed = client.close()
      setTimeout(() => proxy.refuse(false), 300)
      await closed
      expect(await kit.truth(node)).toEqual([['late', 1]])
    })

    test('with no time for it sends nothing that waits, and says so', async () => {
      const node = kit.node()
      const client = kit.client({ closeTimeoutMs: 0 })
      const map = client.downlinkMap<string, number>(at(node, 'map')).open()
      const put = map.put('never', 1)
      await client.close()
      await expect(put).rejects.toMatchObject({ code: 'closed' })
      expect(await kit.truth(node)).toEqual([])
    })
  })
}
