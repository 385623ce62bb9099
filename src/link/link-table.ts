// Floor 4. What each event makes of a link: a pure reducer over a table that the compiler completes. docs/PROTOCOL.md#links draws it.
import {
  answerMs,
  ask,
  askState,
  graceMs,
  longestMs,
  lullMs,
  mutedMs,
  noWait,
  relink,
  rest,
  resync,
  resyncMs,
  restMs,
  schedule,
  wait,
  want,
  wantAfter,
} from './link-asking.js'
import {
  initialLink,
  noSyncs,
  same,
  type Handler,
  type LinkEffect,
  type LinkEvent,
  type LinkPhase,
  type LinkState,
  type Moment,
  type Step,
} from './link-state.js'

const linked: Handler = (state, moment) => {
  if (state.sync) {
    if (state.syncs.length === 0) return askState(state, moment, 'tell-linked')
    return wait({ ...state, phase: 'syncing' }, moment, answerMs(state, moment), 'restart-syncs', 'tell-linked')
  }
  const live: LinkState = { ...state, phase: 'live', silences: 0, reason: '', liveAtMs: moment.nowMs }
  return [live, ['tell-linked', rest(moment), 'flush']]
}

const synced: Handler = (state, moment) => {
  const [ended, ...later] = state.syncs
  if (ended === undefined) return same(state, moment)
  const syncs = later.length > 0 ? later : noSyncs
  const { phase, isSpoilt } = state
  const { nowMs, events } = moment
  // A lane whose state can't be read is requested again, with growing waits: one entry may be unreadable for good.
  const want = isSpoilt ? 'resync' : state.want
  const spoils = isSpoilt ? state.spoils + 1 : 0
  const isStale = want === 'resync'
  const next: LinkState = {
    ...state,
    phase: isStale ? 'stale' : 'live',
    syncs,
    want,
    isSpoilt: false,
    spoils,
    // Answers come in order: once the last sync is answered, no earlier @unlink will be.
    unlinks: syncs.length === 0 ? 0 : state.unlinks,
    silences: 0,
    reason: '',
    eventsAtWait: events,
    liveAtMs: phase === 'live' || phase === 'stale' ? state.liveAtMs : nowMs,
    endedAtMs: nowMs,
    tookMs: nowMs - ended.askedAtMs,
  }
  const effects: LinkEffect[] = phase === 'asked' ? ['tell-linked', 'end-sync'] : ['end-sync']
  // Reported even if another sync is due: a lane with endless drops would otherwise never be reported as synced.
  if (phase !== 'live') effects.push('tell-synced')
  if (isStale) effects.push('tell-stale')
  effects.push(syncs.length === 0 ? rest(moment) : { wait: resyncMs(next, moment) }, 'flush')
  return schedule(next, moment, Math.max(restMs, next.tookMs, spoilMs(spoils)), ...effects)
}

/** The answer to an own @unlink: earlier requests have been answered, or never will be. Each @unlink is followed by one @sync. */
function unlinkedByUs(state: LinkState): Step {
  const unlinks = Math.max(0, state.unlinks - 1)
  return [{ ...state, unlinks, syncs: state.syncs.slice(-(unlinks + 1)) }, []]
}

const unlinked: Handler = (state, moment) => {
  const { tag, nowMs, options } = moment
  if (tag === undefined && state.unlinks > 0) return unlinkedByUs(state)
  const reason = tag ?? 'unlinked'
  // If a link has lasted, its end counts as the first in a row.
  const isLive = state.phase === 'live' || state.phase === 'stale'
  const refusals = isLive && nowMs - state.liveAtMs >= options.settledAfterMs ? 1 : state.refusals + 1
  // The same reason is reported once: a lane may be missing at every attempt.
  const news: LinkEffect = state.reason === reason ? 'tell-refused' : 'tell-unlinked'
  // A host that names a reason has no such lane: it will not accept the writes that wait.
  const rejects: LinkEffect[] = tag === undefined ? [] : ['reject-writes']
  // Without a reason, an agent has stopped: a @sync under way may link again, and be answered.
  const syncs = tag === undefined ? state.syncs : []
  return [
    { ...initialLink(state.sync), phase: 'refused', refusals, reason, syncs },
    [news, ...rejects, { wait: 'retry' }],
  ]
}

const retry: Handler = (state, moment) => {
  // A Java host keeps a dead, mute link to a lane it could not find, until an @unlink, which the host does not answer.
  if (state.reason !== 'unlinked') return ask(state, moment, 'send-unlink')
  if (state.syncs.length === 0) return ask(state, moment)
  // Which syncs will be answered is unknown. After a @link, an @unlink is answered for certain, and separates these syncs from the next.
  return ask({ ...state, unlinks: state.unlinks + 1 }, moment, 'send-link', 'send-unlink')
}

/** Ends the link's socket, and thereby every wait. */
const drop = (state: LinkState, ...before: LinkEffect[]): Step => [state, [...before, 'drop-socket']]

/** A request got no answer. The second in a row ends the socket: a Java host whose agent has stopped may be mute on it alone. */
function silent(state: LinkState, moment: Moment): Step {
  const silences = state.silences + 1
  const next = { ...state, silences }
  if (silences === 2) return drop(next, 'tell-expired')
  return relink(next, moment, 'tell-expired')
}

/** The answer to the first request for a link is late. */
const askedTooLong: Handler = (state, moment) => {
  if (moment.events > state.eventsAtWait) return wait(state, moment, answerMs(state, moment))
  if (state.probe === 'answered') return drop(state)
  return silent(state, moment)
}

