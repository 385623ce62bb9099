// What a host does with clients that are hostile, slow, broken or not let in.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { refuse, WarpHost, type LaneStore, type Session, type WarpHostOptions } from '../../src/host/index.js'
import { RawClient } from '../support/raw-client.js'

const cleanups: (() => unknown)[] = []
const errors: string[] = []

beforeEach(() => void errors.splice(0))
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const isKnown = (session: Session) => session.identity !== undefined

async function start(options: WarpHostOptions = {}) {
  const host = new WarpHost({ onError: (error, where) => errors.push(`${where}: ${String(error)}`), ...options })
  host.node('/unit/:id', node => {
    node.mapLane('map')
    node.mapLane('secret', { canRead: isKnown, canWrite: isKnown })
    node.mapLane('board', { canWrite: () => false })
    node.mapLane('async', { canRead: (async () => false) as unknown as () => boolean })
    node.mapLane('refusing', { willUpdate: () => refuse })
    node.mapLane('failing', {
      willUpdate: (_, value) => (value === 1 ? Number.NaN : (Promise.resolve(1) as unknown as 1)),
    })
    node.valueLane('failingValue', { willSet: () => Number.NaN })
    node.joinMapLane('joined')
    node.commandLane('echo')
    node.valueLane('value')
  })
  host.node('/broken', () => {
    throw new Error('no lanes today')
  })
  cleanups.push(() => host.close())
  return { host, ...(await host.listen()) }
}

async function open(uri: string, ...rest: [object?, string[]?]) {
  const client = await RawClient.open(uri, ...rest)
  cleanups.push(() => client.socket.terminate())
  return client
}

const map = '(node:"/unit/1",lane:map)'

describe('a frame that is none', () => {
  test.each([
    ['garbage{', 'no envelope'],
    ['', 'no envelope'],
    ['{"node":1}', 'no envelope'],
    ['# comment', 'no envelope'],
    ['@foo(node:"/unit/1",lane:map)', 'unknown envelope @foo'],
    ['@sync', 'no node'],
    ['@sync(node:"/unit/1")', 'no lane'],
    ['@link{node:"/unit/1",lane:map}', 'no node'],
    ['@link(node:"/unit/1",lane:map,prio:abc)', 'prio and rate must be numbers'],
    [`@command${map}@update(key:a){`, 'Recon text, line 1'],
    [`@link${map}{`, 'Recon text, line 1'],
    [`@command${map}@update(key:a)${'{'.repeat(300)}`, 'nested deeper than maxDepth (256)'],
    [`@command${map}@update(key:${'{'.repeat(100_000)}`, 'nested deeper than maxDepth (256)'],
    [`@command${'('.repeat(100_000)}`, 'nested deeper than maxDepth (256)'],
  ])('closes its socket alone: %#', async (frame, reason) => {
    const { uri } = await start()
    const [bad, good] = [await open(uri), await open(uri)]
    good.send(`@link${map}`)
    expect(await good.next()).toBe(`@linked${map}`)
    bad.send(frame, `@command${map}@update(key:late)1`)
    const { code, reason: told } = await bad.end()
    expect(code).toBe(1002)
    expect(told.toLowerCase()).toContain(reason.toLowerCase().slice(0, 20))
    good.send(`@command${map}@update(key:a)1`)
    expect(await good.rest()).toEqual([`@event${map}@update(key:a) 1`])
  })

  test('too long a frame is refused by its length', async () => {
    const { uri } = await start({ maxFrameBytes: 1000 })
    const client = await open(uri)
    client.send(`@command${map}@update(key:a)"${'x'.repeat(1000)}"`)
    expect((await client.end()).code).toBe(1009)
  })

  test('what is nested just within the limit is taken', async () => {
    const { uri } = await start()
    const client = await open(uri)
    const deepest = `${'{a:'.repeat(255)}{a:1}${'}'.repeat(255)}`
    client.send(`@link${map}`, `@command${map}@update(key:a)${deepest}`)
    expect(await client.take(2)).toEqual([`@linked${map}`, `@event${map}@update(key:a)${deepest}`])
    client.send(`@command${map}@update(key:${deepest.replace('{a:', '').slice(0, -1)})1`)
    expect((await client.next()).slice(0, 60)).toContain('@update(key:{a:')
    client.send(`@command${map}@clear`, `@command${map}@update(key:a){a:${deepest}}`)
    expect(await client.end()).toMatchObject({ code: 1002 })
  })

  test('a prototype is not reached by keys', async () => {
    const { host, uri } = await start()
    const client = await open(uri)
    client.send(`@link${map}`, `@command${map}@update(key:__proto__){__proto__:{bad:1}}`)
    client.send('@link(node:"/unit/constructor",lane:__proto__)', '@link(node:constructor,lane:toString)')
    expect(await client.take(4)).toEqual([
      `@linked${map}`,
      '@unlinked(node:"/unit/constructor",lane:__proto__)@laneNotFound',
      '@unlinked(node:constructor,lane:toString)@nodeNotFound',
      `@event${map}@update(key:__proto__){__proto__:{bad:1}}`,
    ])
    expect(({} as { bad?: number }).bad).toBeUndefined()
    expect(host.nodeRef('/unit/1').lane('map', 'map').has('__proto__')).toBe(true)
  })

  test.each(['map', 'refusing', 'joined', 'value', 'echo'])('half a character harms nobody: %s', async lane => {
    const { uri } = await start()
    const [bad, good] = [await open(uri), await open(uri)]
    for (const client of [bad, good]) {
      client.send(`@link(node:"/unit/1",lane:${lane})`)
      await client.next()
    }
    const body = lane === 'value' || lane === 'echo' ? '"\\ud800"' : '@update(key:"\\ud800")1'
    bad.send(`@command(node:"/unit/1",lane:${lane})${body}`)
    expect((await bad.end()).code).toBe(1002)
    good.send(`@link(node:"/unit/1",lane:${lane})`)
    expect(await good.next()).toBe(`@linked(node:"/unit/1",lane:${lane})`)
  })

  test('bytes are read as the text they are', async () => {
    const { uri } = await start()
    const client = await open(uri)
    client.socket.send(Buffer.from(`@link${map}`))
    expect(await client.next()).toBe(`@linked${map}`)
  })
})

