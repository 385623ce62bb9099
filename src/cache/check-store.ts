// Floor 7. Checks the store that a client is given.
import { ConfigError, say } from '../base/errors.js'
import type { CacheStore } from '../client/caching.js'

/**
 * @param isPersonal whether the client has credentials. Its store then needs a scope, so that a user never sees entries of another.
 * @throws {ConfigError}
 */
export function checkStore(store: CacheStore, isPersonal: boolean): void {
  for (const method of ['read', 'write', 'lock', 'close'] as const)
    if (typeof store[method] !== 'function')
      throw new ConfigError('cache', say`must be a store, which has the method ${method}`)
  if (isPersonal && store.scope === undefined)
    throw new ConfigError('cache', 'a client with credentials needs a scope: indexedDbCache({ scope: userId })')
}
