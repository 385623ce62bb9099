// Floor 3'. The port of a host: opens sockets by upgrade, and answers over HTTP, within the limits for both.
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { Cancel, Clock } from '../../base/clock.js'
import { Reader } from '../../recon/index.js'
import { MapOpReader } from '../../warp/map-op.js'
import type { Settings } from '../options.js'
import type { Peer, PeerHost } from '../peers/peer.js'
import { listeningAt, type ListeningAt } from './addresses.js'
import { answer } from './http.js'
import { Callers, RefusalLog, type Refusal } from './callers.js'
import { Slots } from './slots.js'
import { openPeer } from './socket.js'

/** What a port needs of its host. */
export type PortHost = Pick<PeerHost, 'journal' | 'visit'>

/** How long a client may take to answer a close, or to take in an answer, when the host closes. */
const closeTimeoutMs = 1000

/** Refuses a handshake, with a reason. */
function turnAway(stream: Duplex, status: string, why: string): void {
  const body = `${why}\n`
  // Do not wait for a client that keeps its side open.
  stream.once('finish', () => stream.destroy())
  stream.end(
    [
      `HTTP/1.1 ${status}`,
      'Connection: close',
      'Content-Type: text/plain; charset=utf-8',
      'X-Content-Type-Options: nosniff',
      `Content-Length: ${Buffer.byteLength(body)}`,
      ...(status.startsWith('503') ? ['Retry-After: 1'] : []),
      '',
      body,
    ].join('\r\n'),
  )
}

export class HostServer {
  readonly peers = new Set<Peer>()
  readonly #settings: Settings
  readonly #clock: Clock
  readonly #peerHost: PeerHost
  readonly #callers: Callers
  readonly #refusals: RefusalLog
  readonly #slots: Slots
  readonly #server: Server
  readonly #webSockets: WebSocketServer
  #isOpen = true
  #heartbeat: Cancel | undefined
  /** How many more handshakes are allowed in this second. */
  #handshakes = 0
  #second = -1

  constructor(settings: Settings, clock: Clock, host: PortHost) {
    const { tls, handshakeTimeoutMs, maxConnections, maxDepth, maxFrameBytes } = settings
    this.#settings = settings
    this.#clock = clock
    const reader = new Reader({ maxDepth, maxChars: maxFrameBytes })
    const ops = new MapOpReader(reader)
    const { journal } = host
    const visit: PeerHost['visit'] = (path, access, session, account) => host.visit(path, access, session, account)
    const { authenticate, onError: report } = settings
    this.#peerHost = { limits: settings, clock, journal, reader, ops, authenticate, visit, report }
    this.#callers = new Callers(settings, clock)
    this.#refusals = new RefusalLog(report)
    const isEndless = handshakeTimeoutMs === Infinity
    const timeouts = {
      headersTimeout: isEndless ? 0 : handshakeTimeoutMs,
      requestTimeout: isEndless ? 0 : handshakeTimeoutMs,
      connectionsCheckingInterval: Math.min(handshakeTimeoutMs, 30_000),
      // The TLS handshake: Node's default is two minutes.
      handshakeTimeout: isEndless ? 2 ** 31 - 1 : handshakeTimeoutMs,
    }
    this.#server = tls === undefined ? createServer(timeouts) : createTlsServer({ ...timeouts, ...tls })
    this.#slots = new Slots(Math.max(100, Math.ceil(maxConnections / 10)))
    this.#server.on('connection', (socket: Socket) => this.#slots.arrived(socket))
    this.#webSockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: maxFrameBytes,
      // Browsers that offer a subprotocol fail if none is chosen.
      handleProtocols: protocols => (protocols.has('warp0') ? 'warp0' : false),
    })
    const refusalOf = (request: IncomingMessage) => this.#refusalOf(request, false)
    const port = { refusalOf, files: settings.files, maxUriChars: settings.maxUriChars, visit, account: { nodes: 0 } }
    this.#server.on('request', (request, response) => {
      this.#slots.asked(request.socket)
      answer(port, request, response).catch((error: unknown) => {
        report(error, `GET ${request.url}`)
        response.destroy()
      })
    })
    this.#server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) =>
      this.#upgrade(request, stream, head),
    )
  }

  async listen(): Promise<ListeningAt> {
    const { port, hostname, tls } = this.#settings
    await new Promise<void>((ready, fail) => {
      this.#server.once('error', fail)
      this.#server.listen({ port, host: hostname }, () => {
        this.#server.off('error', fail)
        ready()
      })
    })
    this.#beat()
    const { address, port: taken } = this.#server.address() as AddressInfo
    return listeningAt(address, taken, tls !== undefined)
  }

  /** Closes every socket, and accepts no more. */
  closeSockets(code: number, reason: string): void {
    this.#isOpen = false
    for (const peer of this.peers) peer.close(code, reason)
  }

  async close(): Promise<void> {
    this.#heartbeat?.()
    const closed = new Promise<void>(done => this.#server.close(() => done()))
    this.closeSockets(1001, 'the host is closing')
    this.#server.closeIdleConnections()
    // Answers under way get a moment. Connections that are only kept alive do not.
    const late = this.#clock.timer(() => {
      for (const peer of this.peers) peer.terminate()
      this.#server.closeAllConnections()
    }, closeTimeoutMs)
    await closed
    late()
  }

  #beat(): void {
    const { heartbeatMs } = this.#settings
    if (heartbeatMs <= 0 || heartbeatMs === Infinity) return
    this.#heartbeat = this.#clock.timer(() => {
      for (const peer of this.peers) peer.probe()
      this.#beat()
    }, heartbeatMs)
  }

  #upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    stream.on('error', () => {})
    const refusal = this.#refusalOf(request, true)
    if (refusal !== undefined) return turnAway(stream, '403 Forbidden', refusal.message)
    if (!this.#isOpen)
      return turnAway(stream, '503 Service Unavailable', 'this host is closing, or its store has failed')
    if (this.peers.size >= this.#settings.maxConnections || !this.#mayShakeHands())
      return turnAway(
        stream,
        '503 Service Unavailable',
        'this host has as many sockets as it takes, or too many new ones',
      )
    this.#slots.left(request.socket)
    this.#webSockets.handleUpgrade(request, stream, head, webSocket => {
      this.peers.add(openPeer(webSocket, stream, request, this.#peerHost, peer => this.peers.delete(peer)))
    })
  }

  #refusalOf(request: IncomingMessage, isSocket: boolean): Refusal | undefined {
    const refusal = this.#callers.refusalOf(request.headers, isSocket)
    if (refusal !== undefined) this.#refusals.add(refusal)
    return refusal
  }

  #mayShakeHands(): boolean {
    const second = Math.floor(this.#clock.now() / 1000)
    if (second !== this.#second) {
      this.#second = second
      this.#handshakes = this.#settings.maxHandshakesPerSecond
    }
    return this.#handshakes-- > 0
  }
}
