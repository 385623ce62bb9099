// What a Map has from ES2026 on, on a map downlink.
import { expect, test } from 'vitest'
import { SwimClient } from '../../../src/index.js'
import { VirtualClock } from '../../../src/testing/virtual-clock.js'
import { MemoryNetwork } from '../../../src/testing/memory-network.js'

const clock = new VirtualClock()
const network = new MemoryNetwork(clock)
const map = new SwimClient({ clock, webSocket: network.WebSocket })
  .downlinkMap<string, number>({ hostUri: 'warp://host', nodeUri: '/n', laneUri: 'l' })
  .open()

test('getOrInsert gives what is there, and sets what is not', () => {
  expect(map.getOrInsert('a', 1)).toBe(1)
  expect(map.getOrInsert('a', 2)).toBe(1)
  expect(map.get('a')).toBe(1)
})

test('getOrInsertComputed makes a value only where there is none', () => {
  const made: string[] = []
  const make = (key: string) => made.push(key)
  expect(map.getOrInsertComputed('b', make)).toBe(1)
  expect(map.getOrInsertComputed('b', make)).toBe(1)
  expect(made).toEqual(['b'])
  expect([...map]).toEqual([
    ['a', 1],
    ['b', 1],
  ])
})
