// Which tabs share a socket: those that show a host the same credentials, or say that they are of the same user.
import { describe, expect, it } from 'vitest'
import { deviceOf, state } from './support/device.js'

const host = 'warp://host'
const shows = (token: unknown) => ({ credentials: { [host]: token } })
const auths = (frames: readonly string[]) => frames.filter(text => text.startsWith('@auth'))

describe('tabs', () => {
  it('with the same credentials share one socket, which sends them once', async () => {
    const { begin, sent, say, peers, clock } = deviceOf()
    const a = await begin(shows('t1'))
    expect(sent()).toEqual(['@auth t1'])
    await say('@authed{user:1}')
    const b = await begin(shows('t1'))
    await say(...state)
    expect([peers.length, auths(sent())]).toEqual([1, []])
    expect([a.map.get('a'), b.map.get('a')]).toEqual([1, 1])
    expect([a, b].map(({ client }) => client.authenticated(host))).toEqual([true, true])
    await clock.advance(10_000)
    expect(auths(sent())).toEqual([])
  })

  it('that send the same credentials before the host has answered get the same answer', async () => {
    const { begin, say, sent, peers } = deviceOf()
    const [a, b] = [await begin(shows('t1')), await begin(shows('t1'))]
    expect([peers.length, auths(sent())]).toEqual([1, ['@auth t1']])
    await say('@authed')
    await say(...state)
    expect([a, b].map(({ client, map }) => [client.authenticated(host), map.synced])).toEqual([
      [true, true],
      [true, true],
    ])
  })

  it.each([
    ['other credentials', shows('t2'), ['@auth t2']],
    ['no credentials', {}, []],
  ])('with %s have another socket', async (_, options, shown) => {
    const { begin, say, sent, peers } = deviceOf()
    await begin(shows('t1'))
    await say('@authed')
    await say(...state)
    sent()
    await begin(options)
    expect([peers.length, auths(sent())]).toEqual([2, shown])
  })

  it('of one scope share a socket, whatever their credentials', async () => {
    const { begin, say, sent, peers } = deviceOf()
    const a = await begin(shows('t1'), 'user 1')
    await say('@authed')
    await say(...state)
    const b = await begin(shows('t2'), 'user 1')
    expect([peers.length, auths(sent())]).toEqual([1, ['@auth t1']])
    expect([a, b].map(({ map }) => map.get('a'))).toEqual([1, 1])
  })

  it('whose credentials were refused share with nobody', async () => {
    const { begin, say, peers, sent } = deviceOf()
    const a = await begin(shows('bad'))
    await say('@deauthed')
    expect(a.client.authenticated(host)).toBe(false)
    sent()
    await begin(shows('bad'))
    expect([peers.length, sent()]).toEqual([2, ['@auth bad']])
  })

  it('get the close code together if the host closes the socket over their credentials', async () => {
    const { tab, clock, peers, sent } = deviceOf()
    const codes: string[] = []
    const tabs = [1, 2].map(() =>
      tab({ ...shows('bad'), onError: ({ code }) => codes.push(String(code)) })
        .client.downlinkMap({ nodeUri: '/n', laneUri: 'm' })
        .open(),
    )
    await clock.settle()
    sent()
    peers[0]!.close(1008, '')
    await clock.advance(60_000)
    expect([tabs.length, codes, peers.length]).toEqual([2, ['auth', 'auth'], 1])
  })
})

describe('credentials that change', () => {
  it('are sent on the same socket if only one tab uses it', async () => {
    const { begin, say, sent, peers } = deviceOf()
    const { client } = await begin(shows('t1'))
    await say('@authed')
    await say(...state)
    sent()
    client.authenticate(host, 't2')
    await say()
    expect([peers.length, sent()]).toEqual([1, ['@auth t2']])
  })

  it('take a tab to another socket, and leave the others alone', async () => {
    const { begin, say, sent, clock, peers } = deviceOf()
    const [a, b] = [await begin(shows('t1')), await begin(shows('t1'))]
    await say('@authed')
    await say(...state)
    sent()
    a.client.authenticate(host, 't2')
    await clock.advance(1000)
    expect([peers.length, auths(sent())]).toEqual([2, ['@auth t2']])
    await say('@authed')
    await say(...state)
    expect([a.map.status.state, b.map.status.state, a.client.authenticated(host)]).toEqual(['synced', 'synced', true])
  })

  it('come from the function of a tab that is still open', async () => {
    const { tab, clock, peers, sent, say, device } = deviceOf()
    const asked: number[] = []
    const open = (i: number) => {
      const made = tab(
        shows(() => {
          asked.push(i)
          return 'token'
        }),
      )
      return { ...made, map: made.client.downlinkMap({ nodeUri: '/unit/1', laneUri: 'map' }).open() }
    }
    const [first, second] = [open(1), open(2)]
    await clock.settle()
    await say('@authed')
    await say(...state)
    device.kill(first.page)
    asked.length = 0
    sent()
    peers[0]!.cut()
    await clock.advance(1000)
    expect([asked.at(-1), auths(sent())]).toEqual([2, ['@auth token']])
    await say('@authed')
    await say(...state)
    expect(second.map.status.state).toBe('synced')
  })
})
