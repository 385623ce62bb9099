// What goes wrong with `swimlink`: one line that says what to do, and an exit code.
// @module-tag full
import { createServer, type AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import selfsigned from 'selfsigned'
import { swimlink, Piped } from '../../support/cli.js'
import { lookedAt, type LookedAt } from '../../support/cli-host.js'

let at: LookedAt
beforeAll(async () => {
  at = await lookedAt({
    authenticate: credentials => ((credentials as { token?: string }).token === 'good' ? { name: 'ann' } : false),
  })
})
afterAll(() => at.host.close())

const U = 'HOST'

test.each<[string[], number, RegExp]>([
  [['gett'], 2, /unknown command 'gett' \(Did you mean get\?\); see swimlink --help/],
  [['put', U, '/n', 'map'], 2, /missing required argument 'value'; see swimlink put --help/],
  [['get', U, '/n'], 2, /missing required argument 'lane'; see swimlink get --help/],
  [['get', U, '/n', 'map', 'x'], 2, /too many arguments.*; see swimlink get --help/],
  [
    ['get', U, '/n', 'map', '--format', 'xml'],
    2,
    /Allowed choices are json, jsonl, recon, table; see swimlink get --help/,
  ],
  [['get', U, '/n', 'map', '--timeout', 'soon'], 2, /Give a time above 0 as 500ms, 10s or 2m; see swimlink get --help/],
  [['get', U, '/n', 'map', '--nope'], 2, /unknown option '--nope'; see swimlink get --help/],
  [['drop', U, '/n', 'map', '-1'], 2, /swimlink drop --help/],
  [['put', U, '/n', 'map', 'a', 'two words'], 2, /Recon text, line 1, column 5.*quote texts/],
  [['put', U, '/n', 'map', 'a', '{b', '--json'], 2, /is not JSON/],
  [['get', U, '/n', 'map', '--auth', '@/no/such/file'], 2, /no such file.*check the name/],
  [['get', 'http:', '/n', 'map'], 2, /HOST: "http:" is not a host; write it like/],
  [['get', 'warp://127.0.0.1:1', '/n', 'map'], 3, /ECONNREFUSED.*start the host, or check the port of HOST/],
  [['put', 'warp://127.0.0.1:1', '/n', 'map', 'a', '1'], 3, /ECONNREFUSED/],
  [['command', 'warp://127.0.0.1:1', '/n', 'map', 'a'], 3, /ECONNREFUSED/],
  [['link', 'warp://127.0.0.1:1', '/n', 'map'], 3, /ECONNREFUSED/],
  [
    ['get', U, '/n', 'stairs'],
    1,
    /no such lane: the lane stairs of the node \/n at \S+ \(laneNotFound\); check NODE and LANE/,
  ],
  [['get', U, '/nowhere', 'map'], 1, /no such node: the node \/nowhere at \S+ \(nodeNotFound\); check HOST and NODE\n/],
  [['get', U, '/n', 'map', '--auth', '{token:bad}'], 4, /give other credentials by --auth/],
])('%j ends with %i', async (args, code, message) => {
  const end = await swimlink(...args.map(each => (each === U ? at.uri : each)))
  expect([end.code, end.out]).toEqual([code, ''])
  expect(end.err).toMatch(message)
  // One line, and none but of ours.
  expect(end.err).toMatch(/^swimlink: [^\n]+\n$/)
})

test('a host that answers nothing is given up after --timeout', async () => {
  const mute = createServer(() => {})
  await new Promise<void>(ready => mute.listen(0, '127.0.0.1', () => ready()))
  const { port } = mute.address() as AddressInfo
  const { code, err } = await swimlink('get', `warp://127.0.0.1:${port}`, '/n', 'map', '--timeout', '300ms')
  expect([code, err]).toEqual([
    3,
    expect.stringMatching(
      /^swimlink: no answer within 0.3 s from the lane map of the node \/n at \S+; check HOST, or give more time by --timeout\n$/,
    ),
  ])
  mute.close()
})

test('credentials come from --auth or the environment, and are shown nowhere', async () => {
  const get = ['get', at.uri, '/n', 'map', '--count']
  const all = await Promise.all([
    swimlink(...get, '--auth', '{token:good}'),
    new Piped(get, { env: { SWIMLINK_AUTH: '{token:good}' } }).ended,
    new Piped(get, { env: { SWIMLINK_AUTH: '{token:hushhush}' } }).ended,
    new Piped([...get, '--help'], { env: { SWIMLINK_AUTH: '{token:hushhush}' } }).ended,
  ])
  expect(all.map(({ code }) => code)).toEqual([0, 0, 4, 0])
  expect(JSON.stringify(all)).not.toContain('hushhush')
})

test('a certificate that nobody signed is taken with --insecure alone', async () => {
  const { private: key, cert } = await selfsigned.generate([{ name: 'commonName', value: 'localhost' }])
  const tls = await lookedAt({ tls: { cert, key } })
  const get = ['get', tls.uri, '/n', 'map', '--count']
  const [refused, taken] = await Promise.all([swimlink(...get), swimlink(...get, '--insecure')])
  expect([refused.code, taken]).toEqual([3, { code: 0, out: '2\n', err: '' }])
  expect(refused.err).toMatch(/self-signed certificate/)
  await tls.host.close()
})

test('Ctrl-C ends a command that waits, with 130', async () => {
  const mute = createServer(() => {})
  await new Promise<void>(ready => mute.listen(0, '127.0.0.1', () => ready()))
  const { port } = mute.address() as AddressInfo
  const command = new Piped(['get', `warp://127.0.0.1:${port}`, '/n', 'map'])
  await new Promise<void>(came => mute.once('connection', () => came()))
  command.child.kill('SIGINT')
  expect(await command.ended).toEqual({ code: 130, out: '', err: '' })
  mute.close()
})

test('a text of a lane moves no cursor', async () => {
  const plain = await lookedAt()
  plain.lane('empty', 'map').set('\x1b[2J', { 'na\x07me': '\x1b]0;title\x07\u202e' })
  const { out } = await swimlink('get', plain.uri, '/n', 'empty', '--format', 'table')
  expect(out).not.toMatch(/[\x00-\x09\x0b-\x1f\u202e]/)
  expect(out).toContain('\\u001b[2J')
  await plain.host.close()
})
