// A host's socket and its links, from outside: what is sent when, what is told, and what is left behind.
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { SwimClientOptions } from '../../../src/index.js'
import { ScriptedHost } from '../../support/scripted-host.js'

async function linked(options?: SwimClientOptions) {
  const host = new ScriptedHost(options)
  const told: string[] = []
  const map = host
    .map()
    .didConnect(() => told.push('connect'))
    .didDisconnect(() => told.push('disconnect'))
    .willUnlink(() => told.push('will unlink'))
    .didUnlink(reason => told.push(`unlink ${reason}`))
    .didFail(error => told.push(`fail ${error.code}`))
    .open()
  await host.settle()
  await host.say('@linked', '@event@update(key:a) 1', '@synced')
  host.take()
  told.length = 0
  return { host, map, told }
}

afterEach(() => vi.unstubAllGlobals())

describe('the heartbeat', () => {
  const beat = { heartbeatMs: 20_000, heartbeatTimeoutMs: 10_000 }

  test('sends @link for a linked lane to a silent host, and takes any frame as an answer', async () => {
    const { host, told } = await linked(beat)
    // It looks every 20 s; in the first interval the state came in.
    await host.clock.advance(39_999)
    expect(host.take()).toEqual([])
    await host.clock.advance(1)
    expect(host.take()).toEqual(['@link'])
    await host.say('@event@update(key:a) 2')
    await host.clock.advance(19_999)
    expect(host.take()).toEqual([])
    await host.clock.advance(1)
    expect(host.take()).toEqual(['@link'])
    expect(told).toEqual([])
  })

  test('does not take answers to its own requests for answers to a @sync', async () => {
    const { host, map } = await linked({ ...beat, heartbeatMs: 1000, echoTimeoutMs: 2000, requestTimeoutMs: 5000 })
    host.answer = text => (text === '@link' ? ['@linked'] : [])
    map.set('a', 2)
    await host.clock.advance(2000)
    expect(host.take()).toContain('@sync')
    // The lane owes its state, whatever else comes: the host is asked whether it lives, and answers nothing that counts.
    await host.clock.advance(1900)
    expect(host.peers.map(({ isOpen }) => isOpen)).toEqual([false])
  })

  test('gives up a socket that does not answer, within a minute at most', async () => {
    const { host, map, told } = await linked(beat)
    const causes: unknown[] = []
    host.client.on('disconnect', ({ cause }) => causes.push(cause))
    host.network.isMute = true
    // It is looked at after 20 s and 40 s; a quarter of a second after the deadline once more.
    await host.clock.advance(50_249)
    expect(told).toEqual([])
    await host.clock.advance(1)
    expect(told.slice(0, 1)).toEqual(['disconnect'])
    expect(causes).toMatchObject([{ message: 'warp://host gave no sign of life for 10250 ms; reconnecting' }])
    expect(map.status).toEqual({ state: 'stale', because: 'disconnected' })
    expect(map.get('a')).toBe(1)
    host.network.isMute = false
    await host.clock.advance(10_100)
    expect(host.peers).toHaveLength(2)
  })

  test('is on by default', async () => {
    const { host, told } = await linked({ heartbeatMs: undefined })
    host.network.isMute = true
    await host.clock.advance(34_250)
    expect(told).toContain('disconnect')
  })

  test('without a linked lane sends @link for a lane that does not exist, and @unlink after it', async () => {
    const host = new ScriptedHost({ ...beat, idleTimeoutMs: Infinity })
    void host.client.command('warp://host', '/unit/1', 'map', 1)
    await host.clock.advance(20_000)
    const probe = ['@link(node:"/",lane:sign-of-life)', '@unlink(node:"/",lane:sign-of-life)']
    expect(host.take()).toEqual(['@command 1', ...probe])
    await host.say('@unlinked(node:"/",lane:sign-of-life)@nodeNotFound')
    await host.clock.advance(19_000)
    expect(host.peers).toHaveLength(1)
    expect(host.errors).toEqual([])
  })

  test('sends no @link for a lane that was refused, as a Java host does not answer that', async () => {
    const { host } = await linked({ ...beat, reconnectMinMs: 100_000, reconnectMaxMs: 100_000 })
    await host.say('@unlinked@laneNotFound')
    await host.clock.advance(40_000)
    expect(host.take()).toEqual(['@link(node:"/",lane:sign-of-life)', '@unlink(node:"/",lane:sign-of-life)'])
  })
})

