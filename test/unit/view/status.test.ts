// The status of a view: that of its source that is least advanced.
import { expect, test } from 'vitest'
import type { DownlinkStatus } from '../../../src/downlink/status.js'
import { leastAdvanced } from '../../../src/view/status.js'
import type { Table } from '../../../src/view/table.js'

const tableOf = (statuses: readonly DownlinkStatus[], rest: { isStarting?: boolean; isClosed?: boolean } = {}) =>
  ({
    isStarting: false,
    isClosed: false,
    sources: statuses.map(status => ({ map: { status } })),
    ...rest,
  }) as unknown as Table

/** From the least to the most advanced. */
const statuses = [
  { state: 'closed' },
  { state: 'unlinked' },
  { state: 'connecting' },
  { state: 'linking' },
  { state: 'syncing' },
  { state: 'stale', because: 'disconnected' },
  { state: 'stale', because: 'resyncing' },
  { state: 'linked' },
  { state: 'synced' },
] as unknown as DownlinkStatus[]

test('it is the least advanced of two, whichever comes first', () => {
  for (const [i, least] of statuses.entries())
    for (const more of statuses.slice(i)) {
      expect(leastAdvanced(tableOf([least, more]))).toBe(least)
      expect(leastAdvanced(tableOf([more, least]))).toEqual(least)
    }
})

test('a view that starts is syncing at most, and one that is closed is closed', () => {
  const states = (rest: object) => statuses.map(status => leastAdvanced(tableOf([status], rest)).state)
  expect(states({ isStarting: true })).toEqual([
    ...['closed', 'unlinked', 'connecting', 'linking'],
    ...Array.from({ length: 5 }, () => 'syncing'),
  ])
  expect(states({ isClosed: true })).toEqual(statuses.map(() => 'closed'))
})
