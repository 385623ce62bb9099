// What is printed where nobody listens for errors, for each reason why nothing comes: real sockets, real servers.
// @module-tag full
import { createServer as createHttpServer, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net'
import { generate } from 'selfsigned'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { WebSocketServer, type WebSocket } from 'ws'
import { z } from 'zod'
import { WarpHost, type WarpHostOptions } from '../../src/host/index.js'
import { SwimClient, type SwimClientOptions, type SwimError } from '../../src/index.js'

const lines: string[] = []
let ends: (() => unknown)[] = []

beforeEach(() => {
  lines.length = 0
  vi.spyOn(console, 'error').mockImplementation((...parts: unknown[]) => void lines.push(parts.join(' ')))
})

afterEach(async () => {
  for (const end of ends.reverse()) await end()
  ends = []
  vi.restoreAllMocks()
})

const later = (ms: number) => new Promise(done => setTimeout(done, ms))

async function listen(server: Server | ReturnType<typeof createTcpServer>): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => {})))
  await new Promise<void>(ready => server.listen(0, '127.0.0.1', ready))
  ends.push(() => {
    sockets.forEach(socket => socket.destroy())
    return new Promise(done => server.close(done))
  })
  return (server.address() as AddressInfo).port
}

/** A web server that answers as it is told, upgrades too. */
const web = (status: number, headers: object = {}, body = '') =>
  listen(
    createHttpServer((_, response) => response.writeHead(status, { ...headers } as never).end(body)).on(
      'upgrade',
      (_, socket) => {
        const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
        socket.end([`HTTP/1.1 ${status} No`, ...lines, 'connection: close', '', body].join('\r\n'))
      },
    ),
  )

async function webSockets(
  onsocket: (socket: WebSocket) => unknown,
  options: ConstructorParameters<typeof WebSocketServer>[0] = {},
): Promise<number> {
  const server = createHttpServer()
  const sockets = new WebSocketServer({ server, ...options })
  sockets.on('connection', onsocket)
  return listen(server)
}

async function certificate() {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  })
  return { cert, key }
}

async function warpHost(options: WarpHostOptions = {}): Promise<number> {
  const host = new WarpHost({ ...options, onError: () => {} })
  host.node('/unit/:id', node => {
    const map = node.mapLane('map')
    for (let i = 0; i < 20_000; i++) map.set(`key ${i}`, 'text')
    node.valueLane('value').set(5)
  })
  ends.push(() => host.close())
  return (await host.listen()).port
}

/** Opens a map, waits for what is printed, and gives it with ports and paths of the machine left out; and why nothing came. */
async function open(
  hostUri: string,
  given: SwimClientOptions & { nodeUri?: string; laneUri?: string; schema?: z.ZodType; kind?: 'value' } = {},
) {
  const { nodeUri = '/unit/1', laneUri = 'map', schema, kind, ...options } = given
  const client = new SwimClient({
    reconnectMinMs: 20,
    reconnectMaxMs: 20,
    ...options,
  })
  ends.push(() => client.close())
  const address = { hostUri, nodeUri, laneUri }
  const map =
    kind === 'value'
      ? client.downlinkValue(address).open()
      : client.downlinkMap({ ...address, valueSchema: schema as never }).open()
  const why = (timeoutMs: number) =>
    map.whenSynced({ timeoutMs }).then(
      () => undefined,
      (error: SwimError) => error,
    )
  const first = why(60_000)
  await Promise.race([vi.waitFor(() => expect(lines).not.toEqual([]), { timeout: 15_000 }), later(15_000)])
  await later(schema === undefined ? 50 : 1500)
  const error = await Promise.race([first, why(300)])
  return {
    error,
    client,
    /** Ends once the lane is synced, or could not be. */
    synced: first,
    lines: lines.map(line =>
      line.replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT').replace(/[0-9A-F]{16}:error:\S*/g, 'error'),
    ),
  }
}

const at = '[lane map of node /unit/1 at warp://127.0.0.1:PORT]'
const ended = (why: string, advice: string) =>
  `swimlink: the WebSocket to warp://127.0.0.1:PORT ended (1006: ${why}): ${advice}; reconnecting ${at}`
const isWeb =
  'a web server answers there that is no WARP host, or not at this path: check the port and path of the hostUri'

/** Where it is opened, what is printed first, and what the wait ends with. */
type Case = readonly [
  title: string,
  uri: () => Promise<string>,
  line: string,
  given?: Parameters<typeof open>[1],
  end?: object,
]

const warp = async (port: Promise<number>) => `warp://127.0.0.1:${await port}`
const warps = async (port: Promise<number>) => `warps://127.0.0.1:${await port}`
/** Ports on which nothing listens are not taken for a while. */
const freePort = async () => {
  const port = await listen(createTcpServer())
  await ends.pop()!()
  return port
}

