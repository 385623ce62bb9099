// Floor 8. Whether what clients show is what lanes hold, and where not.
import type { AnyDownlink } from '../client/client-events.js'
import type { Peek } from '../host/lanes/lane.js'
import { writeBody } from '../host/lanes/write-body.js'
import type { Plane } from '../host/nodes/plane.js'
import { coreOf } from '../inspect/inside.js'
import type { LinkSink } from '../link/link-port.js'
import type { Link } from '../link/link.js'
import { compare, equals, identity, parse, stringify, type Value } from '../recon/index.js'
import type { OrderedMap } from '../store/ordered-map.js'
import type { Write } from '../write/write.js'
import type { Party } from './party.js'

/** How many differences of a lane are named. */
const mostNamed = 5

/** The kind of lane that a downlink is for; one to events is for any, a command lane where there is none yet. */
export const kindOf = (downlink: AnyDownlink): 'map' | 'list' | 'value' | 'command' =>
  'keySnapshot' in downlink ? 'map' : 'keyAt' in downlink ? 'list' : 'get' in downlink ? 'value' : 'command'

/** Of an item that has no value Recon has an empty record in its place. */
const spell = (value: Value): string => {
  const text = stringify(Array.isArray(value) ? (value as readonly Value[]).map(item => item ?? {}) : value)
  return text.length > 60 ? text.slice(0, 59) + '…' : text === '' ? 'nothing' : text
}

/** A value as a client reads it from the wire, spelled. */
const wireOf = (value: Value): string => writeBody(parse(writeBody(value)))

/** Whether what a client shows is what a lane holds, as far as the wire can say: it has no empty records. */
const isSame = (shown: Value, held: Value): boolean => equals(shown, held) || wireOf(shown) === wireOf(held)

type Entries = Iterable<readonly [key: Value, value: Value]>

/** The differences of two maps, in words; none where they are the same. */
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

/** The models of all kinds of downlinks, as far as they are looked at. */
interface Shown {
  /** Of a map or a value. */
  readonly replica?: { readonly shown: OrderedMap<Value, Value> }
  /** Of a list. */
  readonly shown?: { items(): readonly { readonly value: Value }[] }
}

/** Where a model is not what its lane holds, in words. */
function astray(sink: LinkSink & Shown, peek: Peek): string[] {
  const [kind, emptyValues] = sink.kind.split(' ')
  const map = sink.replica?.shown
  if ('entries' in peek) {
    if (kind !== 'map' || map === undefined) return []
    const mine = [...map.idsAsLaid()].map(id => [map.keyOf(id), map.get(id)] as const)
    // To a map that keeps no empty values, an entry without one is none.
    const theirs = [...peek.entries].filter(([, value]) => emptyValues === 'keep' || writeBody(value) !== '')
    return named(differences(mine, theirs))
  }
  if (kind === 'value') {
    const value = map?.get(undefined)
    return isSame(value, peek.value) ? [] : [`is ${spell(value)} (the lane has ${spell(peek.value)})`]
  }
  if (kind !== 'list' || !Array.isArray(peek.value)) return []
  const [mine, theirs] = [sink.shown!.items().map(({ value }) => value), peek.value as readonly Value[]]
  const isAlike = mine.length === theirs.length && mine.every((item, i) => isSame(item, theirs[i]))
  return isAlike ? [] : [`is ${spell(mine as Value)} (the lane has ${spell(peek.value)})`]
}

const spellWrite = ({ kind, cover, state }: Write): string =>
  `${kind}${cover === undefined || cover.key === undefined ? '' : ' ' + spell(cover.key as Value)} (${state})`

/** What a downlink is not yet, or shows that its lane does not hold, in words. @param links those that lead to its lane */
function divergence(downlink: AnyDownlink, links: readonly Link[], peek: Peek | undefined): string[] {
  const { status } = downlink
  const kind = kindOf(downlink)
  if (status.state === 'unlinked' && kind !== 'command') return [`is unlinked (${status.reason})`]
  // It does not sync: what it missed it will not have.
  if (peek === undefined || status.state === 'linked') return []
  if (!downlink.synced || status.state === 'stale') return [`is ${status.state}`]
  const writes = links.flatMap(link => link.writes.all())
  if (writes.length > 0) {
    const what = writes.length === 1 ? '1 write' : `${writes.length} writes`
    return [`has ${what} that did not end: ${named(writes.map(spellWrite)).join(', ')}`]
  }
  const sinks = links.filter(({ state }) => state.sync).flatMap(link => link.sinks.sinks)
  // Two maps on one link may differ in what they keep; their differences are named once.
  return [...new Set(sinks.filter(sink => sink.kind.startsWith(kind)).flatMap(sink => astray(sink, peek)))]
}

const named = (found: string[]): string[] =>
  found.length > mostNamed ? [...found.slice(0, mostNamed), `${found.length - mostNamed} more`] : found

/** The links of a client to a lane: of all names of the host, with all queries of the node. */
const linksOf = ({ client }: Party, { nodeUri, laneUri }: AnyDownlink): Link[] =>
  [...coreOf(client).connections.values()]
    .flatMap(({ router }) => router.links())
    .filter(({ at, isWanted }) => isWanted && at.nodeUri === nodeUri && at.laneUri === laneUri)

/** Where the downlinks of clients are not what their lanes hold, in words. */
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
    // There is no such node, and no state to converge to.
    return undefined
  }
}

/** The path of a node, without the query and fragment that lead to it. */
export const pathOf = (nodeUri: string): string => /^[^?#]*/.exec(nodeUri)![0]
