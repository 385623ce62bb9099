// Floor 8. The wire of a peer of the embedded host, over a socket in memory.
import type { Wire } from '../host/peers/wire.js'
import type { Peer as Socket } from './memory-network.js'

/** The faults of frames from the host. */
export interface WireFaults {
  /** Whether the socket counts as full, so that waiting events fold. */
  isFolding(): boolean
  /** By how many milliseconds a frame is late. */
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

  /** Runs the handling of a client's frame, once the host reads again. */
  read(run: () => void): void {
    if (this.#isPaused) this.#held.push(run)
    else run()
  }

  pause(): void {
    // The host still reads the frames of a client that reads slowly.
    this.#isPaused = !this.#faults.isFolding()
  }

  resume(): void {
    this.#isPaused = false
    while (!this.#isPaused && this.#held.length > 0) this.#held.shift()!()
  }

  /** Does nothing: a socket in memory always knows whether its peer is there. */
  ping(): void {}

  close(code: number, reason: string): void {
    this.#socket.close(code, reason)
  }

  terminate(): void {
    this.#socket.cut()
  }
}
