// What a link makes of each event in each phase, and the ways through that hosts lead it.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { graceMs, longestMs, lullMs, mutedMs, restMs } from '../../../src/link/link-asking.js'
import {
  initialLink,
  type LinkEffect,
  type LinkEvent,
  type LinkPhase,
  type LinkState,
  type LinkTimes,
} from '../../../src/link/link-state.js'
import { reduceLink } from '../../../src/link/link-table.js'

const phases = ['offline', 'asked', 'syncing', 'live', 'stale', 'refused', 'closed'] as const satisfies LinkPhase[]

/** How long the answer to another sync is waited for at least. */
const soonMs = 700

/** `laneNotFound` is `unlinked` with that reason; all else is as it is called. */
const names = [
  'connected',
  'disconnected',
  'linked',
  'synced',
  'unlinked',
  'laneNotFound',
  'expired',
  'paused',
  'probed',
  'spoilt',
  'doubt',
  'fence',
  'resync',
  'syncs',
  'close',
  'reopen',
] as const
type Name = (typeof names)[number]

const requestTimeoutMs = 10_000
const settledAfterMs = 10_000

/** A wait is spelled `wait-700`, a pause `pause-100`. */
const spell = (effect: LinkEffect): string => {
  if (typeof effect === 'string') return effect
  return 'wait' in effect ? `wait-${effect.wait}` : `pause-${effect.pause}`
}

/** A link on its way. Each call changes it, and gives it back. */
class Walk {
  nowMs = 0
  events = 0
  seq = 0
  state: LinkState
  /** What was to be done for the last event. */
  effects = ''
  readonly options: LinkTimes

  constructor(sync = true, options: Partial<LinkTimes> = {}) {
    this.options = { requestTimeoutMs, settledAfterMs, relinkAfterMs: 0, ...options }
    this.state = initialLink(sync)
  }

  on(...list: Name[]): this {
    for (const name of list) {
      const [event, tag]: [LinkEvent, string?] = name === 'laneNotFound' ? ['unlinked', name] : [name]
      const { nowMs, events, seq, options } = this
      const [state, effects] = reduceLink(this.state, event, { nowMs, events, seq, tag, options })
      this.state = state
      this.effects = effects.map(spell).join(' ')
    }
    return this
  }

  /** Lets time pass. */
  after(ms: number): this {
    this.nowMs += ms
    return this
  }

  /** Events of the lane come. */
  heard(count = 1): this {
    this.events += count
    return this
  }

  get story(): string {
    return `${this.state.phase}: ${this.effects}`
  }
}

const linkedFor: { readonly [P in LinkPhase]: (walk: Walk) => Walk } = {
  offline: walk => walk,
  asked: walk => walk.on('connected'),
  syncing: walk => walk.on('connected', 'linked'),
  live: walk => walk.on('connected', 'linked').after(20).on('synced'),
  stale: walk => walk.on('connected', 'linked').after(20).on('synced').after(1000).on('resync'),
  refused: walk => walk.on('connected', 'laneNotFound'),
  closed: walk => walk.on('connected', 'linked').after(20).on('synced', 'close'),
}

/** A link that syncs, one second after it came to a phase by the shortest way; its first sync took 20 ms. */
const inPhase = (phase: LinkPhase, options?: Partial<LinkTimes>) =>
  linkedFor[phase](new Walk(true, options)).after(1000)

/** The same without syncs, which is never `syncing` and never `stale`. */
const inPhaseBare = (phase: LinkPhase) => {
  const walk = new Walk(false)
  if (phase !== 'offline') walk.on('connected')
  if (phase === 'refused') walk.on('laneNotFound')
  if (phase === 'live' || phase === 'closed') walk.on('linked')
  if (phase === 'closed') walk.on('close')
  return walk.after(1000)
}

type Table = { readonly [P in LinkPhase]?: { readonly [N in Name]?: string } }

const lost = 'offline: wait-none tell-disconnected'
const linkedAnew = 'tell-unlinking send-unlink tell-asking send-sync wait-10000'
const held = {
  disconnected: lost,
  unlinked: 'refused: tell-unlinked wait-retry',
  laneNotFound: 'refused: tell-unlinked reject-writes wait-retry',
  close: 'closed: send-unlink wait-10000',
}
const linkedAfterSilence = `tell-expired ${linkedAnew}`.replace('10000', '20000')
const expired = `asked: ${linkedAfterSilence}`

