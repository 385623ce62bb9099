// What a host that is left alone with strangers keeps: its memory, its places, its secrets, and its word.
import { get } from 'node:http'
import { connect, type Socket } from 'node:net'
import { hostname, networkInterfaces } from 'node:os'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { levelStore, WarpHost, type Session, type WarpHostOptions } from '../../src/host/index.js'
import { stringify, type Value } from '../../src/recon/index.js'
import { heapUsed } from '../support/garbage.js'
import { RawClient } from '../support/raw-client.js'

const cleanups: (() => unknown)[] = []
const errors: string[] = []

beforeEach(() => void errors.splice(0))
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

function make(options: WarpHostOptions = {}): WarpHost {
  const host = new WarpHost({ onError: (error, where) => errors.push(`${where}: ${String(error)}`), ...options })
  cleanups.push(() => host.close())
  return host
}

async function open(uri: string, ...rest: [object?, string[]?]) {
  const client = await RawClient.open(uri, ...rest)
  cleanups.push(() => client.socket.terminate())
  return client
}

/** All that a client hears of what was done before, however slow the machine: two questions are answered behind it. */
async function heard(client: RawClient): Promise<string[]> {
  const frames: string[] = []
  for (const id of [1, 2]) {
    client.send(`@link(node:"/nowhere/${id}/at/all",lane:none)`)
    frames.push(...(await client.to(`@unlinked(node:"/nowhere/${id}`)).slice(0, -1))
  }
  return frames
}

interface Answer {
  readonly status: number | undefined
  readonly text: string
}

/** A plain request, or one for a socket, by whatever name. */
const ask = (port: number, path: string, headers: { [name: string]: string }): Promise<Answer> =>
  new Promise((done, fail) => {
    const heard = (status: number | undefined, stream: NodeJS.ReadableStream) => {
      let text = ''
      stream.on('data', chunk => (text += String(chunk))).on('end', () => done({ status, text }))
    }
    get({ port, host: '127.0.0.1', path, headers }, response => heard(response.statusCode, response))
      .on('upgrade', (response, socket) => {
        socket.destroy()
        done({ status: response.statusCode, text: '' })
      })
      .on('error', fail)
  })

const handshake = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
}

const isKnown = (session: Session) => session.identity !== undefined

