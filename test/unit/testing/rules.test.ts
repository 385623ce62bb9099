// refuse, transform and forbid: of all kinds of lanes, and of all that clients can write to them.
import { describe, expect, it } from 'vitest'
import '../../../src/list.js'
import { testHost, type TestHost } from '../../../src/testing/index.js'

async function start(host: TestHost) {
  const client = host.client({ onError: () => {} })
  const map = client.downlinkMap<string, number>({ nodeUri: '/h', laneUri: 'm' }).open()
  const list = client.downlinkList<string>({ nodeUri: '/h', laneUri: 'l' }).open()
  const value = client.downlinkValue<number>({ nodeUri: '/h', laneUri: 'v' }).open()
  host.lane('/h', 'm').set('a', 1).set('b', 2)
  host.lane('/h', 'l', 'list').push('a', 'b')
  host.lane('/h', 'v', 'value').set(1)
  await host.converged()
  return { client, map, list, value }
}
type Opened = Awaited<ReturnType<typeof start>>

const writes: [name: string, write: (opened: Opened) => unknown, told: [lane: string, key: unknown, value: unknown]][] =
  [
    ['list set', ({ list }) => list.set(0, 'x'), ['l', undefined, 'x']],
    ['list push', ({ list }) => list.push('x'), ['l', undefined, 'x']],
    ['list insert', ({ list }) => list.insert(0, 'x'), ['l', undefined, 'x']],
    ['list move', ({ list }) => list.move(0, 1), ['l', undefined, 'a']],
    ['list remove', ({ list }) => list.remove(1), ['l', undefined, 'b']],
    ['list clear', ({ list }) => list.clear(), ['l', undefined, undefined]],
    ['list drop', ({ list }) => list.drop(1), ['l', undefined, undefined]],
    ['list take', ({ list }) => list.take(1), ['l', undefined, undefined]],
    ['map set', ({ map }) => map.set('a', 7), ['m', 'a', 7]],
    ['map delete', ({ map }) => map.delete('a'), ['m', 'a', undefined]],
    ['map clear', ({ map }) => map.clear(), ['m', undefined, undefined]],
    ['map drop', ({ map }) => map.drop(1), ['m', undefined, undefined]],
    ['map take', ({ map }) => map.take(1), ['m', undefined, undefined]],
    ['value set', ({ value }) => value.set(7), ['v', undefined, 7]],
  ]

describe.each(writes)('%s', (_, write, told) => {
  it('that refuse() rules out changes neither the lane nor the client', async () => {
    const host = testHost()
    const opened = await start(host)
    const asked: unknown[] = []
    host.refuse((...given) => asked.push(given) > 0)
    write(opened)
    await host.converged()
    expect(asked).toEqual([told])
    const { map, list, value } = opened
    const shown = () => ({ map: Object.fromEntries(map), list: list.snapshot(), value: value.get() })
    expect(shown()).toEqual({ map: { a: 1, b: 2 }, list: ['a', 'b'], value: 1 })
    host.refuse()
    write(opened)
    await host.converged()
    expect(shown()).not.toEqual({ map: { a: 1, b: 2 }, list: ['a', 'b'], value: 1 })
    await host.close()
  })

  it('that forbid() rules out ends the socket', async () => {
    const host = testHost()
    const opened = await start(host)
    const asked: unknown[] = []
    let ends = 0
    opened.client.on('disconnect', () => ends++)
    host.forbid((...given) => asked.push(given) > 0)
    write(opened)
    await host.advance(100)
    expect([asked[0], ends > 0]).toEqual([told, true])
    host.forbid()
    await host.converged()
    await host.close()
  })
})

it('transform() replaces list items, except those it returns undefined for', async () => {
  const host = testHost()
  const { list } = await start(host)
  host.transform((lane, key, value) => (lane === 'l' && value === 'x' ? 'X' : undefined))
  list.push('x', 'y')
  list.set(0, 'x')
  list.move(0, 1)
  await host.converged()
  expect(list.snapshot()).toEqual(['b', 'X', 'X', 'y'])
  await host.close()
})

it('refuse() is not called for changes by the test itself, or for declared lanes', async () => {
  const host = testHost()
  host.node('/declared', node => void node.listLane('l'))
  await start(host)
  const list = host.client().downlinkList<string>({ nodeUri: '/declared', laneUri: 'l' }).open()
  host.refuse(() => true)
  host.lane('/h', 'l', 'list').insert(0, 'c').remove(0)
  host.lane('/h', 'm').clear()
  list.push('x')
  await host.converged()
  expect(list.snapshot()).toEqual(['x'])
  await host.close()
})
