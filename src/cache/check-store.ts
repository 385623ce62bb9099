// Floor 7. Whether a store is one, and whose entries it has.
import { ConfigError, say } from '../base/errors.js'
import type { CacheStore } from '../client/caching.js'

/**
 * @param isPersonal whether the client has credentials, which say who somebody is: without a scope, entries of one would be shown to
 * another. @throws {ConfigError}
 */
export function checkStore(store: CacheStore, isPersonal: boolean): void {
  for (const method of ['read', 'write', 'lock', 'close'] as const)
    if (typeof store[method] !== 'function')
      throw new ConfigError('cache', say`must be a store, which has the method ${method}`)
  if (isPersonal && store.scope === undefined)
    throw new ConfigError('cache', 'a client with credentials needs a scope: indexedDbCache({ scope: userId })')
}
