// Closing delivers what was written, for as long as closeTimeoutMs; what could not go ends with ClosedError.
import { describe, expect, test } from 'vitest'
import type { SwimClientOptions } from '../../../src/index.js'
import { follow } from '../../support/follow.js'
import { ScriptedHost } from '../../support/scripted-host.js'

/** A host whose lanes take what they are sent, and report it, as soon as a client has linked and synced. */
function obliging(options: SwimClientOptions = {}) {
  const host = new ScriptedHost(options)
  host.answer = text => {
    const [, tag, address = '', body] = /^@(\w+)(\([^)]*\))?(.*)/s.exec(text)!
    if (tag === 'sync') return [`@linked${address}`, `@synced${address}`]
    if (tag === 'link') return [`@linked${address}`]
    if (tag === 'unlink') return [`@unlinked${address}`]
    return tag === 'command' ? [`@event${address}${body!}`] : []
  }
  const commands = () => host.take().filter(frame => frame.startsWith('@command'))
  return { host, commands }
}

/** What is written is on its way to the lane when this returns. */
type Write = (map: { set(key: 'key', value: string): unknown; delete(key: 'other'): unknown }) => unknown

describe('the program that opens, sets, deletes and ends its block', () => {
  const program: Write = map => {
    map.set('key', 'value')
    map.delete('other')
  }

  test.each([
    ['await using', true],
    ['using', true],
    ['await using', false],
    ['using', false],
  ])('changes the lane at the end of its block: %s, synced first: %s', async (keyword, isSynced) => {
    const { host, commands } = obliging()
    const block = async () => {
      if (keyword === 'using') {
        using map = host.map().open()
        if (isSynced) await map.whenSynced()
        program(map)
      } else {
        await using client = host.client
        const map = client.downlinkMap().nodeUri('/unit/1').laneUri('map').open()
        if (isSynced) await map.whenSynced()
        program(map)
      }
    }
    const end = follow(block())
    await host.clock.advance(1500)
    expect(commands()).toEqual(['@command@update(key:key) value'])
    expect(end.end).toBe(undefined)
    expect([host.client.pendingCount, host.errors]).toEqual([0, []])
  })

  test('await using resolves once the lane has answered', async () => {
    const { host } = obliging()
    host.network.latencyMs = 40
    const block = async () => {
      await using client = host.client
      const map = client.downlinkMap().laneUri('map').open()
      await map.whenSynced()
      map.set('a', 1)
    }
    const end = follow(block())
    // Up and down: to link, and to write.
    await host.clock.advance(159)
    expect(end.end).toBe('pending')
    await host.clock.advance(2)
    expect(end.end).toBe(undefined)
  })
})

