// A bare WebSocket that keeps every frame it hears, for what a host itself says.
import { WebSocket, type ClientOptions } from 'ws'

export class RawClient {
  readonly socket: WebSocket
  readonly frames: string[] = []
  /** How it was closed, once it is. */
  closed: { readonly code: number; readonly reason: string } | undefined
  readonly #waiting = new Set<() => void>()
  #read = 0

  private constructor(socket: WebSocket) {
    this.socket = socket
    socket.on('message', data => {
      this.frames.push(String(data as Buffer))
      this.#wake()
    })
    socket.on('close', (code, reason) => {
      this.closed = { code, reason: String(reason) }
      this.#wake()
    })
    socket.on('error', () => {})
  }

  static async open(uri: string, options: ClientOptions = {}, protocols: string[] = []): Promise<RawClient> {
    const client = new RawClient(new WebSocket(uri.replace(/^warp/, 'ws'), protocols, options))
    await new Promise<void>((open, fail) => client.socket.once('open', open).once('error', fail))
    return client
  }

  send(...frames: readonly string[]): void {
    for (const frame of frames) this.socket.send(frame)
  }

  /** The next frame that was not taken yet. */
  async next(): Promise<string> {
    await this.until(() => this.frames.length > this.#read, 'a frame')
    return this.frames[this.#read++]!
  }

  /** The next so many frames. */
  async take(count: number): Promise<string[]> {
    const taken: string[] = []
    while (taken.length < count) taken.push(await this.next())
    return taken
  }

  /** The frames up to one that starts so, it included. */
  async to(start: string): Promise<string[]> {
    const taken: string[] = []
    do taken.push(await this.next())
    while (!taken.at(-1)!.startsWith(start))
    return taken
  }

  /** All frames that come within a while, when nothing says how many those are: counted from when the host has heard what was sent. */
  async rest(ms = 60): Promise<string[]> {
    await this.#pong()
    await new Promise(soon => setTimeout(soon, ms))
    const rest = this.frames.slice(this.#read)
    this.#read = this.frames.length
    return rest
  }

  async end(): Promise<{ readonly code: number; readonly reason: string }> {
    await this.until(() => this.closed !== undefined, 'the close')
    return this.closed!
  }

  /** A ping comes back after all that was sent before it, however busy the machine is; of one that is closed, nothing does. */
  async #pong(withinMs = 5_000): Promise<void> {
    if (this.socket.readyState !== WebSocket.OPEN) return
    await new Promise<void>(done => {
      const timer = setTimeout(done, withinMs)
      const end = () => {
        clearTimeout(timer)
        done()
      }
      this.socket.once('pong', end).once('close', end)
      this.socket.ping()
    })
  }

  async until(met: () => boolean, what: string, withinMs = 5_000): Promise<void> {
    if (met()) return
    await new Promise<void>((done, fail) => {
      const look = () => {
        const isLate = this.closed !== undefined && !met()
        if (!met() && !isLate) return
        clearTimeout(timer)
        this.#waiting.delete(look)
        if (isLate)
          fail(new Error(`closed (${this.closed!.code} ${this.closed!.reason}) before ${what}; heard ${this.#heard()}`))
        else done()
      }
      const timer = setTimeout(() => {
        this.#waiting.delete(look)
        fail(new Error(`no ${what} within ${withinMs} ms; heard ${this.#heard()}`))
      }, withinMs)
      this.#waiting.add(look)
    })
  }

  async close(): Promise<void> {
    this.socket.close()
    await this.end()
  }

  #heard(): string {
    return this.frames.slice(this.#read, this.#read + 20).join(' ') || 'nothing'
  }

  #wake(): void {
    for (const look of [...this.#waiting]) look()
  }
}