/** What each event makes of each phase. Where nothing stands, nothing changes and nothing is done. */
const table: Table = {
  offline: {
    connected: 'asked: tell-asking send-sync wait-10000',
    close: 'closed: wait-none',
  },
  asked: {
    ...held,
    linked: 'syncing: restart-syncs tell-linked wait-10000',
    synced: 'live: tell-linked end-sync tell-synced wait-none flush',
    expired,
    // Wanted once the first state is there.
    doubt: 'asked: ',
    resync: 'asked: ',
    spoilt: 'asked: spoil-syncs',
  },
  syncing: {
    ...held,
    synced: 'live: end-sync tell-synced wait-none flush',
    expired,
    doubt: 'syncing: ',
    resync: 'syncing: ',
    spoilt: 'syncing: spoil-syncs',
  },
  live: {
    ...held,
    // No such wait is set: a lane is left alone for as long as it likes.
    expired: `asked: ${linkedAnew}`,
    doubt: `live: pause-${lullMs}`,
    fence: 'live: send-sync wait-700',
    resync: 'stale: tell-stale send-sync wait-700',
    spoilt: 'stale: tell-stale send-sync wait-700',
  },
  stale: {
    ...held,
    synced: 'live: end-sync tell-synced wait-none flush',
    expired: `stale: probe wait-${mutedMs}`,
    spoilt: 'stale: spoil-syncs',
    doubt: 'stale: ',
    fence: 'stale: ',
    resync: 'stale: ',
  },
  refused: {
    disconnected: lost,
    // Whatever it is that is linked, its state was not asked for.
    linked: 'syncing: tell-linked send-sync wait-10000',
    // The @unlink clears away what a Java host keeps of a link that it could not find.
    expired: 'asked: send-unlink tell-asking send-sync wait-10000',
    close: 'closed: wait-none send-unlink',
  },
  closed: {
    disconnected: 'closed: wait-none',
    unlinked: 'closed: ',
    laneNotFound: 'closed: ',
    expired: 'closed: ',
    reopen: 'offline: ',
  },
}

/** The same of a link without syncs. */
const bare: Table = {
  offline: {
    connected: 'asked: tell-asking send-link wait-10000',
    close: 'closed: wait-none',
    syncs: 'offline: ',
  },
  asked: {
    ...held,
    linked: 'live: tell-linked wait-none flush',
    expired: expired.replace('sync', 'link'),
    syncs: 'asked: ',
  },
  live: {
    ...held,
    expired: `asked: ${linkedAnew.replace('sync', 'link')}`,
    syncs: 'stale: tell-stale send-sync wait-700',
  },
  refused: {
    disconnected: lost,
    linked: 'live: tell-linked wait-none flush',
    expired: 'asked: send-unlink tell-asking send-link wait-10000',
    close: 'closed: wait-none send-unlink',
    syncs: 'refused: ',
  },
  closed: {
    disconnected: 'closed: wait-none',
    unlinked: 'closed: ',
    laneNotFound: 'closed: ',
    expired: 'closed: ',
    reopen: 'offline: ',
    syncs: 'closed: ',
  },
}

describe('every event in every phase', () => {
  const pairs = phases.flatMap(phase => names.map(name => [phase, name] as const))
  const barePhases = phases.filter(phase => phase !== 'syncing' && phase !== 'stale')
  const barePairs = barePhases.flatMap(phase => names.map(name => [phase, name] as const))

  const check = (walk: Walk, phase: LinkPhase, name: Name, expected: Table) => {
    expect(walk.state.phase).toBe(phase)
    const before = walk.state
    expect(walk.on(name).story).toBe(expected[phase]?.[name] ?? `${phase}: `)
    if (expected[phase]?.[name] === undefined) expect(walk.state).toBe(before)
    else expect(walk.state).not.toBe(before)
  }

  test.each(pairs)('%s, %s', (phase, name) => check(inPhase(phase), phase, name, table))

  test.each(barePairs)('without syncs: %s, %s', (phase, name) => check(inPhaseBare(phase), phase, name, bare))
})

describe('own @unlinks are counted', () => {
  test('a late @unlinked does not tear down a link that is asked for again', () => {
    const asked = () => inPhase('live').on('close', 'reopen', 'connected')
    expect(asked().state).toMatchObject({ phase: 'asked', unlinks: 1, syncs: [{}] })
    expect(asked().on('unlinked')).toMatchObject({ effects: '', state: { phase: 'asked', unlinks: 0 } })
    expect(asked().on('unlinked', 'linked', 'synced').state.phase).toBe('live')
    expect(asked().on('unlinked', 'linked', 'synced', 'unlinked').state.phase).toBe('refused')
  })

  test('once the last @sync is answered, no earlier @unlink is waited for', () => {
    const walk = inPhase('asked').on('expired', 'linked', 'synced', 'synced')
    expect(walk.state).toMatchObject({ phase: 'live', unlinks: 0, syncs: [] })
    expect(walk.on('unlinked').state.phase).toBe('refused')
  })

  test('an own @unlink is waited for until the last @sync is answered, and that answer as any other', () => {
    const walk = inPhase('asked').on('expired', 'linked').after(500).on('synced')
    expect(walk.story).toBe('live: end-sync tell-synced wait-3000 flush')
    expect(walk.state).toMatchObject({ unlinks: 1, syncs: [{}] })
    expect(walk.on('unlinked').state).toMatchObject({ phase: 'live', unlinks: 0 })
  })

  test('an @unlinked that answers an own @unlink drops the syncs requested before that', () => {
    const walk = inPhase('asked').after(1).on('expired')
    expect(walk.state.syncs.map(({ askedAtMs }) => askedAtMs)).toEqual([0, 1001])
    expect(walk.on('unlinked').state.syncs.map(({ askedAtMs }) => askedAtMs)).toEqual([1001])
  })

  test('an @unlinked with a reason answers no own @unlink: it is a refusal', () => {
    expect(inPhase('asked').on('expired', 'laneNotFound').state).toMatchObject({ phase: 'refused', unlinks: 0 })
  })

  test('a closed link ends once its @unlink is answered, has timed out or has lost its socket', () => {
    const closed = () => inPhase('live').on('close')
    expect(closed().state).toMatchObject({ phase: 'closed', unlinks: 1 })
    for (const name of ['unlinked', 'expired', 'disconnected'] as const)
      expect(closed().on(name).state).toMatchObject({ phase: 'closed', unlinks: 0 })
  })
})

