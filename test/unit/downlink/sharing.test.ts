// Several downlinks on one lane.
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { ScriptedHost } from '../../support/scripted-host.js'

const names =
  'didOpen didConnect willLink didLink willSync didSync willUnlink didUnlink didDisconnect didClose didUpdate didRemove didClear'

function witness() {
  const story: unknown[][] = []
  const callbacks = Object.fromEntries(
    names.split(' ').map(name => [name, (...args: unknown[]) => void story.push([name, ...args])]),
  )
  return { story, callbacks }
}

describe('downlinks that share a lane', () => {
  test('a late one gets the state and its callbacks at once, and nothing goes over the wire', async () => {
    const host = new ScriptedHost()
    host.map().open()
    await host.settle()
    await host.say('@linked', '@event@update(key:a) 1', '@synced')
    host.take()
    const { story, callbacks } = witness()
    const late = host.client.downlinkMap({ laneUri: 'map', ...callbacks }).open()
    await late.whenSynced()
    expect(story).toEqual([['didOpen'], ['didConnect'], ['didLink'], ['didUpdate', 'a', 1, undefined], ['didSync']])
    expect(host.take()).toEqual([])
  })

  test('one that syncs, joining a link that does not, is synced after a sync of its own', async () => {
    const host = new ScriptedHost()
    host.client.downlinkEvent().laneUri('map').open()
    await host.settle()
    await host.say('@linked')
    expect(host.take()).toEqual(['@link'])
    const { story, callbacks } = witness()
    const map = host.client.downlinkMap({ laneUri: 'map', ...callbacks }).open()
    await host.settle()
    expect(host.take()).toEqual(['@sync'])
    expect(map.status).toEqual({ state: 'syncing' })
    expect(story).toEqual([['didOpen'], ['didConnect'], ['didLink'], ['willSync']])
    await host.say('@event@update(key:a) 1', '@synced')
    expect(map.synced).toBe(true)
    expect(story.slice(4)).toEqual([['didUpdate', 'a', 1, undefined], ['didSync']])
  })

  test('one that does not sync is linked, whatever the link that it shares is doing', async () => {
    const host = new ScriptedHost()
    host.map().open()
    const events = host.client.downlinkEvent().laneUri('map').open()
    await host.settle()
    await host.say('@linked')
    expect(events.status).toEqual({ state: 'linked' })
    await host.say('@event@update(key:a) 1', '@synced', '@event@drop(1)')
    expect(events.status).toEqual({ state: 'linked' })
  })

  test('closing one leaves the others; the last one unlinks after a grace', async () => {
    const host = new ScriptedHost()
    const [first, second] = [host.map().open(), host.map().open()]
    await host.settle()
    await host.say('@linked', '@synced')
    first.close()
    await host.clock.advance(1000)
    expect(host.take()).toEqual(['@sync'])
    await host.say('@event@update(key:a) 1')
    expect(second.get('a')).toBe(1)
    second.close()
    await host.clock.advance(99)
    expect(host.take()).toEqual([])
    await host.clock.advance(1)
    expect(host.take()).toEqual(['@unlink'])
  })

  test('one opened within the grace takes the link over, with no word to the host', async () => {
    const host = new ScriptedHost()
    const first = host.map().open()
    await host.settle()
    await host.say('@linked', '@event@update(key:a) 1', '@synced')
    host.take()
    first.close()
    const second = host.map().open()
    await host.clock.advance(10_000)
    expect(host.take()).toEqual([])
    expect(second.synced).toBe(true)
    expect(second.get('a')).toBe(1)
  })

  test('each has the schemas that it wants, and its own failures', async () => {
    const host = new ScriptedHost()
    const failed: unknown[] = []
    const [raw, typed] = [
      host.map().open(),
      host
        .map()
        .valueSchema(z.number())
        .didFail(error => failed.push(error.code))
        .open(),
    ]
    await host.settle()
    await host.say('@linked', '@event@update(key:a) 1', '@event@update(key:b) text', '@synced')
    expect([...raw]).toEqual([
      ['a', 1],
      ['b', 'text'],
    ])
    expect([...typed]).toEqual([['a', 1]])
    expect(failed).toEqual(['schema'])
  })

  test('a write within a callback is reported to each of them after the event that caused it', async () => {
    const host = new ScriptedHost()
    const told: unknown[][] = []
    const open = (name: string) =>
      host
        .map()
        .valueSchema(z.number())
        .didUpdate((key, value, old) => {
          told.push([name, value, old])
          if (name === 'first' && value === 1) {
            first.set(key, 2)
            expect(first.get(key)).toBe(2)
          }
        })
        .open()
    const first = open('first')
    const second = open('second')
    await host.settle()
    await host.say('@linked', '@event@update(key:a) 1', '@synced')
    expect(told).toEqual([
      ['first', 1, undefined],
      ['second', 1, undefined],
      ['first', 2, 1],
      ['second', 2, 1],
    ])
    expect(second.get('a')).toBe(2)
  })

  test('one that is opened and closed at once leaves no link and no socket behind', async () => {
    const host = new ScriptedHost()
    host.map().open().close()
    await host.clock.advance(5000)
    expect(host.network.sockets.size).toBe(0)
    expect(host.clock.pendingTimers).toBe(0)
    expect(host.heard).toEqual([])
  })

  test('one that is closed while offline is not linked once the host is back', async () => {
    const host = new ScriptedHost()
    const map = host.map().open()
    await host.settle()
    await host.say('@linked', '@synced')
    host.take()
    host.network.refuses = true
    await host.cut()
    map.close()
    await host.clock.advance(5000)
    host.network.refuses = false
    await host.clock.advance(60_000)
    expect(host.heard).toEqual([])
    expect(host.network.sockets.size).toBe(0)
    expect(host.clock.pendingTimers).toBe(0)
  })

  test('one that wants the state of a lane is synced, though its link was asked for without, and not answered yet', async () => {
    const host = new ScriptedHost()
    const failed: string[] = []
    void host.client.command('warp://host', '/unit/1', 'map', 1)
    await host.settle()
    host.take()
    // The socket is open: this one asks at once.
    const events = host.client.downlinkEvent().laneUri('map').open()
    await host.settle()
    const map = host
      .map()
      .didFail(error => failed.push(error.code))
      .open()
    await host.settle()
    expect(host.take()).toEqual(['@link'])
    await host.say('@linked')
    expect(host.take()).toEqual(['@sync'])
    await host.say('@event@update(key:a) 1', '@synced')
    expect([[...map], map.status]).toEqual([[['a', 1]], { state: 'synced' }])
    await host.clock.advance(60_000)
    expect(failed).toEqual([])
    for (const each of [events, map]) each.close()
  })
})
