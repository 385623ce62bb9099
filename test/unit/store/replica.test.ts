// A replica by itself: the host's entries, the sweep of a sync, own writes laid over, and what is doubted.
import { describe, expect, test } from 'vitest'
import { identity } from '../../../src/recon/index.js'
import { gone } from '../../../src/store/replica.js'
import { Held, Own, toEnd } from './kit.js'

/** A replica of a lane with some entries, whose first sync has ended a good while ago, and whose removes are watched. */
function lane(entries: { readonly [key: string]: number } = {}, port?: ConstructorParameters<typeof Held>[0]): Held {
  const held = new Held(port)
  held.sync(entries)
  // From the first remove on updates are remembered.
  held.replica.hostSet('x', 0)
  held.replica.hostRemoved('x')
  held.port.nowMs = held.port.provenMs = 100_000
  held.take()
  return held
}

describe('mark and sweep', () => {
  test('a first sync has nothing to sweep', () => {
    const held = new Held()
    expect(held.sync({ b: 2, a: 1 })).toBe(false)
    expect(held.shown).toEqual({ a: 1, b: 2 })
    expect(held.told).toEqual([
      ['b', 2, 'gone'],
      ['a', 1, 'gone'],
    ])
  })

  test('a later one takes away what it did not name, at its end and not before; equal values are silent', () => {
    const held = new Held()
    held.sync({ a: 1, b: 2, c: 3 })
    held.take()
    const sync = held.begin()
    held.replica.hostSet('b', 2)
    held.replica.hostSet('c', 4)
    expect(held.shown).toEqual({ a: 1, b: 2, c: 4 })
    held.replica.endSync(sync)
    expect(held.shown).toEqual({ b: 2, c: 4 })
    expect(held.told).toEqual([
      ['c', 4, 3],
      ['a', 'gone', 1],
    ])
  })

  test('what was named and removed before the end is gone, what was cleared and named again is not', () => {
    const held = new Held({ keepsOrder: true })
    held.sync({ a: 1, b: 2 })
    const sync = held.begin()
    held.replica.hostSet('a', 1)
    held.replica.hostSet('b', 2)
    held.replica.hostSet('a', gone)
    expect(held.hostCleared()).toEqual({ isOwn: false, isDoubtful: false })
    held.replica.hostSet('b', 3)
    held.replica.endSync(sync)
    expect(held.shown).toEqual({ b: 3 })
  })

  test('of two syncs in a row each sweeps by its own marks', () => {
    const held = new Held()
    held.sync({ a: 1, b: 2 })
    const first = held.begin()
    held.replica.hostSet('a', 1)
    const second = held.begin()
    held.replica.hostSet('b', 2)
    held.replica.endSync(first)
    expect(held.shown).toEqual({ a: 1, b: 2 })
    held.replica.endSync(second)
    expect(held.shown).toEqual({ b: 2 })
  })

  test('the end of the second ends the first, whose own end was lost', () => {
    const held = new Held()
    held.sync({ a: 1, b: 2 })
    held.begin()
    held.replica.hostSet('a', 1)
    const second = held.begin()
    held.replica.hostSet('b', 2)
    held.replica.endSync(second)
    expect(held.shown).toEqual({ b: 2 })
    // None is under way: what is no echo of an own write may be the answer to it, and calls for a sync.
    held.write('c', 3).end('given up')
    const own = held.write('c', 3)
    expect(held.replica.hostSet('c', 9)).toBe(true)
    own.end('given up')
    held.replica.gaveUp()
    expect(held.sync({ b: 2 })).toBe(false)
    expect(held.shown).toEqual({ b: 2 })
  })

  test('what a remove took out counts for nothing, though as many are left as were named', () => {
    const held = new Held({ keepsOrder: true })
    held.sync({ a: 1, b: 2 })
    const sync = held.begin()
    held.replica.hostSet('a', 1)
    held.replica.hostRemoved('a')
    held.replica.endSync(sync)
    expect(held.shown).toEqual({})
  })

  test('what was named before the state begins again counts for nothing', () => {
    const held = new Held()
    const sync = held.begin()
    held.replica.hostSet('a', 1)
    held.replica.hostSet('b', 2)
    held.replica.restartSyncs()
    held.replica.hostSet('b', 3)
    held.replica.endSync(sync)
    expect(held.shown).toEqual({ b: 3 })
  })

  test('a sync that is abandoned, or spoilt, sweeps nothing', () => {
    const held = new Held()
    held.sync({ a: 1 })
    held.begin()
    held.replica.abandonSync()
    expect(held.shown).toEqual({ a: 1 })
    const sync = held.begin()
    held.replica.spoilSyncs()
    held.replica.endSync(sync)
    expect(held.shown).toEqual({ a: 1 })
    held.sync()
    expect(held.shown).toEqual({})
  })

  test('names what stays though the host has cleared: what was written after an own clear', () => {
    const held = lane({ a: 1 })
    held.clear()
    held.write('b', 2)
    for (const value of [2, 3]) held.replica.hostSet('b', value)
    const sync = held.begin()
    expect(held.hostCleared()).toEqual({ isOwn: true, isDoubtful: true })
    held.replica.endSync(sync)
    expect(held.shown).toEqual({ b: 3 })
  })

  test('takes away what it did not name, though as much shows as it named, where own writes cover some', () => {
    const held = lane({ a: 1, x: 1 })
    held.write('b', 2)
    held.write('x', gone)
    held.sync({ b: 9, x: 1 })
    expect(held.shown).toEqual({ b: 2 })
  })

  test('keys compare by value', () => {
    const { replica } = new Held()
    replica.hostSet({ floor: 1, room: 2 }, 'x')
    replica.hostSet({ floor: 1, room: 2 }, 'y')
    replica.hostSet({ room: 2, floor: 1 }, 'z')
    expect([...replica.shown.walk(([, value]) => value)]).toHaveLength(2)
  })
})

