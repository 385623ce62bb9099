// A client and a host whose frames arrive within the call that says them: what a handler throws comes out of that call.
import '../../../src/list.js'
import { SwimClient, type SwimClientOptions, type SwimError } from '../../../src/index.js'
import { VirtualClock } from '../../../src/testing/virtual-clock.js'
import type { SocketLike } from '../../../src/transport/websocket.js'

/** Frames of a client that a host answers, before it is said that the two go on for ever. */
const mostAnswers = 10_000

class DirectSocket implements SocketLike {
  bufferedAmount = 0
  onopen: ((event: never) => void) | null = null
  onmessage: ((event: never) => void) | null = null
  onerror: ((event: never) => void) | null = null
  onclose: ((event: never) => void) | null = null
  isOpen = false
  isClosed = false
  /** The client takes no more for now: what is said waits for a turn. */
  isHeld = false
  readonly heard: string[] = []
  readonly #closed: (socket: DirectSocket) => void

  constructor(closed: (socket: DirectSocket) => void) {
    this.#closed = closed
  }

  send(text: string): void {
    if (this.isOpen) this.heard.push(text)
  }

  pause(): void {
    this.isHeld = true
  }

  resume(): void {
    this.isHeld = false
  }

  close(): void {
    this.isClosed = true
    this.#closed(this)
  }

  open(): void {
    this.isOpen = true
    this.onopen?.({} as never)
  }

  end(code: number, reason: string): void {
    this.isOpen = false
    this.onclose?.({ code, reason } as never)
  }
}

export class DirectHost {
  readonly clock: VirtualClock
  readonly client: SwimClient<SwimClientOptions & { hostUri: string; nodeUri?: never; laneUri?: never }>
  readonly errors: SwimError[] = []
  /** How many sockets were opened, and how many frames the client sent. */
  opened = 0
  heard = 0
  /** What the host says to a frame. */
  answer: (text: string) => readonly string[] = () => []
  /** A socket is open; its client has asked for nothing yet. */
  onopen: () => void = () => {}
  #socket: DirectSocket | undefined

  constructor(random: () => number, options: SwimClientOptions = {}) {
    const clock = (this.clock = new VirtualClock(random))
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- the class below has a `this` of its own
    const host = this
    this.client = new SwimClient({
      hostUri: 'warp://host',
      clock,
      webSocket: class extends DirectSocket {
        constructor() {
          super(socket => clock.turn(() => host.#ended(socket, 1000, '')))
          clock.turn(() => host.#connected(this))
        }
      },
      onError: error => this.errors.push(error),
      ...options,
    })
  }

  get isOpen(): boolean {
    return this.#socket?.isOpen === true
  }

  /** Says one frame, and then what the host has to say to what that brings about. */
  async say(text: string): Promise<void> {
    const socket = this.#socket
    if (socket?.isOpen !== true) return
    socket.onmessage?.({ data: text } as never)
    if (socket.isHeld) await this.clock.settle()
    this.listen()
  }

  /** Answers what the client has sent. */
  listen(): void {
    const socket = this.#socket
    if (socket === undefined) return
    for (let answered = 0; socket.heard.length > 0;) {
      const frame = socket.heard.shift()!
      this.heard++
      if (++answered > mostAnswers) throw new Error(`the client asks for ever, at last by ${frame}`)
      for (const text of this.answer(frame)) {
        if (socket.isOpen) socket.onmessage?.({ data: text } as never)
      }
    }
  }

  /** Lets time pass, the host answering what is sent meanwhile. */
  async pass(ms: number): Promise<void> {
    const untilMs = this.clock.now() + ms
    for (;;) {
      await this.clock.settle()
      this.listen()
      await this.clock.settle()
      const { nextInMs } = this.clock
      if (nextInMs === undefined || this.clock.now() + nextInMs > untilMs) break
      await this.clock.advance(nextInMs)
    }
    await this.clock.advance(Math.max(0, untilMs - this.clock.now()))
    this.listen()
  }

  /** The socket is lost. */
  cut(code = 1006, reason = ''): void {
    if (this.#socket !== undefined) this.#ended(this.#socket, code, reason)
  }

  #connected(socket: DirectSocket): void {
    if (socket.isClosed) return
    this.opened++
    this.#socket = socket
    socket.open()
    this.onopen()
  }

  #ended(socket: DirectSocket, code: number, reason: string): void {
    if (this.#socket === socket) this.#socket = undefined
    socket.end(code, reason)
  }
}
