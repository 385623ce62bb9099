// What is not in the lane yet: how it shows, who hears of it, how it is taken back, and how long its promise waits.
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import type { SwimClientOptions } from '../../../src/index.js'
import { follow } from '../../support/follow.js'
import { ScriptedHost } from '../../support/scripted-host.js'

/** A map that is linked and synced, with these entries: `a) 1`. */
async function synced(entries: string[] = [], options: SwimClientOptions = {}) {
  const host = new ScriptedHost(options)
  const failed: string[] = []
  const map = host
    .map()
    .didFail(error => failed.push(error.code))
    .open()
  await host.settle()
  await host.say('@linked', ...entries.map(entry => `@event@update(key:${entry}`), '@synced')
  host.take()
  return { host, map, failed }
}

/** A map whose host can't be reached. */
async function offline(options: SwimClientOptions = {}) {
  const host = new ScriptedHost(options)
  host.network.refuses = true
  const map = host
    .map()
    .didFail(() => {})
    .open()
  await host.settle()
  return { host, map }
}

/** Lets the host be reached, and links the lane. */
async function reach(host: ScriptedHost, withinMs = 100, ...entries: string[]): Promise<void> {
  host.network.refuses = false
  await host.clock.advance(withinMs)
  await host.say('@linked', ...entries.map(entry => `@event@update(key:${entry}`), '@synced')
}

/** So long between tries that hours take few. */
const patient = { reconnectMinMs: 60_000, reconnectMaxMs: 60_000, reconnectJitter: 0 }

