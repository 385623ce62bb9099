// Writes that a host hangs up on: one is given up, and everything else goes on.
import { describe, expect, test } from 'vitest'
import { SwimClient, type MapDownlink, type SwimClientOptions, type SwimError } from '../../../src/index.js'
import { parse, stringify, type Value } from '../../../src/recon/index.js'
import { VirtualClock } from '../../../src/testing/virtual-clock.js'
import { follow } from '../../support/follow.js'
import { MemoryNetwork, type Peer } from '../../../src/testing/memory-network.js'

/** Lanes that take what they are told, at a host that ends the socket over some commands. */
class Host {
  readonly clock = new VirtualClock()
  readonly network = new MemoryNetwork(this.clock)
  readonly errors: SwimError[] = []
  readonly client: SwimClient<SwimClientOptions>
  readonly lanes = new Map<string, Map<string, Value>>()
  /** What is reason enough to end a socket: the code, and why. */
  objects: (body: string) => readonly [code: number, reason: string] | undefined = () => undefined
  /** How often the host has ended one. */
  ended = 0
  /** The commands that came, by lane. */
  readonly commands: string[] = []

  constructor(options: SwimClientOptions = {}) {
    this.network.onconnect = peer => {
      peer.onmessage = text => peer.isOpen && this.#hear(peer, text)
    }
    this.client = new SwimClient({
      hostUri: 'warp://host',
      nodeUri: '/unit/1',
      clock: this.clock,
      webSocket: this.network.WebSocket,
      onError: error => this.errors.push(error),
      reconnectMinMs: 100,
      reconnectMaxMs: 100,
      heartbeatMs: 0,
      ...options,
    })
  }

  lane(name: string): Map<string, Value> {
    const lane = this.lanes.get(name) ?? new Map<string, Value>()
    this.lanes.set(name, lane)
    return lane
  }

  open(laneUri: string) {
    const failed: SwimError[] = []
    const map: MapDownlink<string, Value> = this.client
      .downlinkMap<string, Value>({ laneUri } as never)
      .didFail(error => failed.push(error))
      .open()
    return { map, failed }
  }

  #hear(peer: Peer, text: string): void {
    const [, tag, address, name, body] = /^@(\w+)\((node:"\/unit\/1",lane:(\w+))\) ?(.*)$/s.exec(text)!
    const lane = this.lane(name!)
    if (tag === 'link' || tag === 'sync') peer.send(`@linked(${address})`)
    if (tag === 'sync') {
      for (const [key, value] of lane) peer.send(`@event(${address})@update(key:${key}) ${stringify(value)}`)
      peer.send(`@synced(${address})`)
    }
    if (tag !== 'command') return
    this.commands.push(`${name} ${body!.slice(0, 40)}`)
    const end = this.objects(body!)
    if (end !== undefined) {
      this.ended++
      return peer.cut(...end)
    }
    const [, op, key, value] = /^@(\w+)\(key:(\w+)\) ?(.*)$/s.exec(body!)!
    if (op === 'update') lane.set(key!, parse(value!))
    else lane.delete(key!)
    peer.send(`@event(${address})${body}`)
  }
}

const ends = (puts: readonly { end: unknown }[]) => [...new Set(puts.map(({ end }) => end))]

const codes: readonly (readonly [code: number, reason: string])[] = [
  [1002, ''],
  [1003, ''],
  [1006, ''],
  [1007, ''],
  [1008, ''],
  [1008, 'Forbidden'],
  [1009, ''],
  [1011, ''],
  [4000, 'no'],
]

/** A host, and one lane that is synced, and another. */
async function start(options?: SwimClientOptions) {
  const host = new Host(options)
  const [one, other] = [host.open('one'), host.open('other')]
  await host.clock.settle()
  await host.clock.advance(1000)
  return { host, one, other }
}

