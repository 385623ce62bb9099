// Tapes: what is written is read again, whatever is in it; the oldest lines go where there is no room; a text that is not a tape is refused.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readTape, TapeBuffer, writeHead, writeLine, type TapeLine } from '../../../src/inspect/tape.js'

const startedAt = new Date('2026-05-01T12:00:00.000Z')
const head = '{"swimlink":"tape","version":1,"startedAt":"2026-05-01T12:00:00.000Z","dropped":0}\n'
const utf8 = (text: string) => new TextEncoder().encode(text).length

test('a tape is lines of JSON, as docs/INSPECT.md has them', () => {
  const tape = new TapeBuffer(startedAt, 10_000)
  tape.add(writeLine({ at: 0, host: 'warp://host', event: 'open' }))
  tape.add(writeLine({ at: 1.23456, host: 'warp://host', direction: 'out', text: '@sync(node:"/a",lane:b)' }))
  tape.add(writeLine({ at: 2, host: 'warp://host', direction: 'in', text: '@synced(node:"/a",lane:b)' }))
  tape.add(writeLine({ at: 3, host: 'warp://host', event: 'close', code: 1001, reason: 'going away' }))
  expect(tape.text()).toBe(
    head +
      '{"at":0,"host":"warp://host","event":"open"}\n' +
      '{"at":1.235,"host":"warp://host","direction":"out","text":"@sync(node:\\"/a\\",lane:b)"}\n' +
      '{"at":2,"host":"warp://host","direction":"in","text":"@synced(node:\\"/a\\",lane:b)"}\n' +
      '{"at":3,"host":"warp://host","event":"close","code":1001,"reason":"going away"}\n',
  )
})

const at = fc.nat({ max: 1e9 }).map(n => n / 1000)
// Texts of any units, halves of surrogate pairs among them.
const text = fc
  .string({ unit: 'binary', maxLength: 60 })
  .chain(whole => fc.nat({ max: whole.length }).map(cut => whole.slice(0, cut)))
const line: fc.Arbitrary<TapeLine> = fc.oneof(
  fc.record({ at, host: text, direction: fc.constantFrom('in' as const, 'out' as const), text }),
  fc.record(
    { at, host: text, event: fc.constantFrom('close' as const), code: fc.nat(4999), reason: text },
    { requiredKeys: ['at', 'host', 'event'] },
  ),
  fc.record({ at, host: text, event: fc.constant('open' as const) }),
)

test('what is written is read again: any texts, in order', () => {
  fc.assert(
    fc.property(fc.array(line), lines => {
      const tape = new TapeBuffer(startedAt, 1e6)
      for (const each of lines) tape.add(writeLine(each))
      expect(readTape(tape.text())).toEqual({ startedAt, dropped: 0, lines })
    }),
  )
})

test('a tape is never longer than its room, counts what it gave up, and has no gap', () => {
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 80 }), fc.integer({ min: 200, max: 2000 }), (lines, max) => {
      const tape = new TapeBuffer(startedAt, max)
      for (const [i, each] of lines.entries()) {
        tape.add(writeLine(each))
        const whole = tape.text()
        expect(utf8(whole)).toBe(tape.bytes)
        expect(tape.bytes).toBeLessThanOrEqual(max)
        expect(tape.size + tape.dropped).toBe(i + 1)
        expect(readTape(whole)).toEqual({
          startedAt,
          dropped: tape.dropped,
          lines: lines.slice(tape.dropped, i + 1),
        })
      }
    }),
    { numRuns: 60 },
  )
})

test('the last lines that fit are kept, and none of the older ones stays in memory', () => {
  const tape = new TapeBuffer(startedAt, 1000)
  const frame = (n: number) => writeLine({ at: n, host: 'warp://host', direction: 'in', text: `@event ${n}` })
  for (let n = 0; n < 20_000; n++) tape.add(frame(n))
  const { lines, dropped } = readTape(tape.text())
  expect(lines.at(-1)).toMatchObject({ at: 19_999 })
  expect(tape.bytes).toBeGreaterThan(900)
  expect(dropped + lines.length).toBe(20_000)
  // One that has no room at all takes those before with it: else the tape would have a gap.
  tape.add(writeLine({ at: 20_000, host: 'warp://host', direction: 'in', text: 'x'.repeat(2000) }))
  expect(readTape(tape.text())).toEqual({ startedAt, dropped: 20_001, lines: [] })
})

test('a file that was cut off, that came through an editor, or with what a later minor change adds, is read', () => {
  const frame = '{"at":1,"host":"warp://h","direction":"in","text":"@event"}'
  const read = { at: 1, host: 'warp://h', direction: 'in', text: '@event' }
  expect(readTape(head + frame).lines).toEqual([read])
  expect(readTape(head + frame + '\n' + frame.slice(0, 30)).lines).toEqual([read])
  expect(readTape('\ufeff' + head + '\r\n' + frame + '\r\n\n').lines).toEqual([read])
  expect(readTape(head + frame.replace('{', '{"more":1,"__proto__":{"x":1},')).lines).toEqual([read])
  expect(readTape(head).lines).toEqual([])
})

test.each([
  ['', /line 1 must be JSON/],
  ['GET / HTTP/1.1\n', /line 1 must be JSON/],
  ['[]\n', /not a tape/],
  ['{"swimlink":"tape","version":2}\n', /line 1 has version 2; this swimlink reads version 1: update it/],
  ['{"swimlink":"tape","version":1,"startedAt":"soon"}\n', /startedAt/],
  ['{"swimlink":"tape","version":1,"startedAt":"2026-05-01","dropped":-1}\n', /dropped/],
  [head + '7\n', /line 2 must be an object/],
  [head + '{"at":\n', /line 2 must be JSON/],
  [head + '{"at":-1,"host":"h","event":"open"}\n', /line 2 must have a number from 0 on as at/],
  [head + '{"at":1e999,"host":"h","event":"open"}\n', /as at/],
  [head + '{"at":0,"event":"open"}\n', /must have a text as host/],
  [head + '\n{"at":0,"host":"h","event":"melt"}\n', /line 3 has the event melt; it must be open or close/],
  [head + '{"at":0,"host":"h","direction":"up","text":""}\n', /direction/],
  [head + '{"at":0,"host":"h","direction":"in"}\n', /must have a text as text/],
])('%j is not a tape: a ConfigError names the line and what is wrong', (text, message) => {
  expect(() => readTape(text)).toThrow(expect.objectContaining({ code: 'config', option: 'tape' }))
  expect(() => readTape(text)).toThrow(message)
})

test('the first line is never longer than the room set aside for it', () => {
  expect(writeHead({ startedAt, dropped: 0 })).toBe(head)
  const tape = new TapeBuffer(startedAt, 120)
  for (let n = 0; n < 1000; n++) tape.add(writeLine({ at: n, host: 'h', event: 'open' }))
  expect(tape.text().length).toBeLessThanOrEqual(120)
})
