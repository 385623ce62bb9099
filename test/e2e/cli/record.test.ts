// `swimlink record`: a tape of lanes, whole however it ends, without secrets, and no file lost to it.
// @module-tag full
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { readTape } from '../../../src/inspect/tape.js'
import { endCommands, Piped, swimlink } from '../../support/cli.js'
import { lookedAt, type LookedAt } from '../../support/cli-host.js'

let at: LookedAt
let folder: string
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'swimlink-record-'))))
afterAll(() => rmSync(folder, { recursive: true }))
beforeEach(async () => {
  at = await lookedAt({ authenticate: () => true })
})
afterEach(async () => {
  endCommands()
  await at.host.close()
})

const framesOf = (text: string) => readTape(text).lines.flatMap(line => ('direction' in line ? [line] : []))

test('lanes of all kinds are on the tape, as they change, until Ctrl-C; nothing is written to them', async () => {
  const file = join(folder, 'all.tape')
  const lanes = ['map', 'empty', 'value', 'supply', 'command'].flatMap(lane => ['/n', lane])
  const command = new Piped(['record', `${at.uri}?token=abcdef`, ...lanes, '--out', file, '--auth', '{key:secret77}'])
  const tape = () => readFileSync(file, 'utf8')
  await vi.waitFor(() => expect(tape().match(/@synced/g)).toHaveLength(5), 10_000)
  expect(at.heard).toEqual([])
  at.lane('map', 'map').set('late', { id: 3 })
  await vi.waitFor(() => expect(tape()).toContain('late'), 10_000)
  command.child.kill('SIGINT')
  const { code, out, err } = await command.ended
  expect([code, out]).toEqual([130, ''])
  expect(err).toMatch(/^\d+ frames, \d+ bytes on the tape\n$/)
  const frames = framesOf(tape())
  expect(Number.parseInt(err)).toBe(frames.length)
  expect(readTape(tape()).lines[0]).toMatchObject({ event: 'open', host: at.uri })
  expect(frames.filter(({ direction, text }) => direction === 'out' && /^@command/.test(text))).toEqual([])
  expect(tape()).not.toMatch(/abcdef|secret77/)
  expect(tape()).toMatch(/@auth/)
})

test('to the standard output, where no file is given: up to a count of frames, or a time', async () => {
  const counted = await swimlink('record', at.uri, '/n', 'map', '--count', '3')
  expect([counted.code, framesOf(counted.out).length]).toEqual([0, 3])
  expect(counted.err).toBe(`3 frames, ${Buffer.byteLength(counted.out)} bytes on the tape\n`)
  const timed = await swimlink('record', at.uri, '/n', 'map', '--out', '-', '--timeout', '300ms')
  expect(timed.code).toBe(0)
  expect(framesOf(timed.out).at(-1)!.text).toMatch(/^@synced/)
})

test.each(['SIGINT', '--timeout'])('a slow reader gets the whole tape (ended by %s)', async end => {
  const text = 'x'.repeat(20_000)
  for (let i = 0; i < 100; i++) at.lane('map', 'map').set(`entry ${i}`, text)
  const command = new Piped(['record', at.uri, '/n', 'map', ...(end === 'SIGINT' ? [] : [end, '1s'])])
  command.child.stdout!.pause()
  // What the pipe has no room for waits in the command.
  if (end === 'SIGINT') {
    await vi.waitFor(() => expect(command.child.stdout!.readableLength).toBeGreaterThan(0), 10_000)
    await new Promise(soon => setTimeout(soon, 500))
    command.child.kill('SIGINT')
  }
  await vi.waitFor(() => expect(command.err).toMatch(/on the tape\n$/), 10_000)
  command.child.stdout!.resume()
  const { code, out, err } = await command.ended
  expect(code).toBe(end === 'SIGINT' ? 130 : 0)
  expect(err).toBe(`${framesOf(out).length} frames, ${Buffer.byteLength(out)} bytes on the tape\n`)
  if (end === '--timeout') expect(framesOf(out)).toHaveLength(105)
})

test('a reader that has had enough ends it without a word', async () => {
  const command = new Piped(['record', at.uri, '/n', 'map'])
  await command.printed(/@synced/)
  command.child.stdout!.destroy()
  const timer = setInterval(() => at.lane('map', 'map').set('guest', { at: performance.now() }), 20)
  const { code, err } = await command.ended
  clearInterval(timer)
  expect([code, err]).toEqual([0, ''])
})

test('it ends before it is longer than --max-bytes, with a whole line', async () => {
  for (let i = 0; i < 100; i++) at.lane('map', 'map').set(`entry ${i}`, 'ä'.repeat(20))
  const { code, out, err } = await swimlink('record', at.uri, '/n', 'map', '--out', '-', '--max-bytes', '2000')
  expect(code).toBe(0)
  expect(err).toMatch(/; --max-bytes 2000 are full\n$/)
  expect(Buffer.byteLength(out)).toBeLessThanOrEqual(2000)
  expect(Buffer.byteLength(out)).toBeGreaterThan(1700)
  expect(out.endsWith('}\n')).toBe(true)
  expect(framesOf(out).length).toBeGreaterThan(3)
})

test('a file that exists is written over with --force alone', async () => {
  const file = join(folder, 'mine')
  writeFileSync(file, 'mine')
  const run = (...more: string[]) => swimlink('record', at.uri, '/n', 'map', '--out', file, '--count', '2', ...more)
  const refused = await run()
  expect([refused.code, refused.err]).toEqual([
    2,
    `swimlink: there is a file ${file}: give another by --out, or --force to overwrite it\n`,
  ])
  expect(readFileSync(file, 'utf8')).toBe('mine')
  expect((await run('--force')).code).toBe(0)
  expect(framesOf(readFileSync(file, 'utf8'))).toHaveLength(2)
})

test.each([
  [['/n'], 2, /^swimlink: the node \/n has no lane: give NODE LANE, in pairs\n$/],
  [['/n', 'none'], 1, /^swimlink: there is no such lane: the lane none of the node \/n .*\n$/],
  [['/n', 'map', '--max-bytes', '10'], 2, /^swimlink: .*Give a whole number from 1000 on.*\n$/],
])('%j ends with a line that says what to do', async (args, code, err) => {
  const end = await swimlink('record', at.uri, ...args, '--out', '-')
  expect([end.code, end.err]).toEqual([code, expect.stringMatching(err)])
})

test('a host that is not there ends it, and leaves no file', async () => {
  const file = join(folder, 'gone')
  const end = await swimlink('record', 'warp://127.0.0.1:1', '/n', 'map', '--out', file)
  expect(existsSync(file)).toBe(false)
  expect([end.code, end.err]).toEqual([3, expect.stringMatching(/^swimlink: .*\n$/)])
})
