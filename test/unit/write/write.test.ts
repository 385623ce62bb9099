import { describe, expect, test } from 'vitest'
import { ClosedError } from '../../../src/base/errors.js'
import { gone } from '../../../src/store/replica.js'
import { isBarrier, Write, type WriteKind } from '../../../src/write/write.js'
import { Ends, Lane, makeWrite } from './kit.js'

describe('a write', () => {
  test('that has ended is reported once, and leaves its queue and its entry', () => {
    const lane = new Lane()
    lane.port.room = 0
    lane.set('a', 1)
    const { newest } = lane
    newest.end(new ClosedError('over'))
    newest.end('taken')
    newest.disown(new ClosedError('over'))
    expect(lane.ends.list).toEqual(['a=1 closed unsent'])
    expect([newest.state, newest.cover, lane.sender.all()]).toEqual(['done', undefined, []])
    expect([lane.budget.used, lane.budget.pending]).toEqual([0, 0])
  })

  test('reports to each watcher whether it had been sent', () => {
    const ends = new Ends()
    const write = makeWrite('x', ends)
    write.also(ends.as('also'))
    write.also(ends.as('too'))
    write.sent(1, 0)
    write.end('taken')
    expect(ends.list).toEqual(['x taken', 'also taken', 'too taken'])
  })

  test('reports to its owner if it has no watchers', () => {
    const ends = new Ends('owner')
    const write = () => new Write({ kind: 'clear', owner: ends.owner }, 0, 0)
    write().end('taken')
    write().disown(new ClosedError('over'))
    const shared = write()
    shared.also(ends.as('also'))
    shared.end('taken')
    expect(ends.list).toEqual(['owner taken unsent', 'owner closed unsent', 'owner taken unsent', 'also taken unsent'])
  })

  test('that is disowned is reported at that moment, goes on, and reports no end', () => {
    const lane = new Lane()
    lane.set('a', 1)
    lane.newest.disown(new ClosedError('over'))
    expect(lane.ends.take()).toEqual(['a=1 closed'])
    expect([lane.newest.state, lane.shown()]).toEqual(['sent', { a: 1 }])
    lane.replica.hostSet('a', 1)
    expect([lane.newest.state, lane.ends.take()]).toEqual(['done', []])
  })

  test('that comes back from a lost socket waits, is not fresh, and has its place unless it must be sent in any case', () => {
    for (const mustGo of [false, true]) {
      const write = makeWrite('x')
      expect(write.isFresh).toBe(true)
      write.sent(7, 0)
      write.returned(mustGo)
      expect([write.state, write.seq, write.isFresh]).toEqual(['waiting', mustGo ? -1 : 7, false])
    }
  })

  test('may have many watchers, and reports to each', () => {
    const lane = new Lane()
    lane.set('a', 1)
    for (let n = 0; n < 50_000; n++) lane.newest.also(lane.ends.as(String(n)))
    lane.newest.end('taken')
    expect(lane.ends.take()).toHaveLength(50_001)
  })

  test('is a barrier if it concerns all entries', () => {
    const kinds: WriteKind[] = ['update', 'remove', 'value', 'clear', 'drop', 'take', 'command']
    expect(kinds.filter(isBarrier)).toEqual(['clear', 'drop', 'take'])
  })

  test('is serialized from its entry each time it is sent', () => {
    const lane = new Lane()
    lane.port.room = 0
    lane.set('a b', { x: 1 })
    lane.remove('c')
    lane.sync({ c: 1 })
    const spelled = ['@update(key:"a b"){x:1}', '@remove(key:c)']
    expect(lane.port.take()).toEqual(spelled)
    lane.lose()
    lane.sync({ c: 1 })
    expect(lane.port.take()).toEqual(spelled)
  })

  test('to a value is only its body', () => {
    const ends = new Ends()
    const value = new Write({ kind: 'value', value: 'x y', owner: ends.owner }, 0, 0)
    const none = new Write({ kind: 'value', value: gone, owner: ends.owner }, 0, 0)
    expect([value.body.trim(), none.body.trim()]).toEqual(['"x y"', ''])
  })

  test('has whole milliseconds for its time of waiting and its time on the wire', () => {
    const lane = new Lane()
    const write = new Write({ kind: 'clear', owner: lane.ends.owner }, 0, 12.75)
    expect(write.sinceMs).toBe(12)
    write.sent(1, 99.5)
    expect(write.sinceMs).toBe(99)
  })
})
