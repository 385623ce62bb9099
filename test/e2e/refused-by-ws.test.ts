// What the `ws` package refuses of what a host sends ends the socket, and would end the next. It is reported, once for each kind.
import { setTimeout as sleep } from 'node:timers/promises'
import { deflateRawSync } from 'node:zlib'
import type { Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { SwimClient, TransportError, type SwimClientOptions, type SwimError } from '../../src/index.js'
import { frame, RawHost } from '../support/raw-host.js'

let host: RawHost | undefined
let client: SwimClient<SwimClientOptions> | undefined

afterEach(async () => {
  await client?.close()
  await host?.close()
  client = host = undefined
})

interface Fault {
  readonly code: string
  readonly send: readonly Buffer[] | ((socket: Socket) => unknown)
  readonly options?: SwimClientOptions
  readonly headers?: readonly string[]
  readonly advice?: RegExp
}

const rules = /breaks the WebSocket protocol: tell whoever runs it; reconnecting$/
const size = /raise maxFrameChars, or let the host send less at once; reconnecting$/
const parts = /raise maxFragments or maxBufferedChunks of webSocketOptions; reconnecting$/

const deflating = {
  options: { webSocketOptions: { perMessageDeflate: true } },
  headers: ['Sec-WebSocket-Extensions: permessage-deflate'],
}

const text = 0x81
const [begun, more, ping, close] = [0x01, 0x00, 0x89, 0x88]

/** One row for each error that the receiver of `ws` makes. */
const faults: Record<string, Fault> = {
  'a reserved bit': { code: 'WS_ERR_UNEXPECTED_RSV_2_3', send: [frame(text | 0x20, 'x')] },
  'the other reserved bit': { code: 'WS_ERR_UNEXPECTED_RSV_2_3', send: [frame(text | 0x10, 'x')] },
  'the bit of a compression that was not agreed on': {
    code: 'WS_ERR_UNEXPECTED_RSV_1',
    send: [frame(text | 0x40, 'x')],
  },
  'that bit in a ping': { code: 'WS_ERR_UNEXPECTED_RSV_1', send: [frame(ping | 0x40)] },
  'that bit in a later part': { code: 'WS_ERR_UNEXPECTED_RSV_1', send: [frame(begun, 'x'), frame(more | 0x40, 'x')] },
  'a later part without a first': { code: 'WS_ERR_INVALID_OPCODE', send: [frame(more | 0x80, 'x')] },
  'a message within a message': { code: 'WS_ERR_INVALID_OPCODE', send: [frame(begun, 'x'), frame(text, 'x')] },
  'an unknown opcode': { code: 'WS_ERR_INVALID_OPCODE', send: [frame(0x83, 'x')] },
  'an unknown opcode of control': { code: 'WS_ERR_INVALID_OPCODE', send: [frame(0x8b, 'x')] },
  'a ping in parts': { code: 'WS_ERR_EXPECTED_FIN', send: [frame(ping & 0x0f)] },
  'a long ping': { code: 'WS_ERR_INVALID_CONTROL_PAYLOAD_LENGTH', send: [frame(ping, 'x'.repeat(126))] },
  'a close of one byte': { code: 'WS_ERR_INVALID_CONTROL_PAYLOAD_LENGTH', send: [frame(close, 'x')] },
  'a mask': { code: 'WS_ERR_UNEXPECTED_MASK', send: [Buffer.from([text, 0x81, 1, 2, 3, 4, 5])] },
  'a length beyond numbers': { code: 'WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH', send: [frame(text, '', 2n ** 60n)] },
  'text that is no UTF-8': { code: 'WS_ERR_INVALID_UTF8', send: [frame(text, Buffer.from([0xff]))] },
  'a close for a reason that is no UTF-8': {
    code: 'WS_ERR_INVALID_UTF8',
    send: [frame(close, Buffer.from([3, 232, 0xff]))],
  },
  'a close by a code that is none': { code: 'WS_ERR_INVALID_CLOSE_CODE', send: [frame(close, Buffer.from([3, 231]))] },
  'a message beyond maxFrameChars': {
    code: 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH',
    options: { maxFrameChars: 100 },
    send: [frame(text, '', 301)],
    advice: size,
  },
  'a message of 64 MiB': {
    code: 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH',
    send: [frame(text, '', 2 ** 26)],
    advice: size,
  },
  'a message beyond what a text can be': {
    code: 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH',
    options: { maxFrameChars: Infinity },
    send: [frame(text, '', 2 ** 29)],
    advice: size,
  },
  'a message beyond it in parts': {
    code: 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH',
    options: { maxFrameChars: 100 },
    send: [frame(begun, 'x'.repeat(200)), frame(more, '', 200)],
    advice: size,
  },
  'a message beyond it that was compressed': {
    code: 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH',
    ...deflating,
    options: { ...deflating.options, maxFrameChars: 100 },
    send: [frame(text | 0x40, deflateRawSync('x'.repeat(10_000)).subarray(0))],
    advice: size,
  },
  'what was not compressed but says so': {
    code: 'Z_DATA_ERROR',
    ...deflating,
    send: [frame(text | 0x40, Buffer.alloc(100, 0xff))],
  },
  'a message of too many parts': {
    code: 'WS_ERR_TOO_MANY_BUFFERED_PARTS',
    options: { webSocketOptions: { maxFragments: 3 } },
    send: [frame(begun, 'x'), frame(more, 'x'), frame(more, 'x'), frame(more, 'x')],
    advice: parts,
  },
  'a message in too many pieces': {
    code: 'WS_ERR_TOO_MANY_BUFFERED_PARTS',
    options: { webSocketOptions: { maxBufferedChunks: 2 } },
    send: async socket => {
      socket.write(frame(text, '', 1000))
      for (let i = 0; i < 20 && !socket.destroyed; i++) {
        socket.write('x')
        await sleep(5)
      }
    },
    advice: parts,
  },
}

const send = ({ send }: Fault, socket: Socket) =>
  typeof send === 'function' ? send(socket) : void socket.write(Buffer.concat(send))

async function open(options: SwimClientOptions, listening = true) {
  const [failed, reported, lost]: [SwimError[], SwimError[], unknown[]] = [[], [], []]
  client = new SwimClient({
    protocols: [],
    reconnectMinMs: 20,
    reconnectMaxMs: 20,
    onError: error => reported.push(error),
    ...options,
  })
  client.on('disconnect', ({ cause }) => lost.push(cause))
  const builder = client.downlinkMap({ hostUri: host!.uri, nodeUri: '/unit/1', laneUri: 'map' })
  if (listening) builder.didFail(error => failed.push(error)).open()
  else builder.open()
  return { failed, reported, lost }
}

const until = (met: () => boolean) => expect.poll(met, { timeout: 10_000, interval: 5 }).toBe(true)

describe('ws refuses', () => {
  test.each(Object.entries(faults))('%s: reported once, with the cause and what to do', async (_, fault) => {
    const { code, options = {}, headers, advice = rules } = fault
    host = await RawHost.listen({ headers, onFrame: socket => send(fault, socket) })
    const { failed, reported, lost } = await open(options)
    await until(() => lost.length >= 3)
    expect(failed).toEqual([expect.any(TransportError)])
    expect(failed[0]).toMatchObject({ code: 'transport', closeCode: 1006, cause: { code } })
    expect(failed[0]!.message).toMatch(advice)
    expect(failed[0]!.message).toContain((failed[0]!.cause as Error).message)
    expect(reported).toEqual([])
    // Each loss says it, and how often it has come to that.
    expect((lost[0] as Error).message).toContain('1 time by now')
    expect((lost[2] as Error).message).toContain('3 times by now')
  })

  test('another kind, which is reported beside the first', async () => {
    const kinds = ['a mask', 'an unknown opcode', 'a mask', 'text that is no UTF-8', 'an unknown opcode']
    host = await RawHost.listen({
      onFrame: socket => send(faults[kinds[(host!.count - 1) % kinds.length]!]!, socket),
    })
    const { failed, lost } = await open({})
    await until(() => lost.length >= kinds.length * 2)
    expect(failed.map(error => (error.cause as { code: string }).code)).toEqual([
      'WS_ERR_UNEXPECTED_MASK',
      'WS_ERR_INVALID_OPCODE',
      'WS_ERR_INVALID_UTF8',
    ])
  })

  test('something where no didFail listens: it is told to onError', async () => {
    host = await RawHost.listen({ onFrame: socket => send(faults['a mask']!, socket) })
    const { reported, lost } = await open({}, false)
    await until(() => lost.length >= 3)
    expect(reported).toMatchObject([{ code: 'transport', cause: { code: 'WS_ERR_UNEXPECTED_MASK' } }])
  })

  test('nothing where a network is lost: that is no error', async () => {
    host = await RawHost.listen({ onFrame: socket => socket.resetAndDestroy() })
    const { failed, reported, lost } = await open({})
    await until(() => lost.length >= 3)
    expect([failed, reported]).toEqual([[], []])
    expect(lost[0]).toMatchObject({ code: 'transport', closeCode: 1006 })
  })
})
