// demo/link.mjs at lanes of every kind: looking writes nothing, and what is given to be written is.
// @module-tag full
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WarpHost } from '../../src/host/index.js'
import { Command, endCommands, startDemo } from '../support/demo.js'

let host: WarpHost
let uri: string
/** What clients were seen to write or to send. */
const heard: unknown[] = []
const hear = (...what: unknown[]): undefined => void heard.push(what)

const lanes = [
  'map',
  'empty',
  'numbered',
  'value',
  'unset',
  'command',
  'supply',
  'demand',
  'joinedValues',
  'joinedMaps',
]

beforeEach(async () => {
  heard.length = 0
  host = new WarpHost()
  const writes = { willUpdate: hear, willRemove: hear, willSet: hear }
  host.node('/n', node => {
    const { willUpdate, willRemove, willSet } = writes
    node.mapLane('map', { willUpdate, willRemove })
    node.mapLane('empty', { willUpdate, willRemove })
    node.mapLane('numbered', { willUpdate, willRemove })
    node.valueLane<object>('value', { initial: { floor: 3 }, willSet })
    node.valueLane('unset', { willSet })
    node.commandLane('command', { onCommand: body => hear(body) })
    node.supplyLane('supply')
    node.demandLane('demand', { onCue: () => 'made' })
    node.joinValueLane('joinedValues').join('a', { nodeUri: '/n', laneUri: 'value' })
    node.joinMapLane('joinedMaps').join('a', { nodeUri: '/n', laneUri: 'map' })
  })
  uri = (await host.listen()).uri
  lane('map', 'map').set('guest', { id: 1, floor: 4 })
  lane('numbered', 'map').set(7, 'seven')
  // Code of the host may write; it is not what is looked for.
  heard.length = 0
})

afterEach(async () => {
  endCommands()
  await host.close()
})

const lane = <K extends 'map' | 'value' | 'command' | 'supply'>(laneUri: string, kind: K) =>
  host.nodeRef('/n').lane(laneUri, kind)
const link = (...given: string[]) => new Command('demo/link.mjs', uri, '/n', ...given)

const shown: Record<string, RegExp> = {
  map: /guest +id 1, floor 4/,
  empty: /no entries so far/,
  numbered: /7 +seven/,
  value: /a value lane[^]*value floor 3/,
  unset: /a value lane[^]*no value so far/,
  command: /no entries so far/,
  supply: /no entries so far/,
  demand: /a value lane[^]*value made/,
  joinedValues: /a +floor 3/,
  joinedMaps: /guest +id 1, floor 4/,
}

describe('looking writes nothing', () => {
  test.each(lanes)('at the lane %s', async laneUri => {
    const command = link(laneUri)
    await command.printed(shown[laneUri]!)
    const code = await command.interrupt()
    expect(code).toBe(0)
    expect(command.text).not.toMatch(/→|Error/)
    expect(heard).toEqual([])
    expect([...lane('map', 'map')]).toEqual([['guest', { id: 1, floor: 4 }]])
    expect([...lane('empty', 'map')]).toEqual([])
    expect([lane('value', 'value').get(), lane('unset', 'value').get()]).toEqual([{ floor: 3 }, undefined])
  })

  test('though entries change, and an empty lane shows to be of another kind', async () => {
    const map = link('map')
    await map.printed(/guest +id 1/)
    lane('map', 'map').set('guest', { id: 1, floor: 5 })
    heard.length = 0
    await map.printed(/guest floor 4 → 5/)

    const supply = link('supply')
    await supply.printed(/no entries so far/)
    const events = link('supply', '--kind', 'event')
    await events.printed(/linked/)
    lane('supply', 'supply').emit('ring')
    await supply.printed(/a value lane[^]*synced/)
    await events.printed(/event ring/)
    lane('supply', 'supply').emit('ring again')
    await supply.printed(/value ring again/)
    expect(heard).toEqual([])
  })
})

