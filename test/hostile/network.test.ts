// Networks that are late, uneven, reset and half open, with real sockets: those of `ws`, and the WebSocket that Node itself has from
// version 22 on. What is waited for is that something holds, and never that some time is over.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WarpHost, type MapLane } from '../../src/host/index.js'
import type { Value } from '../../src/recon/index.js'
import { startProxy, type TcpProxy } from '../interop/proxy.js'
import { runChild } from '../support/child.js'

let host: WarpHost
let proxy: TcpProxy

beforeEach(async () => {
  host = new WarpHost().node('/n', node => void node.mapLane<string, Value>('map').set('first', 0))
  proxy = await startProxy({ target: (await host.listen()).port })
})

afterEach(async () => {
  await proxy.close()
  await host.close()
})

const lane = () => host.nodeRef('/n').lane('map', 'map') as MapLane<string, Value>
const held = () => Object.fromEntries([...lane()].sort(([a], [b]) => (a < b ? -1 : 1)))

/** Writes until the lane says to stop, and then says what it has, once it is the lane's. */
const script = (options: string) => `
  import { SwimClient } from 'swimlink'
  const errors = []
  const client = new SwimClient({
    hostUri: '${proxy.uri}',
    heartbeatMs: 200,
    heartbeatTimeoutMs: 300,
    requestTimeoutMs: 1000,
    connectTimeoutMs: 1000,
    reconnectMinMs: 20,
    reconnectMaxMs: 100,
    closeTimeoutMs: 10_000,
    onError: ({ code }) => errors.push(code),
    ${options}
  })
  let lost = 0
  client.on('disconnect', ({ cause }) => { if (cause !== undefined) lost++ })
  const map = client.downlinkMap({ nodeUri: '/n', laneUri: 'map' }).open()
  await map.whenSynced()
  const done = []
  let next = 0
  const timer = setInterval(() => {
    done.push(map.put('own' + next % 10, next++))
    if (map.get('stop') === true) { clearInterval(timer); finish() }
  }, 10)
  async function finish() {
    const outcomes = await Promise.allSettled(done)
    while (!map.synced) await new Promise(soon => setTimeout(soon, 10))
    const entries = Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)))
    await client.close()
    const end = JSON.stringify({ entries, next, lost, errors, failed: outcomes.filter(({ status }) => status === 'rejected').length })
    // A socket of Node's own whose peer is gone keeps its process: it can't be given up.
    process.stdout.write(end, () => process.exit())
  }
`

interface End {
  readonly entries: Record<string, unknown>
  readonly next: number
  readonly lost: number
  readonly errors: string[]
  readonly failed: number
}

const sleep = (ms: number) => new Promise(soon => setTimeout(soon, ms))
/** Until the client has written so much more that the lane has. */
async function written(more: number): Promise<void> {
  const newest = () =>
    Math.max(0, ...[...lane()].filter(([key]) => key.startsWith('own')).map(([, value]) => Number(value)))
  const from = newest()
  await expect.poll(newest, { timeout: 30_000, interval: 10 }).toBeGreaterThanOrEqual(from + more)
}
const isLost = (connections: number) =>
  expect.poll(() => proxy.stats.accepted, { timeout: 30_000, interval: 10 }).toBeGreaterThan(connections)

/** A network that brings nothing until the client has tried another socket. */
const lostUntilResumed = (befall: () => void) => async () => {
  const { accepted } = proxy.stats
  befall()
  await isLost(accepted)
  proxy.resume()
  await written(5)
}

/** What befalls the network, and whether a socket is lost by it. */
const faults: Readonly<Record<string, readonly [befall: () => Promise<void>, loses: boolean]>> = {
  'that is late': [
    async () => {
      proxy.delay(60)
      await written(20)
    },
    false,
  ],
  'that is now late, now not': [
    async () => {
      for (const ms of [40, 0, 80, 5, 30]) {
        proxy.delay(ms)
        await written(4)
      }
    },
    false,
  ],
  'that passes on three bytes at a time': [
    async () => {
      proxy.slice(3)
      await written(20)
    },
    false,
  ],
  'that resets': [
    async () => {
      for (let i = 0; i < 3; i++) {
        const { accepted } = proxy.stats
        proxy.reset()
        await isLost(accepted)
        await written(3)
      }
    },
    true,
  ],
  'that ends amid a frame': [
    async () => {
      for (const bytes of [50, 300, 1000]) {
        const { accepted } = proxy.stats
        proxy.cutAfter(bytes, 'down')
        await isLost(accepted)
        await written(3)
      }
    },
    true,
  ],
  'whose other end is gone without a word': [lostUntilResumed(() => proxy.blackhole(true)), true],
  'that takes what is written and brings nothing': [lostUntilResumed(() => proxy.blackhole(true, 'down')), true],
  'that stands still': [lostUntilResumed(() => proxy.stall()), true],
  'that takes nobody for a while': [
    async () => {
      proxy.refuse(true)
      proxy.reset()
      await sleep(300)
      proxy.refuse(false)
      await written(5)
    },
    true,
  ],
}

describe.each([
  ['ws', '', []],
  ['the WebSocket of Node', 'webSocket: globalThis.WebSocket,', ['--experimental-websocket']],
] as const)('by %s', (by, options, flags) => {
  test.each(Object.entries(faults))(
    'over a network %s: no write is lost, and the map is the lane',
    { tags: by === 'ws' ? [] : ['slow'], timeout: 90_000 },
    async (_, [befall, loses]) => {
      const child = runChild(script(options), [...flags], 60_000)
      await written(3)
      await befall()
      proxy.delay(0)
      proxy.slice(0)
      lane().set('theirs', 1).set('stop', true)
      const { stdout, code } = await child
      expect(code).toBe(0)
      const end = JSON.parse(stdout) as End
      expect(end.entries).toEqual(held())
      expect(end.failed).toBe(0)
      const own = Array.from({ length: 10 }, (_, i) => end.next - 1 - ((end.next - 1 - i) % 10))
      expect(own.map(value => end.entries[`own${value % 10}`])).toEqual(own)
      expect(end.lost > 0).toBe(loses)
    },
  )
})
