// client.inspect(): hosts, links and counters as plain data; client.retryNow(): what waits to be tried again is, at once.
import { expect, test } from 'vitest'
import '../../../src/inspect/index.js'
import '../../../src/list.js'
import { ScriptedHost } from '../../support/scripted-host.js'

/** What is there at the moment, with times as seconds before it (or after). */
function look({ client }: ScriptedHost) {
  const { at, hosts, links, counters } = client.inspect()
  const ago = (time: number | undefined) => (time === undefined ? undefined : Math.round((at - time) / 1000))
  return {
    counters,
    host: { ...hosts[0]!, since: ago(hosts[0]!.since), nextAttemptAt: ago(hosts[0]!.nextAttemptAt) },
    link: { ...links[0]!, syncedAt: ago(links[0]?.syncedAt) },
    links,
    hosts,
  }
}

test('inspect of an unused client lists no host and no link, as JSON', () => {
  const { client } = new ScriptedHost()
  const before = Date.now()
  const inspected = client.inspect()
  expect(inspected).toEqual({
    at: expect.any(Number),
    hosts: [],
    links: [],
    counters: {
      frames: { in: 0, out: 0 },
      bytes: { in: 0, out: 0 },
      updates: 0,
      resyncs: 0,
      reconnects: 0,
      errors: 0,
    },
  })
  expect(inspected.at).toBeGreaterThanOrEqual(before)
  expect(inspected.at).toBeLessThanOrEqual(Date.now())
})

test('a link is followed from the request to its entries, its writes and its loss', async () => {
  const host = new ScriptedHost({ reconnectMinMs: 9000, reconnectMaxMs: 9000, reconnectJitter: 0 })
  const map = host.map().open()
  await host.settle()
  expect(look(host).host).toMatchObject({ hostUri: 'warp://host', state: 'open', since: 0, links: 1, failures: 0 })
  expect(look(host).link).toMatchObject({ nodeUri: '/unit/1', laneUri: 'map', state: 'linking', entries: 0 })
  await host.clock.advance(2000)
  await host.say('@linked', '@event@update(key:a) 1', '@event@update(key:b) 2')
  expect(look(host).link).toMatchObject({ state: 'syncing', kind: 'map', entries: 2, updates: 2 })
  await host.say('@synced')
  map.set('c', 3)
  await host.settle()
  await host.clock.advance(1000)
  expect(look(host)).toMatchObject({
    host: { state: 'open', since: 3, queued: 0 },
    link: { state: 'synced', entries: 3, pending: 1, queued: 0, syncedAt: 1, syncMs: 2000, resyncs: 0 },
    counters: { updates: 2, reconnects: 0, roundTripMs: 2000, frames: { in: 4, out: 2 } },
  })
  host.peers.at(-1)!.cut(1001, 'going away')
  await host.settle()
  map.set('d', 4)
  await host.clock.advance(4000)
  const lost = look(host)
  expect(lost.host).toMatchObject({ state: 'waiting', since: 4, nextAttemptAt: -5, failures: 1 })
  expect(lost.host.why).toMatch(/ended \(1001: going away\)/)
  expect(lost.link).toMatchObject({ state: 'stale', why: 'disconnected', entries: 4, pending: 2, queued: 2 })
  const whole = host.client.inspect()
  expect(JSON.parse(JSON.stringify(whole))).toEqual(whole)
})

test('what is not known is left out: of a link before its first update, and of one whose socket is lost', async () => {
  const host = new ScriptedHost()
  host.map().open()
  host.client.downlinkEvent({ laneUri: 'events' }).open()
  await host.settle()
  await host.say('@linked')
  const keysOf = (link: object | undefined) => Object.keys(link!).sort().join(' ')
  const always = 'hostUri laneUri nodeUri pending queued resyncs state updates'
  const withKeys = (...more: string[]) => [...always.split(' '), ...more].sort().join(' ')
  expect(look(host).links.map(keysOf)).toEqual([withKeys('entries'), always])
  expect([keysOf(look(host).counters).includes('roundTripMs'), host.client.inspect().hosts[0]!.why]).toEqual([
    false,
    undefined,
  ])
  await host.say('@synced')
  expect(keysOf(look(host).links[0])).toBe(withKeys('entries', 'syncMs', 'syncedAt'))
  expect(look(host).counters.roundTripMs).toBe(0)
  await host.say('@event@update(key:a) 1')
  expect(keysOf(look(host).links[0])).toBe(withKeys('entries', 'kind', 'syncMs', 'syncedAt'))
  host.peers.at(-1)!.cut()
  await host.settle()
  expect(look(host).links.map(keysOf)).toEqual([withKeys('entries', 'kind', 'why'), withKeys()])
  expect(look(host).counters).not.toHaveProperty('roundTripMs')
})

test('counters count from the first frame on, before anybody calls inspect', async () => {
  const host = new ScriptedHost()
  const map = host.map().open()
  await host.settle()
  await host.say('@linked', '@event@update(key:a) 1', '@synced')
  await host.cut()
  await host.settle()
  await host.say('@linked', '@event@update(key:a) 1', '@synced', '@event@drop(1)')
  await host.clock.advance(200)
  const { counters, link } = look(host)
  const sent = ['@sync(node:"/unit/1",lane:map)', '@sync(node:"/unit/1",lane:map)', '@sync(node:"/unit/1",lane:map)']
  expect(counters).toMatchObject({ updates: 3, resyncs: 2, reconnects: 1, frames: { in: 7, out: 3 } })
  expect(counters.bytes.out).toBe(sent.join('').length)
  expect(counters.bytes.in).toBeGreaterThan(200)
  expect(link).toMatchObject({ state: 'stale', why: 'resyncing' })
  map.close()
})