describe('another sync', () => {
  test('is requested once, after the sync under way, however many requests come before', () => {
    const walk = inPhase('live').on('resync', 'resync', 'resync', 'fence', 'doubt')
    expect(walk.state).toMatchObject({ phase: 'stale', syncs: [{}], want: 'resync' })
    walk.after(300).on('synced')
    // A lane that is cut all the time is left alone for as long as its sync took.
    expect(walk.story).toBe('stale: end-sync tell-synced tell-stale wait-none flush pause-300')
    expect(walk.on('resync').effects).toBe('')
    expect(walk.after(300).on('paused').effects).toBe('send-sync wait-700')
    expect(walk.state).toMatchObject({ phase: 'stale', syncs: [{}], want: undefined })
    expect(walk.on('synced').story).toBe('live: end-sync tell-synced wait-none flush')
  })

  test('is requested after the first sync if a resync was wanted amid that', () => {
    const walk = inPhase('syncing').on('resync', 'synced')
    expect(walk.story).toBe('stale: end-sync tell-synced tell-stale wait-none flush pause-1000')
    for (const asked of [inPhase('asked').on('doubt', 'resync'), inPhase('asked').on('resync', 'doubt')])
      expect(asked.on('linked', 'synced').state).toMatchObject({ phase: 'stale', want: 'resync' })
  })

  test('is not needed as a fence while the first sync is under way', () => {
    const walk = inPhase('syncing').on('fence', 'synced')
    expect(walk.story).toBe('live: end-sync tell-synced wait-none flush')
    expect(walk.state.want).toBeUndefined()
  })

  test('as a fence leaves a live link live', () => {
    const walk = inPhase('live').on('fence', 'fence')
    expect(walk.state).toMatchObject({ phase: 'live', want: 'fence', syncs: [{}] })
    expect(walk.on('synced').story).toBe(`live: end-sync wait-none flush pause-${restMs}`)
  })

  test('decides only the writes that were sent before it', () => {
    const walk = inPhase('live')
    walk.seq = 7
    walk.on('fence')
    walk.seq = 9
    expect(walk.state.syncs).toEqual([{ fence: 7, askedAtMs: walk.nowMs }])
  })

  test('is requested at once after an event or a late echo that calls for it', () => {
    for (const name of ['fence', 'resync'] as const) {
      expect(inPhase('live').on(name).effects).toContain('send-sync wait-700')
      expect(inPhase('live').on('doubt', name).effects).toContain('send-sync wait-700')
      expect(inPhase('live').on('doubt', name).state.want).toBeUndefined()
    }
  })

  test('after a @synced waits for a pause if a fence wants it, and not if a resync does', () => {
    for (let afterMs = 0; afterMs <= 2 * restMs; afterMs += 20) {
      const ended = () => inPhase('live').on('fence').after(20).on('synced').after(afterMs)
      expect(ended().on('resync').effects).toBe('tell-stale send-sync wait-700')
      const walk = ended().on('fence')
      const isNow = afterMs >= restMs
      expect(walk.effects).toBe(isNow ? 'send-sync wait-700' : `pause-${restMs - afterMs}`)
      if (isNow) continue
      expect(walk.state.want).toBe('fence')
      expect(walk.after(restMs - afterMs).on('paused').effects).toBe('send-sync wait-700')
    }
  })

  test('is requested 100 ms after a quick sync', () => {
    const walk = inPhase('live').on('resync', 'resync').after(1).on('synced')
    expect(walk.effects).toBe(`end-sync tell-synced tell-stale wait-none flush pause-${restMs}`)
  })

  test('the pause before another sync runs beside the wait for an event', () => {
    const walk = inPhase('live', { relinkAfterMs: 60_000 }).on('fence').on('doubt').after(20).on('synced')
    expect(walk.effects).toBe(`end-sync wait-60000 flush pause-${lullMs}`)
  })

  test('the pause before a sync that is no longer wanted does nothing', () => {
    const walk = inPhase('live').on('doubt', 'fence').after(20).on('synced').after(lullMs)
    expect(walk.on('paused').effects).toBe('')
    const next = inPhase('live').on('doubt', 'fence')
    expect(next.after(lullMs).on('paused').effects).toBe('')
    // Wanted again, and one is under way.
    expect(inPhase('live').on('doubt', 'fence', 'doubt').after(lullMs).on('paused').effects).toBe('')
  })

  test('waits for a lull only where a doubt wants it', () => {
    const walk = inPhase('live').on('fence').after(20).on('synced', 'fence').heard().after(restMs)
    expect(walk.on('paused').effects).toBe('send-sync wait-700')
  })
})

