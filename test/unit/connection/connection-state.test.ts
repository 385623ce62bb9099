import { describe, expect, test } from 'vitest'
import {
  initialConnection,
  reduceConnection,
  type ConnectionEvent,
  type ConnectionFacts,
  type ConnectionPhase,
} from '../../../src/connection/connection-state.js'

const phases = ['idle', 'connecting', 'authenticating', 'open', 'waiting', 'denied', 'closed'] as const
const events = [
  'want',
  'unwant',
  'opened-with-credentials',
  'opened',
  'authenticated',
  'denied',
  'ended',
  'retry',
  'settled',
  'close',
] as const

const away = { unwant: 'idle 0: await-nothing disconnect', close: 'closed 0: await-nothing disconnect' }
const failed = 'waiting 3: disconnect await-retry tell-failed'
/** Somebody waits for the socket, and there is one way to open it. */
const facts: ConnectionFacts = { isNeeded: () => true, triesOtherWay: () => false }

/** From each phase, after two failures; where nothing is said, nothing changes and nothing is done. */
const table: { readonly [P in ConnectionPhase]: { readonly [E in ConnectionEvent]?: string } } = {
  idle: { want: 'connecting 2: connect await-open', unwant: 'idle 0: ', close: 'closed 0: ' },
  connecting: {
    ...away,
    'opened-with-credentials': 'authenticating 2: await-nothing send-credentials',
    opened: 'open 2: await-settled tell-open',
    ended: failed,
  },
  authenticating: {
    ...away,
    authenticated: 'open 2: await-settled tell-open',
    denied: 'denied 0: await-nothing disconnect',
    ended: failed,
  },
  open: {
    unwant: 'idle 0: await-nothing disconnect tell-lost',
    close: 'closed 0: await-nothing disconnect tell-lost',
    ended: 'waiting 3: disconnect await-retry tell-lost',
    // Only a socket that lasted makes the next loss the first in a row.
    settled: 'open 0: ',
    // Other credentials, shown on a socket that was up already.
    denied: 'denied 0: await-nothing disconnect tell-lost',
  },
  waiting: { ...away, retry: 'connecting 2: connect await-open' },
  denied: { ...away, retry: 'connecting 2: connect await-open' },
  closed: {},
}

describe('every event in every phase', () => {
  test.each(phases.flatMap(phase => events.map(event => [phase, event] as const)))('%s, %s', (phase, event) => {
    const [state, effects] = reduceConnection({ phase, failures: 2 }, event, facts)
    expect(`${state.phase} ${state.failures}: ${effects.join(' ')}`).toBe(table[phase][event] ?? `${phase} 2: `)
  })

  test.each(['connecting', 'authenticating'] as const)('%s, ended, with another way to try: at once', phase => {
    const [state, effects] = reduceConnection({ phase, failures: 2 }, 'ended', { ...facts, triesOtherWay: () => true })
    expect([state, effects]).toEqual([{ phase: 'waiting', failures: 3 }, ['disconnect', 'await-turn']])
  })

  test.each(['waiting', 'denied'] as const)('%s, retry, with nobody left to try for: no more', phase => {
    const [state, effects] = reduceConnection({ phase, failures: 2 }, 'retry', { ...facts, isNeeded: () => false })
    expect([state, effects]).toEqual([initialConnection, ['await-nothing', 'disconnect']])
  })

  test('another way to connect is looked for once for each failed attempt', () => {
    for (const phase of phases) {
      for (const event of events) {
        let asked = 0
        reduceConnection({ phase, failures: 2 }, event, { ...facts, triesOtherWay: () => (asked++, false) })
        const isFailure = event === 'ended' && (phase === 'connecting' || phase === 'authenticating')
        expect([phase, event, asked]).toEqual([phase, event, isFailure ? 1 : 0])
      }
    }
  })

  test('it begins idle, with no failures', () => {
    expect(initialConnection).toEqual({ phase: 'idle', failures: 0 })
  })
})
