import { describe, expect, test } from 'vitest'
import { UnlinkedError } from '../../../src/base/errors.js'
import { Ends, Lane } from './kit.js'

/** Commands, short. */
const short = (bodies: readonly string[]) =>
  bodies.map(body => body.replace(/^@update\(key:(\w+)\) ?/, '$1=').replace(/^@remove\(key:(\w+)\)/, '-$1'))

describe('a sent write', () => {
  test('goes out in order, numbered from 1, and is under way until decided', () => {
    const lane = new Lane()
    for (const key of ['a', 'b', 'c']) lane.set(key, 1)
    expect(short(lane.port.take())).toEqual(['a=1', 'b=1', 'c=1'])
    expect(lane.sender.underWay().map(({ seq }) => seq)).toEqual([1, 2, 3])
    expect([lane.sender.seq, lane.budget.used]).toEqual([3, 0])
    lane.replica.hostSet('b', 1)
    expect(lane.sender.underWay().map(({ seq }) => seq)).toEqual([1, 3])
    // A host takes commands in order: it closes its socket over none before one that it has answered.
    expect(lane.sender.suspects().map(({ seq }) => seq)).toEqual([3])
    expect(lane.ends.list).toEqual(['b=1 taken'])
    expect(lane.budget.pending).toBe(2)
    lane.replica.hostSet('a', 1)
    lane.replica.hostSet('c', 1)
    expect([lane.sender.all(), lane.budget.pending]).toEqual([[], 0])
  })

  test('without an echo in time is reported late, once for all late writes', async () => {
    const lane = new Lane()
    lane.set('a', 1)
    await lane.clock.advance(500)
    lane.set('b', 1)
    expect(lane.clock.pendingTimers).toBe(1)
    await lane.clock.advance(1499)
    expect(lane.late).toEqual([])
    await lane.clock.advance(1)
    expect(lane.late).toEqual([1])
    await lane.clock.advance(2000)
    expect(lane.late).toEqual([1, 1])
    lane.replica.hostSet('a', 1)
    await lane.clock.advance(2000)
    expect(lane.late).toEqual([1, 1, 2])
    lane.replica.hostSet('b', 1)
    await lane.clock.advance(60_000)
    expect(lane.late).toEqual([1, 1, 2])
    expect(lane.clock.pendingTimers).toBe(0)
  })

  test('times out if no sync will decide it, and the value it covered shows again', async () => {
    const lane = new Lane()
    lane.decides = false
    lane.replica.hostSet('a', 0)
    lane.set('a', 1)
    lane.set('b', 1)
    await lane.clock.advance(1000)
    lane.set('c', 1)
    await lane.clock.advance(1000)
    expect(lane.ends.take()).toEqual(['a=1 timeout', 'b=1 timeout'])
    expect(lane.shown()).toEqual({ a: 0, c: 1 })
    await lane.clock.advance(999)
    expect(lane.ends.take()).toEqual([])
    await lane.clock.advance(1)
    expect(lane.ends.take()).toEqual(['c=1 timeout'])
    expect([lane.shown(), lane.sender.all()]).toEqual([{ a: 0 }, []])
  })

  test('may end other writes from its ended callback', async () => {
    const lane = new Lane()
    lane.decides = false
    for (const key of ['a', 'b', 'c']) lane.set(key, 1)
    const { sender } = lane
    // Whoever hears of the first ends the next.
    sender.underWay()[0]!.also({ ended: () => sender.underWay()[0]!.end('superseded') })
    await lane.clock.advance(2000)
    expect(lane.ends.list).toEqual(['a=1 timeout', 'b=1 superseded', 'c=1 timeout'])
    expect(sender.all()).toEqual([])
  })
})

