// A listener of a view that has not begun: a change made after `subscribe` is one that a map's listener hears.
import { expect, test } from 'vitest'
import { view } from '../../../src/view/index.js'
import { ScriptedHost } from '../../support/scripted-host.js'

const heardOf = async (isRead: boolean) => {
  const host = new ScriptedHost()
  const map = host.map().open()
  await host.settle()
  const all = view(map).filter(() => true)
  if (isRead) void all.size
  const ofMap: unknown[] = []
  const ofView: unknown[] = []
  map.subscribe(changes => ofMap.push(changes))
  all.subscribe(changes => ofView.push(changes))
  map.set('a', 1)
  await host.settle()
  return { ofMap, ofView, entries: [...all] }
}

test('the first change after subscribe is reported, whether or not the view was read before', async () => {
  const read = await heardOf(true)
  expect(read.ofView).toEqual(read.ofMap)
  const unread = await heardOf(false)
  expect(unread.entries).toEqual([['a', 1]])
  expect(unread.ofView).toEqual(unread.ofMap)
})