describe('close', () => {
  test.each([
    ['linked', 0],
    ['still connecting', 100],
  ])('of a downlink delivers maps, values and commands, in order: %s', async (_, refusedMs) => {
    const { host } = obliging()
    host.network.refuses = refusedMs > 0
    const map = host.map().open()
    const value = host.client.downlinkValue<number>().laneUri('value').open()
    const event = host.client.downlinkEvent().laneUri('event').open()
    await host.settle()
    host.take()
    const ends = [map.put('a', 1), map.put('b', 2), value.put(3), event.command(4), event.command(5)].map(follow)
    for (const downlink of [map, value, event]) downlink.close()
    host.network.refuses = false
    await host.clock.advance(refusedMs)
    expect(ends.map(({ end }) => end)).toEqual(['taken', 'taken', 'taken', 'taken', 'taken'])
    const at = (lane: string) =>
      host.heard.filter(
        frame =>
          frame.startsWith('@command') && (lane === 'map' ? !frame.includes('lane:') : frame.includes(`lane:${lane}`)),
      )
    expect(at('map')).toEqual(['@command@update(key:a) 1', '@command@update(key:b) 2'])
    expect(at('value').map(frame => frame.replace(/\(.*\)/, ''))).toEqual(['@command 3'])
    expect(at('event').map(frame => frame.replace(/\(.*\)/, ''))).toEqual(['@command 4', '@command 5'])
    expect([map.status.state, value.status.state, event.status.state]).toEqual(['closed', 'closed', 'closed'])
    await host.clock.advance(1200)
    expect([host.network.sockets.size, host.clock.pendingTimers, host.errors]).toEqual([0, 0, []])
  })

  test.each([
    ['linked', false],
    ['still connecting', true],
  ])('of the client delivers those, and commands without a link: %s', async (_, refuses) => {
    const { host, commands } = obliging()
    host.network.refuses = refuses
    const map = host.map().open()
    const value = host.client.downlinkValue<number>().laneUri('value').open()
    const event = host.client.downlinkEvent().laneUri('event').open()
    await host.settle()
    host.take()
    const command = host.client.command('warp://host', '/unit/1', 'command', 5)
    const ends = [map.put('a', 1), value.put(3), event.command(4), command].map(follow)
    const closed = follow(host.client.close())
    expect(() => host.client.downlinkMap().laneUri('x').open()).toThrow(expect.objectContaining({ code: 'closed' }))
    host.network.refuses = false
    await host.clock.advance(100)
    expect(ends.map(({ end }) => end)).toEqual(['taken', 'taken', 'taken', 'taken'])
    expect(commands()).toHaveLength(4)
    expect(closed.end).toBe(undefined)
    expect([host.network.sockets.size, host.clock.pendingTimers, host.errors]).toEqual([0, 0, []])
  })

  test('takes no new write, and shows what was there', async () => {
    const { host } = obliging()
    const map = host.map().open()
    await host.settle()
    map.set('a', 1)
    map.close()
    for (const write of [() => map.set('b', 1), () => map.delete('a'), () => map.clear(), () => map.drop(1)]) {
      expect(write).toThrow(expect.objectContaining({ code: 'closed', discarded: false }))
    }
    expect(follow(map.put('b', 1))).toBeDefined()
    await expect(map.put('b', 1)).rejects.toMatchObject({ code: 'closed' })
    await host.settle()
    expect([...map]).toEqual([['a', 1]])
    expect(host.client.pendingCount).toBe(0)
  })

  test('closeTimeoutMs: 0 lets go at once: what waits ends with ClosedError, and what was sent goes its way', async () => {
    const { host, commands } = obliging({ closeTimeoutMs: 0 })
    host.network.latencyMs = 10
    const failed: string[] = []
    const map = host
      .map()
      .didFail(error => failed.push(error.code))
      .open()
    await host.clock.advance(50)
    commands()
    const sent = follow(map.put('sent', 1))
    for (const socket of host.network.sockets) socket.bufferedAmount = 2 ** 30
    const waits = follow(map.put('waits', 1))
    map.close()
    await host.settle()
    expect([sent.end, waits.end, failed]).toEqual(['closed', 'closed', ['closed']])
    await host.clock.advance(50)
    expect(commands()).toEqual(['@command@update(key:sent) 1'])
    expect(follow(host.client.close())).toBeDefined()
  })

  test.each([0, 1, 2000])(
    'closeTimeoutMs: %i is how long it tries where the host is out of reach',
    async closeTimeoutMs => {
      const host = new ScriptedHost({ closeTimeoutMs, reconnectMinMs: 100_000, reconnectMaxMs: 100_000 })
      host.network.refuses = true
      const map = host
        .map()
        .didFail(() => {})
        .open()
      const command = follow(host.client.command('warp://host', '/unit/1', 'command', 5))
      await host.settle()
      const put = follow(map.put('a', 1))
      const closed = follow(host.client.close())
      if (closeTimeoutMs > 0) {
        await host.clock.advance(closeTimeoutMs - 1)
        expect([put.end, command.end, closed.end]).toEqual(['pending', 'pending', 'pending'])
        await host.clock.advance(1)
      } else await host.settle()
      expect([put.end, command.end, closed.end]).toEqual(['closed', 'closed', undefined])
      expect(put.error!.message).toContain('closed before')
      expect([host.clock.pendingTimers, host.client.pendingCount]).toEqual([0, 0])
    },
  )

  test('of one downlink ends with its own writes, whatever others write to the lane', async () => {
    const { host } = obliging()
    const [one, two] = [host.map().open(), host.map().open()]
    await host.settle()
    host.answer = () => []
    const [mine, theirs] = [follow(one.put('a', 1)), follow(two.put('b', 1))]
    const closed: string[] = []
    one.on('didClose', () => closed.push('one'))
    one.close()
    await host.say('@event@update(key:b) 1')
    expect([mine.end, theirs.end, closed]).toEqual(['pending', 'taken', []])
    two.set('c', 1)
    await host.say('@event@update(key:a) 1')
    expect([mine.end, closed, two.isPending('c')]).toEqual(['taken', ['one'], true])
    expect(host.heard.filter(frame => frame.startsWith('@unlink'))).toEqual([])
  })

  test('waits for the answer no longer than closeTimeoutMs, and reports nothing of what was sent', async () => {
    const { host } = obliging({ closeTimeoutMs: 500 })
    const failed: unknown[] = []
    const map = host
      .map()
      .didFail(error => failed.push(error))
      .open()
    await host.settle()
    host.answer = () => []
    const put = follow(map.put('a', 1))
    map.set('b', 1)
    map.close()
    await host.clock.advance(499)
    expect(put.end).toBe('pending')
    await host.clock.advance(1)
    expect([put.end, failed, host.errors]).toEqual(['closed', [], []])
  })

  test('goes on over a socket that is lost while it delivers', async () => {
    const { host } = obliging()
    const map = host
      .map()
      .didFail(() => {})
      .open()
    await host.settle()
    host.answer = () => []
    const put = follow(map.put('a', 1))
    const closed = follow(host.client.close())
    host.peers.at(-1)!.cut()
    await host.clock.advance(100)
    await host.say('@linked', '@synced')
    await host.say('@event@update(key:a) 1')
    expect([put.end, closed.end]).toEqual(['taken', undefined])
  })

  test('by a signal delivers; by relinks(false), or where the host has no such lane, there is nothing to deliver to', async () => {
    const { host } = obliging()
    const control = new AbortController()
    const map = host.map().signal(control.signal).open()
    await host.settle()
    const put = follow(map.put('a', 1))
    control.abort()
    await host.settle()
    expect(put.end).toBe('taken')

    const brief = host
      .map()
      .relinks(false)
      .didFail(() => {})
      .open()
    await host.settle()
    host.answer = () => []
    const lost = follow(brief.put('a', 2))
    host.peers.at(-1)!.cut()
    await host.settle()
    expect([lost.end, brief.status.state]).toEqual(['closed', 'closed'])

    const other = new ScriptedHost()
    const gone = other
      .map()
      .didFail(() => {})
      .open()
    await other.settle()
    const refused = follow(gone.put('a', 1))
    gone.close()
    const closed = follow(other.client.close())
    await other.say('@unlinked@laneNotFound')
    await other.clock.advance(200)
    expect([refused.end, closed.end]).toEqual(['unlinked', undefined])
  })

  test('twice is once, with nothing written is at once, and a downlink may be closed before it begins', async () => {
    const { host } = obliging()
    const map = host.map().open()
    map.set('a', 1)
    map.close()
    map.close()
    await host.clock.advance(200)
    expect(host.heard.filter(frame => frame.startsWith('@command'))).toEqual(['@command@update(key:a) 1'])
    const idle = host.map().open()
    await host.settle()
    const closed = [host.client.close(), host.client.close()]
    expect(idle.status.state).toBe('closed')
    await host.settle()
    await Promise.all(closed)
    expect(host.clock.pendingTimers).toBe(0)
  })

  test('a write of didClose, or of a callback while it delivers, is refused and stops nothing', async () => {
    const { host } = obliging()
    const codes: string[] = []
    const map = host.map().open()
    const attempt = () => {
      try {
        map.set('late', 1)
      } catch (error) {
        codes.push((error as { code: string }).code)
      }
    }
    map.on('didClose', attempt)
    map.on('didChangeStatus', ({ state }) => state === 'closed' && attempt())
    await host.settle()
    map.set('a', 1)
    const closed = follow(host.client.close())
    await host.settle()
    expect(closed.end).toBe(undefined)
    expect(codes).toEqual(['closed', 'closed'])
    expect(host.heard.filter(frame => frame.startsWith('@command'))).toEqual(['@command@update(key:a) 1'])
  })
})
