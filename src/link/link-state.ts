// Floor 4. The state of a link, and its events. The transition for each event is in link-table.ts; frames, timers and
// callbacks are effects, carried out by link.ts.
import type { Sync } from '../store/replica.js'

/**
 * `offline`: no socket. `asked`: @link or @sync is sent, no answer yet. `syncing`: linked, the lane's state is arriving.
 * `live`: linked, and synced if the link syncs. `stale`: linked; the replica is known to be wrong until the next @synced.
 * `refused`: the host ended the link, which is requested again after a wait. `closed`: no downlink wants the link.
 */
export type LinkPhase = 'offline' | 'asked' | 'syncing' | 'live' | 'stale' | 'refused' | 'closed'

/**
 * Why another sync is wanted, least urgent first. `doubt`: a remove may be older than the value it removed, or an event may be
 * the answer to an own write. Such a sync waits for a lull, and takes at most a tenth of the link's time.
 * `fence`: to decide own writes. `resync`: the replica is known to be wrong.
 */
export type Want = 'doubt' | 'fence' | 'resync'

/** The state of a link on its socket. */
export interface LinkState {
  readonly phase: LinkPhase
  /** Whether the link requests the lane's state, by @sync; otherwise only its events, by @link. */
  readonly sync: boolean
  /** Own @unlinks that the host may still answer: an @unlinked that answers one is not reported. */
  readonly unlinks: number
  /** The syncs under way, in the order they were requested. */
  readonly syncs: readonly LinkSync[]
  /** Why another sync is wanted. It starts once those under way are answered and a pause is over. */
  readonly want: Want | undefined
  /** Since when another sync is wanted. */
  readonly wantedAtMs: number
  /** Whether a frame of the syncs under way was lost: these syncs can't show which entries are gone. */
  readonly isSpoilt: boolean
  /** Syncs in a row that lost a frame. */
  readonly spoils: number
  /** Refusals in a row: a link that lasted `settledAfterMs` starts the count again. */
  readonly refusals: number
  /** Requests in a row that got no answer in time. */
  readonly silences: number
  /** Sockets in a row that were given up because the host did not answer. Each makes the next wait twice as long, for slow hosts. */
  readonly deafs: number
  /** Why the host last ended the link; empty once the link is live again. */
  readonly reason: string
  /** While the lane does not answer: whether the host was sent a probe, and has answered it. */
  readonly probe: 'none' | 'sent' | 'answered'
  /** The number of events at the last request, at the start of the present wait, and at the start of the present pause. */
  readonly eventsAtAsk: number
  readonly eventsAtWait: number
  readonly eventsAtPause: number
  /** When the link went live, when its last sync ended, and how long that sync took. */
  readonly liveAtMs: number
  readonly endedAtMs: number
  readonly tookMs: number
}

/** A sync under way. */
export interface LinkSync extends Sync {
  readonly askedAtMs: number
}

/** The facts from outside that the reducer needs. */
export interface Moment {
  readonly nowMs: number
  /** How many events the lane has sent so far. */
  readonly events: number
  /** The number of the own write that was sent last. */
  readonly seq: number
  /** With `unlinked`: the host's reason, such as laneNotFound; undefined where the host gave none. */
  readonly tag?: string | undefined
  readonly options: LinkTimes
}

/** Time limits of a link, in milliseconds. */
export interface LinkTimes {
  /** How long the lane may send no frame after a @link or @sync; doubled after each silence, up to 32-fold. */
  readonly requestTimeoutMs: number
  /** A link that lasted this long makes its loss the first in a row. */
  readonly settledAfterMs: number
  /** How long a lane may send no event before it is linked again; 0: for ever. */
  readonly relinkAfterMs: number
}

export type LinkEvent =
  | 'connected'
  | 'disconnected'
  | 'linked'
  | 'synced'
  | 'unlinked'
  /** A wait is over: for an answer, before the next request, or for an event. */
  | 'expired'
  /** The pause before another sync is over. */
  | 'paused'
  /** The host has answered the probe. */
  | 'probed'
  /** A frame of the lane could not be read. */
  | 'spoilt'
  | Want
  /** A downlink wants the lane's state, not only its events. */
  | 'syncs'
  | 'close'
  | 'reopen'

/** What the link is to do. Effects that begin with `tell-` are reports to its downlinks; see LinkNews in link-port.ts. */
export type LinkEffect =
  /** Send a frame. `send-sync` also begins to mark the entries that the host still has. */
  | 'send-link'
  | 'send-sync'
  | 'send-unlink'
  /** Ask the host for a sign of life that depends on no lane. */
  | 'probe'
  /** The host does not answer this link on this socket, but may do so on a new one. */
  | 'drop-socket'
  /** Notify the downlinks. */
  | 'tell-asking'
  | 'tell-linked'
  | 'tell-stale'
  | 'tell-synced'
  | 'tell-unlinked'
  /** The host refused for the same reason again: the downlinks get the status of a refused link, and nothing is reported. */
  | 'tell-refused'
  | 'tell-unlinking'
  | 'tell-disconnected'
  | 'tell-expired'
  /** End the answered sync: entries that the host no longer has are removed, and writes sent before the sync are settled. */
  | 'end-sync'
  /** For all syncs under way, the host's state begins here: entries received so far belonged to a link that is gone. */
  | 'restart-syncs'
  /** The syncs under way can't show that an entry is gone. */
  | 'spoil-syncs'
  /** Send the writes that wait, or give them up. */
  | 'flush'
  | 'reject-writes'
  /** Wait for `expired`: this many milliseconds, by the backoff after a refusal, or not at all. Replaces the wait before. */
  | { readonly wait: number | 'retry' | 'none' }
  /** Wait for `paused`, independent of the other wait. */
  | { readonly pause: number }

/** Shared by all links: an array for each takes 32 bytes. */
export const noSyncs: readonly LinkSync[] = []

export const initialLink = (sync: boolean): LinkState => ({
  phase: 'offline',
  sync,
  unlinks: 0,
  syncs: noSyncs,
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

/** The state after an event, and the effects, in order. */
export type Handler = (state: LinkState, moment: Moment) => Step

export const same: Handler = state => [state, []]
