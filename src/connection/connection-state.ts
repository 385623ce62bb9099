// Floor 5. What a host's socket is doing, and what each event makes of it: a pure reducer. connection.ts carries out its effects.

/**
 * `idle`: nobody wants it. `connecting`, `authenticating`: on the way. `open`: links and commands flow. `waiting`: lost, tried
 * again after a wait. `denied`: the host refused the credentials; waits for others. `closed`: for good.
 */
export type ConnectionPhase = 'idle' | 'connecting' | 'authenticating' | 'open' | 'waiting' | 'denied' | 'closed'

export interface ConnectionState {
  readonly phase: ConnectionPhase
  /** Attempts that failed, or were soon lost, in a row. */
  readonly failures: number
}

export type ConnectionEvent =
  /** Somebody needs the socket; nobody does any more. */
  | 'want'
  | 'unwant'
  /** The socket opened; with credentials to be shown first, or without. */
  | 'opened-with-credentials'
  | 'opened'
  /** The host took the credentials, said nothing in time, or refused them. */
  | 'authenticated'
  | 'denied'
  /** The socket failed, was lost, or gave no sign of life. */
  | 'ended'
  /** The wait is over, or something says that it may be. */
  | 'retry'
  /** It has been up for long enough to be trusted. */
  | 'settled'
  | 'close'

export type ConnectionEffect =
  | 'connect'
  | 'disconnect'
  | 'send-credentials'
  | 'await-open'
  | 'await-retry'
  /** Tries again in the next turn. */
  | 'await-turn'
  | 'await-settled'
  | 'await-nothing'
  /** The links may ask. */
  | 'tell-open'
  /** The links are without a socket. */
  | 'tell-lost'
  /** An attempt did not come to open. */
  | 'tell-failed'

/** What the reducer asks where an event depends on it. */
export interface ConnectionFacts {
  /** Whether a link or a command waits for the socket. */
  isNeeded(): boolean
  /** Whether another subprotocol is worth a try at once. Asked once for each attempt that failed. */
  triesOtherWay(): boolean
}

export const initialConnection: ConnectionState = { phase: 'idle', failures: 0 }

type Step = readonly [ConnectionState, readonly ConnectionEffect[]]

const connect = (failures: number): Step => [{ phase: 'connecting', failures }, ['connect', 'await-open']]

const waiting = (failures: number, ...effects: ConnectionEffect[]): Step => [
  { phase: 'waiting', failures: failures + 1 },
  ['disconnect', ...effects],
]

/** The state after `event`, and what is to be done, in order. */
export function reduceConnection(state: ConnectionState, event: ConnectionEvent, facts: ConnectionFacts): Step {
  const { phase, failures } = state
  const same: Step = [state, []]
  const end: ConnectionEffect[] = ['await-nothing', 'disconnect']
  if (phase === 'open') end.push('tell-lost')
  const hasSocket = phase === 'connecting' || phase === 'authenticating' || phase === 'open'
  if (phase === 'closed') return same
  switch (event) {
    case 'want':
      return phase === 'idle' ? connect(failures) : same
    case 'opened-with-credentials':
      if (phase !== 'connecting') return same
      return [{ phase: 'authenticating', failures }, ['await-nothing', 'send-credentials']]
    case 'opened':
    case 'authenticated':
      if (phase !== (event === 'opened' ? 'connecting' : 'authenticating')) return same
      return [{ phase: 'open', failures }, ['await-settled', 'tell-open']]
    case 'denied':
      if (phase !== 'authenticating' && phase !== 'open') return same
      return [{ phase: 'denied', failures: 0 }, end]
    case 'ended':
      if (!hasSocket) return same
      if (phase === 'open') return waiting(failures, 'await-retry', 'tell-lost')
      // Without a word of failure: the first way may have been the wrong one.
      if (facts.triesOtherWay()) return waiting(failures, 'await-turn')
      return waiting(failures, 'await-retry', 'tell-failed')
    case 'retry':
      if (phase !== 'waiting' && phase !== 'denied') return same
      // There may be nobody left to try again for.
      return facts.isNeeded() ? connect(failures) : [initialConnection, end]
    case 'settled':
      return phase === 'open' ? [{ phase, failures: 0 }, []] : same
    case 'unwant':
    case 'close': {
      const next: ConnectionState = event === 'close' ? { phase: 'closed', failures: 0 } : initialConnection
      return [next, phase === 'idle' ? [] : end]
    }
  }
}
