// Which callbacks come, in which order and how often (docs/PROTOCOL.md#callbacks).
import { describe, expect, test } from 'vitest'
import type { SwimError } from '../../../src/index.js'
import { ScriptedHost } from '../../support/scripted-host.js'

const names =
  'didOpen didConnect willLink didLink willSync didSync willUnlink didUnlink didDisconnect didClose didFail ' +
  'onEvent onCommand didUpdate didRemove didClear didDrop didTake'

/** A downlink whose story is told in words: `didUpdate a 1 0`. */
const tell = (options: object = {}, ...frames: string[]) => tellAt(new ScriptedHost(), options, ...frames)

async function tellAt(host: ScriptedHost, options: object, ...frames: string[]) {
  const story: string[] = []
  const spell = (arg: unknown) =>
    arg instanceof Error ? (arg as SwimError).code : typeof arg === 'object' ? JSON.stringify(arg) : String(arg)
  const callbacks = Object.fromEntries(
    names.split(' ').map(name => [name, (...args: unknown[]) => void story.push([name, ...args.map(spell)].join(' '))]),
  )
  const map = host.client.downlinkMap<unknown, unknown>({ laneUri: 'map', ...callbacks, ...options }).open()
  await host.settle()
  await host.say(...frames)
  return { host, map, story, since: () => story.splice(0) }
}

const state = ['@linked', '@event@update(key:a) 1', '@synced']

describe('callbacks', () => {
  test('of a first sync', async () => {
    const { since } = await tell({}, ...state)
    expect(since()).toEqual([
      'didOpen',
      'didConnect',
      'willSync',
      'didLink',
      expect.stringMatching(/^onEvent/),
      'didUpdate a 1 undefined',
      'didSync',
    ])
  })

  test('of a link without state', async () => {
    const { host, since } = await tell({ syncs: false, onEvent: undefined }, '@linked')
    expect(since()).toEqual(['didOpen', 'didConnect', 'willLink', 'didLink'])
    await host.say('@event@update(key:a) 1')
    expect(since()).toEqual(['didUpdate a 1 undefined'])
  })

  test('of a set and a delete, whose echoes tell nothing more', async () => {
    const { host, map, since } = await tell({ onEvent: undefined }, ...state)
    since()
    map.set('a', 2)
    map.set('b', 3)
    map.delete('a')
    expect(since()).toEqual([
      'didUpdate a 2 1',
      expect.stringMatching(/^onCommand/),
      'didUpdate b 3 undefined',
      expect.stringMatching(/^onCommand/),
      'didRemove a 2',
      expect.stringMatching(/^onCommand/),
    ])
    await host.say('@event@update(key:a) 2', '@event@update(key:b) 3', '@event@remove(key:a)')
    expect(since()).toEqual([])
  })

  test('of what others do', async () => {
    const { host, since } = await tell({ onEvent: undefined }, ...state)
    since()
    await host.say('@event@update(key:a) 1', '@event@update(key:a) 2', '@event@remove(key:z)', '@event@remove(key:a)')
    await host.say('@event@update(key:b) 1', '@event@clear', '@event@clear')
    expect(since()).toEqual([
      'didUpdate a 2 1',
      'didRemove a 2',
      'didUpdate b 1 undefined',
      'didRemove b 1',
      'didClear',
      'didClear',
    ])
  })

  test('of a drop: didDrop is called, and the sync that it requests shows the result', async () => {
    const { host, map, since } = await tell({ onEvent: undefined }, ...state)
    since()
    map.drop(1)
    await host.say('@event@drop(1)', '@event@update(key:b) 1', '@synced')
    expect(since()).toEqual([
      expect.stringMatching(/^onCommand/),
      'willSync',
      'didDrop 1',
      'didUpdate b 1 undefined',
      'didRemove a 1',
      'didSync',
    ])
    await host.say('@event@take(0)', '@synced')
    expect(since()).toEqual(['willSync', 'didTake 0', 'didRemove b 1', 'didSync'])
  })

  test('of a lost socket: what vanished meanwhile is removed, what stayed is silent', async () => {
    const { host, map, since } = await tell({ onEvent: undefined }, ...state, '@event@update(key:b) 2')
    since()
    await host.cut()
    expect(map.size).toBe(2)
    await host.say('@linked', '@event@update(key:b) 2', '@event@update(key:c) 3')
    expect(map.get('a')).toBe(1)
    await host.say('@synced')
    expect(since()).toEqual([
      'didDisconnect',
      'didConnect',
      'willSync',
      'didLink',
      'didUpdate c 3 undefined',
      'didRemove a 1',
      'didSync',
    ])
  })

  test('of a request that is not answered', async () => {
    const { host, since } = await tell({}, ...state.slice(0, 1))
    since()
    await host.clock.advance(10_000)
    expect(since()).toEqual(['didFail timeout', 'willUnlink', 'willSync'])
  })

  test.each([
    [0, ['didFail closed', 'didRemove b 1', 'didRemove c 1', 'didClose'], []],
    // While it delivers it is closed: nothing but how that ends is told.
    [2000, [], ['didFail closed', 'didClose']],
  ])(
    'of the end, with %i ms to deliver in: the waiting writes are reported, and nothing comes after didClose',
    async (...args) => {
      const [closeTimeoutMs, atOnce, then] = args
      const options = { onEvent: undefined, onCommand: undefined }
      const { host, map, since } = await tellAt(new ScriptedHost({ closeTimeoutMs }), options, ...state)
      host.network.refuses = true
      host.peers[0]!.cut()
      await host.settle()
      map.set('b', 1)
      map.set('c', 1)
      since()
      map.close()
      map.close()
      await host.settle()
      expect(since()).toEqual(atOnce)
      await host.clock.advance(10_000)
      expect(since()).toEqual(then)
      expect([...map]).toEqual([['a', 1]])
    },
  )

  test('a host that folds, ghosts and repeats tells no more than what changes', async () => {
    const { host, map, since } = await tell({ onEvent: undefined }, ...state)
    since()
    await host.say('@event@update(key:a) 1', '@event@update(key:a)', '@event@remove(key:a)', '@event@update(key:a)')
    expect(since()).toEqual(['didRemove a 1'])
    expect(map.size).toBe(0)
  })

  test('one that throws or rejects is reported, and harms nothing else', async () => {
    const heard: unknown[] = []
    const { host, map } = await tell({
      didUpdate: () => {
        throw new Error('thrown')
      },
      didSync: () => Promise.reject(new Error('rejected')),
    })
    map.on('didUpdate', (...args) => heard.push(args))
    await host.say(...state)
    expect(host.errors.map(({ code, cause }) => [code, cause])).toEqual([
      ['callback', new Error('thrown')],
      ['callback', new Error('rejected')],
    ])
    expect(heard).toEqual([['a', 1, undefined]])
    expect(map.set('b', 2).get('b')).toBe(2)
    await host.settle()
    expect(host.take().at(-1)).toBe('@command@update(key:b) 2')
    await host.say('@event@update(key:a) 5')
    expect(map.get('a')).toBe(5)
  })

  test('one that is added later hears what comes after, until its undo', async () => {
    const { host, map } = await tell({}, ...state)
    const heard: unknown[] = []
    const undo = map.on('didUpdate', key => heard.push(key))
    map.on('onEvent', body => heard.push(body !== undefined))
    await host.say('@event@update(key:b) 1')
    undo()
    undo()
    await host.say('@event@update(key:c) 1')
    expect(heard).toEqual([true, 'b', true])
  })

  test('a write within a callback shows at once, and is reported after it', async () => {
    const { host, map } = await tell({ didUpdate: undefined }, ...state)
    const heard: unknown[] = []
    map.on('didUpdate', (key, value) => {
      if (value === 2) map.set(key, 3)
      heard.push([map.get(key), value])
    })
    map.on('didUpdate', (_key, value, old) => heard.push([value, old]))
    await host.say('@event@update(key:a) 2')
    expect(heard).toEqual([
      [3, 2],
      [2, 1],
      [3, 3],
      [3, 2],
    ])
  })

  test('a set within the didRemove of an own clear stays', async () => {
    const { host, map } = await tell({}, ...state, '@event@update(key:b) 2')
    map.on('didRemove', key => key === 'a' && map.set('b', 9))
    map.clear()
    expect([...map]).toEqual([['b', 9]])
    await host.say('@event@clear', '@event@update(key:b) 9')
    expect([...map]).toEqual([['b', 9]])
  })

  test('a close within a callback ends the story in order', async () => {
    const { host, map, since } = await tell({ onEvent: undefined }, ...state)
    map.on('didUpdate', () => map.close())
    since()
    await host.say('@event@update(key:b) 1', '@event@update(key:c) 1')
    expect(since()).toEqual(['didUpdate b 1 undefined', 'didClose'])
  })
})

