// What a network, or a host, may do to frames on their way: cut them into bytes, part them, heap them up; and every end of a socket.
import type { Duplex } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { TransportError } from '../../src/index.js'
import { frame } from '../support/raw-host.js'
import { ByteWorld } from './support/byte-world.js'
import { answerBy, goodLines } from '../support/handshake.js'

const [text, begun, more, last, binary, ping, pong, close] = [0x81, 0x01, 0x00, 0x80, 0x82, 0x89, 0x8a, 0x88]

const address = '(node:"/n",lane:map)'
const said = [`@linked${address}`, `@event${address}@update(key:"ö😀") {a:"é"}`, `@event${address}@update(key:b) 2`, `@synced${address}`] // prettier-ignore
const entries = [['b', 2], ['ö😀', { a: 'é' }]] // prettier-ignore

/** What is said of a lane, in so many bytes for each message. */
const whole = said.map(each => frame(text, each))

/** A message in parts of so many bytes, whatever these cut; with something between two of them. */
function parted(message: string, size: number, between: Buffer = Buffer.alloc(0)): Buffer {
  const bytes = Buffer.from(message)
  const parts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size),
  )
  const frames = parts.map((part, i) => {
    const isLast = i === parts.length - 1
    return frame((i === 0 ? begun : more) | (isLast ? last : 0), part)
  })
  return Buffer.concat(frames.flatMap(each => [each, between]))
}

/** A client, and a host of bytes that says something once it is asked; the next one is a host like any other. */
function meet(say: (end: Duplex) => void, lateBytes: (bytes: Buffer) => void = () => {}) {
  let isAsked = false
  const world = new ByteWorld({
    define: node => void node.mapLane('map').set('b', 2).set('ö😀', { a: 'é' }),
    take: (end, count) => {
      if (count > 1) return false
      answerBy(
        end,
        key => goodLines(key),
        bytes => {
          lateBytes(bytes)
          if (isAsked) return
          isAsked = true
          say(end)
        },
      )
      return true
    },
  })
  const lost: unknown[] = []
  world.client.on('disconnect', ({ cause }) => lost.push(cause))
  const map = world.client.downlinkMap({ nodeUri: '/n', laneUri: 'map' }).open()
  return { world, map, lost }
}

const slowly = (end: Duplex, chunks: readonly Buffer[]) => {
  const left = [...chunks]
  const next = () => {
    if (left.length === 0 || end.destroyed) return
    end.write(left.shift())
    setImmediate(next)
  }
  next()
}

const bytesOf = (all: Buffer): Buffer[] => Array.from(all, (_, i) => all.subarray(i, i + 1))

const ways: Readonly<Record<string, (end: Duplex) => void>> = {
  'a byte at a time, in one turn': end => bytesOf(Buffer.concat(whole)).forEach(byte => end.write(byte)),
  'a byte in each turn': end => slowly(end, bytesOf(Buffer.concat(whole))),
  'in one piece': end => void end.write(Buffer.concat(whole)),
  'in pieces of seven bytes': end =>
    slowly(end, Array.from({ length: 50 }, (_, i) => Buffer.concat(whole).subarray(i * 7, (i + 1) * 7)).filter(piece => piece.length > 0)), // prettier-ignore
  'in parts of one byte, which cut characters': end => said.forEach(each => end.write(parted(each, 1))),
  'in parts with pings between them': end => said.forEach(each => end.write(parted(each, 3, frame(ping, 'p')))),
  'in parts of which some are empty': end =>
    said.forEach(each => end.write(parted(each, 5, frame(more)).subarray(0, -2))),
  'with lengths that take more bytes than they need': end =>
    whole.forEach(each => end.write(Buffer.concat([each.subarray(0, 1), Buffer.from([126, 0, each[1]!]), each.subarray(2)]))), // prettier-ignore
  'behind answers to nothing': end => void end.write(Buffer.concat([frame(pong, 'late'), frame(pong), ...whole])),
}

describe('what a host says comes as it was said', () => {
  test.each(Object.entries(ways))('%s', async (_, say) => {
    const { world, map } = meet(say)
    await world.until(() => map.synced, 'it is synced')
    expect([...map]).toEqual(entries)
    expect([world.errors, world.pairs.length]).toEqual([[], 1])
    await world.close()
  })
})

