// Floor 5. The sockets to a host, one after another: opened by handshake, watched for signs of life, their frames handled in slices.
import { hostOf, type Host } from '../base/address.js'
import type { Cancel } from '../base/clock.js'
import { messageOf, ProtocolError, say, type SwimError, TransportError } from '../base/errors.js'
import { serviceRestart, type OpenTransport, type Transport, type TransportEnd } from '../transport/transport.js'
import type { Life } from '../link/link-port.js'
import { Handshake } from './handshake.js'
import { Heartbeat, type HeartbeatOptions } from './heartbeat.js'
import { Intake } from './intake.js'

/** A value, or a function that returns the value, called at each attempt. */
export type Asked<T> = T | (() => T | PromiseLike<T>)

export interface SocketOptions extends HeartbeatOptions {
  readonly host: Host
  readonly openTransport: OpenTransport
  /** Undefined: found by trying. */
  readonly protocols?: Asked<readonly string[]> | undefined
  /** For the `ws` package. */
  readonly webSocketOptions?: Asked<object> | undefined
  /** Writes are held back once this many bytes wait in the socket. */
  readonly maxBufferedBytes: number
}

export interface SocketListener {
  opened(): void
  received(text: string): void
  /** A message was not accepted; the socket goes on. */
  refused(error: SwimError): void
  /** The platform ended the socket because it refuses what the host sent. Called once for each kind of refusal. */
  failed(error: SwimError): void
  /** The socket failed, or was lost. @param isPeers whether the host or the network ended the socket, and not the client */
  ended(error: SwimError, isPeers: boolean): void
  /** There is room again for writes that were held back. */
  drained(): void
  /** Hides credentials that the host may repeat. */
  mask(text: string): string
  /** Sends frames that the host must answer. Returns whether they were sent: not while credentials await their answer. */
  probe(): boolean
}

const closeTimeoutMs = 1000
/** The time between two checks whether a full socket has room, in milliseconds. */
const drainMs = 10

/** UTF-16 units that platforms accept at once. If more was sent, nothing shows how much of it is still on its way. */
const manyChars = 2 ** 16

export class Socket implements Life {
  readonly #options: SocketOptions
  readonly #listener: SocketListener
  readonly #handshake: Handshake
  readonly intake: Intake
  readonly #heartbeat: Heartbeat
  #transport: Transport | undefined
  #drain: Cancel | undefined
  /** Counts attempts and their ends, so that late results of functions are ignored. */
  #round = 0
  #receivedBytes = 0
  /** How much had been sent when the last frame came. Answers to later frames come after that one. */
  #heardChars = 0
  // Over all sockets: how many frames were sent, how many UTF-16 units were sent, and how many units have come.
  sentFrames = 0
  sentChars = 0
  receivedChars = 0
  /** How many frames had come before the socket opened. */
  #framesBefore = 0

