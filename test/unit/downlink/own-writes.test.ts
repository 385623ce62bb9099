// Own writes: what shows meanwhile, what goes over the wire, and how their promises settle (docs/PROTOCOL.md#own-writes).
import { describe, expect, test } from 'vitest'
import type { MapDownlink, SwimClientOptions } from '../../../src/index.js'
import { follow } from '../../support/follow.js'
import { ScriptedHost } from '../../support/scripted-host.js'

async function synced(options?: SwimClientOptions, ...entries: string[]) {
  const host = new ScriptedHost(options)
  const failed: string[] = []
  const told: unknown[][] = []
  const map = host
    .map()
    .didUpdate((...args) => told.push(args))
    .didRemove((...args) => told.push([...args, 'removed']))
    .didFail(error => failed.push(error.code))
    .open()
  await host.settle()
  await host.say('@linked', ...entries.map(entry => `@event@update(key:${entry}`), '@synced')
  // Long enough for another sync to be asked for at once.
  await host.clock.advance(1000)
  host.take()
  told.length = 0
  return { host, map, failed, told }
}

/** A lane that answers each sync with these entries. */
const answerWith = (host: ScriptedHost, ...entries: string[]) => {
  host.answer = text => (text === '@sync' ? [...entries.map(entry => `@event@update(key:${entry}`), '@synced'] : [])
}