describe('a flood of pings', () => {
  test('whose answers leave is answered, and keeps nothing up', async () => {
    const [chunks, each] = [200, 50]
    let answered = 0
    const { world, map } = meet(
      end =>
        slowly(end, [...Array<Buffer>(chunks).fill(Buffer.concat(Array<Buffer>(each).fill(frame(ping)))), ...whole]),
      bytes => {
        // A pong of no bytes is six, of which four are its mask.
        for (let at = 0; at < bytes.length; at += 6 + (bytes[at + 1]! & 127)) answered += Number(bytes[at] === pong)
      },
    )
    await world.until(() => map.synced, 'it is synced')
    expect(answered).toBe(chunks * each)
    expect([[...map], world.errors, world.pairs.length]).toEqual([entries, [], 1])
    await world.close()
  })

  test('whose answers do not leave costs its socket, as `ws` keeps only so many, and the next is synced', async () => {
    const { world, map } = meet(
      end => void end.write(Buffer.concat([...Array<Buffer>(10_000).fill(frame(ping)), ...whole])),
    )
    await world.until(() => map.synced, 'it is synced')
    expect([[...map], world.errors, world.pairs.length]).toEqual([entries, [], 2])
    await world.close()
  })
})

test('messages of bytes are refused one by one, and the lane asks for what they may have been', async () => {
  let asked = 0
  const { world, map } = meet(end => {
    for (const each of whole.slice(0, 3)) end.write(Buffer.concat([each, frame(binary, 'x'), frame(binary)]))
    end.write(whole[3]!)
    // Then it says all it has to whoever asks again.
    end.on('data', () => void (asked++ < 3 && whole.forEach(each => end.write(each))))
  })
  await world.until(() => map.synced && asked > 0 && map.status.state === 'synced', 'it is synced')
  await world.clock.advance(5000)
  expect([...map]).toEqual(entries)
  expect(world.errors.map(({ code }) => code)).toEqual(Array(6).fill('protocol'))
  expect(world.pairs).toHaveLength(1)
  await world.close()
})

const closing = (code: number, reason = ''): Buffer => {
  const body = Buffer.alloc(2 + Buffer.byteLength(reason))
  body.writeUInt16BE(code)
  body.write(reason, 2)
  return frame(close, body)
}

/** All that a peer may say, and codes that nobody may. */
const codes = [0, 1, 999, ...Array.from({ length: 17 }, (_, i) => 1000 + i), 1100, 1999, 2000, 2999, 3000, 3999, 4000, 4401, 4999, 5000, 65_535] // prettier-ignore
/** Those that RFC 6455 and its registry let a peer say. */
const isAllowed = (code: number) =>
  (code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code)) || (code >= 3000 && code <= 4999)

describe('a socket that ends with a code is lost, and there is another', () => {
  test.each(codes.flatMap(code => ['', 'why – so'].map(reason => [code, reason] as const)))(
    '%i %s',
    async (code, reason) => {
      const { world, map, lost } = meet(end => void end.end(Buffer.concat([...whole, closing(code, reason)])))
      await world.until(() => world.pairs.length === 2 && map.synced, 'it is back')
      expect([...map]).toEqual(entries)
      expect(lost).toEqual([expect.any(TransportError)])
      expect(lost[0]).toMatchObject(isAllowed(code) ? { closeCode: code, reason } : { closeCode: 1006 })
      for (const error of world.errors) expect(error).toBeInstanceOf(TransportError)
      expect(world.errors.length).toBeLessThanOrEqual(1)
      await world.close()
    },
  )

  test.each(['a close without a code', 'a close and more behind it', 'two closes', 'an end without a word'])(
    '%s',
    async what => {
      const bytes: Record<string, Buffer[]> = {
        'a close without a code': [frame(close)],
        'a close and more behind it': [frame(close), frame(text, `@event${address}@update(key:late) 1`)],
        'two closes': [closing(1001), closing(4000)],
        'an end without a word': [],
      }
      const { world, map, lost } = meet(end => void end.end(Buffer.concat([...whole, ...bytes[what]!])))
      await world.until(() => world.pairs.length === 2 && map.synced, 'it is back')
      expect([...map]).toEqual(entries)
      expect([lost.length, world.errors]).toEqual([1, []])
      await world.close()
    },
  )
})
