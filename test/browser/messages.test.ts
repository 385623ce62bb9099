// What a page prints where nobody listens for errors, for each reason why nothing comes: Chromium, real sockets, real servers.
// @module-tag full
import { createServer as createHttpServer, type Server } from 'node:http'
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net'
import type { Browser } from 'playwright-core'
import { generate } from 'selfsigned'
import { afterAll, beforeAll, test } from 'vitest'
import { WebSocketServer, type WebSocket } from 'ws'
import { WarpHost, type WarpHostOptions } from '../../src/host/index.js'
import { launch, openPage } from './support/chromium.js'
import { pageOf, serve, type Site } from './support/site.js'

let browser: Browser
let site: Site
const ends: (() => unknown)[] = []

beforeAll(async () => {
  browser = await launch()
  site = await serve({
    '/': pageOf('/page.js'),
    '/page.js': `
      import { SwimClient } from '/repo/dist/swimlink.min.js'
      const { hostUri, kind, laneUri = 'map', nodeUri = '/unit/1', schema, ...options } = JSON.parse(decodeURIComponent(location.hash.slice(1)))
      const times = { reconnectMinMs: 20, reconnectMaxMs: 20 }
      const client = new SwimClient({ ...times, ...options })
      const refuse = () => ({ issues: [{ message: 'no text' }] })
      const valueSchema = schema && { '~standard': { version: 1, vendor: 'test', validate: refuse } }
      const address = { hostUri, nodeUri, laneUri }
      const map = kind === 'value' ? client.downlinkValue(address).open() : client.downlinkMap({ ...address, valueSchema }).open()
      const whyIn = timeoutMs => map.whenSynced({ timeoutMs }).catch(error => JSON.stringify(error))
      const first = whyIn(60_000)
      globalThis.why = () => Promise.race([first, whyIn(300)])
    `,
  })
})

afterAll(async () => {
  await browser?.close()
  for (const end of ends) await end()
  await site?.close()
})

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

const web = (status: number) =>
  listen(
    createHttpServer((_, response) => response.writeHead(status).end()).on('upgrade', (_, socket) =>
      socket.end(`HTTP/1.1 ${status} No\r\nconnection: close\r\n\r\n`),
    ),
  )

function webSockets(onsocket: (socket: WebSocket) => unknown): Promise<number> {
  const server = createHttpServer()
  new WebSocketServer({ server }).on('connection', onsocket)
  return listen(server)
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

const freePort = async () => {
  const server = createTcpServer()
  const port = await listen(server)
  await new Promise(done => server.close(done))
  return port
}

async function tls() {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }])
  return { tls: { cert, key } }
}

const at = '[lane map of node /unit/1 at warp://127.0.0.1:PORT]'
const closed = `swimlink: the WebSocket to warp://127.0.0.1:PORT ended (1006): browsers do not say why; open its address in a tab, with https: for warps: (a certificate can be trusted there), and check the hostUri; reconnecting ${at}`

