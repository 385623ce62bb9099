// Floor 3'. A link: one lane, as one client has linked to it.
import { writeHead } from '../../warp/write-envelope.js'
import type { Session } from '../lanes/access.js'
import type { LaneDoor } from '../lanes/lane.js'
import type { Uplink, UplinkPort } from '../lanes/uplink.js'

/** What a link has of its socket. */
export interface LinkSocket {
  readonly session: Session
  wake(link: Link): void
  queued(chars: number): void
  /** Ends a link by the host's own will. */
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
    /** What it is found by. */
    readonly route: string,
    /** Its node and lane as the client first spelled them, but for what is canonical. */
    readonly node: string,
    readonly laneUri: string,
    /** The whole answer to its first link or sync, which is also that to later ones. */
    readonly linked: string,
    /** How many frames it may write before the socket's other links come: more for a higher priority. */
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

  /** The next frame; none once it is closed, whatever waits. */
  next(): string | undefined {
    return this.#isOpen ? this.uplink.next() : undefined
  }

  /** What still waits is never written. */
  close(): void {
    this.queued(-this.#queuedChars)
    this.#isOpen = false
    this.#lane.detach(this.uplink)
  }
}