describe('requests that get no answer', () => {
  test('are reported and sent again; only the second in a row closes the socket', async () => {
    const host = new ScriptedHost({ requestTimeoutMs: 1000 })
    const failed: string[] = []
    const map = host
      .map()
      .didFail(error => failed.push(error.code))
      .open()
    await host.settle()
    expect(host.take()).toEqual(['@sync'])
    await host.clock.advance(1000)
    expect(host.take()).toEqual(['@unlink', '@sync'])
    expect(failed).toEqual(['timeout'])
    await host.clock.advance(2000)
    await host.clock.advance(100)
    expect(host.peers).toHaveLength(2)
    expect(host.take()).toEqual(['@sync'])
    const at = [host.clock.now()]
    host.answer = text => {
      if (text === '@sync') at.push(host.clock.now())
      return []
    }
    await host.clock.advance(600_000)
    expect(host.peers).toHaveLength(2)
    // Each time twice as long, up to 32 s, an @unlink and a @sync: no hot loop.
    const waits = at.slice(1).map((ms, i) => Math.round((ms - at[i]!) / 1000))
    expect(waits).toEqual([4, 8, 16, ...Array<number>(17).fill(32)])
    expect(host.take()).toEqual(waits.flatMap(() => ['@unlink', '@sync']))
    await host.say('@linked', '@synced')
    expect(map.synced).toBe(true)
  })

  test('a state that comes slowly is not a silence', async () => {
    const host = new ScriptedHost({ requestTimeoutMs: 1000 })
    const map = host.map().open()
    await host.settle()
    await host.say('@linked')
    for (let i = 0; i < 10; i++) {
      await host.clock.advance(900)
      await host.say(`@event@update(key:${i}) 1`)
    }
    expect(host.take()).toEqual(['@sync'])
    await host.say('@synced')
    expect(map.size).toBe(10)
  })

  test('a closed link stops waiting for its @unlinked in the end', async () => {
    const { host, map } = await linked()
    map.close()
    await host.clock.advance(100)
    expect(host.take()).toEqual(['@unlink'])
    await host.clock.advance(12_000)
    expect(host.network.sockets.size).toBe(0)
    expect(host.clock.pendingTimers).toBe(0)
  })
})

describe('a lane or node that does not exist', () => {
  test('is reported once, then requested by backoff, each time after an @unlink, until the lane exists', async () => {
    const host = new ScriptedHost({ reconnectMinMs: 100, reconnectMaxMs: 10_000 }, () => 0.999)
    const told: string[] = []
    const map = host
      .map()
      .didUnlink(reason => told.push(reason))
      .didFail(error => told.push(error.code))
      .open()
    const rejected = map.whenSynced()
    const at: number[] = []
    host.answer = text => {
      if (text !== '@sync') return []
      at.push(host.clock.now())
      return ['@unlinked@laneNotFound']
    }
    await host.settle()
    await expect(rejected).rejects.toMatchObject({ code: 'unlinked', reason: 'laneNotFound' })
    await expect(map.whenSynced()).rejects.toMatchObject({ code: 'unlinked', reason: 'laneNotFound' })
    expect(told).toEqual(['laneNotFound', 'unlinked'])
    expect(map.status).toMatchObject({ state: 'unlinked', reason: 'laneNotFound' })
    await host.clock.advance(60_000)
    expect(told).toHaveLength(2)
    // Each time twice as long, up to 10 s, in tenths of a second.
    const waits = at.slice(1).map((ms, i) => Math.round((ms - at[i]!) / 100))
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 100, 100, 100, 100])
    expect(host.take()).toEqual(['@sync', ...waits.flatMap(() => ['@unlink', '@sync'])])
    host.answer = text => (text === '@sync' ? ['@linked', '@event@update(key:a) 1', '@synced'] : [])
    await host.clock.advance(10_000)
    expect(map.synced).toBe(true)
  })

  test('a linked lane that is then refused without a reason keeps its writes', async () => {
    const { host, map, told } = await linked()
    await host.say('@unlinked')
    map.set('b', 1)
    expect(told).toEqual(['unlink unlinked', 'fail unlinked'])
    await host.clock.advance(100)
    expect(host.take()).toEqual(['@sync'])
    await host.say('@linked', '@event@update(key:a) 1', '@synced')
    expect(host.take()).toEqual(['@command@update(key:b) 1'])
  })

  test('with relinks(false) the downlink closes', async () => {
    const host = new ScriptedHost()
    const map = host.map().relinks(false).open()
    await host.settle()
    await host.say('@unlinked@nodeNotFound')
    expect(map.status).toEqual({ state: 'closed' })
    await host.clock.advance(15_000)
    expect(host.network.sockets.size).toBe(0)
  })
})