describe('who may connect', () => {
  const origins = async (options: WarpHostOptions, headers: { [name: string]: string }) => {
    const { uri } = await start(options)
    return open(uri, { headers }).then(
      () => 'let in',
      (error: Error) => error.message,
    )
  }
  const refused = 'Unexpected server response: 403'

  test.each([
    [{}, {}, 'let in'],
    [{}, { origin: 'http://localhost:5173' }, 'let in'],
    [{}, { origin: 'http://[::1]:5173' }, 'let in'],
    [{}, { origin: 'https://evil.example' }, refused],
    [{}, { origin: 'null' }, refused],
    [{}, { origin: 'http://localhost.evil.example' }, refused],
    [{}, { origin: 'http://evil.example', host: 'evil.example' }, refused],
    [
      { hostname: '0.0.0.0', allowedHosts: ['box.example'] },
      { origin: 'http://box.example', host: 'box.example:80' },
      'let in',
    ],
    [
      { hostname: '0.0.0.0', allowedHosts: ['box.example'] },
      { origin: 'http://evil.example', host: 'box.example' },
      refused,
    ],
    [{ allowedOrigins: ['https://app.example'] }, { origin: 'https://app.example' }, 'let in'],
    [{ allowedOrigins: ['https://app.example'] }, { origin: 'http://localhost' }, refused],
    [{ allowedOrigins: '*' as const }, { origin: 'https://evil.example' }, 'let in'],
  ] as const)('%j with %j: %s', async (options, headers, expected) => {
    expect(await origins(options as WarpHostOptions, headers)).toBe(expected)
  })

  test('a subprotocol that is offered is answered', async () => {
    const { uri } = await start()
    expect((await open(uri, {}, ['warp0'])).socket.protocol).toBe('warp0')
  })

  test('connections and handshakes have a limit, and it ends when they do', async () => {
    const { uri, host } = await start({ maxConnections: 2 })
    const first = await open(uri)
    await open(uri)
    await expect(open(uri)).rejects.toThrow('503')
    await first.close()
    await expect.poll(() => host.load.sockets).toBe(1)
    await open(uri)
    const hasty = await start({ maxHandshakesPerSecond: 3 })
    const from = performance.now()
    const tries = await Promise.allSettled(Array.from({ length: 20 }, () => open(hasty.uri)))
    // Three in each second of the clock that the tries touched, however slow the machine is.
    const seconds = Math.ceil((performance.now() - from) / 1000) + 1
    const welcome = tries.filter(({ status }) => status === 'fulfilled').length
    expect(welcome).toBeGreaterThanOrEqual(3)
    expect(welcome).toBeLessThanOrEqual(3 * seconds)
  })

  test('a request that does not come to its end is cut', async () => {
    const { port } = await start({ handshakeTimeoutMs: 100 })
    const socket = connect(port, '127.0.0.1')
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n')
    socket.resume()
    await new Promise<void>(done => socket.once('close', () => done()))
  })
})

