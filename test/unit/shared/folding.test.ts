// A tab that takes nothing in: what waits for it is bounded, and is right once it goes on.
import { describe, expect, it } from 'vitest'
import '../../../src/list.js'
import { deviceOf, lane, state } from './support/device.js'

const long = 'x'.repeat(1000)

describe('a tab that is frozen', () => {
  it('gets each entry once when it goes on, with the value of that time', async () => {
    const { begin, say } = deviceOf()
    const [a, b] = [await begin(), await begin()]
    await say(...state)
    b.page.isFrozen = true
    b.got.length = 0
    const rounds = 1000
    for (let i = 0; i < rounds; i++)
      await say(...['k', 'l', 'm'].map(key => `@event(${lane})@update(key:${key}) {n:${i},text:${long}}`))
    await say(`@event(${lane})@remove(key:l)`)
    expect(a.map.size).toBe(3)
    b.page.thaw()
    await say()
    // Some were on their way, or waited in order; the rest folded.
    expect(b.got.length).toBeLessThan(rounds)
    expect(b.got.length).toBeGreaterThan(2)
    expect([...b.map.keys()]).toEqual(['a', 'k', 'm'])
    expect(b.map.get('k')).toMatchObject({ n: rounds - 1 })
    // What comes from now on comes one by one.
    b.got.length = 0
    await say(`@event(${lane})@update(key:k) 1`, `@event(${lane})@update(key:k) 2`)
    expect(b.got).toEqual([`@event(${lane})@update(key:k) 1`, `@event(${lane})@update(key:k) 2`])
  })

  it('gets a clear, and the changes after it', async () => {
    const { begin, say } = deviceOf()
    const b = await begin()
    await say(...state)
    b.page.isFrozen = true
    for (let i = 0; i < 1500; i++) await say(`@event(${lane})@update(key:k) {n:${i},text:${long}}`)
    await say(`@event(${lane})@clear`, `@event(${lane})@update(key:z) 1`)
    const cleared: unknown[] = []
    b.map.subscribe(() => cleared.push(b.map.size))
    b.page.thaw()
    await say()
    expect([...b.map]).toEqual([['z', 1]])
  })

  it('loses its socket if the waiting frames can not fold, and syncs when it goes on', async () => {
    const { tab, say, clock, peers } = deviceOf()
    const { client, page } = tab()
    const value = client.downlinkValue<{ n: number }>({ nodeUri: '/unit/1', laneUri: 'value' }).open()
    await clock.settle()
    const address = 'node:"/unit/1",lane:value'
    await say(`@linked(${address})`, `@event(${address}) {n:0}`, `@synced(${address})`)
    page.isFrozen = true
    await say(...Array.from({ length: 6000 }, (_, i) => `@event(${address}) {n:${i + 1},text:${long}}`))
    page.thaw()
    await clock.advance(1000)
    await say(`@linked(${address})`, `@event(${address}) {n:6000}`, `@synced(${address})`)
    expect([value.get()?.n, value.status.state, peers.length]).toEqual([6000, 'synced', 1])
  })
})

describe('a list', () => {
  it('reaches a tab in order, even if it changes while it is sent', async () => {
    const { tab, say, clock } = deviceOf()
    const open = () => {
      const made = tab()
      return { ...made, list: made.client.downlinkList<unknown>({ nodeUri: '/unit/1', laneUri: 'list' }).open() }
    }
    const first = open()
    await clock.settle()
    const address = 'node:"/unit/1",lane:list'
    const items = Array.from(
      { length: 3000 },
      (_, i) => `@event(${address})@update(index:${i},key:k${i}) {i:${i},t:${long}}`,
    )
    await say(`@linked(${address})`, ...items, `@synced(${address})`)
    const late = open()
    late.page.isFrozen = true
    await clock.settle()
    await say(
      `@event(${address})@remove(index:0,key:k0)`,
      `@event(${address})@update(index:0,key:new) 7`,
      `@event(${address})@move(from:2999,to:1,key:k2999)`,
    )
    late.page.thaw()
    await clock.advance(1000)
    const keysOf = (list: typeof late.list) => list.snapshot().map(item => JSON.stringify(item).slice(0, 12))
    expect(keysOf(late.list)).toEqual(keysOf(first.list))
    expect([late.list.size, late.list.at(0), late.list.synced]).toEqual([3000, 7, true])
  })
})
