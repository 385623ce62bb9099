// The relay in memory: tabs of one device, the worker they share, and a host whose frames are read and written by hand.
import { describe, expect, it } from 'vitest'
import { deviceOf, lane, state } from './support/device.js'

describe('a lane of several tabs', () => {
  it('has one link, and a late tab gets the state that the relay holds', async () => {
    const { begin, sent, say, clock, peers } = deviceOf()
    await begin()
    expect(sent()).toEqual([`@sync(${lane})`])
    await say(...state)
    const { map, got } = await begin()
    expect(got).toEqual(state)
    expect([sent(), peers.length, map.get('a'), map.synced]).toEqual([[], 1, 1, true])
    await clock.advance(1000)
    expect(sent()).toEqual([])
  })

  it('is linked once, however many tabs ask for it at once', async () => {
    const { begin, sent, say } = deviceOf()
    const tabs = [await begin(), await begin(), await begin()]
    await say(...state)
    expect(sent()).toEqual([`@sync(${lane})`])
    for (const { map } of tabs) expect([...map]).toEqual([['a', 1]])
    expect(tabs.every(({ map }) => map.synced)).toBe(true)
  })

  it('is unlinked with its last tab', async () => {
    const { begin, sent, say, clock } = deviceOf()
    const [a, b] = [await begin(), await begin()]
    await say(...state)
    sent()
    a.map.close()
    await clock.advance(500)
    expect(sent()).toEqual([])
    b.map.close()
    await clock.advance(500)
    expect(sent()).toEqual([`@unlink(${lane})`])
  })

  it('is unlinked if its tab dies without a message', async () => {
    const { begin, sent, say, clock, device } = deviceOf()
    const { page } = await begin()
    await say(...state)
    sent()
    device.kill(page)
    await clock.advance(500)
    expect(sent()).toEqual([`@unlink(${lane})`])
  })

  it('sends each tab the writes of the other tabs as events', async () => {
    const { begin, sent, say } = deviceOf()
    const [a, b] = [await begin(), await begin()]
    await say(...state)
    sent()
    const put = a.map.put('b', 2)
    await say()
    expect([sent(), b.map.get('b')]).toEqual([[`@command(${lane})@update(key:b) 2`], undefined])
    await say(`@event(${lane})@update(key:b) 2`)
    expect([await put, b.map.get('b'), b.map.isPending('b')]).toEqual(['taken', 2, false])
  })
})

describe('a sync of a tab', () => {
  it('after an own command goes to the host, as only the host knows its outcome', async () => {
    const { begin, sent, say, clock } = deviceOf()
    const { map } = await begin()
    await say(...state)
    const put = map.put('b', -1)
    await clock.advance(2500)
    expect(sent()).toEqual([`@sync(${lane})`, `@command(${lane})@update(key:b) -1`, `@sync(${lane})`])
    await say(`@event(${lane})@update(key:a) 1`, `@synced(${lane})`)
    expect([await put, [...map]]).toEqual(['refused', [['a', 1]]])
  })

  it('after commands of other tabs is answered from the state that the relay holds', async () => {
    const { begin, sent, say } = deviceOf()
    const [a] = [await begin()]
    await say(...state)
    a.map.set('b', 2)
    sent()
    const { map } = await begin()
    expect(sent()).toEqual([`@command(${lane})@update(key:b) 2`])
    expect([...map]).toEqual([['a', 1]])
    await say(`@event(${lane})@update(key:b) 2`)
    expect([...map]).toEqual([
      ['a', 1],
      ['b', 2],
    ])
  })

  it('while the state is in doubt waits for the host', async () => {
    const { begin, sent, say, clock } = deviceOf()
    const { map, got } = await begin()
    await say(...state, `@event(${lane})@update(key:a) 2`, `@event(${lane})@remove(key:a)`)
    sent()
    got.length = 0
    await clock.advance(500)
    expect([sent(), got, map.has('a')]).toEqual([[`@sync(${lane})`], [], false])
    // The remove was older than the update.
    await say(`@event(${lane})@update(key:a) 2`, `@synced(${lane})`)
    expect([[...map], got.at(-1)]).toEqual([[['a', 2]], `@synced(${lane})`])
  })

  it('sends the other tabs only the changes that they do not have', async () => {
    const { begin, say, clock } = deviceOf()
    const [a, b] = [await begin(), await begin()]
    await say(...state, `@event(${lane})@update(key:c) 3`)
    b.got.length = 0
    a.map.set('x', 1)
    await clock.advance(2500)
    // The lane has lost c without a word.
    await say(`@event(${lane})@update(key:a) 1`, `@event(${lane})@update(key:d) 4`, `@synced(${lane})`)
    expect(b.got).toEqual([`@event(${lane})@update(key:d) 4`, `@event(${lane})@remove(key:c)`])
    expect([...b.map.keys()]).toEqual(['a', 'd'])
  })
})