const lanes: Case[] = [
  [
    'a wrong lane',
    () => warp(warpHost()),
    'swimlink: lane nothing of node /unit/1 at warp://127.0.0.1:PORT was unlinked by its host (laneNotFound): check the laneUri; the client asks for it again',
    { laneUri: 'nothing' },
    { code: 'unlinked', laneUri: 'nothing' },
  ],
  [
    'a wrong node',
    () => warp(warpHost()),
    'swimlink: lane map of node /nothing at warp://127.0.0.1:PORT was unlinked by its host (nodeNotFound): check the nodeUri; the client asks for it again',
    { nodeUri: '/nothing' },
    { code: 'unlinked', nodeUri: '/nothing' },
  ],
  [
    'a value lane as a map',
    () => warp(warpHost()),
    'swimlink: lane value of node /unit/1 at warp://127.0.0.1:PORT is a value lane, and this is a map downlink: open it by downlinkValue(), or downlinkEvent() where it is a command lane',
    { laneUri: 'value' },
    { code: 'laneKind' },
  ],
  [
    'a map lane as a value',
    () => warp(warpHost()),
    'swimlink: lane map of node /unit/1 at warp://127.0.0.1:PORT is a map lane, and this is a value downlink: open it by downlinkMap()',
    { kind: 'value' },
    { code: 'laneKind' },
  ],
]

const sockets: Case[] = [
  [
    'a port where nothing listens',
    () => warp(freePort()),
    ended(
      'connect ECONNREFUSED 127.0.0.1:PORT',
      'nothing listens there: start the host, or check the port of the hostUri',
    ),
  ],
  [
    'a plain web server',
    () => warp(listen(createHttpServer((_, response) => response.end('hi')))),
    ended('HTTP 200', isWeb),
    {},
    { httpStatus: 200 },
  ],
  [
    'a port of TLS',
    async () => warp(listen(createTlsServer(await certificate(), () => {}))),
    ended(
      'socket hang up',
      'what listens there is no WARP host, or wants TLS: check the port of the hostUri, or use warps:',
    ),
  ],
  [
    'a port that talks something else',
    () => warp(listen(createTcpServer(socket => socket.write('220 mail\r\n')))),
    ended(
      'Parse Error: Expected HTTP/, RTSP/ or ICE/',
      'what listens there is no WARP host, or wants TLS: check the port of the hostUri, or use warps:',
    ),
  ],
  [
    'a handshake that is never answered',
    () => warp(listen(createTcpServer())),
    `swimlink: warp://127.0.0.1:PORT did not open a WebSocket within N ms: it may be no WARP host, or a firewall keeps it away; check the hostUri ${at}`,
    { connectTimeoutMs: 300 },
  ],
  [
    'a lane that never answers',
    () => warp(webSockets(() => {})),
    'swimlink: lane map of node /unit/1 at warp://127.0.0.1:PORT did not answer within N ms: its host may be busy, or no WARP host. The client asks again',
    { requestTimeoutMs: 300 },
    { code: 'timeout', laneUri: 'map' },
  ],
  [
    'a server of other frames',
    () => warp(webSockets(socket => socket.send('{"hello":1}'))),
    'swimlink: no envelope in the frame "{\\"hello\\":1}"; is it a WARP host? [warp://127.0.0.1:PORT]',
    { requestTimeoutMs: 300 },
    { code: 'timeout' },
  ],
  [
    'a server that hangs up',
    () => warp(webSockets(socket => socket.close())),
    `swimlink: warp://127.0.0.1:PORT ends each socket without a frame: it may be no WARP host; check the hostUri. Reconnecting ${at}`,
  ],
  [
    'a server that says why it hangs up',
    () => warp(webSockets(socket => socket.close(4001, 'go away'))),
    `swimlink: the WebSocket to warp://127.0.0.1:PORT ended (4001: go away); reconnecting ${at}`,
    {},
    { closeCode: 4001, reason: 'go away' },
  ],
  [
    'a subprotocol that the host does not take',
    () => warp(warpHost()),
    ended(
      'Server sent no subprotocol',
      'the host takes other subprotocols: leave out the option protocols, or give what it takes',
    ),
    { protocols: ['mqtt'] },
  ],
  [
    'an Origin that is refused',
    () => warp(warpHost()),
    ended(
      'HTTP 403: pages of "http://evil.example" may not connect to this host; where they should, put that origin into the ho...',
      'it does not let this client in: ask whoever runs it (allowedOrigins and allowedHosts of swimlink/host)',
    ),
    { webSocketOptions: { origin: 'http://evil.example' } },
    { httpStatus: 403 },
  ],
  [
    'a Host that is refused',
    () => warp(warpHost()),
    ended(
      'HTTP 403',
      'it does not let this client in: ask whoever runs it (allowedOrigins and allowedHosts of swimlink/host)',
    ),
    { webSocketOptions: { headers: { host: 'evil.example' } } },
    { httpStatus: 403 },
  ],
  ...(
    [
      [401, 'it wants to know who asks: give headers by webSocketOptions'],
      [403, 'it does not let this client in: ask whoever runs it (allowedOrigins and allowedHosts of swimlink/host)'],
      [404, isWeb],
      [429, 'it is busy: the client waits for as long as it asks'],
      [500, 'the host, or a proxy before it, failed: see its log'],
      [503, 'it is busy: the client waits for as long as it asks'],
    ] as const
  ).map(([httpStatus, advice]): Case => [
    `HTTP ${httpStatus}`,
    () => warp(web(httpStatus)),
    ended(`HTTP ${httpStatus}`, advice),
    {},
    { httpStatus },
  ]),
]