describe('what strangers are refused', () => {
  test('costs no memory and no place for a node', async () => {
    const host = make({ maxFramesPerSecond: 1e9 })
    host.node('/unit/:id', node => {
      node.mapLane('secret', { canRead: isKnown }).set('a', 1)
      node.mapLane('open')
    })
    const { uri } = await host.listen()
    const client = await open(uri)
    const before = await heapUsed()
    const links = 40_000
    for (let i = 0; i < links; i++) {
      client.send(`@link(node:"/unit/${i}",lane:secret)`)
      if (i % 1000 === 999) await client.until(() => client.frames.length > i - 1000, 'answers')
    }
    await client.take(links)
    client.frames.splice(0)
    // Of 40,000 nodes with two lanes, there were some 150 MB.
    expect((await heapUsed()) - before).toBeLessThan(15e6)
    expect(host.load).toEqual({ sockets: 1, links: 0, nodes: 0, bytes: 0 })
  })

  test('is refused before a node is made, where the rights are those of its pattern', async () => {
    const host = make()
    const made: string[] = []
    const asked: unknown[] = []
    const guard = (session: Session, params: { readonly id: string }) => {
      asked.push(params.id)
      return isKnown(session)
    }
    host.node(
      '/unit/:id',
      node => {
        made.push(node.uri)
        node.mapLane('map', { canRead: () => true, canWrite: () => true })
      },
      { canRead: guard, canWrite: guard },
    )
    const { uri, port } = await host.listen()
    const client = await open(uri)
    client.send('@sync(node:"/unit/1",lane:map)')
    expect(await client.next()).toBe('@unlinked(node:"/unit/1",lane:map)')
    expect(await ask(port, '/unit/2?lane=map', {})).toMatchObject({ status: 403 })
    client.send('@command(node:"/unit/3",lane:map)@update(key:a)1')
    expect(await client.end()).toEqual({ code: 1008, reason: 'Forbidden' })
    expect([made, asked]).toEqual([[], ['1', '2', '3']])
    const friend = await open(uri)
    host.nodeRef('/unit/1')
    friend.send('@sync(node:"/unit/1",lane:map)', '@auth{name:ada}', '@sync(node:"/unit/1",lane:map)')
    // A node that is there is no more open than one that is not.
    expect(await friend.take(4)).toEqual([
      '@unlinked(node:"/unit/1",lane:map)',
      '@authed',
      '@linked(node:"/unit/1",lane:map)',
      '@synced(node:"/unit/1",lane:map)',
    ])
  })

  test('is not let in by a right that is misspelt, or is none', () => {
    const host = make()
    for (const [rights, option] of [
      [{ canread: isKnown }, 'canread'],
      [{ canRead: true }, 'canRead'],
      [isKnown, 'options'],
    ] as const) {
      expect(() => host.node('/unit/:id', () => {}, rights as object)).toThrow(
        expect.objectContaining({ code: 'config', option }),
      )
    }
    expect(() => levelStore('x', { acceptloss: true } as object)).toThrow('did you mean acceptLoss?')
  })

  test('leaves nothing, by whatever way it was asked for', async () => {
    const host = make()
    host.node('/unit/:id', node => {
      node.mapLane('secret', { canRead: isKnown, canWrite: isKnown })
      node.mapLane('open')
      node.commandLane('echo')
    })
    const { uri, port } = await host.listen()
    const client = await open(uri)
    client.send('@link(node:"/unit/1",lane:secret)', '@link(node:"/unit/2",lane:none)')
    client.send('@command(node:"/unit/3",lane:none)1', '@command(node:"/unit/4",lane:echo)1')
    client.send('@command(node:"/unit/5",lane:open)@remove(key:a)')
    client.send('@command(node:"/unit/6",lane:open)@update(key:a)1', '@command(node:"/unit/6",lane:open)@clear')
    client.send('@link(node:"/unit/7",lane:open)', '@unlink(node:"/unit/7",lane:open)')
    await client.to('@unlinked(node:"/unit/7"')
    for (const lane of ['secret', 'none', 'open']) await ask(port, `/unit/8?lane=${lane}`, {})
    expect(host.load.nodes).toBe(0)
    client.send('@command(node:"/unit/9",lane:secret)1')
    await client.end()
    expect(host.load.nodes).toBe(0)
  })
})

test('a socket has a share of the nodes, and others what is left', async () => {
  const host = make({ maxNodes: 4, maxNodesPerSocket: 2 })
  host.node('/unit/:id', node => void node.mapLane('map'))
  const { uri } = await host.listen()
  const lane = (id: number | string) => `(node:"/unit/${id}",lane:map)`
  const [greedy, good] = [await open(uri), await open(uri)]
  for (const id of [1, 2, 3]) greedy.send(`@link${lane(id)}`)
  expect(await greedy.take(3)).toEqual([`@linked${lane(1)}`, `@linked${lane(2)}`, `@unlinked${lane(3)}@nodeNotFound`])
  good.send(`@link${lane(1)}`, `@link${lane('a')}`, `@link${lane('b')}`, `@link${lane('c')}`)
  expect(await good.take(4)).toEqual([
    `@linked${lane(1)}`,
    `@linked${lane('a')}`,
    `@linked${lane('b')}`,
    `@unlinked${lane('c')}@nodeNotFound`,
  ])
  // What it lets go it may have again; so may others, when it has gone.
  greedy.send(`@unlink${lane(2)}`, `@link${lane(3)}`)
  expect(await greedy.take(2)).toEqual([`@unlinked${lane(2)}`, `@linked${lane(3)}`])
  await greedy.close()
  await expect.poll(() => host.load.nodes).toBe(3)
})