describe('a link without syncs that is then asked for the state', () => {
  test('sends @sync at once if it is linked, and otherwise once it is', () => {
    expect(inPhaseBare('live').on('syncs').effects).toBe('tell-stale send-sync wait-700')
    const asked = inPhaseBare('asked').on('syncs', 'linked')
    expect(asked.story).toBe('syncing: tell-linked send-sync wait-10000')
    expect(asked.on('synced').story).toBe('live: end-sync tell-synced wait-none flush')
    expect(inPhaseBare('offline').on('syncs', 'connected').effects).toBe('tell-asking send-sync wait-10000')
    const refused = inPhaseBare('refused').on('syncs', 'expired')
    expect(refused.effects).toBe('send-unlink tell-asking send-sync wait-10000')
  })

  test('sends nothing if the state is requested already', () => {
    for (const phase of phases) expect(inPhase(phase).on('syncs').effects).toBe('')
  })
})

describe('a frame that could not be read', () => {
  test('makes the lane stale, and a sync is requested at once', () => {
    expect(inPhase('live').on('spoilt').story).toBe('stale: tell-stale send-sync wait-700')
  })

  test('within a sync keeps that sync from removing entries, and another follows', () => {
    for (const phase of ['asked', 'syncing', 'stale'] as const) {
      const walk = inPhase(phase).on('spoilt')
      expect(walk.effects).toBe('spoil-syncs')
      walk.on('synced')
      expect(walk.state).toMatchObject({ phase: 'stale', want: 'resync', isSpoilt: false })
      expect(walk.effects).toMatch(/tell-synced tell-stale wait-none flush pause-\d+$/)
    }
    const live = inPhase('live').on('fence', 'spoilt').after(20).on('synced')
    expect(live.story).toMatch(/^stale: end-sync tell-stale wait-none flush pause-\d+$/)
  })

  test('in every sync makes the waits before the next sync grow', () => {
    const walk = inPhase('live').on('spoilt')
    const pauses: number[] = []
    for (let i = 0; i < 10; i++) {
      walk.on('spoilt').after(20).on('synced')
      const pauseMs = Number(/pause-(\d+)$/.exec(walk.effects)![1])
      pauses.push(pauseMs)
      expect(walk.after(pauseMs).on('paused').effects).toBe('send-sync wait-700')
    }
    expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 64_000, 64_000, 64_000, 64_000])
    // A sync that could be read ends it.
    walk.after(20).on('synced')
    expect(walk.story).toBe('live: end-sync tell-synced wait-none flush')
    expect(walk.state.spoils).toBe(0)
  })

  test('has no effect on a link without syncs', () => {
    for (const phase of phases)
      if (phase !== 'syncing' && phase !== 'stale') expect(inPhaseBare(phase).on('spoilt').effects).toBe('')
  })
})

