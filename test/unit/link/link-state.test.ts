import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  initialLink,
  reduceLink,
  type LinkEvent,
  type LinkPhase,
  type LinkState,
} from '../../../src/link/link-state.js'

const phases = ['offline', 'asked', 'syncing', 'live', 'stale', 'refused', 'closed'] as const satisfies LinkPhase[]

const events: { readonly [name: string]: readonly [event: LinkEvent, tag?: string] } = {
  connected: ['connected'],
  disconnected: ['disconnected'],
  linked: ['linked'],
  synced: ['synced'],
  unlinked: ['unlinked'],
  laneNotFound: ['unlinked', 'laneNotFound'],
  expired: ['expired'],
  retry: ['retry'],
  again: ['again'],
  reconcile: ['reconcile'],
  fence: ['fence'],
  close: ['close'],
  reopen: ['reopen'],
}

/** A link that syncs, in a phase, as it gets there by the shortest way. */
const inPhase = (phase: LinkPhase, sync = true): LinkState => ({
  ...initialLink(sync),
  phase,
  syncs: sync && (phase === 'asked' || phase === 'syncing' || phase === 'stale') ? 1 : 0,
  refusals: phase === 'refused' ? 1 : 0,
  reason: phase === 'refused' ? 'laneNotFound' : '',
})

const askedAnew = 'asked: tell-expired tell-unlinking send-unlink tell-asking send-sync await-answer'
const lost = 'offline: await-nothing tell-disconnected'
const held = {
  disconnected: lost,
  unlinked: 'refused: tell-unlinked await-retry',
  laneNotFound: 'refused: tell-unlinked reject-writes await-retry',
  expired: askedAnew,
  close: 'closed: send-unlink await-answer',
}

/** What each event makes of each phase; where nothing is said, nothing changes and nothing is done. */
const table: { readonly [P in LinkPhase]: { readonly [event: string]: string } } = {
  offline: {
    connected: 'asked: tell-asking send-sync await-answer',
    close: 'closed: await-nothing',
  },
  asked: {
    ...held,
    linked: 'syncing: restart-syncs tell-linked await-answer',
    synced: 'live: tell-linked end-sync tell-synced await-nothing flush',
  },
  syncing: {
    ...held,
    synced: 'live: end-sync tell-synced await-nothing flush',
  },
  live: {
    ...held,
    reconcile: 'stale: tell-stale send-sync await-answer',
    fence: 'live: send-sync await-answer',
  },
  stale: {
    ...held,
    synced: 'live: end-sync tell-synced await-nothing flush',
  },
  refused: {
    disconnected: lost,
    linked: 'syncing: restart-syncs tell-linked await-answer',
    // The @unlink clears away what a Java host keeps of a link that it could not find.
    retry: 'asked: send-unlink tell-asking send-sync await-answer',
    close: 'closed: await-nothing send-unlink',
  },
  closed: {
    disconnected: 'closed: await-nothing',
    reopen: 'offline: ',
  },
}

const walk = (state: LinkState, ...names: string[]) => {
  let effects: readonly string[] = []
  for (const name of names) [state, effects] = reduceLink(state, ...events[name]!)
  return { ...state, effects: effects.join(' ') }
}

describe('every event in every phase', () => {
  const pairs = phases.flatMap(phase => Object.keys(events).map(event => [phase, event] as const))

  test.each(pairs)('%s, %s', (phase, event) => {
    const before = inPhase(phase)
    const [state, effects] = reduceLink(before, ...events[event]!)
    const expected = table[phase][event] ?? `${phase}: `
    expect(`${state.phase}: ${effects.join(' ')}`).toBe(expected)
    if (table[phase][event] === undefined) expect({ ...state, again: false }).toEqual(before)
  })

  test('a link without syncs is live once linked, and never syncs, never sweeps', () => {
    for (const phase of phases) {
      for (const event of Object.values(events)) {
        const [, effects] = reduceLink(inPhase(phase, false), ...event)
        expect(effects).not.toContain('send-sync')
        expect(effects).not.toContain('end-sync')
        expect(effects).not.toContain('tell-synced')
      }
    }
    expect(walk(inPhase('offline', false), 'connected').effects).toBe('tell-asking send-link await-answer')
    expect(walk(inPhase('asked', false), 'linked')).toMatchObject({
      phase: 'live',
      effects: 'tell-linked await-nothing flush',
    })
  })
})