describe('own writes', () => {
  test('cover what the host says until their echo', () => {
    const held = new Held()
    const [first, second] = [held.write('a', 1), held.write('a', 2)]
    held.replica.hostSet('a', 9)
    held.replica.hostSet('a', 1)
    expect(held.shown).toEqual({ a: 2 })
    expect([first.outcome, second.outcome]).toEqual(['taken', undefined])
    held.replica.hostSet('a', 2)
    held.replica.hostSet('a', 3)
    expect(held.told.map(([, value]) => value)).toEqual([1, 2, 3])
  })

  test('an echo of the second decides the first', () => {
    const held = new Held()
    const writes = [held.write('a', 1), held.write('a', 2)]
    held.replica.hostSet('a', 2)
    expect(writes.map(({ outcome }) => outcome)).toEqual(['superseded', 'taken'])
  })

  test('of equal writes an echo is that of the oldest', () => {
    const held = new Held()
    const writes = [held.write('a', 1), held.write('a', 2), held.write('a', 1)]
    held.replica.hostSet('a', 1)
    expect(writes.map(({ outcome }) => outcome)).toEqual(['taken', undefined, undefined])
  })

  test('one that waits is not taken for having been heard', () => {
    const held = new Held()
    const own = new Own(1, 0)
    held.replica.lay('a', 'a', own)
    expect(held.replica.hostSet('a', 1)).toBe(false)
    held.replica.hostSet('a', 2)
    expect(own.outcome).toBeUndefined()
    expect(held.shown).toEqual({ a: 1 })
  })

  test('a forced write of an equal value is a change', () => {
    const held = new Held()
    held.replica.hostSet('a', 1)
    held.take()
    held.replica.lay('a', 'a', new Own(1, 1))
    expect(held.take()).toEqual([])
    held.replica.lay('a', 'a', new Own(1, 2), true)
    expect(held.take()).toEqual([['a', 1, 1]])
  })

  test('one that is given up shows what the host has', () => {
    const held = new Held()
    held.replica.hostSet('a', 1)
    const own = held.write('a', 2)
    own.end('given up')
    expect(held.shown).toEqual({ a: 2 })
    held.replica.gaveUp()
    expect(held.shown).toEqual({ a: 1 })
    expect(held.told.at(-1)).toEqual(['a', 1, 2])
    expect(held.replica.covered(identity('a'))).toBeUndefined()
  })

  test('one that is spelled otherwise by the host is no change, and is then as the host spells it', () => {
    const held = new Held()
    const [sent, came] = [
      { x: 1, y: 2 },
      { y: 2, x: 1 },
    ]
    held.write('a', sent)
    held.take()
    held.replica.hostSet('a', came)
    expect([held.take(), held.replica.shown.get('a')]).toEqual([[], came])
    expect(Object.keys(held.replica.shown.get('a') as object)).toEqual(['y', 'x'])
    held.write('a', { y: 2, x: 1 })
    const again = held.replica.shown.get('a')
    held.replica.hostSet('a', { y: 2, x: 1 })
    // Spelled alike, it stays the object that it was.
    expect(held.replica.shown.get('a')).toBe(again)
  })

  test('keys and values are given to be sealed before they show, by whomever they are set', () => {
    const parts: unknown[] = []
    const held = new Held({}, part => parts.push(part))
    held.replica.hostSet('a', 1)
    held.write('b', 2)
    held.replica.hostSet('b', 2)
    held.replica.hostSet('a', gone)
    expect(parts).toEqual(['a', 1, 'b', 2])
    held.write('c', { x: 1, y: 2 })
    parts.length = 0
    const came = { y: 2, x: 1 }
    held.replica.hostSet('c', came)
    expect(parts).toEqual([came])
  })

  test('an entry without a value is one: that it comes and goes is told', () => {
    const held = new Held()
    held.replica.hostSet('a', undefined)
    held.replica.hostSet('a', undefined)
    expect(held.take()).toEqual([['a', undefined, 'gone']])
    held.replica.hostSet('a', gone)
    held.replica.hostSet('a', gone)
    expect(held.take()).toEqual([['a', 'gone', undefined]])
  })

  test('are found by their entry', () => {
    const held = new Held()
    held.replica.hostSet('a', 1)
    const own = held.write('a', 2)
    expect(held.replica.covered(identity('a'))).toMatchObject({ key: 'a', truth: 1, newest: own })
    expect([...held.replica.coveredEntries().keys()]).toEqual([identity('a')])
  })

  test('one entry by itself shows what the host has', () => {
    const held = new Held()
    const own = held.write('a', 2)
    held.write('b', 2).end('given up')
    own.end('given up')
    held.replica.uncoverOne(identity('a'))
    held.replica.uncoverOne(identity('none'))
    expect(held.shown).toEqual({ b: 2 })
  })
})

