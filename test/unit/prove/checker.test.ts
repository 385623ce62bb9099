// The checker of histories: a clean one passes, and each fault that is laid into it is found. Its histories are a few lines long.
import { describe, expect, test } from 'vitest'
import { judge } from '../../prove/checker/judge.js'
import { shrink } from '../../prove/checker/shrink.js'
import type { FaultKind } from '../../prove/checker/fault.js'
import type { Line } from '../../prove/lines.js'
import {
  history,
  up,
  start,
  synced,
  put,
  remove,
  hold,
  drop,
  update,
  gone,
  batch,
  read,
  taken,
  rejected,
  truth,
  quiet,
  type Step,
} from './steps.js'

const kindsOf = (lines: readonly Line[]): readonly FaultKind[] => judge(lines).faults.map(({ kind }) => kind)

const begin = [up, start('a'), start('b'), synced('a'), synced('b')] as const

/** a writes a1, b sees it and writes b1 over it, a sees that and removes it. */
const clean: readonly Step[] = [
  ...begin,
  put('a', 'a1'),
  update('a', 'a1'),
  hold('a1'),
  update('b', 'a1'),
  batch('a', 'a1'),
  taken('a', 'a1'),
  put('b', 'b1'),
  update('b', 'b1', 'a1'),
  batch('b', 'b1'),
  hold('b1'),
  taken('b', 'b1'),
  update('a', 'b1', 'a1'),
  read('a', 'b1'),
  batch('a', 'b1'),
  remove('a', 'a2'),
  gone('a', 'b1'),
  batch('a'),
  drop(),
  taken('a', 'a2'),
  gone('b', 'b1'),
  read('b'),
  batch('b'),
  put('b', 'b2'),
  update('b', 'b2'),
  batch('b', 'b2'),
  hold('b2'),
  taken('b', 'b2'),
  update('a', 'b2'),
  batch('a', 'b2'),
  truth('b2'),
  quiet('a', 'b2'),
  quiet('b', 'b2'),
]

/** The clean history with steps put in the place of some. */
const withSteps = (at: (steps: readonly Step[]) => number, count: number, ...steps: readonly Step[]): Line[] => {
  const changed = [...clean]
  changed.splice(at(clean), count, ...steps)
  return history(...changed)
}

const find = (wanted: Step) => (steps: readonly Step[]) => {
  const at = steps.findIndex(step => JSON.stringify(step) === JSON.stringify(wanted))
  expect(at, JSON.stringify(wanted)).toBeGreaterThan(0)
  return at
}
const after = (wanted: Step) => (steps: readonly Step[]) => find(wanted)(steps) + 1

test('a clean history has no fault', () => {
  const { faults, judged } = judge(history(...clean))
  expect(faults).toEqual([])
  expect(judged).toMatchObject({ writes: 4, taken: 4, callbacks: 8, reads: 2, quiets: 2, unknown: 0 })
})

