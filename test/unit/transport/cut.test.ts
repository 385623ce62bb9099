import { describe, expect, test } from 'vitest'
import { between, cut, over, type Place } from '../../../src/transport/cut.js'
import { frame } from '../../support/raw-host.js'

const text = 0x81
const [begun, more, last, binary, ping, pong, close] = [0x01, 0x00, 0x80, 0x82, 0x89, 0x8a, 0x88]

interface Lever {
  /** Texts that are not taken. */
  readonly refused?: string
  /** Whether `ws` is in step. */
  readonly isInStep?: boolean
  readonly longest?: number
}

/** Cuts chunks one after the other: what was told, what was passed on, and the last place. */
function run(chunks: readonly Buffer[], { refused, isInStep = true, longest = Infinity }: Lever = {}) {
  const out: unknown[] = []
  const place = chunks.reduce<Place>(
    (place, chunk) =>
      cut(place, chunk, longest, {
        text(from, to) {
          const told = chunk.toString(undefined, from, to)
          if (told === refused) return false
          out.push(told)
          return true
        },
        pass(from, to, events) {
          out.push([chunk.subarray(from, to).toString('latin1'), events])
          return isInStep
        },
      }),
    between,
  )
  return { out, place }
}

const join = (...frames: Buffer[]) => Buffer.concat(frames)
const raw = (...frames: Buffer[]) => join(...frames).toString('latin1')

describe('a plain text', () => {
  test.each([0, 1, 125, 126, 127, 65_535])('of %i bytes is told', length => {
    const body = 'x'.repeat(length)
    expect(run([frame(text, body)])).toEqual({ out: [body], place: between })
  })

  test('is told for each that a chunk has, in order', () => {
    expect(run([join(frame(text, 'a'), frame(text, 'ü€😀'), frame(text, ''), frame(text, 'b'.repeat(300)))])).toEqual({
      out: ['a', 'ü€😀', '', 'b'.repeat(300)],
      place: between,
    })
  })

  test('whose length takes more bytes than it has to is told', () => {
    expect(run([Buffer.from([text, 126, 0, 1, 0x61])]).out).toEqual(['a'])
  })

  test('of more than 65,535 bytes is passed on', () => {
    const long = frame(text, 'x'.repeat(65_536))
    expect(run([join(long, frame(text, 'a'))])).toEqual({ out: [[raw(long), 1], 'a'], place: between })
  })

  test('that is longer than may be is passed on', () => {
    const frames = [frame(text, 'abc'), frame(text, 'abcd'), frame(text, 'ab')] as const
    expect(run([join(...frames)], { longest: 3 }).out).toEqual(['abc', [raw(frames[1]), 1], 'ab'])
  })

  test('that is not taken is passed on, and those around it are told', () => {
    const frames = ['a', 'no', 'b'].map(body => frame(text, body))
    expect(run([join(...frames)], { refused: 'no' })).toEqual({ out: ['a', [raw(frames[1]!), 1], 'b'], place: between })
  })

  test('that two chunks share is passed on, wherever it is cut, and the next is told', () => {
    for (const body of ['abc', 'x'.repeat(200)]) {
      const whole = frame(text, body)
      for (let at = 1; at < whole.length; at++) {
        const { out, place } = run([
          join(frame(text, 'a'), whole.subarray(0, at)),
          join(whole.subarray(at), frame(text, 'b')),
        ])
        expect(out).toEqual(['a', [raw(whole.subarray(0, at)), 0], [raw(whole.subarray(at)), 1], 'b'])
        expect(place).toEqual(between)
      }
    }
  })
})

describe('what is no plain text', () => {
  const others: Record<string, [Buffer[], events: number]> = {
    'a binary message': [[frame(binary, 'b')], 1],
    'a ping': [[frame(ping, 'p')], 1],
    'a pong without a body': [[frame(pong)], 1],
    'two of them': [[frame(ping), frame(binary, 'b')], 2],
    'a text in parts': [[frame(begun, 'a'), frame(more, 'b'), frame(last, 'c')], 1],
    'a text in parts, with a ping within': [[frame(begun, 'a'), frame(ping), frame(last, '')], 2],
    'a binary message in parts': [[frame(0x02, 'a'), frame(last, 'b')], 1],
    'a length of eight bytes': [[Buffer.from([text, 127, 0, 0, 0, 0, 0, 0, 0, 1, 0x61])], 1],
  }

  test.each(Object.entries(others))('%s, is passed on at once, and texts around it are told', (_, [frames, events]) => {
    expect(run([join(frame(text, 'a'), ...frames, frame(text, 'b'))])).toEqual({
      out: ['a', [raw(...frames), events], 'b'],
      place: between,
    })
  })

  test.each(Object.entries(others))('%s, may come byte by byte', (_, [frames, events]) => {
    const bytes = join(...frames)
    const { out, place } = run([...bytes].map(byte => Buffer.from([byte])))
    expect(out.map(each => (each as [string, number])[0]).join('')).toBe(raw(bytes))
    expect(out.reduce((sum: number, each) => sum + (each as [string, number])[1], 0)).toBe(events)
    expect(place).toEqual(between)
  })

  const ends: Record<string, Buffer[]> = {
    'a close frame': [frame(close, Buffer.from([3, 232]))],
    'each reserved bit': [frame(text | 0x10, 'x')],
    'the second of them': [frame(text | 0x20, 'x')],
    'that of compression': [frame(text | 0x40, 'x')],
    'a mask': [Buffer.from([text, 0x81, 1, 2, 3, 4, 5])],
    'a masked ping': [Buffer.from([ping, 0x80, 1, 2, 3, 4])],
    'an unknown opcode': [frame(0x83, 'x')],
    'an unknown opcode of control': [frame(0x8b)],
    'a ping that is not final': [frame(ping & 15)],
    'a long ping': [frame(ping, 'x'.repeat(126))],
    'a later part without a first': [frame(last, 'x')],
    'a text within a text': [frame(begun, 'a'), frame(text, 'b')],
    'a binary message within a text': [frame(begun, 'a'), frame(binary, 'b')],
  }

  test.each(Object.entries(ends))('%s: all that comes from then on is passed on', (_, frames) => {
    const [first, second] = [join(frame(text, 'a'), ...frames, frame(text, 'b')), frame(text, 'c')]
    const { out, place } = run([first, second])
    expect(out).toEqual(['a', [raw(...frames, frame(text, 'b')), expect.any(Number)], [raw(second), 0]])
    expect(place).toEqual(over)
  })
})

describe('a ws that does not follow', () => {
  test('gets all that comes behind what it was passed', () => {
    const chunks = [join(frame(text, 'a'), frame(ping), frame(text, 'b')), frame(text, 'c')]
    expect(run(chunks, { isInStep: false })).toEqual({
      out: ['a', [raw(frame(ping)), 1], [raw(frame(text, 'b')), 0], [raw(chunks[1]!), 0]],
      place: over,
    })
  })

  test('so at the end of a chunk', () => {
    expect(run([frame(ping), frame(text, 'a')], { isInStep: false })).toEqual({
      out: [
        [raw(frame(ping)), 1],
        [raw(frame(text, 'a')), 0],
      ],
      place: over,
    })
  })
})