describe('batches', () => {
  test('come once a frame, by didChange, subscribe and changes() alike, folded per key', async () => {
    const { host, map } = await tell()
    const [changes, heard]: [unknown[], unknown[]] = [[], []]
    map.on('didChange', batch => changes.push(batch))
    map.subscribe(batch => heard.push(batch))
    const reader = map.changes()
    host.peers[0]!.isStalled = true
    await host.say(
      ...state,
      '@event@update(key:b) 1',
      '@event@update(key:b) 2',
      '@event@update(key:c) 1',
      '@event@remove(key:c)',
    )
    host.peers[0]!.resume()
    await host.settle()
    const batch = [
      { type: 'update', key: 'a', value: 1, oldValue: undefined },
      { type: 'update', key: 'b', value: 2, oldValue: undefined },
    ]
    expect(changes).toEqual([batch])
    expect(heard).toEqual([batch])
    expect(await reader.next()).toEqual({ value: batch, done: false })
  })

  test('a snapshot is one object until something changes', async () => {
    const { host, map } = await tell({}, ...state)
    const first = map.snapshot()
    expect(first).toEqual(new Map([['a', 1]]))
    await host.say('@event@update(key:a) 1', '@event@remove(key:b)')
    expect(map.snapshot()).toBe(first)
    await host.say('@event@update(key:a) 2')
    expect(map.snapshot()).not.toBe(first)
    expect(first).toEqual(new Map([['a', 1]]))
  })

  test('a value that has not changed stays the same object, through a resync too', async () => {
    const { host, map } = await tell({}, '@linked', '@event@update(key:a){x:1}', '@synced')
    const value = map.get('a')
    await host.cut()
    await host.say('@linked', '@event@update(key:a){x:1}', '@synced')
    expect(map.get('a')).toBe(value)
  })
})
