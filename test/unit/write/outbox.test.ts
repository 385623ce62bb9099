import { describe, expect, test } from 'vitest'
import { ClosedError } from '../../../src/base/errors.js'
import type { WriteKind } from '../../../src/write/write.js'
import { makeBox, makeBudget } from './kit.js'

const barriers = ['clear', 'drop', 'take'] as const satisfies WriteKind[]

describe('an outbox', () => {
  test('keeps the last write of an entry, in its own place', () => {
    const { add, names, ends, budget } = makeBox()
    for (const name of ['a1', 'b1', 'a2']) add(name)
    expect(names()).toEqual(['b1', 'a2'])
    expect(ends.list).toEqual(['a1 superseded unsent'])
    expect(budget.used).toBe(2)
  })

  test('folds a remove and an update into each other', () => {
    const { add, names, ends } = makeBox()
    add('a1')
    add('a-', 'remove')
    add('a2')
    expect(names()).toEqual(['a2'])
    expect(ends.list).toEqual(['a1 superseded unsent', 'a- superseded unsent'])
  })

  test.each(barriers)('folds nothing across a %s', kind => {
    const { add, names, ends } = makeBox()
    add('a1')
    add('x', kind)
    add('a2')
    add('a3')
    expect(names()).toEqual(['a1', 'x', 'a3'])
    expect(ends.list).toEqual(['a2 superseded unsent'])
  })

  test('folds nothing across a barrier that was sent before', () => {
    const { add, names, box, flush } = makeBox()
    add('a1')
    const [a1] = flush()
    add('x', 'take')
    flush()
    add('a2')
    a1!.returned(false)
    box.putBack([a1!])
    expect(names()).toEqual(['a1', 'a2'])
  })

  test.each(barriers)('keeps each %s, equal ones too', kind => {
    const { add, names } = makeBox()
    add('x', kind)
    add('x', kind)
    expect(names()).toEqual(['x', 'x'])
  })

  test('keeps equal plain commands apart, and forgets them once they are sent', () => {
    const { add, names, flush, ends, port, budget } = makeBox()
    add('x', 'command')
    add('x', 'command')
    expect(names()).toEqual(['x', 'x'])
    expect(flush()).toEqual([])
    expect(port.take()).toEqual(['x', 'x'])
    expect(ends.list).toEqual(['x taken unsent', 'x taken unsent'])
    expect(budget.used).toBe(0)
  })

  test('when full, throws for a new entry and takes a write that folds', () => {
    const { add, names, budget, ends } = makeBox(makeBudget(2))
    add('a1')
    add('b1')
    const full = expect.objectContaining({ code: 'overflow', limit: 2 }) as Error
    expect(() => add('c1')).toThrow(full)
    expect(() => add('x', 'command')).toThrow(full)
    for (const kind of barriers) expect(() => add('x', kind)).toThrow(full)
    expect(ends.list).toEqual([])
    add('a2')
    expect(names()).toEqual(['b1', 'a2'])
    expect(budget.used).toBe(2)
  })

  test('when full, throws for a write whose entry waits only before a barrier', () => {
    const { add } = makeBox(makeBudget(2))
    add('a1')
    add('x', 'clear')
    expect(() => add('a2')).toThrow(expect.objectContaining({ code: 'overflow' }))
  })

  test('a barrier that was refused lets writes fold as before', () => {
    const { add, names } = makeBox(makeBudget(1))
    add('a1')
    expect(() => add('x', 'clear')).toThrow()
    add('a2')
    expect(names()).toEqual(['a2'])
  })

  test('takes a write that can be sent at once, even when full', () => {
    const budget = makeBudget(1)
    const full = makeBox(budget)
    full.add('a1')
    const { add, box, port, flush } = makeBox(budget)
    expect(() => add('b1')).toThrow()
    port.room = 1
    expect(box.isFree).toBe(true)
    add('b1')
    flush()
    expect(budget.used).toBe(1)
    expect(port.sent).toEqual(['b1'])
  })

  test('shares its limit with the others of its client', () => {
    const first = makeBox(makeBudget(2))
    const second = makeBox(first.budget)
    first.add('a1')
    second.add('a1')
    expect(() => first.add('b1')).toThrow(expect.objectContaining({ code: 'overflow' }))
    second.flush()
    first.add('b1')
    expect(first.budget.used).toBe(2)
  })

  test('gives out its writes in order, as many as there is room for, and frees their share of the limit', () => {
    const { add, box, budget, flush, port } = makeBox()
    for (const name of ['a1', 'b1', 'c1']) add(name)
    expect(flush(2).map(({ body }) => body)).toEqual(['a1', 'b1'])
    expect([budget.used, box.isEmpty]).toEqual([1, false])
    expect(flush().map(({ body }) => body)).toEqual(['c1'])
    expect([budget.used, box.isEmpty]).toEqual([0, true])
    expect(port.sent).toEqual(['a1', 'b1', 'c1'])
  })

  test('gives out no write past one that must wait for others', () => {
    const { add, names, flush, port } = makeBox()
    add('a1')
    add('b1').losses = 1
    add('c1')
    port.risks = false
    expect(flush().map(({ body }) => body)).toEqual(['a1'])
    expect(names()).toEqual(['b1', 'c1'])
    port.risks = true
    expect(flush().map(({ body }) => body)).toEqual(['b1', 'c1'])
  })

  test('puts sent writes back ahead of waiting ones, in their order', () => {
    const { add, box, names, budget, flush } = makeBox()
    for (const name of ['a1', 'b1', 'x']) add(name)
    const sent = flush()
    for (const name of ['c1', 'd1']) add(name)
    for (const write of sent) write.returned(false)
    box.putBack(sent)
    expect(names()).toEqual(['a1', 'b1', 'x', 'c1', 'd1'])
    expect(budget.used).toBe(5)
    expect(box.all().map(({ state }) => state)).toEqual(Array(5).fill('waiting'))
  })

  test('frees the share of a write that ends while it waits, once', () => {
    const { add, box, budget, ends } = makeBox()
    const [a, b] = [add('a1'), add('b1')]
    a.end(new ClosedError('over'))
    a.end('taken')
    expect([budget.used, box.all()]).toEqual([1, [b]])
    b.end('taken')
    expect([budget.used, box.isEmpty]).toEqual([0, true])
    expect(ends.list).toEqual(['a1 closed unsent', 'b1 taken unsent'])
  })

  test('ends writes that may not be sent after all, and reports that once for all of them', () => {
    const { add, flush, names, port, ends } = makeBox()
    const writes = ['a1', 'b1', 'c1', 'd1', 'e1'].map(name => add(name))
    for (const write of writes.slice(1, 4)) write.watcher = { ...write.watcher, ready: () => new ClosedError('over') }
    const sent = flush()
    expect([sent, names()]).toEqual([[writes[0], writes[4]], []])
    expect(ends.list).toEqual(['b1 closed unsent', 'c1 closed unsent', 'd1 closed unsent'])
    expect(port.gaveUps).toBe(1)
    add('f1')
    flush()
    expect(port.gaveUps).toBe(1)
  })
})