describe('an own write that is not echoed', () => {
  test('is refused by two syncs that repeat what the lane had', () => {
    const held = lane({ a: 5 })
    const own = held.write('a', -1)
    expect(held.sync({ a: 5 })).toBe(true)
    expect([own.outcome, held.shown]).toEqual([undefined, { a: -1 }])
    expect(held.sync({ a: 5 })).toBe(false)
    expect([own.outcome, held.shown]).toEqual(['refused', { a: 5 }])
  })

  test('is superseded where the lane has something else', () => {
    const held = lane({ a: 5 })
    const own = held.write('a', -1)
    expect(held.sync({ a: 6 })).toBe(true)
    expect(held.sync({ a: 6 })).toBe(false)
    expect([own.outcome, held.shown]).toEqual(['superseded', { a: 6 }])
  })

  test.each([
    [5, 'refused'],
    [7, 'superseded'],
  ])('that the lane answers with %i, where it had 5, is %s', (value, outcome) => {
    const held = lane({ a: 5 })
    const own = held.write('a', -1)
    // It may be the answer: a sync that begins now will tell.
    expect(held.replica.hostSet('a', value)).toBe(true)
    expect(own.outcome).toBeUndefined()
    expect(held.sync({ a: value })).toBe(true)
    expect(held.sync({ a: value })).toBe(false)
    expect(own.outcome).toBe(outcome)
  })

  test('is decided by the first word on its key after a sync that began after it', () => {
    const held = lane({ a: 5 })
    const own = held.write('a', -1)
    held.sync({ a: 5 })
    expect(held.replica.hostSet('a', 7)).toBe(false)
    expect([own.outcome, held.shown]).toEqual(['superseded', { a: 7 }])
  })

  test('is decided within the second sync, as soon as that names its key', () => {
    const held = lane({ a: 5 })
    const own = held.write('a', -1)
    held.sync({ a: 5 })
    const second = held.begin()
    expect(held.replica.hostSet('a', 5)).toBe(false)
    expect([own.outcome, held.shown]).toEqual(['refused', { a: 5 }])
    held.replica.endSync(second)
  })

  test('is decided by one sync that does not name its key', () => {
    const held = lane({ a: 5 })
    const [set, other, remove] = [held.write('b', 1), held.write('a', 1), held.write('c', gone)]
    expect(held.sync()).toBe(false)
    expect([set.outcome, other.outcome, remove.outcome]).toEqual(['refused', 'superseded', 'taken'])
    expect(held.shown).toEqual({})
  })

  test('is taken by the sync that shows it', () => {
    const held = lane({ a: 5 })
    const own = held.write('a', 1)
    const sync = held.begin()
    held.replica.hostSet('a', 1)
    expect(own.outcome).toBe('taken')
    expect(held.replica.endSync(sync)).toBe(false)
  })

  test('calls for no other sync by what one names that is under way', () => {
    const held = lane({ a: 5 })
    held.write('a', 1)
    held.begin()
    expect(held.replica.hostSet('a', 5)).toBe(false)
  })

  test('is not decided by a sync that names its key ahead of a clear, which may be older than what it named', () => {
    const held = lane({ a: 5 })
    const own = held.write('a', 1)
    const sync = held.begin()
    held.replica.hostSet('a', 5)
    expect(held.hostCleared()).toEqual({ isOwn: false, isDoubtful: true })
    expect(held.replica.endSync(sync)).toBe(true)
    expect([own.outcome, held.shown]).toEqual([undefined, { a: 1 }])
    held.sync({ a: 5 })
    expect([own.outcome, held.shown]).toEqual(['superseded', { a: 5 }])
  })

  test('is not decided by a sync that is spoilt, or that names its key ahead of a remove', () => {
    const spoil = (held: Held) => held.replica.spoilSyncs()
    const remove = (held: Held) => {
      held.replica.hostSet('a', 5)
      held.replica.hostRemoved('a')
    }
    for (const act of [spoil, remove]) {
      const held = lane({ a: 5 })
      const own = held.write('a', 1)
      const sync = held.begin()
      act(held)
      expect(held.replica.endSync(sync)).toBe(true)
      expect([own.outcome, held.shown]).toEqual([undefined, { a: 1 }])
    }
  })

  test('is decided by one sync that names its key, and then says that it is not there', () => {
    const held = lane({ a: 5 })
    const own = held.write('a', 1)
    const sync = held.begin()
    held.replica.hostSet('a', 5)
    held.replica.hostSet('a', gone)
    expect(held.replica.endSync(sync)).toBe(false)
    expect([own.outcome, held.shown]).toEqual(['superseded', {}])
  })

  test('is left alone by a sync that was asked for before it', () => {
    const held = lane({ a: 5 })
    const sync = held.begin()
    const own = held.write('a', 1)
    held.replica.hostSet('a', 5)
    expect(held.replica.endSync(sync)).toBe(false)
    expect([own.outcome, held.shown]).toEqual([undefined, { a: 1 }])
  })

  test('is not called refused where the link was interrupted: what the lane said then is not known', () => {
    const interruptions: ((held: Held) => void)[] = [
      ({ replica }) => replica.abandonSync(),
      ({ replica }) => replica.restartSyncs(),
    ]
    for (const interrupt of interruptions) {
      const held = lane({ a: 5 })
      const own = held.write('a', -1)
      interrupt(held)
      held.sync({ a: 5 })
      held.sync({ a: 5 })
      expect(own.outcome).toBe('superseded')
    }
  })

  test('waits again after a lost socket, and is taken by the sync that shows it', () => {
    const held = lane({ a: 5 })
    const [one, other, remove] = [held.write('a', 1), held.write('b', 1), held.write('c', gone)]
    held.replica.abandonSync()
    for (const write of [one, other, remove]) write.returned()
    expect(held.sync({ a: 1, b: 0 })).toBe(false)
    expect([one.outcome, other.outcome, remove.outcome]).toEqual(['taken', undefined, 'taken'])
    expect(held.shown).toEqual({ a: 1, b: 1 })
  })

  test('that waits and was never sent is not decided by any sync, but a remove of what is gone is', () => {
    const held = lane({ a: 5 })
    const [set, remove, none] = [new Own(1, 0), new Own(gone, 0), new Own(gone, 0)]
    held.replica.lay('a', 'a', set)
    held.replica.lay('b', 'b', remove)
    held.replica.lay('c', 'c', none)
    held.sync({ a: 1, b: 2 })
    expect([set.outcome, remove.outcome, none.outcome]).toEqual([undefined, undefined, 'taken'])
  })
})

