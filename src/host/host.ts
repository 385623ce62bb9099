// Floor 3'. The host: nodes and lanes by definition, sockets by upgrade, a look at lanes over HTTP; all on one port.
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { ClosedError, ConfigError } from '../base/errors.js'
import { parse } from '../recon/index.js'
import { answer } from './http.js'
import { memoryJournal, StoreJournal, type Journal } from './journal.js'
import type { HostNode } from './node.js'
import { Nodes, type DefineNode } from './nodes.js'
import { readSettings, type Settings, type WarpHostOptions } from './options.js'
import { isHostAllowed, isOriginAllowed } from './origin.js'
import { HostSocket, type SocketHost } from './socket.js'

/** Where a host listens. */
export interface ListeningAt {
  /** What a client is given: `warp://127.0.0.1:9001`, or `warps:` with TLS. */
  readonly uri: string
  /** The same for a browser: `http://127.0.0.1:9001/`. */
  readonly url: string
  readonly port: number
}

/** How long a client may take to answer a close, or to take in an answer. */
const closeTimeoutMs = 1000

type State = 'new' | 'loading' | 'listening' | 'closed'

/**
 * An embedded WARP host, for demos, tests and small tools. Nothing happens before `listen()`.
 * @throws {ConfigError} for an option that can't work
 */
export class WarpHost {
  readonly #settings: Settings
  readonly #nodes: Nodes
  readonly #journal: Journal
  readonly #server: Server
  readonly #webSockets: WebSocketServer
  readonly #sockets = new Set<HostSocket>()
  #state: State = 'new'
  #heartbeat: NodeJS.Timeout | undefined
  /** Handshakes still allowed in this second. */
  #handshakes = 0
  #second = -1