describe('what is pending', () => {
  test('is each own write that waits or is not answered, the last of its key, with what the lane has', async () => {
    const { host, map } = await synced(['a) 1', 'b) 2'])
    expect(map.pending.size).toBe(0)
    map.set('a', 10)
    map.delete('b')
    map.set('c', 30)
    expect([...map.pending]).toEqual([
      ['a', { type: 'set', value: 10, state: 'sent', since: expect.any(Date) as Date, under: 1 }],
      ['b', { type: 'remove', state: 'sent', since: expect.any(Date) as Date, under: 2 }],
      ['c', { type: 'set', value: 30, state: 'sent', since: expect.any(Date) as Date, under: undefined }],
    ])
    expect(map.isPending('a') && map.isPending('b') && map.isPending('c')).toBe(true)
    await host.say('@event@update(key:a) 10', '@event@remove(key:b)')
    expect([...map.pending.keys()]).toEqual(['c'])
    expect([map.isPending('a'), map.isPending('b'), map.isPending('nothing')]).toEqual([false, false, false])
    expect([map.pendingState('a'), map.pendingState('c')]).toEqual([undefined, 'sent'])
    await host.say('@event@update(key:c) 30')
    expect(map.pending.size).toBe(0)
  })

  test('shows the changing value of the lane below it, and listeners of the key hear of it', async () => {
    const { host, map } = await synced(['a) 1', 'c) 3'])
    map.set('a', 10)
    map.clear()
    map.set('c', 30)
    const heard: string[] = []
    for (const key of ['a', 'b', 'c']) map.subscribeTo(key, () => heard.push(key))
    const under = () => [...map.pending].map(([key, { type, under }]) => [key, type, under])
    expect(under()).toEqual([
      ['a', 'remove', 1],
      ['c', 'set', 3],
    ])
    const before = map.pending
    await host.say('@event@update(key:d) 4')
    // Own clears cover what comes before their event.
    expect(map.pending).not.toBe(before)
    await host.settle()
    heard.length = 0
    await host.say('@event@update(key:c) 5', '@event@remove(key:a)')
    expect(under()).toEqual([
      ['c', 'set', 5],
      ['d', 'remove', 4],
    ])
    expect(['a', 'b', 'c', 'd'].filter(key => map.isPending(key))).toEqual([...map.pending.keys()])
    await host.clock.advance(20)
    expect(heard.sort()).toEqual(['a', 'c'])
    expect(map.pending).toBe(map.pending)
  })

  test('waits until it is sent, waits again where its socket is lost, and says since when', async () => {
    const { host, map } = await offline()
    // By the clock, as far back from the time of day as it is there.
    const agoMs = () => Math.round((Date.now() - map.pending.get('a')!.since.getTime()) / 1000) * 1000
    const state = () => map.pending.get('a')?.state
    await host.clock.advance(1000)
    map.set('a', 1)
    await host.clock.advance(7000)
    expect([state(), agoMs()]).toEqual(['waiting', 7000])
    await reach(host)
    expect([state(), agoMs()]).toEqual(['sent', 0])
    host.peers.at(-1)!.cut()
    await host.settle()
    expect(state()).toBe('waiting')
    await host.clock.advance(100)
    await host.say('@linked', '@synced')
    expect(state()).toBe('sent')
    await host.say('@event@update(key:a) 1')
    expect(state()).toBe(undefined)
  })

  test('is the same object until one of the writes goes on', async () => {
    const { host, map } = await synced(['z) 0'])
    map.set('a', 1)
    const before = map.pending
    await host.say('@event@update(key:z) 7', '@event@update(key:y) 7')
    expect(map.pending).toBe(before)
    map.set('b', 1)
    expect(map.pending).not.toBe(before)
    const both = map.pending
    await host.say('@event@update(key:a) 1')
    expect(map.pending).not.toBe(both)
    expect([...both.keys()]).toEqual(['a', 'b'])
  })

  test('names the writes of other downlinks of the lane, and what a clear takes away', async () => {
    const { host, map } = await synced(['a) 1', 'b) 2'])
    const other = host.map().open()
    await host.settle()
    other.set('b', 3)
    expect([...map.pending.keys()]).toEqual(['b'])
    map.clear()
    const types = () => [...map.pending].map(([key, { type, under }]) => [key, type, under])
    expect(types()).toEqual([
      ['b', 'remove', 2],
      ['a', 'remove', 1],
    ])
    other.set('a', 5)
    expect(types()).toEqual([
      ['b', 'remove', 2],
      ['a', 'set', 1],
    ])
    await host.say('@event@update(key:b) 3', '@event@clear')
    expect(types()).toEqual([['a', 'set', undefined]])
    await host.say('@event@update(key:a) 5')
    expect(types()).toEqual([])
  })

  test('is spelled as the schemas have it; a value of the lane that they refuse is undefined', async () => {
    const host = new ScriptedHost()
    const days = host.client
      .downlinkMap()
      .laneUri('map')
      .keySchema(z.codec(z.number(), z.date(), { decode: ms => new Date(ms), encode: date => date.getTime() }))
      .valueSchema(z.codec(z.string(), z.array(z.string()), { decode: s => s.split('-'), encode: a => a.join('-') }))
      .didFail(() => {})
      .open()
    await host.settle()
    await host.say('@linked', '@event@update(key:1)"a-b"', '@event@update(key:2) 7', '@synced')
    days.set(new Date(1), ['c'])
    days.set(new Date(2), ['d', 'e'])
    expect([...days.pending].map(([key, { value, under }]) => [key.getTime(), value, under])).toEqual([
      [1, ['c'], ['a', 'b']],
      [2, ['d', 'e'], undefined],
    ])
    expect(days.isPending(new Date(1))).toBe(true)
  })

  test('is reported by subscribe and subscribeTo to those who look at it, and only for the keys that it is of', async () => {
    const { host, map } = await synced(['a) 1', 'b) 2'])
    const heard: string[] = []
    map.subscribe(changes => heard.push(`all ${changes.map(({ key }) => key).join()}`))
    for (const key of ['a', 'b']) map.subscribeTo(key, value => heard.push(`${key} ${String(value)}`))
    const told = async (...frames: string[]) => {
      await host.say(...frames)
      return heard.splice(0)
    }
    map.set('a', 10)
    expect(await told()).toEqual(['all a', 'a 10'])
    // Nobody has looked at what is pending: the echo is no news.
    expect(await told('@event@update(key:a) 10')).toEqual([])
    expect(map.isPending('a')).toBe(false)
    map.set('a', 11)
    expect(await told()).toEqual(['all a', 'a 11'])
    expect(await told('@event@update(key:a) 11')).toEqual(['all ', 'a 11'])
    map.clear()
    await told()
    expect(await told('@event@clear')).toEqual(['all '])
  })
})

