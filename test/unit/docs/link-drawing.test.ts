// docs/images/link-life.svg beside the code: its phases, what a downlink says in each, and what leads from one to the next.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { UnlinkedError } from '../../../src/base/errors.js'
import { statusOf } from '../../../src/downlink/status.js'
import { initialLink, type LinkEvent, type LinkPhase } from '../../../src/link/link-state.js'
import { reduceLink } from '../../../src/link/link-table.js'

const docs = new URL('../../../docs/', import.meta.url)
const drawing = readFileSync(new URL('images/link-life.svg', docs), 'utf8')

const phases = ['offline', 'asked', 'syncing', 'live', 'stale', 'refused', 'closed'] as const satisfies LinkPhase[]

const said = (phase: LinkPhase, wasSynced: boolean): string => {
  const status = statusOf(phase, true, wasSynced, () => new UnlinkedError('laneNotFound', 'lane map', ''))
  return status.state === 'stale' ? `stale, ${status.because}` : status.state
}

test('each phase has a box, and in it what a downlink says before and after its first sync', () => {
  const boxes = Array.from(
    drawing.matchAll(
      /class="phase"[^>]*>(\w+)<\/text>\s*<text class="status"[^>]*>([^<]+)<\/text>(?:\s*<text class="later"[^>]*>([^<]+))?/g,
    ),
    ([, ...texts]) => texts,
  )
  const expected = phases.map(phase => {
    // A link is stale or live only once it was synced, and says no more of being refused or closed.
    const [before, after] = [said(phase, phase === 'stale'), said(phase, true)]
    return [phase, before, before === after ? undefined : after]
  })
  expect(boxes).toEqual(expected)
})

/** Where events lead from a new link. */
function after(...events: (LinkEvent | [LinkEvent, tag: string])[]): LinkPhase {
  const options = { requestTimeoutMs: 10_000, settledAfterMs: 10_000, relinkAfterMs: 0 }
  return events.reduce((state, each) => {
    const [event, tag] = typeof each === 'string' ? [each] : each
    return reduceLink(state, event, { nowMs: 0, events: 0, seq: 0, tag, options })[0]
  }, initialLink(true)).phase
}

test('the arrows lead where the link goes', () => {
  const to = {
    asked: ['connected'],
    syncing: ['connected', 'linked'],
    live: ['connected', 'linked', 'synced'],
    stale: ['connected', 'linked', 'synced', 'resync'],
    refused: ['connected', ['unlinked', 'laneNotFound']],
  } as const satisfies Partial<Record<LinkPhase, (LinkEvent | [LinkEvent, string])[]>>
  for (const [phase, events] of Object.entries(to)) {
    expect(after(...events)).toBe(phase)
    expect(after(...events, 'disconnected')).toBe('offline')
    expect(after(...events, 'close')).toBe('closed')
    if (phase !== 'refused') expect(after(...events, ['unlinked', 'laneNotFound'])).toBe('refused')
  }
  expect(after(...to.stale, 'synced')).toBe('live')
  expect(after(...to.refused, 'expired')).toBe('asked')
  expect(after('close')).toBe('closed')
})

test('the page has a row for each status', () => {
  const page = readFileSync(new URL('LINKS.md', docs), 'utf8')
  for (const phase of phases)
    for (const wasSynced of [false, true]) {
      const [state, because] = said(phase, wasSynced).split(', ')
      expect(page).toContain(because === undefined ? `| \`${state}\` |` : `| \`${state}\`, \`because: '${because}'\` |`)
    }
})