describe('a doubt about an entry', () => {
  test('waits for a lull before its sync', () => {
    const walk = inPhase('live').on('doubt')
    expect(walk.effects).toBe(`pause-${lullMs}`)
    walk.heard().after(lullMs).on('paused')
    expect(walk.effects).toBe(`pause-${lullMs}`)
    walk.after(lullMs).on('paused')
    expect(walk.effects).toBe('send-sync wait-700')
    expect(walk.state).toMatchObject({ phase: 'live', want: undefined })
  })

  test('shares its sync with doubts that come while it waits', () => {
    const walk = inPhase('live').on('doubt').after(100)
    const { state } = walk
    expect(walk.on('doubt').effects).toBe('')
    expect(walk.state).toEqual(state)
  })

  test('waits for at most 5 s on a lane that is never quiet', () => {
    const walk = inPhase('live').on('doubt')
    const fromMs = walk.nowMs
    for (let rounds = 0; walk.effects !== 'send-sync wait-700'; rounds++) {
      expect(rounds).toBeLessThan(100)
      expect(walk.effects).toBe(`pause-${lullMs}`)
      walk.heard(10).after(lullMs).on('doubt', 'paused')
    }
    expect(walk.nowMs - fromMs).toBe(longestMs)
  })

  test.each([20, 100, 1000, 4000])('after a sync that took %i ms waits nine times as long for its own', tookMs => {
    const ended = () => inPhase('live').on('fence').after(tookMs).heard().on('synced')
    const pauseMs = Math.max(lullMs, 9 * tookMs)
    expect(ended().on('doubt').effects).toBe(`pause-${pauseMs}`)
    // Wanted already when that one ended.
    const wanted = inPhase('live').on('fence', 'doubt').after(tookMs).on('synced')
    expect(wanted.effects).toBe(`end-sync wait-none flush pause-${pauseMs}`)
    // What has passed since counts.
    const later = ended().after(tookMs).on('doubt')
    expect(later.effects).toBe(`pause-${Math.max(lullMs, 8 * tookMs)}`)
    expect(
      ended()
        .after(9 * tookMs)
        .on('doubt').effects,
    ).toBe(`pause-${lullMs}`)
  })

  test('has a lane in doubt all the time syncing for a tenth of that time', () => {
    const tookMs = 3000
    const walk = inPhase('live').on('doubt')
    let syncingMs = 0
    const fromMs = walk.nowMs
    while (walk.nowMs - fromMs < 1_000_000) {
      const pause = /pause-(\d+)/.exec(walk.effects)
      walk.heard()
      if (pause !== null) walk.after(Number(pause[1])).on('paused')
      else {
        expect(walk.effects).toMatch(/^send-sync wait-\d+$/)
        syncingMs += tookMs
        walk.on('doubt').after(tookMs).heard().on('synced')
      }
    }
    expect(syncingMs / (walk.nowMs - fromMs)).toBeLessThanOrEqual(0.1)
    expect(syncingMs / (walk.nowMs - fromMs)).toBeGreaterThan(0.09)
  })

  test('amid the first sync counts from the first on', () => {
    for (const phase of ['asked', 'syncing'] as const) {
      const walk = inPhase(phase).on('doubt')
      const { nowMs: wantedAtMs } = walk
      expect(walk.after(100).on('doubt').state).toMatchObject({ want: 'doubt', wantedAtMs })
    }
  })

  test('within the first sync is settled by a second', () => {
    for (const phase of ['asked', 'syncing'] as const) {
      const walk = inPhase(phase).on('doubt')
      expect(walk.state.want).toBe('doubt')
      expect(walk.on('synced').effects).toContain(`flush pause-${Math.max(lullMs, 9 * walk.state.tookMs)}`)
      expect(walk.state.phase).toBe('live')
    }
  })

  test('is settled by the sync of the next link if this link is lost', () => {
    for (const name of ['disconnected', 'unlinked', 'laneNotFound'] as const)
      expect(inPhase('live').on('doubt', name).state.want).toBeUndefined()
    const again = inPhase('live').on('doubt', 'disconnected', 'connected', 'linked', 'synced')
    expect(again.effects).not.toContain('pause')
    expect(again.after(lullMs).on('paused').effects).toBe('')
  })
})

