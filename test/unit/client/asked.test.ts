// Options that are functions are asked at each attempt; one signal serves any number of downlinks.
import { getEventListeners } from 'node:events'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { SwimClient, type SocketClass, type SwimClientOptions, type SwimError } from '../../../src/index.js'
import { VirtualClock } from '../../../src/testing/virtual-clock.js'
import { MemoryNetwork, type Peer } from '../../../src/testing/memory-network.js'

let clock: VirtualClock
let network: MemoryNetwork
let peers: Peer[]
let errors: SwimError[]
let urls: string[]
let options: unknown[]

beforeEach(() => {
  clock = new VirtualClock()
  network = new MemoryNetwork(clock)
  peers = []
  errors = []
  urls = []
  options = []
  network.onconnect = (peer, url) => {
    peers.push(peer)
    urls.push(url)
    peer.onmessage = text => {
      if (text.startsWith('@auth')) peer.send('@authed')
      const [, at] = /^@sync(\(.*?\))/.exec(text) ?? []
      if (at !== undefined) for (const tag of ['linked', 'synced']) peer.send(`@${tag}${at}`)
    }
  }
})

afterEach(() => vi.restoreAllMocks())

function create(given: SwimClientOptions = {}): SwimClient {
  const Memory = network.WebSocket as new (...args: [string, string[]?]) => InstanceType<SocketClass>
  class WebSocket extends Memory {
    constructor(url: string, protocols?: string[], given?: object) {
      super(url, protocols)
      options.push(given)
    }
  }
  return new SwimClient({ clock, webSocket: WebSocket, onError: error => errors.push(error), reconnectMinMs: 100, reconnectMaxMs: 100, ...given }) as SwimClient // prettier-ignore
}

/** Lets what is asked answer, and what follows happen. */
const advance = async (ms = 200) => {
  for (let i = 0; i < 5; i++) await clock.advance(ms)
}

test.each([
  ['at once', (value: unknown) => value],
  ['later', async (value: unknown) => Promise.resolve(value)],
])('hostUri, protocols and webSocketOptions that are given %s are asked at each attempt', async (_, give) => {
  let count = 0
  const client = create({
    hostUri: () => give(`warp://host-${++count}/?token=s3cret-${count}`) as string,
    protocols: () => give([`warp0`, `v${count}`]) as string[],
    webSocketOptions: () => give({ headers: { n: count } }) as object,
  })
  const map = client.downlinkMap({ nodeUri: '/n', laneUri: 'map' }).open()
  expect(urls).toEqual([])
  await advance()
  expect(map.synced).toBe(true)
  peers[0]!.cut(4000, 'token s3cret-1')
  await advance()
  expect(map.synced).toBe(true)
  expect(urls).toEqual(['ws://host-1/?token=s3cret-1', 'ws://host-2/?token=s3cret-2'])
  expect(peers.map(peer => peer.protocols)).toEqual([
    ['warp0', 'v1'],
    ['warp0', 'v2'],
  ])
  expect(options).toEqual([{ headers: { n: 1 } }, { headers: { n: 2 } }])
  expect(errors).toMatchObject([{ code: 'transport', hostUri: 'warp://host-1/' }])
  expect(JSON.stringify(errors)).not.toMatch(/s3cret/)
})

test('a function is one host, whatever it gives, and has the credentials of the host that it gives', async () => {
  const hostUri = () => 'warp://host'
  const heard: string[] = []
  const client = create({ credentials: { 'warp://host': 'me' } })
  client.on('authenticate', event => heard.push(event.hostUri))
  const ref = client.hostRef(hostUri).nodeRef('/n')
  const maps = ['a', 'b'].map(laneUri => ref.laneRef(laneUri).downlinkMap().open())
  void client.command(hostUri, '/n', 'c', 1)
  await advance()
  expect([urls.length, ...maps.map(map => map.synced), ...heard]).toEqual([1, true, true, 'warp://host'])
  expect(client.authenticated(hostUri)).toBe(true)
})

test.each<[string, () => never]>([
  ['throws', () => { throw new Error('no token') }], // prettier-ignore
  ['rejects', () => Promise.reject(new Error('no token')) as never],
  ['gives no host', () => 'htp://no token' as never],
])('a function that %s is reported, and asked again', async (_, hostUri) => {
  const asked = vi.fn(hostUri)
  create({ hostUri: asked }).downlinkMap({ nodeUri: '/n', laneUri: 'map' }).open()
  await advance()
  expect(errors[0]).toMatchObject({ code: 'transport' })
  expect(errors[0]!.message).toMatch(/^can't create a WebSocket to .*: .*no token/)
  expect(asked.mock.calls.length).toBeGreaterThan(2)
})

test('what a function gives after the client has closed opens nothing', async () => {
  let give!: (uri: string) => void
  const client = create({ hostUri: () => new Promise<string>(resolve => (give = resolve)) })
  client.downlinkMap({ nodeUri: '/n', laneUri: 'map' }).open()
  await advance()
  await client.close()
  give('warp://host')
  await advance()
  expect(urls).toEqual([])
})

test.each(['hostUri', 'protocols', 'webSocketOptions'])('%s may be nothing else', name => {
  expect(() => create({ [name]: 5 } as never)).toThrow(expect.objectContaining({ code: 'config', option: name }))
})

test('a signal of a hundred downlinks and waits has one listener, and none when they are gone', async () => {
  const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
  const { signal } = new AbortController()
  const client = create({ hostUri: 'warp://host' })
  const open = (laneUri: string) => client.downlinkMap({ nodeUri: '/n', laneUri, signal }).open()
  const maps = Array.from({ length: 100 }, (_, i) => open(`lane${i}`))
  const synced = maps.map(map => map.whenSynced({ signal }))
  maps.forEach(map => map.changes({ signal }))
  expect(getEventListeners(signal, 'abort')).toHaveLength(1)
  await advance()
  await Promise.all(synced)
  void client.close()
  await advance()
  expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  expect(warn).not.toHaveBeenCalled()
})

test('a signal that aborts closes all its downlinks', async () => {
  const controller = new AbortController()
  const client = create({ hostUri: 'warp://host' })
  const maps = ['a', 'b', 'c'].map(laneUri =>
    client.downlinkMap({ nodeUri: '/n', laneUri, signal: controller.signal }).open(),
  )
  await advance()
  controller.abort()
  expect(maps.map(map => map.opened)).toEqual([false, false, false])
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
})
