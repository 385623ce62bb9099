// Floor 7. The acceptance tests of a store: what a cache relies on, as checks that any runner can run.
import { checks } from './checks.js'
import type { CacheStore } from '../client/caching.js'

/** Makes a store with a scope. For the same scope, later calls return a store with the same rows, as in another tab. */
export type MakeCacheStore = (scope?: string) => CacheStore | Promise<CacheStore>

/** One check of a store. */
export interface CacheCheck {
  /** The requirement, as a sentence. */
  readonly name: string
  /** Rejects with an Error that names the violation. Uses scopes of its own, and leaves no rows in them. */
  run(): Promise<void>
}

/**
 * The acceptance tests of a store of a cache, for any runner: `for (const { name, run } of cacheSuite(make)) test(name, run)`.
 * They take a few seconds at most, and about 10 MB of rows. In the store without a scope they change only rows named `cacheSuite`.
 * @example
 * for (const { name, run } of cacheSuite(scope => myStore(scope))) test(name, run)
 */
export const cacheSuite = (make: MakeCacheStore): readonly CacheCheck[] =>
  Object.entries(checks).map(([name, check]) => ({
    name,
    async run() {
      const opened = new Map<string, CacheStore[]>()
      try {
        await check(async (scope = '') => {
          const store = await make(`cacheSuite ${name}${scope}`)
          const others = opened.get(scope)
          opened.set(scope, [...(others ?? []), store])
          if (!others) await store.write({ remove: [''] })
          return store
        }, make)
      } finally {
        for (const stores of opened.values()) {
          await stores[0]!.write({ remove: [''] })
          for (const store of stores) await store.close()
        }
      }
    },
  }))
