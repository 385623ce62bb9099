// Floor 3'. One client's socket: frames in, within limits and in order; what they ask for is for Dispatch, what goes out for Outflow.
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import { SwimError } from '../../base/swim-error.js'
import type { Reader } from '../../recon/index.js'
import type { MapOpReader } from '../../warp/map-op.js'
import type { Session } from '../lanes/access.js'
import { Dispatch, type DispatchPort } from './dispatch.js'
import { Gate } from './gate.js'
import type { Journal } from '../keep/journal.js'
import type { Link } from './link.js'
import type { HostNode } from '../nodes/node.js'
import type { Settings } from '../options.js'
import { Outflow } from './outflow.js'

/** What a socket has of its host. */
export interface SocketHost {
  readonly settings: Settings
  readonly journal: Journal
  /** One for all sockets: reading is over before anything else happens, and a reader remembers some 25 kB. */
  readonly reader: Reader
  readonly ops: MapOpReader
  nodeOf(path: string): HostNode | undefined
  report(error: unknown, where: string): void
  ended(socket: HostSocket): void
}

const closeTimeoutMs = 10_000

/** A close reason is at most 123 bytes, which may be a third as many characters. */
const reasonOf = (text: string): string => {
  let reason = text.slice(0, 123)
  while (Buffer.byteLength(reason) > 123) reason = reason.slice(0, -1)
  return reason
}

export class HostSocket implements DispatchPort {
  readonly session: Session & { identity: unknown }
  readonly reader: Reader
  readonly ops: MapOpReader
  readonly maxLinks: number
  readonly #webSocket: WebSocket
  readonly #host: SocketHost
  readonly #dispatch: Dispatch
  readonly #gate: Gate
  readonly #outflow: Outflow
  /** Frames that came while credentials were looked at. */
  #waiting: string[] | undefined
  #queuedChars = 0
  #isAlive = true
  #isOpen = true
  /** Frames it may still send, as of a time. */
  #allowance: number
  #allowedAt = performance.now()

  constructor(webSocket: WebSocket, stream: Duplex, request: IncomingMessage, host: SocketHost) {
    const { settings } = host
    this.#webSocket = webSocket
    this.#host = host
    this.session = {
      identity: undefined,
      url: request.url ?? '/',
      headers: request.headers,
      remoteAddress: request.socket.remoteAddress,
    }
    this.reader = host.reader
    this.ops = host.ops
    this.maxLinks = settings.maxLinksPerSocket
    this.#allowance = settings.maxFramesPerSecond
    this.#dispatch = new Dispatch(this, this.session.url)
    this.#gate = new Gate(webSocket)
    this.#outflow = new Outflow(webSocket, stream, this.#gate, settings.maxBufferedBytes, {
      drained: () => (this.#isAlive = true),
      failed: error => this.#fail(error),
    })
    webSocket.on('message', data => this.#receive(String(data as Buffer)))
    webSocket.on('pong', () => (this.#isAlive = true))
    // A frame too long, or bytes that are no WebSocket's: `ws` closes with the fitting code by itself.
    webSocket.on('error', () => {})
    webSocket.on('close', () => {
      this.#end()
      host.ended(this)
    })
  }

  get linkCount(): number {
    return this.#dispatch.linkCount
  }

  /** Asks for a sign of life; a socket that has given none since the last time is cut. */
  probe(): void {
    // One that is not read can't be heard to live.
    if (!this.#isAlive && !this.#gate.isHeld) return this.#webSocket.terminate()
    this.#isAlive = false
    this.#webSocket.ping()
  }

  nodeOf(path: string): HostNode | undefined {
    return this.#host.nodeOf(path)
  }

  send(frame: string): void {
    if (this.#isOpen) this.#outflow.send(frame)
  }

  close(code: number, reason: string): void {
    if (!this.#isOpen) return
    this.#end()
    this.#webSocket.close(code, reasonOf(reason))
    // One that reads slowly is given time to read why.
    setTimeout(() => this.#webSocket.terminate(), closeTimeoutMs).unref()
  }

  terminate(): void {
    this.#webSocket.terminate()
  }

  wake(link: Link): void {
    if (this.#isOpen) this.#outflow.wake(link)
  }

  queued(chars: number): void {
    const { maxQueuedChars } = this.#host.settings
    this.#queuedChars += chars
    if (this.#queuedChars > maxQueuedChars)
      this.close(1008, `reads too slowly: more than ${maxQueuedChars} characters wait`)
  }

  afterKept(run: () => void): void {
    this.#host.journal.record([], run)
  }

  authenticate(text: string, bodyAt: number): void {
    const { authenticate } = this.#host.settings
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
      for (const frame of frames) this.#receive(frame)
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

  #receive(text: string): void {
    if (!this.#isOpen) return
    this.#isAlive = true
    // What a paused socket had read already still comes: at most a few of the stream's own chunks.
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

  /** Lets a socket that sends more than its share wait until it has made up for it. */
  #ration(): void {
    if (--this.#allowance >= 0 || this.#refill() >= 0 || this.#gate.isHeldFor('rate')) return
    this.#gate.hold('rate')
    this.#release()
  }

  #refill(): number {
    const { maxFramesPerSecond } = this.#host.settings
    const now = performance.now()
    const earned = ((now - this.#allowedAt) / 1000) * maxFramesPerSecond
    this.#allowedAt = now
    return (this.#allowance = Math.min(maxFramesPerSecond, this.#allowance + earned))
  }

  #release(): void {
    const owed = -this.#refill()
    if (owed <= 0) return this.#gate.release('rate')
    // What had been read already may still add to it, so it is looked at again.
    setTimeout(() => this.#release(), (owed / this.#host.settings.maxFramesPerSecond) * 1000 + 10).unref()
  }

  /** What is the host's fault, not the client's. */
  #fail(error: unknown): void {
    this.#host.report(error, 'a frame')
    this.close(1011, 'internal error')
  }

  #end(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#outflow.end()
    this.#dispatch.end()
  }
}
