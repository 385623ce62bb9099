// Views in bindings, where a binding runs without a page: each is read as a map is, and closes with what opened it.
import { get } from 'svelte/store'
import { expect, test } from 'vitest'
import { effectScope, nextTick, shallowRef } from 'vue'
import { mapEntries, mapEntry, mapKeys } from '../../../src/svelte.js'
import { view } from '../../../src/view/index.js'
import { useDownlinkStatus, useMapEntry, useMapKeys, useView } from '../../../src/vue.js'
import { ScriptedHost } from '../../support/scripted-host.js'

async function opened() {
  const host = new ScriptedHost()
  const map = host.client.downlinkMap<string, number>().laneUri('map').open()
  map.set('a', 1).set('b', 2)
  await host.settle()
  await host.say('@linked', '@synced')
  return { host, map }
}

test('Vue: a view opens and closes with its scope, and refs of it change with what they read', async () => {
  const { host, map } = await opened()
  const source = shallowRef<typeof map>()
  const scope = effectScope()
  const { large, keys, one, status } = scope.run(() => {
    const large = useView(() => source.value && view(source.value).filter(n => n > 1))
    return { large, keys: useMapKeys(large), one: useMapEntry(large, 'a'), status: useDownlinkStatus(large) }
  })!
  expect([keys.value, one.value, status.value.state]).toEqual([[], undefined, 'connecting'])
  source.value = map
  await nextTick()
  expect([keys.value, one.value, status.value.state]).toEqual([['b'], undefined, 'synced'])
  const before = keys.value
  map.set('b', 3)
  await host.settle()
  expect(keys.value).toBe(before)
  map.set('a', 5)
  await host.settle()
  expect([keys.value, one.value]).toEqual([['a', 'b'], 5])
  const mine = large.value!
  scope.stop()
  expect([mine.status.state, map.status.state]).toEqual(['closed', 'synced'])
})

test('Svelte: stores of a view change with it, and setting one does nothing', async () => {
  const { host, map } = await opened()
  const large = view(map).filter(n => n > 1)
  const [keys, entries, one] = [mapKeys(large), mapEntries(large), mapEntry(large, 'a')]
  const seen: unknown[] = []
  const undo = keys.subscribe(value => seen.push(value))
  map.set('a', 5)
  await host.settle()
  expect(seen).toEqual([['b'], ['a', 'b']])
  expect([[...get(entries)], get(one)]).toEqual([
    [
      ['a', 5],
      ['b', 2],
    ],
    5,
  ])
  ;(one as ReturnType<typeof mapEntry<string, number>> & { set?(value: number): void }).set?.(9)
  expect([large.get('a'), map.get('a')]).toEqual([5, 5])
  undo()
})
