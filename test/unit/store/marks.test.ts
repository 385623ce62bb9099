// The syncs under way, by themselves: what each has named.
import { describe, expect, test } from 'vitest'
import { Marks } from '../../../src/store/marks.js'

const [first, second] = [{ fence: 1 }, { fence: 2 }]

/** Marks of two syncs: the first began with entries, the second without any. */
function under() {
  const marks = new Marks()
  marks.begin(first, false)
  marks.add('a')
  marks.begin(second, true)
  return marks
}
const namedOf = (marks: Marks, sync = first) => {
  const { named } = marks.end(sync)
  return named === undefined ? 'any' : [...named].join('')
}

describe('a sync', () => {
  test('has named what came since it began, and any where it began without entries', () => {
    const marks = under()
    marks.add('b')
    expect([namedOf(marks, first), namedOf(marks, second)]).toEqual(['ab', 'any'])
  })

  test.each<[string, (marks: Marks) => void, string, string]>([
    ['an entry is gone', marks => marks.delete('a'), '', 'any'],
    ['the state begins again, with entries', marks => marks.restart(false), '', ''],
    ['the state begins again, without any', marks => marks.restart(true), 'any', 'any'],
    ['entries come from elsewhere', marks => marks.fill(['x', 'y']), 'a', 'xy'],
    ['all is gone', marks => marks.keep([], () => false), '', 'any'],
    ['all is gone but for some', marks => marks.keep(['x'], () => false), 'x', 'any'],
    ['all is gone but for what stays', marks => marks.keep(['x'], id => id === 'a'), 'xa', 'any'],
  ])('knows what it has named after %s', (_, act, ofFirst, ofSecond) => {
    const marks = under()
    act(marks)
    expect([namedOf(marks, first), namedOf(marks, second)]).toEqual([ofFirst, ofSecond])
  })

  test('ends those before it, and says how many have ended', () => {
    expect(under().end(first).ended).toBe(1)
    const marks = under()
    expect([marks.count, marks.end(second).ended, marks.count]).toEqual([2, 2, 0])
  })

  test('that was not noted counts as one that has named any, and ends no other', () => {
    const marks = under()
    expect(marks.end({ fence: 9 })).toEqual({ named: undefined, ended: 1 })
    expect(marks.count).toBe(2)
  })

  test('may have named an entry if it has, or may have named any', () => {
    const marks = under()
    expect([marks.has('a'), marks.has('b')]).toEqual([true, true])
    marks.fill([])
    expect([marks.has('a'), marks.has('b')]).toEqual([true, false])
    marks.abandon()
    expect([marks.has('a'), marks.count]).toEqual([false, 0])
  })
})