describe('an own write', () => {
  test('is reported once, shows until its echo, and is taken by it', async () => {
    const { host, map, told } = await synced()
    const put = follow(map.put('a', 1))
    expect(map.get('a')).toBe(1)
    await host.settle()
    expect(host.take()).toEqual(['@command@update(key:a) 1'])
    expect(put.end).toBe('pending')
    await host.say('@event@update(key:a) 1')
    expect(put.end).toBe('taken')
    expect(told).toEqual([['a', 1, undefined]])
  })

  test('of an equal value is silent, and goes to the lane all the same', async () => {
    const { host, map, told } = await synced({}, 'a) 1')
    map.set('a', 1)
    await host.settle()
    expect(host.take()).toEqual(['@command@update(key:a) 1'])
    expect(told).toEqual([])
  })

  test('does not flicker back at a slow echo of an earlier one', async () => {
    const { host, map, told } = await synced()
    const puts = [1, 2, 3].map(value => follow(map.put('a', value)))
    await host.say('@event@update(key:a) 1')
    expect(map.get('a')).toBe(3)
    expect(puts.map(put => put.end)).toEqual(['taken', 'pending', 'pending'])
    await host.say('@event@update(key:a) 3')
    expect(puts.map(put => put.end)).toEqual(['taken', 'superseded', 'taken'])
    expect(told.map(([, value]) => value)).toEqual([1, 2, 3])
  })

  test('set, then removed, does not reappear with the echo of the first', async () => {
    const { host, map, told } = await synced()
    map.set('a', 1)
    map.delete('a')
    await host.say('@event@update(key:a) 1', '@event@remove(key:a)')
    expect(told).toEqual([
      ['a', 1, undefined],
      ['a', 1, 'removed'],
    ])
  })

  test("another's older value does not show in between", async () => {
    const { host, map, told } = await synced({}, 'a) 0')
    map.set('a', 1)
    await host.say('@event@update(key:a) 50')
    expect(map.get('a')).toBe(1)
    await host.say('@event@update(key:a) 1')
    expect(told).toEqual([['a', 1, 0]])
  })

  test('that is not echoed is decided by syncs, which are asked for once the lane is quiet: a folded one is superseded', async () => {
    const { host, map } = await synced()
    const put = follow(map.put('a', 1))
    await host.say('@event@update(key:a) 2')
    expect(map.get('a')).toBe(1)
    host.take()
    await host.clock.advance(249)
    expect(host.take()).toEqual([])
    await host.clock.advance(1)
    expect(host.take()).toEqual(['@sync'])
    await host.say('@event@update(key:a) 2', '@synced')
    // A Java host may swallow the end of a sync that is asked for at the instant of another's.
    await host.clock.advance(99)
    expect(host.take()).toEqual([])
    await host.clock.advance(1)
    expect(host.take()).toEqual(['@sync'])
    expect(put.end).toBe('pending')
    await host.say('@event@update(key:a) 2')
    expect(put.end).toBe('superseded')
    expect(map.get('a')).toBe(2)
    await host.say('@synced')
    await host.clock.advance(60_000)
    expect(host.take()).toEqual([])
  })

  test('that nothing is heard of asks for a sync when its echo is late, and not before', async () => {
    const { host, map } = await synced({ echoTimeoutMs: 2000 }, 'a) 0')
    const put = follow(map.put('a', 1))
    await host.clock.advance(1999)
    expect(host.take()).toEqual(['@command@update(key:a) 1'])
    answerWith(host, 'a) 0')
    await host.clock.advance(1)
    expect(host.take()).toEqual(['@sync'])
    await host.clock.advance(100)
    expect(host.take()).toEqual(['@sync'])
    expect([put.end, map.get('a')]).toEqual(['refused', 0])
  })

  test('is known by its echo though a typed host orders the slots by its class, and that is no change', async () => {
    const { host, map, told } = await synced()
    const put = follow(map.put('a', { id: 1, at: { x: 1, y: [{ c: 1, d: 2 }] } }))
    await host.say('@event@update(key:a){at:{y:{{d:2,c:1}},x:1},id:1}')
    expect(put.end).toBe('taken')
    expect(told).toHaveLength(1)
    expect(Object.keys(map.get('a') as object)).toEqual(['at', 'id'])
    await host.say('@event@update(key:a){at:{y:{{d:2,c:1}},x:2},id:1}')
    expect(told).toHaveLength(2)
  })

  test.each([[[0, 1, 2]], [[2, 0, 1]], [[1, 2, 0]]])(
    'is known by an echo of the same letters, which changes nothing, in whatever order they come: %j',
    async order => {
      const { host, map, told } = await synced()
      const keys = [{ n: 1 }, 'b c', -0]
      const puts = keys.map(key => follow(map.put(key, { id: 1, list: ['x', { y: null }] })))
      await host.settle()
      const sent = host.take()
      expect(sent).toHaveLength(3)
      const shown = keys.map(key => map.get(key))
      for (const i of order) {
        await host.say(sent[i]!.replace('@command', '@event'))
        expect(puts[i]!.end).toBe('taken')
      }
      expect(keys.map(key => map.get(key))).toEqual(shown)
      expect([told.length, map.pending.size, host.client.pendingCount]).toEqual([3, 0, 0])
      // Sent again, it is made again, and known again.
      const again = follow(map.put('b c', { id: 2 }))
      await host.settle()
      expect(again.end).toBe('pending')
      await host.say(host.take()[0]!.replace('@command', '@event'))
      expect(again.end).toBe('taken')
    },
  )

  test('whose echo was lost is taken by the sync that shows it', async () => {
    const { host, map } = await synced()
    const put = follow(map.put('a', 1))
    await host.clock.advance(2000)
    await host.say('@event@update(key:a) 1', '@synced')
    expect(put.end).toBe('taken')
  })

  test('of an empty value is none once a sync has shown that the lane took it', async () => {
    const { host, map } = await synced()
    map.set('a', 1)
    map.delete('a')
    map.set('a', [])
    await host.settle()
    // The event of three writes, folded: the first of them that it can be the echo of is the one before the last.
    await host.say('@event@update(key:a)')
    // A copy, as the lane would spell it: Recon has one empty record.
    expect(map.get('a')).toEqual({})
    host.answer = text => (text === '@sync' ? ['@event@update(key:a)', '@synced'] : [])
    await host.clock.advance(2000)
    expect(map.has('a')).toBe(false)
  })

  test('of an empty value to a value lane is none once a sync has shown that the lane took it', async () => {
    const host = new ScriptedHost()
    host.answer = text => (text === '@sync' ? ['@linked', '@event', '@synced'] : [])
    const value = host.client.downlinkValue().laneUri('map').open()
    await host.settle()
    for (const each of ['x', undefined, {}]) value.set(each)
    await host.settle()
    await host.say('@event')
    expect(value.get()).toEqual({})
    await host.clock.advance(2000)
    expect(value.get()).toBeUndefined()
  })

  test.each([
    ['refuses', 'a) 5', 'refused', 5],
    ['makes something else of', 'a) 7', 'superseded', 7],
  ] as const)('that the lane %s gives way to what the lane has, by two syncs', async (_what, entry, end, value) => {
    const { host, map, told } = await synced({}, 'a) 5')
    const put = follow(map.put('a', -1))
    answerWith(host, entry)
    await host.clock.advance(2099)
    expect([put.end, map.get('a')]).toEqual(['pending', -1])
    await host.clock.advance(1)
    expect(put.end).toBe(end)
    expect(told).toEqual([
      ['a', -1, 5],
      ['a', value, -1],
    ])
  })

  test('that makes a new entry is refused by one sync that does not name it', async () => {
    const { host, map, told } = await synced({}, 'a) 5')
    const put = follow(map.put('b', 1))
    answerWith(host, 'a) 5')
    await host.clock.advance(2000)
    expect(put.end).toBe('refused')
    expect(told).toEqual([
      ['b', 1, undefined],
      ['b', 1, 'removed'],
    ])
  })

  test('without a sync to decide it times out, and what the lane has shows again', async () => {
    const host = new ScriptedHost()
    const map = host.map().syncs(false).open()
    await host.settle()
    await host.say('@linked', '@event@update(key:a) 5')
    const put = follow(map.put('a', 6))
    expect(map.get('a')).toBe(6)
    await host.clock.advance(2000)
    expect(put.end).toBe('timeout')
    expect(map.get('a')).toBe(5)
    expect(host.heard).toEqual(['@link', '@command@update(key:a) 6'])
  })

  test('that may take longer than a platform can count waits for as long as it takes', async () => {
    const { host, map } = await synced()
    const put = follow(map.put('a', 1, { timeoutMs: 1e12 }))
    const wait = follow(host.map().laneUri('other').open().whenSynced({ timeoutMs: 1e12 }))
    await host.clock.advance(5000)
    expect([put.end, wait.end]).not.toContain('timeout')
  })

  test.each([NaN, -1, 'soon' as unknown as number])(
    'refuses to wait for %s ms, and writes nothing then',
    async timeoutMs => {
      const { host, map } = await synced()
      const put = follow(map.put('a', 1, { timeoutMs }))
      const wait = follow(host.map().laneUri('other').open().whenSynced({ timeoutMs }))
      await host.settle()
      expect([put.end, wait.end, map.has('a')]).toEqual(['config', 'config', false])
    },
  )

  test('whose signal was aborted before is not made, but what is synced already is not waited for', async () => {
    const { host, map } = await synced()
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(map.put('a', 1, { signal })).rejects.toThrow('enough')
    expect(map.has('a')).toBe(false)
    await expect(map.whenSynced({ signal })).resolves.toBeUndefined()
    await expect(host.map().laneUri('other').open().whenSynced({ signal })).rejects.toThrow('enough')
  })

  test('waits no longer than timeoutMs, and is not withdrawn', async () => {
    const { host, map } = await synced({ echoTimeoutMs: 60_000 })
    const put = follow(map.put('a', 1, { timeoutMs: 500 }))
    const abort = new AbortController()
    const other = map.put('b', 1, { signal: abort.signal })
    abort.abort(new Error('enough'))
    await expect(other).rejects.toThrow('enough')
    await host.clock.advance(500)
    expect(put.end).toBe('timeout')
    expect(map.get('a')).toBe(1)
    await expect(map.put('c', 1, { signal: abort.signal })).rejects.toThrow('enough')
    expect(map.has('c')).toBe(false)
  })

  test('rejects where the host says that there is no such lane, and what it covered shows again', async () => {
    const { host, map, failed } = await synced({}, 'a) 1')
    const put = follow(map.put('a', 2))
    await host.say('@unlinked@laneNotFound')
    expect(put.end).toBe('unlinked')
    expect(map.get('a')).toBe(1)
    expect(failed).toEqual(['unlinked'])
  })

  test('goes its way when the downlink closes, and is taken by its echo', async () => {
    const { host, map, failed } = await synced()
    const put = follow(map.put('a', 1))
    map.close()
    await host.settle()
    expect(put.end).toBe('pending')
    expect(() => map.set('a', 2)).toThrow(expect.objectContaining({ code: 'closed' }))
    await host.say('@event@update(key:a) 1')
    expect(put.end).toBe('taken')
    expect(failed).toEqual([])
    await host.clock.advance(100)
    await host.say('@unlinked')
    await host.clock.advance(1000)
    expect([host.network.sockets.size, host.clock.pendingTimers]).toEqual([0, 0])
  })

  test.each([0, 2000, 5000])('rejects when %i ms of delivery are over', async closeTimeoutMs => {
    const { host, map } = await synced({ closeTimeoutMs })
    host.network.isMute = true
    const put = follow(map.put('a', 1))
    map.close()
    if (closeTimeoutMs > 0) {
      await host.clock.advance(closeTimeoutMs - 1)
      expect(put.end).toBe('pending')
      await host.clock.advance(1)
    }
    await host.settle()
    expect(put.end).toBe('closed')
  })
})

