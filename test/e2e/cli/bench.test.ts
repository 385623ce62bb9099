// `swimlink bench`: figures of a host, which is not written to unless that is asked for, and is as it was afterwards.
// @module-tag full
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { refuse } from '../../../src/host/index.js'
import { endCommands, OnTerminal, Piped, swimlink } from '../../support/cli.js'
import { lookedAt, type LookedAt } from '../../support/cli-host.js'

let at: LookedAt
beforeEach(async () => {
  at = await lookedAt()
})
afterEach(async () => {
  endCommands()
  await at.host.close()
})

const run = (laneUri: string, ...options: string[]) =>
  swimlink('bench', at.uri, '/n', laneUri, '--duration', '400ms', '--syncs', '3', ...options)

interface Report {
  readonly kind: string
  readonly entries: number
  readonly refused?: number
  readonly times: { readonly [name: string]: { samples: number; median: number; p95?: number; p99?: number } }
  readonly perSecond: { updatesIn: number; bytesIn: number; writesOut?: number }
}
const reportOf = (out: string) => JSON.parse(out) as Report
const keys = (laneUri = 'map') => [...at.lane(laneUri, 'map')].map(([key]) => String(key))

test('a lane is measured without a write: of any kind, by several clients', async () => {
  const noise = setInterval(() => at.lane('supply', 'supply').emit(1), 10)
  const [map, value, supply] = await Promise.all([run('map', '--clients', '2'), run('value'), run('supply')])
  clearInterval(noise)
  expect([map.code, map.err, at.heard]).toEqual([0, '', []])
  const report = reportOf(map.out)
  expect(report).toMatchObject({ kind: 'map', entries: 2, clients: 2, lane: 'map', perSecond: { updatesIn: 0 } })
  expect(Object.keys(report.times)).toEqual(['connect', 'round trip', 'sync'])
  // Six samples have a median, and no other percentile.
  for (const each of Object.values(report.times)) expect(each).toEqual({ samples: 6, median: expect.any(Number) })
  expect(report.times['connect']!.median).toBeGreaterThan(0)
  expect(report.times['sync']!.median).toBeGreaterThan(report.times['round trip']!.median)
  expect(reportOf(value.out)).toMatchObject({ kind: 'value', entries: 1 })
  expect(reportOf(supply.out).perSecond.updatesIn).toBeGreaterThan(0)
})

test('--writes puts keys of its own, no more than --rate, and removes them', async () => {
  const { code, out, err } = await run('map', '--writes', '--rate', '50', '--clients', '2')
  expect([code, err]).toEqual([0, ''])
  const { times, perSecond, refused } = reportOf(out)
  expect(Object.keys(times)).toEqual(['connect', 'round trip', 'sync', 'write', 'write, busy'])
  expect(refused).toBe(0)
  expect(times['write, busy']!.samples).toBeLessThanOrEqual(12)
  expect(perSecond.updatesIn).toBeGreaterThan(0)
  expect(perSecond.writesOut).toBeGreaterThan(0)
  const written = at.heard.map(each => String((each as readonly unknown[])[0]))
  expect(written.every(key => key.startsWith('swimlink-bench-'))).toBe(true)
  expect(keys()).toEqual(['guest', 'parking'])
})

test('Ctrl-C ends it with nothing left there', async () => {
  const command = new Piped(['bench', at.uri, '/n', 'map', '--writes', '--duration', '1m', '--syncs', '1'])
  await vi.waitFor(() => expect(keys().length).toBeGreaterThan(10), 10_000)
  command.child.kill('SIGINT')
  const { code, out } = await command.ended
  expect([code, out, keys()]).toEqual([130, '', ['guest', 'parking']])
})

test('without --syncs a lane is linked to as often as it takes for percentiles', async () => {
  const quick = await swimlink('bench', at.uri, '/n', 'map', '--duration', '100ms', '--clients', '3')
  const { times } = reportOf(quick.out)
  for (const { samples, median, p95 } of Object.values(times)) {
    expect([samples % 3, samples >= 30, samples <= 102]).toEqual([0, true, true])
    expect(p95).toBeGreaterThanOrEqual(median)
  }
})

test('on a terminal: how far it is, and a table in the end', async () => {
  const options = ['--duration', '500ms', '--syncs', '3']
  const terminal = new OnTerminal(['bench', at.uri, '/n', 'map', ...options], { columns: 100 })
  expect(await terminal.ended).toBe(0)
  await terminal.seen(lines => {
    expect(lines.some(line => line === `map of /n at ${at.uri}: 2 entries, 1 client, 0.5 s`)).toBe(true)
    expect(lines.some(line => /^ms +median +p95 +p99 +samples$/.test(line))).toBe(true)
    expect(lines.some(line => /^round trip +[\d.]+ +- +- +3$/.test(line))).toBe(true)
    expect(lines.at(-1)).toBe('received: 0 updates/s, 0 kB/s')
  })
  expect(terminal.raw).toContain('measuring')
})

test('without a host an embedded one is measured', async () => {
  const { code, out } = await swimlink('bench', '--duration', '300ms', '--syncs', '2', '--entries', '500')
  expect(code).toBe(0)
  const { entries, perSecond } = reportOf(out)
  expect(entries).toBe(500)
  expect(perSecond.writesOut).toBeGreaterThan(0)
})

test('a lane that refuses, or keeps nothing, ends it', async () => {
  at.host.node('/r', node => node.mapLane('no', { willUpdate: () => refuse }))
  const refused = await swimlink('bench', at.uri, '/r', 'no', '--writes', '--syncs', '1')
  expect([refused.code, refused.err]).toEqual([
    1,
    expect.stringMatching(/^swimlink: the lane refuses writes: [^\n]*\n$/),
  ])
  const lost = await run('command', '--writes')
  expect([lost.code, lost.err]).toEqual([1, expect.stringMatching(/^swimlink: the lane keeps nothing[^\n]*\n$/)])
  const value = await run('value', '--writes')
  expect([value.code, value.err]).toEqual([1, expect.stringMatching(/is not a map lane[^\n]*\n$/)])
  expect(at.lane('value', 'value').get()).toEqual({ floor: 3 })
})

test.each([
  [['HOST', '/n'], 2, /give the lane to measure: HOST NODE LANE/],
  [['HOST', '/n', 'map', '--rate', '5'], 2, /give --writes as well/],
  [['HOST', '/n', 'none'], 1, /no such lane/],
  [['warp://127.0.0.1:1', '/n', 'map'], 3, /ECONNREFUSED/],
])('%j ends with a line that says what to do', async (args, code, err) => {
  const end = await swimlink('bench', ...args.map(arg => (arg === 'HOST' ? at.uri : arg)))
  expect([end.code, end.err]).toEqual([code, expect.stringMatching(err)])
  expect(end.err).toMatch(/^swimlink: [^\n]*\n$/)
})
