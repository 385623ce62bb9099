// Floor 3'. What leaves by one socket: links take turns while it has room, and wait, folding, while it has none.
import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { Gate } from './gate.js'
import type { Link } from './link.js'

/** Frames written before other sockets have their turn. */
const framesPerTurn = 4096

export interface OutflowPort {
  /** The other end has taken in what was buffered. */
  drained(): void
  /** A frame could not be made. */
  failed(error: unknown): void
}

export class Outflow {
  readonly #webSocket: WebSocket
  readonly #stream: Duplex
  readonly #gate: Gate
  readonly #maxBufferedBytes: number
  /** Links with something to write, in turn. */
  readonly #ready = new Set<Link>()
  #scheduled: NodeJS.Immediate | undefined
  #isFull = false
  readonly #port: OutflowPort

  /** @param stream the socket under `webSocket` */
  constructor(webSocket: WebSocket, stream: Duplex, gate: Gate, maxBufferedBytes: number, port: OutflowPort) {
    this.#webSocket = webSocket
    this.#stream = stream
    this.#gate = gate
    this.#maxBufferedBytes = maxBufferedBytes
    this.#port = port
    stream.on('drain', () => this.#goOn())
  }

  wake(link: Link): void {
    this.#ready.add(link)
    this.#schedule()
  }

  /** Sends a frame ahead of the links. One who asks without reading the answers is read no further. */
  send(frame: string): void {
    this.#webSocket.send(frame)
    if (this.#webSocket.bufferedAmount <= this.#maxBufferedBytes) return
    this.#isFull = true
    this.#gate.hold('answers')
  }

  end(): void {
    if (this.#scheduled !== undefined) clearImmediate(this.#scheduled)
    this.#ready.clear()
  }

  #schedule(): void {
    // A turn of its own: what came in one turn goes out in one write, and folds.
    if (!this.#isFull) this.#scheduled ??= setImmediate(() => this.#flush())
  }

  #flush(): void {
    this.#scheduled = undefined
    this.#stream.cork()
    let left = framesPerTurn
    for (const link of this.#ready) {
      this.#ready.delete(link)
      const wrote = this.#write(link, Math.min(left, link.share))
      left -= wrote
      if (wrote === link.share || left === 0 || this.#isFull) this.#ready.add(link)
      if (left === 0 || this.#isFull) break
    }
    this.#stream.uncork()
    if (this.#ready.size > 0) this.#schedule()
  }

  #write(link: Link, most: number): number {
    for (let wrote = 0; wrote < most; wrote++) {
      const frame = this.#next(link)
      if (frame === undefined) return wrote
      this.#webSocket.send(frame)
      this.#isFull = this.#webSocket.bufferedAmount > this.#maxBufferedBytes
      if (this.#isFull) return wrote + 1
    }
    return most
  }

  #next(link: Link): string | undefined {
    try {
      return link.next()
    } catch (error) {
      // Not to happen; where it does, it ends one socket and not the host.
      this.#port.failed(error)
      return undefined
    }
  }

  #goOn(): void {
    this.#port.drained()
    if (this.#webSocket.bufferedAmount > this.#maxBufferedBytes) return
    this.#isFull = false
    this.#gate.release('answers')
    if (this.#ready.size > 0) this.#schedule()
  }
}
