// Floor 6. What `client.inspect()` and `client.tap()` give. Types alone; src/inspect makes them.
import type { LaneKind } from '../base/errors.js'
import type { DownlinkStatus } from '../downlink/status.js'

/** A frame that went over a socket. */
export interface TappedFrame {
  /** When, in milliseconds by the client's clock: `performance.now()`, where the option `clock` is not given. */
  readonly at: number
  /** The host, without user info, query and fragment of its URI. */
  readonly hostUri: string
  /** `in`: from the host, as it is about to be read; `out`: from the client, as it is about to be sent. */
  readonly direction: 'in' | 'out'
  /** The frame, without credentials, and without what may be secret of the URIs in it. */
  readonly text: string
}

/** What has been counted. Of a host: since it was first used; of a client: of all its hosts together. */
export interface InspectedCounters {
  /** Frames. */
  readonly frames: { readonly in: number; readonly out: number }
  /** What they were long, in UTF-16 units: bytes, where they are of ASCII. */
  readonly bytes: { readonly in: number; readonly out: number }
  /** Events of the links that there are. */
  readonly updates: number
  /** How often the links that there are asked for a state that they had been asked for before. */
  readonly resyncs: number
  /** How often a socket was open again. */
  readonly reconnects: number
  /**
   * How long the quickest of the last syncs took, from the request to `@synced`, in milliseconds: the way there and back, and what
   * the host took for it. Undefined before the first.
   */
  readonly roundTripMs?: number
}

/** A host, as it is now. Times are milliseconds since 1970. */
export interface InspectedHost {
  /** Without user info, query and fragment. */
  readonly hostUri: string
  /**
   * `idle`: nobody needs its socket. `connecting`, `authenticating`: on the way. `open`. `waiting`: lost, tried again at
   * `nextAttemptAt`. `denied`: it refused the credentials. `closed`: with the client.
   */
  readonly state: 'idle' | 'connecting' | 'authenticating' | 'open' | 'waiting' | 'denied' | 'closed'
  /** When that began. */
  readonly since: number
  /** When it is tried again, while `waiting`. */
  readonly nextAttemptAt?: number
  /** Why it is not open, as far as anything is known. */
  readonly why?: string
  /** How many attempts in a row have failed, or were soon lost. */
  readonly failures: number
  /** Whether it has taken the credentials. */
  readonly authenticated: boolean
  /** The subprotocol `warp0` was taken, as a SwimOS Rust host does. */
  readonly warp0: boolean
  /**
   * Of a client with `sharedSocket`: whether a worker that all tabs share has its sockets, or a worker of its page alone, or the page
   * itself, as neither could be had.
   */
  readonly via?: 'shared-worker' | 'worker' | 'page'
  /** Commands without a link that wait. */
  readonly queued: number
  /** Links to its lanes. */
  readonly links: number
  /** Since it was first used. */
  readonly counters: InspectedCounters
}

/** A link to a lane, as it is now. However many downlinks the lane has, it has one link. Times are milliseconds since 1970. */
export interface InspectedLink {
  /** Without user info, query and fragment. */
  readonly hostUri: string
  /** Without a query. */
  readonly nodeUri: string
  /** Without a query. */
  readonly laneUri: string
  /** As that of a downlink to it; see DownlinkStatus. A lane that is known to have been empty is `connecting` after a lost socket. */
  readonly state: DownlinkStatus['state']
  /** Of a link that is `stale`: `disconnected` or `resyncing`. Of one that is `unlinked`: the host's reason. */
  readonly why?: string
  /** When its state was told last on this socket, where it was. */
  readonly syncedAt?: number
  /** How long that took from the request on, in milliseconds. */
  readonly syncMs?: number
  /** What its events have shown the lane to be. */
  readonly kind?: LaneKind
  /** How many entries it shows: of a map or list; of a value 0 or 1. Undefined, where no downlink keeps any. */
  readonly entries?: number
  /** Own writes that have not ended. */
  readonly pending: number
  /** Those of them that are not sent. */
  readonly queued: number
  /** Events since the link was made. */
  readonly updates: number
  /** How often it asked for its state again. */
  readonly resyncs: number
}

/** What goes on inside of a client: plain data, which JSON can hold. */
export interface Inspection {
  /** When it was looked at, in milliseconds since 1970. */
  readonly at: number
  /** Hosts, in the order they were first used. */
  readonly hosts: readonly InspectedHost[]
  /** Links, by host, in the order they were made. */
  readonly links: readonly InspectedLink[]
  /** Of all hosts together. */
  readonly counters: InspectedCounters & {
    /**
     * Errors that `onError` was told, or the console where nobody listens: not those that a `didFail` heard. Each failed attempt at a
     * host is one; `failures` of the host is how many there are in a row.
     */
    readonly errors: number
  }
}
