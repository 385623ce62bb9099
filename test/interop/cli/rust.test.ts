// The command line on a SwimOS Rust host: every command that a lane of it takes.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { builtPackage } from '../../support/built.js'
import { endCommands, Piped, swimlink } from '../../support/cli.js'
import { startRustHost } from '../hosts/rust-host.js'
import type { RealHost } from '../hosts/host-process.js'

let host: RealHost
beforeAll(async () => {
  await builtPackage()
  host = await startRustHost()
})
afterEach(endCommands)
afterAll(() => host?.stop())

const run = (command: string, node: string, lane: string, ...given: string[]) =>
  swimlink(command, host.uri, `/unit/${node}`, lane, ...given)
const held = async (node: string, lane = 'map') => JSON.parse((await run('get', node, lane)).out) as unknown

test('put, get, remove and clear', async () => {
  for (const key of ['a', 'b', 'c', 'd', 'e']) expect((await run('put', 'w', 'map', key, '{id:1}')).out).toBe('taken\n')
  expect((await run('remove', 'w', 'map', 'a')).out).toBe('taken\n')
  expect(Object.keys((await held('w')) as object)).toEqual(['b', 'c', 'd', 'e'])
  expect((await run('clear', 'w', 'map')).out).toBe('0 of 4 entries left\n')
  expect(await held('w')).toEqual({})
})

test('drop and take, which the host has not, are said to have gone wrong', async () => {
  for (const [node, command] of [
    ['d', 'drop'],
    ['t', 'take'],
  ] as const) {
    for (const key of ['a', 'b', 'c']) await run('put', node, 'map', key, '1')
    const { code, out, err } = await run(command, node, 'map', '1')
    expect([code, out]).toEqual([1, ''])
    expect(err).toMatch(
      /^swimlink: 0 of 3 entries are left, not \d: .*SwimOS Rust ends the agent over drop and take\n$/,
    )
  }
})

test('a value lane is found out, and kept from a map', async () => {
  expect((await run('put', 'v', 'value', '{floor:3}')).out).toBe('taken\n')
  expect(await held('v', 'value')).toEqual({ floor: 3 })
  expect(await run('put', 'v', 'value', 'k', '1')).toMatchObject({ code: 1 })
  expect(await held('v', 'value')).toEqual({ floor: 3 })
})

test('command, link, export, import and types', async () => {
  expect((await run('command', 'f', 'fill', '{count:30,prefix:p}')).out).toBe('sent\n')
  const link = new Piped(['link', host.uri, '/unit/f', 'map', '--limit', '31'])
  await link.printed(/p29/)
  await run('command', 'f', 'remote', '@remove(key:p3)')
  const { code, out } = await link.ended
  expect([code, out.trimEnd().split('\n').at(-1)]).toEqual([0, '{"type":"remove","key":"p3"}'])
  const exported = await run('export', 'f', 'map')
  expect(exported.out.trimEnd().split('\n')).toHaveLength(29)
  const imported = await new Piped(['import', host.uri, '/unit/g', 'map'], { input: exported.out }).ended
  expect(imported.out).toBe('29 entries put; the lane has 29\n')
  expect(await held('g')).toEqual(await held('f'))
  expect((await run('types', 'f', 'map')).out).toContain('from 29 of 29 entries')
})

test('record, replay and bench', async () => {
  for (const key of ['a', 'b', 'c']) await run('put', 'r', 'map', key, '{id:1}')
  const recorded = await run('record', 'r', 'map', '--out', '-', '--timeout', '500ms')
  expect(recorded.code).toBe(0)
  const folder = mkdtempSync(join(tmpdir(), 'swimlink-rust-'))
  const tape = join(folder, 'rust.tape')
  writeFileSync(tape, recorded.out)
  const replay = new Piped(['replay', tape, '--speed', 'max'])
  await replay.printed(/^warp:\S+\n/)
  const { code, out } = await swimlink('get', replay.out.trim(), '/unit/r', 'map')
  rmSync(folder, { recursive: true })
  expect([code, JSON.parse(out)]).toEqual([0, await held('r')])
  const measured = await run('bench', 'r', 'map', '--duration', '1s', '--syncs', '3', '--writes', '--format', 'json')
  expect([measured.code, (JSON.parse(measured.out) as { refused: number }).refused]).toEqual([0, 0])
  expect(Object.keys((await held('r')) as object)).toEqual(['a', 'b', 'c'])
})

test('a lane and a node that are not there', async () => {
  expect(await run('get', 'x', 'nothing')).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^swimlink: there is no such lane/),
  })
  const { code, err } = await swimlink('get', host.uri, '/nowhere/x', 'map')
  expect([code, err]).toEqual([1, expect.stringMatching(/\(nodeNotFound\)/)])
})
