// Floor 4. What a link is given, and whom it talks to: its connection below, its downlinks and their replicas above.
import type { Host, LaneAddress } from '../base/address.js'
import type { Backoff } from '../base/backoff.js'
import type { SwimError } from '../base/errors.js'
import type { LinkParams } from '../warp/write-envelope.js'
import type { Sync } from '../store/replica.js'
import type { SenderOptions } from '../write/sender.js'
import type { Caution } from '../write/caution.js'
import type { LinkTimes } from './link-state.js'

/** Options of a link; times are in milliseconds. */
export interface LinkOptions extends Backoff, SenderOptions, LinkTimes {
  /** How long a link that nobody wants is kept, in case somebody comes back. */
  readonly unlinkDelayMs: number
  readonly host: Host
}

/** What a socket has heard of its host. */
export interface Life {
  /** A time at which the socket is known to have delivered all that the host had sent, by the clock, in milliseconds. */
  readonly provenMs: number
  /** Frames that have come. */
  readonly frames: number
  /** Bytes that have come. Undefined where the platform shows none, as in a page. */
  readonly receivedBytes: number | undefined
  /**
   * A SwimOS Rust host: its removes and clears never come behind a newer update of their key. A @sync that also links misses the
   * entry that is being reported as it comes; after a @link it does not.
   */
  readonly keepsOrder: boolean
}

/** What a link needs of its connection. */
export interface LinkPort {
  readonly options: LinkOptions
  readonly isOpen: boolean
  /** False while the socket has more to send than is good; `flush` is called once it has not. */
  readonly canSend: boolean
  readonly life: Life
  send(text: string): void
  /** Asks the host whether it lives, by what it answers whatever becomes of a lane; `answered` is called when it has. */
  probe(answered: () => void): void
  /** Which writes may go out, where the host ended sockets over some. */
  readonly caution: Caution
  /** A write that was sent with care has ended. */
  risked(): void
  /** Ends the socket, to try another. */
  drop(cause: SwimError): void
  /** Nobody wants the link, and no answer to it is outstanding. */
  released(route: string): void
}

/** What a link tells its downlinks. */
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
  told(news: LinkNews): void
  failed(error: SwimError): void
}

/** Who wants event frames as they are; the body begins at `bodyAt`. */
export type Tap = (text: string, bodyAt: number) => void

/** What becomes of a lane's frames: a replica of a map, or of a value. */
export interface LinkSink {
  /** A link has one sink of each kind. */
  readonly kind: string
  /** An event frame; the body begins at `bodyAt`. Throws where the body makes no sense. */
  event(text: string, bodyAt: number): void
  /** A sync was asked for: what does not come from now on is gone. */
  beginSync(sync: Sync): void
  /** A sync ended, and those before it with it. Returns whether another is needed to decide what became of own writes. */
  endSync(sync: Sync): boolean
  /** The lane's state begins anew: what it named before was of a link that is gone. */
  restartSyncs(): void
  /** A frame was lost to the syncs under way: what they have not named is not gone for that. */
  spoilSyncs(): void
  /** The socket is lost: a sync under way will not end. */
  abandonSync(): void
  /** Own writes were given up: what they covered shows again. */
  gaveUp(): void
}

/** Which lane, and how it is asked for. */
export interface LinkAddress extends LaneAddress {
  readonly params: LinkParams
  /** The body of @link and @sync, in Recon. */
  readonly body: string
}