describe('a URI longer than the limit', () => {
  test.each(['link', 'sync', 'command', 'unlink'])('closes its socket: @%s', async tag => {
    const host = make({ maxUriChars: 20 })
    host.node('/unit/:id', node => void node.mapLane('m'.repeat(20)))
    const { uri, port } = await host.listen()
    const [longest, lane] = [`/unit/${'x'.repeat(14)}`, 'm'.repeat(20)]
    const good = await open(uri)
    good.send(`@link(node:"${longest}",lane:${lane})`)
    expect(await good.next()).toMatch(/^@linked/)
    for (const address of [`(node:"${longest}x",lane:${lane})`, `(node:"${longest}",lane:m${lane})`]) {
      const bad = await open(uri)
      bad.send(`@${tag}${address}`)
      const { code, reason } = await bad.end()
      expect([code, reason]).toEqual([1002, expect.stringContaining('a URI has more than 20 characters')])
    }
    expect((await ask(port, `${longest}?lane=${lane}`, {})).status).toBe(200)
    expect((await ask(port, `${longest}x?lane=${lane}`, {})).status).toBe(414)
    expect(host.load.nodes).toBe(1)
  })
})

describe('a name that leads to the host', () => {
  const near = {}
  const far = { hostname: '0.0.0.0' }
  const address = Object.values(networkInterfaces())
    .flatMap(list => list ?? [])
    .find(({ internal, family }) => !internal && family === 'IPv4')?.address

  test.each([
    [near, 'localhost', 200],
    [near, 'LOCALHOST:1', 200],
    [near, 'app.localhost', 200],
    [near, '[::1]:80', 200],
    [near, 'evil.example', 403],
    [near, 'localhost.evil.example', 403],
    [near, 'evil.example@127.0.0.1', 403],
    [near, '127.0.0.1/@evil.example', 403],
    [near, hostname(), 403],
    [far, 'localhost', 200],
    [far, '127.0.0.1:9', 200],
    [far, hostname(), 200],
    [far, `${hostname()}.`, 200],
    [far, `${hostname().split('.')[0]}.local`, 200],
    [far, address ?? '127.0.0.1', 200],
    [far, 'evil.example', 403],
    [far, '203.0.113.9', 403],
    [far, '[2001:db8::9]:80', 403],
    [{ ...far, allowedHosts: ['app.example'] }, 'app.example:443', 200],
    [{ ...far, allowedHosts: ['app.example'] }, 'App.Example.', 200],
    [{ ...far, allowedHosts: ['app.example'] }, 'evil.app.example', 403],
    [{ ...far, allowedHosts: ['app.example'] }, 'localhost', 200],
    [{ ...near, allowedHosts: ['app.example'] }, 'app.example', 200],
    [{ ...far, allowedHosts: '*' as const }, 'evil.example', 200],
  ] as const)('%j: %s is answered %i, by request and by socket', async (options, name, status) => {
    const host = make(options as WarpHostOptions)
    host.node('/unit/:id', node => void node.mapLane('map').set('a', 1))
    const { port } = await host.listen()
    const plain = await ask(port, '/unit/1?lane=map', { host: name })
    expect(plain.status).toBe(status)
    const socket = await ask(port, '/', { ...handshake, host: name })
    expect(socket.status).toBe(status === 200 ? 101 : status)
    // A page by the name it was loaded from: what DNS rebinding makes of a stranger's.
    const page = await ask(port, '/', { ...handshake, host: name, origin: `http://${name}` })
    expect(page.status).toBe(status === 200 ? 101 : status)
    if (status === 200) return expect(errors).toEqual([])
    for (const { text } of [plain, socket, page]) {
      expect(text).toContain('allowedHosts')
      expect(text).toContain(name)
    }
    // Said once, not three times.
    expect(errors).toEqual([expect.stringMatching(/refused.*allowedHosts/)])
  })

  test.each([[['https://app.example']], [['app.example:443']], [[5]], ['app.example'], [['a/b']]])(
    'that can be none is named: %j',
    allowedHosts => {
      expect(() => new WarpHost({ allowedHosts } as unknown as WarpHostOptions)).toThrow(
        expect.objectContaining({ code: 'config', option: 'allowedHosts' }),
      )
    },
  )
})

