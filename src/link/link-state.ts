// Floor 4. What a link is doing, and what each event makes of it: a pure reducer. Waiting times, frames and callbacks are
// effects, carried out by link.ts.

/**
 * `offline`: no socket. `asked`: @link or @sync is sent, no answer yet. `syncing`: linked, the lane's state on its way.
 * `live`: linked, and synced where the link syncs. `stale`: linked, the replica known to be off until the next @synced.
 * `refused`: the host unlinked it; asked for again after a wait. `closed`: nobody wants it.
 */
export type LinkPhase = 'offline' | 'asked' | 'syncing' | 'live' | 'stale' | 'refused' | 'closed'

/** The state of a link on its socket. */
export interface LinkState {
  readonly phase: LinkPhase
  /** Whether the link wants the lane's state, by @sync, or its events alone, by @link. */
  readonly sync: boolean
  /** Own @unlinks that the host may still answer: such an @unlinked is no news. */
  readonly unlinks: number
  /** @syncs not answered by @synced yet. */
  readonly syncs: number
  /** Another sync is wanted, once those under way are answered and as long again has passed as the last one took. */
  readonly again: boolean
  /** Refusals in a row. */
  readonly refusals: number
  /** Requests in a row that got no answer in time. */
  readonly silences: number
  /** Why the host unlinked it, while `refused`. */
  readonly reason: string
}

export type LinkEvent =
  | 'connected'
  | 'disconnected'
  | 'linked'
  | 'synced'
  | 'unlinked'
  /** The wait for an answer, or for the moment to ask again, is over. */
  | 'expired'
  | 'retry'
  | 'again'
  /** A sync is wanted: as the replica is known to be off, or as a fence for own writes. */
  | 'reconcile'
  | 'fence'
  | 'close'
  | 'reopen'

export type LinkEffect =
  /** Send a frame; `sync` also begins to mark what the host still has. */
  | 'send-link'
  | 'send-sync'
  | 'send-unlink'
  /** Wait for an answer, or for the moment to ask again; each replaces the other. */
  | 'await-answer'
  | 'await-retry'
  | 'await-again'
  | 'await-nothing'
  /** The socket is deaf to this link: a new one may not be. */
  | 'drop-socket'
  /** Tell the downlinks. */
  | 'tell-asking'
  | 'tell-linked'
  | 'tell-stale'
  | 'tell-synced'
  | 'tell-unlinked'
  | 'tell-unlinking'
  | 'tell-disconnected'
  | 'tell-expired'
  /** End the sync that was answered: what the host no longer has goes, and the writes before it are settled. */
  | 'end-sync'
  /** The host's state begins here, for all syncs under way: what it named before was of a link that is gone. */
  | 'restart-syncs'
  /** Send what waited, or give it up. */
  | 'flush'
  | 'reject-writes'

export const initialLink = (sync: boolean): LinkState => ({
  phase: 'offline',
  sync,
  unlinks: 0,
  syncs: 0,
  again: false,
  refusals: 0,
  silences: 0,
  reason: '',
})

type Step = readonly [LinkState, readonly LinkEffect[]]

/** Linked, or about to be, on a socket that is up. */
const isHeld = (phase: LinkPhase) => phase !== 'offline' && phase !== 'refused' && phase !== 'closed'

function ask(state: LinkState, ...before: LinkEffect[]): Step {
  return [
    { ...state, phase: 'asked', syncs: state.syncs + (state.sync ? 1 : 0), again: false },
    [...before, 'tell-asking', state.sync ? 'send-sync' : 'send-link', 'await-answer'],
  ]
}

/**
 * The state after `event`, and what is to be done, in order.
 * @param tag of `unlinked`: the host's reason, such as laneNotFound; undefined where it gave none
 */
