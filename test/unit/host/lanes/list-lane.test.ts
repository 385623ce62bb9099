// List lanes and demand map lanes of the embedded host: as code has them, and as they are on the wire (docs/PROTOCOL.md#list-lanes).
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { ListLane, ListLaneOptions } from '../../../../src/host/index.js'
import type { Change, LaneStore } from '../../../../src/host/keep/store.js'
import { memoryPlane } from '../../../support/memory-peer.js'

const address = '(node:"/n",lane:list)'

function listOf<V>(options: ListLaneOptions<V> = {}, parts: Parameters<typeof memoryPlane>[0] = {}) {
  const made = memoryPlane(parts)
  made.plane.define('/n', node => void node.listLane<V>('list', options), {})
  const lane = () => made.plane.ref('/n').lane('list', 'list') as unknown as ListLane<V>
  /** Sends commands; gives what a linked client hears of them. */
  const open = () => {
    const client = made.connect()
    const short = (frames: string[]) => frames.map(frame => frame.replace(address, '').replace(/%[\w+/]{8}/, 'KEY'))
    return {
      ...client,
      sync: async () => short(await client.says(`@sync${address}`)),
      run: async (...bodies: string[]) => short(await client.says(...bodies.map(body => `@command${address}${body}`))),
    }
  }
  return { ...made, lane, open }
}

describe('a list lane', () => {
  test('does operations as a SwimOS Java host does, and publishes them with their actual positions', async () => {
    const { open, lane } = listOf()
    const { run, sync } = open()
    expect(await sync()).toEqual(['@linked', '@synced'])
    const commands = {
      '@update(index:0,key:a)1': ['@event@update(index:0,key:a) 1'],
      '@update(index:1,key:b)2': ['@event@update(index:1,key:b) 2'],
      '@update(index:1,key:c)3': ['@event@update(index:1,key:c) 3'],
      '@update(key:d,index:0)4': ['@event@update(index:0,key:d) 4'],
      // A Java host says 3 here, and does nothing for 9.
      '@update(index:3,key:a)11': ['@event@update(index:1,key:a) 11'],
      '@update(index:9,key:z)9': ['@event@update(index:4,key:z) 9'],
      '@update(index:0)5': ['@event@update(index:0,key:d) 5'],
      '@update(index:5)6': ['@event@update(index:5,key:KEY) 6'],
      '@update(index:6,key:q){}': ['@event@update(index:6,key:q)'],
      '@move(from:0,to:2,key:a)': ['@event@move(from:1,to:2,key:a)'],
      '@move(from:0,to:99,key:a)': [],
      '@move(from:0,to:1,key:nokey)': [],
      '@move(from:0,to:1)': ['@event@move(from:0,to:1,key:)'],
      '@remove(index:0,key:c)': ['@event@remove(index:0,key:c)'],
      '@remove(index:0,key:nokey)': [],
      '@remove(index:0)': ['@event@remove(index:0,key:)'],
      '@remove(key:b)': [],
      '@insert(index:0,key:x)1': [],
      '@update(index:0,key:"a b"){x:1,y:2}': ['@event@update(index:0,key:"a b"){x:1,y:2}'],
      '@drop(1)': ['@event@drop(1)'],
      '@take(1)': ['@event@take(1)'],
      '@clear': ['@event@clear'],
      '@update(index:0,key:m)1': ['@event@update(index:0,key:m) 1'],
      '@update(index:0,key:m)1 ': ['@event@update(index:0,key:m) 1'],
    }
    for (const [command, heard] of Object.entries(commands))
      expect([command, await run(command)]).toEqual([command, heard])
    expect([...lane()]).toEqual([1])
  })

  test('is a list to code, which calls its handlers once for each change', async () => {
    const told: unknown[] = []
    const { lane: of, open } = listOf<number>({
      didUpdate: (...all) => told.push(['update', ...all]),
      didMove: (...all) => told.push(['move', ...all]),
      didRemove: (...all) => told.push(['remove', ...all]),
      didClear: () => told.push('clear'),
    })
    const lane = of()
    const { sync, wire } = open()
    await sync()
    expect(lane.push(1, 2, 3)).toBe(3)
    lane.insert(0, 0).set(1, 11).move(0, 3).remove(1).drop(1).take(1)
    expect([...lane, lane.size, lane.at(0), lane.at(-1), lane.at(1)]).toEqual([3, 1, 3, 3, undefined])
    lane.clear()
    expect(told).toEqual([
      ['update', 0, 1, undefined],
      ['update', 1, 2, undefined],
      ['update', 2, 3, undefined],
      ['update', 0, 0, undefined],
      ['update', 1, 11, 1],
      ['move', 0, 3, 0],
      ['remove', 1, 2],
      ['remove', 0, 11],
      ['remove', 1, 0],
      'clear',
    ])
    for (const wrong of [() => lane.set(0, 1), () => lane.insert(1, 1), () => lane.move(0, 0), () => lane.remove(0)])
      expect(wrong).toThrow(/is not there; the list has 0 items/)
    expect(wire.frames).toEqual([])
  })

  test('sends a state in one piece, and later operations after it', async () => {
    const { lane: of, open } = listOf<number>()
    const lane = of()
    lane.push(1, 2)
    const { says } = open()
    const heard = await says(
      `@sync${address}`,
      `@command${address}@remove(index:0)`,
      `@command${address}@update(index:1,key:x)3`,
    )
    expect(heard.map(frame => frame.replace(address, '').replace(/%[\w+/]{8}/, 'KEY'))).toEqual([
      '@linked',
      '@event@update(index:0,key:KEY) 1',
      '@event@update(index:1,key:KEY) 2',
      '@synced',
      '@event@remove(index:0,key:)',
      '@event@update(index:1,key:x) 3',
    ])
  })

  test('sends a reader that is far behind a clear and the state', async () => {
    const { lane: of, open } = listOf<number>()
    const lane = of()
    const client = open()
    await client.sync()
    for (let i = 0; i < 3000; i++) {
      lane.push(i)
      lane.remove(0)
    }
    lane.push(7)
    const all = (await client.says()).map(frame => frame.replace(address, ''))
    expect(all.length).toBeLessThan(1100)
    expect(all).toContain('@event@clear')
    expect(all.at(-1)).toMatch(/@update\(index:0,key:.*\) 7$/)
  })

  test('refuses what does not fit, and says to who sent it that it is not there', async () => {
    const { open, lane, errors } = listOf<number>({ schema: z.number() }, { limits: { maxEntriesPerLane: 2 } })
    const { run, sync } = open()
    await sync()
    await run('@update(index:0,key:a)1')
    expect(await run('@update(index:0,key:a)no', '@update(index:0,key:b)no')).toEqual([
      '@event@update(index:0,key:a) 1',
      '@event@remove(index:0,key:b)',
    ])
    expect(await run('@update(index:0,key:b)2', '@update(index:0,key:c)3', '@update(index:0,key:b)22')).toEqual([
      '@event@update(index:0,key:b) 2',
      '@event@remove(index:0,key:c)',
      '@event@update(index:0,key:b) 22',
    ])
    expect([...lane()]).toEqual([22, 1])
    expect(errors).toHaveLength(1)
    expect(() => lane().push('x' as never)).toThrow(/./)
  })

  test('is kept in its order, whatever was done to it', async () => {
    const kept = new Map<string, Change>()
    const store: LaneStore = {
      async *load() {
        yield* [...kept.values()].reverse()
      },
      write(changes) {
        for (const change of changes) {
          if (change.value === undefined) kept.delete(change.key)
          else kept.set(change.key, change)
        }
        return Promise.resolve()
      },
      close: () => Promise.resolve(),
    }
    const first = listOf<unknown>({}, { store })
    const lane = first.lane()
    lane.push('end', { x: 1 }, {}, undefined)
    // More than there are numbers between two neighbours, neither of which is at 0.
    for (let i = 0; i < 80; i++) lane.insert(2, i)
    lane.move(80, 0).move(5, 40).set(3, '@a').remove(7)
    await first.clock.advance(100)
    await first.plane.journal.settle()
    const second = listOf<unknown>({}, { store })
    await second.plane.load()
    expect([...second.lane()]).toEqual([...lane])
  })
})

