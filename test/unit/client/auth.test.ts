// Authentication, against a host that answers as a SwimOS Java host does with an authenticator (docs/PROTOCOL.md#authentication).
import { beforeEach, describe, expect, test } from 'vitest'
import { AuthError, SwimClient, type SwimClientOptions, type SwimError } from '../../../src/index.js'
import { parse } from '../../../src/recon/index.js'
import { VirtualClock } from '../../../src/testing/virtual-clock.js'
import { MemoryNetwork, type Peer } from '../../../src/testing/memory-network.js'

const hostUri = 'warp://host'
const address = { hostUri, nodeUri: '/unit/1', laneUri: 'map' }

let clock: VirtualClock
let network: MemoryNetwork
/** What the host got, socket by socket. */
let sockets: string[][]
let peers: Peer[]
let errors: SwimError[]
let told: string[]
/** What the authenticator says of a token: yes, no, no by closing alone, or nothing at all. */
let verdict: (token: unknown) => 'yes' | 'no' | 'shut' | 'mute'

beforeEach(() => {
  clock = new VirtualClock()
  network = new MemoryNetwork(clock)
  sockets = []
  peers = []
  errors = []
  told = []
  verdict = token => (token === 'good' ? 'yes' : 'no')
  network.onconnect = peer => {
    const heard: string[] = []
    sockets.push(heard)
    peers.push(peer)
    peer.onmessage = text => {
      heard.push(text)
      if (text === '@deauth') peer.send('@deauthed')
      else if (text.startsWith('@auth')) {
        const answer = verdict((parse(text) as { token?: unknown }).token)
        if (answer === 'yes') peer.send('@authed')
        if (answer === 'no') {
          peer.send('@deauthed')
          clock.turn(() => clock.turn(() => peer.cut(1008, 'Unauthorized')))
        }
        if (answer === 'shut') peer.cut(1008, 'Unauthorized')
      } else if (text.startsWith('@sync')) {
        const rest = text.slice('@sync'.length)
        peer.send('@linked' + rest)
        peer.send('@synced' + rest)
      } else if (text.startsWith('@link(')) peer.send('@linked' + text.slice('@link'.length))
    }
  }
})

function open(options: SwimClientOptions = {}) {
  const client = new SwimClient({
    clock,
    webSocket: network.WebSocket,
    onError: error => errors.push(error),
    ...options,
  })
  for (const type of ['connect', 'disconnect', 'authenticate', 'deauthenticate'] as const) {
    client.on(type, (event: { hostUri: string }) => told.push(`${type} ${event.hostUri}`))
  }
  return client
}

const sync = '@sync(node:"/unit/1",lane:map)'

