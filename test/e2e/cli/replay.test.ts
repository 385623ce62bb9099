// `swimlink replay`: a tape as a host, for clients of the package and for frames as they are, in its order and at its pace.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import WebSocket from 'ws'
import { builtPackage } from '../../support/built.js'
import { endCommands, Piped, swimlink } from '../../support/cli.js'
import { lookedAt } from '../../support/cli-host.js'

let folder: string
beforeAll(async () => {
  await builtPackage()
  folder = mkdtempSync(join(tmpdir(), 'swimlink-replay-'))
})
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(endCommands)

const file = (name: string, lines: readonly unknown[]) => {
  const path = join(folder, name)
  writeFileSync(path, lines.map(line => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''))
  return path
}

const head = { swimlink: 'tape', version: 1, startedAt: '2026-05-01T12:00:00.000Z', dropped: 0 }
const host = 'warp://example.com'
const out = (at: number, text: string) => ({ at, host, direction: 'out', text })
const back = (at: number, text: string) => ({ at, host, direction: 'in', text })
const of = (tag: string, lane = 'm', body = '') => `@${tag}(node:"/n",lane:${lane})${body}`

async function serve(path: string, ...options: string[]) {
  const command = new Piped(['replay', path, ...options])
  await command.printed(/^warp:\S+\n/)
  return { command, uri: command.out.trim() }
}

/** A client that says what it is told to, and what it hears. */
async function talk(uri: string) {
  const socket = new WebSocket(uri.replace('warp', 'ws'), 'warp0')
  const heard: string[] = []
  let code: number | undefined
  socket.on('message', data => heard.push(String(data as Buffer)))
  socket.on('close', given => (code = given))
  await new Promise(open => socket.once('open', open))
  return {
    heard,
    say: (...texts: string[]) => texts.forEach(text => socket.send(text)),
    hears: (texts: readonly string[]) => vi.waitFor(() => expect(heard).toEqual(texts), 5000),
    closes: (given: number) => vi.waitFor(() => expect(code).toBe(given), 5000),
  }
}

test('what swimlink record has written is there for swimlink get and link, without the host', async () => {
  const at = await lookedAt()
  const path = join(folder, 'recorded')
  const recorder = new Piped(['record', at.uri, '/n', 'map', '/n', 'value', '--out', path])
  await vi.waitFor(
    async () => expect((await swimlink('replay', path, '--print', '--speed', 'max')).out).toMatch(/synced[^]*synced/),
    10_000,
  )
  at.lane('map', 'map').set('late', { id: 3 })
  await vi.waitFor(
    async () => expect((await swimlink('replay', path, '--print', '--speed', 'max')).out).toMatch(/late/),
    10_000,
  )
  recorder.child.kill('SIGINT')
  await recorder.ended
  await at.host.close()
  const { command, uri } = await serve(path, '--speed', '10')
  const lines = await swimlink('link', uri, '/n', 'map', '-n', '3')
  expect(
    lines.out
      .trim()
      .split('\n')
      .map(line => (JSON.parse(line) as { key: string }).key),
  ).toEqual(['guest', 'parking', 'late'])
  expect(JSON.parse((await swimlink('get', uri, '/n', 'value')).out)).toEqual({ floor: 3 })
  const none = await swimlink('get', uri, '/n', 'none')
  expect([none.code, none.err]).toEqual([1, expect.stringContaining('laneNotFound')])
  expect((await swimlink('get', uri, '/o', 'none')).err).toContain('nodeNotFound')
  await vi.waitFor(() => expect(command.err).toMatch(/^swimlink: not on the tape: @sync\(node:"\/n",lane:none\)\n/))
  command.child.kill('SIGINT')
  expect((await command.ended).code).toBe(130)
}, 20_000)

const lines = [
  head,
  { at: 0, host, event: 'open' },
  out(1, of('sync')),
  back(2, of('linked')),
  back(3, of('event', 'm', '@update(key:a)1')),
  back(4, of('synced')),
  out(5, of('sync', 'v')),
  back(6, of('linked', 'v')),
  back(7, of('synced', 'v')),
  out(100, of('command', 'm', '@update(key:b){x:1,y:2}')),
  back(200, of('event', 'm', '@update(key:b){x:1,y:2}')),
  back(500, of('event', 'm', '@remove(key:a)')),
  { at: 600, host, event: 'close', code: 1001, reason: 'restart' },
]
const state = [of('linked'), of('event', 'm', '@update(key:a)1'), of('synced')]
const rest = [of('event', 'm', '@update(key:b){x:1,y:2}'), of('event', 'm', '@remove(key:a)')]