const withTls: Case[] = [
  [
    'a certificate that nobody trusts',
    async () => warps(warpHost({ tls: await certificate() })),
    ended(
      'self-signed certificate',
      'its certificate is not trusted: give the one that signed it by webSocketOptions: { ca }',
    ),
  ],
  [
    'a port without TLS',
    () => warps(warpHost()),
    ended(
      'write EPROTO error',
      'it does not speak TLS: use warp: in the place of warps:, or check the port of the hostUri',
    ),
  ],
]

const masked = (line: string) =>
  line
    .replace(/warps:\/\/127/g, 'warp://127')
    .replace(/within \d+ ms/, 'within N ms')
    .replace(/write EPROTO.*?\): it/s, 'write EPROTO error): it')

for (const [title, uri, line, given, end = {}] of [...lanes, ...sockets, ...withTls]) {
  test(`${title} is said once, with what to do, and counted`, async () => {
    const { error, lines } = await open(await uri(), given)
    expect(masked(lines[0]!)).toBe(line)
    expect(lines.length).toBeLessThan(4)
    for (const more of lines.slice(1)) expect(more).toMatch(/\(\d+ more like this\)$|did not answer/)
    expect(error).toMatchObject(error?.code === 'timeout' ? { cause: { code: 'transport', ...end } } : end)
  })
}

test('a name that nobody knows is said once', async () => {
  // As Node hears it of a name server; the machine's own may take its time, or not be there.
  const lookup = (name: string, _options: object, heard: (error: Error) => void) =>
    heard(Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' }))
  const { lines } = await open('warp://no-such-host.invalid', { webSocketOptions: { lookup } })
  expect(lines[0]).toMatch(
    /^swimlink: the WebSocket to warp:\/\/no-such-host.invalid ended \(1006: getaddrinfo \w+ no-such-host.invalid\): no such name is known: check the hostUri, or the network; reconnecting \[lane map/,
  )
})

test('20,000 entries that a schema refuses are one message and their count', async () => {
  const { client, synced, lines: first } = await open(await warp(warpHost()), { schema: z.number() })
  await vi.waitFor(() => expect(lines.length).toBeGreaterThan(1), { timeout: 15_000 })
  await synced
  await client.close()
  expect(first[0]).toBe(
    `swimlink: what the lane holds of key "key 0" does not fit the valueSchema: Invalid input: expected number, received string ${at}`,
  )
  const counts = lines.slice(1).map(line => Number(/\((\d+) more like this\)$/.exec(line)?.[1]))
  expect(counts.reduce((a, b) => a + b, 1)).toBe(20_000)
  expect(lines.length).toBeLessThan(5)
})

test('a host that asks to be left alone is left alone', async () => {
  let count = 0
  const server = createHttpServer().on('upgrade', (_, socket) => {
    count++
    socket.end('HTTP/1.1 503 No\r\nretry-after: 2\r\nconnection: close\r\n\r\n')
  })
  const { error } = await open(await warp(listen(server)))
  expect(count).toBe(1)
  expect(error).toMatchObject({ cause: { httpStatus: 503, retryAfterMs: 2000 } })
  await later(2000)
  expect(count).toBe(2)
})

test('an answer that repeats what it was asked is not shown', async () => {
  const body = 'no access by token=s3cret for Bearer s3cret-2'
  const port = await web(401, { 'content-type': 'text/plain' }, body)
  const headers = { authorization: 'Bearer s3cret-2' }
  const { error, lines } = await open(`warp://127.0.0.1:${port}?token=s3cret`, { webSocketOptions: { headers } })
  expect(error).toMatchObject({ cause: { httpStatus: 401 } })
  expect(JSON.stringify(error) + lines.join()).not.toMatch(/s3cret/)
})
