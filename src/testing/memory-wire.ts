// Floor 8. What a peer of the embedded host writes to, over a socket in memory.
import type { Wire } from '../host/peers/wire.js'
import type { Peer as Socket } from './memory-network.js'

/** What befalls the frames of a host. */
export interface WireFaults {
  /** Whether the client reads nothing for now, so that what waits for it folds. */
  isFolding(): boolean
  /** How much later than its turn a frame leaves, in milliseconds. */
  lateMs(frame: string): number
  later(run: () => void, ms: number): void
}

export class MemoryWire implements Wire {
  readonly #socket: Socket
  readonly #faults: WireFaults
  readonly #held: (() => void)[] = []
  #isPaused = false

  constructor(socket: Socket, faults: WireFaults) {
    this.#socket = socket
    this.#faults = faults
  }

  send(frame: string): void {
    const lateMs = this.#faults.lateMs(frame)
    if (lateMs > 0) this.#faults.later(() => this.#socket.send(frame), lateMs)
    else this.#socket.send(frame)
  }

  get bufferedBytes(): number {
    return this.#faults.isFolding() ? Infinity : 0
  }

  together(write: () => void): void {
    write()
  }

  /** Runs what a frame of the client's asks for, once the host reads on. */
  read(run: () => void): void {
    if (this.#isPaused) this.#held.push(run)
    else run()
  }

  pause(): void {
    // A client that reads slowly is still read here: what it writes is another matter.
    this.#isPaused = !this.#faults.isFolding()
  }

  resume(): void {
    this.#isPaused = false
    while (!this.#isPaused && this.#held.length > 0) this.#held.shift()!()
  }

  /** Nobody has to ask: its socket knows whether it is there. */
  ping(): void {}

  close(code: number, reason: string): void {
    this.#socket.close(code, reason)
  }

  terminate(): void {
    this.#socket.cut()
  }
}
