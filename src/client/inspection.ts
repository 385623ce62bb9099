// Floor 6. The results of `client.inspect()` and `client.tap()`. Types only; src/inspect makes them.
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
  /** The frame, without credentials, and without the parts of its URIs that may be secret. */
  readonly text: string
}

/** Counters: of a host, since it was first used; of a client, the sum over its hosts. */
export interface InspectedCounters {
  /** Frames. */
  readonly frames: { readonly in: number; readonly out: number }
  /** Their length, in UTF-16 units: bytes where they are ASCII. */
  readonly bytes: { readonly in: number; readonly out: number }
  /** Events of the current links. */
  readonly updates: number
  /** How often the current links have synced again. */
  readonly resyncs: number
  /** How often a socket was opened again after a loss. */
  readonly reconnects: number
  /**
   * The shortest time of the last syncs, from the request to `@synced`, in milliseconds: the round trip and the host's work.
   * Undefined before the first.
   */
  readonly roundTripMs?: number
}

/** A host, as it is now. Times are milliseconds since 1970. */
export interface InspectedHost {
  /** Without user info, query and fragment. */
  readonly hostUri: string
  /**
   * `idle`: its socket is not needed. `connecting`, `authenticating`: on the way. `open`. `waiting`: lost, retried at
   * `nextAttemptAt`. `denied`: the host refused the credentials. `closed`: with the client.
   */
  readonly state: 'idle' | 'connecting' | 'authenticating' | 'open' | 'waiting' | 'denied' | 'closed'
  /** When this state began. */
  readonly since: number
  /** When the client connects again, while `waiting`. */
  readonly nextAttemptAt?: number
  /** Why it is not open, where that is known. */
  readonly why?: string
  /** How many attempts in a row failed, or opened a socket that was soon lost. */
  readonly failures: number
  /** Whether it has accepted the credentials. */
  readonly authenticated: boolean
  /** Whether it chose the subprotocol `warp0`, as SwimOS Rust does. */
  readonly warp0: boolean
  /**
   * Of a client with `sharedSocket`, who holds the socket: a worker that all tabs share, a worker of this page, or the page itself
   * where no worker started.
   */
  readonly via?: 'shared-worker' | 'worker' | 'page'
  /** Commands without a link that wait to be sent. */
  readonly queued: number
  /** Links to its lanes. */
  readonly links: number
  /** Counted since its first use. */
  readonly counters: InspectedCounters
}

/** A link to a lane, as it is now. All downlinks of a lane share one link. Times are milliseconds since 1970. */
export interface InspectedLink {
  /** Without user info, query and fragment. */
  readonly hostUri: string
  /** Without a query. */
  readonly nodeUri: string
  /** Without a query. */
  readonly laneUri: string
  /** As the status of its downlinks; see DownlinkStatus. After a lost socket, a lane last known to be empty is `connecting`. */
  readonly state: DownlinkStatus['state']
  /** While `stale`: `disconnected` or `resyncing`. While `unlinked`: the host's reason. */
  readonly why?: string
  /** When its last sync on this socket ended; undefined before the first. */
  readonly syncedAt?: number
  /** How long that sync took from its request, in milliseconds. */
  readonly syncMs?: number
  /** The kind of lane, as its events show it. */
  readonly kind?: LaneKind
  /** How many entries or items it holds; of a value 0 or 1. Undefined where no downlink keeps any. */
  readonly entries?: number
  /** Own writes that have not ended. */
  readonly pending: number
  /** Own writes that have not been sent. */
  readonly queued: number
  /** Events since the link was made. */
  readonly updates: number
  /** How often it has synced again. */
  readonly resyncs: number
}

/** The state of a client: plain data, which JSON can hold. */
export interface Inspection {
  /** When this was taken, in milliseconds since 1970. */
  readonly at: number
  /** Hosts, in the order they were first used. */
  readonly hosts: readonly InspectedHost[]
  /** Links, by host, in the order they were made. */
  readonly links: readonly InspectedLink[]
  /** Sums over all hosts. */
  readonly counters: InspectedCounters & {
    /**
     * Errors reported to `onError`, or to the console where nobody listens, but not those that a `didFail` received. Each failed
     * attempt to connect is one; the host's `failures` counts those in a row.
     */
    readonly errors: number
  }
}