describe('an own clear', () => {
  test('covers everything, what comes after it too, and supersedes what was written before', () => {
    const held = lane({ a: 1 })
    const before = held.write('b', 2)
    const clear = held.clear()
    const after = held.write('c', 3)
    held.replica.hostSet('d', 4)
    expect(held.shown).toEqual({ c: 3 })
    expect(before.outcome).toBe('superseded')
    expect(held.hostCleared().isOwn).toBe(true)
    expect([clear.outcome, after.outcome]).toEqual(['taken', undefined])
    held.replica.hostSet('c', 3)
    held.replica.hostSet('e', 5)
    expect(held.shown).toEqual({ c: 3, e: 5 })
  })

  test('leaves what was written after it to its echo, though that of the clear has not come', () => {
    const held = lane({ a: 1 })
    held.clear()
    held.write('b', 2)
    held.take()
    held.replica.hostSet('b', 2)
    expect(held.take()).toEqual([])
    held.replica.hostSet('b', 3)
    expect(held.shown).toEqual({ b: 3 })
    // It may be another's clear, and newer: of two own ones that wait a host may make one.
    expect(held.hostCleared()).toEqual({ isOwn: true, isDoubtful: true })
    expect(held.shown).toEqual({ b: 3 })
    held.clear()
    expect(held.shown).toEqual({})
  })

  test('whose echo does not come is decided by two syncs, and what came after it shows', () => {
    const held = lane({ a: 1 })
    const clear = held.clear()
    expect(held.sync({ x: 1 })).toBe(true)
    expect(held.shown).toEqual({})
    expect(held.sync({ x: 1 })).toBe(false)
    expect([clear.outcome, held.shown]).toEqual(['taken', { x: 1 }])
    expect(held.replica.pendingClear).toBeUndefined()
  })

  test('shows again what it covered, once it is given up: each as the host has it by then', () => {
    const held = lane({ a: 1, b: 2, c: 3, d: 4 })
    held.write('d', 5)
    const clear = held.clear()
    held.replica.hostSet('b', 7)
    held.replica.hostRemoved('c')
    held.take()
    clear.end('given up')
    held.replica.gaveUp()
    expect(held.shown).toEqual({ a: 1, b: 7, d: 4 })
    expect(held.replica.coveredEntries().size).toBe(0)
  })

  test('covers each entry as a single one, to whoever asks', () => {
    const held = lane({ a: 1, b: 2, c: 3 })
    held.clear()
    expect(held.replica.covered('b')).toMatchObject({ key: 'b', truth: 2, isHeard: false })
    expect([...held.replica.coveredEntries().values()].map(({ key, truth }) => [key, truth])).toEqual([
      ['b', 2],
      ['a', 1],
      ['c', 3],
    ])
    expect(held.hostCleared()).toEqual({ isOwn: true, isDoubtful: false })
    expect(held.replica.coveredEntries().size).toBe(0)
  })

  test('over what a sync does not name leaves nothing to show again', () => {
    const held = lane({ a: 1, b: 2 })
    const sync = held.begin()
    held.replica.hostSet('a', 1)
    const clear = held.clear()
    held.replica.endSync(sync)
    clear.end('given up')
    held.replica.gaveUp()
    expect(held.shown).toEqual({ a: 1 })
  })

  test('of which a second comes covers what was written between the two', () => {
    const held = lane({ a: 1 })
    const first = held.clear()
    held.write('b', 2)
    const second = held.clear()
    expect(held.shown).toEqual({})
    expect([held.hostCleared().isOwn, held.hostCleared().isOwn]).toEqual([true, true])
    expect([first.outcome, second.outcome, held.shown]).toEqual(['taken', 'taken', {}])
  })

  test('is in no doubt where the host has said nothing since', () => {
    const held = lane({ a: 1, b: 2 })
    // Heard a moment before, and so surely older than the clear.
    held.replica.hostSet('a', 5)
    held.clear()
    expect(held.hostCleared()).toEqual({ isOwn: true, isDoubtful: false })
    expect(held.shown).toEqual({})
  })

  test('is in doubt where it has: what came may be newer', () => {
    for (const inSync of [false, true]) {
      for (const value of [1, 7]) {
        const held = lane({ a: 1 })
        held.clear()
        const sync = inSync ? held.begin() : undefined
        held.replica.hostSet('a', value)
        expect(held.shown).toEqual({})
        expect(held.hostCleared()).toEqual({ isOwn: true, isDoubtful: true })
        if (sync !== undefined) held.replica.endSync(sync)
        expect(held.shown).toEqual({})
        held.sync({ a: value })
        expect(held.shown).toEqual({ a: value })
      }
    }
  })

  test('is in doubt where another entry came since, which nobody has seen', () => {
    const held = lane()
    held.clear()
    held.replica.hostSet('z', 7)
    expect(held.hostCleared()).toEqual({ isOwn: true, isDoubtful: true })
  })

  test('is in no doubt where what came since has gone again', () => {
    const held = lane()
    held.clear()
    held.replica.hostSet('z', 7)
    held.replica.hostRemoved('z')
    expect(held.hostCleared()).toEqual({ isOwn: true, isDoubtful: false })
  })

  test('that waits is not taken for that of another, nor decided by a sync', () => {
    const held = lane({ a: 1 })
    const clear = new Own(gone, 0)
    held.replica.layClear(clear)
    expect(held.hostCleared().isOwn).toBe(false)
    expect([held.sync({ a: 1 }), held.sync({ a: 1 })]).toEqual([false, false])
    expect([clear.outcome, held.shown]).toEqual([undefined, {}])
  })

  test('is left alone by a sync that was asked for before it', () => {
    const held = lane({ a: 1 })
    const sync = held.begin()
    const clear = held.clear()
    expect(held.replica.endSync(sync)).toBe(false)
    expect(clear.outcome).toBeUndefined()
  })

  test('proves nothing by its event: another’s looks the same. Of several the newest is pending', () => {
    const held = lane({ a: 1 })
    const [first, second] = [held.clear(), held.clear()]
    expect(held.replica.pendingClear).toBe(second)
    held.hostCleared()
    expect([first.outcome, first.isProven, held.replica.pendingClear]).toEqual(['taken', false, second])
    held.sync()
    held.sync()
    expect([second.outcome, second.isProven]).toEqual(['taken', true])
  })

  test('is one: the next is that of another, and in doubt', () => {
    const held = lane()
    held.clear()
    held.hostCleared()
    held.replica.hostSet('a', 1)
    expect(held.hostCleared()).toEqual({ isOwn: false, isDoubtful: true })
    expect(held.shown).toEqual({})
  })
})

