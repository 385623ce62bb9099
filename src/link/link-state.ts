// Floor 4. The state of a link, and its events. The transition for each event is in link-table.ts; frames, timers and
// callbacks are effects, carried out by link.ts.
import type { Sync } from '../store/replica.js'

/**
 * `offline`: no socket. `asked`: @link or @sync is sent, no answer yet. `syncing`: linked, the lane's state on its way.
 * `live`: linked, and synced where the link syncs. `stale`: linked, the replica known to be off until the next @synced.
 * `refused`: the host unlinked it; asked for again after a wait. `closed`: nobody wants it.
 */
export type LinkPhase = 'offline' | 'asked' | 'syncing' | 'live' | 'stale' | 'refused' | 'closed'

/**
 * Why another sync is wanted, from the least urgent on. `doubt`: a remove may be older than what it removed, or an event may be
 * the answer to an own write; it waits for a lull, and takes a tenth of the link's time at most. `fence`: to decide own writes.
 * `resync`: the replica is known to be off.
 */
export type Want = 'doubt' | 'fence' | 'resync'

/** The state of a link on its socket. */
export interface LinkState {
  readonly phase: LinkPhase
  /** Whether the link wants the lane's state, by @sync, or its events alone, by @link. */
  readonly sync: boolean
  /** Own @unlinks that the host may still answer: such an @unlinked is no news. */
  readonly unlinks: number
  /** The syncs under way, in the order they were asked for. */
  readonly syncs: readonly LinkSync[]
  /** Another sync is wanted, once those under way are answered and a pause is over. */
  readonly want: Want | undefined
  /** Since when it is wanted. */
  readonly wantedAtMs: number
  /** Whether a frame was lost to the syncs under way: they can't tell what is gone. */
  readonly isSpoilt: boolean
  /** Syncs in a row that were so. */
  readonly spoils: number
  /** Refusals without a link of some length between them. */
  readonly refusals: number
  /** Requests in a row that got no answer in time. */
  readonly silences: number
  /** Sockets in a row that were given up since the host answered nothing; a slow one is given twice as long each time. */
  readonly deafs: number
  /** Why the host unlinked it last; empty once it is linked and synced. */
  readonly reason: string
  /** Whether the host, asked whether it lives, has answered, while the lane has not. */
  readonly probe: 'none' | 'sent' | 'answered'
  /** Events counted when the lane was asked last, and when the wait under way began. */
  readonly eventsAtAsk: number
  readonly eventsAtWait: number
  readonly eventsAtPause: number
  /** When it went live, when the last sync ended, and how long that one took. */
  readonly liveAtMs: number
  readonly endedAtMs: number
  readonly tookMs: number
}

/** A sync under way. */
export interface LinkSync extends Sync {
  readonly askedAtMs: number
}

/** What a reducer may not find out by itself. */
export interface Moment {
  readonly nowMs: number
  /** How many events of the lane have come so far. */
  readonly events: number
  /** The number of the own write that was sent last. */
  readonly seq: number
  /** Of `unlinked`: the host's reason, such as laneNotFound; undefined where it gave none. */
  readonly tag?: string | undefined
  readonly options: LinkTimes
}

/** Times that links go by, in milliseconds. */
export interface LinkTimes {
  /** How long a @link or @sync may go without any frame of its lane; doubled after each silence, up to 32-fold. */
  readonly requestTimeoutMs: number
  /** How long a link must last for its loss to count as the first in a row. */
  readonly settledAfterMs: number
  /** How long a lane may go without an event before it is linked anew; 0: for ever. */
  readonly relinkAfterMs: number
}

export type LinkEvent =
  | 'connected'
  | 'disconnected'
  | 'linked'
  | 'synced'
  | 'unlinked'
  /** The wait for an answer, for the moment to ask again, or for an event, is over. */
  | 'expired'
  /** The pause before another sync is over. */
  | 'paused'
  /** The host has answered whether it lives. */
  | 'probed'
  /** A frame of the lane could not be taken in. */
  | 'spoilt'
  | Want
  /** Somebody wants the lane's state, and not its events alone. */
  | 'syncs'
  | 'close'
  | 'reopen'

/** Whom the link's downlinks hear of what it does from; see link-port.ts. */
export type LinkEffect =
  /** Send a frame; `sync` also begins to mark what the host still has. */
  | 'send-link'
  | 'send-sync'
  | 'send-unlink'
  /** Ask the host whether it lives, by what it answers whatever became of the lane. */
  | 'probe'
  /** The socket is deaf to this link: a new one may not be. */
  | 'drop-socket'
  /** Tell the downlinks. */
  | 'tell-asking'
  | 'tell-linked'
  | 'tell-stale'
  | 'tell-synced'
  | 'tell-unlinked'
  /** The same reason again: their status is that of a refused link, and nothing is reported. */
  | 'tell-refused'
  | 'tell-unlinking'
  | 'tell-disconnected'
  | 'tell-expired'
  /** End the sync that was answered: what the host no longer has goes, and the writes before it are settled. */
  | 'end-sync'
  /** The host's state begins here, for all syncs under way: what it named before was of a link that is gone. */
  | 'restart-syncs'
  /** What the syncs under way have not named is not gone for that. */
  | 'spoil-syncs'
  /** Send what waited, or give it up. */
  | 'flush'
  | 'reject-writes'
  /** Wait for `expired`: so long, by the backoff after a refusal, or no longer. A wait replaces the one before. */
  | { readonly wait: number | 'retry' | 'none' }
  /** Wait for `paused`, beside that. */
  | { readonly pause: number }

export const initialLink = (sync: boolean): LinkState => ({
  phase: 'offline',
  sync,
  unlinks: 0,
  syncs: [],
  want: undefined,
  wantedAtMs: 0,
  isSpoilt: false,
  spoils: 0,
  refusals: 0,
  silences: 0,
  deafs: 0,
  reason: '',
  probe: 'none',
  eventsAtAsk: 0,
  eventsAtWait: 0,
  eventsAtPause: 0,
  liveAtMs: 0,
  endedAtMs: -Infinity,
  tookMs: 0,
})

export type Step = readonly [LinkState, readonly LinkEffect[]]

/** The state after an event, and what is to be done, in order. */
export type Handler = (state: LinkState, moment: Moment) => Step

export const same: Handler = state => [state, []]