describe('a host that refuses', () => {
  it('reaches each tab, which asks again by itself', async () => {
    const { begin, sent, say, clock } = deviceOf()
    const [a, b] = [await begin(), await begin()]
    sent()
    await say(`@unlinked(${lane})@laneNotFound`)
    expect([a.map.status, b.map.status]).toMatchObject([
      { state: 'unlinked', reason: 'laneNotFound' },
      { state: 'unlinked', reason: 'laneNotFound' },
    ])
    await clock.advance(1000)
    expect(sent().filter(text => text.startsWith('@sync')).length).toBeGreaterThan(0)
    await say(...state)
    await clock.advance(1000)
    expect([a.map.get('a'), b.map.get('a')]).toEqual([1, 1])
  })
})

describe('a socket that ends', () => {
  it('ends the sockets of its tabs, which share the next one', async () => {
    const { begin, say, clock, peers } = deviceOf()
    const tabs = [await begin(), await begin(), await begin()]
    await say(...state)
    peers[0]!.cut()
    await clock.advance(1000)
    expect(tabs.map(({ map }) => map.status.state)).toEqual(['stale', 'stale', 'stale'])
    expect(peers.length).toBe(2)
    await say(...state)
    expect(tabs.map(({ map }) => map.status.state)).toEqual(['synced', 'synced', 'synced'])
  })

  it('over a command ends with its code for the only suspected tab', async () => {
    const { begin, say, clock, peers } = deviceOf()
    const [a, b] = [await begin(), await begin()]
    await say(...state)
    const ends: unknown[] = []
    for (const { client } of [a, b])
      client.on('disconnect', ({ cause }) => ends.push((cause as { closeCode?: number }).closeCode))
    const put = a.map.put('b', 2)
    await clock.settle()
    peers[0]!.close(1008, 'Forbidden')
    const refused = expect(put).rejects.toMatchObject({ code: 'refused' })
    await clock.settle()
    await refused
    expect(ends).toEqual([1008, 1012])
  })

  it('with several suspected tabs blames none, and their next commands go out one at a time', async () => {
    const { begin, say, sent, clock, peers } = deviceOf()
    const [a, b] = [await begin(), await begin()]
    await say(...state)
    const [good, bad] = [a.map.put('good', 1), b.map.put('bad', 2)]
    await clock.settle()
    peers[0]!.close(1008, 'Forbidden')
    await clock.advance(1000)
    sent()
    await say(...state)
    const answer = 'node:"/",lane:answer'
    const first = sent()
    expect(first).toHaveLength(3)
    expect(first.slice(1)).toEqual([`@link(${answer})`, `@unlink(${answer})`])
    const isGood = first[0]!.includes('good')
    if (isGood) {
      await say(`@event(${lane})@update(key:good) 1`, `@unlinked(${answer})@nodeNotFound`)
      expect(sent()[0]).toContain('bad')
      peers.at(-1)!.close(1008, 'Forbidden')
    } else peers.at(-1)!.close(1008, 'Forbidden')
    const refused = expect(bad).rejects.toMatchObject({ code: 'refused' })
    await clock.advance(2000)
    await refused
    await say(...state, `@event(${lane})@update(key:good) 1`)
    expect(await good).toBe('taken')
  })

  it('because its worker died blames no tab: another worker has the next one', async () => {
    const { begin, say, clock, peers, device, sent } = deviceOf()
    const { map } = await begin()
    await say(...state)
    map.set('b', 2)
    await clock.settle()
    device.restart()
    await clock.advance(1000)
    expect(peers.length).toBe(2)
    sent()
    await say(...state)
    expect(sent()).toEqual([`@command(${lane})@update(key:b) 2`])
  })
})
