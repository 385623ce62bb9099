// Floor 9. Finds out the kind of a lane over one link, without writing to the lane.
import type { ListDownlink, MapDownlink, ValueDownlink } from 'swimlink'
import type { Value } from 'swimlink/recon'
import type { Kind, Reach } from './options.js'
import { Session, type Address } from './session.js'

export type LaneMap = MapDownlink<Value, Value>
export type LaneValue = ValueDownlink<Value>
export type LaneList = ListDownlink<Value>

/** A synced lane. `empty`: without `--kind`, an empty map and an unset value look the same. */
export type Found =
  | { readonly kind: 'map'; readonly map: LaneMap }
  | { readonly kind: 'value'; readonly value: LaneValue }
  | { readonly kind: 'list'; readonly list: LaneList }
  | { readonly kind: 'empty'; readonly map: LaneMap; readonly value: LaneValue }

/** The number of entries or items. For a value: 1 if it is set, otherwise 0. */
export function entriesOf(found: Found): number {
  if (found.kind === 'list') return found.list.size
  return found.kind === 'value' ? Number(found.value.get() !== undefined) : found.map.size
}

type End = PromiseSettledResult<void>

const isOtherKind = (end: End): boolean =>
  end.status === 'rejected' && (end.reason as { readonly code?: unknown }).code === 'laneKind'

/**
 * Links to a lane, and waits until it is synced. Without `kind`, a map, a value and a list downlink share the link; those of another
 * kind than the lane fail by themselves.
 * @param keepsEmpty whether entries without a value are kept. A Java host reports live removals in the same form.
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
 * Whether a lane holds nothing, checked over a new link. A command lane sends each command back to its links, as if it held a state.
 * A later link shows that it kept nothing.
 */
export async function holdsNothing(address: Address, options: Reach, kind: Kind): Promise<boolean> {
  await using session = new Session(address.hostUri, options)
  return entriesOf(await find(session, address, kind)) === 0
}