describe('credentials', () => {
  const authenticate = async (credentials: unknown) => {
    await new Promise(soon => setTimeout(soon, 20))
    const token = (credentials as { token?: string } | undefined)?.token
    if (token === 'throw') throw new Error('no directory')
    return token === 'good' ? { name: 'ada' } : token === 'bad' ? false : token === 'null' ? null : undefined
  }
  const secret = '(node:"/unit/1",lane:secret)'

  test('good ones are an identity, and what was asked for meanwhile waits for it', async () => {
    const { uri } = await start({ authenticate })
    const client = await open(uri)
    client.send(`@sync${secret}`, '@auth{token:good}', `@sync${secret}`, `@command${secret}@update(key:a)1`, '@deauth')
    expect(await client.take(6)).toEqual([
      `@unlinked${secret}`,
      '@authed',
      `@linked${secret}`,
      '@deauthed',
      `@event${secret}@update(key:a) 1`,
      `@synced${secret}`,
    ])
  })

  test.each(['bad', 'throw'])('%s ones end the socket', async token => {
    const { uri } = await start({ authenticate })
    const client = await open(uri)
    client.send(`@auth{token:${token}}`, `@sync${map}`)
    expect(await client.next()).toBe('@deauthed')
    expect(await client.end()).toEqual({ code: 1008, reason: 'Unauthorized' })
    expect(errors.length).toBe(token === 'throw' ? 1 : 0)
  })

  test('none are no identity; a write that is not allowed ends the socket', async () => {
    const { uri } = await start({ authenticate })
    const client = await open(uri)
    client.send('@auth', '@auth{token:null}', `@link${map}`, `@link${secret}`)
    expect(await client.take(4)).toEqual(['@deauthed', '@deauthed', `@linked${map}`, `@unlinked${secret}`])
    client.send('@command(node:"/unit/1",lane:board)@update(key:a)1')
    expect(await client.end()).toEqual({ code: 1008, reason: 'Forbidden' })
  })

  test('are good where nobody asks', async () => {
    const { uri } = await start()
    const client = await open(uri)
    client.send('@auth', `@sync${secret}`)
    expect(await client.take(3)).toEqual(['@authed', `@linked${secret}`, `@synced${secret}`])
  })
})

test('a guard that does not say yes says no', async () => {
  const { uri } = await start()
  const client = await open(uri)
  client.send('@sync(node:"/unit/1",lane:async)')
  expect(await client.next()).toBe('@unlinked(node:"/unit/1",lane:async)')
})

test("a hook that gives what can not be written refuses, and its fault is not the client's", async () => {
  const { uri } = await start()
  const client = await open(uri)
  const [failing, value] = ['(node:"/unit/1",lane:failing)', '(node:"/unit/1",lane:failingValue)']
  client.send(
    `@link${failing}`,
    `@link${value}`,
    `@command${failing}@update(key:a)1`,
    `@command${failing}@update(key:b)2`,
  )
  client.send(`@command${value}5`)
  expect((await client.take(5)).slice(2)).toEqual([
    `@event${failing}@remove(key:a)`,
    `@event${failing}@remove(key:b)`,
    `@event${value}`,
  ])
  expect(errors).toEqual([
    expect.stringMatching(/^willUpdate of .*NaN/),
    expect.stringMatching(/^willUpdate of .*Promise/),
    expect.stringMatching(/^willSet of .*NaN/),
  ])
})