describe('after a lost socket', () => {
  test('sent writes are sent again ahead of waiting ones, in their order', () => {
    const lane = new Lane()
    for (const key of ['c', 'a', 'b']) lane.set(key, 1)
    lane.port.take()
    lane.port.room = 0
    lane.set('e', 1)
    lane.set('d', 1)
    lane.lose()
    expect([lane.sender.underWay(), lane.budget.used]).toEqual([[], 5])
    lane.sync()
    expect(short(lane.port.take())).toEqual(['c=1', 'a=1', 'b=1', 'e=1', 'd=1'])
    expect(lane.budget.used).toBe(0)
  })

  test('sent writes are sent again after each further lost socket', () => {
    const lane = new Lane()
    for (const key of ['c', 'a']) lane.set(key, 1)
    for (let i = 0; i < 3; i++) {
      expect(short(lane.port.take())).toEqual(['c=1', 'a=1'])
      lane.lose()
      lane.sync()
    }
    expect(lane.ends.list).toEqual([])
  })

  test('no timer runs for writes that are not on the wire', async () => {
    const lane = new Lane()
    lane.set('a', 1)
    lane.lose()
    expect(lane.clock.pendingTimers).toBe(0)
    await lane.clock.advance(60_000)
    expect(lane.late).toEqual([])
  })

  test('of several writes to an entry only the last is sent again', () => {
    const lane = new Lane()
    lane.set('a', 1)
    lane.set('b', 1)
    lane.set('a', 2)
    lane.port.take()
    lane.port.room = 0
    lane.set('a', 3)
    lane.set('b', 2)
    lane.lose()
    expect(lane.ends.take()).toEqual(['a=1 superseded unsent', 'b=1 superseded unsent', 'a=2 superseded unsent'])
    expect(lane.budget.used).toBe(2)
    lane.sync({ a: 9 })
    expect(short(lane.port.take())).toEqual(['a=3', 'b=2'])
  })

  test('a write whose value the next sync shows is taken, and not sent again', () => {
    const lane = new Lane()
    for (const key of ['a', 'b']) lane.set(key, 1)
    lane.port.take()
    lane.lose()
    lane.sync({ a: 1, b: 0 })
    expect(lane.ends.take()).toEqual(['a=1 taken unsent'])
    expect(short(lane.port.take())).toEqual(['b=1'])
    expect(lane.shown()).toEqual({ a: 1, b: 1 })
  })

  test('a write that was never sent is sent, though the sync shows its value', () => {
    const lane = new Lane()
    lane.port.room = 0
    lane.set('a', 1)
    lane.lose()
    lane.sync({ a: 1 })
    expect(short(lane.port.take())).toEqual(['a=1'])
  })

  test('a drop that was sent is rejected and not sent again, as the lane may have done it', () => {
    const lane = new Lane()
    lane.set('a', 1)
    lane.cut('drop', 1)
    lane.cut('take', 5)
    lane.port.take()
    lane.lose()
    expect(lane.ends.take()).toEqual(['drop transport'])
    lane.sync()
    expect(short(lane.port.take())).toEqual(['a=1', '@take(5)'])
  })

  test('a drop that was not sent yet is sent', () => {
    const lane = new Lane()
    lane.port.room = 0
    lane.cut('drop', 1)
    lane.lose()
    lane.sync()
    expect([lane.port.take(), lane.ends.list]).toEqual([['@drop(1)'], []])
  })

  test.each(['clear', 'take'] as const)('writes behind a %s are sent again, whatever the sync shows', kind => {
    const lane = new Lane()
    lane.set('a', 1)
    if (kind === 'clear') lane.clear()
    else lane.cut('take', 5)
    lane.set('b', 1)
    const sent = short(lane.port.take())
    lane.ends.take()
    lane.lose()
    lane.sync({ a: 1, b: 1 })
    // The barrier goes out again, and takes with it what the sync has shown.
    const again = kind === 'clear' ? ['@clear', 'b=1'] : ['@take(5)', 'b=1']
    expect(sent).toEqual(['a=1', ...again])
    expect(short(lane.port.take())).toEqual(again)
    // What went out ahead of the barrier is taken as the sync shows it, or was superseded by the clear.
    expect(lane.ends.take()).toEqual(kind === 'clear' ? [] : ['a=1 taken unsent'])
    lane.replica.hostSet('b', 1)
    expect(lane.ends.take()).toEqual(['b=1 taken'])
  })

  test('writes behind a take are sent again after two losses in a row', () => {
    const lane = new Lane()
    lane.cut('take', 5)
    lane.set('b', 1)
    lane.lose()
    lane.lose()
    lane.port.take()
    lane.sync({ b: 1 })
    expect(short(lane.port.take())).toEqual(['@take(5)', 'b=1'])
  })

  test('a sync that began before a write was sent again does not decide that write', () => {
    const lane = new Lane()
    lane.cut('take', 5)
    lane.set('b', 1)
    lane.lose()
    lane.sync({ b: 1 })
    expect(lane.ends.take()).toEqual([])
    expect(lane.newest.seq).toBe(4)
    // One that began since has it.
    lane.sync({ b: 1 })
    expect(lane.ends.take()).toEqual(['b=1 taken'])
  })
})

