// Floor 5. The state of a host's socket, and the transition for each event: a pure reducer. connection.ts carries out the effects.

/**
 * `idle`: the socket is not needed. `connecting`, `authenticating`: opening. `open`: links and commands flow. `waiting`: lost,
 * opened again after a wait. `denied`: the host refused the credentials; waits for others. `closed`: for good.
 */
export type ConnectionPhase = 'idle' | 'connecting' | 'authenticating' | 'open' | 'waiting' | 'denied' | 'closed'

export interface ConnectionState {
  readonly phase: ConnectionPhase
  /** Attempts that failed, or were soon lost, in a row. */
  readonly failures: number
}

export type ConnectionEvent =
  /** The socket is needed; the socket is no longer needed. */
  | 'want'
  | 'unwant'
  /** The socket opened, with credentials to send first, or without. */
  | 'opened-with-credentials'
  | 'opened'
  /** The host accepted the credentials or did not answer in time; the host refused the credentials. */
  | 'authenticated'
  | 'denied'
  /** The socket failed, was lost, or gave no sign of life. */
  | 'ended'
  /** The wait is over, or was ended early. */
  | 'retry'
  /** The socket has been open for long enough to reset the count of failures. */
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
  /** The links may send requests. */
  | 'tell-open'
  /** The links have lost their socket. */
  | 'tell-lost'
  /** An attempt to open the socket failed. */
  | 'tell-failed'

/** Facts that the reducer looks up for some events. */
export interface ConnectionFacts {
  /** Whether a link or a command waits for the socket. */
  isNeeded(): boolean
  /** Whether to try another subprotocol at once. Called once for each attempt that failed. */
  triesOtherWay(): boolean
}

export const initialConnection: ConnectionState = { phase: 'idle', failures: 0 }

type Step = readonly [ConnectionState, readonly ConnectionEffect[]]

const connect = (failures: number): Step => [{ phase: 'connecting', failures }, ['connect', 'await-open']]

const waiting = (failures: number, ...effects: ConnectionEffect[]): Step => [
  { phase: 'waiting', failures: failures + 1 },
  ['disconnect', ...effects],
]

/** The state after `event`, and the effects, in order. */
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
      // No failure is reported: the first offer may have been the wrong one.
      if (facts.triesOtherWay()) return waiting(failures, 'await-turn')
      return waiting(failures, 'await-retry', 'tell-failed')
    case 'retry':
      if (phase !== 'waiting' && phase !== 'denied') return same
      // The socket may not be needed any more.
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