test('a page that may not connect is told why, and so is the log, once', async () => {
  const host = make()
  const { port } = await host.listen()
  for (let i = 0; i < 3; i++) {
    const { status, text } = await ask(port, '/', { ...handshake, origin: 'https://app.example' })
    expect([status, text]).toEqual([
      403,
      `pages of "https://app.example" may not connect to this host; where they should, put that origin into the host's option allowedOrigins\n`,
    ])
  }
  expect(errors.length).toBe(1)
  expect(errors[0]).toContain('allowedOrigins')
  // Strangers do not fill a log.
  for (let i = 0; i < 100; i++) await ask(port, '/', { ...handshake, origin: `https://${i}.example` })
  expect(errors.length).toBeLessThanOrEqual(20)
})

test.each(['0.0.0.0', '::'])('a host on all addresses, %s, gives one that can be opened', async everywhere => {
  const host = make({ hostname: everywhere })
  host.node('/unit/:id', node => void node.mapLane('map'))
  const { uri, url, uris, port } = await host.listen()
  expect(uri).toBe(everywhere === '::' ? `warp://[::1]:${port}` : `warp://127.0.0.1:${port}`)
  expect(url).toBe(uri.replace('warp', 'http') + '/')
  expect(uris[0]).toBe(uri)
  for (const each of uris) {
    const client = await open(each)
    client.send('@sync(node:"/unit/1",lane:map)')
    expect(await client.next()).toBe('@linked(node:"/unit/1",lane:map)')
  }
})

describe('handshakes that are slow', () => {
  const halves = {
    silent: '',
    'half a request': 'GET / HTTP/1.1\r\nHost: localhost\r\n',
    'half a handshake': 'GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n',
    'refused and not closed':
      'GET / HTTP/1.1\r\nHost: evil.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
  }

  test.each(Object.entries(halves))('%s: do not hold all places', async (_, half) => {
    const host = make({ maxConnections: 5 })
    host.node('/unit/:id', node => void node.mapLane('map'))
    const { uri, port } = await host.listen()
    const sockets: Socket[] = []
    cleanups.push(() => sockets.forEach(socket => socket.destroy()))
    for (let i = 0; i < 300; i++) {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => {})
      await new Promise<void>(done => socket.once('connect', () => done()))
      socket.write(half)
      sockets.push(socket)
    }
    const client = await open(uri)
    client.send('@sync(node:"/unit/1",lane:map)')
    expect(await client.next()).toBe('@linked(node:"/unit/1",lane:map)')
    expect((await ask(port, '/unit/1?lane=map', {})).status).toBe(200)
  })

  test('a socket that is open keeps its place', async () => {
    const host = make({ maxConnections: 5 })
    host.node('/unit/:id', node => void node.mapLane('map'))
    const { uri, port } = await host.listen()
    const client = await open(uri)
    const sockets = Array.from({ length: 300 }, () => connect(port, '127.0.0.1').on('error', () => {}))
    cleanups.push(() => sockets.forEach(socket => socket.destroy()))
    await Promise.all(sockets.map(socket => new Promise<void>(done => socket.once('connect', () => done()))))
    client.send('@sync(node:"/unit/1",lane:map)')
    expect(await client.take(2)).toHaveLength(2)
  })
})

