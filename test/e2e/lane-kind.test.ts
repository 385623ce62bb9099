// Downlinks of another kind than their lane, on the embedded host: nothing that such a lane holds is changed by them.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { SwimClient, type SwimError } from '../../src/index.js'
import { WarpHost } from '../../src/host/index.js'

let host: WarpHost
let hostUri: string
let client: SwimClient<{ hostUri: string; nodeUri: string }>

beforeEach(async () => {
  host = new WarpHost()
  host.node('/n', node => {
    node.mapLane('map')
    node.mapLane('empty')
    node.valueLane('value', { initial: 'kept' })
    node.valueLane('unset')
    node.commandLane('command')
  })
  hostUri = (await host.listen()).uri
  client = new SwimClient({ hostUri, nodeUri: '/n' })
  lane('map', 'map').set('a', 1)
})

afterEach(async () => {
  await client.close()
  await host.close()
})

const lane = <K extends 'map' | 'value'>(uri: string, kind: K) => host.nodeRef('/n').lane(uri, kind)

const open = (kind: 'map' | 'value', laneUri: string) => {
  const failed: SwimError[] = []
  const downlink =
    kind === 'map'
      ? client
          .downlinkMap<string, unknown>()
          .laneUri(laneUri)
          .didFail(error => failed.push(error))
          .open()
      : client
          .downlinkValue<unknown>()
          .laneUri(laneUri)
          .didFail(error => failed.push(error))
          .open()
  const write = () => ('size' in downlink ? downlink.put('x', 1) : downlink.put('x'))
  return { downlink, failed, write }
}

describe.each([
  ['map', 'value', 'value'],
  ['map', 'unset', 'value'],
  ['value', 'map', 'map'],
] as const)('a %s downlink to the lane %s', (kind, laneUri, found) => {
  test('is refused in whenSynced, didFail and at every write, whether it writes before or after it is known', async () => {
    const { downlink, failed, write } = open(kind, laneUri)
    const before = write()
    await expect(downlink.whenSynced()).rejects.toMatchObject({ code: 'laneKind', found, wanted: kind })
    await expect(before).rejects.toMatchObject({ code: 'laneKind' })
    await expect(write()).rejects.toMatchObject({ code: 'laneKind' })
    expect(failed.map(({ code }) => code)).toEqual(['laneKind'])
    expect(downlink.status).toMatchObject({ state: 'unlinked', reason: 'laneKind' })
    const late = open(kind, laneUri)
    await expect(late.downlink.whenSynced()).rejects.toMatchObject({ code: 'laneKind' })
    await expect(late.write()).rejects.toMatchObject({ code: 'laneKind' })
    await client.settled({ timeoutMs: 2000 })
    expect([...lane('map', 'map')]).toEqual([['a', 1]])
    expect([lane('value', 'value').get(), lane('unset', 'value').get()]).toEqual(['kept', undefined])
  })

  test('leaves one of the right kind as it is', async () => {
    const right = open(found, laneUri)
    await right.downlink.whenSynced()
    const wrong = open(kind, laneUri)
    await expect(wrong.downlink.whenSynced()).rejects.toMatchObject({ code: 'laneKind' })
    expect(await right.write()).toBe('taken')
    expect([right.downlink.synced, right.failed]).toEqual([true, []])
  })
})

test('a map downlink to an empty lane, or to a command lane, is synced until the first event of the lane', async () => {
  const [empty, command] = [open('map', 'empty'), open('map', 'command')]
  await Promise.all([empty.downlink.whenSynced(), command.downlink.whenSynced()])
  expect(await empty.write()).toBe('taken')
  await client.command(hostUri, '/n', 'command', 5)
  await expect.poll(() => command.downlink.status.state).toBe('unlinked')
  expect([empty.failed, command.failed.map(({ code }) => code)]).toEqual([[], ['laneKind']])
  await expect(command.write()).rejects.toMatchObject({ code: 'laneKind' })
})

test('an event downlink is for all of them', async () => {
  const bodies: unknown[] = []
  const links = ['map', 'value', 'command'].map(laneUri => {
    const event = client
      .downlinkEvent()
      .laneUri(laneUri)
      .onEvent(body => bodies.push(body))
      .open()
    event.on('didFail', error => bodies.push(error))
    return new Promise(resolve => event.on('didLink', resolve as () => void))
  })
  await Promise.all(links)
  await client.command(hostUri, '/n', 'command', 'said')
  lane('value', 'value').set('new')
  lane('map', 'map').clear()
  await expect.poll(() => bodies).toHaveLength(3)
  expect(bodies).toEqual(expect.arrayContaining(['said', 'new', { '@clear': null }]))
})
