// Floor 8. Options of a test host, in one table that checks them.
import { ConfigError } from '../base/errors.js'
import { readOptions, type Filled } from '../base/options.js'
import type { Session } from '../host/lanes/access.js'
import type { Value } from '../recon/index.js'

/** Options of a test host. */
export interface TestHostOptions {
  /** The seed of all randomness, of faults and of clients. The same seed gives the same run. @default 1 */
  readonly seed?: number
  /**
   * The host to behave like. `java`: handles frames out of order where SwimOS Java does, and may leave out `@synced`. `rust`: accepts
   * only the subprotocol `warp0`, and sends removes for drops and takes. @default the embedded host
   */
  readonly like?: 'java' | 'rust'
  /**
   * Whether undeclared nodes and lanes exist. If false, clients get `nodeNotFound` and `laneNotFound` for them, and `host.lane`
   * throws ConfigError. @default true
   */
  readonly undeclared?: boolean
  /** As the option of `swimlink/host`. @default all credentials are accepted */
  readonly authenticate?: (credentials: Value, session: Session) => unknown
  /** How many frames `frames` holds; older frames are dropped. @default 100000 */
  readonly maxFrames?: number
}

const table = {
  seed: [1, -(2 ** 53), 2 ** 53],
  like: 'java or rust',
  undeclared: [true, false],
  authenticate: 'a function',
  maxFrames: [100_000, 0],
} as const

/** @throws {ConfigError} for an invalid option */
export function readTestHostOptions(given: TestHostOptions): Filled<typeof table, TestHostOptions> {
  const options = readOptions<TestHostOptions, typeof table>(table, given)
  if (!['java', 'rust', undefined].includes(options.like)) throw new ConfigError('like', `must be 'java' or 'rust'`)
  return options
}

const restart = { keep: [true, false] } as const

/** @throws {ConfigError} for an invalid option */
export const readRestartOptions = (given: { readonly keep?: boolean }): { readonly keep: boolean } =>
  readOptions<{ readonly keep?: boolean }, typeof restart>(restart, given)