describe('own @unlinks are counted', () => {
  test('a late @unlinked does not tear down a link that is asked for again', () => {
    const asked = walk(inPhase('live'), 'close', 'reopen', 'connected')
    expect(asked).toMatchObject({ phase: 'asked', unlinks: 1, syncs: 1 })
    expect(walk(asked, 'unlinked')).toMatchObject({ phase: 'asked', unlinks: 0, effects: '' })
    expect(walk(asked, 'unlinked', 'linked', 'synced').phase).toBe('live')
    expect(walk(asked, 'unlinked', 'linked', 'synced', 'unlinked').phase).toBe('refused')
  })

  test('with the last @sync answered, no earlier @unlink is waited for', () => {
    const state = walk(inPhase('asked'), 'expired', 'linked', 'synced', 'synced')
    expect(state).toMatchObject({ phase: 'live', unlinks: 0, syncs: 0 })
    expect(walk(state, 'unlinked').phase).toBe('refused')
  })

  test('a refusal with a reason is none of theirs', () => {
    expect(walk(inPhase('asked'), 'expired', 'laneNotFound')).toMatchObject({ phase: 'refused', unlinks: 0 })
  })

  test('a closed link is done with once its @unlink is answered, or will not be', () => {
    expect(walk(inPhase('live'), 'close')).toMatchObject({ phase: 'closed', unlinks: 1 })
    expect(walk(inPhase('live'), 'close', 'unlinked')).toMatchObject({ phase: 'closed', unlinks: 0 })
    expect(walk(inPhase('live'), 'close', 'expired')).toMatchObject({ phase: 'closed', unlinks: 0 })
    expect(walk(inPhase('live'), 'close', 'disconnected')).toMatchObject({ phase: 'closed', unlinks: 0 })
  })
})

describe('another sync', () => {
  test('is asked for after the one under way, however often it is wanted, and not at once', () => {
    const wanted = walk(inPhase('live'), 'reconcile', 'reconcile', 'reconcile', 'fence')
    expect(wanted).toMatchObject({ phase: 'stale', syncs: 1, again: true })
    const waiting = walk(wanted, 'synced')
    expect(waiting).toMatchObject({
      phase: 'stale',
      syncs: 0,
      effects: 'end-sync tell-synced tell-stale await-again flush',
    })
    expect(walk(waiting, 'reconcile')).toMatchObject({ phase: 'stale', syncs: 0, effects: '' })
    expect(walk(waiting, 'again')).toMatchObject({ syncs: 1, again: false, effects: 'send-sync await-answer' })
    expect(walk(waiting, 'again', 'synced')).toMatchObject({ phase: 'live', syncs: 0, again: false })
  })

  test('is asked for after the first, where that one began before a cut', () => {
    const state = walk(inPhase('syncing'), 'reconcile', 'synced')
    expect(state).toMatchObject({ phase: 'stale', effects: 'end-sync tell-synced tell-stale await-again flush' })
  })

  test('is not needed as a fence while the first is under way: nothing was sent before it', () => {
    expect(walk(inPhase('syncing'), 'fence', 'synced')).toMatchObject({ phase: 'live', again: false })
  })

  test('as a fence leaves a live link live', () => {
    const state = walk(inPhase('live'), 'fence', 'fence', 'synced')
    expect(state).toMatchObject({ phase: 'live', effects: 'end-sync await-again flush' })
  })
})