describe('a clear of the host', () => {
  /** A lane of 100 entries, of which the host's clear has taken some away. */
  function amidst() {
    const held = lane(Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`k${i}`, i])))
    const work = held.replica.hostCleared()
    work.next()
    expect(Object.keys(held.shown)).toHaveLength(85)
    return { held, end: () => toEnd(work) }
  }

  test('takes away a few entries at each step', () => {
    const { held, end } = amidst()
    expect(end()).toEqual({ isOwn: false, isDoubtful: false })
    expect([held.shown, held.take()]).toEqual([{}, Array.from({ length: 100 }, (_, i) => [`k${i}`, 'gone', i])])
  })

  test('is older than what is written between two steps', () => {
    const { held, end } = amidst()
    const [early, late] = [held.write('k0', -1), held.write('k90', -2)]
    end()
    expect(held.shown).toEqual({ k0: -1, k90: -2 })
    held.replica.hostSet('k0', -1)
    held.replica.hostSet('k90', -2)
    expect([early.outcome, late.outcome]).toEqual(['taken', 'taken'])
  })

  test('leaves nothing below what is written between two steps', () => {
    const { held, end } = amidst()
    const [set, remove] = [held.write('k90', -1), held.write('k91', gone)]
    end()
    set.end('given up')
    remove.end('given up')
    held.replica.gaveUp()
    expect(held.shown).toEqual({})
  })

  test('leaves nothing below an own clear that is made between two steps', () => {
    const { held, end } = amidst()
    const clear = held.clear()
    expect(held.shown).toEqual({})
    end()
    clear.end('given up')
    held.replica.gaveUp()
    expect(held.shown).toEqual({})
  })

  test('takes away what was uncovered between two steps', () => {
    const { held, end } = amidst()
    held.write('k0', -1).end('given up')
    held.replica.uncoverOne('k0')
    held.write('k90', gone).end('given up')
    held.replica.uncoverOne('k90')
    end()
    expect(held.shown).toEqual({})
  })
})

describe('a sync that names few of many entries', () => {
  const all = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`k${i}`, i]))

  test('takes the others away step by step, but for what is written between two steps', () => {
    const held = lane(all)
    const sync = held.begin()
    held.replica.hostSet('k7', 7)
    const work = held.replica.sweep(sync)!
    work.next()
    expect(Object.keys(held.shown)).toHaveLength(4986)
    const write = held.write('k4000', -1)
    toEnd(work)
    expect(held.shown).toEqual({ k7: 7, k4000: -1 })
    held.replica.endSync(sync)
    write.end('given up')
    held.replica.gaveUp()
    expect(held.shown).toEqual({ k7: 7 })
  })

  test('has no steps where it takes few away, or may have named any', () => {
    const held = lane(all)
    const first = held.begin()
    for (let i = 0; i < 1000; i++) held.replica.hostSet(`k${i}`, i)
    expect(held.replica.sweep(first)).toBeUndefined()
    held.replica.spoilSyncs()
    expect(held.replica.sweep(first)).toBeUndefined()
    expect(held.replica.sweep({ fence: 0 })).toBeUndefined()
  })
})

