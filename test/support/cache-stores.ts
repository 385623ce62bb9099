// Stores of a cache, as its suite wants them made.
import type { MakeCacheStore } from '../../src/cache/cache-suite.js'
import { memoryCache } from '../../src/cache/memory-store.js'
import type { CacheStore } from '../../src/client/caching.js'

/** One store for each scope, made by `of`. */
export function byScope(of: (scope?: string) => CacheStore): MakeCacheStore {
  const stores = new Map<string | undefined, CacheStore>()
  return scope => {
    const store = stores.get(scope) ?? of(scope)
    stores.set(scope, store)
    return store
  }
}

export const memory = (scope?: string) => memoryCache({ scope })
