import { describe, expect, test } from 'vitest'
import { ClosedError } from '../../../src/base/errors.js'
import { Outbox, type Budget, Write, type WriteOptions } from '../../../src/write/outbox.js'

function makeBox(limit = 10_000, budget: Budget = { used: 0, limit }) {
  const sent: string[] = []
  /** How many more may go out. */
  let room = 0
  const port = {
    get canSend() {
      return sent.length < room
    },
    send: (body: string) => sent.push(body),
  }
  const box = new Outbox(budget, port)
  const ends: string[] = []
  const add = (name: string, kind: WriteOptions['kind'] = 'fold', id: unknown = name[0]) => {
    const settle: WriteOptions['settle'] = end => ends.push(`${name} ${typeof end === 'string' ? end : end.code}`)
    return box.post({ body: name, kind, id, owner: 'me', settle })
  }
  const names = () => box.all().map(({ body }) => body)
  /** Sends as many as there is room for. */
  const take = (count = Infinity) => {
    const writes: Write[] = []
    room = sent.length + count
    box.flush(write => writes.push(write))
    room = 0
    return writes
  }
  return { box, budget, ends, add, names, take, sent }
}

describe('an outbox', () => {
  test('keeps the last write of a key, in its own place', () => {
    const { add, names, ends } = makeBox()
    for (const name of ['a1', 'b1', 'a2']) add(name)
    expect(names()).toEqual(['b1', 'a2'])
    expect(ends).toEqual(['a1 superseded'])
  })

  test('folds nothing across a barrier', () => {
    const { add, names } = makeBox()
    add('a1')
    add('clear', 'barrier')
    add('a2')
    add('a3')
    expect(names()).toEqual(['a1', 'clear', 'a3'])
  })

  test('keeps plain commands, however alike', () => {
    const { add, names } = makeBox()
    add('x', 'plain')
    add('x', 'plain')
    expect(names()).toEqual(['x', 'x'])
  })

  test('refuses what would not fit, and takes what folds', () => {
    const { add, names, budget } = makeBox(2)
    add('a1')
    add('b1')
    expect(() => add('c1')).toThrow(expect.objectContaining({ code: 'overflow', limit: 2 }))
    expect(() => add('x', 'plain')).toThrow(expect.objectContaining({ code: 'overflow' }))
    add('a2')
    expect(names()).toEqual(['b1', 'a2'])
    expect(budget.used).toBe(2)
  })

  test('does not take a write to fold that only an earlier one than a barrier would', () => {
    const { add } = makeBox(2)
    add('a1')
    add('clear', 'barrier')
    expect(() => add('a2')).toThrow(expect.objectContaining({ code: 'overflow' }))
  })

  test('shares its limit with the others of its client', () => {
    const first = makeBox(2)
    const second = makeBox(2, first.budget)
    first.add('a1')
    second.add('a1')
    expect(() => first.add('b1')).toThrow(expect.objectContaining({ code: 'overflow' }))
    second.take()
    first.add('b1')
    expect(first.budget.used).toBe(2)
  })

  test('gives its writes out in order, as many as there is room for, and counts them out', () => {
    const { add, box, budget, take } = makeBox()
    for (const name of ['a1', 'b1', 'c1']) add(name)
    expect(take(2).map(({ body }) => body)).toEqual(['a1', 'b1'])
    expect(budget.used).toBe(1)
    expect(take().map(({ body }) => body)).toEqual(['c1'])
    expect([box.isEmpty, budget.used]).toEqual([true, 0])
  })

  test('puts back what was sent ahead of what waits, and folds the one into the other', () => {
    const { add, box, names, ends, take } = makeBox()
    add('a1')
    add('b1')
    const sent = take()
    add('a2')
    add('c1')
    box.putBack(sent)
    expect(names()).toEqual(['b1', 'a2', 'c1'])
    expect(ends).toEqual(['a1 superseded'])
  })
})

describe('a write', () => {
  test('that has ended leaves its outbox, and is told of once', () => {
    const { add, box, ends } = makeBox()
    const write = add('a1')
    write.end(new ClosedError('over'))
    write.end('taken')
    write.tell('taken')
    expect([box.isEmpty, ends, write.state]).toEqual([true, ['a1 closed'], 'done'])
  })

  test('tells whether it had been sent, and all who asked', () => {
    const heard: unknown[][] = []
    const write = new Write({ body: 'x', kind: 'fold', owner: 1, settle: (...end) => heard.push(end) })
    write.also((...end) => heard.push(['also', ...end]))
    write.state = 'sent'
    write.end('taken')
    expect(heard).toEqual([
      ['taken', true],
      ['also', 'taken', true],
    ])
  })
})