export function reduceLink(state: LinkState, event: LinkEvent, tag?: string): Step {
  const { phase } = state
  const same: Step = [state, []]
  switch (event) {
    case 'connected':
      return phase === 'offline' ? ask(state) : same

    case 'disconnected': {
      if (phase === 'offline') return same
      const { sync, refusals, silences, reason } = state
      const next: LinkState = { ...initialLink(sync), refusals, silences, reason }
      return phase === 'closed'
        ? [{ ...next, phase }, ['await-nothing']]
        : [next, ['await-nothing', 'tell-disconnected']]
    }

    case 'linked': {
      if (phase !== 'asked' && phase !== 'refused') return same
      if (state.sync) return [{ ...state, phase: 'syncing' }, ['restart-syncs', 'tell-linked', 'await-answer']]
      return [{ ...state, phase: 'live', refusals: 0, silences: 0 }, ['tell-linked', 'await-nothing', 'flush']]
    }

    case 'synced': {
      if (!isHeld(phase) || state.syncs === 0) return same
      const syncs = state.syncs - 1
      // Answers come in order: with the last sync answered, no earlier @unlink will be.
      const unlinks = syncs === 0 ? 0 : state.unlinks
      const isAgain = state.again && syncs === 0
      const isStale = isAgain && phase !== 'live'
      const effects: LinkEffect[] = phase === 'asked' ? ['tell-linked', 'end-sync'] : ['end-sync']
      // Told even where another sync is due: a lane that is cut all the time would never be synced else.
      if (phase !== 'live') effects.push('tell-synced')
      if (isStale) effects.push('tell-stale')
      effects.push(isAgain ? 'await-again' : syncs === 0 ? 'await-nothing' : 'await-answer', 'flush')
      return [{ ...state, phase: isStale ? 'stale' : 'live', syncs, unlinks, refusals: 0, silences: 0 }, effects]
    }

    case 'unlinked': {
      if (phase === 'closed' || (tag === undefined && state.unlinks > 0)) {
        const unlinks = Math.max(0, state.unlinks - 1)
        // What was asked before that @unlink has had its answer, or never will: each @unlink has one @sync behind it.
        const syncs = Math.min(state.syncs, unlinks + 1)
        return [{ ...state, unlinks, syncs }, []]
      }
      if (!isHeld(phase)) return same
      const reason = tag ?? 'unlinked'
      // Told once: a lane that is missing at every try is one piece of news.
      const told: LinkEffect[] = state.refusals > 0 && state.reason === reason ? [] : ['tell-unlinked']
      // A host that names a reason has no such lane: what waits for it, it will not take.
      const rejects: LinkEffect[] = tag === undefined ? [] : ['reject-writes']
      // A @sync that is under way may yet link again where an agent has stopped, and be answered.
      const syncs = tag === undefined ? state.syncs : 0
      return [
        { ...initialLink(state.sync), phase: 'refused', refusals: state.refusals + 1, reason, syncs },
        [...told, ...rejects, 'await-retry'],
      ]
    }

    case 'retry':
      if (phase !== 'refused') return same
      // A Java host keeps a link that it could not find, dead and mute, until an @unlink; it does not answer that.
      if (state.reason !== 'unlinked') return ask(state, 'send-unlink')
      if (state.syncs === 0) return ask(state)
      // Nobody knows which of them will be answered: an @unlink of what is linked for certain parts them from the next.
      return ask({ ...state, unlinks: state.unlinks + 1 }, 'send-link', 'send-unlink')

    case 'again':
      if (!state.again || state.syncs > 0) return same
      return [{ ...state, syncs: 1, again: false }, ['send-sync', 'await-answer']]

    case 'expired': {
      // An @unlink without an answer: none will come.
      if (phase === 'closed') return [{ ...state, unlinks: 0 }, []]
      if (!isHeld(phase)) return same
      const silences = state.silences + 1
      // The second time in a row: a Java host whose agent has stopped stays mute until another socket asks.
      if (silences === 2) return [{ ...state, silences }, ['tell-expired', 'await-answer', 'drop-socket']]
      return ask({ ...state, silences, unlinks: state.unlinks + 1 }, 'tell-expired', 'tell-unlinking', 'send-unlink')
    }

    case 'reconcile':
    case 'fence': {
      if (!state.sync || !isHeld(phase)) return same
      const isFirst = phase === 'asked' || phase === 'syncing'
      const turnsStale = event === 'reconcile' && phase === 'live'
      const next: LinkState = turnsStale ? { ...state, phase: 'stale' } : state
      const told: LinkEffect[] = turnsStale ? ['tell-stale'] : []
      if (state.syncs === 0 && !state.again) return [{ ...next, syncs: 1 }, [...told, 'send-sync', 'await-answer']]
      // One is under way, but began too early. (As a fence, a first sync comes early enough: nothing was sent before it.)
      return [{ ...next, again: state.again || event === 'reconcile' || !isFirst }, told]
    }

    case 'close': {
      if (phase === 'closed') return same
      const closed: LinkState = { ...initialLink(state.sync), phase: 'closed' }
      if (isHeld(phase)) return [{ ...closed, unlinks: state.unlinks + 1 }, ['send-unlink', 'await-answer']]
      // See `retry`: a refused link is cleared away, so that a later one of the same lane is answered.
      return [closed, phase === 'refused' ? ['await-nothing', 'send-unlink'] : ['await-nothing']]
    }

    case 'reopen':
      return phase === 'closed' ? [{ ...state, phase: 'offline' }, []] : same
  }
}
