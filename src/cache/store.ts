// Floor 7. What a store of the cache is.
export type { CacheChanges, CacheRow, CacheStore } from '../client/cache-store.js'
