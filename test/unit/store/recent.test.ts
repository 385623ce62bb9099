import { describe, expect, test } from 'vitest'
import { lagMs, Recent } from '../../../src/store/recent.js'

describe('recent entries', () => {
  test('are those that were added, and no others', () => {
    const recent = new Recent()
    recent.add('a', 0, 0)
    expect([recent.has('a', 0), recent.has('b', 0)]).toEqual([true, false])
  })

  test('are forgotten once the network has delivered what came so long after them, and not by the time of day', () => {
    const recent = new Recent()
    recent.add('a', 0, 0)
    expect(recent.has('a', lagMs)).toBe(true)
    expect(recent.has('a', lagMs + 1)).toBe(false)
    // For good.
    expect(recent.has('a', 0)).toBe(false)
  })

  test('are not forgotten for what is updated later: one stall may have held that and an older remove back', () => {
    const recent = new Recent()
    recent.add('a', 0, 0)
    recent.add('b', 60_000, 0)
    expect(recent.has('a', 0)).toBe(true)
    recent.add('c', 120_000, 60_000)
    expect([recent.has('a', 60_000), recent.has('b', 60_000)]).toEqual([false, true])
  })

  test('take no more memory where nothing is ever proven: the oldest then count as any', () => {
    const recent = new Recent()
    for (let n = 0; n < 16; n++) recent.add(n, n * lagMs, 0)
    expect([recent.has(0, 0), recent.has('never added', 0)]).toEqual([true, false])
    recent.add(16, 16 * lagMs, 0)
    expect([recent.has(16, 0), recent.has('never added', 0)]).toEqual([true, true])
    // All that counts as any is no older than the second.
    expect(recent.has('never added', 2 * lagMs + 1)).toBe(false)
  })

  test('are remembered one by one, however many come at about the same time', () => {
    const recent = new Recent()
    for (let n = 0; n < 100; n++) recent.add(n, Math.floor(n / 25) * lagMs, 0)
    expect([recent.has(0, 0), recent.has(99, 0), recent.has('never added', 0)]).toEqual([true, true, false])
  })

  test('are kept for at least so long after each was added last, and for half as long again at most', () => {
    const recent = new Recent()
    const added = new Map<number, number>()
    for (let nowMs = 0; nowMs < 20 * lagMs; nowMs += 100) {
      const id = nowMs % 1700
      recent.add(id, nowMs, nowMs)
      added.set(id, nowMs)
      for (const [each, atMs] of added) {
        const ageMs = nowMs - atMs
        if (ageMs <= lagMs) expect(recent.has(each, nowMs)).toBe(true)
        if (ageMs > 1.5 * lagMs + 100) expect(recent.has(each, nowMs)).toBe(false)
      }
    }
  })

  test('begin with what a sync has named, for as long', () => {
    const recent = new Recent()
    recent.add('old', 0, 0)
    recent.beginWith(new Set(['a']), 1000)
    expect([recent.has('a', 1000), recent.has('old', 1000)]).toEqual([true, false])
    recent.add('b', 1001, 1001)
    expect(recent.has('a', 1000 + lagMs)).toBe(true)
    expect([recent.has('a', 1001 + lagMs), recent.has('b', 1001 + lagMs)]).toEqual([false, true])
  })

  test('are all of them where a sync may have named any', () => {
    const recent = new Recent()
    recent.beginWith(undefined, 1000)
    expect([recent.has('any', 1000 + lagMs), recent.has('any', 1001 + lagMs)]).toEqual([true, false])
  })

  test('do not change the Set that they begin with', () => {
    const named = new Set(['a'])
    const recent = new Recent()
    recent.beginWith(named, 0)
    recent.add('b', 0, 0)
    expect([...named]).toEqual(['a'])
  })

  test('are any where there are too many to remember', () => {
    const recent = new Recent()
    for (let i = 0; i < 100_000; i++) recent.add(i, 0, 0)
    expect(recent.has('never added', 0)).toBe(false)
    recent.add('one more', 0, 0)
    recent.add('and another', 0, 0)
    expect(recent.has('never added', 0)).toBe(true)
    expect(recent.has('never added', lagMs + 1)).toBe(false)
  })

  test('are none once they are cleared', () => {
    const recent = new Recent()
    recent.add('a', 0, 0)
    recent.beginWith(undefined, 0)
    recent.clear()
    expect(recent.has('a', 0)).toBe(false)
  })
})
