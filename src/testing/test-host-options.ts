// Floor 8. What can be chosen of a test host: a table, which all of it is checked by.
import { ConfigError } from '../base/errors.js'
import { readOptions, type Filled } from '../base/options.js'
import type { Session } from '../host/lanes/access.js'
import type { Value } from '../recon/index.js'

/** Options of a test host. */
export interface TestHostOptions {
  /** Where chance begins: that of faults, and that of clients. The same seed gives the same run. @default 1 */
  readonly seed?: number
  /**
   * Behaves as another host does. `java`: takes out of order what a SwimOS Java host does, overtakes, and may swallow `@synced`.
   * `rust`: takes the subprotocol `warp0` alone, and makes removes of drops and takes. @default as the embedded host
   */
  readonly like?: 'java' | 'rust'
  /**
   * Whether there are nodes and lanes that nobody has declared. Without them `nodeNotFound` and `laneNotFound` are what clients hear,
   * and `host.lane` throws ConfigError. @default true
   */
  readonly undeclared?: boolean
  /** As that of `swimlink/host`. @default all credentials are good */
  readonly authenticate?: (credentials: Value, session: Session) => unknown
  /** How many frames `frames` holds; older ones go. @default 100000 */
  readonly maxFrames?: number
}

const table = {
  seed: [1, -(2 ** 53), 2 ** 53],
  like: 'java or rust',
  undeclared: [true, false],
  authenticate: 'a function',
  maxFrames: [100_000, 0],
} as const

/** @throws {ConfigError} for an option that can't be */
export function readTestHostOptions(given: TestHostOptions): Filled<typeof table, TestHostOptions> {
  const options = readOptions<TestHostOptions, typeof table>(table, given)
  if (!['java', 'rust', undefined].includes(options.like)) throw new ConfigError('like', `must be 'java' or 'rust'`)
  return options
}

const restart = { keep: [true, false] } as const

/** @throws {ConfigError} for an option that can't be */
export const readRestartOptions = (given: { readonly keep?: boolean }): { readonly keep: boolean } =>
  readOptions<{ readonly keep?: boolean }, typeof restart>(restart, given)
