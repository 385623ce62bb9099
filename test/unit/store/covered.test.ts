// One entry that own writes cover: which of them a word of the host decides.
import { describe, expect, test } from 'vitest'
import { equals, type Value } from '../../../src/recon/index.js'
import { Covered, gone, type Gone, type Judge } from '../../../src/store/covered.js'
import { Own } from './kit.js'

const judge: Judge<Value> = {
  isEcho: (sent, came) => (sent === gone || came === gone ? sent === came : equals(sent, came)),
  isAlike: equals,
}

/** An entry with writes that are on the wire, numbered from 1. */
function entryWith(...values: (Value | Gone)[]) {
  const entry = new Covered<string, Value>('a', gone)
  const writes = values.map((value, i) => new Own(value, i + 1))
  for (const write of writes) entry.lay(write)
  const list = () => {
    const forth: (Value | Gone)[] = []
    for (let write = entry.oldest; write !== undefined; write = write.newer) forth.push(write.value)
    const back: (Value | Gone)[] = []
    for (let write = entry.newest; write !== undefined; write = write.older) back.push(write.value)
    expect(back.reverse()).toEqual(forth)
    return forth
  }
  const outcomes = () => writes.map(({ outcome }) => outcome)
  return { entry, writes, list, outcomes }
}

describe('the writes of an entry', () => {
  test('are compared with an echo once: what was there before matters only where no write is echoed', () => {
    const { entry, outcomes } = entryWith('sent')
    entry.truth = 'before'
    let comparisons = 0
    const count = (compare: Judge<Value>['isEcho']) => (a: Value | Gone, b: Value | Gone) => {
      comparisons++
      return compare(a, b)
    }
    const counting = { isEcho: count(judge.isEcho), isAlike: count(judge.isEcho) }
    entry.say('sent', counting, false, 0)
    expect([comparisons, outcomes()]).toEqual([1, ['taken']])
  })

  test('stand in their order, and leave from any place', () => {
    const { entry, writes, list } = entryWith(1, 2, 3, 4)
    expect(list()).toEqual([1, 2, 3, 4])
    for (const [i, left] of [
      [1, [1, 3, 4]],
      [3, [1, 3]],
      [0, [3]],
      [2, []],
    ] as const) {
      writes[i]!.end('taken')
      expect(list()).toEqual(left)
      expect([writes[i]!.cover, writes[i]!.older, writes[i]!.newer]).toEqual([undefined, undefined, undefined])
    }
    expect([entry.oldest, entry.newest]).toEqual([undefined, undefined])
  })

  test('are superseded by an own clear, all of them', () => {
    const { entry, writes, outcomes, list } = entryWith(1, 2, 3)
    entry.say(2, judge, false, 0)
    entry.supersede()
    expect([list(), outcomes()]).toEqual([[], ['superseded', 'taken', 'superseded']])
    expect([entry.isPastClears, entry.isNews, entry.isHeard]).toEqual([false, false, false])
    // An echo tells that the host had the first two. Nothing tells it of the third.
    expect(writes.map(({ isProven }) => isProven)).toEqual([true, true, false])
  })

  test('are known to have reached the host by an echo, but for removes: anybody’s look the same', () => {
    for (const [value, isProven] of [
      [1, true],
      [gone, false],
    ] as const) {
      const { entry, writes } = entryWith(value)
      entry.say(value, judge, false, 0)
      expect([writes[0]!.outcome, writes[0]!.isProven]).toEqual(['taken', isProven])
    }
  })

  test('are found by their echo from either end, however many there are', () => {
    const count = 1000
    for (const [at, isFound] of [
      [0, true],
      [15, true],
      [16, false],
      [500, false],
      [count - 17, false],
      [count - 16, true],
      [count - 1, true],
    ] as const) {
      const { entry, outcomes } = entryWith(...Array.from({ length: count }, (_, i) => i))
      Own.looks = 0
      entry.say(at, judge, false, 0)
      expect(Own.looks).toBeLessThan(100 + 2 * at)
      expect(outcomes()[at]).toBe(isFound ? 'taken' : undefined)
      expect(outcomes().filter(outcome => outcome === 'superseded')).toHaveLength(isFound ? at : 0)
    }
  })

  test('that no echo finds are decided by the syncs', () => {
    const { entry, outcomes } = entryWith(...Array.from({ length: 100 }, (_, i) => i))
    expect(entry.settle(judge, 100, 0, true)).toBe(true)
    expect(entry.settle(judge, 100, 100, true)).toBe(false)
    expect(new Set(outcomes())).toEqual(new Set(['refused']))
  })

  test('up to the fence of the sync before are decided by the next word, and no others', () => {
    const { entry, outcomes } = entryWith(1, 2, 3)
    expect(entry.say(9, judge, false, 2)).toBe(true)
    expect(outcomes()).toEqual(['superseded', 'superseded', undefined])
  })

  test('are refused where the lane has said nothing but what it had, and superseded where it has', () => {
    for (const [says, inSync, outcome] of [
      [5, true, 'refused'],
      [5, false, 'refused'],
      [6, true, 'superseded'],
      [6, false, 'superseded'],
      [gone, true, 'superseded'],
    ] as const) {
      const entry = new Covered<string, Value>('a', 5)
      const write = new Own(1, 1)
      entry.lay(write)
      entry.say(says, judge, inSync, 0)
      entry.settle(judge, 1, 1, true)
      expect([says, inSync, write.outcome]).toEqual([says, inSync, outcome])
    }
  })

  test.each([
    ['there is none, and a state without it came', gone, gone, true, 'superseded'],
    ['there was none, and is none', gone, gone, false, 'refused'],
    ['it is an equal record', { x: 1 }, { x: 1 }, false, 'refused'],
    ['it is another record', { x: 1 }, { x: 2 }, false, 'superseded'],
  ] as const)('are decided by whether the entry is what it was: %s', (_, had, says, inSync, outcome) => {
    const entry = new Covered<string, Value>('a', had)
    const write = new Own(1, 1)
    entry.lay(write)
    entry.say(says, judge, inSync, 0)
    entry.settle(judge, 1, 1, true)
    expect(write.outcome).toBe(outcome)
  })

  test('behind an own remove that is taken are superseded, where there was news before it', () => {
    // `gone` may be the answer to the later write: others may have removed its value.
    for (const [isNews, outcome] of [
      [true, 'superseded'],
      [false, 'refused'],
    ] as const) {
      const entry = new Covered<string, Value>('a', 5)
      const [remove, set] = [new Own(gone, 1), new Own(7, 2)]
      entry.lay(remove)
      entry.lay(set)
      if (isNews) entry.say(9, judge, false, 0)
      entry.say(gone, judge, false, 0)
      expect([remove.outcome, entry.isNews]).toEqual(['taken', isNews])
      entry.settle(judge, 2, 2, true)
      expect(set.outcome).toBe(outcome)
    }
    const entry = new Covered<string, Value>('a', 5)
    for (const write of [new Own(gone, 1), new Own(7, 0)]) entry.lay(write)
    entry.say(9, judge, false, 0)
    entry.say(gone, judge, false, 0)
    // What waits has not been answered by anything.
    expect(entry.isNews).toBe(false)
  })

  test.each([
    ['on the wire before the sync', 1, false, 'taken'],
    ['on the wire after it', 2, false, undefined],
    ['lost with its socket', 2, true, 'taken'],
    ['never on the wire', 0, false, undefined],
  ])('that equal what the entry has at the end of a sync: %s', (_, seq, isLost, outcome) => {
    const entry = new Covered<string, Value>('a', 1)
    const write = new Own(1, seq)
    entry.lay(write)
    if (isLost) write.returned()
    entry.settle(judge, 1, 0, true)
    expect(write.outcome).toBe(outcome)
  })

  test('that wait stay where there is no entry, but for a remove', () => {
    const entry = new Covered<string, Value>('a', gone)
    const set = new Own(7, 0)
    entry.lay(set)
    entry.settle(judge, 0, 0, true)
    expect(set.outcome).toBeUndefined()
  })

  test('behind one that a sync has shown are refused, where that sync says nothing else', () => {
    const entry = new Covered<string, Value>('a', 1)
    const [first, second] = [new Own(1, 1), new Own(2, 2)]
    entry.lay(first)
    entry.lay(second)
    first.returned()
    entry.isNews = true
    entry.settle(judge, 2, 2, true)
    expect([first.outcome, second.outcome]).toEqual(['taken', 'refused'])
  })

  test('of a value lane are refused where its state is nothing again: there, that is what it had', () => {
    const entry = new Covered<undefined, Value>(undefined, gone)
    const write = new Own(1, 1)
    entry.lay(write)
    entry.say(gone, judge, true, 0)
    entry.settle(judge, 1, 1, true)
    expect(write.outcome).toBe('refused')
  })

  test('begin the count of news again with each that is taken', () => {
    const { entry, writes } = entryWith(1, 2)
    entry.say(9, judge, false, 0)
    entry.say(1, judge, false, 0)
    entry.settle(judge, 2, 2, true)
    expect(writes.map(({ outcome }) => outcome)).toEqual(['taken', 'refused'])
  })
})

