// The testing kit, as a user of it writes tests.
import { describe, expect, it, vi } from 'vitest'
import '../../../src/list.js'
import { testHost, type TestClient, type TestHost } from '../../../src/testing/index.js'

describe('a map under test', () => {
  it('equals its lane once the host is idle, with the writes of both sides', async () => {
    const host = testHost()
    const map = host.client().downlinkMap<string, number>({ nodeUri: '/h', laneUri: 'm' }).open()
    host.lane('/h', 'm').set('a', 1)
    expect(map.size).toBe(0)
    await host.idle()
    expect([...map]).toEqual([['a', 1]])
    map.set('b', 2)
    await host.idle()
    expect([...host.lane('/h', 'm')]).toEqual([
      ['a', 1],
      ['b', 2],
    ])
    await host.close()
  })

  it('keeps writes made without a network, and sends them later', async () => {
    const host = testHost({ seed: 7 })
    const map = host.client().downlinkMap<string, number>({ nodeUri: '/h', laneUri: 'm' }).open()
    host.lane('/h', 'm').set('a', 1)
    await host.idle()
    host.cut()
    map.set('b', 2)
    await host.advance(30_000)
    expect(map.status.state).toBe('stale')
    expect(host.lane('/h', 'm').has('b')).toBe(false)
    host.heal()
    await host.converged()
    expect(host.lane('/h', 'm').get('b')).toBe(2)
    await host.close()
  })

  it('shows what changed during a restart of its host, with and without the earlier state of the lane', async () => {
    const host = testHost()
    const map = host.client().downlinkMap<string, number>({ nodeUri: '/h', laneUri: 'm' }).open()
    const lane = host.lane('/h', 'm')
    lane.set('a', 1).set('b', 2)
    await host.converged()
    host.restart()
    lane.delete('a')
    await host.converged()
    expect([...map.keys()]).toEqual(['b'])
    host.restart({ keep: false })
    expect(lane.size).toBe(0)
    lane.set('c', 3)
    await host.converged()
    expect([...map.keys()]).toEqual(['c'])
    await host.close()
  })

  it('is awaited in virtual time, over any span', async () => {
    const host = testHost()
    const map = host.client().downlinkMap<string, number>({ nodeUri: '/h', laneUri: 'm' }).open()
    host.delay(2000)
    await host.until(map.whenSynced())
    expect(host.now).toBeGreaterThanOrEqual(4000)
    host.heal()
    expect(await host.until(map.put('x', 1))).toBe('taken')
    await host.close()
  })
})

describe('kinds of lanes', () => {
  it('follow the downlinks that open the lanes', async () => {
    const host = testHost()
    const client = host.client()
    const at = (laneUri: string) => ({ nodeUri: '/n/1', laneUri })
    const value = client.downlinkValue<number>(at('v')).open()
    const list = client.downlinkList<string>(at('l')).open()
    value.set(7)
    list.push('x')
    await host.converged()
    expect(host.lane('/n/1', 'v', 'value').get()).toBe(7)
    expect([...host.lane('/n/1', 'l', 'list')]).toEqual(['x'])
    // Without a kind it is found as what it is.
    expect((host.lane('/n/1', 'v') as unknown as { get(): unknown }).get()).toBe(7)
    expect([...(host.lane('/n/1', 'l') as Iterable<unknown>)]).toEqual(['x'])
    expect(() => host.lane('/n/1', 'v', 'map')).toThrow('/n/1 has no map lane "v"; its lanes: v (value), l (list)')
    await host.close()
  })

  it('can be declared, with handlers and schemas', async () => {
    const host = testHost()
    const heard: unknown[] = []
    host.node('/unit/:id', node => {
      node.commandLane('say', { onCommand: text => void heard.push([node.params.id, text]) })
    })
    await host.until(host.client().command(host.uri, '/unit/7', 'say', 'hello'))
    await host.idle()
    expect(heard).toEqual([['7', 'hello']])
    await host.close()
  })
})

