// Floor 6. Options of a client, in one table that checks them. Those of downlinks: downlink/kind.ts.
import { hostOf, hostUrl, type HostUri } from '../base/address.js'
import { systemClock, type Clock } from '../base/clock.js'
import { readOptions, type Filled } from '../base/options.js'
import type { SwimError } from '../base/errors.js'
import type { Credentials } from '../connection/authentication.js'
import type { Spy } from '../connection/connection-port.js'
import type { Asked } from '../connection/socket.js'
import type { CacheStore } from './cache-store.js'
import type { SocketClass } from '../transport/websocket.js'

/** Options of a {@link SwimClient}. All are checked by its constructor, which throws ConfigError for a bad one. */
export interface SwimClientOptions {
  /** The host of downlinks that name none; or a function that gives it, called at each attempt, which may be async. */
  readonly hostUri?: HostUri
  /** The node of downlinks that name none. */
  readonly nodeUri?: string
  /** Credentials by host URI: a value, or a function called at every connection, which may be async. */
  readonly credentials?: { readonly [hostUri: string]: Credentials }
  /**
   * Called with each error that no didFail receives, as listeners of `on('error')` are. Without either, errors are written to the
   * console. So is what it throws itself.
   */
  readonly onError?: (error: SwimError) => unknown

  /** The longest first wait before connecting again, in milliseconds. @default 500 */
  readonly reconnectMinMs?: number
  /** The longest wait of all, in milliseconds: waits double up to it. @default 30000 */
  readonly reconnectMaxMs?: number
  /** The random part of each wait, from 0 (none) to 1 (all). @default 1 */
  readonly reconnectJitter?: number
  /** How long a socket must last for its loss to count as the first in a row, in milliseconds. @default 10000 */
  readonly settledAfterMs?: number
  /** How long a socket may take to open, in milliseconds. @default 10000 */
  readonly connectTimeoutMs?: number
  /** How long a host may take to answer credentials, in milliseconds; no answer counts as accepted. @default 5000 */
  readonly authTimeoutMs?: number
  /** How long an unused socket stays open, in milliseconds. @default 1000 */
  readonly idleTimeoutMs?: number
  /**
   * How often a socket is checked, and its host pinged if it was silent since the last check, in milliseconds; 0: never pinged.
   * Twice this is the longest silence, and less than the 30 s after which an agent of a SwimOS Rust host stops. @default 12000
   */
  readonly heartbeatMs?: number
  /**
   * How long the answer to a ping may take before the socket is given up, in milliseconds. Arriving bytes extend it. Where the
   * platform does not show bytes, as in a page, each socket given up doubles it for the next, up to 32-fold. @default 10000
   */
  readonly heartbeatTimeoutMs?: number
  /**
   * How long a lane may take to answer a link, or to send more of its state, before the client requests the link again, in
   * milliseconds. @default 10000
   */
  readonly requestTimeoutMs?: number
  /**
   * How long a lane may go without an event before its link is given up and requested again, in milliseconds; 0: for ever. For
   * SwimOS Java, where an agent that has stopped says nothing: what others write shows again after this time. @default 0
   */
  readonly relinkAfterMs?: number
  /** How long the echo of an own write may take before a sync settles it, in milliseconds. @default 2000 */
  readonly echoTimeoutMs?: number
  /** How long a link is kept after its last downlink closed, in milliseconds. @default 100 */
  readonly unlinkDelayMs?: number
  /**
   * How long put, remove and command wait for the outcome of their write, in milliseconds; Infinity waits for ever. The time starts
   * when the write is sent, not while it waits for its link. @default 60000
   */
  readonly writeTimeoutMs?: number

  /**
   * How long `close` of a downlink or of the client goes on to send writes and to wait for their outcome, in milliseconds; 0: not
   * at all. Writes not sent by then end with ClosedError. @default 2000
   */
  readonly closeTimeoutMs?: number

