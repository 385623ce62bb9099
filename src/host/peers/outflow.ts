// Floor 3'. Sends frames to one client. Its links take turns while the wire has room. Without room they wait, and their events fold.
import type { Cancel, Clock } from '../../base/clock.js'
import type { Gate } from './gate.js'
import type { Link } from './link.js'
import type { Wire } from './wire.js'

/** How many frames are written before it is the turn of other sockets. */
const framesPerTurn = 4096

export class Outflow {
  readonly #wire: Wire
  readonly #gate: Gate
  readonly #clock: Clock
  readonly #maxBufferedBytes: number
  /** Links with frames to write, in turn. */
  readonly #ready = new Set<Link>()
  #scheduled: Cancel | undefined
  #isFull = false
  readonly #failed: (error: unknown) => void

  /** @param failed called when a frame can't be made */
  constructor(wire: Wire, gate: Gate, clock: Clock, maxBufferedBytes: number, failed: (error: unknown) => void) {
    this.#wire = wire
    this.#gate = gate
    this.#clock = clock
    this.#maxBufferedBytes = maxBufferedBytes
    this.#failed = failed
  }

  wake(link: Link): void {
    this.#ready.add(link)
    this.#schedule()
  }

  /** Sends a frame before those of links. A client that sends requests without reading the answers is paused. */
  send(frame: string): void {
    this.#wire.send(frame)
    if (this.#wire.bufferedBytes <= this.#maxBufferedBytes) return
    this.#isFull = true
    this.#gate.hold('answers')
  }

  /** The client has taken in the buffered frames. */
  drained(): void {
    if (this.#wire.bufferedBytes > this.#maxBufferedBytes) return
    this.#isFull = false
    this.#gate.release('answers')
    if (this.#ready.size > 0) this.#schedule()
  }

  end(): void {
    this.#scheduled?.()
    this.#ready.clear()
  }

  #schedule(): void {
    // In a later turn, so that changes of one turn go out in one write, and fold.
    if (!this.#isFull) this.#scheduled ??= this.#clock.turn(() => this.#flush())
  }

  #flush(): void {
    this.#scheduled = undefined
    this.#isFull = this.#wire.bufferedBytes > this.#maxBufferedBytes
    if (this.#isFull) return
    this.#wire.together(() => this.#takeTurns())
    if (this.#ready.size > 0) this.#schedule()
  }

  #takeTurns(): void {
    let left = framesPerTurn
    for (const link of this.#ready) {
      this.#ready.delete(link)
      const wrote = this.#write(link, Math.min(left, link.share))
      left -= wrote
      if (wrote === link.share || left === 0 || this.#isFull) this.#ready.add(link)
      if (left === 0 || this.#isFull) break
    }
  }

  #write(link: Link, most: number): number {
    for (let wrote = 0; wrote < most; wrote++) {
      const frame = this.#next(link)
      if (frame === undefined) return wrote
      this.#wire.send(frame)
      this.#isFull = this.#wire.bufferedBytes > this.#maxBufferedBytes
      if (this.#isFull) return wrote + 1
    }
    return most
  }

  #next(link: Link): string | undefined {
    try {
      return link.next()
    } catch (error) {
      // A fault of the host: ends this socket only, not the host.
      this.#failed(error)
      return undefined
    }
  }
}
