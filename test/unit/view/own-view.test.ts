// A function of a view that reads this view: it sees what is there by then, and what it read does not stay.
import { expect, test } from 'vitest'
import { view, type View } from '../../../src/view/index.js'
import { ScriptedHost } from '../../support/scripted-host.js'

type Own = View<unknown, unknown>

test.each<[string, (own: Own) => unknown]>([
  ['size', own => Array.from({ length: own.size })],
  ['keys', own => [...own.keys()]],
  ['keySnapshot', own => own.keySnapshot()],
  ['snapshot', own => [...own.snapshot()]],
])('by %s', async (_, read) => {
  const host = new ScriptedHost()
  const map = host.map().open()
  for (const key of ['b', 'c', 'a']) map.set(key, 1)
  await host.settle()
  const seen: number[] = []
  const own: Own = view(map).map(value => {
    seen.push((read(own) as unknown[]).length)
    return value
  })
  const plain = view(map).filter(() => true)
  const expectSame = () => {
    expect([read(own), own.size]).toEqual([read(plain), plain.size])
    expect([[...own], own.keySnapshot(), own.snapshot()]).toEqual([[...plain], plain.keySnapshot(), plain.snapshot()])
  }
  // Called once for each entry: reading does not begin the start again.
  expectSame()
  expect(seen).toEqual([0, 1, 2])
  map.set('d', 1)
  map.set('a', 2)
  expectSame()
  expect(seen).toEqual([0, 1, 2, 3, 4])
  map.delete('b')
  expectSame()
  expect([seen.length, host.errors]).toEqual([5, []])
})

test('by a walk that goes on as entries come: it gives each key once, and those that come behind it', async () => {
  const host = new ScriptedHost()
  const map = host.map().open()
  for (const key of ['c', 'g', 'k', 'a', 'm', 'b', 'z']) map.set(key, key)
  await host.settle()
  let walk: Iterator<unknown> | undefined
  const seen: unknown[] = []
  const own: Own = view(map).map(value => {
    if (own.size > 2) seen.push((walk ??= own.keys()).next().value)
    return value
  })
  expect(own.size).toBe(7)
  for (let step = walk!.next(); !step.done; step = walk!.next()) seen.push(step.value)
  expect(seen).toEqual(['c', 'g', 'k', 'm', 'z'])
})
