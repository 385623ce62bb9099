// docs/EMPTY-MAP.md: each cause of its table brought about on an embedded host, and what the map then shows put beside the page.
import { readFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { WarpHost } from '../../src/host/index.js'
import { SwimClient, type SwimClientOptions, type SwimError } from '../../src/index.js'
import '../../src/inspect/index.js'

const page = readFileSync(new URL('../../docs/EMPTY-MAP.md', import.meta.url), 'utf8')
const [, table] = /^## What each cause shows\n[^|]*\n\|.*\n\|-.*\n((?:\|.*\n)+)/m.exec(page)!
const rows = table!
  .trim()
  .split('\n')
  .map(
    row =>
      row
        .split('|')
        .slice(1, -1)
        .map(cell => cell.trim()) as Row,
  )
type Row = [cause: string, status: string, error: string, inspect: string]

const host = new WarpHost({ authenticate: given => (given === 'good' ? 'guest' : undefined), onError: () => {} }).node(
  '/hotel/:id',
  node => {
    if (node.params.id === 'lobby') node.mapLane('elevators').set('guest', { id: 1, floor: 4 })
    else node.mapLane('elevators')
    node.mapLane('nothing')
    node.mapLane<string, object>('guests').set('ann', {})
    node.mapLane('staff', { canRead: ({ identity }) => identity === 'guest' }).set('bob', 1)
    node.valueLane('info', { initial: 'open' })
    node.commandLane('doors')
    node.joinMapLane('all')
  },
)
const { uri, port } = await host.listen()

/** Forwards a request as any other, without what asks for a WebSocket. */
const proxy = createServer(({ url, headers: { upgrade, connection, ...headers } }, response) => {
  void [upgrade, connection]
  request({ port, host: '127.0.0.1', path: url, headers }, ({ statusCode, headers, ...from }) => {
    void from
    response.writeHead(statusCode!, headers).end()
  }).end()
})
await new Promise<void>(ready => proxy.listen(0, '127.0.0.1', ready))
const proxyUri = `warp://127.0.0.1:${(proxy.address() as AddressInfo).port}`
afterAll(async () => {
  proxy.close()
  await host.close()
})

const lobby = (client: SwimClient) => client.downlinkMap({ nodeUri: '/hotel/lobby', laneUri: 'elevators' })
type Map = ReturnType<ReturnType<typeof lobby>['open']>
interface Cause extends SwimClientOptions {
  readonly lane?: string
  readonly node?: string
  /** Another downlink than that of the lane as it is. */
  readonly open?: (client: SwimClient) => Map
  /** What is looked at is how it is at once. */
  readonly atOnce?: true
}

const causes: Record<string, Cause> = {
  'read before the sync': { atOnce: true },
  'wrong lane': { lane: 'elevator' },
  'wrong node': { node: '/hotels/lobby' },
  'another node of the same kind': { node: '/hotel/loby' },
  'nothing listens there': { hostUri: 'warp://127.0.0.1:1' },
  'a proxy that forwards no upgrade': { hostUri: proxyUri },
  'a page or a name that the host does not let in': { webSocketOptions: { origin: 'https://elsewhere.example' } },
  'a schema that refuses all entries': {
    open: client =>
      lobby(client)
        .valueSchema(z.object({ id: z.string() }))
        .open() as never,
  },
  'a value lane': { lane: 'info' },
  'a command lane': { lane: 'doors' },
  'credentials that the host refuses': { credentials: { [uri]: 'bad' } },
  "credentials that can't be had": {
    credentials: {
      [uri]: () => {
        throw new Error('no token')
      },
    },
  },
  'credentials for another host': { lane: 'staff', credentials: { 'warp://other.example': 'good' } },
  'no right to read the lane': { lane: 'staff' },
  'entries without values': { lane: 'guests' },
  'a join lane that joins nothing': { lane: 'all' },
  'a lane that is empty': { lane: 'nothing' },
  '`syncs(false)`': { open: client => lobby(client).syncs(false).open() },
  'a downlink that was closed': {
    open: client => {
      const map = lobby(client).open()
      map.close()
      return map
    },
  },
}

test('the page has all causes that are tried, and no other', () => {
  expect(rows.map(([cause]) => cause)).toEqual(Object.keys(causes))
})

const quoted = (...texts: unknown[]) => texts.filter(text => text !== undefined).map(text => `\`${String(text)}\``)

/** What a map shows, as a row of the page has it; of `inspect()` what the row speaks of. */
function shown(client: SwimClient, map: Map, error: SwimError | undefined, wanted: string): string[] {
  const { status } = map
  const { hosts, links } = client.inspect()
  const link = links[0] as unknown as Record<string, unknown>
  const figures = Array.from(wanted.matchAll(/`(\w+): /g), ([, name]) => name!)
  const ofLink = figures.map(name => {
    const value = link[name]
    return `${name}: ${typeof value === 'string' ? `'${value}'` : String(value)}`
  })
  const httpStatus = error?.code === 'transport' && error.httpStatus !== undefined ? [`HTTP ${error.httpStatus}`] : []
  return [
    quoted(status.state, status.state === 'unlinked' ? status.reason : undefined).join(', '),
    error === undefined ? 'none' : [...quoted(error.code), ...httpStatus].join(', '),
    wanted.startsWith('host') ? `host \`${hosts[0]!.state}\`` : quoted(...ofLink).join(', '),
  ]
}

test.each(rows)('%s: %s, %s', async (cause, status, error, inspect) => {
  const { lane = 'elevators', node = '/hotel/lobby', open, atOnce, hostUri = uri, ...options } = causes[cause]!
  const client: SwimClient = new SwimClient({ ...options, hostUri })
  try {
    const map = open?.(client) ?? client.downlinkMap({ nodeUri: node, laneUri: lane }).open()
    let failed: SwimError | undefined
    map.on('didFail', first => void (failed ??= first))
    const look = () => shown(client, map, failed, inspect)
    if (!atOnce) await vi.waitFor(() => expect(look()).toEqual([status, error, inspect]), { timeout: 5000 })
    expect(look()).toEqual([status, error, inspect])
    expect(map.size).toBe(0)
  } finally {
    await client.close()
  }
})