describe('discard', () => {
  test('takes back what was never sent: what was before shows again, and the lane hears nothing of it', async () => {
    const { host, map, failed } = await synced(['a) 1'])
    host.network.refuses = true
    host.peers.at(-1)!.cut()
    await host.settle()
    const changes: unknown[][] = []
    map.on('didUpdate', (...change) => changes.push(change))
    map.on('didRemove', (...change) => changes.push(change))
    const puts = [map.put('a', 2), map.put('a', 3), map.put('b', 1), map.remove('a')].map(follow)
    await host.settle()
    changes.length = 0
    expect([map.discard('a'), map.discard('b'), map.discard('c')]).toEqual([true, true, false])
    expect([...map]).toEqual([['a', 1]])
    expect(changes).toEqual([
      ['a', 1, undefined],
      ['b', 1],
    ])
    await host.settle()
    expect(puts.map(({ end }) => end)).toEqual(['superseded', 'superseded', 'closed', 'closed'])
    expect(puts[3]!.error).toMatchObject({ name: 'ClosedError', discarded: true })
    expect([map.pending.size, map.discard('a'), host.client.pendingCount]).toEqual([0, false, 0])
    await reach(host, 100, 'a) 1')
    expect(host.take().filter(frame => frame.startsWith('@command'))).toEqual([])
    expect(failed.filter(code => code === 'closed')).toEqual([])
  })

  test('is too late once it is sent, also where the socket that it was sent on is lost', async () => {
    const { host, map } = await synced()
    const put = follow(map.put('a', 1))
    expect(map.discard('a')).toBe(false)
    host.peers.at(-1)!.cut()
    await host.settle()
    expect([map.pending.get('a')!.state, map.discard('a'), map.get('a')]).toEqual(['waiting', false, 1])
    await host.clock.advance(100)
    await host.say('@linked', '@event@update(key:a) 1', '@synced')
    expect(put.end).toBe('taken')
  })

  test('takes back what waits for room, and leaves what was sent before it', async () => {
    const { host, map } = await synced()
    const [sent, waits] = [map.put('a', 1), undefined].map(put => put && follow(put))
    for (const socket of host.network.sockets) socket.bufferedAmount = 2 ** 30
    const second = follow(map.put('a', 2))
    expect([map.get('a'), map.pending.get('a')!.state]).toEqual([2, 'waiting'])
    expect(map.discard('a')).toBe(true)
    expect([map.get('a'), map.pending.get('a')!.state, map.discard('a')]).toEqual([1, 'sent', false])
    await host.say('@event@update(key:a) 1')
    expect([sent!.end, second.end, waits]).toEqual(['taken', 'closed', undefined])
  })

  test('takes back all of a key that waits, also where a drop stands between', async () => {
    const { host, map } = await offline()
    const puts = [map.put('a', 1), (map.drop(1), map.put('a', 2))].map(follow)
    expect([map.discard('a'), map.has('a'), map.isPending('a')]).toEqual([true, false, false])
    await host.settle()
    expect(puts.map(({ end }) => end)).toEqual(['closed', 'closed'])
    await reach(host)
    expect(host.take().filter(frame => frame.startsWith('@command'))).toEqual(['@command@drop(1)'])
  })
})

describe('the promise of a write', () => {
  test('has no time-out while it waits for its link; its time begins when it is sent, at the first time', async () => {
    const { host, map } = await offline({ ...patient, writeTimeoutMs: 1000, echoTimeoutMs: 600_000 })
    const [put, removed] = [follow(map.put('a', 1)), follow(map.remove('b'))]
    const command = follow(host.client.command('warp://host', '/unit/1', 'other', 1))
    await host.clock.advance(3_600_000)
    expect([put.end, removed.end, command.end]).toEqual(['pending', 'pending', 'pending'])
    await reach(host, 60_000)
    expect(command.end).toBe('taken')
    await host.clock.advance(999)
    expect(put.end).toBe('pending')
    host.peers.at(-1)!.cut()
    await reach(host, 0)
    await host.clock.advance(1)
    expect(put.error).toMatchObject({ name: 'TimeoutError', afterMs: 1000, pending: true })
    expect([map.get('a'), map.isPending('a'), map.discard('a')]).toEqual([1, true, false])
    await reach(host, 60_000)
    await host.say('@event@update(key:a) 1')
    expect(map.isPending('a')).toBe(false)
  })

  test('ends by a time of its own from the call on, and the write goes on until discard gives it up', async () => {
    const { host, map } = await offline()
    const [put, other] = [follow(map.put('a', 1, { timeoutMs: 50 })), follow(map.put('b', 1, { timeoutMs: 50 }))]
    await host.clock.advance(50)
    expect([put.error, other.error]).toMatchObject([
      { name: 'TimeoutError', afterMs: 50, pending: true },
      { name: 'TimeoutError', afterMs: 50, pending: true },
    ])
    expect([map.isPending('a'), map.discard('a'), map.has('a')]).toEqual([true, true, false])
    await reach(host)
    expect(host.take().filter(frame => frame.startsWith('@command'))).toEqual(['@command@update(key:b) 1'])
  })

  test('of other time-outs is not pending', async () => {
    const { host, map } = await offline()
    const synced = follow(map.whenSynced({ timeoutMs: 10 }))
    await host.clock.advance(10)
    expect(synced.error).toMatchObject({ code: 'timeout', pending: false })
  })

  test('writeTimeoutMs: Infinity waits for ever', async () => {
    const { host, map } = await synced([], { writeTimeoutMs: Infinity, echoTimeoutMs: 2 ** 31 - 1 })
    const put = follow(map.put('a', 1))
    await host.clock.advance(2 ** 30)
    expect(put.end).toBe('pending')
  })
})

