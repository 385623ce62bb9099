// Floor 9. What a lane is: found out by one link, over which nothing is written.
import type { ListDownlink, MapDownlink, ValueDownlink } from 'swimlink'
import type { Value } from 'swimlink/recon'
import type { Kind, Reach } from './options.js'
import { Session, type Address } from './session.js'

export type LaneMap = MapDownlink<Value, Value>
export type LaneValue = ValueDownlink<Value>
export type LaneList = ListDownlink<Value>

/** A lane that is synced. One without anything in it, and no `--kind`, is an empty map as much as a value that is not set. */
export type Found =
  | { readonly kind: 'map'; readonly map: LaneMap }
  | { readonly kind: 'value'; readonly value: LaneValue }
  | { readonly kind: 'list'; readonly list: LaneList }
  | { readonly kind: 'empty'; readonly map: LaneMap; readonly value: LaneValue }

/** How many entries or items there are; of a value 1, where it is set. */
export function entriesOf(found: Found): number {
  if (found.kind === 'list') return found.list.size
  return found.kind === 'value' ? Number(found.value.get() !== undefined) : found.map.size
}

type End = PromiseSettledResult<void>

const isOtherKind = (end: End): boolean =>
  end.status === 'rejected' && (end.reason as { readonly code?: unknown }).code === 'laneKind'

/**
 * Links to a lane, and waits until it is synced. Without a kind a map, a value and a list downlink are opened: they share the link,
 * and the wrong ones end by themselves.
 * @param keepsEmpty whether entries without a value are there; live, a Java host says of a removal what it says of them
 */
export async function find(
  session: Session,
  address: Address,
  kind: Kind | undefined,
  keepsEmpty = true,
): Promise<Found> {
  const lane = session.lane(address)
  const open = {
    map: () => lane.downlinkMap({ emptyValues: keepsEmpty ? 'keep' : 'remove' }).open(),
    value: () => lane.downlinkValue().open(),
    list: () => lane.downlinkList().open(),
  }
  const { timeoutMs } = session
  if (kind !== undefined) {
    const downlink = open[kind]()
    await session.reach(downlink.whenSynced({ timeoutMs }))
    return { kind, [kind]: downlink } as Found
  }
  const map = open.map()
  const value = open.value()
  const list = open.list()
  const all = Promise.allSettled([map, value, list].map(downlink => downlink.whenSynced({ timeoutMs })))
  const [asMap, asValue, asList] = (await session.reach(all)) as [End, End, End]
  if (isOtherKind(asMap) && asValue.status === 'fulfilled') return { kind: 'value', value }
  if (isOtherKind(asMap) && asList.status === 'fulfilled') return { kind: 'list', list }
  if (isOtherKind(asValue) && asMap.status === 'fulfilled') return { kind: 'map', map }
  for (const end of [asMap, asValue]) if (end.status === 'rejected') throw end.reason
  if (map.size > 0) return { kind: 'map', map }
  if (value.get() !== undefined) return { kind: 'value', value }
  return { kind: 'empty', map, value }
}

/**
 * Whether a lane holds nothing, by a link of its own. A command lane sends each command back to its links, which looks like the state
 * of another lane; only a later link shows that nothing was kept.
 */
export async function holdsNothing(address: Address, options: Reach, kind: Kind): Promise<boolean> {
  await using session = new Session(address.hostUri, options)
  return entriesOf(await find(session, address, kind)) === 0
}