  /** How many writes may wait for their links, of all links together. @default 10000 */
  readonly maxQueuedWrites?: number
  /** Bytes in a socket's own buffer from which on writes wait here; the last one of a key counts. @default 4194304 */
  readonly maxBufferedBytes?: number
  /** The longest frame that is read, in UTF-16 units. @default 16777216 */
  readonly maxFrameChars?: number
  /** How deep records may nest, in levels. @default 256 */
  readonly maxDepth?: number

  /**
   * The WebSocket class: one that takes a URL and subprotocols. `sharedSocket` of `swimlink/shared` gives one that all tabs share.
   * @default the platform's own in pages and workers, `ws` in Node
   */
  readonly webSocket?: SocketClass
  /**
   * Passed to the `ws` package in Node: certificates (`ca`, `rejectUnauthorized`), headers, an agent; or a function that gives them,
   * called at each attempt, which may be async.
   */
  readonly webSocketOptions?: Asked<object>
  /** Subprotocols to offer, or a function that gives them, called at each attempt. @default detected by trying: none, which SwimOS Java requires, then warp0, which SwimOS Rust requires */
  readonly protocols?: Asked<readonly string[]>
  /** Whether values and keys that are read are deeply frozen: changing one in place throws. Data is not frozen. @default false */
  readonly freezeValues?: boolean
  /**
   * Whether the browser asks before leaving a page whose writes are not all in their lanes. Without such writes the page has no
   * `beforeunload` listener, and may enter the back/forward cache. @default false
   */
  readonly holdPage?: boolean
  /**
   * Where entries and unsent writes of maps are kept between visits, for downlinks with `cache`; `swimlink/cache` has such stores.
   * A client with credentials needs one with a `scope`.
   */
  readonly cache?: CacheStore
  /** Where time, chance and frames come from. @default the platform's */
  readonly clock?: Clock
}

/** All options of a client: what each may be, and its default. */
export const clientOptions = {
  hostUri: 'a string or a function',
  nodeUri: 'a string',
  credentials: 'an object',
  onError: 'a function',
  reconnectMinMs: [500],
  reconnectMaxMs: [30_000],
  reconnectJitter: [1, 0, 1],
  settledAfterMs: [10_000],
  connectTimeoutMs: [10_000],
  authTimeoutMs: [5_000],
  idleTimeoutMs: [1_000],
  heartbeatMs: [12_000],
  heartbeatTimeoutMs: [10_000],
  requestTimeoutMs: [10_000],
  relinkAfterMs: [0],
  echoTimeoutMs: [2_000],
  unlinkDelayMs: [100],
  writeTimeoutMs: [60_000, 0, Infinity],
  closeTimeoutMs: [2_000],
  maxQueuedWrites: [10_000],
  maxBufferedBytes: [2 ** 22],
  maxFrameChars: [2 ** 24],
  maxDepth: [256],
  freezeValues: [false, true],
  holdPage: [false, true],
  webSocket: 'a function',
  webSocketOptions: 'an object or a function',
  protocols: 'a list of strings or a function',
  cache: 'an object',
  clock: 'an object',
} as const

/** All options, defaults filled in; credentials by the URL of their host. */
export interface CheckedOptions extends Omit<Filled<typeof clientOptions, SwimClientOptions>, 'credentials'> {
  /** Watches connections made later. Set by src/inspect. */
  spy?: Spy | undefined
  readonly clock: Clock
  readonly credentials: ReadonlyMap<string, Credentials>
}

/** @throws {ConfigError} naming the first invalid option */
export function checkOptions(given: SwimClientOptions): CheckedOptions {
  const options = readOptions<SwimClientOptions, typeof clientOptions>(clientOptions, given)
  const { hostUri, clock = systemClock } = options
  if (hostUri !== undefined) hostOf(hostUri)
  const credentials = Object.entries(options.credentials ?? {}).map(
    ([uri, value]) => [hostUrl(uri, 'credentials'), value] as const,
  )
  return { ...options, clock, credentials: new Map(credentials) }
}
