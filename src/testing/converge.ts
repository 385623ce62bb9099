// Floor 8. Compares what clients show with what lanes hold, and describes the differences.
import type { AnyDownlink } from '../client/client-events.js'
import type { Peek } from '../host/lanes/lane.js'
import { writeBody } from '../host/lanes/write-body.js'
import type { Plane } from '../host/nodes/plane.js'
import { coreOf } from '../inspect/inside.js'
import type { LinkSink } from '../link/link-port.js'
import type { Link } from '../link/link.js'
import { compare, equals, identity, parse, stringify, type Value } from '../recon/index.js'
import type { Entries as ShownEntries } from '../store/showing.js'
import type { Write } from '../write/write.js'
import type { Party } from './party.js'

/** How many differences of a lane are named. */
const mostNamed = 5

/** The kind of lane that a downlink is for. An event downlink is for any kind; if there is no lane yet, for a command lane. */
export const kindOf = (downlink: AnyDownlink): 'map' | 'list' | 'value' | 'command' =>
  'keySnapshot' in downlink ? 'map' : 'keyAt' in downlink ? 'list' : 'get' in downlink ? 'value' : 'command'

/** A value as a short text. Recon has no list item without a value, so an empty record stands for it. */
const spell = (value: Value): string => {
  const text = stringify(Array.isArray(value) ? (value as readonly Value[]).map(item => item ?? {}) : value)
  return text.length > 60 ? text.slice(0, 59) + '…' : text === '' ? 'nothing' : text
}

/** A value after a way over the wire, as a text. */
const wireOf = (value: Value): string => writeBody(parse(writeBody(value)))

/** Whether a shown value equals a held one. The wire has no empty records, so values may differ in these. */
const isSame = (shown: Value, held: Value): boolean => equals(shown, held) || wireOf(shown) === wireOf(held)

type Entries = Iterable<readonly [key: Value, value: Value]>

/** The differences of two maps, in words. */
function differences(mine: Entries, theirs: Entries): string[] {
  const shown = new Map([...mine].map(entry => [identity(entry[0]), entry]))
  const held = new Map([...theirs].map(entry => [identity(entry[0]), entry]))
  const all = new Map([...held, ...shown])
  const found: string[] = []
  for (const [id, [key]] of [...all].sort(([, a], [, b]) => compare(a[0], b[0]))) {
    const [a, b] = [shown.get(id), held.get(id)]
    if (a === undefined) found.push(`${spell(key)} is missing (the lane has ${spell(b![1])})`)
    else if (b === undefined) found.push(`${spell(key)} is ${spell(a[1])} (the lane has no such entry)`)
    else if (!isSame(a[1], b[1])) found.push(`${spell(key)} is ${spell(a[1])} (the lane has ${spell(b[1])})`)
  }
  return found
}

interface HeldList {
  items(): readonly { readonly value: Value }[]
}

/** The parts of the models of all kinds of downlinks that are compared. */
interface Shown {
  readonly shown?: ShownEntries<Value, Value> | HeldList
}

/** The differences between a model and its lane, in words. */
function astray(sink: LinkSink & Shown, peek: Peek): string[] {
  const [kind, emptyValues] = sink.kind.split(' ')
  const { shown } = sink
  if (shown === undefined) return []
  if ('entries' in peek) {
    if (kind !== 'map') return []
    const map = shown as ShownEntries<Value, Value>
    const mine = [...map.idsAsLaid()].map(id => [map.keyOf(id), map.get(id)] as const)
    // A map that keeps no empty values does not show entries without a value.
    const theirs = [...peek.entries].filter(([, value]) => emptyValues === 'keep' || writeBody(value) !== '')
    return named(differences(mine, theirs))
  }
  if (kind === 'value') {
    const value = (shown as ShownEntries<undefined, Value>).get(undefined)
    return isSame(value, peek.value) ? [] : [`is ${spell(value)} (the lane has ${spell(peek.value)})`]
  }
  if (kind !== 'list' || !Array.isArray(peek.value)) return []
  const [mine, theirs] = [(shown as HeldList).items().map(({ value }) => value), peek.value as readonly Value[]]
  const isAlike = mine.length === theirs.length && mine.every((item, i) => isSame(item, theirs[i]))
  return isAlike ? [] : [`is ${spell(mine as Value)} (the lane has ${spell(peek.value)})`]
}

const spellWrite = ({ kind, cover, state }: Write): string =>
  `${kind}${cover === undefined || cover.key === undefined ? '' : ' ' + spell(cover.key as Value)} (${state})`

/** Why a downlink has not converged, in words. @param links the links to its lane */
function divergence(downlink: AnyDownlink, links: readonly Link[], peek: Peek | undefined): string[] {
  const { status } = downlink
  const kind = kindOf(downlink)
  if (status.state === 'unlinked' && kind !== 'command') return [`is unlinked (${status.reason})`]
  // The downlink does not sync, so it never gets events that it missed.
  if (peek === undefined || status.state === 'linked') return []
  if (!downlink.synced || status.state === 'stale') return [`is ${status.state}`]
  const writes = links.flatMap(link => link.sender?.all() ?? [])
  if (writes.length > 0) {
    const what = writes.length === 1 ? '1 write' : `${writes.length} writes`
    return [`has ${what} that did not end: ${named(writes.map(spellWrite)).join(', ')}`]
  }
  const sinks = links.filter(({ state }) => state.sync).flatMap(link => link.sinks.all)
  // Two maps on one link may differ in what they keep. Equal differences are named once.
  return [...new Set(sinks.filter(sink => sink.kind.startsWith(kind)).flatMap(sink => astray(sink, peek)))]
}

const named = (found: string[]): string[] =>
  found.length > mostNamed ? [...found.slice(0, mostNamed), `${found.length - mostNamed} more`] : found

/** The links of a client to a lane: under each name of the host, and with each query of the node. */
const linksOf = ({ client }: Party, { nodeUri, laneUri }: AnyDownlink): Link[] =>
  [...coreOf(client).connections.values()]
    .flatMap(({ router }) => router.links())
    .filter(({ at, isWanted }) => isWanted && at.nodeUri === nodeUri && at.laneUri === laneUri)

/** The differences between downlinks and their lanes, in words. */
export const divergences = (parties: readonly Party[], plane: Plane): string[] =>
  parties.flatMap(party =>
    [...party.downlinks].flatMap(downlink => {
      const { nodeUri, laneUri } = downlink
      const links = linksOf(party, downlink)
      const [link] = links
      const found = link === undefined ? [] : divergence(downlink, links, peekOf(plane, link))
      return found.length === 0 ? [] : [`client ${party.index}, ${nodeUri} ${laneUri}: ${found.join('; ')}`]
    }),
  )

function peekOf(plane: Plane, { address: { node, lane } }: Link): Peek | undefined {
  try {
    const peek = plane.ref(pathOf(node)).door(lane)?.peek()
    return peek !== undefined && 'entries' in peek ? { ...peek, entries: [...peek.entries] } : peek
  } catch {
    // There is no such node, and so no state to compare with.
    return undefined
  }
}

/** The path of a node URI, without query and fragment. */
export const pathOf = (nodeUri: string): string => /^[^?#]*/.exec(nodeUri)![0]
