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
  if ('entries' in peek) {
    if (kindOf(downlink) !== 'map') return []
    const plain = party.client.downlinkMap(at).open()
    const found = differences(plain.snapshot(), peek.entries)
    plain.close()
    return named(found)
  }
  if (kindOf(downlink) === 'list') {
    const plain = party.client.downlinkList(at).open()
    const shown = plain.snapshot() as Value
    plain.close()
    return equals(shown, peek.value) ? [] : [`is ${spell(shown)} (the lane has ${spell(peek.value)})`]
  }
  if (kindOf(downlink) !== 'value') return []
  const plain = party.client.downlinkValue(at).open()
  const shown = plain.get()
  plain.close()
  return equals(shown, peek.value) ? [] : [`is ${spell(shown)} (the lane has ${spell(peek.value)})`]
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