describe('credentials', () => {
  test('are shown first; links wait for the answer', async () => {
    verdict = () => 'mute'
    const client = open({ credentials: { [hostUri]: { token: 'good' } } })
    const map = client.downlinkMap(address).open()
    await clock.settle()
    expect(sockets).toEqual([['@auth{token:good}']])
    expect([client.authenticated(hostUri), map.status.state]).toEqual([false, 'connecting'])
    peers[0]!.send('@authed')
    await clock.settle()
    expect(sockets[0]).toEqual(['@auth{token:good}', sync])
    expect([client.authenticated(hostUri), map.synced]).toEqual([true, true])
    expect(told).toEqual([`authenticate ${hostUri}`, `connect ${hostUri}`])
    expect(errors).toEqual([])
  })

  test('belong to a host however its URI is spelled', async () => {
    const client = open({ credentials: { 'SWIM://HOST:80/': { token: 'good' } } })
    client.downlinkMap(address).open()
    await clock.settle()
    expect(sockets).toEqual([['@auth{token:good}', sync]])
    expect(client.authenticated('ws://host')).toBe(true)
  })

  test.each(['of an async function', 'of a function'])('%s are asked for again at every connection', async kind => {
    let asked = 0
    verdict = () => 'yes'
    const give = () => ({ token: `t${++asked}` })
    const client = open({ credentials: { [hostUri]: kind === 'of a function' ? give : async () => give() } })
    const map = client.downlinkMap(address).open()
    await clock.settle()
    peers[0]!.cut()
    await clock.advance(60_000)
    expect(sockets.map(heard => heard[0])).toEqual(['@auth{token:t1}', '@auth{token:t2}'])
    expect(map.synced).toBe(true)
    expect(client.authenticated(hostUri)).toBe(true)
  })

  test('that can’t be had are an AuthError, and are asked for again after a wait', async () => {
    let asked = 0
    const cause = new Error('the vault is shut')
    const give = () => {
      if (++asked < 3) throw cause
      return { token: 'good' }
    }
    const map = open({ credentials: { [hostUri]: give } })
      .downlinkMap(address)
      .open()
    await clock.settle()
    expect(asked).toBe(1)
    expect(errors).toMatchObject([{ code: 'auth', cause }])
    await clock.advance(60_000)
    expect(asked).toBe(3)
    expect(map.synced).toBe(true)
    expect(errors).toHaveLength(2)
  })

  test('without a Recon form are an AuthError', async () => {
    open({ credentials: { [hostUri]: { token: () => 'x' } } })
      .downlinkMap(address)
      .open()
    await clock.settle()
    expect(errors).toMatchObject([{ code: 'auth', cause: { code: 'recon' } }])
    expect(sockets).toEqual([[]])
  })

  test('of a function that gives none are not shown', async () => {
    const map = open({ credentials: { [hostUri]: async () => undefined } })
      .downlinkMap(address)
      .open()
    await clock.settle()
    expect(sockets).toEqual([[sync]])
    expect(map.synced).toBe(true)
  })

  test('that never come hold up links and nothing else', async () => {
    const client = open({ credentials: { [hostUri]: () => new Promise(() => {}) } })
    client.downlinkMap(address).open()
    const other = client.downlinkMap({ ...address, hostUri: 'warp://other' }).open()
    await clock.advance(100_000)
    // The first socket is not even asked for a sign of life, as that would name a link; the other is, each 12 s from its first silence.
    expect(sockets).toEqual([[], [sync, ...Array<string>(7).fill('@link(node:"/unit/1",lane:map)')]])
    expect(other.synced).toBe(true)
    await Promise.all([client.close(), clock.advance(2000)])
    expect(clock.pendingTimers).toBe(0)
  })

  test('are taken for agreed to by a host that stays mute, as SwimOS Rust does', async () => {
    verdict = () => 'mute'
    const client = open({ credentials: { [hostUri]: { token: 'good' } }, authTimeoutMs: 3000 })
    const map = client.downlinkMap(address).open()
    await clock.advance(2999)
    expect(map.synced).toBe(false)
    await clock.advance(1)
    expect(map.synced).toBe(true)
    expect(client.authenticated(hostUri)).toBe(false)
    expect(told).toEqual([`connect ${hostUri}`])
  })
})

describe('a refusal', () => {
  test.each(['no', 'shut'] as const)(
    'is an AuthError, reported once, and no reason to try again (%s)',
    async answer => {
      verdict = token => (token === 'good' ? 'yes' : answer)
      const client = open({ credentials: { [hostUri]: { token: 'bad' } } })
      const failed: SwimError[] = []
      const map = client
        .downlinkMap(address)
        .didFail(error => failed.push(error))
        .open()
      client.downlinkMap({ ...address, laneUri: 'other' }).open()
      const synced = map.whenSynced()
      const sent = client.command(hostUri, '/unit/1', 'lane', 1)
      await clock.advance(3_600_000)
      expect(sockets).toEqual([['@auth{token:bad}']])
      expect(errors).toHaveLength(1)
      expect(errors[0]).toBeInstanceOf(AuthError)
      await expect(synced).rejects.toBe(errors[0])
      expect(failed).toEqual(errors)
      expect([client.authenticated(hostUri), map.opened, map.connected]).toEqual([false, true, false])

      client.authenticate(hostUri, { token: 'good' })
      await clock.settle()
      expect(sockets[1]!.slice(0, 2)).toEqual(['@auth{token:good}', sync])
      expect(map.synced).toBe(true)
      expect(await sent).toBe('taken')
    },
  )

  test('ends with deauthenticate, as nobody', async () => {
    const client = open({ credentials: { [hostUri]: { token: 'bad' } } })
    const map = client.downlinkMap(address).open()
    await clock.advance(1000)
    client.deauthenticate(hostUri)
    await clock.settle()
    expect(sockets).toEqual([['@auth{token:bad}'], [sync]])
    expect(map.synced).toBe(true)
  })

  test('of other credentials on a socket that is up takes its links along', async () => {
    const client = open({ credentials: { [hostUri]: { token: 'good' } } })
    const map = client.downlinkMap(address).open()
    await clock.settle()
    client.authenticate(hostUri, { token: 'bad' })
    await clock.advance(3_600_000)
    expect(sockets).toHaveLength(1)
    expect(map.status).toEqual({ state: 'stale', because: 'disconnected' })
    expect(errors).toMatchObject([{ code: 'auth' }])
    client.authenticate(hostUri, { token: 'good' })
    await clock.settle()
    expect(map.synced).toBe(true)
  })

  test('of credentials that were replaced meanwhile is no refusal of the newer', async () => {
    const client = open({ credentials: { [hostUri]: { token: 'bad' } } })
    const map = client.downlinkMap(address).open()
    network.onconnect = (real => (peer, url) => {
      real(peer, url)
      network.onconnect = real
      const answer = peer.onmessage
      peer.onmessage = text => {
        client.authenticate(hostUri, { token: 'good' })
        answer(text)
      }
    })(network.onconnect)
    await clock.advance(60_000)
    expect(sockets.at(-1)!.slice(0, 2)).toEqual(['@auth{token:good}', sync])
    expect(map.synced).toBe(true)
    expect(client.authenticated(hostUri)).toBe(true)
  })
})

