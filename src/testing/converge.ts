// Floor 8. Whether what clients show is what lanes hold, and where not.
import { canonicalUri, hostUrl } from '../base/address.js'
import type { AnyDownlink } from '../client/client-events.js'
import type { Peek } from '../host/lanes/lane.js'
import type { Plane } from '../host/nodes/plane.js'
import { compare, equals, identity, stringify, type Value } from '../recon/index.js'
import type { Party } from './party.js'

/** How many differences of a lane are named. */
const mostNamed = 5

/** The kind of lane that a downlink is for; one to events is for any, a command lane where there is none yet. */
export const kindOf = (downlink: AnyDownlink): 'map' | 'list' | 'value' | 'command' =>
  'keySnapshot' in downlink ? 'map' : 'keyAt' in downlink ? 'list' : 'get' in downlink ? 'value' : 'command'

const spell = (value: Value): string => {
  const text = stringify(value)
  return text.length > 60 ? text.slice(0, 59) + '…' : text === '' ? 'nothing' : text
}

type Entries = Iterable<readonly [key: Value, value: Value]>

/** The differences of two maps, in words; none where they are the same. */
export function differences(mine: Entries, theirs: Entries): string[] {
  const shown = new Map([...mine].map(entry => [identity(entry[0]), entry]))
  const held = new Map([...theirs].map(entry => [identity(entry[0]), entry]))
  const all = new Map([...held, ...shown])
  const found: string[] = []
  for (const [id, [key]] of [...all].sort(([, a], [, b]) => compare(a[0], b[0]))) {
    const [a, b] = [shown.get(id), held.get(id)]
    if (a === undefined) found.push(`${spell(key)} is missing (the lane has ${spell(b![1])})`)
    else if (b === undefined) found.push(`${spell(key)} is ${spell(a[1])} (the lane has no such entry)`)
    else if (!equals(a[1], b[1])) found.push(`${spell(key)} is ${spell(a[1])} (the lane has ${spell(b[1])})`)
  }
  return found
}

/** What a downlink is not yet, or shows that its lane does not hold, in words. */
function divergence(party: Party, downlink: AnyDownlink, peek: Peek | undefined): string[] {
  if (peek === undefined) return []
  const { status } = downlink
  // It does not sync: what it missed it will not have.
  if (status.state === 'linked') return []
  if (!downlink.synced || status.state === 'stale')
    return [status.state === 'unlinked' ? `is unlinked (${status.reason})` : `is ${status.state}`]
  const pending = (downlink as { readonly pendingCount?: number }).pendingCount ?? 0
  if (pending > 0) return [`has ${pending} ${pending === 1 ? 'write' : 'writes'} that did not end`]
  const { hostUri, nodeUri, laneUri } = downlink
  const at = { hostUri, nodeUri, laneUri }
  // Beside it, without schemas: on the same link, and of what it holds.
  const kind = kindOf(downlink)
  if ('entries' in peek) {
    return kind === 'map'
      ? named(shown(party.client.downlinkMap(at).open(), map => differences(map, peek.entries)))
      : []
  }
  if (kind !== 'list' && kind !== 'value') return []
  const has: Value =
    kind === 'list'
      ? (shown(party.client.downlinkList(at).open(), list => list.snapshot()) as Value)
      : shown(party.client.downlinkValue(at).open(), value => value.get())
  return equals(has, peek.value) ? [] : [`is ${spell(has)} (the lane has ${spell(peek.value)})`]
}

/** What is read of a downlink, which is closed then. */
function shown<D extends { close(): void }, T>(downlink: D, read: (downlink: D) => T): T {
  const has = read(downlink)
  downlink.close()
  return has
}

const named = (found: string[]): string[] =>
  found.length > mostNamed ? [...found.slice(0, mostNamed), `${found.length - mostNamed} more`] : found

/** Where the downlinks of clients are not what their lanes hold, in words. */
export const divergences = (parties: readonly Party[], plane: Plane, uri: string): string[] =>
  parties.flatMap(party =>
    [...party.downlinks].flatMap(downlink => {
      const { hostUri, nodeUri, laneUri } = downlink
      if (hostUrl(hostUri) !== hostUrl(uri)) return []
      const peek = plane.ref(nodeUri).door(canonicalUri(laneUri))?.peek()
      const found = divergence(party, downlink, peek)
      return found.length === 0 ? [] : [`client ${party.index}, ${nodeUri} ${laneUri}: ${found.join('; ')}`]
    }),
  )