describe('settled', () => {
  test('resolves when the writes made so far have ended, however, after those who wait for one of them', async () => {
    const { host, map } = await synced(['a) 1'])
    const order: string[] = []
    void map.put('a', 2).then(() => order.push('put'))
    map.remove('x').then(
      () => order.push('removed'),
      () => {},
    )
    map.set('b', 1)
    void map.settled().then(() => order.push('settled'))
    map.set('later', 1)
    void host.client.settled().then(() => order.push('client'))
    await host.say('@event@update(key:a) 2')
    expect(order).toEqual(['removed', 'put'])
    await host.say('@event@update(key:b) 1')
    expect(order).toEqual(['removed', 'put', 'settled'])
    await host.say('@event@update(key:later) 1')
    expect(order).toEqual(['removed', 'put', 'settled', 'client'])
    await map.settled()
    await host.client.settled()
  })

  test('rejects by its time or its signal, and leaves nothing behind; the writes go on', async () => {
    const { host, map } = await offline()
    map.set('a', 1)
    const timers = host.clock.pendingTimers
    const control = new AbortController()
    const waits = [
      map.settled({ timeoutMs: 100 }),
      host.client.settled({ timeoutMs: 100 }),
      map.settled({ signal: control.signal }),
      map.settled({ signal: AbortSignal.abort(new Error('before')) }),
    ].map(follow)
    control.abort(Object.assign(new Error('now'), { code: 'mine' }))
    await host.clock.advance(100)
    expect(waits.map(({ end }) => end)).toEqual(['timeout', 'timeout', 'mine', undefined])
    expect(waits[0]!.error).toMatchObject({ afterMs: 100, pending: true })
    expect(host.clock.pendingTimers).toBeLessThanOrEqual(timers)
    await reach(host)
    await host.say('@event@update(key:a) 1')
    expect(host.client.pendingCount).toBe(0)
  })

  test('may be asked for any number of times while nothing goes on', async () => {
    const { host, map } = await offline()
    map.set('a', 1)
    const waits: Promise<void>[] = []
    for (let n = 0; n < 50_000; n++) waits.push(map.settled())
    await reach(host)
    await host.say('@event@update(key:a) 1')
    await Promise.all(waits)
  })

  test('a remove that is asked for any number of times ends with the first', async () => {
    const { host, map } = await synced(['a) 1'])
    const removes = Array.from({ length: 50_000 }, () => map.remove('a'))
    await host.say('@event@remove(key:a)')
    expect(new Set(await Promise.all(removes))).toEqual(new Set(['taken']))
    expect(host.take().filter(frame => frame.startsWith('@command'))).toHaveLength(1)
  })
})

describe('the client', () => {
  test('counts what has not ended, of all lanes and without a link, and reports the count once a frame', async () => {
    const { host, map } = await offline()
    const counts: number[] = []
    const undo = host.client.on('pending', ({ count }) => counts.push(count))
    const value = host.client
      .downlinkValue<number>()
      .laneUri('value')
      .didFail(() => {})
      .open()
    const event = host.client
      .downlinkEvent()
      .laneUri('event')
      .didFail(() => {})
      .open()
    map.set('a', 1)
    map.set('a', 2)
    map.drop(1)
    value.set(1)
    void event.command(1)
    void host.client.command('warp://host', '/unit/1', 'command', 1)
    expect(host.client.pendingCount).toBe(5)
    expect(counts).toEqual([])
    await host.settle()
    expect(counts).toEqual([5])
    map.discard('a')
    await host.settle()
    expect(counts).toEqual([5, 4])
    undo()
    value.discard()
    await host.settle()
    expect([counts, host.client.pendingCount]).toEqual([[5, 4], 3])
  })
})