describe('connecting', () => {
  test('fails after connectTimeoutMs', async () => {
    const host = new ScriptedHost({ connectTimeoutMs: 3000, protocols: [] })
    const failed: string[] = []
    host.network.isMute = true
    host
      .map()
      .didFail(error => failed.push(error.message))
      .open()
    await host.clock.advance(3000)
    expect(failed).toEqual([expect.stringMatching(/^warp:\/\/host did not open a WebSocket within 3000 ms: /)])
  })

  test('is tried again after an error event without a close event', async () => {
    let attempts = 0
    class Mute {
      readyState = 0
      bufferedAmount = 0
      onopen = null
      onmessage = null
      onclose = null
      onerror: ((event: never) => void) | null = null
      constructor() {
        attempts++
        queueMicrotask(() => this.onerror?.({ error: new Error('refused') } as never))
      }
      send() {}
      close() {}
    }
    const host = new ScriptedHost({ webSocket: Mute, protocols: [] })
    const failed: string[] = []
    host
      .map()
      .didFail(error => failed.push(error.code))
      .open()
    await host.clock.advance(1000)
    expect(attempts).toBeGreaterThan(3)
    expect(failed[0]).toBe('transport')
  })

  test('a socket lost without a close code has the code 1006, also if the platform gives 0', async () => {
    const { host } = await linked()
    const causes: unknown[] = []
    host.client.on('disconnect', ({ cause }) => causes.push(cause))
    for (const socket of host.network.sockets) socket.end(0, '')
    await host.settle()
    expect(causes).toMatchObject([{ code: 'transport', closeCode: 1006 }])
  })

  test('tries the other subprotocol at once if one fails, without an error', async () => {
    const host = new ScriptedHost()
    host.network.takes = protocols => protocols.includes('warp0')
    const map = host.map().open()
    await host.clock.advance(1)
    expect(host.peers).toHaveLength(1)
    await host.say('@linked', '@synced')
    expect(map.synced).toBe(true)
    expect(host.errors).toEqual([])
  })

  test('links before it syncs where warp0 was taken, and only where it is not linked', async () => {
    const host = new ScriptedHost({ echoTimeoutMs: 100 })
    host.network.takes = protocols => protocols.includes('warp0')
    const map = host.map().open()
    await host.clock.advance(1)
    expect(host.take()).toEqual(['@link', '@sync'])
    await host.say('@linked', '@linked', '@synced')
    map.set('a', 1)
    await host.clock.advance(100)
    expect(host.take()).toEqual(['@command@update(key:a) 1', '@sync'])
    await host.say('@event@update(key:a) 1', '@synced')
    await host.cut()
    expect(host.take()).toEqual(['@link', '@sync'])
  })

  test('waits twice as long each time, less by chance, but at least a tenth of reconnectMinMs', async () => {
    for (const [random, bound] of [
      [0, 100],
      [0.999, 1000],
    ] as const) {
      const host = new ScriptedHost({ reconnectMinMs: 1000, reconnectMaxMs: 16_000, protocols: [] }, () => random)
      const at: number[] = []
      host.network.refuses = true
      host
        .map()
        .didFail(() => at.push(host.clock.now()))
        .open()
      await host.clock.advance(60_000)
      const waits = at.slice(1).map((ms, i) => Math.round((ms - at[i]!) / bound))
      expect(waits.slice(0, 5)).toEqual(random === 0 ? [1, 1, 1, 1, 1] : [1, 2, 4, 8, 16])
    }
  })

  test('starts again with short waits only after a socket that lasted', async () => {
    const host = new ScriptedHost({ reconnectMinMs: 1000, reconnectMaxMs: 64_000, settledAfterMs: 5000 }, () => 0.999)
    host.map().open()
    await host.settle()
    const waitAfter = async (upMs: number) => {
      await host.clock.advance(upMs)
      host.peers.at(-1)!.cut()
      const [count, from] = [host.peers.length, host.clock.now()]
      while (host.peers.length === count) await host.clock.advance(100)
      return Math.round((host.clock.now() - from) / 1000)
    }
    expect([await waitAfter(100), await waitAfter(100), await waitAfter(100)]).toEqual([1, 2, 4])
    expect(await waitAfter(6000)).toBe(1)
  })

  test('an error thrown by the WebSocket constructor is reported, and the client tries again', async () => {
    class Broken {
      constructor() {
        throw new Error('no such thing')
      }
    }
    const host = new ScriptedHost({ webSocket: Broken as never, protocols: [] })
    const failed: unknown[] = []
    host
      .map()
      .didFail(error => failed.push(error.cause))
      .open()
    await host.clock.advance(200)
    expect(failed[0]).toEqual(new Error('no such thing'))
    expect(failed.length).toBeGreaterThan(1)
  })
})

