// Floor 8. The public door of `swimlink/cache` in pages: what a client showed, there at once at the next visit.
export { indexedDbCache } from './indexed-db-store.js'
export { memoryCache } from './memory-store.js'
export type { CacheStoreOptions } from './store-options.js'
export type { CacheChanges, CacheRow, CacheStore } from './store.js'
