// Lanes as code has them, on a host that nobody is connected to.
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { refuse, WarpHost, type HostNode } from '../../../../src/host/index.js'

function nodeOf<T>(define: (node: HostNode) => T): { lane: T; node: HostNode; errors: string[] } {
  const errors: string[] = []
  const host = new WarpHost({ onError: (error, where) => errors.push(`${where}: ${String(error)}`) })
  let lane: T | undefined
  host.node('/n', node => void (lane = define(node)))
  const node = host.nodeRef('/n')
  return { lane: lane as T, node, errors }
}

describe('a map lane', () => {
  test('is a map in the order of its keys, found by value', () => {
    const { lane } = nodeOf(node => node.mapLane('map'))
    lane.set(9, 'n').set('b', 1).set('a', 2).set({ x: 1 }, 3).set(true, 4)
    expect([...lane.keys()]).toEqual([{ x: 1 }, 'a', 'b', 9, true])
    expect([...lane.values()]).toEqual([3, 2, 1, 'n', 4])
    expect([lane.get({ x: 1 }), lane.has(9.0), lane.get('c'), lane.size]).toEqual([3, true, undefined, 5])
    const visited: unknown[] = []
    lane.forEach((value, key) => visited.push([key, value]))
    expect(visited).toEqual([...lane])
  })

  test('calls its handlers once for each change', () => {
    const told: unknown[] = []
    const { lane } = nodeOf(node =>
      node.mapLane<string, number>('map', {
        willUpdate: (key, value, old) => (key === 'fixed' && old !== undefined ? refuse : value * 2),
        didUpdate: (...all) => told.push(['update', ...all]),
        willRemove: key => (key === 'fixed' ? refuse : undefined),
        didRemove: (...all) => told.push(['remove', ...all]),
        didClear: () => told.push('clear'),
      }),
    )
    lane.set('a', 1).set('a', 2).set('fixed', 1).set('fixed', 5)
    expect([lane.delete('fixed'), lane.delete('none'), lane.delete('a')]).toEqual([false, false, true])
    lane.set('b', 1).set('c', 1)
    lane.drop(1)
    lane.take(1)
    lane.clear()
    expect(told).toEqual([
      ['update', 'a', 2, undefined],
      ['update', 'a', 4, 2],
      ['update', 'fixed', 2, undefined],
      ['remove', 'a', 4],
      ['update', 'b', 2, undefined],
      ['update', 'c', 2, undefined],
      ['remove', 'b', 2],
      ['remove', 'fixed', 2],
      'clear',
    ])
  })

  test.each([
    [0, -1, ['a', 'b', 'c'], []],
    [1, 1, ['b', 'c'], ['a']],
    [9, 9, [], ['a', 'b', 'c']],
    [1, 2, ['b', 'c'], ['a', 'b']],
  ])('drops %i and takes %i', (drop, take, dropped, taken) => {
    const { lane } = nodeOf(node => node.mapLane<string, number>('map'))
    const fill = () => lane.set('a', 1).set('b', 1).set('c', 1)
    fill().drop(drop)
    expect([...lane.keys()]).toEqual(dropped)
    lane.clear()
    fill().take(take)
    expect([...lane.keys()]).toEqual(taken)
  })

  test('stays correct while it is iterated and changed', () => {
    const { lane } = nodeOf(node => node.mapLane<number, string>('map'))
    for (let i = 0; i < 1000; i += 2) lane.set(i, 'even')
    const seen: number[] = []
    for (const [key] of lane) {
      seen.push(key)
      if (key % 2 === 0) lane.set(key + 1, 'odd').delete(key - 1)
      if (key === 500) lane.delete(502)
    }
    // All but 502, and 503, which it would have brought.
    expect(seen.length).toBe(998)
    expect(seen.every((key, i) => i === 0 || key > seen[i - 1]!)).toBe(true)
  })

  test('has a handler that throws or rejects reported, and does what was asked', async () => {
    const { lane, errors } = nodeOf(node =>
      node.mapLane('map', {
        didUpdate: () => {
          throw new Error('sync')
        },
        didRemove: () => Promise.reject(new Error('async')),
      }),
    )
    lane.set('a', 1).delete('a')
    await Promise.resolve()
    await Promise.resolve()
    expect(errors).toEqual(['didUpdate of /n map: Error: sync', 'didRemove of /n map: Error: async'])
  })

  test('takes a hook that throws for a refusal', () => {
    const { lane, errors } = nodeOf(node =>
      node.mapLane('map', {
        willUpdate: (_, value) => {
          if (value === 'bad') throw new Error('no')
        },
      }),
    )
    lane.set('a', 'good').set('a', 'bad')
    expect([lane.get('a'), errors]).toEqual(['good', ['willUpdate of /n map: Error: no']])
  })

  test('holds what its schemas say, as the type they say', () => {
    const date = z.codec(z.number(), z.date(), {
      decode: ms => new Date(ms),
      encode: when => when.getTime(),
    })
    const { lane, node } = nodeOf(node => node.mapLane('map', { keySchema: z.string(), valueSchema: date }))
    lane.set('a', new Date(5))
    expect(lane.get('a')).toEqual(new Date(5))
    expect([...lane]).toEqual([['a', new Date(5)]])
    expect([...(node.door('map')!.peek() as { entries: Iterable<unknown> }).entries]).toEqual([['a', 5]])
    expect(() => lane.set('a', 5 as unknown as Date)).toThrow(expect.objectContaining({ code: 'schema' }))
    expect(() => lane.set(1 as unknown as string, new Date(1))).toThrow(expect.objectContaining({ code: 'schema' }))
    expect(lane.size).toBe(1)
  })
})

