// Floor 3'. One client's conversation: receives frames, within limits and in order. Dispatch handles their requests, and Outflow sends.
// A peer does not know sockets: its frames come and go by a Wire.
import type { Cancel, Clock } from '../../base/clock.js'
import { SwimError } from '../../base/swim-error.js'
import type { Reader, Value } from '../../recon/index.js'
import type { MapOpReader } from '../../warp/map-op.js'
import type { Journal } from '../keep/journal.js'
import type { Session } from '../lanes/access.js'
import type { Account, Found } from '../nodes/nodes.js'
import type { Access } from '../nodes/rights.js'
import { Dispatch, type DispatchPort } from './dispatch.js'
import { Gate } from './gate.js'
import type { Link } from './link.js'
import { Outflow } from './outflow.js'
import type { Wire } from './wire.js'

/** The limits of one client. */
export interface PeerLimits {
  readonly maxLinksPerSocket: number
  readonly maxUriChars: number
  readonly maxQueuedChars: number
  readonly maxBufferedBytes: number
  readonly maxFramesPerSecond: number
}

/** What a peer needs of its host. */
export interface PeerHost {
  readonly limits: PeerLimits
  readonly clock: Clock
  readonly journal: Journal
  /** One reader for all peers: reading ends before anything else happens, and each reader takes some 25 kB. */
  readonly reader: Reader
  readonly ops: MapOpReader
  readonly authenticate: ((credentials: Value, session: Session) => unknown) | undefined
  visit(path: string, access: Access, session: Session, account: Account): Found
  report(error: unknown, where: string): void
}

const closeTimeoutMs = 10_000

export class Peer implements DispatchPort {
  readonly session: Session & { identity: unknown }
  readonly reader: Reader
  readonly ops: MapOpReader
  readonly maxLinks: number
  readonly maxUriChars: number
  readonly #wire: Wire
  readonly #host: PeerHost
  readonly #dispatch: Dispatch
  readonly #account: Account = { nodes: 0 }
  readonly #gate: Gate
  readonly #outflow: Outflow
  /** Frames that came while credentials were checked. */
  #waiting: string[] | undefined
  #queuedChars = 0
  #isAlive = true
  #isOpen = true
  /** How many frames the client may still send, as of a time. */
  #allowance: number
  #allowedAt: number
  /** Cancels the wait for the client's next share of frames, and the wait for its close. */
  #release: Cancel | undefined
  #closing: Cancel | undefined

  /** @param session the session, without an identity yet */
  constructor(wire: Wire, session: Omit<Session, 'identity'>, host: PeerHost) {
    const { limits, clock } = host
    this.#wire = wire
    this.#host = host
    this.session = { ...session, identity: undefined }
    this.reader = host.reader
    this.ops = host.ops
    this.maxLinks = limits.maxLinksPerSocket
    this.maxUriChars = limits.maxUriChars
    this.#allowance = limits.maxFramesPerSecond
    this.#allowedAt = clock.now()
    this.#dispatch = new Dispatch(this, session.url)
    this.#gate = new Gate(wire)
    this.#outflow = new Outflow(wire, this.#gate, clock, limits.maxBufferedBytes, error => this.#fail(error))
  }

  get linkCount(): number {
    return this.#dispatch.linkCount
  }

