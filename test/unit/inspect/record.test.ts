// record(): a tape of a client, as its user wants it.
import { expect, test } from 'vitest'
import { readTape, record } from '../../../src/inspect/index.js'
import { ScriptedHost } from '../../support/scripted-host.js'

const at = 'node:"/unit/1",lane:map'
const short = (text: string) =>
  readTape(text).lines.map(line =>
    'event' in line
      ? `${line.at} ${line.host} ${line.event}${line.code === undefined ? '' : ` ${line.code} ${line.reason ?? ''}`}`
      : `${line.at} ${line.direction} ${line.text.replace(`(${at})`, '')}`,
  )

test('sockets and frames are recorded in order, with the time since the start', async () => {
  const host = new ScriptedHost({ reconnectJitter: 0 })
  await host.clock.advance(500)
  const before = Date.now()
  const tape = record(host.client)
  host.map().open()
  await host.clock.advance(5)
  await host.say('@linked', '@synced')
  host.peers.at(-1)!.close(1001, 'restart')
  await host.clock.advance(100)
  void host.client.close()
  await host.settle()
  expect(short(tape.text())).toEqual([
    '0 warp://host open',
    '0 out @sync',
    '5 in @linked',
    '5 in @synced',
    '5 warp://host close 1001 restart',
    '105 warp://host open',
    '105 out @sync',
    '105 warp://host close',
  ])
  expect(readTape(tape.text())).toMatchObject({ startedAt: tape.startedAt, dropped: 0 })
  expect(tape.startedAt.getTime()).toBeGreaterThanOrEqual(before)
  expect(tape.startedAt.getTime()).toBeLessThanOrEqual(Date.now())
})

test('a socket that was open before has an open at 0; one that does not open has a close without an open', async () => {
  const host = new ScriptedHost({ reconnectJitter: 0 })
  host.map().open()
  await host.settle()
  const tape = record(host.client)
  host.network.refuses = true
  host.peers.at(-1)!.cut()
  await host.clock.advance(150)
  expect(short(tape.text())).toEqual(['0 warp://host open', '0 warp://host close 1006 ', '100 warp://host close 1006 '])
})

test('the socket opens before credentials are shown, which are not on the tape', async () => {
  const host = new ScriptedHost({ credentials: { 'warp://host': { token: 's3cret' } } })
  const tape = record(host.client)
  host.map().open()
  await host.settle()
  host.peers.at(-1)!.send('@authed')
  await host.settle()
  expect(short(tape.text())).toEqual(['0 warp://host open', '0 out @auth "***"', '0 in @authed', '0 out @sync'])
})

test('redact changes frames; where it returns undefined or throws, the frame is left out, and the throw is reported', async () => {
  const host = new ScriptedHost()
  const asked: string[] = []
  const tape = record(host.client, {
    redact(text, direction, hostUri) {
      asked.push(`${direction} ${hostUri}`)
      if (text.includes('key:gone')) return undefined
      if (text.includes('key:odd')) throw new Error('odd')
      if (text.includes('key:no')) return 7 as never
      return text.replace(/\d+$/, '0')
    },
  })
  host.map().open()
  await host.settle()
  await host.say('@linked', '@event@update(key:gone) 5', '@event@update(key:odd) 5', '@event@update(key:no) 5')
  await host.say('@event@update(key:a) 5')
  expect(short(tape.text())).toEqual([
    '0 warp://host open',
    '0 out @sync',
    '0 in @linked',
    '0 in @event@update(key:a) 0',
  ])
  expect(asked[0]).toBe('out warp://host')
  expect(host.errors.map(({ message }) => message)).toEqual([
    'the callback redact threw: odd',
    expect.stringMatching(/redact threw: redact: must return a string or undefined, got 7/),
  ])
})

test('the last lines that fit are kept; onLine gets each line, even if it throws', async () => {
  const host = new ScriptedHost()
  let all = ''
  const tape = record(host.client, {
    maxBytes: 1000,
    onLine(line) {
      all += line
      if (line.includes('key:7')) throw new Error('full')
    },
  })
  host.map().open()
  await host.settle()
  await host.say('@linked')
  for (let key = 0; key < 50; key++) await host.say(`@event@update(key:${key}) é`)
  const { lines, dropped } = readTape(tape.text())
  expect(new TextEncoder().encode(tape.text()).length).toBe(tape.bytes)
  expect(tape.bytes).toBeLessThanOrEqual(1000)
  expect(tape.size).toBe(lines.length)
  expect(tape.dropped).toBe(dropped)
  expect(lines.length + dropped).toBe(53)
  expect(
    tape.text().endsWith(
      all
        .split('\n')
        .slice(-lines.length - 1)
        .join('\n'),
    ),
  ).toBe(true)
  expect(host.errors.map(({ message }) => message)).toEqual(['the callback onLine threw: full'])
})

test('stop ends a recording, and the tape keeps its lines; a using block stops it too', async () => {
  const host = new ScriptedHost()
  host.map().open()
  let tape
  {
    using own = record(host.client)
    tape = own
    await host.settle()
    expect(tape.isRecording).toBe(true)
  }
  expect(tape.isRecording).toBe(false)
  const text = tape.text()
  await host.say('@linked')
  tape.stop()
  expect(tape.text()).toBe(text)
  expect(short(text)).toEqual(['0 warp://host open', '0 out @sync'])
})

test('record refuses invalid options, and anything but a client', () => {
  const { client } = new ScriptedHost()
  expect(() => record({})).toThrow(/client: must be a SwimClient/)
  expect(() => record(undefined as never)).toThrow(/client: must be a SwimClient/)
  expect(() => record(client, { maxBytes: 10 })).toThrow(/maxBytes: must be a number from 1000/)
  expect(() => record(client, { redact: 'no' as never })).toThrow(/redact: must be a function/)
  expect(() => record(client, { maxbytes: 1e6 } as never)).toThrow(/did you mean maxBytes/)
})