describe('refusals', () => {
  test('a reason is reported once, however often it comes; another reason is reported too', () => {
    const first = inPhase('asked').on('laneNotFound')
    expect(first.effects).toContain('tell-unlinked')
    const second = () => inPhase('refused').on('expired', 'laneNotFound')
    expect(second()).toMatchObject({ effects: 'tell-refused reject-writes wait-retry', state: { refusals: 2 } })
    expect(second().on('expired', 'unlinked').effects).toContain('tell-unlinked')
    expect(second().on('disconnected', 'connected', 'laneNotFound').effects).not.toContain('tell-unlinked')
    expect(second().on('expired', 'linked', 'synced', 'laneNotFound').effects).toContain('tell-unlinked')
  })

  test('after a refusal without a reason the next @sync goes out without an @unlink', () => {
    expect(inPhase('live').on('unlinked', 'expired').effects).toBe('tell-asking send-sync wait-10000')
  })

  test('a sync that an agent stopped amid may still be answered after its restart', () => {
    const stopped = () => inPhase('syncing').on('unlinked')
    expect(stopped().state).toMatchObject({ phase: 'refused', syncs: [{}] })
    expect(stopped().on('linked').effects).toBe('restart-syncs tell-linked wait-10000')
    expect(stopped().on('linked', 'synced').state).toMatchObject({ phase: 'live', syncs: [] })
  })

  test('a @link and an @unlink before the next @sync tell its answer from that of a sync an agent stopped amid', () => {
    const asked = () => inPhase('syncing').on('unlinked', 'expired')
    expect(asked()).toMatchObject({
      effects: 'send-link send-unlink tell-asking send-sync wait-10000',
      state: { phase: 'asked', syncs: [{}, {}], unlinks: 1 },
    })
    const lost = () => asked().on('linked', 'unlinked', 'linked')
    expect(lost().state).toMatchObject({ phase: 'syncing', syncs: [{}], unlinks: 0 })
    expect(lost().on('synced').state).toMatchObject({ phase: 'live', syncs: [] })
    const answered = asked().on('linked', 'synced', 'linked', 'unlinked', 'linked', 'synced')
    expect(answered.state).toMatchObject({ phase: 'live', syncs: [], unlinks: 0 })
    // A host that denies the lane unlinks it for each of the two.
    expect(asked().on('unlinked', 'unlinked').state).toMatchObject({ phase: 'refused', syncs: [{}], unlinks: 0 })
  })

  test.each([
    ['at once', []],
    ['before it is synced', ['linked']],
    ['once it is synced', ['linked', 'synced']],
  ] as const)('make the waits grow for a lane that is unlinked again and again %s', (_when, before) => {
    const walk = inPhase('asked')
    for (let count = 1; count < 10; count++) {
      const asked = walk.effects.split(' ')
      // What is asked for to part late answers from the next.
      if (asked.includes('send-link')) walk.on(...(before.length === 0 ? [] : (['linked'] as const)), 'unlinked')
      walk.after(10).on(...before)
      expect(walk.after(10).on('unlinked').effects).toContain('wait-retry')
      expect(walk.state).toMatchObject({ phase: 'refused', refusals: count, unlinks: 0 })
      expect(walk.state.syncs.length).toBeLessThanOrEqual(1)
      walk.after(500).on('expired')
    }
  })

  test('the count of refusals starts again after a link that has lasted', () => {
    const refused = () => inPhase('refused').on('expired', 'linked', 'synced')
    expect(
      refused()
        .after(settledAfterMs - 1)
        .on('unlinked').state.refusals,
    ).toBe(2)
    expect(refused().after(settledAfterMs).on('unlinked').state.refusals).toBe(1)
    const stale = refused().after(settledAfterMs).on('resync', 'unlinked')
    expect(stale.state.refusals).toBe(1)
    const mended = refused().after(settledAfterMs).on('resync', 'synced', 'unlinked')
    expect(mended.state.refusals).toBe(1)
    // Syncs of a link that is there do not make it younger.
    const synced = refused()
    for (let i = 0; i < 10; i++) synced.after(settledAfterMs / 10).on('fence', 'synced')
    expect(synced.on('unlinked').state.refusals).toBe(1)
  })
})