describe('a remove that may be older than what it removes', () => {
  test('of an entry that was updated a short while ago goes at once, and comes back with the sync', () => {
    const held = lane({ a: 1 })
    held.replica.hostSet('a', 2)
    held.take()
    expect(held.replica.hostRemoved('a')).toBe(true)
    expect(held.take()).toEqual([['a', 'gone', 2]])
    held.sync({ a: 2 })
    expect(held.take()).toEqual([['a', 2, 'gone']])
  })

  test('of an entry that was not is believed', () => {
    const held = lane({ a: 1, b: 1 })
    held.replica.hostSet('b', 2)
    expect(held.replica.hostRemoved('a')).toBe(false)
    expect(held.shown).toEqual({ b: 2 })
  })

  test('is one for 5 s, which do not run while nothing shows that the network delivers', () => {
    const held = lane({ a: 1 })
    const heard = () => {
      held.replica.hostSet('a', 2)
      held.port.nowMs += 60_000
      return held.replica.hostRemoved('a')
    }
    expect(heard()).toBe(true)
    held.replica.hostSet('a', 2)
    held.port.provenMs = held.port.nowMs + 5000
    expect(held.replica.hostRemoved('a')).toBe(true)
    held.replica.hostSet('a', 2)
    held.port.provenMs = held.port.nowMs + 5001
    expect(held.replica.hostRemoved('a')).toBe(false)
  })

  test('is the first of a lane, as nothing is known of what came before', () => {
    const held = new Held()
    held.sync({ a: 1, b: 1 })
    held.port.nowMs = 1000
    expect(held.replica.hostRemoved('a')).toBe(true)
    expect(held.replica.hostRemoved('b')).toBe(true)
  })

  test('of an entry that the sync under way has named, or that ended a short while ago', () => {
    const held = lane({ a: 1, b: 1, c: 1 })
    const sync = held.begin()
    held.replica.hostSet('a', 1)
    expect(held.replica.hostRemoved('a')).toBe(true)
    // Not named yet: what follows names it, if it is there.
    expect(held.replica.hostRemoved('b')).toBe(false)
    held.replica.hostSet('c', 1)
    held.replica.endSync(sync)
    expect(held.shown).toEqual({ c: 1 })
    expect(held.replica.hostRemoved('c')).toBe(true)
  })

  test('within a first sync, which marks nothing', () => {
    const held = new Held()
    held.begin()
    held.replica.hostSet('a', 1)
    expect(held.replica.hostRemoved('a')).toBe(true)
  })

  test('within the first sync of another socket too, and within one that is spoilt', () => {
    const held = lane()
    held.replica.abandonSync()
    held.begin()
    held.replica.hostSet('a', 1)
    expect(held.replica.hostRemoved('a')).toBe(true)
    const other = lane({ a: 1 })
    other.begin()
    other.replica.spoilSyncs()
    other.replica.hostSet('a', 1)
    expect(other.replica.hostRemoved('a')).toBe(true)
  })

  test('is not one of what is not there, nor an update without a value', () => {
    const held = lane({ a: 1 })
    expect(held.replica.hostRemoved('z')).toBe(false)
    held.replica.hostSet('a', 2)
    expect(held.replica.hostSet('a', gone)).toBe(false)
    expect(held.replica.hostRemoved('a')).toBe(false)
    expect(held.shown).toEqual({})
  })

  test('is not one of what an own write covers that waits, where the host had nothing there', () => {
    const held = lane()
    held.replica.hostSet('a', 1)
    held.replica.hostSet('a', gone)
    held.replica.lay('a', 'a', new Own(2, 0))
    expect(held.replica.hostRemoved('a')).toBe(false)
    expect(held.hostCleared().isDoubtful).toBe(false)
  })

  test('is one though it decides an own write', () => {
    const held = lane({ a: 5 })
    const own = held.write('a', 1)
    expect(held.sync({ a: 5 })).toBe(true)
    expect(held.replica.hostRemoved('a')).toBe(true)
    expect([own.outcome, held.shown]).toEqual(['superseded', {}])
  })

  test('is one though the host has not named the entry since an own write that it decides', () => {
    const held = lane({ a: 5 })
    const own = held.write('a', 1)
    const sync = held.begin()
    held.replica.spoilSyncs()
    held.replica.endSync(sync)
    expect([held.replica.hostRemoved('a'), own.outcome]).toEqual([true, 'superseded'])
  })

  test('is a clear of what an own write covers, where the host has reported it a short while ago', () => {
    const held = lane({ a: 5 })
    held.replica.hostSet('a', 6)
    held.write('a', 7)
    expect(held.hostCleared()).toEqual({ isOwn: false, isDoubtful: true })
  })

  test('is none on a host that keeps the order', () => {
    const held = lane({ a: 1 }, { keepsOrder: true })
    held.replica.hostSet('a', 2)
    expect(held.replica.hostRemoved('a')).toBe(false)
    held.replica.hostSet('a', 2)
    expect(held.hostCleared().isDoubtful).toBe(false)
    held.write('a', 3)
    held.sync({ a: 3 })
    expect(held.replica.hostRemoved('a')).toBe(false)
    expect(held.shown).toEqual({})
  })

  test('is none of what was heard on a socket that is lost', () => {
    const held = lane({ a: 1 })
    held.replica.hostSet('a', 2)
    held.replica.abandonSync()
    expect(held.replica.hostRemoved('a')).toBe(false)
  })

  test('is a clear of one such entry, and takes all', () => {
    const held = lane({ a: 1, b: 1 })
    held.replica.hostSet('a', 2)
    expect(held.hostCleared()).toEqual({ isOwn: false, isDoubtful: true })
    expect(held.shown).toEqual({})
    held.port.nowMs = held.port.provenMs = 200_000
    held.sync({ a: 2 })
    held.port.nowMs = held.port.provenMs = 300_000
    expect(held.hostCleared()).toEqual({ isOwn: false, isDoubtful: false })
  })

  test('is a clear of an own entry that is not decided, where the lane has spoken of it', () => {
    const held = lane()
    held.write('a', 1)
    expect(held.hostCleared().isDoubtful).toBe(false)
    held.replica.hostSet('a', 9)
    held.take()
    expect(held.hostCleared().isDoubtful).toBe(true)
    expect([held.shown, held.take()]).toEqual([{ a: 1 }, []])
  })

  test('is a clear of an own value that a later own write covers, by another', () => {
    const held = lane()
    const [, later] = [held.write('b', 1), held.write('b', 2)]
    held.replica.hostSet('b', 1)
    held.hostCleared()
    later.end('given up')
    held.replica.gaveUp()
    expect(held.shown).toEqual({})
  })

  test('is not the answer to an own remove, unless the lane has spoken of the entry since', () => {
    const held = lane({ a: 1 })
    held.replica.hostSet('a', 2)
    const remove = held.write('a', gone)
    expect(held.replica.hostRemoved('a')).toBe(false)
    expect(remove.outcome).toBe('taken')

    for (const inSync of [false, true]) {
      for (const value of [2, 3]) {
        held.sync({ a: 2 })
        const again = held.write('a', gone)
        const sync = inSync ? held.begin() : undefined
        held.replica.hostSet('a', value)
        expect(held.replica.hostRemoved('a')).toBe(true)
        expect(again.outcome).toBe('taken')
        if (sync !== undefined) held.replica.endSync(sync)
        held.sync({ a: value })
        expect(held.shown).toEqual({ a: value })
      }
    }
  })
})