describe('a client that takes more than its share', () => {
  test('of links is told so', async () => {
    const { uri } = await start({ maxLinksPerSocket: 2 })
    const client = await open(uri)
    for (const id of [1, 2, 2, 3]) client.send(`@link(node:"/unit/${id}",lane:map)`)
    expect(await client.end()).toEqual({ code: 1008, reason: 'more than 2 links' })
  })

  test('of nodes finds no more of them', async () => {
    const { uri, host } = await start({ maxNodes: 2 })
    const client = await open(uri)
    for (const id of [1, 2, 3]) client.send(`@link(node:"/unit/${id}",lane:map)`)
    expect((await client.take(3))[2]).toBe('@unlinked(node:"/unit/3",lane:map)@nodeNotFound')
    expect(host.nodeRef('/unit/3').lane('map').kind).toBe('map')
  })

  test('of entries is told that they are not there', async () => {
    const { uri, host } = await start({ maxEntriesPerLane: 2 })
    const client = await open(uri)
    client.send(`@link${map}`)
    for (const key of ['a', 'b', 'c', 'b']) client.send(`@command${map}@update(key:${key})1`)
    expect(await client.rest()).toEqual([
      `@linked${map}`,
      `@event${map}@update(key:a) 1`,
      `@event${map}@update(key:b) 1`,
      `@event${map}@remove(key:c)`,
    ])
    host.nodeRef('/unit/1').lane('map', 'map').set('d', 1)
    expect(await client.next()).toBe(`@event${map}@update(key:d) 1`)
  })

  test('of frames a second waits, and loses nothing', async () => {
    const { uri } = await start({ maxFramesPerSecond: 1000 })
    const client = await open(uri)
    client.send('@link(node:"/unit/1",lane:echo)')
    const start_ = performance.now()
    for (let i = 0; i < 4000; i++) client.send(`@command(node:"/unit/1",lane:echo)${i}`)
    const heard = await client.take(4001)
    expect(performance.now() - start_).toBeGreaterThan(1000)
    expect(heard.at(-1)).toBe('@event(node:"/unit/1",lane:echo) 3999')
  })

  test('of the time of a broken definition gets an answer', async () => {
    const { uri } = await start()
    const client = await open(uri)
    client.send('@link(node:"/broken",lane:map)')
    expect(await client.next()).toBe('@unlinked(node:"/broken",lane:map)@nodeNotFound')
    expect(errors).toEqual(['the definition of node /broken: Error: no lanes today'])
  })
})

