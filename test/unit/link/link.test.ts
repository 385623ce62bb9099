// A link over a host's socket, from outside: what it asks for when a host says too little, and how soon it is right again.
import { describe, expect, test } from 'vitest'
import type { SwimClientOptions } from '../../../src/index.js'
import { ScriptedHost } from '../../support/scripted-host.js'

/** What a host answers whatever became of a lane: the client asks for one that is nowhere. */
const probe = '@link(node:"/",lane:answer)'
const alive = ['@unlinked(node:"/",lane:answer)@nodeNotFound']

async function synced(options?: SwimClientOptions, ...entries: string[]) {
  const host = new ScriptedHost(options)
  const told: string[] = []
  const map = host
    .map()
    .willSync(() => told.push('will sync'))
    .didSync(() => told.push('did sync'))
    .didUnlink(reason => told.push(`unlink ${reason}`))
    .didDisconnect(() => told.push('disconnect'))
    .didFail(error => told.push(`fail ${error.code}`))
    .didUpdate((key, value) => told.push(`${String(key)}=${String(value)}`))
    .didRemove(key => told.push(`-${String(key)}`))
    .open()
  await host.settle()
  await host.say('@linked', ...entries.map(entry => `@event@update(key:${entry}`), '@synced')
  await host.clock.advance(1000)
  host.take()
  told.length = 0
  const follow = (promise: Promise<unknown>) => {
    const followed: { end: unknown; atMs: number } = { end: 'pending', atMs: NaN }
    const end = (what: unknown) => Object.assign(followed, { end: what, atMs: host.clock.now() })
    promise.then(end, (error: { code: string }) => end(error.code))
    return followed
  }
  return { host, map, told, follow }
}

describe('a state without its @synced', () => {
  test('is followed by a new link, without an error, and the write is decided', async () => {
    const { host, map, told, follow } = await synced({}, 'a) 5')
    let syncs = 0
    host.answer = text => {
      // The first is answered without its end.
      if (text === '@sync') return ['@event@update(key:a) 5', ...(++syncs === 1 ? [] : ['@synced'])]
      return text === '@unlink' ? ['@unlinked', '@linked'] : []
    }
    const fromMs = host.clock.now()
    const put = follow(map.put('a', 6))
    await host.clock.advance(20_000)
    // Not refused: what the lane said between the two links is not known.
    expect(put.end).toBe('superseded')
    // By the first sync after 2 s; 0.7 s for it to begin, and as long for it to go on; two more to decide.
    expect(put.atMs - fromMs).toBeLessThan(4000)
    expect(told.filter(news => news.startsWith('fail') || news === 'disconnect')).toEqual([])
    expect(map.status).toEqual({ state: 'synced' })
    expect(host.peers).toHaveLength(1)
    expect(host.heard.filter(frame => frame === '@unlink')).toHaveLength(1)
  })
})

describe('an agent that has stopped', () => {
  /** Whether it answers anything but the lane, once there was a command. */
  test.each([
    ['and whose host is mute to the lane alone', true],
    ['and whose host reads nothing more of that socket', false],
  ])('%s: a write is in the lane 5 s later', async (_which, answersProbes) => {
    const { host, map, told, follow } = await synced({ reconnectMinMs: 500, reconnectMaxMs: 30_000 })
    // Before a command it goes on to answer: with what it held.
    let isMute = false
    const taken: string[] = []
    host.answer = text => {
      const isFirst = host.peers.length === 1
      if (isFirst && text.startsWith('@command')) isMute = true
      if (isFirst && text === probe) return answersProbes ? alive : []
      if (isFirst && isMute) return []
      if (text === '@sync') return ['@linked', ...taken.map(body => `@event${body}`), '@synced']
      if (!text.startsWith('@command')) return []
      const body = text.slice('@command'.length)
      taken.push(body)
      return [`@event${body}`]
    }
    const fromMs = host.clock.now()
    const put = follow(map.put('a', 1))
    await host.clock.advance(5000)
    expect(put.end).toBe('taken')
    expect(put.atMs - fromMs).toBeLessThan(5000)
    expect(host.peers).toHaveLength(2)
    expect(told).not.toContain('fail refused')
    expect(map.get('a')).toBe(1)
    expect(map.status).toEqual({ state: 'synced' })
  })

  test('is noticed by readers with relinkAfterMs, after so long without an event', async () => {
    const { host, map, told } = await synced({ relinkAfterMs: 60_000 }, 'a) 1')
    await host.clock.advance(58_000)
    await host.say('@event@update(key:a) 2')
    told.length = 0
    await host.clock.advance(59_000)
    expect(host.take()).toEqual([])
    // It was heard of since: as long again.
    host.answer = text =>
      text === '@unlink' ? ['@unlinked'] : text === '@sync' ? ['@linked', '@event@update(key:a) 7', '@synced'] : []
    await host.clock.advance(61_000)
    expect(host.take()).toEqual(['@unlink', '@sync'])
    expect(map.get('a')).toBe(7)
    expect(told).toEqual(['will sync', 'a=7', 'did sync'])
  })

  test('is not noticed by default', async () => {
    const { host } = await synced({}, 'a) 1')
    await host.clock.advance(24 * 3_600_000)
    expect(host.take()).toEqual([])
    expect(host.clock.pendingTimers).toBe(0)
  })
})

