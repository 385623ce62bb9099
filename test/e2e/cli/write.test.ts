// What `swimlink` writes: what it is given, to the kind of lane that it is for, and how each write ended.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { refuse } from '../../../src/host/index.js'
import { builtPackage } from '../../support/built.js'
import { endCommands, Piped, swimlink } from '../../support/cli.js'
import { lookedAt, type LookedAt } from '../../support/cli-host.js'

let at: LookedAt
beforeEach(async () => {
  at = await lookedAt()
})
afterEach(async () => {
  endCommands()
  await at.host.close()
})

const run = (command: string, laneUri: string, ...given: string[]) => swimlink(command, at.uri, '/n', laneUri, ...given)
const entries = (laneUri = 'map') => [...at.lane(laneUri, 'map')]

test('put: an entry of a map, in Recon and in JSON', async () => {
  expect(await run('put', 'empty', 'a', '5')).toEqual({ code: 0, out: 'taken\n', err: '' })
  await Promise.all([
    run('put', 'empty', '"two words"', '{id:7,floor:1}'),
    run('put', 'empty', '{x:1}', '@tag(9)'),
    run('put', '--json', 'empty', '"j"', '{"a":[1,null,"true"]}'),
  ])
  const held = new Map(entries('empty').map(([key, value]) => [JSON.stringify(key), value]))
  expect(held.get('"a"')).toBe(5)
  expect(held.get('"two words"')).toEqual({ id: 7, floor: 1 })
  expect(held.get('{"x":1}')).toEqual({ '@tag': 9 })
  expect(held.get('"j"')).toEqual({ a: [1, null, 'true'] })
})

test('put without KEY: a value lane; and VALUE - is the standard input', async () => {
  expect(await run('put', 'value', '{floor:9}')).toEqual({ code: 0, out: 'taken\n', err: '' })
  expect(at.lane('value', 'value').get()).toEqual({ floor: 9 })
  await builtPackage()
  const { code } = await new Piped(['put', at.uri, '/n', 'value', '--json', '-'], { input: '{"floor":10}\n' }).ended
  expect([code, at.lane('value', 'value').get()]).toEqual([0, { floor: 10 }])
})

test('a lane of the other kind is left as it is', async () => {
  const [value, map, clear, remove] = await Promise.all([
    run('put', 'value', 'k', '1'),
    run('put', 'map', '1'),
    run('clear', 'value'),
    run('remove', 'value', 'k'),
  ])
  expect([value, map, clear, remove].map(({ code }) => code)).toEqual([1, 1, 1, 1])
  expect(value.err).toMatch(/^swimlink: the lane value .* is not a map lane: leave out KEY.*\n$/)
  expect(map.err).toMatch(/^swimlink: the lane map .* is a map lane: give a KEY as well\n$/)
  expect([at.heard, at.lane('value', 'value').get(), entries()]).toEqual([
    [],
    { floor: 3 },
    [
      ['guest', { id: 1, floor: 4 }],
      ['parking', { id: 2, floor: -1, note: 'two\nlines' }],
    ],
  ])
})

test('remove, drop, take and clear', async () => {
  const lane = at.lane('empty', 'map')
  for (let i = 0; i < 9; i++) lane.set(i, i)
  expect((await run('remove', 'empty', '0', '1', '77')).out).toBe('taken\ntaken\nnot there\n')
  expect((await run('drop', 'empty', '2')).out).toBe('5 of 7 entries left\n')
  expect([...lane.keys()]).toEqual([4, 5, 6, 7, 8])
  expect((await run('take', 'empty', '2')).out).toBe('2 of 5 entries left\n')
  expect([...lane.keys()]).toEqual([4, 5])
  expect((await run('clear', 'empty')).out).toBe('0 of 2 entries left\n')
  expect(lane.size).toBe(0)
})

test('command: sent as it is', async () => {
  expect(await run('command', 'command', '{open:3}')).toEqual({ code: 0, out: 'sent\n', err: '' })
  await run('command', 'command', '--json', '"two words"')
  await run('command', 'command')
  expect(at.heard).toEqual([[{ open: 3 }], ['two words'], [undefined]])
})

test('a command lane keeps nothing: what put sends is sent, and not taken', async () => {
  const said = 'sent: the lane keeps nothing of it, as a command lane; use swimlink command for such a lane\n'
  expect(await run('put', 'command', '5')).toEqual({ code: 0, out: said, err: '' })
  expect(await run('put', 'command', 'k', '5')).toEqual({ code: 0, out: said, err: '' })
  // Lanes that were empty as well, and keep it.
  expect((await run('put', 'unset', '5')).out).toBe('taken\n')
  expect((await run('put', 'empty', 'k', '{}')).out).toBe('taken\n')
  const end = await new Piped(['import', at.uri, '/n', 'command'], { input: '{"key":"a","value":1}\n' }).ended
  expect([end.code, end.out, end.err]).toEqual([1, '', expect.stringMatching(/1 sent, and the lane keeps none/)])
})

test.each<[string, string[], RegExp]>([
  ['value', ['get', '--kind', 'map'], /is not a map lane: give --kind value, or leave it out\n$/],
  ['map', ['get', '--kind', 'value'], /is a map lane: give --kind map, or leave it out\n$/],
  ['value', ['link', '--kind', 'map'], /is not a map lane: give --kind value/],
  ['value', ['types', '--kind', 'map'], /is not a map lane: give --kind value/],
  ['value', ['export'], /is not a map lane: swimlink export is for map lanes\n$/],
  ['value', ['clear'], /is not a map lane: swimlink clear is for map lanes\n$/],
  ['value', ['import'], /is not a map lane: swimlink import is for map lanes\n$/],
])('of the lane %s, %j: what is advised is what the command has', async (laneUri, [command, ...options], message) => {
  const { code, err } = await run(command!, laneUri, ...options)
  expect([code, err]).toEqual([1, expect.stringMatching(message)])
})

test('a write that the lane refuses, or makes something else of, is said', async () => {
  at.host.node('/picky', node => {
    node.mapLane<string, number>('map', {
      willUpdate: (_, value) => (value < 0 ? refuse : Math.min(value, 100)),
    })
  })
  const put = (value: string) => swimlink('put', at.uri, '/picky', 'map', '--', 'a', value)
  expect(await put('5')).toMatchObject({ code: 0, out: 'taken\n' })
  expect(await put('500')).toMatchObject({ code: 0, out: 'superseded: the lane holds 100\n' })
  expect(await put('-5')).toEqual({
    code: 1,
    out: '',
    err: 'swimlink: the lane refused the write, and keeps its state\n',
  })
})
