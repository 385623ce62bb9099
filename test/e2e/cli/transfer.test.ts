// `swimlink export` and `swimlink import`: what goes out comes in again, of any size, and what can't be is said.
// @module-tag full
import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { refuse } from '../../../src/host/index.js'
import { builtPackage } from '../../support/built.js'
import { endCommands, OnTerminal, Piped, swimlink } from '../../support/cli.js'
import { lookedAt, type LookedAt } from '../../support/cli-host.js'

let at: LookedAt
let folder: string
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'swimlink-transfer-'))))
afterAll(() => rmSync(folder, { recursive: true }))
beforeEach(async () => {
  at = await lookedAt()
})
afterEach(async () => {
  endCommands()
  await at.host.close()
})

const run = (command: string, laneUri: string, ...given: string[]) => swimlink(command, at.uri, '/n', laneUri, ...given)
const put = (laneUri: string, input: string, ...options: string[]) =>
  new Piped(['import', at.uri, '/n', laneUri, ...options], { input }).ended

test('what export prints is what import takes, and nothing is written on the way out', async () => {
  const { code, out, err } = await run('export', 'map')
  expect([code, err, at.heard]).toEqual([0, '', []])
  const end = await put('empty', out)
  expect(end).toEqual({ code: 0, out: '2 entries put; the lane has 2\n', err: '' })
  expect([...at.lane('empty', 'map')]).toEqual([...at.lane('map', 'map')])
})

test('entries that JSON has no form for go by Recon, whole, and are never cut silently', async () => {
  const json = await run('export', 'odd')
  expect([json.code, json.out]).toEqual([1, ''])
  expect(json.err).toMatch(/^swimlink: JSON has no form for the entry 7 \(9007199254740993\): give --format recon\n$/)
  const { out } = await run('export', 'odd', '--format', 'recon')
  expect((await put('empty', out, '--format', 'recon')).code).toBe(0)
  expect([...at.lane('empty', 'map')]).toEqual([
    [7, 9007199254740993n],
    [true, new Uint8Array([1, 2])],
  ])
})

test.each([
  [[], ['{"key":"a","value":1}', '{"key":"b"}', '{"key":"d e"}', '{"key":{"x":1}}']],
  [
    ['--format', 'recon'],
    ['a:1', 'b:', '"d e":', '{x:1}:'],
  ],
])('entries without a value go out and come in again (%j)', async (options, lines) => {
  const entries = [
    ['a', 1],
    ['b', undefined],
    ['d e', undefined],
    [{ x: 1 }, undefined],
  ] as const
  for (const [key, value] of entries) at.lane('empty', 'map').set(key, value)
  const { code, out, err } = await run('export', 'empty', ...options)
  expect([code, err, out.trimEnd().split('\n').sort()]).toEqual([0, '', [...lines].sort()])
  const got = await run('get', 'empty', '--format', options[1] ?? 'jsonl')
  expect(got).toEqual({ code: 0, out, err: '' })
  const end = await put('map', out, ...options)
  expect(end).toEqual({ code: 0, out: '4 entries put; the lane has 6\n', err: '' })
  const there = new Map([...at.lane('map', 'map')].map(([key, value]) => [JSON.stringify(key), value]))
  for (const [key, value] of entries) {
    expect(there.has(JSON.stringify(key))).toBe(true)
    expect(there.get(JSON.stringify(key))).toBe(value)
  }
})

test('20,000 entries through a pipe', async () => {
  const lines = Array.from({ length: 20_000 }, (_, i) => `{"key":"k${i}","value":{"i":${i}}}\n`).join('')
  expect(await put('empty', lines)).toMatchObject({ code: 0, out: '20000 entries put; the lane has 20000\n' })
  const { out } = await run('export', 'empty')
  expect(out.split('\n').sort()).toEqual(lines.split('\n').sort())
}, 40_000)

// A pipe of a shell has room for 65,536 bytes. What is left may be so little that the stream does not ask for a pause.
test.each([60, 66, 70, 200])('a slow reader gets all of %i kB, and the command ends as it should', async count => {
  for (let i = 0; i < count; i++) at.lane('empty', 'map').set(i, 'x'.repeat(1000))
  const main = `${await builtPackage()}dist/cli/main.js`
  const script = 'set -o pipefail; "$0" "$1" export "$2" /n empty | (sleep 1; wc -l)'
  const { stdout, stderr } = await promisify(execFile)('bash', ['-c', script, process.execPath, main, at.uri])
  expect([stdout.trim(), stderr]).toEqual([String(count), ''])
})

test('a file with a progress bar on a terminal, and jq in between', async () => {
  const file = join(folder, 'map.jsonl')
  const out = new OnTerminal(['export', at.uri, '/n', 'map', '--output', file])
  expect(await out.ended).toBe(0)
  await out.seen(lines => expect(lines).toEqual([expect.stringMatching(/^█{40} 100% /)]))
  expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(2)
  const into = new OnTerminal(['import', at.uri, '/n', 'empty', file])
  expect(await into.ended).toBe(0)
  await into.seen(lines =>
    expect(lines).toEqual([expect.stringMatching(/^█{40} 100% /), '2 entries put; the lane has 2']),
  )
  try {
    const floors = execFileSync('jq', ['-c', '.value.floor += 10', file], { encoding: 'utf8', stdio: 'pipe' })
    await put('empty', floors)
    expect(at.lane('empty', 'map').get('guest')).toEqual({ id: 1, floor: 14 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
})

test.each<[string, string[], RegExp]>([
  ['{"key":"a","value":1}\n{"key"', [], /line 2 is not JSON .*; lines are {"key":…,"value":…}/],
  ['{"key":"a","value":1}\n\n5\n', [], /line 3 has no "key"/],
  ['a:1\nb\n', ['--format', 'recon'], /line 2 is not an entry; lines are key:value/],
])('%j ends where it is wrong, and what was before it stays', async (input, options, message) => {
  const { code, out, err } = await put('empty', input, ...options)
  expect([code, out]).toEqual([2, ''])
  expect(err).toMatch(message)
  expect([...at.lane('empty', 'map')]).toEqual([['a', 1]])
})

test('what the lane refuses is counted', async () => {
  at.host.node(
    '/picky',
    node => void node.mapLane('map', { willUpdate: (_, value) => (value === 1 ? refuse : undefined) }),
  )
  const lines = [1, 2, 1, 3].map((value, i) => `{"key":${i},"value":${value}}\n`).join('')
  const { code, err } = await new Piped(['import', at.uri, '/picky', 'map'], { input: lines }).ended
  expect([code, err]).toEqual([1, 'swimlink: the lane refused 2 of 4 entries, and took the others\n'])
})

test('a lane that is no map, and a file that is not there', async () => {
  const value = await run('export', 'value')
  expect([value.code, value.err]).toEqual([1, expect.stringMatching(/is not a map lane/)])
  const missing = await run('import', 'empty', join(folder, 'nothing'))
  expect([missing.code, missing.err]).toEqual([2, expect.stringMatching(/no such file.*check the name of the file\n$/)])
  writeFileSync(join(folder, 'nothing.jsonl'), '')
  expect((await run('import', 'empty', join(folder, 'nothing.jsonl'))).out).toBe('0 entries put; the lane has 0\n')
})
