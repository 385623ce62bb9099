// Floor 3'. The port of a host: sockets by upgrade and answers over HTTP, within the limits for both.
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { Cancel, Clock } from '../../base/clock.js'
import { Reader } from '../../recon/index.js'
import { MapOpReader } from '../../warp/map-op.js'
import type { Settings } from '../options.js'
import type { Peer, PeerHost } from '../peers/peer.js'
import { answer } from './http.js'
import { isHostAllowed, isOriginAllowed, type OriginRules } from './origin.js'
import { openPeer } from './socket.js'

/** Where a host listens. */
export interface ListeningAt {
  /** What a client is given: `warp://127.0.0.1:9001`, or `warps:` with TLS. */
  readonly uri: string
  /** The same for a browser: `http://127.0.0.1:9001/`. */
  readonly url: string
  readonly port: number
}

/** What a port has of its host. */
export type PortHost = Pick<PeerHost, 'journal' | 'nodeOf'>

/** How long a client may take to answer a close, or to take in an answer, once the host closes. */
const closeTimeoutMs = 1000

export class HostServer {
  readonly peers = new Set<Peer>()
  readonly #settings: Settings
  readonly #clock: Clock
  readonly #peerHost: PeerHost
  readonly #rules: OriginRules
  readonly #server: Server
  readonly #webSockets: WebSocketServer
  #isOpen = true
  #heartbeat: Cancel | undefined
  /** Handshakes still allowed in this second. */
  #handshakes = 0
  #second = -1

  constructor(settings: Settings, clock: Clock, host: PortHost) {
    const { hostname, allowedOrigins, tls, handshakeTimeoutMs, maxConnections, maxDepth, maxFrameBytes } = settings
    this.#settings = settings
    this.#clock = clock
    const reader = new Reader({ maxDepth, maxChars: maxFrameBytes })
    const ops = new MapOpReader(reader)
    const { journal } = host
    const nodeOf = (path: string) => host.nodeOf(path)
    const { authenticate, onError: report } = settings
    this.#peerHost = { limits: settings, clock, journal, reader, ops, authenticate, nodeOf, report }
    this.#rules = { hostname, allowedOrigins }
    const isEndless = handshakeTimeoutMs === Infinity
    const timeouts = {
      headersTimeout: isEndless ? 0 : handshakeTimeoutMs,
      requestTimeout: isEndless ? 0 : handshakeTimeoutMs,
      connectionsCheckingInterval: Math.min(handshakeTimeoutMs, 30_000),
    }
    this.#server = tls === undefined ? createServer(timeouts) : createTlsServer({ ...timeouts, ...tls })
    // Room for plain requests, and to tell those above the limit that they are.
    this.#server.maxConnections = maxConnections + 100
    this.#webSockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: maxFrameBytes,
      // A browser that offers a protocol fails where none is answered.
      handleProtocols: protocols => (protocols.has('warp0') ? 'warp0' : false),
    })
    const port = { rules: this.#rules, files: settings.files, nodeOf }
    this.#server.on('request', (request, response) => {
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
    const { address, family, port: taken } = this.#server.address() as AddressInfo
    const name = `${family === 'IPv6' ? `[${address}]` : address}:${taken}`
    const s = tls === undefined ? '' : 's'
    return { uri: `warp${s}://${name}`, url: `http${s}://${name}/`, port: taken }
  }

  /** Closes every socket, and takes no more. */
  closeSockets(code: number, reason: string): void {
    this.#isOpen = false
    for (const peer of this.peers) peer.close(code, reason)
  }

  async close(): Promise<void> {
    this.#heartbeat?.()
    const closed = new Promise<void>(done => this.#server.close(() => done()))
    this.closeSockets(1001, 'the host is closing')
    this.#server.closeIdleConnections()
    // Answers on their way get a moment; a connection that is merely kept alive is not waited for.
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
    const { host, origin } = request.headers
    const isFull = !this.#isOpen || this.peers.size >= this.#settings.maxConnections || !this.#mayShakeHands()
    const isWelcome = isHostAllowed(host, this.#rules) && isOriginAllowed(origin, host, this.#rules)
    stream.on('error', () => {})
    if (isFull || !isWelcome) {
      const status = isFull ? '503 Service Unavailable' : '403 Forbidden'
      stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
      return
    }
    this.#webSockets.handleUpgrade(request, stream, head, webSocket => {
      this.peers.add(openPeer(webSocket, stream, request, this.#peerHost, peer => this.peers.delete(peer)))
    })
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