test('values, lists, events and waiting commands are counted apart; two hosts are added up', async () => {
  const host = new ScriptedHost()
  const { client } = host
  client.downlinkValue({ laneUri: 'value' }).open()
  client.downlinkList({ laneUri: 'list' }).open()
  client.downlinkEvent({ laneUri: 'events' }).open()
  host.network.refuses = true
  void client.command('warp://other', '/a?b=secret', 'c', 1)
  await host.settle()
  host.network.refuses = false
  await host.clock.advance(100)
  const at = (lane: string) => `(node:"/unit/1",lane:${lane})`
  const peer = host.peers[0]!
  for (const lane of ['value', 'list', 'events']) peer.send(`@linked${at(lane)}`)
  peer.send(`@event${at('value')} 7`)
  peer.send(`@event${at('list')}@update(index:0,key:k) 7`)
  for (const lane of ['value', 'list']) peer.send(`@synced${at(lane)}`)
  await host.settle()
  const { links, hosts } = look(host)
  expect(links.map(({ laneUri, state, entries, kind }) => [laneUri, state, entries, kind])).toEqual([
    ['value', 'synced', 1, 'value'],
    ['list', 'synced', 1, 'list'],
    ['events', 'linked', undefined, undefined],
  ])
  expect(hosts.map(({ hostUri }) => hostUri)).toEqual(['warp://host', 'warp://other'])
})

test('a command that waits for its host is queued there, and secrets of URIs are left out', async () => {
  const host = new ScriptedHost({ hostUri: 'warp://u:s3cret@host?k=s3cret' })
  host.network.refuses = true
  void host.client.command('warp://u:s3cret@host?k=s3cret', '/a', 'c', 1).catch(() => {})
  host.client.downlinkMap({ nodeUri: '/unit?s3cret', laneUri: 'map' }).open()
  await host.settle()
  expect(look(host).host).toMatchObject({ hostUri: 'warp://host', state: 'waiting', queued: 1 })
  expect(JSON.stringify(host.client.inspect())).not.toContain('s3cret')
})

test('inspect says why a link is unlinked and why a host is denied, and counts errors', async () => {
  const host = new ScriptedHost({ credentials: { 'warp://host': 'no' } })
  host.map().open()
  await host.settle()
  host.peers.at(-1)!.send('@deauthed')
  await host.settle()
  expect(look(host).host).toMatchObject({ state: 'denied', why: expect.stringContaining('refused the credentials') })
  expect(look(host).counters.errors).toBe(1)
  host.client.retryNow()
  await host.settle()
  host.peers.at(-1)!.send('@authed')
  await host.settle()
  await host.say('@unlinked@laneNotFound')
  expect(look(host).host).toMatchObject({ state: 'open', authenticated: true })
  expect(look(host).link).toMatchObject({ state: 'unlinked', why: 'laneNotFound' })
})

test('errors are those of onError: each failed attempt at a host once, a lost socket not', async () => {
  const host = new ScriptedHost({ reconnectJitter: 0 })
  const errors = () => look(host).counters.errors
  for (const laneUri of ['one', 'two', 'three']) host.client.downlinkValue({ laneUri }).open()
  await host.settle()
  host.network.refuses = true
  host.peers[0]!.cut()
  await host.settle()
  expect([errors(), look(host).host.failures]).toEqual([0, 1])
  await host.clock.advance(1000)
  expect([errors(), look(host).host.failures]).toEqual([10, 11])
  expect(host.errors).toHaveLength(10)
  host.network.refuses = false
  await host.clock.advance(100)
  // What the host has against the socket is an error each time.
  for (const count of [11, 12]) {
    host.peers.at(-1)!.cut(1008, 'policy')
    await host.clock.advance(100)
    expect(errors()).toBe(count)
  }
})

test('an error that a didFail heard is not counted', async () => {
  const host = new ScriptedHost({ reconnectJitter: 0 })
  const heard: unknown[] = []
  host.network.refuses = true
  host
    .map()
    .didFail(error => heard.push(error))
    .open()
  await host.clock.advance(1000)
  expect([heard.length > 5, look(host).counters.errors]).toEqual([true, 0])
})

test('retryNow retries at once whatever waits: a socket, or a refused link; with nothing waiting, it does nothing', async () => {
  const host = new ScriptedHost({ reconnectMinMs: 60_000, reconnectMaxMs: 60_000 })
  host.client.retryNow()
  host.map().open()
  await host.settle()
  await host.say('@linked', '@synced')
  host.client.retryNow()
  await host.settle()
  expect(host.take()).toEqual(['@sync'])
  host.peers.at(-1)!.cut()
  await host.settle()
  expect(look(host).host.state).toBe('waiting')
  host.client.retryNow('warp://elsewhere')
  await host.settle()
  expect(look(host).host.state).toBe('waiting')
  host.client.retryNow('warp://host')
  await host.settle()
  expect(host.take()).toEqual(['@sync'])
  expect(look(host).host.state).toBe('open')
  await host.say('@unlinked@nodeNotFound')
  expect(look(host).link.state).toBe('unlinked')
  host.client.retryNow()
  await host.settle()
  expect(host.take().at(-1)).toBe('@sync')
  // Nothing comes of the wait that was cut short.
  await host.say('@linked', '@synced')
  await host.clock.advance(200_000)
  expect(host.take()).toEqual([])
  expect(() => host.client.retryNow('nowhere')).toThrow(/hostUri/)
  expect(() => host.client.retryNow('')).toThrow(/hostUri/)
  void host.client.close()
  await host.clock.advance(3000)
  host.client.retryNow()
  expect(look(host)).toMatchObject({ host: { state: 'closed', links: 0 }, links: [] })
})
