import { describe, expect, test } from 'vitest'
import { foldChanges, type Change } from '../../../src/downlink/change.js'
import { Feed, type Changes } from '../../../src/downlink/feed.js'
import { VirtualClock } from '../../../src/testing/virtual-clock.js'

const set = (key: string, value: number, oldValue?: number): Change<string, number> =>
  oldValue === undefined ? { type: 'update', key, value } : { type: 'update', key, value, oldValue }
const gone = (key: string, oldValue: number): Change<string, number> => ({ type: 'remove', key, oldValue })

function makeFeed() {
  const clock = new VirtualClock()
  const told: Changes<string, number>[] = []
  const faults: unknown[] = []
  const feed = new Feed<string, number>({ clock, fault: cause => faults.push(cause) })
  feed.onChange(changes => told.push(changes))
  return { clock, told, faults, feed, add: (change: Change<string, number>) => feed.add(change.key, change) }
}

describe('two changes of one entry', () => {
  test.each<[string, Change<string, number>, Change<string, number>, Change<string, number> | undefined]>([
    ['a new value twice is new with the last', set('a', 1), set('a', 2, 1), set('a', 2)],
    ['a new value removed is nothing', set('a', 1), gone('a', 1), undefined],
    ['a value changed twice is changed from the first', set('a', 2, 1), set('a', 3, 2), set('a', 3, 1)],
    ['a value changed and removed is removed with the first', set('a', 2, 1), gone('a', 2), gone('a', 1)],
    ['a value removed and set again is changed', gone('a', 1), set('a', 2), set('a', 2, 1)],
  ])('%s', (_, first, then, folded) => {
    expect(foldChanges(first, then)).toStrictEqual(folded)
  })

  test('an entry without a value that is changed and removed is removed', () => {
    const changed: Change<string, number | undefined> = { type: 'update', key: 'a', value: 1, oldValue: undefined }
    const removed: Change<string, number | undefined> = { type: 'remove', key: 'a', oldValue: 1 }
    expect(foldChanges(changed, removed)).toStrictEqual({ type: 'remove', key: 'a', oldValue: undefined })
  })
})