test('a write that the host forbids is refused, and not sent again; what waits is', async () => {
  const accept = network.onconnect
  const commands: string[] = []
  network.onconnect = (peer, url) => {
    accept(peer, url)
    const answer = peer.onmessage
    peer.onmessage = text => {
      if (!text.startsWith('@command')) return answer(text)
      commands.push(text)
      if (text.includes('bad')) peer.cut(1008, 'Forbidden')
      else peer.send(text.replace('@command', '@event'))
    }
  }
  const failed: SwimError[] = []
  const client = open({ reconnectMinMs: 10, reconnectMaxMs: 10 })
  const map = client
    .downlinkMap<string, string>(address)
    .didFail(error => failed.push(error))
    .open()
  await clock.settle()
  const bad = map.put('a', 'bad')
  await clock.settle()
  const good = map.put('b', 'good')
  await clock.advance(100_000)
  await expect(bad).rejects.toMatchObject({ code: 'refused', key: 'a', cause: { code: 'transport', closeCode: 1008 } })
  expect(await good).toBe('taken')
  expect(commands).toHaveLength(2)
  expect([[...map], map.synced, sockets.length]).toEqual([[['b', 'good']], true, 2])
  expect(failed.map(({ code }) => code)).toEqual(['refused'])
})

describe('authenticate and deauthenticate', () => {
  test('before the first link open nothing', async () => {
    const client = open()
    client.authenticate(hostUri, { token: 'good' })
    await clock.settle()
    expect(sockets).toEqual([])
    expect(client.authenticated(hostUri)).toBe(false)
    client.downlinkMap(address).open()
    await clock.settle()
    expect(sockets).toEqual([['@auth{token:good}', sync]])
  })

  test('in one turn are matched to the answers by their order', async () => {
    const client = open({ credentials: { [hostUri]: { token: 'good' } } })
    const map = client.downlinkMap(address).open()
    await clock.settle()
    told = []
    client.deauthenticate(hostUri)
    client.authenticate(hostUri, { token: 'good' })
    await clock.settle()
    expect(sockets).toEqual([['@auth{token:good}', sync, '@deauth', '@auth{token:good}']])
    expect(told).toEqual([`deauthenticate ${hostUri}`, `authenticate ${hostUri}`])
    expect([client.authenticated(hostUri), map.synced, errors.length]).toEqual([true, true, 0])
  })

  test('forget what is not shown yet', async () => {
    let give = (_token: object) => {}
    const client = open({ credentials: { [hostUri]: () => new Promise(resolve => (give = resolve)) } })
    const map = client.downlinkMap(address).open()
    await clock.settle()
    client.deauthenticate(hostUri)
    give({ token: 'good' })
    await clock.settle()
    expect(sockets).toEqual([[sync]])
    expect(map.synced).toBe(true)
    peers[0]!.cut()
    await clock.advance(60_000)
    expect(sockets[1]).toContain(sync)
    expect(sockets[1]).not.toContain('@auth{token:good}')
  })

  test('hear of an identity that the host takes back by itself', async () => {
    const client = open({ credentials: { [hostUri]: { token: 'good' } } })
    const map = client.downlinkMap(address).open()
    await clock.settle()
    peers[0]!.send('@deauthed')
    await clock.settle()
    expect(told.at(-1)).toBe(`deauthenticate ${hostUri}`)
    expect([client.authenticated(hostUri), map.synced]).toEqual([false, true])
  })

  test('of an invalid host URI are a ConfigError', () => {
    const client = open()
    expect(() => client.authenticate('nowhere', {})).toThrow(/hostUri/)
    expect(() => client.deauthenticate('nowhere')).toThrow(/hostUri/)
    expect(() => client.authenticated('nowhere')).toThrow(/hostUri/)
    expect(() => open({ credentials: { nowhere: {} } })).toThrow(/credentials/)
  })
})