describe('a page that wakes up', () => {
  const page = (host: () => void) => {
    const target = new EventTarget()
    vi.stubGlobal('addEventListener', target.addEventListener.bind(target))
    vi.stubGlobal('removeEventListener', target.removeEventListener.bind(target))
    vi.stubGlobal('navigator', { onLine: true })
    host()
    return (type: string) => target.dispatchEvent(new Event(type))
  }

  test.each(['online', 'pageshow'])('the event %s ends the wait for the next attempt to connect', async type => {
    let host!: ScriptedHost
    const fire = page(() => (host = new ScriptedHost({ reconnectMinMs: 60_000, reconnectMaxMs: 60_000 })))
    host.map().open()
    await host.settle()
    await host.say('@linked', '@synced')
    host.peers.at(-1)!.cut()
    await host.clock.advance(100)
    expect(host.peers).toHaveLength(1)
    fire(type)
    await host.settle()
    expect(host.peers).toHaveLength(2)
  })

  test('an open socket is probed with a heartbeat', async () => {
    let host!: ScriptedHost
    const fire = page(() => (host = new ScriptedHost()))
    host.map().open()
    await host.settle()
    await host.say('@linked', '@synced')
    host.take()
    fire('pageshow')
    await host.settle()
    expect(host.take()).toEqual(['@link'])
  })
})

describe('a socket that is backed up', () => {
  test('gets no more frames: writes wait, fold, and are sent once there is room', async () => {
    const { host, map } = await linked({ maxBufferedBytes: 1000, maxQueuedWrites: 2 })
    const [socket] = host.network.sockets
    socket!.bufferedAmount = 1000
    for (let i = 0; i < 50; i++) map.set('b', i)
    map.set('c', 1)
    expect(() => map.set('d', 1)).toThrow(expect.objectContaining({ code: 'overflow' }))
    await host.clock.advance(1000)
    expect(host.take()).toEqual([])
    socket!.bufferedAmount = 500
    await host.clock.advance(1000)
    expect(host.take()).toEqual([])
    socket!.bufferedAmount = 499
    await host.clock.advance(10)
    expect(host.take()).toEqual(['@command@update(key:b) 49', '@command@update(key:c) 1'])
  })

  test('holds back commands of the client too', async () => {
    const { host } = await linked({ maxBufferedBytes: 1000 })
    const [socket] = host.network.sockets
    socket!.bufferedAmount = 1000
    const sent = host.client.command('warp://host', '/unit/1', 'map', 1)
    await host.settle()
    expect(host.take()).toEqual([])
    socket!.bufferedAmount = 0
    await host.clock.advance(10)
    expect(await sent).toBe('taken')
    expect(host.take()).toEqual(['@command 1'])
  })
})