describe('a client that reads slowly', () => {
  test('gets the last of each key, and costs no more than its keys', async () => {
    const { uri, host } = await start()
    const lane = host.nodeRef('/unit/1').lane('map', 'map')
    const client = await open(uri)
    client.send(`@sync${map}`)
    await client.to('@synced')
    client.socket.pause()
    const text = 'x'.repeat(1000)
    let set = 0
    for (let i = 0; i < 200; i++) {
      for (let j = 0; j < 100; j++) lane.set(`k${j}`, [text, ++set])
      lane.set('gone', set)
      await new Promise(soon => setImmediate(soon))
    }
    lane.delete('gone')
    expect(set).toBe(20_000)
    client.socket.resume()
    client.send(`@sync${map}`)
    const frames = await client.to('@synced')
    // The kernel's buffers take some thousands of frames; of the rest each key is told once or twice.
    expect(frames.length).toBeLessThan(15_000)
    const last = new Map<string, string>()
    for (const frame of frames) last.set(/key:(\w+)/.exec(frame)?.[1] ?? 'synced', frame)
    for (let j = 0; j < 100; j++) expect(last.get(`k${j}`)).toContain(`,${set - 99 + j}}`)
    expect(last.get('gone')).toBe(`@event${map}@remove(key:gone)`)
  })

  test('is let go where its events can not fold', async () => {
    const { uri, host } = await start({ maxQueuedChars: 1_000_000 })
    const echo = host.nodeRef('/unit/1').lane('echo', 'command')
    const [slow, quick] = [await open(uri), await open(uri)]
    for (const client of [slow, quick]) client.send('@link(node:"/unit/1",lane:echo)')
    for (const client of [slow, quick]) await client.next()
    slow.socket.pause()
    for (let i = 0; i < 400; i++) {
      echo.emit('x'.repeat(100_000))
      await new Promise(soon => setImmediate(soon))
    }
    await quick.take(400)
    slow.socket.resume()
    const { code, reason } = await slow.end()
    expect([code, reason]).toEqual([1008, 'reads too slowly: more than 1000000 characters wait'])
  })

  test('and asks for ever more is read no further', async () => {
    const { uri, host } = await start({ maxBufferedBytes: 10_000 })
    const client = await open(uri)
    host.nodeRef('/unit/1').lane('map', 'map').set('a', 'x'.repeat(100_000))
    client.socket.pause()
    const before = process.memoryUsage().rss
    for (let i = 0; i < 20_000; i++) client.send(`@link${map}`)
    for (let i = 0; i < 100; i++) await new Promise(soon => setImmediate(soon))
    expect(process.memoryUsage().rss - before).toBeLessThan(200e6)
    client.socket.resume()
    await client.take(20_000)
  })
})

test('a socket that gives no sign of life is closed', async () => {
  const { uri, host } = await start({ heartbeatMs: 50 })
  const [alive, dead] = [await open(uri), await open(uri, { autoPong: false })]
  expect((await dead.end()).code).toBe(1006)
  expect(alive.closed).toBeUndefined()
  await expect.poll(() => host.load.sockets).toBe(1)
})

test('closing tells every socket, once, and lets the port go', async () => {
  const { uri, host, port } = await start()
  const client = await open(uri)
  client.send(`@sync${map}`)
  await client.to('@synced')
  await Promise.all([host.close(), host.close()])
  expect(await client.end()).toEqual({ code: 1001, reason: 'the host is closing' })
  await expect(open(uri)).rejects.toThrow()
  const next = await start({ port })
  expect(next.uri).toBe(uri)
  await expect(host.listen()).rejects.toThrow('a host listens once')
})

test('with a certificate it speaks TLS', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'swimlink-tls-'))
  cleanups.push(() => rmSync(folder, { recursive: true }))
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  execFileSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert],
  ])
  const { uri, url } = await start({ tls: { key: readFileSync(key), cert: readFileSync(cert) } })
  expect(uri).toMatch(/^warps:/)
  expect(url).toMatch(/^https:/)
  const client = await open(uri, { ca: readFileSync(cert) })
  client.send(`@sync${map}`)
  expect(await client.take(2)).toEqual([`@linked${map}`, `@synced${map}`])
})

test.each([
  [{ port: -1 }, 'port'],
  [{ maxDepth: 0 }, 'maxDepth'],
  [{ maxDepth: 257 }, 'maxDepth'],
  [{ maxFrameBytes: Number.NaN }, 'maxFrameBytes'],
  [{ heartbeatMs: '1' as unknown as number }, 'heartbeatMs'],
  [{ allowedOrigins: 'https://a.example' as unknown as '*' }, 'allowedOrigins'],
  [{ authenticate: true as unknown as () => unknown }, 'authenticate'],
  [{ onError: 'log' as unknown as () => void }, 'onError'],
  [{ hostname: 5 as unknown as string }, 'hostname'],
  [{ tls: null as unknown as { cert: string; key: string } }, 'tls'],
  [{ store: './data' as unknown as LaneStore }, 'store'],
  [{ files: {} as unknown as string }, 'files'],
  [9001 as WarpHostOptions, 'options'],
])('an option that can not work is named: %j', (options, name) => {
  expect(() => new WarpHost(options)).toThrow(expect.objectContaining({ code: 'config', option: name }))
})
