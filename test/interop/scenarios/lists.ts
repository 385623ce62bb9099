// Interop scenarios. List lanes, of hosts that have them: SwimOS Rust has none. Demand map lanes. What a host says of itself.
import { describe, expect, test } from 'vitest'
import '../../../src/list.js'
import '../../../src/meta.js'
import { until, type Kit } from './kit.js'

export function listScenarios(kit: Kit): void {
  const list = (nodeUri: string) => kit.client().downlinkList<unknown>().nodeUri(nodeUri).laneUri('list').open()

  describe.skipIf(kit.kind.name === 'SwimOS Rust')('list lanes', () => {
    test('two clients write, and both have the list of the lane', async () => {
      const node = kit.node()
      const [one, two] = [list(node), list(node)]
      await Promise.all([one.whenSynced(), two.whenSynced()])
      one.push(1, 2, { x: 1 })
      one.insert(0, 'first')
      await one.settled()
      await until(() => two.size === 4, 'four items')
      two.move(0, 2)
      two.set(1, 22)
      two.remove(-1)
      one.push('end')
      await Promise.all([one.settled(), two.settled()])
      await until(() => one.toJSON().join() === two.toJSON().join(), 'both the same')
      const late = list(node)
      await late.whenSynced()
      expect([...one].sort()).toEqual([1, 22, 'end', 'first'])
      expect([...late]).toEqual([...one])
      expect(late.keys()).toEqual(two.keys())
      one.drop(1)
      one.take(2)
      await one.settled()
      expect(one.size).toBe(2)
      await until(() => two.size === 2 && late.size === 2, 'two items')
      two.clear()
      await two.settled()
      await until(() => one.size === 0 && late.size === 0, 'none')
    })

    test('items that the host names itself, moves and removes by position', async () => {
      const node = kit.node()
      const it = list(node)
      await it.whenSynced()
      for (const [i, value] of ['a', 'b', 'c'].entries()) await kit.command(node, 'list', `@update(index:${i})${value}`)
      await until(() => it.size === 3, 'three items')
      await kit.command(node, 'list', '@move(from:0,to:2)')
      await kit.command(node, 'list', '@remove(index:0)')
      await until(
        () => it.toJSON().join() === 'c,a',
        () => it.toJSON().join(),
      )
      expect(new Set(it.keys()).size).toBe(2)
    })

    test('what was written offline goes out once the list is synced', async () => {
      const node = kit.node()
      const it = list(node)
      it.push('a', 'b')
      it.move(1, 0)
      await it.settled()
      const late = list(node)
      await late.whenSynced()
      expect([...late]).toEqual(['b', 'a'])
    })
  })

  describe.skipIf(kit.kind.name === 'SwimOS Rust')('demand map lanes', () => {
    test('its entries are made at the sync, and when cued', async () => {
      const node = kit.node()
      const map = kit.client().downlinkMap<number, number>().nodeUri(node).laneUri('squares').open()
      await map.whenSynced()
      expect([...map]).toEqual([
        [1, 1],
        [2, 4],
        [3, 9],
      ])
      await kit.command(node, 'cue', '5')
      await until(() => map.get(5) === 25, 'the cued entry')
    })
  })

  describe.skipIf(kit.kind.name !== 'swimlink/host')('introspection', () => {
    test('names nodes, lanes, links and figures', async () => {
      const node = kit.node()
      const it = list(node)
      await it.whenSynced()
      const meta = kit.client().meta(kit.host.uri)
      const [nodes, lanes, links, pulse] = [meta.nodes(), meta.lanes(node), meta.uplinks(node, 'list'), meta.pulse()]
      await Promise.all([nodes, lanes, links, pulse].map(each => each.whenSynced()))
      expect(nodes.get(node)?.nodeUri).toBe(node)
      expect(nodes.get(node)!.created).toBeGreaterThan(1.7e12)
      expect(lanes.get('list')).toEqual({ laneUri: 'list', laneType: 'list' })
      expect(links.size).toBe(1)
      expect(pulse.get()!.nodeCount).toBe(nodes.size)
      it.close()
      await until(() => links.size === 0, 'no link')
    })
  })
}
