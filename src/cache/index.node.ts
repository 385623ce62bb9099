// Floor 8. The public door of `swimlink/cache` in Node, where there are files.
import './index.js'

export { CacheError } from './cache-error.js'
export { dehydrate } from './dehydrate.js'
export { fileCache } from './file-store.js'
export { hydrate } from './hydrate.js'
export { indexedDbCache } from './indexed-db-store.js'
export { memoryCache } from './memory-store.js'
export type { CacheStoreOptions } from './store-options.js'
export type { CacheChanges, CacheRow, CacheStore, MapCacheOptions, RestoredWrite } from '../index.js'
