// A client of `ws` and the embedded host's own sockets, bytes and all, over a network in memory and in a time that tests move.
import { createServer, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import '../../../src/list.js'
import { openPeer } from '../../../src/host/server/socket.js'
import type { DefineNode } from '../../../src/host/nodes/nodes.js'
import { SwimClient, type SwimClientOptions, type SwimError } from '../../../src/index.js'
import { MemoryHost } from '../../../src/testing/memory-host.js'
import { VirtualClock } from '../../../src/testing/virtual-clock.js'
import { BytePair, type Cut } from './byte-pair.js'

/** Turns of the loop in which no byte passes, before it is time that has to. A message takes fewer to get through all streams. */
const quietTurns = 8
/** Turns in all, before it is said that there is no end. */
const mostTurns = 20_000

export interface ByteWorldParts {
  /** The lanes of the node `/n`. */
  readonly define: DefineNode
  /** Where the first connection is cut, and what happens then. */
  readonly cut?: Cut | undefined
  readonly onCut?: () => void
  /** Takes the host's end of a connection, by its number from 1 on; where it does not, the host itself does. */
  readonly take?: (end: Duplex, count: number) => boolean
  readonly options?: SwimClientOptions
}

export class ByteWorld {
  readonly clock = new VirtualClock()
  readonly host = new MemoryHost({ clock: this.clock, like: undefined, authenticate: undefined, undeclared: false })
  readonly client: SwimClient<SwimClientOptions & { hostUri: string; nodeUri?: never; laneUri?: never }>
  readonly errors: SwimError[] = []
  readonly pairs: BytePair[] = []
  readonly #server = createServer()

  constructor({ define, cut, onCut = () => {}, take = () => false, options }: ByteWorldParts) {
    this.host.define('/n', define, {})
    // Its lanes are there before anybody has asked for one.
    this.host.plane.ref('/n').door('map')
    const webSockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      handleProtocols: protocols => (protocols.has('warp0') ? 'warp0' : false),
    })
    this.#server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
      stream.on('error', () => {})
      webSockets.handleUpgrade(request, stream, head, socket => openPeer(socket, stream, request, this.host.peerHost, () => {})) // prettier-ignore
    })
    this.#server.on('clientError', (_, stream: Duplex) => stream.destroy())
    const createConnection = () => {
      const pair = new BytePair(this.pairs.length === 0 ? cut : undefined, onCut)
      this.pairs.push(pair)
      if (!take(pair.host, this.pairs.length)) this.#server.emit('connection', pair.host)
      return pair.client
    }
    this.client = new SwimClient({
      hostUri: 'warp://host',
      clock: this.clock,
      webSocketOptions: { createConnection },
      onError: error => this.errors.push(error),
      reconnectMinMs: 100,
      reconnectMaxMs: 100,
      heartbeatMs: 0,
      ...options,
    })
  }

  /** Lets bytes pass, and time where none do, until something is so. */
  async until(isDone: () => boolean, what: string): Promise<void> {
    let [quiet, passed] = [0, -1]
    for (let turns = 0; !isDone(); turns++) {
      if (turns > mostTurns) throw new Error(`it never comes to this: ${what}`)
      await this.clock.settle()
      const bytes = this.pairs.reduce((sum, { up, down }) => sum + up + down, this.pairs.length)
      quiet = bytes === passed ? quiet + 1 : 0
      passed = bytes
      if (quiet <= quietTurns) continue
      quiet = 0
      await this.clock.advance(this.clock.nextInMs ?? 0)
    }
  }

  async close(): Promise<void> {
    let isClosed = false
    void this.client.close().then(() => (isClosed = true))
    await this.until(() => isClosed, 'the client is closed')
    for (const { client, host } of this.pairs) [client, host].forEach(end => end.destroy())
    this.#server.close()
  }
}