describe('writes what it is given', () => {
  test('an entry of a map', async () => {
    await link('map', '--key', 'glass', '--value', '{id:3,floor:5}').printed(
      /← glass id 3, floor 5 +back from the lane/,
    )
    expect(lane('map', 'map').get('glass')).toEqual({ id: 3, floor: 5 })
  })

  test('a value', async () => {
    await link('value', '--value', '{floor:9}').printed(/← value floor 9 +back from the lane after [\d.]+ ms/)
    expect(lane('value', 'value').get()).toEqual({ floor: 9 })
  })

  test('a command', async () => {
    const command = link('command', '--command', '"two words"')
    await command.printed(/sent/)
    await command.printed(/event two words/)
    expect(heard).toEqual([['two words']])
  })

  test.each([
    ['value', ['--key', 'a', '--value', '1'], /value is a value lane; to write to it give --value VALUE without --key/],
    ['map', ['--value', '1'], /map is a map lane; to write to it give --key KEY --value VALUE/],
  ])('unless the lane %s is of another kind', async (laneUri, given, message) => {
    const command = link(laneUri, ...given)
    expect(await command.ended).toBe(1)
    expect(command.text).toMatch(message)
    expect(heard).toEqual([])
    expect([...lane('map', 'map').keys(), lane('value', 'value').get()]).toEqual(['guest', { floor: 3 }])
  })
})

describe('what it is given', () => {
  test('--help prints what there is, and links to nothing', async () => {
    for (const given of [['--help'], ['warp://host', '/n', 'l', '--help']]) {
      const help = new Command('demo/link.mjs', ...given)
      expect(await help.ended).toBe(0)
      expect(help.text).toMatch(/^node demo\/link\.mjs warp:\/\/HOST:PORT NODE LANE/)
      for (const option of ['kind', 'key', 'value', 'command', 'help']) expect(help.text).toContain(`--${option}`)
    }
  })

  test.each([
    [[], /give a host, a node and a lane/],
    [['warp://host', '/n'], /give a host, a node and a lane/],
    [['warp://host', '/n', 'l', '--key', 'a'], /--key needs --value/],
    [['warp://host', '/n', 'l', '--value', '1', '--command', '2'], /--value or --command, not both/],
    [['warp://host', '/n', 'l', '--kind', 'list'], /--kind is map, value or event, not list/],
    [['warp://host', '/n', 'l', '--kind', 'value', '--key', 'a', '--value', '1'], /--kind map, not value/],
    [['warp://host', '/n', 'l', '--valeu', '1'], /--valeu/],
    [['warp://host', '/n', 'l', '--value', '{a:'], /ReconError/],
  ])('%j is refused with what to do', async (given, message) => {
    const command = new Command('demo/link.mjs', ...given)
    expect(await command.ended).toBe(2)
    expect(command.text).toMatch(message)
  })

  test('what can not be linked to is an error that says what to do', async () => {
    const noLane = link('stairs')
    expect(await noLane.ended).toBe(1)
    expect(noLane.text).toMatch(/UnlinkedError.*stairs.*laneNotFound.*check the laneUri/s)

    const noHost = new Command('demo/link.mjs', 'http:', '/n', 'map')
    expect(await noHost.ended).toBe(1)
    expect(noHost.text).toMatch(/ConfigError.*warp:\/\/example\.com/s)
  })
})

test('a host that is away is said once, and waited for', async () => {
  const { command, uri } = await startDemo()
  await command.interrupt()
  const link = new Command('demo/link.mjs', uri, '/hotel/lobby', 'elevators')
  await link.printed(/ECONNREFUSED/)
  const again = new Command('demo/start.mjs', '--port', new URL(uri).port)
  await link.printed(/synced/)
  await link.printed(/guest +id 101, floor/)
  expect(link.text.match(/ECONNREFUSED/g)).toHaveLength(1)
  await again.interrupt()
})