const cases: Record<string, readonly [port: () => Promise<number>, line: string, given?: object, end?: object]> = {
  'a wrong lane': [
    warpHost,
    'swimlink: lane nothing of node /unit/1 at warp://127.0.0.1:PORT was unlinked by its host (laneNotFound): check the laneUri; the client asks for it again',
    { laneUri: 'nothing' },
    { code: 'unlinked' },
  ],
  'a wrong node': [
    warpHost,
    'swimlink: lane map of node /nothing at warp://127.0.0.1:PORT was unlinked by its host (nodeNotFound): check the nodeUri; the client asks for it again',
    { nodeUri: '/nothing' },
    { code: 'unlinked' },
  ],
  'a value lane as a map': [
    warpHost,
    'swimlink: lane value of node /unit/1 at warp://127.0.0.1:PORT is a value lane, and this is a map downlink: open it by downlinkValue(), or downlinkEvent() where it is a command lane',
    { laneUri: 'value' },
    { code: 'laneKind' },
  ],
  'a map lane as a value': [
    warpHost,
    'swimlink: lane map of node /unit/1 at warp://127.0.0.1:PORT is a map lane, and this is a value downlink: open it by downlinkMap()',
    { kind: 'value' },
    { code: 'laneKind' },
  ],
  'a port where nothing listens': [freePort, closed],
  'a plain web server': [() => web(200), closed],
  'HTTP 401': [() => web(401), closed],
  'HTTP 403': [() => web(403), closed],
  'HTTP 429': [() => web(429), closed],
  'HTTP 503': [() => web(503), closed],
  'an Origin that is refused': [() => warpHost({ allowedOrigins: [] }), closed],
  'a certificate that is not trusted': [async () => warpHost(await tls()), closed, { scheme: 'warps' }],
  'a port without TLS': [warpHost, closed, { scheme: 'warps' }],
  'a port of TLS': [async () => warpHost(await tls()), closed],
  'a port that talks something else': [() => listen(createTcpServer(socket => socket.write('220 mail\r\n'))), closed],
  'a subprotocol that the host does not take': [warpHost, closed, { protocols: ['mqtt'] }],
  'a handshake that is never answered': [
    () => listen(createTcpServer()),
    `swimlink: warp://127.0.0.1:PORT did not open a WebSocket within N ms: it may be no WARP host, or a firewall keeps it away; check the hostUri ${at}`,
    { connectTimeoutMs: 400 },
  ],
  'a lane that never answers': [
    () => webSockets(() => {}),
    'swimlink: lane map of node /unit/1 at warp://127.0.0.1:PORT did not answer within N ms: its host may be busy, or no WARP host. The client asks again',
    { requestTimeoutMs: 400 },
    { cause: { code: 'timeout' } },
  ],
  'a server of other frames': [
    () => webSockets(socket => socket.send('{"hello":1}')),
    'swimlink: no envelope in the frame "{\\"hello\\":1}"; is it a WARP host? [warp://127.0.0.1:PORT]',
    {},
    { code: 'timeout' },
  ],
  'a server that hangs up': [
    () => webSockets(socket => socket.close()),
    `swimlink: warp://127.0.0.1:PORT ends each socket without a frame: it may be no WARP host; check the hostUri. Reconnecting ${at}`,
  ],
  'a server that says why it hangs up': [
    () => webSockets(socket => socket.close(4001, 'go away')),
    `swimlink: the WebSocket to warp://127.0.0.1:PORT ended (4001: go away); reconnecting ${at}`,
  ],
  '20,000 entries that a schema refuses': [
    warpHost,
    `swimlink: what the lane holds of key "key 0" does not fit the valueSchema: no text ${at}`,
    { schema: true },
    {},
  ],
}

// Each waits for what comes late: they wait together.
test.concurrent.for(Object.entries(cases))(
  '%s is said once, with what to do, and counted',
  async ([title, [port, line, given = {}, end = { code: 'timeout', cause: { code: 'transport' } }]], { expect }) => {
    const { scheme = 'warp', ...options } = given as { scheme?: string }
    const hostUri = `${scheme}://127.0.0.1:${await port()}`
    const hash = encodeURIComponent(JSON.stringify({ hostUri, ...options }))
    const { page, faults } = await openPage(browser, `${site.origin}/#${hash}`)
    // Of these, the browser's own are not the page's to choose.
    const lines = () =>
      faults
        .filter(fault => fault.startsWith('swimlink'))
        .map(fault =>
          fault.replace(/warps?:(\/\/127\.0\.0\.1):\d+/g, 'warp:$1:PORT').replace(/within \d+ ms/, 'within N ms'),
        )
    await expect.poll(lines, { timeout: 10_000 }).not.toEqual([])
    await page.waitForTimeout(2200)
    expect(lines()[0]).toBe(line)
    expect(lines().length).toBeLessThan(5)
    for (const more of lines().slice(1)) expect(more).toMatch(/\(\d+ more like this\)$|did not answer/)
    if (!title.startsWith('20,000')) expect(JSON.parse(await page.evaluate<string>('why()'))).toMatchObject(end)
    await page.context().close()
  },
)