describe('a fault in one frame', () => {
  test('is reported, and the next frames are handled', async () => {
    const { host, map } = await linked()
    const bad = [
      'garbage{',
      '',
      '@nonsense(node:"/unit/1",lane:map)',
      '@event(node:"/unit/1")',
      '@event@update(key:a',
      '@event@bogus(1)',
      '@event@update(1) 2',
      `@event@update(key:a)${'{'.repeat(5000)}`,
      '@sync',
    ]
    for (const frame of bad) await host.say(frame)
    expect(host.errors.map(error => error.code)).toEqual(bad.map(() => 'protocol'))
    for (const { message } of host.errors) expect(message.length).toBeLessThan(300)
    await host.say('@event@update(key:a) 2')
    expect(map.get('a')).toBe(2)
  })

  test('frames of lanes that were never linked are dropped', async () => {
    const { host, map } = await linked()
    for (const lane of ['constructor', '__proto__', 'toString', 'other']) {
      await host.say(`@event(node:"/unit/1",lane:${lane})@update(key:a) 9`, `@unlinked(node:"/unit/1",lane:${lane})`)
      await host.say(`@linked(node:${lane},lane:${lane})`, `@synced(node:${lane},lane:${lane})`)
    }
    expect(host.errors).toEqual([])
    expect([...map]).toEqual([['a', 1]])
    expect(map.synced).toBe(true)
  })

  test('a key or value named __proto__ changes no prototype', async () => {
    const { host, map } = await linked()
    await host.say('@event@update(key:"__proto__") 1', '@event@update(key:x){"__proto__":{admin:true}}')
    expect(map.get('__proto__')).toBe(1)
    expect((map.get('x') as { admin?: boolean }).admin).toBeUndefined()
    expect(({} as { admin?: boolean }).admin).toBeUndefined()
  })
})

describe('closing', () => {
  test('close() resolves within a second though the host does not answer, and terminates the socket if it can', async () => {
    const did: string[] = []
    class HalfOpen {
      bufferedAmount = 0
      onopen: (() => void) | null = null
      onmessage = null
      onclose = null
      onerror = null
      constructor() {
        queueMicrotask(() => this.onopen?.())
      }
      send() {}
      close() {
        did.push('close')
      }
      terminate() {
        did.push('terminate')
      }
    }
    const host = new ScriptedHost({ webSocket: HalfOpen as never })
    host.map().open()
    await host.settle()
    let isOver = false
    void host.client.close().then(() => (isOver = true))
    await host.settle()
    expect([did, isOver]).toEqual([['close'], false])
    await host.clock.advance(1000)
    expect([did, isOver]).toEqual([['close', 'terminate'], true])
    expect(host.clock.pendingTimers).toBe(0)
  })

  test('a thousand downlinks, opened and closed, leave no timer or socket', async () => {
    const host = new ScriptedHost()
    host.answer = text => {
      const address = /\(.*?\)/.exec(text)![0]
      return text.startsWith('@sync') ? [`@linked${address}`, `@synced${address}`] : [`@unlinked${address}`]
    }
    const open = Array.from({ length: 1000 }, (_, i) =>
      host.client.downlinkMap({ laneUri: `map-${i}`, didUpdate: () => {} }).open(),
    )
    await Promise.all([...open.map(map => map.whenSynced()), host.settle()])
    for (const map of open) map.close()
    await host.clock.advance(5000)
    expect(host.clock.pendingTimers).toBe(0)
    expect(host.network.sockets.size).toBe(0)
  })

  test('`using` and an aborted signal close a downlink', async () => {
    const host = new ScriptedHost()
    const abort = new AbortController()
    const aborted = host.map().signal(abort.signal).open()
    const late = host.map().signal(AbortSignal.abort()).open()
    const disposed = host.map().open()
    {
      using map = disposed
      expect(map.opened).toBe(true)
    }
    expect(disposed.opened).toBe(false)
    abort.abort()
    expect(aborted.opened).toBe(false)
    await host.settle()
    expect(late.opened).toBe(false)
  })
})