describe('what an entry knows', () => {
  test('it was heard of until the next write is made', () => {
    const { entry } = entryWith(1)
    expect(entry.isHeard).toBe(false)
    entry.say(1, judge, true, 0)
    expect(entry.isHeard).toBe(true)
    entry.lay(new Own(2, 2))
    expect(entry.isHeard).toBe(false)
  })

  test('its value is an own one where a sync has shown it, and until the next word outside of one', () => {
    for (const inSync of [true, false]) {
      const { entry } = entryWith(1)
      entry.say(1, judge, inSync, 0)
      expect(entry.isOwn).toBe(inSync)
      // A sync may name it twice.
      entry.say(1, judge, true, 0)
      expect(entry.isOwn).toBe(inSync)
      entry.say(1, judge, false, 0)
      expect(entry.isOwn).toBe(false)
    }
  })

  test('nor is it where a sync names something else', () => {
    const { entry } = entryWith(1)
    entry.say(1, judge, true, 0)
    entry.say(2, judge, true, 0)
    expect(entry.isOwn).toBe(false)
  })

  test('and where the end of a sync finds that what waits again was taken', () => {
    const { entry, writes } = entryWith(1)
    writes[0]!.returned()
    entry.say(1, judge, true, 0)
    expect([entry.isOwn, writes[0]!.outcome]).toEqual([false, undefined])
    entry.settle(judge, 1, 0, true)
    expect([entry.isOwn, writes[0]!.outcome]).toEqual([true, 'taken'])
  })

  test('it shows past own clears once a write that was made after them was shown', () => {
    const { entry } = entryWith(1)
    expect(entry.isPastClears).toBe(false)
    entry.say(9, judge, false, 0)
    expect(entry.isPastClears).toBe(false)
    entry.say(1, judge, false, 0)
    expect(entry.isPastClears).toBe(true)
  })

  test('its value is nobody’s to begin with, and while it is held', () => {
    const { entry } = entryWith(1)
    expect(entry.isOwn).toBe(false)
    entry.say(1, judge, true, 0)
    entry.hold(2)
    expect([entry.isOwn, entry.truth, entry.heldFor, entry.isHeld]).toEqual([false, gone, 2, true])
    // A write covers it for its own part.
    entry.lay(new Own(2, 2))
    expect(entry.isHeld).toBe(false)
  })

  test('it shows past own clears once a write that was made after them is refused, too', () => {
    const { entry } = entryWith(1)
    entry.settle(judge, 1, 1, true)
    expect([entry.isPastClears, entry.isHeld]).toEqual([true, false])
  })

  test('it is held no longer once there is word of it', () => {
    const { entry } = entryWith()
    entry.heldFor = 2
    entry.say(gone, judge, true, 0)
    expect(entry.heldFor).toBe(0)
  })
})