describe('an own value that a sync has shown, and that is removed', () => {
  /** Own value 1 of `a`, seen by a sync. */
  const seen = () => {
    const held = lane()
    held.write('a', 1)
    held.sync({ a: 1 })
    held.take()
    return held
  }

  test('goes on to show until the sync that begins then has ended', () => {
    const held = seen()
    expect(held.replica.hostRemoved('a')).toBe(true)
    expect([held.shown, held.take()]).toEqual([{ a: 1 }, []])
    held.sync({ a: 1 })
    expect([held.shown, held.take()]).toEqual([{ a: 1 }, []])
  })

  test('goes with that sync, where it is not there', () => {
    const held = seen()
    held.replica.hostRemoved('a')
    held.sync()
    expect(held.take()).toEqual([['a', 'gone', 1]])
    expect(held.replica.covered(identity('a'))).toBeUndefined()
  })

  test('does not go with a sync that had begun before', () => {
    const held = seen()
    const under = held.begin()
    held.replica.hostSet('a', 1)
    held.replica.hostRemoved('a')
    held.replica.endSync(under)
    expect(held.shown).toEqual({ a: 1 })
    held.sync()
    expect(held.shown).toEqual({})
  })

  test('gives way at once to another value, and to the word that it is not there', () => {
    const held = seen()
    held.replica.hostRemoved('a')
    held.replica.hostSet('a', 2)
    expect(held.take()).toEqual([['a', 2, 1]])
    const other = seen()
    other.replica.hostRemoved('a')
    other.replica.hostSet('a', gone)
    expect(other.take()).toEqual([['a', 'gone', 1]])
  })

  test('goes on to show where it is removed again', () => {
    const held = seen()
    expect([held.replica.hostRemoved('a'), held.replica.hostRemoved('a')]).toEqual([true, true])
    expect(held.shown).toEqual({ a: 1 })
  })

  test('gives way to an own write, and to the next word where that is given up', () => {
    const held = seen()
    held.replica.hostRemoved('a')
    const own = held.write('a', 2)
    held.replica.hostRemoved('a')
    own.end('given up')
    held.replica.gaveUp()
    expect(held.shown).toEqual({})
  })

  test('goes where a later own write covers it that is given up', () => {
    const held = lane()
    const [, later] = [held.write('a', 1), held.write('a', 2)]
    held.begin()
    held.replica.hostSet('a', 1)
    held.replica.hostRemoved('a')
    later.end('given up')
    held.replica.gaveUp()
    expect(held.shown).toEqual({})
  })

  test('goes at once on another socket, whose removes are not older', () => {
    const held = seen()
    held.replica.abandonSync()
    expect(held.replica.hostRemoved('a')).toBe(false)
    expect(held.shown).toEqual({})
  })

  test('is none where it was an own remove that the sync has shown', () => {
    const held = lane({ a: 1 })
    const remove = held.write('a', gone)
    const sync = held.begin()
    held.replica.hostSet('a', gone)
    held.replica.endSync(sync)
    expect(remove.outcome).toBe('taken')
    held.replica.hostSet('a', 5)
    expect(held.replica.hostRemoved('a')).toBe(true)
    expect(held.shown).toEqual({})
  })

  test('gives way to an own write', () => {
    const held = seen()
    held.replica.hostRemoved('a')
    const own = held.write('a', 2)
    held.replica.hostSet('a', 2)
    expect([own.outcome, held.shown]).toEqual(['taken', { a: 2 }])
  })

  test('shows over a clear of another as well, and no foreign value does', () => {
    const held = seen()
    held.replica.hostSet('b', 2)
    expect(held.hostCleared()).toEqual({ isOwn: false, isDoubtful: true })
    expect(held.shown).toEqual({ a: 1 })
    held.sync({ a: 1, b: 2 })
    expect(held.shown).toEqual({ a: 1, b: 2 })
  })

  test('after a lost socket goes with the first sync, whose word is law', () => {
    const held = seen()
    held.begin()
    held.replica.hostRemoved('a')
    held.replica.abandonSync()
    expect(held.shown).toEqual({ a: 1 })
    held.sync()
    expect(held.shown).toEqual({})
  })

  test('goes at once where its own event has come: that is behind no remove of long ago', () => {
    const held = lane()
    held.write('a', 1)
    held.replica.hostSet('a', 1)
    expect(held.replica.hostRemoved('a')).toBe(true)
    expect(held.shown).toEqual({})
  })

  test('goes at once where that was long ago', () => {
    const held = seen()
    held.port.nowMs = held.port.provenMs = 200_000
    expect(held.replica.hostRemoved('a')).toBe(false)
    expect(held.shown).toEqual({})
  })
})

