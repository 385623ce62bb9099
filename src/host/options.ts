// Floor 3'. The options of a host, in one table that checks them. Options of lanes: lanes/options.ts.
import { ConfigError, say } from '../base/errors.js'
import { readOptions, type Filled } from '../base/options.js'
import type { Value } from '../recon/index.js'
import type { Guard, Session } from './lanes/access.js'
import type { LaneStore } from './keep/store.js'

/** Options of a {@link WarpHost}. Its constructor checks them all, and throws ConfigError for an invalid one. */
export interface WarpHostOptions {
  /** The port to listen on; 0 picks a free port. @default 0 */
  readonly port?: number
  /** The address to listen on. Other machines need another one than the default. @default '127.0.0.1' */
  readonly hostname?: string
  /** Certificate and key, as for `https.createServer`: the host then speaks only `warps:` and `https:`. */
  readonly tls?: { readonly cert: string | Buffer; readonly key: string | Buffer; readonly ca?: string | Buffer }
  /** A folder whose files are served over HTTP. @default none are */
  readonly files?: string
  /** Where lanes are stored between runs of the host. @default only in memory */
  readonly store?: LaneStore
  /**
   * Called with a client's credentials; may be async. Its result is the session's `identity`; undefined is no identity
   * (`@deauthed`), and `false` also closes the socket with 1008. @default all credentials are accepted, and are the identity
   */
  readonly authenticate?: (credentials: Value, session: Session) => unknown
  /**
   * Origins of web pages that may connect, such as `https://example.com`, or `'*'` for all. @default pages of this machine, and
   * of the name in the request's Host header
   */
  readonly allowedOrigins?: readonly string[] | '*'
  /**
   * Names in Host headers that are accepted besides the host's own, such as `app.example` of a proxy or tunnel, without scheme and
   * port; `'*'` for any. Its own are this machine's loopback names and, where it listens beyond loopback, the machine's name and
   * the addresses of its interfaces. @default none
   */
  readonly allowedHosts?: readonly string[] | '*'
  /**
   * Who may read the host's metadata: nodes, lanes, links and figures, at nodes `swim:meta:…` as in SwimOS Java.
   * @default everyone without `authenticate`; with it nobody, and there are no such nodes
   */
  readonly canReadMeta?: Guard
  /** Called with errors that handlers throw, and errors of the store. @default writes to the console */
  readonly onError?: (error: unknown, where: string) => void

  /** The longest frame accepted, in bytes; a longer one closes its socket with 1009. @default 4194304 */
  readonly maxFrameBytes?: number
  /** The longest node or lane URI, in UTF-16 units; a longer one closes its socket with 1002. @default 2048 */
  readonly maxUriChars?: number
  /** How deep records of a frame may nest, in levels; at most 256. @default 256 */
  readonly maxDepth?: number
  /** Frames a second that a socket may send. A faster socket has to wait. @default 50000 */
  readonly maxFramesPerSecond?: number
  /** Sockets open at one time; more are answered 503. @default 10000 */
  readonly maxConnections?: number
  /** New sockets a second; more are answered 503. @default 2000 */
  readonly maxHandshakesPerSecond?: number
  /** How long a request may take to arrive, in milliseconds. @default 10000 */
  readonly handshakeTimeoutMs?: number
  /** Links of one socket; one more closes it with 1008. @default 20000 */
  readonly maxLinksPerSocket?: number
  /** Nodes in use that clients may have created; further nodes are answered `nodeNotFound`. @default 100000 */
  readonly maxNodes?: number
  /** Such nodes of one socket, or of all plain HTTP requests together. @default 20000 */
  readonly maxNodesPerSocket?: number
  /** Entries of a map lane that clients may fill; code may go beyond. Further keys are refused. @default 2000000 */
  readonly maxEntriesPerLane?: number
  /**
   * Bytes of a lane that clients may fill; code may go beyond. Counted as 64 for each entry and two for each UTF-16 unit of its
   * texts. Further writes are refused. @default 536870912
   */
  readonly maxLaneBytes?: number
  /** As `maxLaneBytes`, for all lanes together. @default 1073741824 */
  readonly maxHostBytes?: number
  /** UTF-16 units of events of command and supply lanes that may wait for one socket; more close it with 1008. @default 16777216 */
  readonly maxQueuedChars?: number
  /** Bytes in a socket's own buffer from which on its links wait, folding events per key. @default 262144 */
  readonly maxBufferedBytes?: number
  /** How often a socket is pinged, in milliseconds; a socket that does not answer is closed. 0: never pinged. @default 30000 */
  readonly heartbeatMs?: number
}

/** All options of a host: the allowed values, and the defaults. */
export const hostOptions = {
  port: [0, 0, 65_535],
  hostname: 'a string',
  tls: 'an object',
  files: 'a string',
  store: 'an object',
  authenticate: 'a function',
  allowedOrigins: `a list such as ['https://example.com'], or '*'`,
  allowedHosts: `a list of names such as ['app.example'], without scheme or port, or '*'`,
  canReadMeta: 'a function',
  onError: 'a function',
  maxFrameBytes: [4_194_304, 1],
  maxUriChars: [2048, 1],
  maxDepth: [256, 1, 256],
  maxFramesPerSecond: [50_000, 1],
  maxConnections: [10_000, 1],
  maxHandshakesPerSecond: [2_000, 1],
  handshakeTimeoutMs: [10_000, 1],
  maxLinksPerSocket: [20_000, 1],
  maxNodes: [100_000, 1],
  maxNodesPerSocket: [20_000, 1],
  maxEntriesPerLane: [2_000_000, 1],
  maxLaneBytes: [536_870_912, 1],
  maxHostBytes: [1_073_741_824, 1],
  maxQueuedChars: [16_777_216, 1],
  maxBufferedBytes: [262_144, 1],
  heartbeatMs: [30_000],
} as const

/** All options, with the defaults filled in. */
export type Settings = Filled<typeof hostOptions, WarpHostOptions> &
  Required<Pick<WarpHostOptions, 'hostname' | 'onError'>>

const isListOfNames = (list: unknown): boolean =>
  Array.isArray(list) &&
  list.every(name => typeof name === 'string' && /^(\[[\da-f:.]+\]|[^\s:@/?#\\[\]]+)$/i.test(name))

/** @throws {ConfigError} for an invalid option */
export function readSettings(given: WarpHostOptions): Settings {
  const options = readOptions<WarpHostOptions, typeof hostOptions>(hostOptions, given)
  const { allowedOrigins, allowedHosts, port } = options
  if (!Number.isInteger(port)) throw new ConfigError('port', 'must be an integer from 0 to 65535')
  if (allowedOrigins !== undefined && allowedOrigins !== '*' && !Array.isArray(allowedOrigins))
    throw new ConfigError('allowedOrigins', say`must be ${hostOptions.allowedOrigins}`)
  if (allowedHosts !== undefined && allowedHosts !== '*' && !isListOfNames(allowedHosts))
    throw new ConfigError('allowedHosts', say`must be ${hostOptions.allowedHosts}`)
  return {
    hostname: '127.0.0.1',
    // A ConfigError names its option in its message, so the place in the host is left out.
    onError: (error, where) =>
      console.error(`swimlink host, ${where}:`, error instanceof ConfigError ? error.message : error),
    ...options,
  }
}