describe('silences', () => {
  test('only the second in a row closes the socket', () => {
    const once = () => inPhase('asked').on('expired')
    expect(once().state).toMatchObject({ silences: 1, unlinks: 1 })
    expect(once().effects).toBe(linkedAfterSilence)
    const twice = () => once().on('expired')
    expect(twice().effects.split(' ')).toEqual(expect.arrayContaining(['tell-expired', 'drop-socket']))
    const thrice = () => twice().on('disconnected', 'connected', 'expired')
    expect(thrice().state.silences).toBe(3)
    expect(thrice().effects).toBe(linkedAfterSilence.replace('20000', '80000'))
    expect(thrice().on('expired').effects).not.toContain('drop-socket')
    expect(twice().on('disconnected', 'connected', 'linked', 'synced').state.silences).toBe(0)
  })

  test('double the wait, up to 32-fold', () => {
    const walk = inPhase('asked')
    const waits: number[] = []
    for (let i = 0; i < 8; i++) {
      walk.on('expired')
      if (walk.effects.includes('drop-socket')) walk.on('disconnected', 'connected')
      waits.push(Number(/wait-(\d+)$/.exec(walk.effects)![1]) / requestTimeoutMs)
    }
    expect(waits).toEqual([2, 4, 8, 16, 32, 32, 32, 32])
  })

  test('double the wait for a state that has begun to come, too', () => {
    expect(inPhase('asked').on('expired', 'linked').effects).toBe('restart-syncs tell-linked wait-20000')
    expect(inPhase('asked').on('expired').heard().on('expired').effects).toBe('wait-20000')
  })

  test('are not assumed while a state comes slowly', () => {
    const walk = inPhase('asked')
    for (let i = 0; i < 10; i++) expect(walk.heard().after(requestTimeoutMs).on('expired').effects).toBe('wait-10000')
    walk.on('linked')
    for (let i = 0; i < 10; i++) expect(walk.heard().after(requestTimeoutMs).on('expired').effects).toBe('wait-10000')
    expect(walk.after(requestTimeoutMs).on('expired').story).toBe(expired)
  })

  test('the wait for another sync is twice the time of the last, and at least 0.7 s', () => {
    const waits = [1, 300, 400, 2000, 5000, 50_000].map(tookMs => {
      const walk = inPhase('live').on('fence').after(tookMs).heard().on('synced').after(restMs).on('fence')
      return walk.effects
    })
    expect(waits).toEqual([700, 700, 800, 4000, 10_000, 10_000].map(ms => `send-sync wait-${ms}`))
  })

  test('a state without its @synced links the lane again, and no silence is reported', () => {
    for (const phase of ['live', 'stale'] as const) {
      const walk = inPhase(phase).on('fence').heard(3)
      expect(walk.after(soonMs).on('expired').effects).toBe(`wait-${soonMs}`)
      expect(walk.after(soonMs).on('expired').story).toBe(`asked: ${linkedAnew}`)
      expect(walk.state).toMatchObject({ silences: 0, unlinks: 1 })
      walk.on('unlinked')
      expect(walk.state.syncs).toHaveLength(1)
      expect(walk.on('linked', 'synced').state).toMatchObject({ phase: 'live', syncs: [], unlinks: 0 })
    }
  })

  test('a missing @synced is noticed in spite of events by other clients', () => {
    const walk = inPhase('live').on('fence')
    const fromMs = walk.nowMs
    for (let rounds = 0; walk.state.phase === 'live'; rounds++) {
      expect(rounds).toBeLessThan(100)
      walk.heard().after(soonMs).on('expired')
    }
    expect(walk.story).toBe(`asked: ${linkedAnew}`)
    expect(walk.nowMs - fromMs).toBeLessThan(requestTimeoutMs + 2 * soonMs)
  })

  test.each([20, 1000])('a @synced is missing 10 s and four times the last sync (%i ms) after its @sync', tookMs => {
    const overdueMs = requestTimeoutMs + 4 * tookMs
    const asked = () => inPhase('live').after(50_000).on('fence').after(tookMs).on('synced').after(restMs).on('fence')
    const waitMs = Math.max(soonMs, 2 * tookMs)
    expect(asked().heard().after(overdueMs).on('expired').effects).toBe(`wait-${waitMs}`)
    expect(
      asked()
        .heard()
        .after(overdueMs + 1)
        .on('expired').story,
    ).toBe(`asked: ${linkedAnew}`)
  })

  test('a lane that does not answer while its host does is linked again, and then closes the socket', () => {
    for (const phase of ['live', 'stale'] as const) {
      const walk = inPhase(phase).on('fence').after(soonMs).on('expired')
      expect(walk.effects).toMatch(/^probe wait-\d+$/)
      expect(walk.on('probed').effects).toBe(`wait-${graceMs}`)
      expect(walk.on('probed').effects).toBe('')
      expect(walk.after(graceMs).on('expired').story).toBe(`asked: ${linkedAnew} probe`)
      expect(walk.on('probed').effects).toBe(`wait-${graceMs}`)
      walk.after(graceMs).on('expired')
      expect(walk.effects).toContain('drop-socket')
      expect(walk.effects).not.toContain('tell-expired')
      expect(walk.on('disconnected', 'connected').effects).toBe('tell-asking send-sync wait-10000')
      expect(walk.state.probe).toBe('none')
    }
  })

  test('a lane that answers after the probe is not silent', () => {
    const asked = () => inPhase('live').on('fence').after(soonMs).on('expired')
    const late = asked().on('synced')
    expect(late.state).toMatchObject({ phase: 'live', syncs: [] })
    expect(late.effects).toContain('wait-none')
    expect(asked().heard().on('probed').effects).toBe('')
    // The next question begins without an answer to the last.
    expect(asked().on('probed', 'synced').after(restMs).on('fence').state.probe).toBe('none')
    // The grace goes on while the state comes in.
    const slow = asked().on('probed').heard().after(graceMs).on('expired')
    expect(slow.effects).toBe(`wait-${soonMs}`)
  })

  test('a host that answers nothing loses its socket, and gets twice as long the next time', () => {
    const walk = inPhase('live')
    const waits: number[] = []
    for (let i = 0; i < 6; i++) {
      walk.after(restMs).on('fence').after(soonMs).on('expired')
      const waitMs = Number(/^probe wait-(\d+)$/.exec(walk.effects)![1])
      waits.push(waitMs)
      expect(walk.after(waitMs).on('expired').effects).toBe('drop-socket')
      walk.on('disconnected', 'connected', 'linked', 'synced')
    }
    expect(waits).toEqual([mutedMs, 2 * mutedMs, 4 * mutedMs, 8 * mutedMs, requestTimeoutMs, requestTimeoutMs])
    // One that answers after all was not deaf.
    walk.after(restMs).on('fence').after(soonMs).on('expired', 'probed', 'synced')
    expect(walk.after(restMs).on('fence').after(soonMs).on('expired').effects).toBe(`probe wait-${mutedMs}`)
  })
})

