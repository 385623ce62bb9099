// Floor 4. How a link asks for its lane: at first, again, and once more after a pause. Steps of the reducer in link-table.ts.
import { same, type Handler, type LinkEffect, type LinkState, type Moment, type Step, type Want } from './link-state.js'

/** How long a lane is left alone after a @synced: a Java host may swallow the end of a sync that is asked for at that instant. */
export const restMs = 100
/** How long no event may come for a lull, and how long one is waited for at most. */
export const lullMs = 250
export const longestMs = 5000
/** How long a sync after the first may take to begin, or to send more, where the last one was quick. */
const soonMs = 700
/** How long a host may take to answer whether it lives, after a lane that was to answer has not. */
export const mutedMs = 1200
/** How long a lane may take to answer once its host has answered a later question. */
export const graceMs = 300

export const wait = (state: LinkState, { events }: Moment, waitMs: number, ...effects: LinkEffect[]): Step => [
  { ...state, eventsAtWait: events },
  [...effects, { wait: waitMs }],
]

export const noWait = { wait: 'none' } as const

/** What is waited for while all is well: an event, where the options want one now and then. */
export const rest = ({ options }: Moment): LinkEffect =>
  options.relinkAfterMs > 0 ? { wait: options.relinkAfterMs } : noWait

const asked = (state: LinkState, { nowMs, seq, events }: Moment): LinkState => ({
  ...state,
  syncs: state.sync ? [...state.syncs, { fence: seq, askedAtMs: nowMs }] : state.syncs,
  want: undefined,
  probe: 'none',
  eventsAtAsk: events,
})

/** Asks for the link. */
export function ask(state: LinkState, moment: Moment, ...before: LinkEffect[]): Step {
  const { requestTimeoutMs } = moment.options
  return wait(
    { ...asked(state, moment), phase: 'asked' },
    moment,
    requestTimeoutMs * 2 ** Math.min(state.silences, 5),
    ...before,
    'tell-asking',
    state.sync ? 'send-sync' : 'send-link',
  )
}

/** Asks for the first state of a lane that is linked already, as its link was asked for without. */
export const askState = (state: LinkState, moment: Moment, ...before: LinkEffect[]): Step =>
  wait({ ...asked(state, moment), phase: 'syncing' }, moment, moment.options.requestTimeoutMs, ...before, 'send-sync')

/** Gives the link up, and asks for it again: an @unlink parts what the host answers late from what it answers to the next. */
export const relink = (state: LinkState, moment: Moment, ...before: LinkEffect[]): Step =>
  ask({ ...state, unlinks: state.unlinks + 1 }, moment, ...before, 'tell-unlinking', 'send-unlink')

/** How long the answer to another sync may take. */
export const resyncMs = ({ tookMs }: LinkState, { options }: Moment) =>
  Math.min(options.requestTimeoutMs, Math.max(soonMs, 2 * tookMs))

/** Asks for the state of a lane that is linked. */
export const resync = (state: LinkState, moment: Moment, ...before: LinkEffect[]): Step =>
  wait(asked(state, moment), moment, resyncMs(state, moment), ...before, 'send-sync')

/**
 * Sends the sync that is wanted, where none is under way, now or after a pause.
 * @param againMs how long after the last one ended a resync is left alone: where it is one more, and not the answer to an event
 */
export function schedule(state: LinkState, moment: Moment, againMs: number, ...before: LinkEffect[]): Step {
  const { want, syncs, endedAtMs, tookMs } = state
  if (want === undefined || syncs.length > 0) return [state, before]
  const afterEndMs = { doubt: Math.max(restMs, 9 * tookMs), fence: restMs, resync: againMs }[want]
  const pauseMs = Math.max(want === 'doubt' ? lullMs : 0, endedAtMs + afterEndMs - moment.nowMs)
  if (pauseMs === 0) return resync(state, moment, ...before)
  return [{ ...state, eventsAtPause: moment.events }, [...before, { pause: pauseMs }]]
}

const urgency = { doubt: 1, fence: 2, resync: 3 }

/** Another sync is wanted of a lane that is linked and synced. */
export const want =
  (kind: Want): Handler =>
  (state, moment) => {
    if (!state.sync) return same(state, moment)
    const news: LinkEffect[] = kind === 'resync' && state.phase === 'live' ? ['tell-stale'] : []
    const phase = kind === 'resync' ? 'stale' : state.phase
    if (state.want !== undefined && urgency[state.want] >= urgency[kind]) return [{ ...state, phase }, news]
    return schedule({ ...state, phase, want: kind, wantedAtMs: moment.nowMs }, moment, 0, ...news)
  }

/** The same of one whose first state is on its way. (As a fence that one comes early enough: nothing was sent before it.) */
export const wantAfter =
  (kind: Want): Handler =>
  (state, { nowMs }) =>
    !state.sync || (state.want !== undefined && urgency[state.want] >= urgency[kind])
      ? [state, []]
      : [{ ...state, want: kind, wantedAtMs: nowMs }, []]