describe('refusals and silences', () => {
  test('one reason is told once, however often it is heard; another is news', () => {
    const first = walk(inPhase('asked'), 'laneNotFound')
    expect(first.effects).toContain('tell-unlinked')
    const second = walk(first, 'retry', 'laneNotFound')
    expect(second).toMatchObject({ refusals: 2, effects: 'reject-writes await-retry' })
    expect(walk(second, 'retry', 'unlinked').effects).toContain('tell-unlinked')
    expect(walk(second, 'disconnected', 'connected', 'laneNotFound').effects).not.toContain('tell-unlinked')
    expect(walk(second, 'retry', 'linked', 'synced', 'laneNotFound').effects).toContain('tell-unlinked')
  })

  test('a host that gave no reason is asked again without an @unlink', () => {
    expect(walk(inPhase('live'), 'unlinked', 'retry').effects).toBe('tell-asking send-sync await-answer')
  })

  test('an agent that stops amid a sync may yet answer it', () => {
    const state = walk(inPhase('syncing'), 'unlinked')
    expect(state).toMatchObject({ phase: 'refused', syncs: 1 })
    expect(walk(state, 'linked').effects).toBe('restart-syncs tell-linked await-answer')
    expect(walk(state, 'linked', 'synced')).toMatchObject({ phase: 'live', syncs: 0 })
  })

  test('or may not: an @unlink of a link that is there for certain tells its answer from that of the next', () => {
    const state = walk(inPhase('syncing'), 'unlinked', 'retry')
    expect(state).toMatchObject({
      phase: 'asked',
      syncs: 2,
      unlinks: 1,
      effects: 'send-link send-unlink tell-asking send-sync await-answer',
    })
    const lost = walk(state, 'linked', 'unlinked', 'linked')
    expect(lost).toMatchObject({ phase: 'syncing', syncs: 1, unlinks: 0 })
    expect(walk(lost, 'synced')).toMatchObject({ phase: 'live', syncs: 0 })
    const answered = walk(state, 'linked', 'synced', 'linked', 'unlinked', 'linked', 'synced')
    expect(answered).toMatchObject({ phase: 'live', syncs: 0, unlinks: 0 })
    // A host that denies the lane unlinks it for each of the two.
    expect(walk(state, 'unlinked', 'unlinked')).toMatchObject({ phase: 'refused', syncs: 1, unlinks: 0 })
  })

  test('the second silence in a row costs the socket, and none after it', () => {
    const once = walk(inPhase('asked'), 'expired')
    expect(once).toMatchObject({ silences: 1, unlinks: 1 })
    const twice = walk(once, 'expired')
    expect(twice.effects).toBe('tell-expired await-answer drop-socket')
    const thrice = walk(twice, 'disconnected', 'connected', 'expired')
    expect(thrice).toMatchObject({ silences: 3, effects: askedAnew.slice('asked: '.length) })
    expect(walk(thrice, 'expired').effects).not.toContain('drop-socket')
    expect(walk(twice, 'disconnected', 'connected', 'linked', 'synced').silences).toBe(0)
  })
})

test('a random walk never counts below nothing, and never wants a sync it does not ask for', () => {
  const step = fc.constantFrom(...Object.keys(events))
  fc.assert(
    fc.property(fc.boolean(), fc.array(step, { maxLength: 200 }), (sync, names) => {
      let state = initialLink(sync)
      for (const name of names) {
        const [next, effects] = reduceLink(state, ...events[name]!)
        expect(phases).toContain(next.phase)
        expect(next.unlinks).toBeGreaterThanOrEqual(0)
        expect(next.syncs).toBeGreaterThanOrEqual(0)
        const waits = effects.filter(effect => effect.startsWith('await-'))
        if (next.again && next.syncs === 0 && state.syncs > 0) expect(waits).toEqual(['await-again'])
        if (next.syncs > 0 && state.syncs === 0) expect(waits).toEqual(['await-answer'])
        state = next
      }
    }),
  )
})
