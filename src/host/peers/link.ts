// Floor 3'. A link of one client to one lane.
import { writeHead } from '../../warp/write-envelope.js'
import type { Session } from '../lanes/access.js'
import type { LaneDoor } from '../lanes/lane.js'
import type { Uplink, UplinkPort } from '../lanes/uplink.js'

/** What a link needs of its socket. */
export interface LinkSocket {
  readonly session: Session
  wake(link: Link): void
  queued(chars: number): void
  /** Ends a link on the host's side. */
  expel(link: Link): void
}

export class Link implements UplinkPort {
  readonly event: string
  readonly synced: string
  readonly uplink: Uplink
  readonly #socket: LinkSocket
  readonly #lane: LaneDoor
  #queuedChars = 0
  #isOpen = true

  constructor(
    socket: LinkSocket,
    lane: LaneDoor,
    /** The key of the link. */
    readonly route: string,
    /** Node and lane as the client spelled them first, apart from canonical changes. */
    readonly node: string,
    readonly laneUri: string,
    /** The frame that answers the first link or sync; later ones get the same. */
    readonly linked: string,
    /** How many frames the link may write before it is the turn of other links: more for a higher priority. */
    readonly share: number,
  ) {
    this.#socket = socket
    this.#lane = lane
    this.event = writeHead('event', node, laneUri)
    this.synced = writeHead('synced', node, laneUri)
    this.uplink = lane.attach(this)
  }

  get session(): Session {
    return this.#socket.session
  }

  wake(): void {
    if (this.#isOpen) this.#socket.wake(this)
  }

  queued(chars: number): void {
    if (!this.#isOpen) return
    this.#queuedChars += chars
    this.#socket.queued(chars)
  }

  expel(): void {
    if (this.#isOpen) this.#socket.expel(this)
  }

  /** The next frame; undefined once the link is closed, even if frames wait. */
  next(): string | undefined {
    return this.#isOpen ? this.uplink.next() : undefined
  }

  /** Frames that wait are discarded. */
  close(): void {
    this.queued(-this.#queuedChars)
    this.#isOpen = false
    this.#lane.detach(this.uplink)
  }
}
