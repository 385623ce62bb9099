// A write with unlessChanged goes out only while the lane has what was shown when the call was made.
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { ConflictError } from '../../../src/index.js'
import { follow } from '../../support/follow.js'
import { ScriptedHost } from '../../support/scripted-host.js'

const unlessChanged = { unlessChanged: true }

/** A lane that held `before`, and whose link is lost: what is written waits. */
async function lost(before: string[] = []) {
  const host = new ScriptedHost()
  const failed: unknown[] = []
  const map = host
    .map()
    .didFail(error => failed.push(error))
    .open()
  await host.settle()
  await host.say('@linked', ...before.map(entry => `@event@update(key:${entry}`), '@synced')
  host.take()
  host.peers.at(-1)!.cut()
  await host.settle()
  failed.length = 0
  /** The link is back, and the lane holds this. */
  const back = async (...entries: string[]) => {
    await host.clock.advance(100)
    await host.say('@linked', ...entries.map(entry => `@event@update(key:${entry}`), '@synced')
    return host.take().filter(frame => frame.startsWith('@command'))
  }
  return { host, map, failed, back }
}

describe('a write with unlessChanged', () => {
  // What the lane held, what is written, what the lane holds when the link is back, and whether it goes out.
  test.each<[string, string[], 'put' | 'remove', string[], boolean]>([
    ['the entry is the same', ['a) 1'], 'put', ['a) 1'], true],
    ['the entry is the same, spelled otherwise', ['a) {x:1,y:2}'], 'put', ['a) {y:2,x:1}'], true],
    ['there is none, as before', [], 'put', [], true],
    ['another entry changed', ['a) 1', 'b) 1'], 'put', ['a) 1', 'b) 2'], true],
    ['the entry is the same, for a removal', ['a) 1'], 'remove', ['a) 1'], true],
    ['the entry changed', ['a) 1'], 'put', ['a) 2'], false],
    ['the entry came', [], 'put', ['a) 2'], false],
    ['the entry is gone', ['a) 1'], 'put', [], false],
    ['the entry changed, for a removal', ['a) 1'], 'remove', ['a) 2'], false],
  ])('where %s', async (_, before, op, after, goes) => {
    const { host, map, failed, back } = await lost(before)
    const base = map.get('a')
    const end = follow(op === 'put' ? map.put('a', 7, unlessChanged) : map.remove('a', unlessChanged))
    expect(map.get('a')).toBe(op === 'put' ? 7 : undefined)
    const sent = await back(...after)
    if (goes) {
      expect([sent.length, end.end]).toEqual([1, 'pending'])
      await host.say(op === 'put' ? '@event@update(key:a) 7' : '@event@remove(key:a)')
      expect(end.end).toBe('taken')
      return
    }
    const theirs = after.length === 0 ? undefined : 2
    const mine = op === 'put' ? 7 : undefined
    expect(sent).toEqual([])
    expect(end.error).toBeInstanceOf(ConflictError)
    expect(end.error).toMatchObject({ code: 'conflict', key: 'a', mine, theirs, base })
    expect(end.error!.message).toContain('key a')
    // What the lane has shows at once, and the failure is reported as that of every write is.
    expect([map.get('a'), map.isPending('a')]).toEqual([theirs, false])
    expect(failed).toContain(end.error)
  })

  test('goes by what this map showed, an own write that is not answered among it', async () => {
    const { host, map, back } = await lost(['a) 1'])
    const first = follow(map.put('a', 2))
    const second = follow(map.put('a', 3, unlessChanged))
    // The first has given way to the second while both waited: the lane has what it had under them.
    expect(await back('a) 1')).toEqual(['@command@update(key:a) 3'])
    expect(first.end).toBe('superseded')
    const third = follow(map.put('a', 4, unlessChanged))
    expect(host.take()).toEqual([])
    await host.settle()
    expect(host.take()).toEqual(['@command@update(key:a) 4'])
    await host.say('@event@update(key:a) 3', '@event@update(key:a) 4')
    expect([second.end, third.end]).toEqual(['taken', 'taken'])
  })

  test('is checked each time it goes out: a write of somebody while the socket was lost is a conflict', async () => {
    const { host, map, back } = await lost(['a) 1'])
    const end = follow(map.put('a', 2, unlessChanged))
    expect(await back('a) 1')).toHaveLength(1)
    host.peers.at(-1)!.cut()
    expect(await back('a) 9')).toEqual([])
    expect(end.error).toMatchObject({ code: 'conflict', theirs: 9, base: 1 })
    expect(map.get('a')).toBe(9)
  })

  test('that arrived before its socket was lost is taken, and no conflict with itself', async () => {
    const { host, map, back } = await lost(['a) 1'])
    const end = follow(map.put('a', 2, unlessChanged))
    await back('a) 1')
    host.peers.at(-1)!.cut()
    expect(await back('a) 2')).toEqual([])
    expect(end.end).toBe('taken')
  })

  test('conflicts with its own key, as many as there are', async () => {
    const { map, back } = await lost([])
    const ends = Array.from({ length: 1000 }, (_, n) => follow(map.put(n, 'mine', unlessChanged)))
    expect(await back(...ends.map((_, n) => `${n}) theirs`))).toEqual([])
    expect(ends.map(({ end, error }) => [end, error!['key']])).toEqual(ends.map((_, n) => ['conflict', n]))
  })

  test('shows its values as the schema has them', async () => {
    const host = new ScriptedHost()
    const text = z.codec(z.number(), z.string(), { decode: String, encode: Number })
    const map = host.client
      .downlinkMap()
      .laneUri('map')
      .valueSchema(text)
      .didFail(() => {})
      .open()
    await host.settle()
    await host.say('@linked', '@event@update(key:a) 1', '@synced')
    host.peers.at(-1)!.cut()
    await host.settle()
    const end = follow(map.put('a', '2', unlessChanged))
    await host.clock.advance(100)
    await host.say('@linked', '@event@update(key:a) 3', '@synced')
    expect(end.error).toMatchObject({ mine: '2', theirs: '3', base: '1' })
  })
})

describe('a value with unlessChanged', () => {
  test.each([
    ['1', true],
    ['2', false],
    ['', false],
  ])('whose lane then holds %s goes out: %s', async (after, goes) => {
    const host = new ScriptedHost()
    const info = host.client
      .downlinkValue<number>()
      .laneUri('map')
      .didFail(() => {})
      .open()
    await host.settle()
    await host.say('@linked', '@event 1', '@synced')
    host.take()
    host.peers.at(-1)!.cut()
    await host.settle()
    const end = follow(info.put(7, unlessChanged))
    await host.clock.advance(100)
    await host.say('@linked', `@event ${after}`, '@synced')
    expect(host.take().filter(frame => frame.startsWith('@command'))).toEqual(goes ? ['@command 7'] : [])
    if (goes) return
    const theirs = after === '' ? undefined : Number(after)
    expect(end.error).toMatchObject({ code: 'conflict', key: undefined, mine: 7, theirs, base: 1 })
    expect(info.get()).toBe(theirs)
  })
})
