// Floor 7. Options of the stores that come with swimlink.
import { readOptions } from '../base/options.js'

/** Options of the stores that come with swimlink. */
export interface CacheStoreOptions {
  /** Whose entries these are, such as a user's id. A client with credentials needs one. @default undefined: everybody's */
  readonly scope?: string
  /** The most that all rows may take together, in UTF-16 units of keys and texts. @default 50e6 */
  readonly maxBytes?: number
}

const table = { scope: 'a string', maxBytes: [50e6] } as const

/** @throws {ConfigError} naming an unknown option, or one with an invalid value */
export const readStoreOptions = (given: CacheStoreOptions): { scope: string | undefined; maxBytes: number } => {
  const { scope, maxBytes } = readOptions<CacheStoreOptions, typeof table>(table, given)
  return { scope, maxBytes }
}