const laid: readonly (readonly [name: string, kind: FaultKind, lines: Line[]])[] = [
  [
    'a stale value',
    'stale',
    withSteps(after(read('a', 'b1')), 0, update('a', 'a1', 'b1'), update('a', 'b1', 'a1'), read('a', 'b1')),
  ],
  ['a ghost', 'ghost', withSteps(after(read('b')), 0, update('b', 'nobody-1'), gone('b', 'nobody-1'))],
  ['a resurrected key', 'resurrected', withSteps(after(gone('b', 'b1')), 0, update('b', 'b1'), gone('b', 'b1'))],
  ['a write told as taken that the host never held', 'falsely taken', withSteps(find(hold('b2')), 1)],
  ['a write told as taken before the host held it', 'falsely taken', withSteps(find(hold('a1')), 0, taken('a', 'a1'))],
  ['a remove told as taken that the host never made', 'falsely taken', withSteps(find(drop()), 1)],
  ['a taken write that the host has lost', 'lost', withSteps(find(truth('b2')), 1, truth('a1'))],
  ['a map that lacks an entry after quiet', 'unequal', withSteps(find(quiet('a', 'b2')), 1, quiet('a'))],
  [
    'an entry that is there after quiet although it was removed',
    'unequal',
    withSteps(find(truth('b2')), 2, drop(), truth(), quiet('a', 'b2')),
  ],
  ['a callback that is missing', 'missing callback', withSteps(find(update('a', 'b1', 'a1')), 1)],
  [
    'a callback that comes twice',
    'doubled callback',
    withSteps(find(update('a', 'b1', 'a1')), 0, update('a', 'b1', 'a1')),
  ],
  ['a wrong old value', 'wrong old value', withSteps(find(update('a', 'b1', 'a1')), 1, update('a', 'b1'))],
  [
    'the value of another key',
    'other key',
    withSteps(after(read('a', 'b1')), 0, update('a', 'b1', undefined, 'j'), gone('a', 'b1', 'j')),
  ],
  ['a batch that is missing', 'wrong batches', withSteps(find(batch('a', 'b2')), 1)],
  [
    'an own write that gives way to what was there before',
    'gave way',
    withSteps(after(update('b', 'b1', 'a1')), 0, update('b', 'a1', 'b1'), update('b', 'b1', 'a1')),
  ],
  [
    'a value that shows before the host has it',
    'too early',
    withSteps(find(hold('a1')), 0, update('b', 'a1'), gone('b', 'a1')),
  ],
  [
    'what was over before the process began',
    'resurrected',
    [
      ...history(...clean),
      { t: 1000, by: 'c', e: 'start' },
      { t: 1001, by: 'host', e: 'drop', key: 'k' },
      { t: 1002, by: 'c', e: 'update', key: 'k', v: 'b2' },
      { t: 1003, by: 'd', e: 'start' },
      { t: 2000, by: 'e', e: 'start' },
      { t: 2001, by: 'e', e: 'update', key: 'k', v: 'b2' },
    ],
  ],
  [
    'a write taken back that the host has held',
    'not taken back',
    withSteps(find(taken('b', 'b1')), 1, ['b', { e: 'end', id: 'b1', error: 'closed', discarded: true }]),
  ],
  [
    'a promise that has not settled after quiet',
    'unsettled',
    withSteps(find(quiet('a', 'b2')), 1, ['a', { e: 'quiet', entries: [['k', 'b2']], synced: true, unsettled: 1 }]),
  ],
]

test.each(laid)('%s is found', (_, kind, lines) => {
  expect(kindsOf(lines)).toContain(kind)
})

test.each(laid)('%s shows in fewer lines, which show it still', (_, kind, lines) => {
  const fault = judge(lines).faults.find(each => each.kind === kind)!
  const short = shrink(lines, fault)
  expect(short.length).toBeLessThan(lines.length)
  expect(kindsOf(short)).toContain(kind)
})

test('a stale value is shown by the lines that contradict each other', () => {
  const lines = withSteps(after(read('a', 'b1')), 0, update('a', 'a1', 'b1'))
  const fault = judge(lines).faults.find(({ kind }) => kind === 'stale')!
  expect(shrink(lines, fault).map(({ by, e }) => `${by} ${e}`)).toEqual([
    'a start',
    'a write',
    'host hold',
    'b write',
    'host hold',
    'a read',
    'a update',
  ])
})