describe('a remove', () => {
  test('of what is not there is taken at once, and not sent: it would silence the lane of a Rust host', async () => {
    const { host, map } = await synced()
    const remove = follow(map.remove('a'))
    expect(map.delete('a')).toBe(false)
    await host.settle()
    expect(remove.end).toBe('taken')
    expect(host.take()).toEqual([])
  })

  test('of what is being removed is not sent again, and settles with the first', async () => {
    const { host, map } = await synced({}, 'a) 1')
    const removes = [follow(map.remove('a')), follow(map.remove('a'))]
    await host.settle()
    expect(host.take()).toEqual(['@command@remove(key:a)'])
    expect(removes.map(remove => remove.end)).toEqual(['pending', 'pending'])
    await host.say('@event@remove(key:a)')
    expect(removes.map(remove => remove.end)).toEqual(['taken', 'taken'])
  })

  test('made offline of what the sync shows to be gone is taken, and not sent', async () => {
    const { host, map } = await synced({}, 'a) 1', 'b) 1')
    host.peers.at(-1)!.cut()
    await host.settle()
    const removes = [follow(map.remove('a')), follow(map.remove('b'))]
    await host.clock.advance(100)
    await host.say('@linked', '@event@update(key:b) 1', '@synced')
    expect(host.take()).toEqual(['@sync', '@command@remove(key:b)'])
    expect(removes.map(remove => remove.end)).toEqual(['taken', 'pending'])
  })
})

