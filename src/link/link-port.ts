// Floor 4. The options of a link, and its neighbours: its connection below, its downlinks and their replicas above.
import type { Host } from '../base/address.js'
import type { Backoff } from '../base/backoff.js'
import type { SwimError } from '../base/errors.js'
import type { Sync } from '../store/replica.js'
import type { SenderOptions } from '../write/sender.js'
import type { Caution } from '../write/caution.js'
import type { LinkTimes } from './link-state.js'

/** Options of a link; times are in milliseconds. */
export interface LinkOptions extends Backoff, SenderOptions, LinkTimes {
  /** How long a link without downlinks is kept, in case another downlink opens. */
  readonly unlinkDelayMs: number
  readonly host: Host
}

/** What a socket has received from its host. */
export interface Life {
  /** All that the host had sent by this time has been delivered. Milliseconds of the clock. */
  readonly provenMs: number
  /** Frames received. */
  readonly frames: number
  /** Bytes received. Undefined where the platform does not count them, as in a page. */
  readonly receivedBytes: number | undefined
  /**
   * Whether the host is SwimOS Rust: its removes and clears never come after a newer update of their key. If a @sync also links,
   * its answer misses an entry that the host is reporting when the @sync arrives. After a @link, a @sync misses none.
   */
  readonly keepsOrder: boolean
}

/** What a link needs from its connection. */
export interface LinkPort {
  readonly options: LinkOptions
  readonly isOpen: boolean
  /** False while too much waits in the socket; `flush` is called once there is room. */
  readonly canSend: boolean
  readonly life: Life
  send(text: string): void
  /** Asks the host for a sign of life that depends on no lane; `answered` is called when it comes. */
  probe(answered: () => void): void
  /** Which writes may be sent, after the host ended sockets over some. */
  readonly caution: Caution
  /** A suspect write has ended (write/caution.ts). */
  risked(): void
  /** Does work step by step, so that no turn of the event loop is too long; no frame is handled before its end. */
  inSteps(work: Iterator<void>): void
  /** Ends the socket; another is opened. */
  drop(cause: SwimError): void
  /** The link is closed, and the host owes it no answer. */
  released(route: string): void
}

/** What a link reports to its downlinks. */
export type LinkNews =
  | 'cached'
  | 'connected'
  | 'asking'
  | 'linked'
  | 'stale'
  | 'synced'
  | 'unlinking'
  | 'unlinked'
  | 'refused'
  | 'disconnected'

/** A downlink, as its link sees it. */
export interface LinkObserver {
  /** Called with each report of the link. */
  told(news: LinkNews): void
  failed(error: SwimError): void
}

/** Called with every event frame as it came; the body begins at `bodyAt`. */
export type Tap = (text: string, bodyAt: number) => void

/** The receiver of a lane's frames: a replica of a map, of a value or of a list. */
export interface LinkSink {
  /** A link has one sink of each kind. */
  readonly kind: string
  /** An event frame; the body begins at `bodyAt`. Throws if the body is not valid for the lane. */
  event(text: string, bodyAt: number): void
  /** A sync was requested: entries that do not come until its end are gone. */
  beginSync(sync: Sync): void
  /** A sync is about to end. Returns what must be done before that, step by step, if it is much. */
  sweep?(sync: Sync): Iterator<void> | undefined
  /** A sync ended, as did all earlier ones. Returns whether another sync is needed to decide own writes. */
  endSync(sync: Sync): boolean
  /** The lane's state begins again: entries received so far belonged to a link that is gone. */
  restartSyncs(): void
  /** A frame of the syncs under way was lost: these syncs can't show that an entry is gone. */
  spoilSyncs(): void
  /** The socket is lost: the syncs under way will not end. */
  abandonSync(): void
  /** Own writes were given up: the values they covered show again. */
  gaveUp(): void
}