describe('is no fault:', () => {
  const passes = (name: string, ...steps: readonly Step[]) =>
    test(name, () => expect(judge(history(...begin, ...steps)).faults).toEqual([]))

  passes(
    'an own write that is rejected, and what was there before',
    ...[
      ...[put('a', 'a1'), update('a', 'a1'), hold('a1'), taken('a', 'a1'), update('b', 'a1')],
      ...[put('b', 'b1'), update('b', 'b1', 'a1'), rejected('b', 'b1'), update('b', 'a1', 'b1')],
    ],
  )
  passes(
    'a write that goes out again after a lost socket, over what another wrote',
    ...[
      ...[
        put('a', 'a1'),
        update('a', 'a1'),
        hold('a1'),
        put('b', 'b1'),
        update('b', 'b1'),
        hold('b1'),
        taken('b', 'b1'),
      ],
      ...[hold('a1'), taken('a', 'a1'), update('b', 'a1', 'b1')],
    ],
  )
  passes(
    'an own write that another has overwritten at the host',
    ...[
      ...[put('a', 'a1'), update('a', 'a1'), put('b', 'b1'), update('b', 'b1'), hold('a1'), hold('b1')],
      ...[taken('b', 'b1'), update('a', 'b1', 'a1'), ['a', { e: 'end', id: 'a1', outcome: 'superseded' }] as Step],
    ],
  )
  passes(
    'an own write taken back over an own clear that waits',
    ...[
      ...[put('a', 'a1'), update('a', 'a1'), hold('a1'), taken('a', 'a1')],
      ...[['a', { e: 'write', op: 'clear', id: 'a2' }] as Step, gone('a', 'a1')],
      ...[put('a', 'a3'), update('a', 'a3'), gone('a', 'a3'), rejected('a', 'a3'), read('a')],
    ],
  )
  passes(
    'own writes taken back over an own clear, the earlier of which the later had superseded',
    ...[
      ...[put('a', 'a1'), update('a', 'a1'), hold('a1'), taken('a', 'a1')],
      ...[['a', { e: 'write', op: 'clear', id: 'a2' }] as Step, gone('a', 'a1'), put('a', 'a3'), update('a', 'a3')],
      ...[put('a', 'a4'), update('a', 'a4', 'a3'), gone('a', 'a4')],
      ...[['a', { e: 'end', id: 'a3', outcome: 'superseded' }] as Step, rejected('a', 'a4'), read('a')],
    ],
  )
  passes(
    'a delete without a promise that is taken back, where another has removed the entry',
    ...[
      ...[put('a', 'a1'), update('a', 'a1'), hold('a1'), taken('a', 'a1'), drop()],
      ...[['a', { e: 'write', op: 'delete', id: 'a2', key: 'k' }] as Step, gone('a', 'a1')],
      ...[['a', { e: 'discard', key: 'k' }] as Step, update('a', 'a1'), gone('a', 'a1')],
    ],
  )
  passes(
    'an own write taken back before the first sync',
    ...[
      ...[put('a', 'a1'), update('a', 'a1'), hold('a1'), taken('a', 'a1'), start('observer')],
      ...[put('observer', 'o1'), update('observer', 'o1'), gone('observer', 'o1'), rejected('observer', 'o1')],
      ...[synced('observer'), update('observer', 'a1'), read('observer', 'a1')],
    ],
  )
  passes(
    'values that are left out',
    ...[
      ...[put('a', 'a1'), update('a', 'a1'), hold('a1'), taken('a', 'a1'), put('a', 'a2'), update('a', 'a2', 'a1')],
      ...[hold('a2'), taken('a', 'a2'), update('b', 'a2')],
    ],
  )
  passes(
    'a host that starts anew with nothing',
    ...[
      ...[put('a', 'a1'), update('a', 'a1'), hold('a1'), taken('a', 'a1'), update('b', 'a1'), up, gone('b', 'a1')],
      ...[gone('a', 'a1'), read('a'), read('b')],
    ],
  )
  passes(
    'an empty map before its first sync',
    ...[
      ...[put('a', 'a1'), update('a', 'a1'), hold('a1'), taken('a', 'a1')],
      ...[start('observer'), read('observer'), ['observer', { e: 'update', key: 'k', v: 'a1' }] as Step],
    ],
  )
  passes(
    'an own clear, and what is written after it',
    ...[
      ...[put('a', 'a1'), update('a', 'a1'), hold('a1'), taken('a', 'a1'), update('b', 'a1')],
      ...[
        ['b', { e: 'write', op: 'clear', id: 'b1' }] as Step,
        gone('b', 'a1'),
        read('b'),
        put('b', 'b2'),
        update('b', 'b2'),
      ],
      ...[['host', { e: 'clear' }] as Step, gone('a', 'a1'), hold('b2'), taken('b', 'b2'), update('a', 'b2')],
    ],
  )
})
