import { describe, expect, test } from 'vitest'
import { compare, equals, identity, Reader, type Value } from '../../../../src/recon/index.js'
import type { LaneHost } from '../../../../src/host/lanes/lane.js'
import { MapState } from '../../../../src/host/lanes/map-state.js'
import { QueueUplink, ValueUplink, type UplinkPort } from '../../../../src/host/lanes/uplink.js'
import { MapOpReader } from '../../../../src/warp/map-op.js'

const port = (): UplinkPort & { woken: number; chars: number } => ({
  event: '@event',
  synced: '@synced',
  session: { identity: undefined, url: '/', headers: {}, remoteAddress: undefined },
  expel: () => {},
  woken: 0,
  chars: 0,
  wake() {
    this.woken++
  },
  queued(chars) {
    this.chars += chars
  },
})

/** A lane's host that keeps nothing, or keeps it when told to. */
function laneHost(waits = false) {
  const tells: (() => void)[] = []
  const host = {
    nodeUri: '/n',
    laneUri: 'l',
    grew: () => {},
    emptied: () => {},
    record: (_: unknown, tell: () => void) => (waits ? void tells.push(tell) : tell()),
  } as unknown as LaneHost
  return { host, keep: () => tells.splice(0).forEach(tell => tell()) }
}

function random(seed: number): (below: number) => number {
  return below => {
    seed = (seed * 1664525 + 1013904223) % 2 ** 32
    return Math.floor((seed / 2 ** 32) * below)
  }
}

/** A client that believes every frame, in order, and knows nothing of folding. */
class Replica {
  readonly entries = new Map<unknown, { key: Value; value: Value }>()
  readonly #ops = new MapOpReader(new Reader())
  synced = 0

  hear(frame: string): void {
    if (frame === '@synced') {
      this.synced++
      return
    }
    const ops = this.#ops
    const op = ops.read(frame, '@event'.length)
    if (op === 'update') this.entries.set(identity(ops.key), { key: ops.key, value: ops.value })
    else if (op === 'remove') this.entries.delete(identity(ops.key))
    else if (op === 'clear') this.entries.clear()
    else {
      const sorted = [...this.entries].sort(([, a], [, b]) => compare(a.key, b.key))
      for (const [id] of op === 'drop'
        ? sorted.slice(0, Math.max(0, ops.count))
        : sorted.slice(Math.max(0, ops.count))) {
        this.entries.delete(id)
      }
    }
  }

  shown(): [Value, Value][] {
    return [...this.entries.values()].sort((a, b) => compare(a.key, b.key)).map(({ key, value }) => [key, value])
  }
}

describe('a link of a map lane', () => {
  test.each([false, true])('ends with what the lane has, however slowly it is read (with a store: %s)', waits => {
    const seed = Number(process.env['SEED'] ?? Date.now() % 1e9)
    const next = random(seed)
    for (let round = 0; round < 300; round++) {
      const { host, keep } = laneHost(waits)
      const state = new MapState(host, waits)
      const keys: Value[] = [1, 2, 10, 'a', 'b c', 'Z', true, { x: 1 }, [1, 'y'], 'é', '']
      for (let i = 0; i < next(12); i++) state.set(keys[next(keys.length)], i)
      const replica = new Replica()
      const uplink = state.attach(port())
      uplink.sync()
      let asked = 1
      for (let step = 0; step < 60; step++) {
        const key = keys[next(keys.length)]
        const kind = next(20)
        if (kind < 8) state.set(key, step)
        else if (kind < 12) state.delete(key)
        else if (kind === 12) state.clear('@clear')
        else if (kind === 13) state.cut('@drop(2)', 0, 2)
        else if (kind === 14) state.cut('@take(3)', 3, Infinity)
        else if (kind === 15 && next(3) === 0) {
          uplink.sync()
          asked++
        } else if (kind === 16) keep()
        for (let i = next(4); i > 0; i--) {
          const frame = uplink.next()
          if (frame !== undefined) replica.hear(frame)
        }
      }
      keep()
      for (let frame = uplink.next(); frame !== undefined; frame = uplink.next()) replica.hear(frame)
      const trial = `seed ${seed}, round ${round}`
      expect(replica.shown(), trial).toEqual([...state.entries()])
      expect(replica.synced, trial).toBe(asked)
    }
  })

  test('sends the state in key order, with changes of sent entries in between', () => {
    const state = new MapState(laneHost().host, false)
    for (const key of ['b', 10, 'a', true, 9]) state.set(key, 1)
    const uplink = state.attach(port())
    uplink.sync()
    expect(uplink.next()).toBe('@event@update(key:a) 1')
    state.set('a', 2)
    state.delete(9)
    state.set('c', 3)
    const frames: string[] = []
    for (let frame = uplink.next(); frame !== undefined; frame = uplink.next()) frames.push(frame)
    expect(frames).toEqual([
      '@event@update(key:a) 2',
      '@event@update(key:b) 1',
      '@event@remove(key:9)',
      '@event@update(key:c) 3',
      '@event@update(key:10) 1',
      '@event@update(key:true) 1',
      '@synced',
    ])
  })

  test('a lane that never stops changing does not hold back the end of its sync', () => {
    const state = new MapState(laneHost().host, false)
    for (let i = 0; i < 100; i++) state.set(i, 0)
    const uplink = state.attach(port())
    uplink.sync()
    let frames = 0
    for (let frame = uplink.next(); frame !== '@synced'; frame = uplink.next()) {
      frames++
      for (let i = 0; i < 5; i++) state.set(i, frames)
    }
    expect(frames).toBeLessThan(250)
  })

  test('holds one place for each key, however often it changes', () => {
    const state = new MapState(laneHost().host, false)
    const own = port()
    const uplink = state.attach(own)
    for (let i = 0; i < 1000; i++) state.set('k', i)
    expect(uplink.next()).toBe('@event@update(key:k) 999')
    expect(uplink.next()).toBeUndefined()
    expect(own.woken).toBe(1000)
  })
})

test('a link of a value lane sends the latest value, and answers each sync once', () => {
  let value = 1
  const uplink = new ValueUplink(() => ` ${value}`, port())
  uplink.sync()
  uplink.sync()
  uplink.changed()
  value = 2
  uplink.changed()
  const frames = [uplink.next(), uplink.next(), uplink.next(), uplink.next(), uplink.next()]
  expect(frames).toEqual(['@event 2', '@synced', '@event 2', '@synced', undefined])
  uplink.changed()
  expect([uplink.next(), uplink.next()]).toEqual(['@event 2', undefined])
})

test('a link that can not fold reports how much waits', () => {
  const own = port()
  const uplink = new QueueUplink(own)
  for (let i = 0; i < 3000; i++) uplink.push(' abc')
  uplink.sync()
  expect(own.chars).toBe(12_000)
  for (let i = 0; i < 3000; i++) expect(uplink.next()).toBe('@event abc')
  expect([uplink.next(), uplink.next(), own.chars]).toEqual(['@synced', undefined, 0])
})

test('values are held as they were set', () => {
  const state = new MapState(laneHost().host, false)
  expect(() => state.set('a', Number.NaN)).toThrow('NaN has no Recon form')
  expect(state.size).toBe(0)
  state.set({ a: 1 }, [1])
  expect(state.has({ a: 1 })).toBe(true)
  expect(equals(state.get({ a: 1 }), [1])).toBe(true)
  expect(state.delete({ b: 1 })).toBe(false)
})