  constructor(options: WarpHostOptions = {}) {
    const settings = readSettings(options)
    const { store, tls } = settings
    this.#settings = settings
    this.#journal = store === undefined ? memoryJournal : new StoreJournal(store, error => this.#storeFailed(error))
    this.#nodes = new Nodes(
      {
        isKept: store !== undefined,
        record: (changes, tell) => this.#journal.record(changes, tell),
        run: (where, type, handler) => this.#run(where, type, handler),
      },
      settings.maxNodes,
    )
    const timeouts = { headersTimeout: settings.handshakeTimeoutMs, requestTimeout: settings.handshakeTimeoutMs }
    this.#server = tls === undefined ? createServer(timeouts) : createTlsServer({ ...timeouts, ...tls })
    this.#server.maxConnections = settings.maxConnections + 100
    this.#webSockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: settings.maxFrameBytes,
      // A browser that offers a protocol fails where none is answered.
      handleProtocols: protocols => (protocols.has('warp0') ? 'warp0' : false),
    })
    this.#server.on('request', (request, response) => {
      const { hostname, allowedOrigins, files } = settings
      const host = { rules: { hostname, allowedOrigins }, files, nodeOf: (path: string) => this.#nodeOf(path) }
      answer(host, request, response).catch((error: unknown) => {
        settings.onError(error, `GET ${request.url}`)
        response.destroy()
      })
    })
    this.#server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) =>
      this.#upgrade(request, stream, head),
    )
  }

  /**
   * Defines the nodes of a pattern such as `/unit/:id`. `define` is called for each of them on its first use, and declares its
   * lanes. Where several patterns are for a URI, the one that spells out more of it is taken.
   * @throws {ConfigError} for a pattern that is none, or that was defined before
   */
  node(pattern: string, define: DefineNode): this {
    this.#nodes.define(pattern, define)
    return this
  }

  /**
   * A node of this host, made where it is not there yet.
   * @throws {ConfigError} where no pattern is for it, or where the host has a store that `listen()` has not read yet
   */
  nodeRef(uri: string): HostNode {
    if (this.#settings.store !== undefined && this.#state === 'new') {
      throw new ConfigError('store', 'nodes are there once the store is read: await listen() first')
    }
    return this.#nodes.ref(uri)
  }

  /** How many sockets and links are open. */
  get load(): { readonly sockets: number; readonly links: number } {
    let links = 0
    for (const socket of this.#sockets) links += socket.linkCount
    return { sockets: this.#sockets.size, links }
  }

  /**
   * Reads the store, where there is one, and listens.
   * @throws {ClosedError} when it has been closed; what the port or the store fails at is thrown as it comes
   */
  async listen(): Promise<ListeningAt> {
    if (this.#state !== 'new') throw new ClosedError('a host listens once: make a new WarpHost')
    this.#state = 'loading'
    await this.#load()
    const { port, hostname, heartbeatMs, tls } = this.#settings
    await new Promise<void>((ready, fail) => {
      this.#server.once('error', fail)
      this.#server.listen({ port, host: hostname }, () => {
        this.#server.off('error', fail)
        ready()
      })
    })
    this.#state = 'listening'
    if (heartbeatMs > 0 && heartbeatMs < Infinity) {
      this.#heartbeat = setInterval(() => {
        for (const socket of this.#sockets) socket.probe()
      }, heartbeatMs)
      this.#heartbeat.unref()
    }
    const { address, family, port: taken } = this.#server.address() as AddressInfo
    const name = `${family === 'IPv6' ? `[${address}]` : address}:${taken}`
    const s = tls === undefined ? '' : 's'
    return { uri: `warp${s}://${name}`, url: `http${s}://${name}/`, port: taken }
  }

  /** Closes every socket with 1001, then the port and the store, all that was recorded being kept. Safe to call twice. */
  async close(): Promise<void> {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    clearInterval(this.#heartbeat)
    for (const socket of [...this.#sockets]) socket.close(1001, 'the host is closing')
    const closed = new Promise<void>(done => this.#server.close(() => done()))
    this.#server.closeIdleConnections()
    await this.#journal.settle()
    // Answers on their way get a moment; a connection that is merely kept alive is not waited for.
    const late = setTimeout(() => this.#server.closeAllConnections(), closeTimeoutMs)
    await closed
    clearTimeout(late)
    await this.#settings.store?.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #load(): Promise<void> {
    const { store, onError } = this.#settings
    if (store === undefined) return
    for await (const { node, lane, key, value } of store.load()) {
      const restore = this.#nodes.of(node, false)?.door(lane)?.restore
      // A lane that is not defined any more stays in the store, for the day it is again.
      if (restore === undefined || value === undefined) continue
      try {
        restore(parse(key), parse(value))
      } catch (error) {
        onError(error, `the store's entry ${key} of ${node} ${lane}`)
      }
    }
  }

  #nodeOf(path: string): HostNode | undefined {
    try {
      return this.#nodes.of(path, true)
    } catch (error) {
      this.#settings.onError(error, `the definition of node ${path}`)
      return undefined
    }
  }

  #run(where: string, type: string, handler: () => unknown): void {
    const fail = (error: unknown) => this.#settings.onError(error, `${type} of ${where}`)
    try {
      const result = handler()
      if (result instanceof Promise) result.catch(fail)
    } catch (error) {
      fail(error)
    }
  }

  #storeFailed(error: unknown): void {
    this.#settings.onError(error, 'the store')
    for (const socket of [...this.#sockets]) socket.close(1011, 'the store failed')
  }

  #upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const { hostname, allowedOrigins, maxConnections, onError } = this.#settings
    const rules = { hostname, allowedOrigins }
    const { host, origin } = request.headers
    const refusal =
      this.#state !== 'listening' || this.#sockets.size >= maxConnections || !this.#mayShakeHands()
        ? '503 Service Unavailable'
        : isHostAllowed(host, rules) && isOriginAllowed(origin, host, rules)
          ? undefined
          : '403 Forbidden'
    stream.on('error', () => {})
    if (refusal !== undefined) {
      stream.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
      return
    }
    const port: SocketHost = {
      settings: this.#settings,
      journal: this.#journal,
      nodeOf: path => this.#nodeOf(path),
      report: onError,
      ended: socket => this.#sockets.delete(socket),
    }
    this.#webSockets.handleUpgrade(request, stream, head, webSocket => {
      this.#sockets.add(new HostSocket(webSocket, stream, request, port))
    })
  }

  #mayShakeHands(): boolean {
    const second = Math.floor(performance.now() / 1000)
    if (second !== this.#second) {
      this.#second = second
      this.#handshakes = this.#settings.maxHandshakesPerSecond
    }
    return this.#handshakes-- > 0
  }
}
