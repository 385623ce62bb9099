// Very many: downlinks that come and go at each moment of their lives, keys, and what is done to them. Turns are counted, not time.
import { describe, expect, test } from 'vitest'
import { coreOf } from '../../src/inspect/inside.js'
import { ScriptedHost } from '../support/scripted-host.js'
import { Chance } from './support/chance.js'
import { DirectHost } from './support/direct-host.js'

const keyCount = Number(process.env['HOSTILE_KEYS'] ?? 100_000)
/** At each of four moments. */
const downlinks = 2500

/** Answers a request, whatever lane it is about. */
const answer = (text: string): readonly string[] => {
  const [, tag, address = ''] = /^@(\w+)(\(.*?\))?/.exec(text) ?? []
  if (tag === 'unlink') return [`@unlinked${address}`]
  if (tag === 'link') return [`@linked${address}`]
  return tag === 'sync' ? [`@linked${address}`, `@event${address}@update(key:a) 1`, `@synced${address}`] : []
}

/** How far a downlink gets before it is closed. */
const moments: Readonly<Record<string, (host: ScriptedHost, i: number) => Promise<void> | undefined>> = {
  'in the turn in which it was opened': () => undefined,
  'before its microtask has come': (_, i) => (i % 10 === 0 ? Promise.resolve() : undefined),
  'once in a while, when some are linked': (host, i) => (i % 100 === 0 ? host.settle() : undefined),
  'in time, when its unlinking is under way': (host, i) => (i % 250 === 0 ? host.clock.advance(60) : undefined),
}

describe(`${downlinks} downlinks`, () => {
  test.each(Object.entries(moments))('that are closed %s leave nothing', async (_, moment) => {
    const host = new ScriptedHost()
    host.answer = answer
    let closed = 0
    const witness = host.map().open()
    for (let i = 0; i < downlinks; i++) {
      const downlink = host.client.downlinkMap({ laneUri: `map-${i % 50}`, didClose: () => closed++ }).open()
      if (i % 3 === 0) downlink.set('a', i)
      await moment(host, i)
      downlink.close()
    }
    await host.clock.advance(10_000)
    expect(closed).toBe(downlinks)
    expect([...witness]).toEqual([['a', 1]])
    const [connection] = coreOf(host.client).connections.values()
    expect(connection!.router.size).toBe(1)
    expect(host.client.pendingCount).toBe(0)
    expect(host.peers).toHaveLength(1)
    expect(host.errors.filter(({ code }) => code !== 'closed')).toEqual([])
    witness.close()
    await host.clock.advance(10_000)
    expect([host.clock.pendingTimers, host.network.sockets.size]).toEqual([0, 0])
  })

  test('on 500 sockets, each lost, leave one', async () => {
    const host = new ScriptedHost({ reconnectMinMs: 1, reconnectMaxMs: 1 })
    host.answer = answer
    const map = host.map().open()
    await host.settle()
    for (let i = 0; i < 500; i++) {
      host.peers.at(-1)!.cut()
      host.peers.length = 0
      await host.clock.advance(1)
    }
    expect(map.synced).toBe(true)
    expect(host.network.sockets.size).toBe(1)
    expect(host.clock.pendingTimers).toBeLessThan(10)
  })
})

/** A map of so many keys, and how many of its callbacks came in one turn. Each takes a hundredth of a millisecond. */
async function manyKeys() {
  const host = new DirectHost(new Chance(1).next)
  const { clock } = host
  const head = '(node:"/v",lane:map)'
  const lane = { isFull: true }
  host.answer = frame => {
    if (frame.startsWith('@command')) return [`@event${frame.slice('@command'.length)}`]
    if (!frame.startsWith('@sync')) return []
    const keys = lane.isFull ? Array.from({ length: keyCount }, (_, i) => `@event${head}@update(key:k${i}) ${i}`) : []
    return [`@linked${head}`, ...keys, `@synced${head}`]
  }
  let spentMs = 0
  let inTurn = 0
  const seen = { turns: 0, most: 0, removed: 0 }
  const [now, turn] = [clock.now.bind(clock), clock.turn.bind(clock)]
  clock.now = () => now() + spentMs
  clock.turn = run =>
    turn(() => {
      seen.turns++
      inTurn = 0
      run()
    })
  const told = () => {
    spentMs += 0.01
    seen.most = Math.max(seen.most, ++inTurn)
  }
  const map = host.client.downlinkMap<string, number>({ nodeUri: '/v', laneUri: 'map' }).open()
  map.on('didUpdate', told)
  map.on('didRemove', () => {
    seen.removed++
    told()
  })
  await host.pass(1000)
  expect(map.size).toBe(keyCount)
  /** A slice is 8 ms, and the clock is looked at after each sixteenth frame, or step of 16 entries. */
  const expectSlices = (most: number) => {
    expect(seen.most).toBeLessThanOrEqual(most)
    expect(seen.turns).toBeGreaterThanOrEqual(Math.floor(keyCount / most))
    Object.assign(seen, { turns: 0, most: (inTurn = 0) })
  }
  expectSlices(816)
  /** The map is empty and stays so. */
  const expectEmpty = async () => {
    lane.isFull = false
    await host.pass(20_000)
    expect([map.size, seen.removed, map.status.state]).toEqual([0, keyCount, 'synced'])
    expect([host.client.pendingCount, host.errors]).toEqual([0, []])
  }
  return { host, head, lane, map, seen, expectSlices, expectEmpty }
}

describe(`a lane of ${keyCount} keys comes in slices, and goes`, () => {
  test('at once, by an own clear', async () => {
    const { map, seen, expectEmpty } = await manyKeys()
    map.clear()
    expect([map.size, seen.removed]).toEqual([0, keyCount])
    await expectEmpty()
  }, 300_000)

  test('in slices, by a clear of another', async () => {
    const { host, head, map, expectSlices, expectEmpty } = await manyKeys()
    let cleared = 0
    map.on('didClear', () => (cleared = map.size + 1))
    await host.say(`@event${head}@clear`)
    expect([map.size, cleared]).toEqual([0, 1])
    expectSlices(1056)
    await expectEmpty()
  }, 300_000)

  test('in slices, by a sync that does not name them', async () => {
    const { host, lane, map, seen, expectSlices, expectEmpty } = await manyKeys()
    lane.isFull = false
    let synced = 0
    map.on('didSync', () => (synced = map.size + 1))
    host.cut()
    await host.pass(2000)
    expect([map.size, synced, seen.removed]).toEqual([0, 1, keyCount])
    expectSlices(1056)
    await expectEmpty()
  }, 300_000)
})
