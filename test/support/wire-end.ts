// The network of a `ws` client, in memory: a stream that answers the handshake, and then says what a test has it say.
import { createHash } from 'node:crypto'
import { Duplex } from 'node:stream'

const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

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
    const [, key] = /sec-websocket-key: (.*)\r\n/i.exec(this.#request) ?? []
    if (key === undefined || !this.#request.endsWith('\r\n\r\n')) return
    this.#isOpen = true
    const { headers = [], head = Buffer.alloc(0) } = this.#options
    const accept = createHash('sha1')
      .update(key + guid)
      .digest('base64')
    const lines = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Accept: ${accept}`] // prettier-ignore
    this.push(Buffer.concat([Buffer.from([...lines, ...headers, '', ''].join('\r\n')), head]))
  }
}