test('a value lane holds values of its schema, and passes them to its hooks', () => {
  const told: unknown[] = []
  const { lane } = nodeOf(node =>
    node.valueLane('value', {
      schema: z.number(),
      initial: 1,
      willSet: value => (value < 0 ? refuse : Math.min(value, 100)),
      didSet: (value, old) => told.push([value, old]),
    }),
  )
  lane.set(500)
  lane.set(-1)
  expect(() => lane.set('x' as unknown as number)).toThrow(expect.objectContaining({ code: 'schema' }))
  expect([lane.get(), told]).toEqual([100, [[100, 1]]])
})

describe('a node', () => {
  test('declares each lane once, and lists its lanes in the error about a missing one', () => {
    const { node } = nodeOf(node => node.mapLane('a b'))
    expect(node.lane('a b', 'map').kind).toBe('map')
    expect(node.lane('a%20b').kind).toBe('map')
    expect(() => node.valueLane('a b')).toThrow('has a lane "a b" already')
    expect(() => node.lane('b')).toThrow('/n has no lane "b"; its lanes: a%20b (map)')
    expect(() => node.lane('a b', 'value')).toThrow('no value lane')
  })

  test('is made once, on first use, by the most specific pattern', () => {
    const made: string[] = []
    const host = new WarpHost()
    host.node('/:any/:id', ({ uri }) => made.push(`any ${uri}`))
    host.node('/unit/:id', ({ params }) => made.push(`unit ${params['id']}`))
    host.nodeRef('/unit/a b')
    host.nodeRef('/unit/a%20b')
    host.nodeRef('/x/1')
    expect(made).toEqual(['unit a b', 'any /x/1'])
    expect(() => host.nodeRef('/x')).toThrow('no pattern matches "/x"')
    expect(() => host.node('/unit/:id', () => {})).toThrow('is defined already')
    expect(() => host.node('/y', undefined as unknown as () => void)).toThrow(
      'must be a function that declares the lanes',
    )
  })

  test('of a host with a store is available once the store is read', () => {
    const host = new WarpHost({ store: { async *load() {}, write: async () => {}, close: async () => {} } })
    host.node('/n', node => void node.mapLane('map'))
    expect(() => host.nodeRef('/n')).toThrow('await listen() before nodeRef()')
  })
})
