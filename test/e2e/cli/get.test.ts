// `swimlink get` at lanes of every kind: nothing is written, the kind is found out, and each format is what it says.
import { execFileSync } from 'node:child_process'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { parse } from '../../../src/recon/index.js'
import { endCommands, Piped, swimlink } from '../../support/cli.js'
import { lookedAt, type LookedAt } from '../../support/cli-host.js'

let at: LookedAt
beforeAll(async () => {
  at = await lookedAt()
})
afterEach(() => {
  endCommands()
  expect(at.heard).toEqual([])
})
afterAll(() => at.host.close())

const get = (laneUri: string, ...options: string[]) => swimlink('get', at.uri, '/n', laneUri, ...options)

const map = { guest: { id: 1, floor: 4 }, parking: { id: 2, floor: -1, note: 'two\nlines' } }

test.each([
  ['map', map],
  ['joined', map],
  ['empty', {}],
  ['command', {}],
  ['supply', {}],
  ['value', { floor: 3 }],
  ['unset', null],
  ['demand', 'made'],
  ['list', ['first', { floor: 2 }]],
  [
    'odd',
    [
      [7, '9007199254740993'],
      [true, 'AQI='],
    ],
  ],
])('the lane %s is one JSON text', async (laneUri, held) => {
  const { code, out, err } = await get(laneUri)
  expect([code, err, JSON.parse(out)]).toEqual([0, '', held])
})

test.each([
  [
    'map',
    'jsonl',
    [
      '{"key":"guest","value":{"id":1,"floor":4}}',
      '{"key":"parking","value":{"id":2,"floor":-1,"note":"two\\nlines"}}',
    ],
  ],
  ['map', 'recon', ['guest:{id:1,floor:4}', 'parking:{id:2,floor:-1,note:"two\\nlines"}']],
  ['map', 'table', ['key      id  floor  note', 'guest    1   4', 'parking  2   -1     two lines']],
  ['odd', 'recon', ['7:9007199254740993', 'true:%AQI=']],
  ['value', 'jsonl', ['{"floor":3}']],
  ['value', 'recon', ['{floor:3}']],
  ['value', 'table', ['key    value', 'floor  3']],
])('the lane %s as %s', async (laneUri, format, lines) => {
  const { code, out } = await get(laneUri, '--format', format)
  expect([code, out.trimEnd().split('\n')]).toEqual([0, lines])
})

test('what --format recon prints is read back whole', async () => {
  const { out } = await get('odd', '--format', 'recon')
  expect(parse(`{${out.trim().replaceAll('\n', ',')}}`)).toMatchObject({
    items: [
      { key: 7, value: 9007199254740993n },
      { key: true, value: new Uint8Array([1, 2]) },
    ],
  })
})

test('--keys and --count', async () => {
  const all = await Promise.all([
    get('map', '--keys'),
    get('map', '--keys', '--format', 'jsonl'),
    get('odd', '--keys', '--format', 'recon'),
    get('map', '--count'),
    get('empty', '--count'),
  ])
  expect(all.map(({ out }) => out)).toEqual([
    '["guest", "parking"]\n',
    '"guest"\n"parking"\n',
    '7\ntrue\n',
    '2\n',
    '0\n',
  ])
  const { code, err } = await get('value', '--count')
  expect([code, err]).toEqual([2, 'swimlink: value is not a map lane: leave out --keys and --count\n'])
})

test('--kind says what a lane is, and a lane of the other kind is left alone', async () => {
  const [asMap, asValue] = await Promise.all([get('value', '--kind', 'map'), get('map', '--kind', 'value')])
  expect([asMap.code, asValue.code]).toEqual([1, 1])
  expect(asMap.err).toMatch(/^swimlink: the lane value of the node \/n at warp:\S+ is not a map lane: .*\n$/)
  expect(asValue.err).toMatch(/^swimlink: the lane map of the node \/n at warp:\S+ is a map lane: .*\n$/)
  expect((await get('empty', '--kind', 'value')).out).toBe('null\n')
})

test('jq reads it, where there is a jq', async () => {
  const { out } = await get('map', '--format', 'jsonl')
  const lines = out.trimEnd().split('\n')
  expect(lines.map(line => (JSON.parse(line) as { key: string }).key)).toEqual(['guest', 'parking'])
  try {
    expect(String(execFileSync('jq', ['-r', '.value.floor'], { input: out, stdio: 'pipe' }))).toBe('4\n-1\n')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
})

test('colours come where they are asked for', async () => {
  const table = ['get', at.uri, '/n', 'map', '--format', 'table']
  const [plain, forced, no] = await Promise.all(
    [{}, { FORCE_COLOR: '1' }, { FORCE_COLOR: '1', NO_COLOR: '1' }].map(env => new Piped(table, { env }).ended),
  )
  expect([plain, forced, no].map(end => end!.out.includes('\x1b['))).toEqual([false, true, false])
})

test('a list lane is its items in order, in each format', async () => {
  const outs = await Promise.all([
    get('list', '--format', 'jsonl'),
    get('list', '--format', 'recon'),
    get('list', '--format', 'table'),
    get('list', '--count'),
    get('list', '--kind', 'list'),
    get('list', '--kind', 'map'),
  ])
  expect(
    outs.map(({ out }) =>
      out
        .trimEnd()
        .split('\n')
        .map(line => line.trimEnd()),
    ),
  ).toEqual([
    ['"first"', '{"floor":2}'],
    ['first', '{floor:2}'],
    ['position  value', '0         first', '1         {floor:2}'],
    ['2'],
    ['["first", {"floor":2}]'],
    [''],
  ])
  expect(outs.at(-1)!.err).toMatch(/is a list lane: give --kind list, or leave it out/)
})