test('a command of the tape is waited for, however it is spelled; lanes do not wait for each other; the socket ends as it did', async () => {
  const { command, uri } = await serve(file('waits', lines), '--speed', '0')
  const client = await talk(uri)
  client.say(of('sync'))
  await client.hears(state)
  client.say('@command( lane: "m", node: "/n" ) @update(key:"z") 0', 'no envelope')
  client.say('@command(node:"/n",lane:"m") @update(key:"b") { x: 1, y: 2 }')
  await client.hears([...state, ...rest])
  client.say(of('sync', 'v'))
  await client.hears([...state, ...rest, of('linked', 'v'), of('synced', 'v')])
  await client.closes(1001)
  await vi.waitFor(() =>
    expect(command.err.split('\n')).toEqual([
      'swimlink: not on the tape: @command( lane: "m", node: "/n" ) @update(key:"z") 0',
      'swimlink: not on the tape: not an envelope: no envelope',
      '',
    ]),
  )
})

// At which pace is shown by test/unit/cli/player.test.ts, where time is injected.
test('--no-wait: what came after commands comes without them', async () => {
  const { uri } = await serve(file('pace', lines), '--no-wait', '--speed', '2')
  const client = await talk(uri)
  client.say(of('sync'))
  await client.hears([...state, ...rest])
})

test('each connection plays the next socket of the tape; a link that is asked for again gets it again', async () => {
  const again = [
    { at: 700, host, event: 'open' },
    out(701, of('link')),
    back(702, of('linked')),
    back(703, of('event', 'm', '@clear')),
  ]
  const { uri } = await serve(file('sockets', [...lines, ...again]), '--speed', 'max')
  const first = await talk(uri)
  const second = await talk(uri)
  const third = await talk(uri)
  second.say(of('sync'))
  await second.hears([of('linked'), of('event', 'm', '@clear')])
  for (const client of [first, third]) {
    client.say(of('sync'))
    await client.hears(state)
    client.say(of('unlink'), of('sync'))
    await client.hears([...state, of('unlinked'), ...state])
  }
})

test('the recorded conversations of a SwimOS Java host are served, each client a socket', async () => {
  const wire = fileURLToPath(new URL('../../fixtures/wire/value-lane.jsonl', import.meta.url))
  const { uri } = await serve(wire, '--speed', 'max')
  const client = await talk(uri)
  client.say('@sync(node:"/unit/val",lane:value)')
  const of = (tag: string) => `@${tag}(node:"/unit/val",lane:value)`
  await client.hears([of('linked'), of('event'), of('synced')])
})

test('--print: the lines in their time, nothing served', async () => {
  const { code, out } = await swimlink('replay', file('print', lines), '--print', '--speed', 'max')
  expect(code).toBe(0)
  const printed = out.split('\n')
  expect(printed).toHaveLength(lines.length)
  expect(printed.slice(0, 2)).toEqual(['      0.0 ms  open', `      1.0 ms  out   ${of('sync')}`])
  expect(printed.at(-2)).toBe('    600.0 ms  close 1001 restart')
})

test('a long tape is played at once without end of the stack', async () => {
  const many = Array.from({ length: 20_000 }, (_, i) => back(3, of('event', 'm', `@update(key:${i})1`)))
  const { uri } = await serve(file('long', [...lines.slice(0, 5), ...many, back(4, of('synced'))]), '--speed', 'max')
  expect((await swimlink('get', uri, '/n', 'm', '--count')).out).toBe('20001\n')
})

test.each<[string, () => string[], RegExp]>([
  ['a damaged line', () => [file('bad', [head, lines[1], '{"at":', lines[2]])], /line 3 must be JSON/],
  [
    'a line of no form',
    () => [file('form', [head, { at: -1, host, event: 'open' }, lines[1]])],
    /line 2 must have a number/,
  ],
  ['a damaged conversation', () => [file('said', ['{"about":"x"}', '{"t":1,"c":0}'])], /line 2 of the tape must have/],
  ['a file that is not a tape', () => [file('no', ['{}'])], /line 1 must say .*not a tape/],
  ['nothing', () => [file('none', [head])], /there is nothing on the tape/],
  [
    'another host',
    () => [file('host', lines), '--host', 'warp://b'],
    /nothing of the host warp:\/\/b; it has warp:\/\/example\.com/,
  ],
  ['no file', () => [join(folder, 'gone')], /no such file.*check the name/],
  ['a speed', () => [file('speed', lines), '--speed', '-1'], /Give a number such as 2 or 0\.5, or max/],
])('%s is named on one line', async (_, args, err) => {
  const end = await swimlink('replay', ...args())
  expect([end.code === 0, end.err]).toEqual([false, expect.stringMatching(err)])
  expect(end.err).toMatch(/^swimlink: [^\n]*\n$/)
})
