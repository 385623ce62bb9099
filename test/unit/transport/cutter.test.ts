// The client's own way through a socket's bytes, and when it leaves them to `ws`. The wire is in memory.
import type { EventEmitter } from 'node:events'
import { describe, expect, test } from 'vitest'
import { FrameClient, turn, type FrameClientOptions } from '../../support/frame-client.js'
import { frame } from '../../support/raw-host.js'
import type { WireEnd } from '../../support/wire-end.js'

const [text, begun, last, binary, ping, close] = [0x81, 0x01, 0x80, 0x82, 0x89, 0x88]
const join = (...frames: Buffer[]) => Buffer.concat(frames)
const three = ['a', 'ü€😀', 'x'.repeat(300)]
const threeFrames = join(...three.map(body => frame(text, body)))

/** Says chunks to a client, each in a turn of its own, and ends it. */
async function hear(chunks: readonly Buffer[], options: FrameClientOptions = {}): Promise<FrameClient> {
  const client = await FrameClient.open(options)
  for (const chunk of chunks) {
    client.wire.say(chunk)
    await turn()
  }
  await turn()
  client.wire.stop()
  await client.ended
  return client
}

test('plain texts come past ws', async () => {
  const client = await hear([threeFrames, threeFrames])
  expect(client.texts).toEqual([...three, ...three])
  expect(client.messages).toBe(0)
})

test('all else comes by ws, in the order of the bytes', async () => {
  const frames = [
    frame(text, 'a'),
    frame(binary, 'b'),
    frame(text, 'c'),
    frame(ping, 'd'),
    frame(text, 'e'),
    frame(begun, 'f'),
    frame(ping, 'g'),
    frame(last, 'h'),
    frame(text, 'i'),
  ]
  const client = await hear([join(...frames)])
  expect(client.log.slice(0, -1)).toEqual([
    ['received', 'a'],
    ['refused', 'a binary message'],
    ['received', 'c'],
    // Its pong, with a mask of zeros.
    ['wrote', '8a8100000000'],
    ['wrote', '64'],
    ['received', 'e'],
    ['wrote', '8a8100000000'],
    ['wrote', '67'],
    ['received', 'fh'],
    ['received', 'i'],
  ])
  expect(client.messages).toBe(2)
})

test('a text that has the letter of what is unreadable is told as it is', async () => {
  const client = await hear([join(frame(text, 'a'), frame(text, 'b\ufffd'), frame(text, 'c'))])
  expect(client.texts).toEqual(['a', 'b\ufffd', 'c'])
  expect(client.messages).toBe(1)
})

test('nothing is told that comes after what ws refuses, or after a close', async () => {
  for (const end of [frame(text, Buffer.from([0xff])), frame(close), frame(0x83), frame(text | 0x40, 'x')]) {
    const client = await hear([join(frame(text, 'a'), end, frame(text, 'b')), frame(text, 'c')])
    expect(client.texts).toEqual(['a'])
  }
})

test('what is held back waits, and nothing of it is lost', async () => {
  const client = await FrameClient.open({ take: (body, transport) => transport.hold(body === 'a') })
  client.wire.say(threeFrames)
  client.transport.hold(true)
  client.wire.say(threeFrames)
  await turn()
  expect(client.texts.length).toBeLessThan(6)
  client.transport.hold(false)
  await turn()
  await turn()
  client.transport.hold(false)
  await turn()
  expect(client.texts).toEqual([...three, ...three])
  client.wire.destroy()
})

describe('ws gets all', () => {
  /** Its wire takes no other way of emitting than its own. */
  const closed = (wire: WireEnd) => {
    const emit = wire.emit.bind(wire)
    Object.defineProperty(wire, 'emit', { get: () => emit, set: () => {} })
  }

  const rows: Record<string, FrameClientOptions> = {
    'of a class that is not the platform’s own': { isPlain: true },
    'where bytes came with the answer': { head: frame(text, 'head') },
    'where compression is agreed on': {
      headers: ['Sec-WebSocket-Extensions: permessage-deflate'],
      options: { perMessageDeflate: true },
    },
    'where no two messages may come in a turn': { options: { allowSynchronousEvents: false } },
    'where the wire emits by no way that can be changed': { prepare: closed },
    'where somebody else hears the bytes': { prepare: wire => wire.on('data', () => {}) },
    'where somebody else hears messages': { onSocket: socket => socket.on('message', () => {}) },
  }

  test.each(Object.entries(rows))('%s', async (_, options) => {
    const client = await hear([join(threeFrames, frame(ping), threeFrames), threeFrames], options)
    const expected = [...three, ...three, ...three]
    expect(client.texts).toEqual(options.head ? ['head', ...expected] : expected)
    expect(client.messages).toBe(client.texts.length)
  })

  test('once it told of a message later than it came', async () => {
    const late = (socket: EventEmitter) => {
      const emit = socket.emit.bind(socket)
      socket.emit = (type, ...args: unknown[]) => {
        if (type !== 'message') return emit(type, ...args)
        void turn().then(() => emit(type, ...args))
        return true
      }
    }
    const parts = [frame(text, 'a'), frame(begun, 'b'), frame(last, 'c'), frame(text, 'd')]
    const client = await hear([join(...parts), frame(text, 'e')], { onSocket: late })
    expect(client.texts).toEqual(['a', 'bc', 'd', 'e'])
  })

  test('once a listener threw, which is nobody’s', async () => {
    const thrown: unknown[] = []
    const prepare = (wire: WireEnd) => {
      const push = wire.push.bind(wire)
      wire.push = (chunk: unknown) => {
        try {
          return push(chunk)
        } catch (error) {
          thrown.push(error)
          return true
        }
      }
    }
    const fault = new Error('of a listener')
    const take = (body: string) => {
      if (body === 'b') throw fault
    }
    const frames = join(...['a', 'b', 'c'].map(body => frame(text, body)))
    const client = await hear([frames, frame(text, 'd')], { prepare, take })
    expect(thrown).toEqual([fault])
    expect(client.texts).toEqual(['a', 'b', 'c', 'd'])
    expect(client.messages).toBe(2)
  })
})