  /** Pings the client. Cuts a socket that has shown no sign of life since the last ping. */
  probe(): void {
    // While a socket is paused, its signs of life are not read.
    if (!this.#isAlive && !this.#gate.isHeld) return this.#wire.terminate()
    this.#isAlive = false
    this.#wire.ping()
  }

  visit(path: string, access: Access): Found {
    return this.#host.visit(path, access, this.session, this.#account)
  }

  send(frame: string): void {
    if (this.#isOpen) this.#outflow.send(frame)
  }

  close(code: number, reason: string): void {
    if (!this.#isOpen) return
    this.#end()
    this.#wire.close(code, reason)
    // A slow reader gets time to read the reason.
    this.#closing = this.#host.clock.timer(() => this.#wire.terminate(), closeTimeoutMs)
  }

  terminate(): void {
    this.#wire.terminate()
  }

  /** The client has shown a sign of life. */
  heard(): void {
    this.#isAlive = true
  }

  /** The client has taken in the buffered frames. */
  drained(): void {
    this.#isAlive = true
    this.#outflow.drained()
  }

  /** The wire has closed, on whichever side. */
  ended(): void {
    this.#closing?.()
    this.#end()
  }

  wake(link: Link): void {
    if (this.#isOpen) this.#outflow.wake(link)
  }

  expel(link: Link): void {
    this.#dispatch.expel(link)
  }

  queued(chars: number): void {
    const { maxQueuedChars } = this.#host.limits
    this.#queuedChars += chars
    if (this.#queuedChars > maxQueuedChars)
      this.close(1008, `reads too slowly: more than ${maxQueuedChars} characters wait`)
  }

  afterKept(run: () => void): void {
    this.#host.journal.record([], run)
  }

  authenticate(text: string, bodyAt: number): void {
    const { authenticate } = this.#host
    const credentials = this.reader.block(text, bodyAt)
    if (authenticate === undefined) return this.#judged(credentials ?? true)
    this.#waiting = []
    this.#gate.hold('auth')
    const judge = async () => {
      let verdict: unknown = false
      try {
        verdict = await authenticate(credentials, this.session)
      } catch (error) {
        this.#host.report(error, 'authenticate')
      }
      this.#judged(verdict)
      const frames = this.#waiting ?? []
      this.#waiting = undefined
      this.#gate.release('auth')
      for (const frame of frames) this.receive(frame)
    }
    void judge()
  }

  deauthenticate(): void {
    this.session.identity = undefined
    this.send('@deauthed')
  }

  #judged(verdict: unknown): void {
    const isGood = verdict !== undefined && verdict !== null && verdict !== false
    this.session.identity = isGood ? verdict : undefined
    this.send(isGood ? '@authed' : '@deauthed')
    if (verdict === false) this.close(1008, 'Unauthorized')
  }

  /** A frame has come. */
  receive(text: string): void {
    if (!this.#isOpen) return
    this.#isAlive = true
    // After a pause, a few more frames come: those that the stream had already read.
    if (this.#waiting !== undefined) return void this.#waiting.push(text)
    this.#ration()
    try {
      this.#dispatch.receive(text)
    } catch (error) {
      if (error instanceof SwimError) this.close(1002, error.message)
      else this.#fail(error)
    }
    if (this.#host.journal.isBehind && !this.#gate.isHeldFor('store')) {
      this.#gate.hold('store')
      this.#host.journal.whenAhead(() => this.#gate.release('store'))
    }
  }

  /** Pauses a socket that sends more than its share, until it has waited long enough. */
  #ration(): void {
    if (--this.#allowance >= 0 || this.#refill() >= 0 || this.#gate.isHeldFor('rate')) return
    this.#gate.hold('rate')
    this.#makeUp()
  }

  #refill(): number {
    const { maxFramesPerSecond } = this.#host.limits
    const now = this.#host.clock.now()
    const earned = ((now - this.#allowedAt) / 1000) * maxFramesPerSecond
    this.#allowedAt = now
    return (this.#allowance = Math.min(maxFramesPerSecond, this.#allowance + earned))
  }

  #makeUp(): void {
    const owed = -this.#refill()
    if (owed <= 0) return this.#gate.release('rate')
    // Frames that were read already may add to the debt, so check again after the wait.
    const waitMs = (owed / this.#host.limits.maxFramesPerSecond) * 1000 + 10
    this.#release = this.#host.clock.timer(() => this.#makeUp(), waitMs)
  }

  /** Ends the socket over a fault of the host. */
  #fail(error: unknown): void {
    this.#host.report(error, 'a frame')
    this.close(1011, 'internal error')
  }

  #end(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#release?.()
    this.#outflow.end()
    this.#dispatch.end()
  }
}