describe('what clients may fill', () => {
  const map = '(node:"/unit/1",lane:map)'
  const value = '(node:"/unit/1",lane:value)'

  async function start(options: WarpHostOptions) {
    const host = make(options)
    host.node('/unit/:id', node => {
      node.mapLane('map')
      node.valueLane('value')
    })
    const { uri } = await host.listen()
    const client = await open(uri)
    client.send(`@link${map}`, `@link${value}`)
    await client.take(2)
    return { host, client, lane: host.nodeRef('/unit/1').lane('map', 'map') }
  }
  const text = (length: number) => `"${'x'.repeat(length)}"`

  test.each([{ maxLaneBytes: 5000 }, { maxHostBytes: 5000 }])('ends by bytes: %j', async options => {
    const { host, client, lane } = await start(options)
    const option = Object.keys(options)[0]!
    client.send(`@command${map}@update(key:a)${text(1000)}`)
    expect(await client.next()).toContain('@update(key:a)')
    // More of them, a longer one in the place of one, and a longer key: all are told what the lane has.
    client.send(`@command${map}@update(key:b)${text(3000)}`, `@command${map}@update(key:a)${text(3000)}`)
    client.send(`@command${map}@update(key:${text(3000)})1`)
    const told = await client.take(3)
    expect(told.map(frame => frame.replace(/x{9}.*/, '…'))).toEqual([
      `@event${map}@remove(key:b)`,
      `@event${map}@update(key:a)"…`,
      `@event${map}@remove(key:"…`,
    ])
    expect([...lane].map(([key, held]) => [key, String(held).length])).toEqual([['a', 1000]])
    // The log is told once for a lane.
    expect(errors).toEqual([expect.stringMatching(new RegExp(`^/unit/1 map: .*${option}`))])
    // What is taken away makes room.
    client.send(`@command${map}@remove(key:a)`, `@command${map}@update(key:b)${text(2000)}`)
    expect((await client.take(2))[1]).toContain('@update(key:b)')
    lane.set('code', 'x'.repeat(10_000))
    expect((await client.next()).length).toBeGreaterThan(10_000)
    lane.clear()
    await client.next()
    expect(host.load.bytes).toBe(0)
  })

  test('ends for a value too', async () => {
    const { host, client } = await start({ maxLaneBytes: 5000 })
    client.send(`@command${value}${text(1000)}`, `@sync${value}`)
    await client.to('@synced')
    client.send(`@command${value}${text(3000)}`)
    expect((await client.next()).length).toBeLessThan(1100)
    expect(String(host.nodeRef('/unit/1').lane('value', 'value').get()).length).toBe(1000)
  })

  test('is held once, and takes no more than it is reckoned at', async () => {
    const { host, client, lane } = await start({})
    const before = await heapUsed()
    const chars = 1_000_000
    const sent = [
      (i: number) => `{${'{},'.repeat(chars / 3)}${i}}`,
      (i: number) => `{id:${i},name:${text(chars)}}`,
      (i: number) => `"${i}${'x'.repeat(chars)}"`,
    ]
    for (const [kind, make] of sent.entries()) {
      for (let i = 0; i < 5; i++) {
        client.send(`@command${map}@update(key:k${kind}${i})${make(i)}`)
        await client.next()
        // The client is of this process too.
        client.frames[client.frames.length - 1] = ''
      }
    }
    expect(lane.size).toBe(15)
    const grown = (await heapUsed()) - before
    expect(grown).toBeLessThan(host.load.bytes * 1.2)
    expect(host.load.bytes).toBeLessThan(15 * chars * 2 * 1.1)
  })
})

/** The writer of Recon refuses what its reader would. */
const isWriterStrict = (() => {
  try {
    stringify(10n ** 10_000n)
    return false
  } catch {
    return true
  }
})()

describe.skipIf(!isWriterStrict)('an integer that clients can not read', () => {
  const tooLong = 10n ** 10_000n
  const bodies: { [where: string]: Value } = { itself: tooLong, 'in a record': { a: [tooLong] }, negative: -tooLong }

  test.each(Object.entries(bodies))('is refused to code as to clients: %s', async (_, body) => {
    const host = make()
    host.node('/unit/:id', node => {
      node.mapLane('map')
      node.valueLane('value')
      node.commandLane('echo')
      node.supplyLane('supply')
    })
    const { uri } = await host.listen()
    const node = host.nodeRef('/unit/1')
    const [map, value] = [node.lane('map', 'map'), node.lane('value', 'value')]
    const calls = [
      () => map.set('a', body),
      () => map.set(body, 'a'),
      () => value.set(body),
      () => node.lane('echo', 'command').emit(body),
      () => node.lane('supply', 'supply').emit(body),
    ]
    for (const call of calls) expect(call).toThrow(expect.objectContaining({ name: 'ReconError' }))
    expect([map.size, value.get()]).toEqual([0, undefined])
    const client = await open(uri)
    client.send(`@command(node:"/unit/1",lane:map)@update(key:a)1${'0'.repeat(10_000)}`)
    expect((await client.end()).code).toBe(1002)
  })
})

