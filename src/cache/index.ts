// Floor 8. The public door of `swimlink/cache`: importing it once lets clients keep maps between visits.
import { SwimClient } from '../client/client.js'
import { caching } from '../client/caching.js'
import { inside, type Inside } from '../client/inside.js'
import { MapDownlink } from '../downlink/map/map-downlink.js'
import { Cache } from './cache.js'
import { checkStore } from './check-store.js'
import { whenReadable } from './when-readable.js'

caching.of = client => new Cache(client)

const { prototype } = SwimClient as unknown as { readonly prototype: { authenticate(...given: unknown[]): unknown } }
const { authenticate } = prototype
Object.defineProperties(prototype, {
  authenticate: {
    value(this: Inside, ...given: unknown[]) {
      const { cache } = this[inside].options
      if (cache !== undefined) checkStore(cache, true)
      return authenticate.apply(this, given)
    },
  },
  restoredWrites: {
    get(this: Inside) {
      return this[inside].cache().restored
    },
  },
  clearCache: {
    value(this: Inside) {
      return this[inside].cache().clear()
    },
  },
})
Object.defineProperty(MapDownlink.prototype, 'whenReadable', { value: whenReadable })

export { CacheError } from './cache-error.js'
export { dehydrate } from './dehydrate.js'
export { hydrate } from './hydrate.js'
export { indexedDbCache } from './indexed-db-store.js'
export { memoryCache } from './memory-store.js'
export type { CacheStoreOptions } from './store-options.js'
export type { CacheChanges, CacheRow, CacheStore, MapCacheOptions, RestoredWrite } from '../index.js'
