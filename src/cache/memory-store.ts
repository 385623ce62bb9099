// Floor 7. A store in memory.
import { readStoreOptions, type CacheStoreOptions } from './store-options.js'
import type { CacheRow, CacheStore } from '../client/caching.js'

const byKey = ([a]: CacheRow, [b]: CacheRow) => (a < b ? -1 : 1)

/**
 * Keeps rows in memory, for tests: a client with the same store object finds the rows of an earlier client, and two clients that
 * share it behave like two tabs. The rows are gone with the object.
 * @throws {ConfigError} naming an unknown option, or one with an invalid value
 * @example
 * const cache = memoryCache()
 * const client = new SwimClient({ hostUri: 'warp://localhost:9001', cache })
 */
export function memoryCache(options: CacheStoreOptions = {}): CacheStore {
  const rows = new Map<string, string>()
  const locks = new Map<string, object>()

  return {
    ...readStoreOptions(options),
    read: async prefix => [...rows].filter(([key]) => key.startsWith(prefix)).sort(byKey),
    async write({ remove = [], put = [], only = [] }) {
      if (!only.every(([key, text]) => rows.get(key) === text)) return false
      for (const key of rows.keys()) if (remove.some(prefix => key.startsWith(prefix))) rows.delete(key)
      for (const [key, text] of put) rows.set(key, text)
      return true
    },
    async lock(name) {
      if (locks.has(name)) return undefined
      const held = {}
      locks.set(name, held)
      // A second call does not release the lock of the next holder.
      return () => {
        if (locks.get(name) === held) locks.delete(name)
      }
    },
    async close() {},
  }
}
