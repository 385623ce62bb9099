// Clients, scopes and builders: how a downlink is described, what is refused, and what goes to the host.
import { beforeEach, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { ClosedError, ConfigError, SwimClient, type SwimClientOptions, type SwimError } from '../../../src/index.js'
import { VirtualClock } from '../../../src/testing/virtual-clock.js'
import { MemoryNetwork, type Peer } from '../../../src/testing/memory-network.js'

let clock: VirtualClock
let network: MemoryNetwork
let heard: string[]
let urls: string[]
let peers: Peer[]
let errors: SwimError[]

beforeEach(() => {
  clock = new VirtualClock()
  network = new MemoryNetwork(clock)
  ;[heard, urls, peers, errors] = [[], [], [], []]
  network.onconnect = (peer, url) => {
    urls.push(url)
    peers.push(peer)
    peer.onmessage = text => {
      heard.push(text)
      const rest = text.slice(text.indexOf('('), text.indexOf(')') + 1)
      if (/^@(link|sync)/.test(text)) peer.send('@linked' + rest)
      if (text.startsWith('@sync')) peer.send('@synced' + rest)
      if (text.startsWith('@unlink')) peer.send('@unlinked' + rest)
    }
  }
})

const create = <O extends SwimClientOptions>(options?: O) =>
  new SwimClient({
    clock,
    webSocket: network.WebSocket,
    onError: (error: SwimError) => errors.push(error),
    ...options!,
  })

const hostUri = 'warp://host'
const address = { hostUri, nodeUri: '/unit/1', laneUri: 'map' }

describe('a builder', () => {
  test('is not changed by its steps, and opens a downlink each time', async () => {
    const base = create().downlinkMap().hostUri(hostUri).nodeUri('/unit/1')
    const [a, b] = [base.laneUri('a'), base.laneUri('b').prio(0.5)]
    const first = a.open()
    const second = a.open()
    b.open()
    await clock.settle()
    expect(first).not.toBe(second)
    expect(heard).toEqual(['@sync(node:"/unit/1",lane:a)', '@sync(node:"/unit/1",lane:b,prio:0.5)'])
  })

  test('takes the last of a step that is taken twice', async () => {
    create().downlinkMap(address).laneUri('a').laneUri('b').open()
    await clock.settle()
    expect(heard).toEqual(['@sync(node:"/unit/1",lane:b)'])
  })

  test('says the same by steps and by options', async () => {
    const client = create()
    const calls: string[] = []
    client
      .downlinkMap({
        ...address,
        prio: 0.5,
        rate: 2,
        body: { x: 1 },
        keySchema: z.string(),
        didSync: () => calls.push('options'),
      })
      .open()
    await clock.settle()
    client
      .downlinkMap()
      .hostUri(hostUri)
      .nodeUri('/unit/1')
      .laneUri('other')
      .prio(0.5)
      .rate(2)
      .body({ x: 1 })
      .keySchema(z.string())
      .didSync(() => calls.push('steps'))
      .open()
    await clock.settle()
    expect(heard).toEqual([
      '@sync(node:"/unit/1",lane:map,prio:0.5,rate:2){x:1}',
      '@sync(node:"/unit/1",lane:other,prio:0.5,rate:2){x:1}',
    ])
    expect(calls).toEqual(['options', 'steps'])
  })

  test('links without state by syncs(false), and ends with the link by relinks(false)', async () => {
    const news: string[] = []
    const map = create()
      .downlinkMap(address)
      .syncs(false)
      .relinks(false)
      .willLink(() => news.push('willLink'))
      .didLink(() => news.push('didLink'))
      .didDisconnect(() => news.push('didDisconnect'))
      .didClose(() => news.push('didClose'))
      .open()
    await clock.settle()
    expect(heard).toEqual(['@link(node:"/unit/1",lane:map)'])
    expect([map.linked, map.synced, map.status.state]).toEqual([true, false, 'linked'])
    await expect(map.whenSynced()).rejects.toThrow(ConfigError)
    peers[0]!.cut()
    await clock.advance(100_000)
    expect(news).toEqual(['willLink', 'didLink', 'didDisconnect', 'didClose'])
    expect(peers).toHaveLength(1)
  })

  test('closes its downlink when its signal aborts, before or after it is opened', async () => {
    const control = new AbortController()
    const builder = create().downlinkMap(address).signal(control.signal)
    const map = builder.open()
    await clock.settle()
    control.abort()
    expect(map.opened).toBe(false)
    const late = builder.open()
    await clock.settle()
    expect(late.opened).toBe(false)
    await clock.advance(5000)
    expect(clock.pendingTimers).toBe(0)
  })

  test.each<[string, object]>([
    ['hostUri', {}],
    ['nodeUri', { hostUri }],
    ['laneUri', { hostUri, nodeUri: '/unit/1' }],
    ['hostUri', { ...address, hostUri: 'mailto:me' }],
    ['hostUri', { ...address, hostUri: 'warp://' }],
    ['hostUri', { ...address, hostUri: '' }],
    ['hostUri', { ...address, hostUri: 5 }],
    ['nodeUri', { ...address, nodeUri: 'warp://host/unit/1' }],
    ['nodeUri', { ...address, nodeUri: null }],
    ['laneUri', { ...address, laneUri: '' }],
    ['prio', { ...address, prio: 'high' }],
    ['prio', { ...address, prio: 2 }],
    ['prio', { ...address, prio: NaN }],
    ['rate', { ...address, rate: -1 }],
    ['rate', { ...address, rate: Infinity }],
    ['didSync', { ...address, didSync: 'log' }],
    ['relinks', { ...address, relinks: 'no' }],
    ['syncs', { ...address, syncs: null }],
    ['signal', { ...address, signal: {} }],
    ['signal', { ...address, signal: null }],
    ['emptyValues', { ...address, emptyValues: 'drop' }],
    ['keySchema', { ...address, keySchema: String }],
    ['valueSchema', { ...address, valueSchema: z.string().transform(async text => text) }],
  ])('refuses a bad %s: %o', (option, options) => {
    const builder = create().downlinkMap(options as never) as unknown as { open(): unknown }
    const error = (() => {
      try {
        builder.open()
      } catch (thrown) {
        return thrown
      }
      return undefined
    })() as ConfigError
    expect(error).toBeInstanceOf(ConfigError)
    expect(error).toMatchObject({ option, code: 'config' })
    expect(error.message.startsWith(`${option}: `)).toBe(true)
    expect(clock.pendingTimers).toBe(0)
  })

  test('refuses a body without a Recon form', () => {
    expect(() =>
      create()
        .downlinkMap(address)
        .body({ f: () => 1 })
        .open(),
    ).toThrow(/Recon/)
  })
})

describe('a client', () => {
  test.each<[string, object]>([
    ['reconnectMinMs', { reconnectMinMs: -1 }],
    ['reconnectJitter', { reconnectJitter: 2 }],
    ['maxQueuedWrites', { maxQueuedWrites: 'many' }],
    ['maxDepth', { maxDepth: NaN }],
    ['hostUri', { hostUri: 'nowhere' }],
    ['credentials', { credentials: { nowhere: 1 } }],
    ['credentials', { credentials: null }],
    ['heartbeatMs', { heartbeatMs: null }],
    ['protocols', { protocols: [5] }],
    ['protocols', { protocols: {} }],
    ['nodeUri', { nodeUri: '' }],
    ['onError', { onError: 'log' }],
    ['webSocket', { webSocket: {} }],
    ['webSocketOptions', { webSocketOptions: 'ca' }],
    ['credentials', { credentials: 'me' }],
    ['protocols', { protocols: 'warp0' }],
    ['nodeUri', { nodeUri: 5 }],
    ['clock', { clock: 'mine' }],
  ])('refuses a bad %s: %o', (option, options) => {
    expect(() => new SwimClient(options)).toThrow(expect.objectContaining({ name: 'ConfigError', option }))
  })

  test('refuses options that are not an object', () => {
    const refused = expect.objectContaining({ name: 'ConfigError', option: 'options' })
    expect(() => new SwimClient('warp://host' as never)).toThrow(refused)
  })

  test('refuses an invalid host, node or lane as soon as a scope is requested', () => {
    const refused = (option: string) => expect.objectContaining({ name: 'ConfigError', option })
    for (const uri of ['nowhere', '', undefined]) {
      expect(() => create().hostRef(uri as string)).toThrow(refused('hostUri'))
    }
    const host = create().hostRef(hostUri)
    for (const uri of ['', null, 'warp://host/unit/1']) {
      expect(() => host.nodeRef(uri as string)).toThrow(refused('nodeUri'))
    }
    expect(() => host.nodeRef('/unit/1').laneRef('')).toThrow(refused('laneUri'))
  })

  test.each([undefined, 5, {}])('refuses %o for a listener', listener => {
    const refused = expect.objectContaining({ name: 'ConfigError', option: 'open' })
    expect(() => create().on('open', listener as never)).toThrow(refused)
  })

  test('opens nothing by itself', async () => {
    const client = create({ hostUri })
    client.hostRef(hostUri).nodeRef('/a').laneRef('b').downlinkMap()
    await clock.advance(100_000)
    expect(urls).toEqual([])
    await client.close()
    expect(clock.pendingTimers).toBe(0)
  })

  test('has one socket for each host, and one link for each lane, however they are spelled', async () => {
    const client = create()
    const spellings = [
      ['warp://host', '/unit/a b', 'é'],
      ['WARP://Host:80', '/unit/a%20b', '%C3%A9'],
      ['ws://host/', '/unit/./%61%20b', '%c3%a9'],
      ['swim://host', '/x/../unit/a b', 'é'],
      ['http://host', 'unit/a b', 'é'],
    ] as const
    const maps = spellings.map(([host, nodeUri, laneUri]) =>
      client.downlinkMap({ hostUri: host, nodeUri, laneUri }).open(),
    )
    await clock.settle()
    expect(urls).toEqual(['ws://host/'])
    expect(heard).toEqual(['@sync(node:"/unit/a%20b",lane:"%c3%a9")'])
    expect(maps.map(map => map.synced)).toEqual(maps.map(() => true))
    // And one more that comes late gets the state at once.
    const late = client.downlinkMap({ hostUri, nodeUri: '/unit/a%20b', laneUri: 'é' }).open()
    await clock.settle()
    expect(late.synced).toBe(true)
    expect(heard).toHaveLength(1)
  })

  test('resolves a relative node against the path of its host', async () => {
    const client = create()
    client.downlinkMap({ hostUri: 'warp://host/unit/zz?token=1', nodeUri: 'w8', laneUri: 'map' }).open()
    client.downlinkMap({ hostUri: 'warp://host/unit/zz?token=1', nodeUri: 'swim:meta:edge', laneUri: 'pulse' }).open()
    void client.command('warp://host/unit/zz?token=1', '../a', 'b', 1)
    await clock.settle()
    expect(urls).toEqual(['ws://host/unit/zz?token=1'])
    expect(heard).toEqual([
      '@sync(node:"/unit/w8",lane:map)',
      '@sync(node:"swim:meta:edge",lane:pulse)',
      '@command(node:"/a",lane:b) 1',
    ])
  })

  test('sends commands without a link, by every scope', async () => {
    const client = create()
    const host = client.hostRef(hostUri)
    const sent = [
      client.command(hostUri, '/unit/1', 'cmd', { a: 1 }),
      host.command('/unit/1', 'cmd', 'text'),
      host.nodeRef('/unit/1').command('cmd', [1, 2]),
      host.nodeRef('/unit/1').laneRef('cmd').command(),
    ]
    await clock.settle()
    expect(await Promise.all(sent)).toEqual(['taken', 'taken', 'taken', 'taken'])
    expect(heard).toEqual([
      '@command(node:"/unit/1",lane:cmd){a:1}',
      '@command(node:"/unit/1",lane:cmd) text',
      '@command(node:"/unit/1",lane:cmd){1,2}',
      '@command(node:"/unit/1",lane:cmd)',
    ])
    await clock.advance(5000)
    expect([network.sockets.size, clock.pendingTimers]).toEqual([0, 0])
  })

  test.each<[string, (client: SwimClient) => Promise<unknown>, string]>([
    ['no host', client => client.command('nowhere', '/a', 'b', 1), 'config'],
    ['no node', client => client.command(hostUri, '', 'b', 1), 'config'],
    ['no Recon', client => client.command(hostUri, '/a', 'b', () => 1), 'recon'],
  ])('rejects a command with %s, and tells onError', async (_name, send, code) => {
    await expect(send(create())).rejects.toMatchObject({ code })
    expect(errors).toMatchObject([{ code }])
  })

  test('tells of sockets and downlinks, and no more after the undo', async () => {
    const client = create()
    const told: string[] = []
    const undo = (['connect', 'disconnect', 'open', 'close'] as const).map(type =>
      client.on(type, () => told.push(type)),
    )
    const map = client.downlinkMap(address).open()
    await clock.settle()
    peers[0]!.cut()
    await clock.advance(50_000)
    map.close()
    expect(told).toEqual(['open', 'connect', 'disconnect', 'connect', 'close'])
    for (const each of [...undo, ...undo]) each()
    client.downlinkMap(address).open()
    await Promise.all([client.close(), clock.advance(2000)])
    expect(told).toHaveLength(5)
  })

  test('closed, opens nothing more', async () => {
    const client = create()
    const map = client.downlinkMap(address).open()
    await clock.settle()
    await Promise.all([client.close(), clock.advance(2000)])
    expect(map.opened).toBe(false)
    expect(() => client.downlinkMap(address).open()).toThrow(ClosedError)
    await expect(client.command(hostUri, '/a', 'b', 1)).rejects.toThrow(ClosedError)
    await client.close()
    expect([network.sockets.size, clock.pendingTimers]).toEqual([0, 0])
  })

  test('is disposable', async () => {
    let map
    {
      using client = create()
      map = client.downlinkMap(address).open()
    }
    expect(map.opened).toBe(false)
    {
      using opened = create().downlinkMap(address).open()
      map = opened
    }
    expect(map.opened).toBe(false)
    {
      await using client = create()
      map = client.downlinkMap(address).open()
      void clock.advance(2000)
    }
    expect(map.opened).toBe(false)
  })

  test('survives an onError that throws', async () => {
    const log = console.error
    const logged: unknown[] = []
    console.error = (error: unknown) => logged.push(error)
    try {
      const client = create({
        onError: () => {
          throw new Error('of the listener')
        },
      })
      const map = client.downlinkMap(address).open()
      await clock.settle()
      peers[0]!.send('nonsense{')
      await clock.settle()
      peers[0]!.send('@event(node:"/unit/1",lane:map)@update(key:a)1')
      await clock.settle()
      expect(map.get('a')).toBe(1)
      expect(logged).toEqual(['swimlink: the callback error threw: of the listener'])
    } finally {
      console.error = log
    }
  })
})

describe('the subprotocol', () => {
  const confirming = (wanted: readonly string[]) => (offered: readonly string[]) => offered.join() === wanted.join()

  test.each<[string, readonly string[]]>([
    ['none, as SwimOS Java wants', []],
    ['warp0, as SwimOS Rust wants', ['warp0']],
  ])('is found out by trying, at once, without an error, and remembered: %s', async (_name, wanted) => {
    const tries: string[] = []
    network.takes = offered => {
      tries.push(offered.join())
      return confirming(wanted)(offered)
    }
    const map = create().downlinkMap(address).open()
    await clock.settle()
    await clock.advance(0)
    expect([map.synced, errors]).toEqual([true, []])
    const found = tries.length
    expect(tries.at(-1)).toBe(wanted.join())
    peers[0]!.cut()
    await clock.advance(60_000)
    expect(map.synced).toBe(true)
    expect(tries.slice(found)).toEqual([wanted.join()])
  })

  test('is found out too when the host is down at first', async () => {
    network.refuses = true
    network.takes = confirming(['warp0'])
    const map = create().downlinkMap(address).open()
    await clock.advance(60_000)
    expect(map.synced).toBe(false)
    network.refuses = false
    await clock.advance(120_000)
    expect(map.synced).toBe(true)
  })

  test('is what the options say, and no other is tried', async () => {
    const tries: string[] = []
    network.takes = offered => {
      tries.push(offered.join())
      return false
    }
    create({ protocols: ['mine'] })
      .downlinkMap(address)
      .open()
    await clock.advance(60_000)
    expect(new Set(tries)).toEqual(new Set(['mine']))
  })
})
