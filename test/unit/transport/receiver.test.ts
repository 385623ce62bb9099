// What a receiver of WebSocket frames has to do, case by case as `ws` names them in its own tests: by the client's own way
// through the bytes, and by `ws` alone, in one piece and byte by byte.
import { deflateRawSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { FrameClient, turn, type FrameClientOptions } from '../../support/frame-client.js'
import { frame } from '../../support/raw-host.js'

const [text, binary, begun, more, last, ping, pong, close] = [0x81, 0x82, 0x01, 0x00, 0x80, 0x89, 0x8a, 0x88]
const bits = { rsv1: 0x40, rsv2: 0x20, rsv3: 0x10 }

const closing = (code: number, reason: string | Buffer = '') =>
  frame(close, Buffer.concat([Buffer.from([code >> 8, code & 255]), Buffer.from(reason as string)]))
const masked = (first: number) => Buffer.from([first, 0x81, 1, 2, 3, 4, 5])
const halves = (body: Buffer | string) => {
  const bytes = Buffer.from(body as string)
  return [bytes.subarray(0, bytes.length / 2), bytes.subarray(bytes.length / 2)] as const
}
const [long, longer] = ['x'.repeat(300), 'y'.repeat(200 * 1024)]
const [firstHalf, secondHalf] = halves(long)

interface Case {
  readonly frames: readonly Buffer[]
  readonly options?: FrameClientOptions
  /** What is told: texts, and `binary` for a message that is none. */
  readonly told?: readonly string[]
  /** Of a close frame that came: its code and reason. */
  readonly closed?: readonly [number, string]
  /** Of what is refused: the code of the error, and that of the close frame that answers it. */
  readonly refused?: readonly [string, number]
  /** Bodies of pongs that were sent. */
  readonly pongs?: readonly string[]
}

const deflating: FrameClientOptions = {
  headers: ['Sec-WebSocket-Extensions: permessage-deflate'],
  options: { perMessageDeflate: true },
}
const limited = (options: object): FrameClientOptions => ({ options })
const deflate = (body: string) => deflateRawSync(body, { finishFlush: 2 }).subarray(0, -4)

const opcode = 'WS_ERR_INVALID_OPCODE'
const size = 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH'
const parts = 'WS_ERR_TOO_MANY_BUFFERED_PARTS'
const [rsv1, rsv23] = ['WS_ERR_UNEXPECTED_RSV_1', 'WS_ERR_UNEXPECTED_RSV_2_3']

const cases: Record<string, Case> = {
  'an unmasked text': { frames: [frame(text, 'Hello')], told: ['Hello'] },
  'a text of no bytes': { frames: [frame(text)], told: [''] },
  'a text longer than 125 bytes': { frames: [frame(text, long)], told: [long] },
  'a really long text': { frames: [frame(text, longer)], told: [longer] },
  'a close': { frames: [closing(1000)], closed: [1000, ''] },
  'a close without a code': { frames: [frame(close)], closed: [1005, ''] },
  'a close with a reason': { frames: [closing(1000, 'DONE')], closed: [1000, 'DONE'] },
  'a text in parts': { frames: [frame(begun, firstHalf), frame(last, secondHalf)], told: [long] },
  'a text whose later part is empty': { frames: [frame(begun, 'a'), frame(more), frame(last)], told: ['a'] },
  'a ping': { frames: [frame(ping, 'Hello')], pongs: ['Hello'] },
  'a ping without data': { frames: [frame(ping)], pongs: [''] },
  'a pong': { frames: [frame(pong, 'Hello')] },
  'a text in parts, with a ping between them': {
    frames: [frame(begun, firstHalf), frame(ping, 'Hello'), frame(last, secondHalf)],
    told: [long],
    pongs: ['Hello'],
  },
  'a binary message': { frames: [frame(binary, 'x'.repeat(100))], told: ['binary'] },
  'a binary message of 256 bytes': { frames: [frame(binary, 'x'.repeat(256))], told: ['binary'] },
  'a binary message of 200 KiB': { frames: [frame(binary, longer)], told: ['binary'] },
  'a compressed message': {
    frames: [frame(text | bits.rsv1, deflate('Hello'))],
    options: deflating,
    told: ['Hello'],
  },
  'a compressed message in parts, between two that are not compressed': {
    frames: [
      frame(text, 'a'),
      frame(begun | bits.rsv1, deflate('Hello').subarray(0, 3)),
      frame(last, deflate('Hello').subarray(3)),
      frame(text, 'b'),
    ],
    options: deflating,
    told: ['a', 'Hello', 'b'],
  },
  'a thousand frames': {
    frames: Array.from({ length: 1000 }, () => frame(text, 'x')),
    told: Array<string>(1000).fill('x'),
  },
  'messages that are too long together, and not one by one': {
    frames: [frame(text, 'Hello'), frame(text, 'Hello')],
    options: limited({ maxPayload: 9 }),
    told: ['Hello', 'Hello'],
  },
  'messages in parts that are too long together, and not one by one': {
    frames: [frame(begun, 'Hel'), frame(last, 'lo'), frame(begun, 'Hel'), frame(last, 'lo')],
    options: limited({ maxPayload: 9 }),
    told: ['Hello', 'Hello'],
  },
  'such with a ping between the parts': {
    frames: [frame(begun, 'Hel'), frame(ping, '12345'), frame(last, 'lo'), frame(text, 'Hello')],
    options: limited({ maxPayload: 5 }),
    told: ['Hello', 'Hello'],
    pongs: ['12345'],
  },
  'data after a close': { frames: [frame(close), frame(text, 'x'), frame(ping)], closed: [1005, ''] },
  'RSV1 where no compression is agreed on': { frames: [frame(text | bits.rsv1, 'x')], refused: [rsv1, 1002] },
  'RSV1 in a later part': {
    frames: [frame(begun | bits.rsv1, deflate('a')), frame(last | bits.rsv1, 'x')],
    options: deflating,
    refused: [rsv1, 1002],
  },
  'RSV1 in a ping': { frames: [frame(ping | bits.rsv1)], options: deflating, refused: [rsv1, 1002] },
  RSV2: { frames: [frame(text | bits.rsv2, 'x')], refused: [rsv23, 1002] },
  RSV3: { frames: [frame(text | bits.rsv3, 'x')], refused: [rsv23, 1002] },
  'a later part without a first': { frames: [frame(more, 'x')], refused: [opcode, 1002] },
  'a last part without a first': { frames: [frame(last, 'x')], refused: [opcode, 1002] },
  'a text within a message': { frames: [frame(begun, 'a'), frame(text, 'b')], refused: [opcode, 1002] },
  'a first part within a message': { frames: [frame(begun, 'a'), frame(begun, 'b')], refused: [opcode, 1002] },
  'a binary message within a message': { frames: [frame(begun, 'a'), frame(binary, 'b')], refused: [opcode, 1002] },
  'unknown opcodes': { frames: [frame(0x83, 'x')], refused: [opcode, 1002] },
  'unknown opcodes of control': { frames: [frame(0x8f, 'x')], refused: [opcode, 1002] },
  'a ping that is not final': { frames: [frame(ping & 15)], refused: ['WS_ERR_EXPECTED_FIN', 1002] },
  'a close that is not final': { frames: [frame(close & 15)], refused: ['WS_ERR_EXPECTED_FIN', 1002] },
  'a masked text': { frames: [masked(text)], refused: ['WS_ERR_UNEXPECTED_MASK', 1002] },
  'a masked ping': { frames: [masked(ping)], refused: ['WS_ERR_UNEXPECTED_MASK', 1002] },
  'a ping of 126 bytes': {
    frames: [frame(ping, 'x'.repeat(126))],
    refused: ['WS_ERR_INVALID_CONTROL_PAYLOAD_LENGTH', 1002],
  },
  'a length of more than 2^53 - 1': {
    frames: [frame(text, '', 2n ** 53n)],
    refused: ['WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH', 1009],
  },
  'a text that is no UTF-8': {
    frames: [frame(text, Buffer.from('ceba e1bdb9 cf83 cebc ceb5 eda080'.replaceAll(' ', ''), 'hex'))],
    refused: ['WS_ERR_INVALID_UTF8', 1007],
  },
  'a text in parts that is no UTF-8': {
    frames: [frame(begun, 'abc'), frame(last, Buffer.from([0xed, 0xa0, 0x80]))],
    refused: ['WS_ERR_INVALID_UTF8', 1007],
  },
  'a letter that two parts share': {
    frames: [frame(begun, Buffer.from([0xe2, 0x82])), frame(last, Buffer.from([0xac]))],
    told: ['€'],
  },
  'a close of one byte': { frames: [frame(close, 'x')], refused: ['WS_ERR_INVALID_CONTROL_PAYLOAD_LENGTH', 1002] },
  'a close by a code that is none': { frames: [closing(0)], refused: ['WS_ERR_INVALID_CLOSE_CODE', 1002] },
  'a close whose reason is no UTF-8': {
    frames: [closing(1000, Buffer.from([0xf8]))],
    refused: ['WS_ERR_INVALID_UTF8', 1007],
  },
  'a text longer than maxPayload': {
    frames: [frame(text, 'x'.repeat(26))],
    options: limited({ maxPayload: 25 }),
    refused: [size, 1009],
  },
  'a text as long as maxPayload': {
    frames: [frame(text, 'x'.repeat(25))],
    options: limited({ maxPayload: 25 }),
    told: ['x'.repeat(25)],
  },
  'a text where maxPayload is 0, which is no limit': {
    frames: [frame(text, long)],
    options: limited({ maxPayload: 0 }),
    told: [long],
  },
  'a compressed message longer than maxPayload': {
    frames: [frame(text | bits.rsv1, deflate(long))],
    options: { ...deflating, options: { perMessageDeflate: true, maxPayload: 25 } },
    refused: [size, 1009],
  },
  'parts longer than maxPayload together': {
    frames: [frame(begun, 'x'.repeat(20)), frame(more, 'x'.repeat(20))],
    options: limited({ maxPayload: 25 }),
    refused: [size, 1009],
  },
  'more parts than maxFragments': {
    frames: [frame(begun, 'a'), frame(more, 'b'), frame(last, 'c')],
    options: limited({ maxFragments: 2 }),
    refused: [parts, 1008],
  },
  'more empty parts than maxFragments': {
    frames: [frame(begun), frame(more), frame(more)],
    options: limited({ maxFragments: 2 }),
    refused: [parts, 1008],
  },
  'as many parts as maxFragments, twice': {
    frames: [frame(begun, 'a'), frame(last, 'b'), frame(begun, 'c'), frame(last, 'd')],
    options: limited({ maxFragments: 2 }),
    told: ['ab', 'cd'],
  },
  'no UTF-8 where it is not looked at': {
    frames: [frame(text, Buffer.from([0xf8]))],
    options: limited({ skipUTF8Validation: true }),
    told: ['\ufffd'],
  },
  'two messages where each has a turn of its own': {
    frames: [frame(text, 'a'), frame(text, 'b')],
    options: limited({ allowSynchronousEvents: false }),
    told: ['a', 'b'],
  },
}

/** Texts before and behind a case show that nothing is lost or told twice. */
const around = (each: Case): Case =>
  each.options?.options !== undefined && 'maxPayload' in each.options.options
    ? each
    : {
        ...each,
        frames: [frame(text, '<'), ...each.frames, frame(text, '>')],
        told: ['<', ...(each.told ?? []), ...(each.refused || each.closed ? [] : ['>'])],
      }

const slicings: Record<string, (bytes: Buffer) => Buffer[]> = {
  'in one piece': bytes => [bytes],
  'in two': bytes => [...halves(bytes)],
  // Of the longest, only so many pieces.
  'in many': bytes => {
    const step = Math.ceil(bytes.length / 400)
    return Array.from({ length: Math.ceil(bytes.length / step) }, (_, i) => bytes.subarray(i * step, (i + 1) * step))
  },
}

async function run({ frames, options }: Case, slice: (bytes: Buffer) => Buffer[], isPlain: boolean) {
  const client = await FrameClient.open({ ...options, isPlain })
  for (const chunk of slice(Buffer.concat(frames))) {
    client.wire.say(chunk)
    await turn()
  }
  // Inflating takes threads: it is over once a ping that comes behind it has been answered, or an error.
  if (options?.headers) {
    client.wire.say(frame(ping, 'over'))
    await expect.poll(() => client.isClosing || wrote(client.log, '8a').includes('over')).toBe(true)
  }
  client.wire.stop()
  await client.ended
  return client.log
}

const wrote = (log: unknown[], first: string): string[] => {
  const all = log.filter(entry => (entry as string[])[0] === 'wrote').map(entry => (entry as string[])[1]!)
  // A header of two bytes and a mask of zeros; its body follows.
  return all.flatMap((hex, i) =>
    !hex.startsWith(first)
      ? []
      : [Buffer.from(hex.slice(12) || (hex.slice(2, 4) === '80' ? '' : all[i + 1]!), 'hex').toString('latin1')],
  )
}

describe.each(Object.entries(slicings))('%s', (_, slice) => {
  describe.each([
    ['alone', (each: Case) => each],
    ['between texts', around],
  ] as const)('%s', (_, place) => {
    test.each(Object.entries(cases))('%s', async (_, plain) => {
      const each = place(plain)
      const [own, alone] = [await run(each, slice, false), await run(each, slice, true)]
      expect(own).toEqual(alone)
      const told = own.flatMap(entry => {
        const [what, body] = entry as [string, string]
        return what === 'received' ? [body] : what === 'refused' ? ['binary'] : []
      })
      expect(told).toEqual(each.told ?? [])
      expect(wrote(own, '8a').filter(body => body !== 'over')).toEqual(each.pongs ?? [])
      const [, end, cause] = own.at(-1) as [string, { code: number; reason: string; refusals?: number }, string[]?]
      const [code, reason] = each.closed ?? [1006, '']
      expect(end).toMatchObject({ code, reason })
      expect(end.refusals && cause?.[1]).toBe(each.refused?.[0])
      if (each.refused)
        expect(wrote(own, '88')).toEqual([
          Buffer.from([each.refused[1] >> 8, each.refused[1] & 255]).toString('latin1'),
        ])
    })
  })
})