describe('clear, drop and take', () => {
  test('a clear shows at once, is reported once, and what was set after it stays', async () => {
    const host = new ScriptedHost()
    const told: string[] = []
    const map = host
      .map()
      .didClear(() => told.push('clear'))
      .didUpdate(key => told.push(`set ${String(key)}`))
      .didRemove(key => told.push(`gone ${String(key)}`))
      .open()
    await host.settle()
    await host.say('@linked', '@event@update(key:a) 1', '@synced')
    told.length = 0
    map.clear()
    map.set('z', 1)
    expect([...map]).toEqual([['z', 1]])
    await host.say('@event@clear', '@event@update(key:z) 1')
    expect([...map]).toEqual([['z', 1]])
    expect(told).toEqual(['gone a', 'clear', 'set z'])
    await host.say('@event@clear')
    expect(told.slice(3)).toEqual(['gone z', 'clear'])
  })

  test.each(['drop', 'take'] as const)('an own %s changes nothing before the next sync', async op => {
    const { host, map, told } = await synced({}, 'a) 1', 'b) 2', 'c) 3')
    map[op](1)
    await host.settle()
    expect(host.take()).toEqual([`@command@${op}(1)`])
    expect(map.size).toBe(3)
    await host.say(`@event@${op}(1)`)
    expect(host.take()).toEqual(['@sync'])
    expect(map.size).toBe(3)
    expect(map.status).toEqual({ state: 'stale', because: 'resyncing' })
    const left = op === 'drop' ? ['@event@update(key:b) 2', '@event@update(key:c) 3'] : ['@event@update(key:a) 1']
    await host.say(...left, '@synced')
    expect(map.status).toEqual({ state: 'synced' })
    expect(told.filter(args => args[2] === 'removed')).toHaveLength(3 - left.length)
    expect(map.size).toBe(left.length)
  })

  test('many drops ask for few syncs: one at once, the next when that is answered, after as long again', async () => {
    const { host, map } = await synced({}, 'a) 1')
    host.network.latencyMs = 100
    for (let i = 0; i < 50; i++) await host.say('@event@drop(1)')
    // The events are under way, and then the sync.
    await host.clock.advance(200)
    expect(host.take()).toEqual(['@sync'])
    await host.say('@synced')
    await host.clock.advance(100)
    expect([map.size, map.status]).toEqual([0, { state: 'stale', because: 'resyncing' }])
    // It took 200 ms.
    await host.clock.advance(200 + 99)
    expect(host.take()).toEqual([])
    await host.clock.advance(1)
    expect(host.take()).toEqual(['@sync'])
    await host.say('@synced')
    await host.clock.advance(10_000)
    expect([host.take(), map.status]).toEqual([[], { state: 'synced' }])
  })

  test('a lane that is cut all the time is synced all the same', async () => {
    const host = new ScriptedHost()
    const map = host.map().open()
    await host.settle()
    const first = map.whenSynced()
    await host.say('@linked', '@event@drop(1)', '@event@update(key:a) 1', '@synced')
    await first
    expect(map.status).toEqual({ state: 'stale', because: 'resyncing' })
  })

  test('an invalid count is refused', async () => {
    const { map } = await synced()
    for (const count of [-1, 1.5, NaN]) {
      expect(() => map.drop(count)).toThrow(expect.objectContaining({ code: 'config', option: 'drop' }))
    }
  })
})

