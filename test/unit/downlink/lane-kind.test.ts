// A downlink of another kind than its lane says so, and sends nothing to it (docs/PROTOCOL.md#kinds-of-lanes).
import { describe, expect, test } from 'vitest'
import '../../../src/list.js'
import { LaneKindError, type SwimError } from '../../../src/index.js'
import { parse } from '../../../src/recon/index.js'
import { follow } from '../../support/follow.js'
import { ScriptedHost } from '../../support/scripted-host.js'

const commands = (host: ScriptedHost) => host.take().filter(frame => frame.startsWith('@command'))

/** A downlink of a kind, with what it fails with, how it writes, and how it reads. */
function open(host: ScriptedHost, kind: 'map' | 'value') {
  const failed: SwimError[] = []
  const synced: string[] = []
  if (kind === 'map') {
    const map = host
      .map()
      .didFail(error => failed.push(error))
      .didSync(() => synced.push('synced'))
      .open()
    return {
      downlink: map,
      failed,
      synced,
      put: () => map.put('a', 1),
      writes: [() => map.set('a', 1), () => map.delete('a'), () => map.clear(), () => map.drop(1), () => map.take(1)],
      read: () => [...map],
    }
  }
  const value = host.client
    .downlinkValue<unknown>()
    .laneUri('map')
    .didFail(error => failed.push(error))
    .didSync(() => synced.push('synced'))
    .open()
  return {
    downlink: value,
    failed,
    synced,
    put: () => value.put(1),
    writes: [() => value.set(1), () => value.set(undefined)],
    read: () => [value.get()].filter(each => each !== undefined),
  }
}

/** What a lane that is found out says in its first state, and the downlink that it is not for. */
const misfits = [
  ['a map downlink', 'map', 'value', '@event 5'],
  ['a map downlink', 'map', 'value', '@event'],
  ['a map downlink', 'map', 'value', '@event{a:1}'],
  ['a map downlink', 'map', 'value', '@event true'],
  ['a value downlink', 'value', 'map', '@event@update(key:a) 1'],
  ['a value downlink', 'value', 'map', '@event@update(key:a)'],
  ['a map downlink', 'map', 'list', '@event@update(index:0,key:a) 1'],
  ['a map downlink', 'map', 'list', '@event@remove(index:0,key:a)'],
  ['a map downlink', 'map', 'list', '@event@move(from:0,to:1,key:a)'],
  ['a value downlink', 'value', 'list', '@event@update(index:0,key:a) 1'],
] as const

describe.each(misfits)('%s (%s) of a %s lane that says %s', (_, wanted, found, event) => {
  test('is unlinked with a LaneKindError: whenSynced rejects, didFail hears it once, and each write throws it unsent', async () => {
    const host = new ScriptedHost()
    const { downlink, failed, synced, put, writes, read } = open(host, wanted)
    const whenSynced = follow(downlink.whenSynced())
    await host.settle()
    await host.say('@linked', event, '@synced')
    expect(whenSynced.error).toBeInstanceOf(LaneKindError)
    expect(whenSynced.error).toMatchObject({ code: 'laneKind', found, wanted })
    expect(whenSynced.error!.message).toContain('lane map of node /unit/1')
    expect(failed).toEqual([whenSynced.error])
    expect(synced).toEqual([])
    expect(downlink.status).toEqual({ state: 'unlinked', reason: 'laneKind', error: whenSynced.error })
    expect([downlink.synced, read()]).toEqual([false, []])
    for (const write of writes) expect(write).toThrow(whenSynced.error as Error)
    expect(follow(put())).toBeDefined()
    await expect(put()).rejects.toBe(whenSynced.error)
    await expect(downlink.whenSynced()).rejects.toBe(whenSynced.error)
    await host.settle()
    expect([commands(host), host.errors, host.client.pendingCount]).toEqual([[], [], 0])
  })

  test('gives up what waited for the lane to be known, before anything is sent', async () => {
    const host = new ScriptedHost()
    const { failed, put, read, downlink } = open(host, wanted)
    const waits = follow(put())
    expect(read()).toHaveLength(1)
    await host.settle()
    await host.say('@linked', event, '@synced')
    expect([waits.end, failed.length, read()]).toEqual(['laneKind', 1, []])
    expect([commands(host), downlink.status.state]).toEqual([[], 'unlinked'])
  })

  test('says so to those that join late as well, and again after a lost socket tells nothing', async () => {
    const host = new ScriptedHost()
    const first = open(host, wanted)
    await host.settle()
    await host.say('@linked', event, '@synced')
    const late = open(host, wanted)
    const whenSynced = follow(late.downlink.whenSynced())
    await host.settle()
    expect([whenSynced.end, late.failed.length, late.downlink.status.state]).toEqual(['laneKind', 1, 'unlinked'])
    expect(late.writes[0]).toThrow(expect.objectContaining({ code: 'laneKind' }))
    await host.cut()
    await host.say('@linked', event, '@synced')
    for (const each of [first, late]) {
      expect(each.failed.filter(({ code }) => code === 'laneKind')).toHaveLength(1)
      expect([each.downlink.status.state, each.synced]).toEqual(['unlinked', []])
    }
    expect([commands(host), host.errors]).toEqual([[], []])
  })
})

