// Floor 7. `client.inspect()`: the state of a client, as plain data. The client keeps all of it anyway; nothing is counted for this.
import { dateOf } from '../base/clock.js'
import type { Inspection, InspectedCounters, InspectedHost, InspectedLink } from '../client/inspection.js'
import type { ClientCore } from '../client/client-core.js'
import type { Connection } from '../connection/connection.js'
import { statusOf } from '../downlink/status.js'
import type { LinkSink } from '../link/link-port.js'
import type { Link } from '../link/link.js'
import { coreOf } from './inside.js'

/** A moment of the clock as milliseconds since 1970. @param beganMs when the clock was at 0 */
const timeOf = (beganMs: number, ms: number): number => Math.round(beganMs + ms)

const sum = <T>(all: readonly T[], of: (one: T) => number): number => all.reduce((total, one) => total + of(one), 0)

const resyncsOf = ({ syncs }: Link): number => Math.max(0, syncs - 1)

/** The sink that shows what the lane holds: the one of the lane's kind, or the first. */
export function shownBy({ laneKind, sinks }: Link): (LinkSink & Partial<Shown>) | undefined {
  return sinks.all.find(({ kind }) => kind.split(' ')[0] === laneKind) ?? sinks.all[0]
}

/** The parts of the models of all kinds of downlinks that are read here. */
export interface Shown {
  readonly shown: { readonly size: number }
}

function countersOf({ life, opened }: Connection, links: readonly Link[]): InspectedCounters {
  const took = links.filter(({ state }) => state.endedAtMs > -Infinity).map(({ state }) => state.tookMs)
  return {
    frames: { in: life.frames, out: life.sentFrames },
    bytes: { in: life.receivedChars, out: life.sentChars },
    updates: sum(links, link => link.events),
    resyncs: sum(links, resyncsOf),
    reconnects: Math.max(0, opened - 1),
    ...(took.length === 0 ? {} : { roundTripMs: Math.min(...took) }),
  }
}

/** @param written the number of own writes of its links, which wait in the same queue as commands */
function hostOf(
  connection: Connection,
  links: readonly Link[],
  written: number,
  beganMs: number,
  via: InspectedHost['via'],
): InspectedHost {
  const { state, end, auth, life, pending, options, sinceMs, waitMs } = connection
  const { phase, failures } = state
  const isWaiting = phase === 'waiting'
  return {
    hostUri: options.host.uri,
    state: phase,
    since: timeOf(beganMs, sinceMs),
    ...(isWaiting ? { nextAttemptAt: timeOf(beganMs, sinceMs + waitMs) } : {}),
    ...whyOf(phase, end?.cause.message),
    failures,
    authenticated: auth.isAuthenticated,
    warp0: phase === 'open' && life.keepsOrder,
    ...(via === undefined ? {} : { via }),
    queued: pending.length - written,
    links: links.length,
    counters: countersOf(connection, links),
  }
}

function whyOf(phase: InspectedHost['state'], ended: string | undefined): { readonly why?: string } {
  if (phase === 'denied') return { why: 'the host refused the credentials; call authenticate() with others' }
  if (phase === 'waiting') return { why: ended ?? 'the host did not answer in time' }
  return phase === 'open' || ended === undefined ? {} : { why: ended }
}

function linkOf(link: Link, beganMs: number): InspectedLink {
  const { state, at, laneKind } = link
  const { phase, sync, endedAtMs, tookMs } = state
  const sink = shownBy(link)
  const entries = sink?.shown?.size
  const wasSynced = endedAtMs > -Infinity
  // When a socket is lost, the time of the last sync is lost as well.
  const hadState = (entries ?? 0) > 0 && (phase === 'offline' || link.syncs > 1)
  const status = statusOf(
    phase,
    sync,
    wasSynced || (hadState && link.cached === undefined),
    () => link.refusal,
    link.cached,
  )
  const why = status.state === 'stale' ? status.because : status.state === 'unlinked' ? status.reason : undefined
  const writes = link.sender?.all() ?? []
  return {
    ...at,
    state: status.state,
    ...(why === undefined ? {} : { why }),
    ...(wasSynced ? { syncedAt: timeOf(beganMs, endedAtMs), syncMs: tookMs } : {}),
    ...(laneKind === undefined ? {} : { kind: laneKind }),
    ...(entries === undefined ? {} : { entries }),
    pending: writes.length,
    queued: writes.filter(write => write.state === 'waiting').length,
    updates: link.events,
    resyncs: resyncsOf(link),
  }
}

function together(all: readonly InspectedCounters[], errors: number): Inspection['counters'] {
  const took = all.flatMap(({ roundTripMs }) => roundTripMs ?? [])
  const both = (of: (counters: InspectedCounters) => { readonly in: number; readonly out: number }) => ({
    in: sum(all, each => of(each).in),
    out: sum(all, each => of(each).out),
  })
  return {
    frames: both(({ frames }) => frames),
    bytes: both(({ bytes }) => bytes),
    updates: sum(all, ({ updates }) => updates),
    resyncs: sum(all, ({ resyncs }) => resyncs),
    reconnects: sum(all, ({ reconnects }) => reconnects),
    ...(took.length === 0 ? {} : { roundTripMs: Math.min(...took) }),
    errors,
  }
}

/** See SwimClient.inspect. */
export function inspect(client: unknown): Inspection {
  return inspectCore(coreOf(client))
}

export function inspectCore(core: ClientCore): Inspection {
  const { clock, webSocket } = core.options
  const { via } = (webSocket ?? {}) as Pick<InspectedHost, 'via'>
  const beganMs = dateOf(clock, 0).getTime()
  const all = [...core.connections.values()].map(connection => {
    // A closed connection keeps its links as they last were.
    const links = connection.state.phase === 'closed' ? [] : connection.router.links()
    const inspected = links.map(link => linkOf(link, beganMs))
    const written = sum(inspected, ({ pending }) => pending)
    return { host: hostOf(connection, links, written, beganMs, via), links: inspected }
  })
  const hosts = all.map(({ host }) => host)
  const links = all.flatMap(each => each.links)
  const counters = together(
    hosts.map(host => host.counters),
    core.errors,
  )
  return { at: timeOf(beganMs, clock.now()), hosts, links, counters }
}