  constructor(options: SocketOptions, listener: SocketListener) {
    const { host, clock } = options
    this.#options = options
    this.#listener = listener
    this.#handshake = new Handshake(typeof options.protocols === 'function' ? undefined : options.protocols)
    this.intake = new Intake(
      clock,
      text => listener.received(text),
      isHeld => this.#transport?.hold(isHeld),
    )
    this.#heartbeat = new Heartbeat(options, {
      probe: () => listener.probe(),
      moved: () => this.#moved(),
      isBlind: () => this.#transport?.receivedBytes === undefined || this.sentChars - this.#heardChars > manyChars,
      dead: silentMs => {
        const why = say`${host.uri} gave no sign of life for ${Math.round(silentMs)} ms; reconnecting`
        listener.ended(new TransportError(why), false)
      },
    })
  }

  /** Opens another socket. Its events come later, never within this call. */
  open(): void {
    const { host, protocols, webSocketOptions } = this.#options
    const given = [host.ask, protocols, webSocketOptions]
    const round = ++this.#round
    if (!given.some(each => typeof each === 'function')) return this.#open(webSocketOptions)
    Promise.all(given.map(async each => (typeof each === 'function' ? each() : each)))
      .then(([uri, protocols, options]) => {
        if (round !== this.#round) return
        if (host.ask !== undefined) Object.assign(host, hostOf(uri as string))
        this.#handshake.fixed = protocols as readonly string[] | undefined
        this.#open(options as object | undefined)
      })
      .catch(cause => round === this.#round && this.#failed(cause))
  }

  #failed(cause: unknown): void {
    const why = say`can't create a WebSocket to ${this.#options.host.uri}: ${cause}`
    this.#listener.ended(new TransportError(why, 1006, '', { cause }), false)
  }

  #open(webSocketOptions: object | undefined): void {
    const { host, clock, openTransport } = this.#options
    try {
      this.#transport = openTransport(
        host.url,
        this.#handshake.offer(),
        {
          opened: () => {
            this.#heardChars = this.sentChars
            this.#framesBefore = this.frames
            this.#handshake.opened()
            this.#heartbeat.start()
            this.#listener.opened()
          },
          received: text => {
            this.#heartbeat.frames++
            this.#heardChars = this.sentChars
            this.receivedChars += text.length
            this.intake.take(text)
          },
          refused: what =>
            this.#listener.refused(new ProtocolError(say`${host.uri} sent ${what}, which is not taken,`, '')),
          // Frames from before the close are handled first.
          ended: end => this.intake.end(() => this.#ended(end)),
        },
        webSocketOptions,
      )
    } catch (cause) {
      this.#drain = clock.turn(() => this.#failed(cause))
    }
  }

  /** Resolves when the platform has released the socket. After a second it is forced to: a half-open peer never answers. */
  close(): Promise<void> | undefined {
    this.#round++
    const transport = this.#transport
    const closed = transport?.close()
    // A socket that is held back would not read the peer's answer to the close.
    this.intake.clear()
    this.#transport = undefined
    this.#heartbeat.stop()
    this.#drain?.()
    this.#drain = undefined
    return (
      closed &&
      new Promise(resolve => {
        const cancel = this.#options.clock.timer(() => (transport!.drop(), resolve()), closeTimeoutMs)
        void closed.then(cancel).then(resolve)
      })
    )
  }

  send(text: string): void {
    this.sentChars += text.length
    this.sentFrames++
    this.#transport?.send(text)
  }

  /** Whether the host of an open socket is SwimOS Rust: only SwimOS Rust accepts the subprotocol warp0. */
  get keepsOrder(): boolean {
    return this.#handshake.offer().includes('warp0')
  }

  /** Whether more may be sent; if not, `drained` is called once there is room. */
  get hasRoom(): boolean {
    const { maxBufferedBytes } = this.#options
    if (this.#transport === undefined) return false
    if (this.#holdsLess(maxBufferedBytes)) return true
    this.#awaitDrain()
    return false
  }

  get provenMs(): number {
    return this.#heartbeat.provenMs
  }
  get frames(): number {
    return this.#heartbeat.frames
  }

  /** Whether the host has sent nothing on this socket. */
  get isUnheard(): boolean {
    return this.frames === this.#framesBefore
  }

  get receivedBytes(): number | undefined {
    return this.#transport?.receivedBytes
  }

  /** Asks for a sign of life now. */
  check(): void {
    this.#heartbeat.check()
  }

  /** See Handshake.failed. */
  failedToOpen(): boolean {
    return this.#handshake.failed()
  }

  #ended({ code, reason: said, cause, refusals, advice = '', httpStatus, retryAfterMs }: TransportEnd): void {
    const reason = this.#listener.mask(said)
    const why = messageOf(cause === undefined ? reason : cause)
    const ended = say`the WebSocket to ${this.#options.host.uri} ended (${code}` + (why === '' ? ')' : say`: ${why})`)
    const message = ended + advice + '; reconnecting'
    const error = new TransportError(message, code, reason, { cause }, httpStatus, retryAfterMs)
    if (refusals === 1) this.#listener.failed(error)
    // Of what the client's side ended, no write was the cause.
    this.#listener.ended(error, refusals === undefined && code !== serviceRestart)
  }

  /** Whether bytes have come since the last call, or received frames wait for their turn. */
  #moved(): boolean {
    const { receivedBytes = 0 } = this.#transport ?? {}
    const moved = receivedBytes > this.#receivedBytes || this.intake.isBehind
    this.#receivedBytes = receivedBytes
    return moved
  }

  /** Whether fewer than `bytes` wait. An empty buffer always has room: otherwise a limit of 0 would hold writes back for ever. */
  #holdsLess(bytes: number): boolean {
    return (this.#transport?.bufferedBytes ?? 0) < Math.max(bytes, 1)
  }

  #awaitDrain(): void {
    const { clock, maxBufferedBytes } = this.#options
    this.#drain ??= clock.timer(() => {
      this.#drain = undefined
      if (this.#holdsLess(maxBufferedBytes / 2)) this.#listener.drained()
      else this.#awaitDrain()
    }, drainMs)
  }
}
