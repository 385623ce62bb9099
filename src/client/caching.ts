// Floor 6. The seam by which swimlink/cache keeps what a client has between visits; and what it keeps it in.
import type { SwimError, Where } from '../base/errors.js'
import type { MapCache } from '../downlink/map/map-cache.js'
import type { AnyDownlink } from './client-events.js'
import type { CheckedOptions } from './options.js'
import type { CacheStore } from './cache-store.js'

export type { CacheChanges, CacheRow, CacheStore } from './cache-store.js'

/** A write of an earlier visit that is not in its lane yet, as far as is known. */
export interface RestoredWrite {
  /** The URL of the host, without user info, query and fragment. */
  readonly hostUri: string
  /** The node, as it is sent. */
  readonly nodeUri: string
  /** The lane, as it is sent. */
  readonly laneUri: string
  /** Whether an entry is to be set or removed, or all are to be removed. */
  readonly type: 'set' | 'remove' | 'clear'
  /** The key, as the lane has it; undefined for `clear`. */
  readonly key: unknown
  /** What is to be set, as the lane has it. */
  readonly value: unknown
}

/** What a client has of it. */
export interface ClientCache extends MapCache {
  readonly restored: readonly RestoredWrite[]
  /** The client has an error to tell of. */
  failed(error: SwimError): void
  clear(): Promise<void>
}

/** What it has of its client. */
export interface CachedClient {
  readonly options: CheckedOptions & { readonly cache?: CacheStore }
  readonly events: { on(type: 'close', listener: (event: { readonly downlink: AnyDownlink }) => unknown): unknown }
  readonly report: (error: SwimError, by?: Where) => void
}

/** Filled in by src/cache. @throws {ConfigError} for a store that can't be */
export const caching: { of?: (client: CachedClient) => ClientCache } = {}