describe('writes that wait', () => {
  const offline = async (options?: SwimClientOptions) => {
    const { host, map, ...rest } = await synced(options)
    host.network.refuses = true
    host.peers.at(-1)!.cut()
    await host.settle()
    return { host, map, ...rest }
  }
  const back = async (host: ScriptedHost, ...state: string[]) => {
    host.network.refuses = false
    await host.clock.advance(100)
    await host.say('@linked', ...state, '@synced')
  }

  test('survive many reconnects, fold per key, keep their order, and go out once, after the sync', async () => {
    const { host, map, told } = await offline()
    for (const value of [1, 2, 3]) map.set('a', value)
    map.set('b', 1)
    map.take(2)
    map.set('a', 4)
    await host.clock.advance(60_000)
    host.network.refuses = false
    await host.clock.advance(100)
    await host.say('@linked')
    host.peers.at(-1)!.cut()
    host.take()
    await back(host, '@event@update(key:a) 0')
    expect(host.take()).toEqual([
      '@sync',
      '@command@update(key:a) 3',
      '@command@update(key:b) 1',
      '@command@take(2)',
      '@command@update(key:a) 4',
    ])
    expect(map.get('a')).toBe(4)
    // What the lane held meanwhile never showed.
    expect(told.map(([key, value]) => [key, value])).toEqual([
      ['a', 1],
      ['a', 2],
      ['a', 3],
      ['b', 1],
      ['a', 4],
    ])
  })

  test('beyond the limit are refused before anything has changed', async () => {
    const { host, map, told } = await offline({ maxQueuedWrites: 2 })
    map.set('a', 1)
    map.set('b', 1)
    map.set('a', 2)
    const before = [...map]
    for (const act of [() => map.set('c', 1), () => map.delete('c'), () => map.clear(), () => map.drop(1)]) {
      expect(act).toThrow(expect.objectContaining({ code: 'overflow', limit: 2 }))
    }
    await expect(map.put('c', 1)).rejects.toMatchObject({ code: 'overflow' })
    await expect(host.client.command('warp://host', '/unit/1', 'map', 1)).rejects.toMatchObject({ code: 'overflow' })
    expect([...map]).toEqual(before)
    expect(told.map(([key, value]) => [key, value])).toEqual([
      ['a', 1],
      ['b', 1],
      ['a', 2],
    ])
  })

  test('10,000 fit, and not one more', async () => {
    const { map } = await offline()
    for (let i = 0; i < 10_000; i++) map.set(i, i)
    expect(() => map.set('more', 1)).toThrow(expect.objectContaining({ code: 'overflow', limit: 10_000 }))
    expect(map.size).toBe(10_000)
  })

  test('do not stir the backoff', async () => {
    const { host, map } = await offline()
    host.network.onconnect = () => {}
    let attempts = 0
    host.network.takes = () => (attempts++, true)
    host.network.refuses = false
    host.network.isMute = true
    for (let i = 0; i < 200; i++) {
      map.set('a', i)
      await host.clock.advance(10)
    }
    expect(attempts).toBeLessThan(5)
  })

  test('go out when the downlink has closed, where its host comes back in time', async () => {
    const { host, map, failed } = await offline()
    const put = follow(map.put('a', 1))
    map.close()
    await host.settle()
    expect(put.end).toBe('pending')
    await back(host)
    expect(host.take()).toEqual(['@sync', '@command@update(key:a) 1'])
    await host.say('@event@update(key:a) 1')
    expect([put.end, failed]).toEqual(['taken', []])
  })

  test('are given up when it does not, and reported', async () => {
    const { host, map, failed } = await offline()
    const put = follow(map.put('a', 1))
    map.close()
    await host.clock.advance(1999)
    expect(put.end).toBe('pending')
    await host.clock.advance(1)
    expect(put.end).toBe('closed')
    expect(failed).toEqual(['closed'])
  })

  test('are given up where relinks(false) asks for no other link', async () => {
    const host = new ScriptedHost()
    const map: MapDownlink<unknown, unknown> = host.map().relinks(false).open()
    const put = follow(map.put('a', 1))
    await host.settle()
    await host.say('@linked')
    await host.cut()
    expect(put.end).toBe('closed')
    expect(map.status).toEqual({ state: 'closed' })
    await host.clock.advance(5000)
    expect(host.network.sockets.size).toBe(0)
  })

  test('commands without a link wait too, and go out in order', async () => {
    const host = new ScriptedHost()
    host.network.refuses = true
    const sent = [1, 2].map(body => follow(host.client.command('warp://host', '/unit/1', 'map', body)))
    await host.clock.advance(100)
    expect(sent.map(({ end }) => end)).toEqual(['pending', 'pending'])
    host.network.refuses = false
    await host.clock.advance(10_000)
    expect(host.take()).toEqual(['@command 1', '@command 2'])
    expect(sent.map(({ end }) => end)).toEqual(['taken', 'taken'])
  })

  test('a drop that a lost socket left unknown is not sent twice; a take and an update are', async () => {
    const { host, map, failed } = await synced({}, 'a) 1')
    map.drop(1)
    map.take(5)
    map.set('b', 1)
    await host.settle()
    host.take()
    await host.cut()
    await host.say('@linked', '@event@update(key:a) 1', '@synced')
    expect(host.take()).toEqual(['@sync', '@command@take(5)', '@command@update(key:b) 1'])
    expect(failed).toContain('transport')
  })
})