/** Lists are told apart in the same way; a downlink of theirs has another shape. */
const others = misfits.flatMap(([name, wanted, found, event]) =>
  found === 'list' ? [] : [[name, wanted, found, event] as const],
)

describe.each(others)('%s (%s) of a %s lane that says %s', (_, wanted, found, event) => {
  test('leaves a downlink of the right kind alone, before it and beside it', async () => {
    const host = new ScriptedHost()
    const right = open(host, found)
    await host.settle()
    await host.say('@linked', event, '@synced')
    const wrong = open(host, wanted)
    const whenSynced = follow(wrong.downlink.whenSynced())
    await host.settle()
    await host.say(event, '@synced')
    expect([right.downlink.status.state, right.failed, right.synced.length > 0]).toEqual(['synced', [], true])
    expect(whenSynced.end).toBe('laneKind')
    const put = follow(right.put())
    await host.settle()
    expect(commands(host)).toHaveLength(1)
    await host.say(found === 'map' ? '@event@update(key:a) 1' : '@event 1')
    expect(put.end).toBe('taken')
    wrong.downlink.close()
    expect(wrong.downlink.status.state).toBe('closed')
  })
})

test('a map downlink leaves a list downlink of its lane alone', async () => {
  const host = new ScriptedHost()
  const list = host.client.downlinkList<number>().laneUri('map').open()
  const { failed } = open(host, 'map')
  await host.settle()
  await host.say('@linked', '@event@update(index:0,key:a) 1', '@synced')
  expect([[...list], list.status.state, failed.map(({ code }) => code)]).toEqual([[1], 'synced', ['laneKind']])
})

describe('an empty lane', () => {
  test('of a map shows no kind: the first event that no map sends does', async () => {
    const host = new ScriptedHost()
    const { downlink, failed, put } = open(host, 'map')
    await host.settle()
    await host.say('@linked', '@synced')
    expect([downlink.status.state, failed]).toEqual(['synced', []])
    const written = follow(put())
    await host.settle()
    expect(commands(host)).toEqual(['@command@update(key:a) 1'])
    // A command lane says each command to all who are linked.
    await host.say('@event 5')
    expect([downlink.status.state, failed.map(({ code }) => code), written.end]).toEqual([
      'unlinked',
      ['laneKind'],
      'laneKind',
    ])
  })

  test.each(['@event@remove(key:a)', '@event@update(key:a) 1'])(
    'shows a value downlink that it is a map: %s',
    async event => {
      const host = new ScriptedHost()
      const { downlink, failed } = open(host, 'value')
      await host.settle()
      await host.say('@linked', '@synced')
      expect(downlink.status.state).toBe('synced')
      await host.say(event)
      expect([downlink.status.state, failed.map(({ code }) => code)]).toEqual(['unlinked', ['laneKind']])
    },
  )

  test.each(['@event@clear', '@event@drop(2)', '@event@take(0)'])(
    '%s is an event of a map to a map downlink',
    async event => {
      const host = new ScriptedHost()
      const { failed } = open(host, 'map')
      await host.settle()
      await host.say('@linked', '@synced', event)
      expect(failed).toEqual([])
      // From now on its kind is known: what is no operation on maps is a frame that makes no sense.
      await host.say('@event 5')
      expect([failed.map(({ code }) => code), host.errors.map(({ code }) => code)]).toEqual([[], ['protocol']])
    },
  )
})

describe('a lane whose kind is known', () => {
  test('to be a value lane takes what looks like an operation on a map for a value', async () => {
    const host = new ScriptedHost()
    const value = host.client
      .downlinkValue<unknown>()
      .laneUri('map')
      .didFail(() => {})
      .open()
    await host.settle()
    await host.say('@linked', '@event 1', '@synced', '@event@update(key:a) 1')
    expect([value.status.state, value.get()]).toEqual(['synced', parse('@update(key:a) 1')])
  })

  test('an event downlink is for every lane', async () => {
    const host = new ScriptedHost()
    const bodies: unknown[] = []
    const failed: unknown[] = []
    const event = host.client
      .downlinkEvent()
      .laneUri('map')
      .onEvent(body => bodies.push(body))
      .didFail(error => failed.push(error))
      .open()
    await host.settle()
    await host.say('@linked', '@event 5', '@event@update(key:a) 1', '@event@clear')
    expect([bodies.length, failed, event.status.state]).toEqual([3, [], 'linked'])
    expect(follow(event.command({ '@clear': null })).end).toBe('pending')
    await host.settle()
    expect(commands(host)).toEqual(['@command@clear'])
  })
})