describe('a demand map lane', () => {
  test('makes its entries for who syncs, in the order of its keys, and when cued; what clients send is ignored', async () => {
    const { plane, connect } = memoryPlane()
    plane.define(
      '/n',
      node =>
        void node.demandMapLane<string, number>('squares', {
          onSync: () => ['b', 'a', 'none'],
          onCue: (key, { url }) => (key === 'none' ? undefined : key.length + url.length),
        }),
      {},
    )
    const { says } = connect('/long')
    const at = '(node:"/n",lane:squares)'
    const short = (frames: string[]) => frames.map(frame => frame.replace(at, ''))
    expect(short(await says(`@sync${at}`))).toEqual([
      '@linked',
      '@event@update(key:b) 6',
      '@event@update(key:a) 6',
      '@synced',
    ])
    plane.ref('/n').lane('squares', 'demandMap').cue('c')
    plane.ref('/n').lane('squares', 'demandMap').cue('none')
    expect(short(await says(`@command${at}@update(key:a) 1`))).toEqual([
      '@event@update(key:c) 6',
      '@event@remove(key:none)',
    ])
  })

  test.each(['onSync', 'onCue'])('has an %s', option => {
    const { plane } = memoryPlane()
    const both = { onSync: () => [], onCue: () => 1, [option]: undefined }
    plane.define('/n', node => void node.demandMapLane('m', both as never), {})
    expect(() => plane.ref('/n')).toThrow(new RegExp(option))
  })
})
