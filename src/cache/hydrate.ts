// Floor 7. The text of `dehydrate` as a read-only map: for a server that renders, and for its page until the link is there.
import { systemClock } from '../base/clock.js'
import { say } from '../base/errors.js'
import type { MapDownlinkOptions } from '../client/builder.js'
import { mapKind } from '../downlink/map/map-kind.js'
import type { MapModel } from '../downlink/map/map-model.js'
import type { ReadableMap } from '../downlink/readable.js'
import type { CachedStatus } from '../downlink/status.js'
import { Link } from '../link/link.js'
import type { LinkPort } from '../link/link-port.js'
import { Reader, type Value } from '../recon/index.js'
import { MapOpReader } from '../warp/map-op.js'
import { CacheError } from './cache-error.js'
import { readInitial } from './dehydrate.js'

const none = () => {}
/** A connection that never opens. It holds no socket and no timer, so that an unused map over it is garbage-collected. */
const port = {
  options: { clock: systemClock, host: { uri: '' } },
  isOpen: false,
  life: {},
  released: none,
} as unknown as LinkPort

/**
 * A map of the entries in a text that `dehydrate` wrote. It has no link and never changes: `status` is
 * `{ state: 'stale', because: 'cached', asOf }`. Entries that a schema refuses are left out. Bindings read it on a server and while
 * hydrating, so that the page starts with what the server rendered. O(n).
 * @throws {CacheError} when `dehydrate` did not write the text
 * @example
 * const rooms = hydrate<string, number>(text)
 * console.log(rooms.size, rooms.get('r12'))
 */
export function hydrate<K = Value, V = Value>(
  text: string,
  { keySchema, valueSchema }: Pick<MapDownlinkOptions<K, V>, 'keySchema' | 'valueSchema'> = {},
): ReadableMap<K, V> {
  const reader = new Reader()
  const { entries, asOf } = read(text, new MapOpReader(reader))
  const status: CachedStatus = { state: 'stale', because: 'cached', asOf, isStill: true }
  const link = new Link(port, { node: '', lane: '', route: '', request: '', body: '' }, true)
  const open = mapKind.prepare({ keySchema, valueSchema, emptyValues: 'keep', initial: text, syncs: true } as never)
  const parts = {
    ...{ link, reader, clock: systemClock, syncs: true, report: none, fault: none, released: none },
    cache: () => ({
      opened(_: Link, model: MapModel) {
        model.seed(entries)
        link.cached = status
      },
    }),
  }
  return open(parts as never, { callbacks: [] }) as unknown as ReadableMap<K, V>
}

function read(text: string, ops: MapOpReader): ReturnType<typeof readInitial> {
  try {
    return readInitial(text, ops)
  } catch (cause) {
    throw new CacheError(say`the text is not what dehydrate() gave: ${cause}`, { cause })
  }
}
