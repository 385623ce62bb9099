// Floor 7. Options that all stores of the cache have.
import { readOptions } from '../base/options.js'

/** Options of the stores that come with swimlink. */
export interface CacheStoreOptions {
  /** Whose entries these are, such as the id of a user. A client with credentials needs one. @default undefined: everybody's */
  readonly scope?: string
  /** How much all rows may be together, in UTF-16 units of keys and texts. @default 50e6 */
  readonly maxBytes?: number
}

const table = { scope: 'a string', maxBytes: [50e6] } as const

/** @throws {ConfigError} naming an option that does not exist, or whose value is not allowed */
export const readStoreOptions = (given: CacheStoreOptions): { scope: string | undefined; maxBytes: number } => {
  const { scope, maxBytes } = readOptions<CacheStoreOptions, typeof table>(table, given)
  return { scope, maxBytes }
}
