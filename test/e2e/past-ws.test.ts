// Texts come past `ws` on real sockets, and by `ws` alone where a part of it is missing that the client's own way needs.
import { Agent } from 'node:http'
import { generate } from 'selfsigned'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { WarpHost, type WarpHostOptions } from '../../src/host/index.js'
import { SwimClient } from '../../src/index.js'

/** What the platform's `ws` lacks, and how many messages it told of. */
const lever = vi.hoisted(() => ({ lacks: '', messages: 0 }))

vi.mock('isomorphic-ws', async () => {
  const { WebSocket } = await import('ws')
  interface Request {
    on(type: string, listener: (...args: unknown[]) => void): unknown
    prependOnceListener: unknown
  }
  return {
    default: class extends WebSocket {
      constructor(url: string, protocols: string[], given: { finishRequest?: (...args: unknown[]) => void }) {
        const { finishRequest, ...options } = given
        const finish = (request: Request, ...rest: unknown[]) => {
          if (lever.lacks === 'prependOnceListener') request.prependOnceListener = undefined
          finishRequest?.(request, ...rest)
        }
        super(url, protocols, lever.lacks === 'finishRequest' ? options : { ...options, finishRequest: finish })
      }

      override emit(type: string | symbol, ...args: unknown[]): boolean {
        if (type === 'message') lever.messages++
        return super.emit(type, ...args)
      }
    },
  }
})

let host: WarpHost | undefined

beforeEach(() => {
  lever.lacks = ''
  lever.messages = 0
})

afterEach(async () => {
  await host?.close()
  host = undefined
})

const count = 500
const values = Array.from({ length: count }, (_, i) => `${i} ü€😀 `.repeat(1 + (i % 30)))

/** Links to a lane of many entries, and hears of as many updates. */
async function hear(options: WarpHostOptions, webSocketOptions: object) {
  host = new WarpHost(options)
  host.node('/unit/:id', node => {
    node.mapLane('map')
  })
  const { port } = await host.listen()
  const lane = host.nodeRef('/unit/1').lane('map', 'map')
  for (const [i, value] of values.entries()) lane.set(i, value)
  await using client = new SwimClient({
    hostUri: `${options.tls ? 'warps' : 'warp'}://localhost:${port}`,
    webSocketOptions,
  })
  const map = client.downlinkMap<number, string>({ nodeUri: '/unit/1', laneUri: 'map' }).open()
  await map.whenSynced()
  expect([...map.values()]).toEqual(values)
  for (const [i, value] of values.entries()) lane.set(i, `${value}, later`)
  await expect.poll(() => map.get(count - 1)).toBe(`${values.at(-1)}, later`)
  expect([...map.values()]).toEqual(values.map(value => `${value}, later`))
}

describe('texts come past ws', () => {
  // Those at the ends of chunks do not.
  const few = count / 5

  test('over TCP', async () => {
    await hear({}, {})
    expect(lever.messages).toBeLessThan(few)
  })

  test('over TLS', async () => {
    const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
    })
    await hear({ tls: { cert, key } }, { ca: cert })
    expect(lever.messages).toBeLessThan(few)
  })

  test('by an agent', async () => {
    await hear({}, { agent: new Agent() })
    expect(lever.messages).toBeLessThan(few)
  })
})

describe('texts come by ws alone', () => {
  test.each(['finishRequest', 'prependOnceListener'])('where there is no %s', async lacks => {
    lever.lacks = lacks
    await hear({}, {})
    expect(lever.messages).toBeGreaterThan(2 * count)
  })
})
