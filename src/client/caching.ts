// Floor 6. The seam by which swimlink/cache keeps a client's entries and writes between visits.
import type { SwimError, Where } from '../base/errors.js'
import type { MapCache } from '../downlink/map/map-cache.js'
import type { AnyDownlink } from './client-events.js'
import type { CheckedOptions } from './options.js'
import type { CacheStore } from './cache-store.js'

export type { CacheChanges, CacheRow, CacheStore } from './cache-store.js'

/** A write of an earlier visit that is not in its lane yet, as far as the client knows. */
export interface RestoredWrite {
  /** The URL of the host, without user info, query and fragment. */
  readonly hostUri: string
  /** The node, as it is sent. */
  readonly nodeUri: string
  /** The lane, as it is sent. */
  readonly laneUri: string
  /** `set` or `remove` of one entry, or `clear` of all. */
  readonly type: 'set' | 'remove' | 'clear'
  /** The key, as it is on the wire; undefined for `clear`. */
  readonly key: unknown
  /** The value of a `set`, as it is on the wire. */
  readonly value: unknown
}

/** The cache, as its client sees it. */
export interface ClientCache extends MapCache {
  readonly restored: readonly RestoredWrite[]
  /** The client is about to report an error. */
  failed(error: SwimError): void
  clear(): Promise<void>
}

/** The client, as its cache sees it. */
export interface CachedClient {
  readonly options: CheckedOptions & { readonly cache?: CacheStore }
  readonly events: { on(type: 'close', listener: (event: { readonly downlink: AnyDownlink }) => unknown): unknown }
  readonly report: (error: SwimError, by?: Where) => void
}

/** Filled in by src/cache. @throws {ConfigError} for an invalid store */
export const caching: { of?: (client: CachedClient) => ClientCache } = {}