describe('entries of an earlier visit', () => {
  const seed: [string, number][] = [
    ['a', 1],
    ['b', 2],
  ]

  test('show at once, but for those that the host has reported, and are told', () => {
    const held = new Held()
    held.replica.hostSet('a', 7)
    held.take()
    held.replica.seed(seed)
    expect([held.shown, held.take()]).toEqual([{ a: 7, b: 2 }, [['b', 2, 'gone']]])
  })

  test('go with the sync under way, where that does not name them', () => {
    const held = new Held()
    const sync = held.begin()
    held.replica.hostSet('c', 3)
    held.replica.seed(seed)
    held.replica.hostSet('a', 1)
    expect(held.shown).toEqual({ a: 1, b: 2, c: 3 })
    held.replica.endSync(sync)
    expect(held.shown).toEqual({ a: 1, c: 3 })
  })

  test('stand behind own writes, and behind what the host has said since', () => {
    for (const says of [undefined, 9]) {
      const held = new Held()
      const own = held.write('a', 5)
      if (says !== undefined) held.replica.hostSet('a', says)
      held.replica.seed(seed)
      expect(held.shown).toEqual({ a: 5, b: 2 })
      own.end('given up')
      held.replica.gaveUp()
      expect(held.shown).toEqual({ a: says ?? 1, b: 2 })
    }
  })

  test('do not show where an own clear is pending', () => {
    const held = new Held()
    held.clear()
    held.replica.seed(seed)
    expect(held.shown).toEqual({})
  })
})

describe('the cost of many', () => {
  const count = 40_000

  test('writes of one key, echoed in order, is the same for each', () => {
    for (const echoes of ['one by one', 'the last alone', 'by a sync', 'none fits'] as const) {
      const held = lane()
      Own.looks = held.asked.isEcho = 0
      for (let i = 0; i < count; i++) held.write('a', i)
      if (echoes === 'one by one') for (let i = 0; i < count; i++) held.replica.hostSet('a', i)
      else if (echoes === 'the last alone') held.replica.hostSet('a', count - 1)
      else if (echoes === 'by a sync') held.sync({ a: count - 1 })
      else for (let i = 0; i < 1000; i++) held.replica.hostSet('a', -1)
      expect(held.shown).toEqual({ a: count - 1 })
      // A look at a write, or a comparison with one, is a step.
      expect((Own.looks + held.asked.isEcho) / count).toBeLessThan(20)
    }
  })

  test('writes that were taken, and a clear, is the same for each', () => {
    for (const keys of [1, 16_000]) {
      const held = lane()
      for (let i = 0; i < 16_000; i++) held.write(`k${i % keys}`, i)
      for (let i = 0; i < 16_000; i++) held.replica.hostSet(`k${i % keys}`, i)
      held.take()
      Own.looks = held.asked.isEcho = held.asked.equals = 0
      held.hostCleared()
      expect(held.told).toHaveLength(keys)
      expect(Own.looks + held.asked.isEcho + held.asked.equals).toBeLessThan(16_000)
    }
  })

  test('writes under way, and an own clear, is the same for each', () => {
    for (const keys of [1, 16_000]) {
      const held = lane()
      for (let i = 0; i < 16_000; i++) held.write(`k${i % keys}`, i)
      Own.looks = 0
      held.clear()
      held.hostCleared()
      held.sync()
      expect(Own.looks / 16_000).toBeLessThan(5)
      expect(held.shown).toEqual({})
    }
  })
})