describe.each(codes)('a write that the host ends the socket over by %i %s', (code, reason) => {
  const isBad = (body: string) => body.includes('bad')

  test('is given up, with its key, and the map shows what the lane has', async () => {
    const { host, one } = await start()
    one.map.set('a', 'good')
    await host.clock.advance(1000)
    host.objects = body => (isBad(body) ? [code, reason] : undefined)
    const put = follow(one.map.put('a', 'bad'))
    await host.clock.advance(5000)
    expect(put.error).toMatchObject({ name: 'RefusedError', code: 'refused', key: 'a' })
    expect(put.error!.message).toContain('@update(key:a) bad')
    expect(put.error).toHaveProperty('cause.closeCode', code)
    expect(host.ended).toBe(code === 1009 || reason === 'Forbidden' ? 1 : 2)
    expect(one.failed.filter(error => error.code === 'refused')).toEqual([put.error])
    expect([one.map.get('a'), one.map.status]).toEqual(['good', { state: 'synced' }])
    // For good.
    const commands = host.commands.length
    await host.clock.advance(600_000)
    expect([host.ended <= 2, host.commands.length]).toEqual([true, commands])
  })

  test('no longer shows once it is given up, link or no link', async () => {
    const { host, one } = await start()
    one.map.set('a', 'good')
    await host.clock.advance(1000)
    host.objects = body => (isBad(body) ? [code, reason] : undefined)
    const put = follow(one.map.put('a', 'bad'))
    const removed: unknown[] = []
    one.map.on('didUpdate', (...args) => removed.push(args))
    while (put.end === 'pending') await host.clock.advance(10)
    host.network.refuses = true
    for (const socket of host.network.sockets) socket.end(1006, '')
    await host.clock.settle()
    expect([one.map.get('a'), removed]).toEqual(['good', [['a', 'good', 'bad']]])
  })

  test('costs no other write anything', async () => {
    const { host, one, other } = await start()
    host.objects = body => (isBad(body) ? [code, reason] : undefined)
    const innocent: { end: unknown }[] = []
    for (let i = 0; i < 300; i++) innocent.push(follow(other.map.put(`k${i}`, i)))
    for (const key of ['a', 'b']) innocent.push(follow(one.map.put(key, 1)))
    const bad = follow(one.map.put('c', 'bad'.padEnd(1000, '.')))
    for (const key of ['d', 'e']) innocent.push(follow(one.map.put(key, 1)))
    for (let i = 300; i < 350; i++) innocent.push(follow(other.map.put(`k${i}`, i)))
    await host.clock.advance(30_000)
    expect(bad.error).toMatchObject({ code: 'refused', key: 'c' })
    expect(ends(innocent)).toEqual(['taken'])
    expect([...host.lane('one').keys()].sort()).toEqual(['a', 'b', 'd', 'e'])
    expect(host.lane('other').size).toBe(350)
    expect([...one.map.keys()]).toEqual(['a', 'b', 'd', 'e'])
    expect(other.map.size).toBe(350)
    expect([one.map.status, other.map.status]).toEqual([{ state: 'synced' }, { state: 'synced' }])
    expect(other.failed.filter(error => error.code === 'refused')).toEqual([])
    // As soon as it can be told from the others: at once by its size, or alone on the next socket, or by the care after two.
    expect(host.ended).toBeLessThanOrEqual(code === 1009 ? 1 : code === 1006 ? 3 : 2)
  })

  test('stands in no way of writes that are made later', async () => {
    const { host, one, other } = await start()
    host.objects = body => (isBad(body) ? [code, reason] : undefined)
    const bad = follow(one.map.put('a', 'bad'))
    await host.clock.advance(50)
    const later = [follow(one.map.put('b', 1)), follow(other.map.put('b', 1))]
    await host.clock.advance(10_000)
    expect(bad.error).toMatchObject({ code: 'refused', key: 'a' })
    expect(ends(later)).toEqual(['taken'])
    const good = follow(one.map.put('a', 'good'))
    await host.clock.advance(1000)
    expect(good.end).toBe('taken')
  })

  test('is found among others that are as bad', async () => {
    const { host, one, other } = await start()
    host.objects = body => (isBad(body) ? [code, reason] : undefined)
    const bad = [one, other].flatMap(({ map }) => ['a', 'b', 'c'].map(key => follow(map.put(key, 'bad'))))
    const good = [one, other].flatMap(({ map }) => ['d', 'e'].map(key => follow(map.put(key, 1))))
    await host.clock.advance(60_000)
    expect(bad.map(({ end }) => end)).toEqual(Array(6).fill('refused'))
    expect(ends(good)).toEqual(['taken'])
    expect([one.map.size, other.map.size]).toEqual([2, 2])
  })
})

describe('who is not to blame', () => {
  test('a write on the wire when a network is lost again and again, one that took others with it', async () => {
    const { host, one } = await start()
    const puts = [follow(one.map.put('a', 1)), follow(one.map.put('b', 1))]
    for (let i = 0; i < 5; i++) {
      // Lost before the host has read anything.
      for (const socket of host.network.sockets) socket.end(1006, '')
      await host.clock.advance(5)
    }
    await host.clock.advance(10_000)
    expect(ends(puts)).toEqual(['taken'])
  })

  test('a write on the wire when the client ends the socket itself', async () => {
    const { host, one } = await start({ heartbeatMs: 1000, heartbeatTimeoutMs: 500, echoTimeoutMs: 60_000 })
    for (let i = 0; i < 4; i++) {
      const put = follow(one.map.put('a', i))
      host.network.isMute = true
      await host.clock.advance(2000)
      expect(put.end).toBe('pending')
    }
    host.network.isMute = false
    await host.clock.advance(10_000)
    expect(one.failed.filter(error => error.code === 'refused')).toEqual([])
    expect(host.lane('one').get('a')).toBe(3)
  })

  test('a clear, drop or take has no key', async () => {
    const { host, one } = await start()
    host.objects = body => (body.startsWith('@clear') ? [1003, ''] : undefined)
    one.map.clear()
    await host.clock.advance(5000)
    expect(one.failed.filter(error => error.code === 'refused')).toMatchObject([{ key: undefined }])
    expect(one.map.status).toEqual({ state: 'synced' })
  })
})
