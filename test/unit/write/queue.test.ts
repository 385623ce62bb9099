import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { leave, Queue, type Queued } from '../../../src/write/queue.js'

class Item implements Queued {
  before: Queued = this
  after: Queued = this
  readonly name: string

  constructor(name: string) {
    this.name = name
  }
}

const items = (text: string) => [...text].map(name => new Item(name))

function queueOf(...list: Item[]): Queue<Item> {
  const queue = new Queue<Item>()
  for (const item of list) queue.add(item)
  return queue
}

/** The names, by a walk that ends even where the queue's does not. */
function names(queue: Queue<Item>): string {
  let text = ''
  for (const { name } of queue) {
    text += name
    if (text.length > 1000) throw new Error(`the walk goes on for ever: ${text.slice(0, 20)}…`)
  }
  return text
}

describe('a queue', () => {
  test('gives its items in the order they were added', () => {
    const queue = queueOf(...items('abc'))
    expect([names(queue), queue.first?.name, queue.isEmpty]).toEqual(['abc', 'a', false])
  })

  test('has no first item if it is empty', () => {
    const queue = new Queue<Item>()
    expect([names(queue), queue.first, queue.isEmpty]).toEqual(['', undefined, true])
  })

  test('removes an item from any place, and ignores a second removal', () => {
    const [a, b, c] = items('abc') as [Item, Item, Item]
    const queue = queueOf(a, b, c)
    leave(b)
    leave(b)
    expect(names(queue)).toBe('ac')
    leave(a)
    expect([names(queue), queue.first]).toEqual(['c', c])
    leave(c)
    expect(queue.isEmpty).toBe(true)
    queue.add(a)
    expect(names(queue)).toBe('a')
  })

  test('moves an item that is added again to the end', () => {
    const [a, b, c] = items('abc') as [Item, Item, Item]
    const queue = queueOf(a, b, c)
    queue.add(a)
    expect(names(queue)).toBe('bca')
    queue.add(a)
    expect(names(queue)).toBe('bca')
  })

  test('takes an added item out of its earlier queue', () => {
    const [a, b, c] = items('abc') as [Item, Item, Item]
    const [one, other] = [queueOf(a, b), queueOf(c)]
    other.add(a)
    expect([names(one), names(other)]).toEqual(['b', 'ca'])
  })

  test.each(['a', 'b', 'c', 'd', 'bc', 'abcd', 'cd'])('iterates to its end if %s is removed at b', gone => {
    const list = items('abcd')
    const queue = queueOf(...list)
    let walked = ''
    for (const { name } of queue) {
      walked += name
      if (name === 'b') for (const item of list) if (gone.includes(item.name)) leave(item)
      if (walked.length > 10) break
    }
    expect(walked).toBe('abcd')
    expect(names(queue)).toBe([...'abcd'].filter(name => !gone.includes(name)).join(''))
  })

  test('iterates over the items it had at the start, if others are added', () => {
    const queue = queueOf(...items('ab'))
    let walked = ''
    for (const { name } of queue) {
      walked += name
      queue.add(new Item('x'))
      if (walked.length > 10) break
    }
    expect([walked, names(queue)]).toEqual(['ab', 'abxx'])
  })

  test('equals a plain list after any additions and removals', () => {
    const step = fc.record({ act: fc.constantFrom('add', 'leave'), at: fc.nat(9) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), steps => {
        const pool = items('0123456789')
        const queue = new Queue<Item>()
        let model: Item[] = []
        for (const { act, at } of steps) {
          const item = pool[at]!
          model = model.filter(each => each !== item)
          if (act === 'leave') leave(item)
          else {
            queue.add(item)
            model.push(item)
          }
          expect(names(queue)).toBe(model.map(({ name }) => name).join(''))
          expect([queue.first, queue.isEmpty]).toEqual([model[0], model.length === 0])
        }
      }),
    )
  })
})
