// A frame that takes longer to come than a silent socket is given. The figures stand in for 20 MB at 300 kB/s, with the
// heartbeat's defaults of 12 s and 10 s: all times are a hundredth or less of those.
// @module-tag full
import { afterEach, beforeEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { WarpHost } from '../../src/host/index.js'
import { SwimClient, type SwimClientOptions, type SwimError } from '../../src/index.js'
import { SlowNetwork } from '../support/slow-network.js'

const beat = { heartbeatMs: 120, heartbeatTimeoutMs: 100, reconnectMinMs: 10, reconnectMaxMs: 10 }
const bytesPerSecond = 500_000
const value = 'x'.repeat(1_000_000)

let host: WarpHost
let hostPort: number
let network: SlowNetwork | undefined

beforeEach(async () => {
  host = new WarpHost({ heartbeatMs: 0, maxFrameBytes: 2 ** 24 })
  host.node('/unit/:id', node => {
    node.valueLane<string>('value')
    node.mapLane('map')
  })
  hostPort = (await host.listen()).port
  host.nodeRef('/unit/1').lane('value', 'value').set(value)
})

afterEach(async () => {
  await host.close()
  await network?.close()
})

/** A WebSocket of which no byte is seen, as those of pages. */
class PageSocket {
  readonly #socket: WebSocket
  onopen: (() => void) | null = null
  onmessage: ((event: object) => void) | null = null
  onerror: ((event: object) => void) | null = null
  onclose: ((event: object) => void) | null = null

  constructor(url: string, protocols: string[] = []) {
    this.#socket = new WebSocket(url, protocols)
    this.#socket.onopen = () => this.onopen?.()
    this.#socket.onmessage = ({ data }) => this.onmessage?.({ data })
    this.#socket.onerror = () => this.onerror?.({})
    this.#socket.onclose = ({ code, reason }) => this.onclose?.({ code, reason })
  }

  get bufferedAmount(): number {
    return this.#socket.bufferedAmount
  }

  send(text: string): void {
    this.#socket.send(text)
  }

  close(): void {
    this.#socket.close()
  }
}

async function open(options: SwimClientOptions) {
  const lost: (SwimError | undefined)[] = []
  const client = new SwimClient({ ...beat, ...options })
  client.on('disconnect', ({ cause }) => lost.push(cause))
  const from = performance.now()
  const lane = client
    .downlinkValue<string>({ hostUri: `warp://127.0.0.1:${network!.port}`, nodeUri: '/unit/1', laneUri: 'value' })
    .open()
  const synced = lane.whenSynced({ timeoutMs: 18_000 }).finally(() => client.close())
  return { client, lane, synced, lost, tookMs: () => performance.now() - from }
}

test('comes by the first socket where bytes are seen', async () => {
  network = await SlowNetwork.to(hostPort, bytesPerSecond)
  const { lane, synced, lost, tookMs } = await open({})
  await synced
  expect(lane.get()).toBe(value)
  expect(tookMs()).toBeGreaterThan(1900)
  expect(network.count).toBe(1)
  expect(lost.slice(0, -1)).toEqual([])
})

test(
  'comes where none is seen, as each socket is given twice as long as the one before',
  { tags: 'slow' },
  async () => {
    network = await SlowNetwork.to(hostPort, bytesPerSecond)
    const { lane, synced, lost } = await open({ webSocket: PageSocket as never })
    await synced
    expect(lane.get()).toBe(value)
    // 100 ms, 200, 400, 800, 1600; then 3200, in which 2 s are enough.
    expect(network.count).toBeGreaterThan(3)
    expect(network.count).toBeLessThanOrEqual(6)
    const [, silentMs] = /no sign of life for (\d+) ms/.exec(lost[0]!.message)!
    expect(Number(silentMs)).toBeGreaterThanOrEqual(100)
  },
)

test('that stops coming is a silence', async () => {
  network = await SlowNetwork.to(hostPort, bytesPerSecond)
  const { lost, synced } = await open({})
  void synced.catch(() => {})
  await expect.poll(() => network!.count).toBe(1)
  const from = performance.now()
  // The host is stopped in the midst of it, and its socket stays.
  await new Promise(soon => setTimeout(soon, 500))
  network.stop()
  await expect.poll(() => lost.length, { timeout: 5000 }).toBe(1)
  expect(performance.now() - from).toBeGreaterThan(600)
  expect(lost[0]!.message).toMatch(/no sign of life for \d+ ms/)
})

test('goes to the host, too, though the answer is behind it', async () => {
  network = await SlowNetwork.to(hostPort, bytesPerSecond, 'up')
  await using client = new SwimClient({ ...beat, echoTimeoutMs: 60_000 })
  const at = { hostUri: `warp://127.0.0.1:${network.port}`, nodeUri: '/unit/1', laneUri: 'map' }
  const map = client.downlinkMap<string, string>(at).open()
  await map.whenSynced()
  expect(await map.put('a', value, { timeoutMs: 18_000 })).toBe('taken')
  expect(network.count).toBeLessThanOrEqual(6)
})

test.each([200, 500])('is waited for by the link too, which allows %i ms for an answer', async requestTimeoutMs => {
  network = await SlowNetwork.to(hostPort, bytesPerSecond)
  const { synced, lost } = await open({ requestTimeoutMs })
  await synced
  expect(network.count).toBe(1)
  expect(lost.slice(0, -1)).toEqual([])
})