describe('converged', () => {
  it('ignores downlinks that do not sync', async () => {
    const host = testHost()
    const client = host.client()
    const at = { nodeUri: '/h', laneUri: 'm' }
    const map = client.downlinkMap<string, number>(at).open()
    const heard: unknown[] = []
    client
      .downlinkEvent(at)
      .onEvent(body => heard.push(body))
      .open()
    const bare = client.downlinkMap<string, number>({ ...at, laneUri: 'other', syncs: false }).open()
    await host.idle()
    host.lane('/h', 'm').set('a', 1)
    await host.converged()
    expect([map.size, heard.length, bare.status.state]).toEqual([1, 1, 'linked'])
    await host.close()
  })

  it('rejects for a lane that may not be read', async () => {
    const host = testHost()
    host.node('/h', node => void node.mapLane('m', { canRead: () => false }))
    host
      .client({ onError: () => {} })
      .downlinkMap({ nodeUri: '/h', laneUri: 'm' })
      .open()
    await expect(host.converged(2000)).rejects.toThrow(/^client 0, \/h m: is (unlinked \(|linking)/)
    await host.close()
  })
})

describe('faults', () => {
  const start = async (options: Parameters<typeof testHost>[0] = {}) => {
    const host = testHost(options)
    const client = host.client()
    const map = client.downlinkMap<string, number>({ nodeUri: '/h', laneUri: 'm' }).open()
    const lane = host.lane('/h', 'm')
    await host.idle()
    return { host, client, map, lane }
  }

  it('stall: nothing arrives, nothing fails, nothing is lost', async () => {
    const { host, map, lane } = await start()
    host.stall()
    lane.set('a', 1).set('a', 2)
    await host.idle()
    expect(map.size).toBe(0)
    host.heal()
    await host.idle()
    expect(map.get('a')).toBe(2)
    await host.close()
  })

  it('fold: only the latest update of each key is sent', async () => {
    const { host, map, lane } = await start()
    host.fold()
    for (let i = 0; i < 9; i++) {
      lane.set('a', i).set('b', i)
      await host.idle()
    }
    host.heal()
    await host.idle()
    expect([...map]).toEqual([
      ['a', 8],
      ['b', 8],
    ])
    expect(host.frames.filter(({ text }) => text.includes('key:a')).length).toBeLessThanOrEqual(2)
    await host.close()
  })

  it('refuse and transform: apply to writes of clients, not to changes by the test itself', async () => {
    const { host, map, lane } = await start()
    host.refuse((name, key) => name === 'm' && key === 'x').transform((_, key, value) => (key === 'y' ? 100 : value))
    map.set('x', 1)
    map.set('y', 1)
    map.set('z', 1)
    await host.converged()
    expect([...map]).toEqual([
      ['y', 100],
      ['z', 1],
    ])
    lane.set('x', 5)
    await host.converged()
    expect(map.get('x')).toBe(5)
    map.remove('x').catch(() => {})
    await host.converged()
    expect(map.get('x')).toBe(5)
    host.refuse()
    map.delete('x')
    await host.converged()
    expect(map.has('x')).toBe(false)
    await host.close()
  })

  it('forbid: the socket ends over the write, and the writer is notified', async () => {
    const host = testHost()
    const errors: string[] = []
    const map = host
      .client({ onError: error => errors.push(error.code) })
      .downlinkMap<string, number>({ nodeUri: '/h', laneUri: 'm' })
      .open()
    await host.idle()
    host.forbid((lane, key) => key === 'x')
    const put = map.put('x', 1).catch((error: unknown) => (error as { code: string }).code)
    map.set('y', 1)
    expect(await host.until(put)).toBe('refused')
    await host.converged()
    expect([...map]).toEqual([['y', 1]])
    expect(errors).toContain('refused')
    await host.close()
  })

  const at = { nodeUri: '/h', laneUri: 'm' }
  /** What a client does that a fault befalls, and one that it spares; each is made before the fault, or amid it. */
  const faults: [name: string, fault: (host: TestHost, client?: TestClient) => void][] = [
    ['cut', (host, client) => host.cut(client)],
    ['stall', (host, client) => host.stall(client)],
    ['fold', (host, client) => host.fold(client)],
    ['delay', (host, client) => host.delay(5000, client)],
  ]
  describe.each(faults)('%s', (_, fault) => {
    it.each(['before it', 'amid it'])('affects a client made %s, until heal()', async when => {
      const host = testHost({ seed: 3 })
      const open = () => host.client().downlinkMap<string, number>(at).open()
      const map = when === 'before it' ? open() : undefined
      await host.idle()
      fault(host)
      const seen = map ?? open()
      host.lane('/h', 'm').set('a', 1)
      // What is on its way for five seconds is not waited for.
      await host.advance(1000)
      expect(seen.get('a')).toBe(undefined)
      host.heal()
      await host.converged()
      expect(seen.get('a')).toBe(1)
      const later = open()
      host.lane('/h', 'm').set('a', 2)
      await host.idle()
      expect(later.get('a')).toBe(2)
      await host.close()
    })

    it('with a client given, affects no other client', async () => {
      const host = testHost()
      const [one, other] = [host.client(), host.client()]
      fault(host, one)
      const map = other.downlinkMap<string, number>(at).open()
      const later = host.client().downlinkMap<string, number>(at).open()
      host.lane('/h', 'm').set('a', 1)
      await host.idle()
      expect([map.get('a'), later.get('a')]).toEqual([1, 1])
      host.heal()
      await host.converged()
      await host.close()
    })
  })

  it.each(['before it', 'amid it'])('overtake affects a client made %s', async when => {
    const host = testHost({ seed: 3 })
    const open = () => host.client().downlinkMap<string, number>(at).open()
    const map = when === 'before it' ? open() : undefined
    host.overtake()
    if (map === undefined) open()
    await host.idle()
    const removes = () => host.frames.filter(({ text }) => text.includes('@remove')).map(({ at }) => at)
    const removedMs: number[] = []
    for (let i = 0; i < 20; i++) {
      host.lane('/h', 'm').set('a', i)
      await host.advance(1)
      removedMs.push(host.now)
      host.lane('/h', 'm').delete('a')
      await host.advance(1)
    }
    await host.advance(1000)
    expect(removes().some((ms, i) => ms > removedMs[i]! + 1)).toBe(true)
    host.heal()
    await host.converged()
    await host.close()
  })

  it('fold: from the first update on, nothing is sent until heal()', async () => {
    const host = testHost()
    const map = host.client().downlinkMap<string, number>(at).open()
    await host.idle()
    host.fold()
    const events = () => host.frames.filter(({ text }) => text.startsWith('@event')).length
    const before = events()
    for (let i = 1; i <= 5; i++) host.lane('/h', 'm').set('a', i)
    await host.advance(60_000)
    expect([events() - before, map.get('a'), map.status.state]).toEqual([0, undefined, 'synced'])
    host.heal()
    await host.idle()
    expect([events() - before, map.get('a')]).toEqual([1, 5])
    await host.close()
  })

  it('cut: with a client given, the other keeps its socket', async () => {
    const { host, client, map, lane } = await start()
    const other = host.client().downlinkMap<string, number>({ nodeUri: '/h', laneUri: 'm' }).open()
    await host.idle()
    host.cut(client)
    lane.set('a', 1)
    await host.advance(1000)
    expect([map.size, other.size]).toEqual([0, 1])
    host.heal(client)
    await host.converged()
    expect(map.size).toBe(1)
    await host.close()
  })

  it.each(['java', 'rust', undefined] as const)(
    'faults, writes and restarts end in the same state on a host like %s',
    async like => {
      for (let seed = 1; seed <= 20; seed++) {
        const host = testHost({ seed, ...(like === undefined ? {} : { like }) })
        const clients = [host.client(), host.client()]
        const maps = clients.map(client => client.downlinkMap<string, number>({ nodeUri: '/h', laneUri: 'm' }).open())
        await host.idle()
        if (like !== 'rust') host.overtake()
        host.delay(30)
        for (let step = 0; step < 60; step++) {
          const map = maps[Math.floor(host.clock.random() * 2)]!
          const key = 'abcd'[Math.floor(host.clock.random() * 4)]!
          const what = Math.floor(host.clock.random() * 12)
          if (what < 6) map.set(key, step)
          else if (what < 8) map.delete(key)
          else if (what === 8) map.clear()
          else if (what === 9) map.drop(1)
          else if (what === 10) await host.advance(Math.floor(host.clock.random() * 400))
          else host.restart()
        }
        host.heal()
        await host.converged()
        await host.close().catch((error: Error) => {
          if (!/an error that nobody read/.test(error.message)) throw error
        })
      }
    },
  )
})

describe('a failed expectation', () => {
  const at = { nodeUri: '/h', laneUri: 'm' }

  it('of converged names the difference and the seed', async () => {
    const host = testHost({ seed: 7 })
    const map = host.client().downlinkMap<string, number>({ nodeUri: '/h', laneUri: 'm' }).open()
    await host.idle()
    host.lane('/h', 'm').set('a', 1)
    host.stall()
    await expect(host.converged(1000)).rejects.toThrow(
      'client 0, /h m: a is missing (the lane has 1) (after 1000 ms)\nseed 7, at ',
    )
    host.heal()
    await host.converged()
    expect(map.size).toBe(1)
    await host.close()
  })

  it('of close names unsettled promises, and errors that the test did not read', async () => {
    const host = testHost()
    const map = host
      .client()
      .downlinkMap<string, number>({ nodeUri: '/h', laneUri: 'm' })
      .didUpdate(() => {
        throw new Error('no good')
      })
      .open()
    await host.idle()
    host.cut()
    map.put('a', 1).catch(() => {})
    const fault = host.close()
    await expect(fault).rejects.toThrow(
      /^put\(a\) of \/h m, client 0 has not settled\nclient 0 reported an error that nobody read: .*no good/,
    )
  })

  it('names how long was waited, and the virtual time', async () => {
    const host = testHost()
    const map = host.client().downlinkMap<string, number>(at).open()
    await host.idle()
    host.cut()
    await expect(host.until(map.put('a', 1), 12_345)).rejects.toThrow('(after 12345 ms)\nseed 1, at 12345 ms')
    host.heal()
    await host.converged()
    await host.close()
  })

  it('of converged concerns only the clients that are given', async () => {
    const host = testHost()
    const [one, other] = [host.client(), host.client()]
    const map = one.downlinkMap<string, number>(at).open()
    other.downlinkMap<string, number>(at).open()
    await host.idle()
    host.cut(other)
    host.lane('/h', 'm').set('a', 1)
    await host.converged(undefined, one)
    expect(map.get('a')).toBe(1)
    await expect(host.converged(1000)).rejects.toThrow('client 1, /h m: is stale')
    await expect(host.converged(1000, testHost().client())).rejects.toThrow('not one of this test host')
    host.heal()
    await host.close()
  })

  it('of until says so if nothing is under way', async () => {
    const host = testHost()
    await expect(host.until(new Promise(() => {}))).rejects.toThrow('(nothing is under way)')
    await host.close()
  })
})

describe('the same seed', () => {
  it('gives the same frames', async () => {
    const run = async () => {
      const host = testHost({ seed: 11, like: 'java' })
      const map = host.client().downlinkMap<string, number>({ nodeUri: '/h', laneUri: 'm' }).open()
      await host.idle()
      host.overtake().delay(5)
      for (let i = 0; i < 40; i++) {
        map.set(`k${i % 3}`, i)
        if (i % 7 === 0) map.delete('k1')
        if (i % 11 === 0) host.restart()
        await host.advance(50)
      }
      host.heal()
      await host.converged()
      const { frames } = host
      await host.close().catch(() => {})
      return frames
    }
    expect(await run()).toEqual(await run())
  })
})

describe('beside the fake timers of a runner', () => {
  it('a test host works on its own clock', async () => {
    vi.useFakeTimers()
    try {
      const host = testHost()
      const map = host.client().downlinkMap<string, number>({ nodeUri: '/h', laneUri: 'm' }).open()
      host.lane('/h', 'm').set('a', 1)
      await host.converged()
      expect(map.get('a')).toBe(1)
      await host.close()
    } finally {
      vi.useRealTimers()
    }
  })
})