describe('a value', () => {
  async function open(options: SwimClientOptions = {}, value?: string) {
    const host = new ScriptedHost(options)
    const info = host.client
      .downlinkValue<unknown>()
      .laneUri('map')
      .didFail(() => {})
      .open()
    if (value === undefined) return { host, info }
    await host.settle()
    await host.say('@linked', `@event ${value}`, '@synced')
    host.take()
    return { host, info }
  }

  test('is pending until the lane has it', async () => {
    const { host, info } = await open({}, '"before"')
    expect([info.pending, info.isPending(), info.discard()]).toEqual([undefined, false, false])
    const heard: unknown[] = []
    info.subscribe(value => heard.push(value))
    info.set('mine')
    const since = expect.any(Date) as Date
    expect(info.pending).toEqual({ type: 'set', value: 'mine', state: 'sent', since, under: 'before' })
    expect([info.isPending(), info.pendingState(), info.discard()]).toEqual([true, 'sent', false])
    await host.say('@event mine')
    expect([info.pending, info.isPending()]).toEqual([undefined, false])
    expect(heard).toEqual(['mine', 'mine'])
    info.set(undefined)
    expect(info.pending).toEqual({ type: 'remove', state: 'sent', since, under: 'mine' })
  })

  test('is taken back before it is sent, has no time-out while it waits, and is settled', async () => {
    const { host, info } = await open({ ...patient, writeTimeoutMs: 1000 })
    host.network.refuses = true
    await host.settle()
    const sets: unknown[] = []
    info.on('didSet', (value, old) => sets.push([value, old]))
    const put = follow(info.put(1))
    const settled = follow(info.settled())
    await host.clock.advance(600_000)
    expect([put.end, settled.end, info.pending?.state]).toEqual(['pending', 'pending', 'waiting'])
    expect([info.discard(), info.get(), info.pending, info.discard()]).toEqual([true, undefined, undefined, false])
    await host.settle()
    expect([put.error, settled.end]).toEqual([expect.objectContaining({ discarded: true }), undefined])
    expect(sets).toEqual([
      [1, undefined],
      [undefined, 1],
    ])
    await reach(host, 60_000)
    expect(host.take().filter(frame => frame.startsWith('@command'))).toEqual([])
  })
})

describe('a put unless the entry has changed', () => {
  const only = { unlessChanged: true }

  test('is taken where the lane has what was shown, and where it has what showed beneath an own write', async () => {
    const { host, map } = await synced(['a) 1'])
    const first = follow(map.put('a', 2, only))
    const second = follow(map.put('a', 3, only))
    const fresh = follow(map.put('b', 1, only))
    await host.say('@event@update(key:a) 2', '@event@update(key:a) 3', '@event@update(key:b) 1')
    expect([first.end, second.end, fresh.end]).toEqual(['taken', 'taken', 'taken'])
  })

  test('is taken once its link is back, where nothing has changed in between', async () => {
    const { host, map } = await synced(['a) 1'])
    host.network.refuses = true
    host.peers[0]!.cut()
    await host.settle()
    const put = follow(map.put('a', 2, only))
    await reach(host, 100, 'a) 1')
    expect(host.take()).toEqual(['@sync', '@command@update(key:a) 2'])
    await host.say('@event@update(key:a) 2')
    expect(put.end).toBe('taken')
  })

  test.each([
    ['another value', ['a) 5'], 5],
    ['none', [], undefined],
  ])('is not sent where the lane has %s by then, which shows: a conflict', async (_which, entries, theirs) => {
    const { host, map, failed } = await synced(['a) 1'])
    host.network.refuses = true
    host.peers[0]!.cut()
    await host.settle()
    const put = map.put('a', 2, only)
    const conflict = { code: 'conflict', key: 'a', mine: 2, theirs, base: 1 }
    const ended = expect(put).rejects.toMatchObject(conflict)
    const other = follow(map.put('b', 1, only))
    await reach(host, 100, ...entries)
    await ended
    expect(map.get('a')).toBe(theirs)
    // Nothing stands in the way of what waits behind it.
    expect(host.take()).toEqual(['@sync', '@command@update(key:b) 1'])
    await host.say('@event@update(key:b) 1')
    expect([other.end, failed]).toEqual(['taken', ['conflict']])
  })

  test('has the time that it was given', async () => {
    const { host, map } = await offline()
    const put = follow(map.put('a', 2, { ...only, timeoutMs: 1000 }))
    await host.clock.advance(1000)
    expect(put.end).toBe('timeout')
  })
})