describe('relinkAfterMs', () => {
  const relinkAfterMs = 60_000

  test('links a lane again after so long without an event', () => {
    for (const sync of [true, false]) {
      const walk = new Walk(sync, { relinkAfterMs }).on('connected', 'linked')
      if (sync) walk.on('synced')
      expect(walk.effects).toContain(`wait-${relinkAfterMs} flush`)
      expect(walk.heard().after(relinkAfterMs).on('expired').effects).toBe(`wait-${relinkAfterMs}`)
      walk.after(relinkAfterMs).on('expired')
      expect(walk.story).toBe(`asked: ${sync ? linkedAnew : linkedAnew.replace('sync', 'link')}`)
      expect(walk.state).toMatchObject({ silences: 0, unlinks: 1 })
    }
  })

  test('starts again after each sync', () => {
    const walk = inPhase('live', { relinkAfterMs }).on('fence').after(20).on('synced')
    expect(walk.effects).toBe(`end-sync wait-${relinkAfterMs} flush`)
    expect(walk.after(relinkAfterMs).on('expired').state.phase).toBe('asked')
  })
})

describe('a random walk', () => {
  /** Runs timers as link.ts does: one wait, one pause, and none but those. */
  class Timers {
    wait = false
    pause = false
    note(effects: string): void {
      for (const effect of effects.split(' ')) {
        if (effect.startsWith('wait-')) this.wait = effect !== 'wait-none'
        if (effect.startsWith('pause-')) this.pause = true
      }
    }
  }

  const step = fc.record({
    name: fc.constantFrom(...names),
    afterMs: fc.constantFrom(0, 1, 50, 250, 700, 20_000),
    events: fc.constantFrom(0, 0, 1, 5),
    writes: fc.constantFrom(0, 1),
  })

  test('never has a negative count, and has a timer for each wait', () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.constantFrom(0, 30_000),
        fc.array(step, { maxLength: 200 }),
        (sync, relinkAfterMs, steps) => {
          const walk = new Walk(sync, { relinkAfterMs })
          const timers = new Timers()
          for (const { name, afterMs, events, writes } of steps) {
            walk.after(afterMs).heard(events)
            walk.seq += writes
            // Timers that were never set do not end.
            if (name === 'expired' && !timers.wait) continue
            if (name === 'paused' && !timers.pause) continue
            if (name === 'expired') timers.wait = false
            if (name === 'paused') timers.pause = false
            const before = walk.state
            walk.on(name)
            timers.note(walk.effects)
            // The socket ends at once, and all that is waited for.
            if (walk.effects.split(' ').includes('drop-socket')) {
              timers.note(walk.on('disconnected').effects)
              expect(walk.state.phase).toBe('offline')
              continue
            }
            const { state } = walk
            const { phase, syncs, unlinks, want, refusals, silences } = state
            expect(phases).toContain(phase)
            expect(Math.min(unlinks, refusals, silences)).toBeGreaterThanOrEqual(0)
            const fences = syncs.map(({ fence }) => fence)
            expect(fences).toEqual([...fences].sort((a, b) => a - b))
            // Each sync begins with a frame, and ends with one that came.
            const sent = walk.effects.split(' ').filter(effect => effect === 'send-sync').length
            const begun = syncs.filter(each => !before.syncs.includes(each)).length
            expect(begun).toBe(sent)
            if (walk.effects.split(' ').includes('end-sync'))
              expect([name, before.syncs.length > 0]).toEqual(['synced', true])
            if (!state.sync) expect([sent, syncs.length, want]).toEqual([0, 0, undefined])
            // An answer is waited for, and so is the moment to ask again.
            if (phase === 'asked' || phase === 'syncing' || phase === 'refused') expect(timers.wait).toBe(true)
            if ((phase === 'live' || phase === 'stale') && syncs.length > 0) expect(timers.wait).toBe(true)
            if (phase === 'live' || phase === 'stale')
              if (want !== undefined && syncs.length === 0) expect(timers.pause).toBe(true)
            if (phase === 'syncing') expect(syncs.length).toBeGreaterThan(0)
            if (phase === 'asked') expect(syncs.length > 0 || want === 'resync').toBe(state.sync)
            if (phase === 'offline' || phase === 'closed') expect([syncs, want]).toEqual([[], undefined])
            // Of a lane that is off, the truth is on its way.
            if (phase === 'stale') expect(syncs.length > 0 || want === 'resync').toBe(true)
            if (phase === 'live') expect(want).not.toBe('resync')
            if (phase === 'live' && walk.effects !== '' && name === 'synced' && relinkAfterMs > 0)
              expect(timers.wait).toBe(true)
          }
        },
      ),
    )
  })

  test('ends synced once its host answers, whatever went before', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), steps => {
        const walk = new Walk()
        for (const { name, afterMs, events } of steps) walk.after(afterMs).heard(events).on(name)
        walk.on('disconnected')
        if (walk.state.phase === 'closed') walk.on('reopen')
        walk.on('connected', 'linked').heard(3).after(20).on('synced')
        expect(walk.state).toMatchObject({ phase: 'live', syncs: [], want: undefined, unlinks: 0, silences: 0 })
      }),
    )
  })
})
