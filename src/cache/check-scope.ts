// Floor 7. Whose entries a store has.
import { ConfigError } from '../base/errors.js'
import type { CacheStore } from '../client/caching.js'

/** Credentials say who somebody is; without a scope, entries of one would be shown to another. @throws {ConfigError} */
export function checkScope(store: CacheStore | undefined): void {
  if (store !== undefined && store.scope === undefined)
    throw new ConfigError('cache', 'a client with credentials needs a scope: indexedDbCache({ scope: userId })')
}
