// The network of a `ws` client, in memory: a stream that answers the handshake, and then says what a test has it say.
import { Duplex } from 'node:stream'
import { goodLines, keyOf } from './handshake.js'

export interface WireEndOptions {
  /** Headers of the answer, besides those that must be there. */
  readonly headers?: readonly string[]
  /** Bytes that come with the answer. */
  readonly head?: Buffer
  /** Called with what the client writes once it is open. */
  readonly wrote?: (bytes: Buffer) => void
}

export class WireEnd extends Duplex {
  readonly #options: WireEndOptions
  #request = ''
  #isOpen = false

  constructor(options: WireEndOptions = {}) {
    super()
    this.#options = options
  }

  /** What comes to the client. */
  say(bytes: Buffer): void {
    if (!this.destroyed && !this.readableEnded && bytes.length > 0) this.push(bytes)
  }

  /** Nothing more comes. */
  stop(): void {
    if (!this.destroyed && !this.readableEnded) this.push(null)
  }

  override _read(): void {}

  override _write(bytes: Buffer, _: string, done: () => void): void {
    if (this.#isOpen) this.#options.wrote?.(bytes)
    else this.#answer(String(bytes))
    done()
  }

  #answer(more: string): void {
    this.#request += more
    const key = keyOf(this.#request)
    if (key === undefined) return
    this.#isOpen = true
    const { headers = [], head = Buffer.alloc(0) } = this.#options
    this.push(Buffer.concat([Buffer.from(goodLines(key, ...headers)), head]))
  }
}