test.each(['', ' 5', ' text', '{b}', '{1,2}', '{}', '# nothing'])(
  'a command that is no operation does nothing, least of all what somebody else has sent: %s',
  async body => {
    const host = make()
    host.node('/unit/:id', node => {
      node.mapLane('map', { canRead: isKnown })
      node.mapLane('own')
      node.joinMapLane('joined')
    })
    const { uri } = await host.listen()
    const [friend, stranger] = [await open(uri), await open(uri)]
    friend.send('@auth{name:ada}', '@sync(node:"/unit/1",lane:map)')
    await friend.take(3)
    friend.send('@command(node:"/unit/1",lane:map)@update(key:pin)1234')
    await friend.next()
    stranger.send('@link(node:"/unit/1",lane:own)', '@link(node:"/unit/1",lane:joined)')
    for (const lane of ['own', 'joined']) stranger.send(`@command(node:"/unit/1",lane:${lane})${body}`)
    expect(await heard(stranger)).toEqual(['@linked(node:"/unit/1",lane:own)', '@linked(node:"/unit/1",lane:joined)'])
    expect(host.nodeRef('/unit/1').lane('own', 'map').size).toBe(0)
  },
)

describe('a join lane', () => {
  const vault = { nodeUri: '/vault', laneUri: 'secrets' }
  const all = '(node:"/all",lane:secrets)'

  async function start(options: { canRead?: (session: Session) => boolean } = {}) {
    const host = make()
    host.node('/vault', node => {
      node.mapLane('secrets', { canRead: isKnown }).set('pin', 1234)
      node.valueLane('pin', { canRead: isKnown }).set(1234)
    })
    host.node('/all', node => {
      node.joinMapLane('secrets', options)
      node.joinValueLane('pins')
    })
    host.node('/ring/:id', node => void node.joinMapLane('secrets'))
    const { uri, port } = await host.listen()
    const client = await open(uri)
    return { host, client, port, uri, lane: host.nodeRef('/all').lane('secrets', 'joinMap') }
  }

  test('is read by those who may read what it joins', async () => {
    const { host, client, port, uri, lane } = await start()
    lane.join('vault', vault)
    host.nodeRef('/all').lane('pins', 'joinValue').join('vault', { nodeUri: '/vault', laneUri: 'pin' })
    client.send(`@sync${all}`, '@sync(node:"/all",lane:pins)')
    expect(await client.take(2)).toEqual([`@unlinked${all}`, '@unlinked(node:"/all",lane:pins)'])
    expect((await ask(port, '/all?lane=secrets', {})).status).toBe(403)
    client.send('@auth{name:ada}', `@sync${all}`)
    expect((await client.take(4)).slice(1)).toEqual([
      `@linked${all}`,
      `@event${all}@update(key:pin) 1234`,
      `@synced${all}`,
    ])
    // Nothing is joined any more: there is nothing to hide.
    const stranger = await open(uri)
    lane.leave('vault')
    stranger.send(`@sync${all}`)
    expect(await stranger.take(2)).toEqual([`@linked${all}`, `@synced${all}`])
  })

  test('lets those go who may not read what is joined while they are linked, however far it is', async () => {
    const { host, client, lane, uri } = await start()
    const friend = await open(uri)
    friend.send('@auth{name:ada}', `@sync${all}`)
    await friend.take(3)
    client.send(`@sync${all}`)
    expect(await client.take(2)).toEqual([`@linked${all}`, `@synced${all}`])
    const rings = [1, 2].map(id => host.nodeRef(`/ring/${id}`).lane('secrets', 'joinMap'))
    rings[0]!.join('other', { nodeUri: '/ring/2', laneUri: 'secrets' })
    rings[1]!.join('other', { nodeUri: '/ring/1', laneUri: 'secrets' })
    lane.join('ring', { nodeUri: '/ring/1', laneUri: 'secrets' })
    expect(await heard(client)).toEqual([])
    rings[1]!.join('vault', vault)
    expect(await heard(client)).toEqual([`@unlinked${all}`])
    expect(await heard(friend)).toEqual([`@event${all}@update(key:pin) 1234`])
    client.send(`@sync${all}`)
    expect(await client.next()).toBe(`@unlinked${all}`)
  })

  test('has its own rights where it is given some', async () => {
    const { client, lane } = await start({ canRead: () => true })
    lane.join('vault', vault)
    client.send(`@sync${all}`)
    expect((await client.take(3))[1]).toBe(`@event${all}@update(key:pin) 1234`)
  })
})
