// host.converged(): whether what clients show is what lanes hold, as far as the wire can say.
import { describe, expect, it } from 'vitest'
import '../../../src/list.js'
import { Record, Attr } from '../../../src/recon/index.js'
import { testHost } from '../../../src/testing/index.js'

const values: [name: string, value: unknown][] = [
  ['nothing', undefined],
  ['null', null],
  ['an empty record', {}],
  ['an empty list', []],
  ['a text', 'a'],
  ['an empty text', ''],
  ['a number', -0.5],
  ['a list of one', [1]],
  ['a list of an empty record', [{}]],
  ['a list with an empty record', [1, {}, 2]],
  ['a record with an empty record', { a: {}, b: 1 }],
  ['a record with attributes', new Record([new Attr('tag', undefined), 1])],
]

describe.each(values)('%s', (_, value) => {
  it.each(['remove', 'keep'] as const)('in a map with emptyValues %s', async emptyValues => {
    const host = testHost()
    const map = host.client().downlinkMap({ nodeUri: '/h', laneUri: 'm', emptyValues }).open()
    host.lane('/h', 'm').set('a', value as never)
    host.lane('/h', 'm').set('b', 1)
    await host.converged()
    expect(map.get('b')).toBe(1)
    await host.close()
  })

  it('as a value', async () => {
    const host = testHost()
    host.client().downlinkValue({ nodeUri: '/h', laneUri: 'v' }).open()
    host.lane('/h', 'v', 'value').set(1)
    await host.converged()
    host.lane('/h', 'v', 'value').set(value as never)
    await host.converged()
    await host.close()
  })

  it('in a list', async () => {
    const host = testHost()
    const list = host.client().downlinkList({ nodeUri: '/h', laneUri: 'l' }).open()
    host.lane('/h', 'l', 'list').push(1, value as never, 2)
    await host.converged()
    expect(list.size).toBe(3)
    host.stall()
    host.lane('/h', 'l', 'list').push('late')
    await expect(host.converged(10)).rejects.toThrow(/l: is \{.*\} \(the lane has \{.*late\}\)/)
    host.heal()
    await host.converged()
    await host.close()
  })
})

describe('addresses', () => {
  it.each(['/h?q=1', '/h#f', 'h', '/%68', '/x/../h?q=a/b'])('%s leads to the lane of its path', async nodeUri => {
    const host = testHost()
    const client = host.client()
    const map = client.downlinkMap<string, number>({ nodeUri, laneUri: 'm' }).open()
    const list = client.downlinkList<number>({ nodeUri, laneUri: 'l' }).open()
    host.lane('/h', 'm').set('a', 1)
    host.lane('/h', 'l', 'list').push(7)
    await host.converged()
    expect([map.get('a'), list.at(0)]).toEqual([1, 7])
    host.stall()
    host.lane('/h', 'm').set('a', 2)
    await expect(host.converged(10)).rejects.toThrow(' m: a is 1 (the lane has 2)')
    host.heal()
    await host.close()
  })

  it('that differ in their query are links of their own: converged checks each that syncs', async () => {
    const host = testHost()
    const client = host.client()
    const open = (query: string, syncs = true) =>
      client.downlinkMap<string, number>({ nodeUri: `/h?${query}`, laneUri: 'm', syncs }).open()
    host.lane('/h', 'm').set('a', 1)
    const maps = [open('1'), open('2'), open('3', false)]
    await host.converged()
    expect(maps.map(map => map.size)).toEqual([1, 1, 0])
    await host.close()
  })

  it('of any host name lead to the test host', async () => {
    const host = testHost()
    const client = host.client({ hostUri: () => 'warp://elsewhere/x' })
    client.downlinkMap<string, number>({ nodeUri: '/h', laneUri: 'm' }).open()
    host.lane('/h', 'm').set('a', 1)
    await host.converged()
    host.stall()
    host.lane('/h', 'm').set('b', 1)
    await expect(host.converged(10)).rejects.toThrow('b is missing (the lane has 1)')
    host.heal()
    await host.close()
  })
})

describe('a write that did not end', () => {
  it('is named by converged, with its operation and state', async () => {
    const host = testHost()
    const client = host.client()
    const map = client.downlinkMap<string, number>({ nodeUri: '/h', laneUri: 'm' }).open()
    const list = client.downlinkList<number>({ nodeUri: '/h', laneUri: 'l' }).open()
    await host.converged()
    host.stall()
    map.set('a', 1)
    map.delete('b')
    map.clear()
    list.push(1)
    await expect(host.converged(10)).rejects.toThrow(
      /m: has . writes? that did not end: .*clear \(sent\).*\n.*l: has 1 write that did not end: update \(sent\)/,
    )
    host.heal()
    await host.converged()
    await host.close()
  })
})

it('converged opens no downlink and sends nothing', async () => {
  const host = testHost()
  const client = host.client()
  let opened = 0
  client.downlinkMap<string, number>({ nodeUri: '/h', laneUri: 'm' }).open()
  client.on('open', () => opened++)
  await host.idle()
  const { length } = host.frames
  await host.converged()
  expect([opened, host.frames.length]).toEqual([0, length])
  await host.close()
})
