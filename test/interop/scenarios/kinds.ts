// Interop scenarios. Downlinks of another kind than their lane: nothing that the lane holds is changed by them.
import { describe, expect, test } from 'vitest'
import type { SwimError } from '../../../src/index.js'
import { until, type Kit } from './kit.js'

export function kindScenarios(kit: Kit): void {
  const open = (kind: 'map' | 'value', nodeUri: string, laneUri: string, client = kit.client()) => {
    const failed: SwimError[] = []
    const lane = { nodeUri, laneUri, didFail: (error: SwimError) => failed.push(error) }
    const downlink =
      kind === 'map' ? client.downlinkMap<string, unknown>(lane).open() : client.downlinkValue<unknown>(lane).open()
    const put = () => ('size' in downlink ? downlink.put('a', 1) : downlink.put(1))
    return { downlink, failed, put }
  }

  describe('a downlink of another kind than its lane', () => {
    test.each(['set', 'never set'])('a map downlink on a value lane that was %s', async how => {
      const node = kit.node()
      const right = open('value', node, 'value')
      await right.downlink.whenSynced()
      if (how === 'set') await right.put()
      const client = kit.client()
      const wrong = open('map', node, 'value', client)
      const early = wrong.put()
      await expect(wrong.downlink.whenSynced()).rejects.toMatchObject({
        code: 'laneKind',
        found: 'value',
        wanted: 'map',
      })
      await expect(early).rejects.toMatchObject({ code: 'laneKind' })
      await expect(wrong.put()).rejects.toMatchObject({ code: 'laneKind' })
      const late = open('map', node, 'value', client)
      await expect(late.downlink.whenSynced()).rejects.toMatchObject({ code: 'laneKind' })
      expect(wrong.failed.map(({ code }) => code)).toEqual(['laneKind'])
      const reader = open('value', node, 'value')
      await reader.downlink.whenSynced()
      expect('size' in reader.downlink || reader.downlink.get()).toBe(how === 'set' ? 1 : undefined)
    })

    test('a value downlink on a map lane with entries', async () => {
      const node = kit.node()
      await kit.command(node, 'fill', '{count:2,prefix:k}')
      const wrong = open('value', node, 'map')
      const early = wrong.put()
      await expect(wrong.downlink.whenSynced()).rejects.toMatchObject({
        code: 'laneKind',
        found: 'map',
        wanted: 'value',
      })
      await expect(early).rejects.toMatchObject({ code: 'laneKind' })
      await expect(wrong.put()).rejects.toMatchObject({ code: 'laneKind' })
      expect(await kit.truth(node)).toEqual([
        ['k0', 0],
        ['k1', 1],
      ])
    })

    test('a value downlink on a map lane without entries: the first event says so', async () => {
      const node = kit.node()
      const wrong = open('value', node, 'map')
      await wrong.downlink.whenSynced()
      await kit.command(node, 'fill', '{count:1,prefix:k}')
      await until(() => wrong.failed.length > 0, 'didFail')
      expect(wrong.failed.map(({ code }) => code)).toEqual(['laneKind'])
      await expect(wrong.put()).rejects.toMatchObject({ code: 'laneKind' })
      expect(await kit.truth(node)).toEqual([['k0', 0]])
    })

    test('leaves one of the right kind on the same link alone', async () => {
      const node = kit.node()
      await kit.command(node, 'fill', '{count:2,prefix:k}')
      const client = kit.client()
      const right = open('map', node, 'map', client)
      const wrong = open('value', node, 'map', client)
      await right.downlink.whenSynced()
      await expect(wrong.downlink.whenSynced()).rejects.toMatchObject({ code: 'laneKind' })
      expect(await right.put()).toBe('taken')
      expect([right.downlink.synced, right.failed]).toEqual([true, []])
    })
  })
}
