// `swimlink host`: lanes from flags, a JSON file and a module, until Ctrl-C.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { builtPackage } from '../../support/built.js'
import { endCommands, Piped, swimlink } from '../../support/cli.js'

let folder: string
beforeAll(async () => {
  await builtPackage()
  folder = mkdtempSync(join(tmpdir(), 'swimlink-host-'))
})
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(endCommands)

const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

async function serve(...args: string[]) {
  const command = new Piped(['host', ...args])
  await command.printed(/^warp:\S+\n/)
  return { command, uri: command.out.trim() }
}

const get = async (uri: string, node: string, lane: string) =>
  JSON.parse((await swimlink('get', uri, node, lane)).out) as unknown

test('from flags', async () => {
  const { command, uri } = await serve(
    '--map',
    '/hotel/:id#elevators',
    '/hotel/:id#rooms',
    '--value',
    '/hotel/:id#info',
  )
  // It comes by another pipe, and may be later.
  await vi.waitFor(() => expect(command.err).toBe(`look at it: swimlink link ${uri} /hotel/id elevators\n`))
  await swimlink('put', uri, '/hotel/a', 'elevators', 'guest', '{floor:4}')
  await swimlink('put', uri, '/hotel/a', 'info', 'open')
  const held = await Promise.all(['elevators', 'rooms', 'info'].map(lane => get(uri, '/hotel/a', lane)))
  expect([...held, await get(uri, '/hotel/b', 'elevators')]).toEqual([{ guest: { floor: 4 } }, {}, 'open', {}])
  command.child.kill('SIGINT')
  expect((await command.ended).code).toBe(130)
})

const hotel = {
  nodes: {
    '/hotel/:id': {
      elevators: { kind: 'map', entries: { guest: { floor: 4 }, __proto__x: 1 } },
      pairs: { kind: 'map', entries: [[1, 'one']] },
      info: { kind: 'value', value: 'open' },
      doors: { kind: 'command' },
      news: { kind: 'supply' },
    },
  },
}

test('from a JSON file', async () => {
  const { uri } = await serve(file('hotel.json', JSON.stringify(hotel)))
  expect(await get(uri, '/hotel/a', 'elevators')).toEqual(hotel.nodes['/hotel/:id'].elevators.entries)
  expect(await get(uri, '/hotel/a', 'pairs')).toEqual([[1, 'one']])
  expect(await get(uri, '/hotel/a', 'info')).toBe('open')
  expect((await swimlink('command', uri, '/hotel/a', 'doors', 'shut')).code).toBe(0)
})

test('from a module', async () => {
  const { uri } = await serve(
    file('hotel.mjs', "export const define = host => void host.node('/n', node => node.mapLane('m').set('a', 1))"),
  )
  expect(await get(uri, '/n', 'm')).toEqual({ a: 1 })
})

test('with a store, what clients wrote outlives it, and is newer than the file', async () => {
  const args = [file('hotel.json', JSON.stringify(hotel)), '--store', join(folder, 'store')]
  const first = await serve(...args)
  await swimlink('put', first.uri, '/hotel/a', 'elevators', 'guest', '{floor:9}')
  first.command.child.kill('SIGINT')
  await first.command.ended
  const second = await serve(...args)
  expect(await get(second.uri, '/hotel/a', 'elevators')).toMatchObject({ guest: { floor: 9 } })
})

test.each<[string, string[], RegExp]>([
  ['nothing', [], /there is nothing to serve: give a FILE, or lanes such as --map/],
  [
    'a lane without a node',
    ['--map', 'elevators'],
    /--map elevators has no node and lane: give it as \/hotel\/:id#elevators/,
  ],
  [
    'a kind that is none',
    ['@{"nodes":{"/n":{"m":{"kind":"list"}}}}'],
    /the lane m of \/n has the kind list; give one of map, value, command, supply/,
  ],
  ['no JSON', ['@{'], /is not JSON .*; see swimlink host --help/],
  ['no nodes', ['@{"port":1}'], /has no "nodes"; see swimlink host --help/],
  ['no file', ['/no/such/file.json'], /no such file/],
  ['a pattern that is none', ['--map', '/n/:#m'], /./],
])('%s is refused with what to do', async (_, args, message) => {
  const given = args.map(each => (each.startsWith('@') ? file('bad.json', each.slice(1)) : each))
  const { code, err } = await swimlink('host', ...given)
  expect([code, err]).toEqual([2, expect.stringMatching(message)])
  expect(err).toMatch(/^swimlink: [^\n]+\n$/)
})

test('a port that is taken is said', async () => {
  const { uri } = await serve('--map', '/n#m')
  const { code, err } = await swimlink('host', '--map', '/n#m', '--port', new URL(uri.replace('warp', 'http')).port)
  expect([code, err]).toEqual([1, expect.stringMatching(/EADDRINUSE.*; give another --port\n$/)])
})