describe('a doubt about an entry', () => {
  test('shows a remove at once, and the state of the lane after a sync that is not reported', async () => {
    const { host, map, told } = await synced({}, 'a) 1')
    await host.say('@event@update(key:a) 2', '@event@remove(key:a)')
    expect(told).toEqual(['a=2', '-a'])
    expect(map.status).toEqual({ state: 'synced' })
    await host.clock.advance(249)
    expect(host.take()).toEqual([])
    await host.clock.advance(1)
    expect(host.take()).toEqual(['@sync'])
    expect(map.status).toEqual({ state: 'synced' })
    await host.say('@event@update(key:a) 2', '@synced')
    expect(told).toEqual(['a=2', '-a', 'a=2'])
    await host.clock.advance(60_000)
    expect(host.take()).toEqual([])
  })

  test('about many removes is settled by one sync, requested after at most 5 s', async () => {
    const { host } = await synced({}, 'a) 1')
    host.answer = text => (text === '@sync' ? ['@event@update(key:a) 1', '@synced'] : [])
    for (let i = 0; i < 100; i++) {
      await host.say(`@event@update(key:a) ${i}`, '@event@remove(key:a)')
      await host.clock.advance(100)
      if (i < 49) expect(host.take()).toEqual([])
    }
    // After 5 s and after 10 s, however many removes were doubted.
    await host.clock.advance(60_000)
    expect(host.take().filter(frame => frame === '@sync')).toHaveLength(2)
  })

  test('does not flicker: an own value that a sync has shown stays until another event', async () => {
    const { host, map, told, follow } = await synced({}, 'a) 1')
    const put = follow(map.put('a', 2))
    host.answer = text => (text === '@sync' ? ['@event@update(key:a) 2', '@synced'] : [])
    await host.clock.advance(2000)
    expect(put.end).toBe('taken')
    await host.say('@event@remove(key:a)')
    expect(map.get('a')).toBe(2)
    await host.clock.advance(1000)
    expect([map.get('a'), told]).toEqual([2, ['a=2']])
    host.answer = text => (text === '@sync' ? ['@synced'] : [])
    await host.say('@event@remove(key:a)')
    await host.clock.advance(1000)
    expect([map.has('a'), told]).toEqual([false, ['a=2', '-a']])
  })
})

describe('a lane that its host refuses at each attempt', () => {
  test('has the status unlinked throughout, and is reported once', async () => {
    const host = new ScriptedHost()
    host.answer = text => (text === '@sync' ? ['@unlinked@laneNotFound'] : [])
    const statuses: string[] = []
    const told: string[] = []
    const map = host
      .map()
      .didChangeStatus(({ state }) => statuses.push(state))
      .didUnlink(reason => told.push(reason))
      .didFail(({ code }) => told.push(code))
      .open()
    await host.settle()
    expect(map.status).toMatchObject({ state: 'unlinked', reason: 'laneNotFound' })
    await host.clock.advance(60_000)
    const tries = host.heard.filter(text => text === '@sync').length
    expect(tries).toBeGreaterThan(3)
    expect(map.status).toMatchObject({ state: 'unlinked', reason: 'laneNotFound' })
    expect(statuses.at(-1)).toBe('unlinked')
    await expect(map.whenSynced()).rejects.toMatchObject({ code: 'unlinked', reason: 'laneNotFound' })
    expect(told).toEqual(['laneNotFound', 'unlinked'])
  })

  test('rejects a wait that begins amid another attempt', async () => {
    const host = new ScriptedHost()
    host.answer = text => (text === '@sync' ? ['@unlinked@laneNotFound'] : [])
    const map = host.map().open()
    await host.settle()
    host.answer = () => []
    await host.clock.advance(1000)
    expect(map.status).toEqual({ state: 'linking' })
    let end: unknown
    map.whenSynced().catch((error: unknown) => (end = error))
    await host.say('@unlinked@laneNotFound')
    expect(end).toMatchObject({ code: 'unlinked', reason: 'laneNotFound' })
  })
})

describe('a lane that is unlinked again and again', () => {
  test.each([
    ['as soon as it is synced', ['@linked', '@synced', '@unlinked']],
    ['as soon as it is linked', ['@linked', '@unlinked']],
    ['at once', ['@unlinked']],
  ])('%s is asked for with growing waits', async (_when, frames) => {
    const host = new ScriptedHost({ reconnectMinMs: 500, reconnectMaxMs: 30_000 })
    host.answer = text =>
      text === '@sync' ? frames : text === '@link' ? ['@linked'] : text === '@unlink' ? ['@unlinked'] : []
    const map = host.map().open()
    await host.clock.advance(60_000)
    const first = host.take().filter(frame => frame === '@sync').length
    await host.clock.advance(600_000)
    const later = host.take().filter(frame => frame === '@sync').length
    // 500, 1000, … up to 30,000 ms, half of that by the tests' chance.
    expect(first).toBeLessThanOrEqual(12)
    expect(later).toBeLessThanOrEqual(42)
    expect(later).toBeGreaterThan(10)
    map.close()
  })
})

describe('a callback at the end of a write', () => {
  test('may clear the map while other writes are pending', async () => {
    const host = new ScriptedHost()
    const map = host.map().syncs(false).open()
    await host.settle()
    await host.say('@linked', '@event@update(key:a) 1')
    const failed: string[] = []
    map.on('didFail', error => {
      failed.push(error.code)
      map.clear()
    })
    for (const key of ['a', 'b', 'c']) map.set(key, 2)
    await host.clock.advance(2000)
    expect(failed).toEqual(['timeout'])
    await host.say('@event@clear')
    expect([...map]).toEqual([])
    await host.clock.advance(10_000)
    expect(failed).toEqual(['timeout'])
  })
})