describe('a feed', () => {
  test('tells once for each frame, changes folded per key', async () => {
    const { clock, told, feed, add } = makeFeed()
    const heard: Changes<string, number>[] = []
    feed.subscribe(changes => heard.push(changes))
    add(set('a', 1))
    add(set('b', 1))
    add(set('a', 2, 1))
    add(gone('b', 1))
    expect(heard).toEqual([])
    await clock.settle()
    expect(heard).toEqual([[set('a', 2)]])
    expect(told).toEqual(heard)
  })

  test('a listener that throws or rejects is reported, and starves no other', async () => {
    const { clock, faults, feed, add } = makeFeed()
    const heard: string[] = []
    feed.subscribe(() => {
      throw new Error('thrown')
    })
    feed.subscribe(() => Promise.reject(new Error('rejected')))
    feed.subscribe(() => heard.push('third'))
    add(set('a', 1))
    await clock.settle()
    expect(heard).toEqual(['third'])
    expect(faults).toEqual([new Error('thrown'), new Error('rejected')])
  })

  test('an undo is safe to call twice, and within a batch', async () => {
    const { clock, feed, add } = makeFeed()
    const heard: string[] = []
    feed.subscribe(() => undo())
    const undo = feed.subscribe(() => heard.push('second'))
    feed.subscribe(() => heard.push('third'))
    add(set('a', 1))
    await clock.settle()
    undo()
    expect(heard).toEqual(['third'])
  })

  test('a reader that falls behind holds one change per key', async () => {
    const { clock, feed, add } = makeFeed()
    const reader = feed.iterate()
    for (let i = 1; i <= 1000; i++) {
      add(set('a', i, i === 1 ? undefined : i - 1))
      await clock.settle()
    }
    expect(await reader.next()).toEqual({ value: [set('a', 1000)], done: false })
  })

  test('a reader gets what changes after the call, whether it has begun to read or not', async () => {
    const { clock, feed, add } = makeFeed()
    const reader = feed.iterate()
    add(set('a', 1))
    await clock.settle()
    const next = [reader.next(), reader.next()]
    add(set('a', 2, 1))
    await clock.settle()
    expect(await Promise.all(next)).toEqual([
      { value: [set('a', 1)], done: false },
      { value: [set('a', 2, 1)], done: false },
    ])
  })

  test('a reader ends with its signal, with its own return, and, once all is read, with the feed', async () => {
    const { feed, add } = makeFeed()
    const abort = new AbortController()
    const aborted = feed.iterate(abort.signal)
    const waiting = aborted.next()
    abort.abort()
    expect(await waiting).toEqual({ value: undefined, done: true })

    const returned = feed.iterate()
    const pending = returned.next()
    expect(await returned.return!()).toEqual({ value: undefined, done: true })
    expect(await pending).toEqual({ value: undefined, done: true })

    const last = feed.iterate()
    add(set('a', 1))
    feed.end()
    expect(await last.next()).toEqual({ value: [set('a', 1)], done: false })
    expect(await last.next()).toEqual({ value: undefined, done: true })
    expect(await feed.iterate().next()).toEqual({ value: undefined, done: true })
    expect(await feed.iterate(abort.signal).next()).toEqual({ value: undefined, done: true })
  })

  test('a listener hears of what changes after it came, and of nothing before, and the others of all', async () => {
    const { clock, feed, add } = makeFeed()
    const heard: { readonly [name: string]: Changes<string, number>[] } = { first: [], second: [], third: [] }
    const listen = (name: string) => feed.subscribe(changes => heard[name]!.push(changes))
    listen('first')
    add(set('a', 1))
    listen('second')
    const reader = feed.iterate()
    add(set('a', 2, 1))
    add(set('b', 1))
    listen('third')
    await clock.settle()
    expect(heard).toEqual({
      first: [[set('a', 2), set('b', 1)]],
      second: [[set('a', 2, 1), set('b', 1)]],
      third: [],
    })
    expect(await reader.next()).toEqual({ value: [set('a', 2, 1), set('b', 1)], done: false })
    add(gone('b', 1))
    await clock.settle()
    for (const batches of Object.values(heard)) expect(batches.at(-1)).toEqual([gone('b', 1)])
  })

  test('one who listens after all was undone hears nothing of it', async () => {
    const { clock, feed, add } = makeFeed()
    const heard: Changes<string, number>[] = []
    add(set('a', 1))
    feed.subscribe(changes => heard.push(changes))
    add(gone('a', 1))
    await clock.settle()
    expect(heard).toEqual([[gone('a', 1)]])
  })

  test('a listener to one entry hears of that one, whether it changed or is to be looked at again', async () => {
    const { clock, told, feed, add } = makeFeed()
    const heard: string[] = []
    const undo = feed.subscribeTo('a', () => heard.push('a'))
    feed.subscribeTo('b', () => heard.push('b'))
    add(set('a', 1))
    await clock.settle()
    expect(heard.splice(0)).toEqual(['a'])
    feed.touch('b')
    feed.touch('c')
    await clock.settle()
    expect([heard.splice(0), told]).toEqual([['b'], [[set('a', 1)]]])
    undo()
    add(set('a', 2, 1))
    add(set('b', 1))
    await clock.settle()
    expect(heard).toEqual(['b'])
  })

  test('who listens to all looks again where all was undone but a snapshot was read, and where it is said so', async () => {
    const { clock, told, feed, add } = makeFeed()
    const heard: Changes<string, number>[] = []
    feed.subscribe(changes => heard.push(changes))
    add(set('a', 1))
    add(gone('a', 1))
    await clock.settle()
    expect(heard).toEqual([])
    add(set('a', 1))
    feed.touchAll()
    add(gone('a', 1))
    await clock.settle()
    expect([heard, told]).toEqual([[[]], []])
  })

  test('what is replayed is heard by those who listened before it began, ahead of what comes', async () => {
    const { clock, feed, add } = makeFeed()
    const heard: { readonly [name: string]: Changes<string, number>[] } = { before: [], after: [] }
    feed.subscribe(changes => heard['before']!.push(changes))
    feed.begin()
    feed.subscribe(changes => heard['after']!.push(changes))
    add(set('b', 2, 1))
    feed.replay('a', set('a', 1))
    feed.replay('b', set('b', 1))
    await clock.settle()
    expect(heard).toEqual({ before: [[set('a', 1), set('b', 2)]], after: [[set('b', 2, 1)]] })
  })

  test('nothing is gathered while nobody listens', () => {
    const feed = new Feed<string, number>({ clock: new VirtualClock(), fault: () => {} })
    expect(feed.isWanted).toBe(false)
    const undos = [feed.subscribe(() => {}), feed.subscribeTo('a', () => {}), feed.onChange(() => {})]
    expect(feed.isWanted).toBe(true)
    for (const undo of undos) undo()
    expect(feed.isWanted).toBe(false)
    void feed.iterate().return!()
    expect(feed.isWanted).toBe(false)
  })
})
