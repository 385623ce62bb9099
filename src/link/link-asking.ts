// Floor 4. How a link requests its lane: the first time, again, and after a pause. Steps of the reducer in link-table.ts.
import { same, type Handler, type LinkEffect, type LinkState, type Moment, type Step, type Want } from './link-state.js'

/** The pause between a @synced and the next sync: a Java host may lose the end of a sync that is requested at once. */
export const restMs = 100
/** A lull is a time without events: how long it must last, and how long a sync waits for one at most. */
export const lullMs = 250
export const longestMs = 5000
/** If the last sync was quick: how long a later sync may take to begin, or to send more. */
const soonMs = 700
/** If a lane has not answered: how long its host may take to answer a probe. */
export const mutedMs = 1200
/** How long a lane may still take to answer, after its host has answered the probe that was sent later. */
export const graceMs = 300

export const wait = (state: LinkState, { events }: Moment, waitMs: number, ...effects: LinkEffect[]): Step => [
  { ...state, eventsAtWait: events },
  [...effects, { wait: waitMs }],
]

export const noWait = { wait: 'none' } as const

/** While all is well, a link waits only for events, and only with the option `relinkAfterMs`. */
export const rest = ({ options }: Moment): LinkEffect =>
  options.relinkAfterMs > 0 ? { wait: options.relinkAfterMs } : noWait

const asked = (state: LinkState, { nowMs, seq, events }: Moment): LinkState => ({
  ...state,
  syncs: state.sync ? [...state.syncs, { fence: seq, askedAtMs: nowMs }] : state.syncs,
  want: undefined,
  probe: 'none',
  eventsAtAsk: events,
})

/** How long the answer to a request for a link may take: twice as long after each silence. */
export const answerMs = ({ silences }: LinkState, { options }: Moment): number =>
  options.requestTimeoutMs * 2 ** Math.min(silences, 5)

/** Requests the link. */
export function ask(state: LinkState, moment: Moment, ...before: LinkEffect[]): Step {
  const next: LinkState = { ...asked(state, moment), phase: 'asked' }
  const request = state.sync ? 'send-sync' : 'send-link'
  return wait(next, moment, answerMs(state, moment), ...before, 'tell-asking', request)
}

/** Requests the first state of a lane whose link was requested without its state. */
export const askState = (state: LinkState, moment: Moment, ...before: LinkEffect[]): Step =>
  wait({ ...asked(state, moment), phase: 'syncing' }, moment, moment.options.requestTimeoutMs, ...before, 'send-sync')

/** Gives the link up, and requests it again: the @unlink separates late answers from answers to the new request. */
export const relink = (state: LinkState, moment: Moment, ...before: LinkEffect[]): Step =>
  ask({ ...state, unlinks: state.unlinks + 1 }, moment, ...before, 'tell-unlinking', 'send-unlink')

/** How long the answer to another sync may take. */
export const resyncMs = ({ tookMs }: LinkState, { options }: Moment) =>
  Math.min(options.requestTimeoutMs, Math.max(soonMs, 2 * tookMs))

/** Requests the state of a lane that is linked. */
export const resync = (state: LinkState, moment: Moment, ...before: LinkEffect[]): Step =>
  wait(asked(state, moment), moment, resyncMs(state, moment), ...before, 'send-sync')

/**
 * If a sync is wanted and none is under way, sends it, now or after a pause.
 * @param againMs the pause between the end of the last sync and a resync; 0 where an event caused the resync
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

/** A linked and synced lane is to sync again. */
export const want =
  (kind: Want): Handler =>
  (state, moment) => {
    if (!state.sync) return same(state, moment)
    const news: LinkEffect[] = kind === 'resync' && state.phase === 'live' ? ['tell-stale'] : []
    const phase = kind === 'resync' ? 'stale' : state.phase
    if (state.want !== undefined && urgency[state.want] >= urgency[kind]) return [{ ...state, phase }, news]
    return schedule({ ...state, phase, want: kind, wantedAtMs: moment.nowMs }, moment, 0, ...news)
  }

/** As `want`, while the first state is on its way. (For a fence, that state is early enough: no write was sent before it.) */
export const wantAfter =
  (kind: Want): Handler =>
  (state, { nowMs }) =>
    !state.sync || (state.want !== undefined && urgency[state.want] >= urgency[kind])
      ? [state, []]
      : [{ ...state, want: kind, wantedAtMs: nowMs }, []]