/** A linked lane has not answered a later sync, or has sent no event for `relinkAfterMs`. */
const heldTooLong: Handler = (state, moment) => {
  const { events, nowMs, options } = moment
  const [oldest] = state.syncs
  const isHeard = events > state.eventsAtWait
  if (oldest === undefined) return isHeard ? wait(state, moment, options.relinkAfterMs) : relink(state, moment)
  const isOverdue = nowMs - oldest.askedAtMs > options.requestTimeoutMs + 4 * state.tookMs
  if (isHeard && !isOverdue) return wait(state, moment, resyncMs(state, moment))
  // The state came, and its @synced did not: SwimOS Java sometimes loses the @synced.
  if (events > state.eventsAtAsk) return relink(state, moment)
  if (state.probe === 'none')
    return wait(
      { ...state, probe: 'sent' },
      moment,
      Math.min(options.requestTimeoutMs, mutedMs * 2 ** state.deafs),
      'probe',
    )
  // After a command to an agent that has stopped, a Java host reads nothing more from the socket, and still sends.
  if (state.probe === 'sent') return drop({ ...state, deafs: state.deafs + 1 })
  // The lane is mute, and its host is not: an agent has stopped, or a @synced was lost.
  const [next, effects] = relink(state, moment)
  return [{ ...next, probe: 'sent' }, [...effects, 'probe']]
}

const probed: Handler = (state, moment) =>
  state.probe === 'sent' && moment.events === state.eventsAtAsk
    ? wait({ ...state, probe: 'answered', deafs: 0 }, moment, graceMs)
    : same(state, moment)

/** The pause before the next sync, by how many syncs in a row could not be read. */
const spoilMs = (spoils: number): number => (spoils === 0 ? 0 : 500 * 2 ** Math.min(spoils, 7))

/** A frame of the lane was lost: the replica is wrong, and the syncs under way can't correct it. */
const spoilt: Handler = (state, moment) => {
  if (state.syncs.length > 0) return [{ ...state, isSpoilt: true }, ['spoil-syncs']]
  return table.resync[state.phase](state, moment)
}

const syncs: Handler = (state, moment) => {
  if (state.sync) return same(state, moment)
  const next = { ...state, sync: true }
  return table.resync[state.phase](next, moment)
}

const paused: Handler = (state, moment) => {
  const { want, wantedAtMs, eventsAtPause } = state
  const isLull = moment.events === eventsAtPause || moment.nowMs - wantedAtMs >= longestMs
  if (want === undefined || state.syncs.length > 0) return same(state, moment)
  if (want === 'doubt' && !isLull) return [{ ...state, eventsAtPause: moment.events }, [{ pause: lullMs }]]
  return resync(state, moment)
}

const lost: Handler = ({ sync, refusals, silences, deafs, reason }) => [
  { ...initialLink(sync), refusals, silences, deafs, reason },
  [noWait, 'tell-disconnected'],
]

const closeBare: Handler = ({ sync }) => [{ ...initialLink(sync), phase: 'closed' }, [noWait]]

/** As in `retry`: an @unlink clears a refused link from the host, so that a later link to the lane is answered. */
const closeRefused: Handler = ({ sync }) => [{ ...initialLink(sync), phase: 'closed' }, [noWait, 'send-unlink']]

const closeHeld: Handler = ({ sync, unlinks }, { options }) => [
  { ...initialLink(sync), phase: 'closed', unlinks: unlinks + 1 },
  ['send-unlink', { wait: options.requestTimeoutMs }],
]

/** The @unlink was not answered, and will not be. */
const unanswered: Handler = state => [{ ...state, unlinks: 0 }, []]

const reopen: Handler = state => [{ ...state, phase: 'offline' }, []]

/** A cell for each phase. */
const row = (
  offline: Handler,
  asked: Handler,
  syncing: Handler,
  live: Handler,
  stale: Handler,
  refused: Handler,
  closed: Handler,
): Readonly<Record<LinkPhase, Handler>> => ({ offline, asked, syncing, live, stale, refused, closed })

// prettier-ignore
const table: Readonly<Record<LinkEvent, Readonly<Record<LinkPhase, Handler>>>> = {
  //                offline       asked               syncing             live            stale           refused        closed
  connected:    row(ask,          same,               same,               same,           same,           same,          same),
  disconnected: row(same,         lost,               lost,               lost,           lost,           lost,          closeBare),
  linked:       row(same,         linked,             same,               same,           same,           linked,        same),
  synced:       row(same,         synced,             synced,             synced,         synced,         same,          same),
  unlinked:     row(same,         unlinked,           unlinked,           unlinked,       unlinked,       same,          unlinkedByUs),
  expired:      row(same,         askedTooLong,       askedTooLong,       heldTooLong,    heldTooLong,    retry,         unanswered),
  paused:       row(same,         same,               same,               paused,         paused,         same,          same),
  probed:       row(same,         probed,             probed,             probed,         probed,         same,          same),
  spoilt:       row(same,         spoilt,             spoilt,             spoilt,         spoilt,         same,          same),
  doubt:        row(same,         wantAfter('doubt'), wantAfter('doubt'), want('doubt'),  want('doubt'),  same,          same),
  fence:        row(same,         same,               same,               want('fence'),  want('fence'),  same,          same),
  resync:       row(same,         wantAfter('resync'), wantAfter('resync'), want('resync'), want('resync'), same,        same),
  syncs:        row(syncs,        syncs,              syncs,              syncs,          syncs,          syncs,         syncs),
  close:        row(closeBare,    closeHeld,          closeHeld,          closeHeld,      closeHeld,      closeRefused,  same),
  reopen:       row(same,         same,               same,               same,           same,           same,          reopen),
}

/** The state after `event`, and the effects, in order. */
export const reduceLink = (state: LinkState, event: LinkEvent, moment: Moment): Step =>
  table[event][state.phase](state, moment)
