// The checker where the host keeps no record, as SwimOS Java: the order is what a raw observer was told, and has gaps.
import { describe, expect, test } from 'vitest'
import { judge } from '../../prove/checker/judge.js'
import { shrink } from '../../prove/checker/shrink.js'
import {
  gone,
  history,
  put,
  rejected,
  remove,
  start,
  synced,
  taken,
  truth,
  update,
  quiet,
  read,
  type By,
  type Step,
} from './steps.js'

const saw = (v?: string): Step => ['observer', { e: 'saw', key: 'k', v }]
const lost = (by: By): Step => [by, { e: 'status', is: 'stale' }]

const begin = [start('observer'), start('a'), start('b'), synced('a'), synced('b')] as const

const judged = (...steps: readonly Step[]) => judge(history(...begin, ...steps), 'observer')

/** a and b see a1, and then b1 in its place. */
const before = [
  ...[put('a', 'a1'), update('a', 'a1'), saw('a1'), update('b', 'a1'), taken('a', 'a1')],
  ...[put('b', 'b1'), update('b', 'b1', 'a1'), saw('b1'), update('a', 'b1', 'a1'), taken('b', 'b1')],
]

test('what the observer was not told is not judged, nor are removes', () => {
  const { faults, judged: counts } = judged(
    ...[put('a', 'a1'), update('a', 'a1'), taken('a', 'a1'), update('b', 'a1'), gone('b', 'a1')],
  )
  expect(faults).toEqual([])
  expect(counts.unknown).toBe(3)
})

test('what the observer was told is judged, also where a client was told first', () => {
  const { faults, judged: counts } = judged(
    ...[put('a', 'a1'), update('a', 'a1'), update('b', 'a1'), saw('a1'), taken('a', 'a1')],
  )
  expect(faults).toEqual([])
  expect(counts.unknown).toBe(0)
})

describe('is no fault where the host keeps no record:', () => {
  const passes = (name: string, ...steps: readonly Step[]) =>
    test(name, () => expect(judged(...steps).faults).toEqual([]))

  const again = [start('c'), synced('c'), put('a', 'a1'), update('a', 'a1')] as const
  const other = [lost('a'), put('b', 'b1'), update('b', 'b1'), saw('b1'), update('c', 'b1', 'a1')] as const
  passes(
    'what goes out again after a lost socket, and is told to a client before the observer is told once more',
    ...[...again, saw('a1'), update('c', 'a1'), ...other, taken('b', 'b1')],
    ...[synced('a'), update('c', 'a1', 'b1'), saw('a1'), taken('a', 'a1')],
  )
  passes(
    'what goes out again after a lost socket, of which the observer is not told once more',
    ...[...again, saw('a1'), update('c', 'a1'), ...other, taken('b', 'b1')],
    ...[synced('a'), update('c', 'a1', 'b1'), taken('a', 'a1')],
  )
  passes(
    'what goes out again after a lost socket, of which the observer is told only then',
    ...[...again, update('c', 'a1'), ...other, taken('b', 'b1'), synced('a'), saw('a1'), taken('a', 'a1')],
  )
  passes(
    'an own remove, which the observer is told of after the update that came after it',
    ...[...before, remove('a', 'a2'), gone('a', 'b1'), put('b', 'b2'), update('b', 'b2', 'b1')],
    ...[saw('b2'), saw(), update('a', 'b2')],
  )
})

const laid: readonly (readonly [name: string, kind: string, steps: readonly Step[]])[] = [
  ['a stale value', 'stale', [...before, update('a', 'a1', 'b1'), update('a', 'b1', 'a1'), read('a', 'b1')]],
  [
    'a stale value, where the client was told first of what came after it',
    'stale',
    [
      ...[put('a', 'a1'), update('a', 'a1'), saw('a1'), update('b', 'a1'), taken('a', 'a1'), put('a', 'a2')],
      ...[update('a', 'a2', 'a1'), update('b', 'a2', 'a1'), update('b', 'a1', 'a2'), saw('a2'), taken('a', 'a2')],
    ],
  ],
  [
    'an own write that gives way to what was there before',
    'gave way',
    [
      ...[put('a', 'a1'), update('a', 'a1'), saw('a1'), taken('a', 'a1')],
      ...[put('b', 'b1'), update('b', 'b1'), update('b', 'a1', 'b1'), saw('b1'), taken('b', 'b1')],
    ],
  ],
  [
    'a write taken back that the host has held, whatever became of its socket',
    'not taken back',
    [
      ...[put('a', 'a1'), update('a', 'a1'), lost('a'), saw('a1')],
      ['a', { e: 'end', id: 'a1', error: 'closed', discarded: true }],
    ],
  ],
  ['an entry that is there after quiet although it was removed', 'unequal', [...before, truth(), quiet('a', 'b1')]],
]

test.each(laid)('%s is found, and shows in fewer lines', (_, kind, steps) => {
  // What is not about it.
  const beside: readonly Step[] = [put('a', 'a8'), update('a', 'a8'), rejected('a', 'a8'), gone('a', 'a8')]
  const lines = history(...begin, ...beside, ...steps)
  const fault = judge(lines, 'observer').faults.find(each => each.kind === kind)
  expect(fault).toBeDefined()
  const short = shrink(lines, fault!, 'observer')
  expect(short.length).toBeLessThan(lines.length - beside.length)
  expect(judge(short, 'observer').faults.map(each => each.kind)).toContain(kind)
})