describe('writes that the sender gives up', () => {
  test('are all writes if the host has no such lane, and the values they covered show again', () => {
    const lane = new Lane()
    lane.replica.hostSet('a', 0)
    lane.set('a', 1)
    lane.port.room = 0
    lane.set('b', 1)
    lane.sender.reject(new UnlinkedError('laneNotFound', 'lane map', ''))
    expect(lane.ends.list).toEqual(['a=1 unlinked', 'b=1 unlinked unsent'])
    expect([lane.shown(), lane.sender.all(), lane.budget.used]).toEqual([{ a: 0 }, [], 0])
  })

  test('are those of a downlink that closes; its sent ones show until they are decided', () => {
    const lane = new Lane()
    const other = new Ends('other', lane.sender)
    lane.replica.hostSet('a', 0)
    lane.set('a', 1)
    lane.port.room = 0
    lane.set('b', 1)
    lane.sender.post({ kind: 'clear', text: '@clear', owner: other.owner })
    lane.sender.release(lane.ends.owner)
    expect(lane.ends.take()).toEqual(['a=1 closed', 'b=1 closed unsent'])
    expect([lane.shown(), other.list]).toEqual([{ a: 1 }, []])
    expect(lane.sender.underWay()).toHaveLength(1)
    lane.sync({ a: 5 })
    lane.sync({ a: 5 })
    expect([lane.shown(), lane.ends.take()]).toEqual([{ a: 5 }, []])
    expect(lane.port.take().at(-1)).toBe('@clear')
  })
})

describe('a write that has lost a socket', () => {
  test('calls risked when it ends, if it was on the wire', () => {
    const lane = new Lane()
    lane.set('a', 1)
    lane.newest.losses = 1
    lane.lose()
    lane.sync()
    lane.replica.hostSet('a', 1)
    expect(lane.calls.filter(call => call.startsWith('risked'))).toHaveLength(1)
    lane.port.room = 0
    lane.set('b', 1)
    lane.newest.losses = 1
    lane.newest.end('superseded')
    lane.port.room = Infinity
    lane.set('c', 1)
    lane.replica.hostSet('c', 1)
    expect(lane.calls.filter(call => call.startsWith('risked'))).toHaveLength(1)
  })

  test('waits while caution holds it back, with the writes behind it, and is sent later', () => {
    const lane = new Lane()
    for (const key of ['a', 'b']) lane.set(key, 1)
    for (const write of lane.sender.underWay()) write.losses = 1
    lane.port.take()
    lane.port.risks = false
    lane.lose()
    lane.sync()
    lane.set('c', 1)
    expect(lane.port.take()).toEqual([])
    lane.port.risks = true
    lane.sender.flush()
    expect(short(lane.port.take())).toEqual(['a=1', 'b=1', 'c=1'])
  })
})
