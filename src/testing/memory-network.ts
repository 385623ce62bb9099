// Floor 8. Sockets in memory: each end receives in a later turn of a clock what the other one sent. With faults of networks.
import type { Clock } from '../base/clock.js'
import type { SocketClass, SocketLike } from '../transport/websocket.js'

/** The host's end of a socket. */
export class Peer {
  onmessage: (text: string) => void = () => {}
  onclose: () => void = () => {}
  /** While true, messages from the host are held back. */
  isStalled = false
  readonly #stalled: (() => void)[] = []
  readonly #socket: MemorySocket
  readonly protocols: readonly string[]

  constructor(socket: MemorySocket, protocols: readonly string[]) {
    this.#socket = socket
    this.protocols = protocols
  }

  get isOpen(): boolean {
    return this.#socket.readyState === 1
  }

  send(text: string): void {
    this.#pass(() => this.#socket.deliver(text))
  }

  resume(): void {
    this.isStalled = false
    for (const pass of this.#stalled.splice(0)) pass()
  }

  /** Closes the socket from this end, after everything sent. Messages under way from the other end still arrive. */
  close(code: number, reason: string): void {
    this.#pass(() => this.#socket.hangUp(code, reason))
  }

  /** Cuts the connection for both ends. Messages under way are lost. */
  cut(code = 1006, reason = ''): void {
    this.#socket.end(code, reason)
  }

  #pass(run: () => void): void {
    if (this.isStalled) this.#stalled.push(run)
    else run()
  }
}

/** One direction of a socket. Messages arrive in order, each after the latency at its sending. */
class Way {
  readonly #network: MemoryNetwork
  readonly #underWay: (() => void)[] = []
  #freeAtMs = 0

  constructor(network: MemoryNetwork) {
    this.#network = network
  }

  later(arrive: () => void): void {
    const network = this.#network
    const { clock, latencyMs } = network
    network.underWay++
    const waitMs = Math.max(this.#freeAtMs - clock.now(), latencyMs)
    this.#freeAtMs = clock.now() + waitMs
    // Whether a timer or a turn comes first, messages arrive in the order in which they were sent.
    this.#underWay.push(arrive)
    const next = () => {
      network.underWay--
      this.#underWay.shift()!()
    }
    if (waitMs > 0) clock.timer(next, waitMs)
    else clock.turn(next)
  }
}

export class MemorySocket implements SocketLike {
  readyState = 0
  bufferedAmount = 0
  onopen: ((event: never) => void) | null = null
  onmessage: ((event: never) => void) | null = null
  onerror: ((event: never) => void) | null = null
  onclose: ((event: never) => void) | null = null
  readonly #network: MemoryNetwork
  readonly #peer: Peer
  readonly #up: Way
  readonly #down: Way
  /** Set once a message was lost: nothing arrives any more, since TCP leaves no gaps. */
  #isDeaf = false

  constructor(network: MemoryNetwork, url: string, protocols: readonly string[]) {
    this.#network = network
    this.#peer = new Peer(this, protocols)
    this.#up = new Way(network)
    this.#down = new Way(network)
    network.sockets.add(this)
    network.clock.turn(() => {
      if (this.readyState !== 0 || network.isMute) return
      if (network.refuses || !network.takes(protocols)) return this.end(1006, '')
      this.readyState = 1
      network.onconnect(this.#peer, url)
      this.#tell('onopen', {})
    })
  }

  send(text: string): void {
    // As in browsers and in `ws`: sending before the socket is open throws; after its end, messages are lost.
    if (this.readyState === 0) throw new Error('not open')
    if (this.readyState !== 1) return
    // A socket accepts messages until its peer is known to be gone. Then they are lost.
    this.#network.onsend(this.#peer, text)
    this.#up.later(() => this.readyState === 1 && this.#passes() && this.#peer.onmessage(text))
  }

  deliver(text: string): void {
    this.#down.later(() => {
      if (this.readyState !== 1 || !this.#passes()) return
      this.#network.ondeliver(text)
      this.#tell('onmessage', { data: text })
    })
  }

  close(): void {
    this.end(1000, '', false)
  }

  hangUp(code: number, reason: string): void {
    this.#down.later(() => this.readyState === 1 && this.#passes() && this.end(code, reason))
  }

  end(code: number, reason: string, isPeers = true): void {
    if (this.readyState === 3) return
    const wasOpen = this.readyState === 1
    this.readyState = 3
    this.#network.sockets.delete(this)
    if (wasOpen) this.#network.onend(this.#peer, isPeers)
    this.#peer.onclose()
    this.#network.clock.turn(() => this.#tell('onclose', { code, reason }))
  }

  #passes(): boolean {
    this.#isDeaf ||= this.#network.isMute
    return !this.#isDeaf
  }

  #tell(listener: 'onopen' | 'onmessage' | 'onclose', event: object): void {
    this[listener]?.(event as never)
  }
}

export class MemoryNetwork {
  readonly clock: Clock
  readonly sockets = new Set<MemorySocket>()
  /** How many messages are under way. */
  underWay = 0
  /** While true, no socket opens. */
  refuses = false
  /** While true, messages are lost, and nothing fails: the peer is half open. A socket that lost a message stays so. */
  isMute = false
  /** The latency of a message, in milliseconds. */
  latencyMs = 0
  takes: (protocols: readonly string[]) => boolean = () => true
  onconnect: (peer: Peer, url: string) => void = () => {}
  /** Called when the client has sent a message. */
  onsend: (peer: Peer, text: string) => void = () => {}
  /** Called before a message of the peer is delivered to the client. */
  ondeliver: (text: string) => void = () => {}
  /** Called when an open socket has ended. @param isPeers whether the peer or the network ended it, not the client */
  onend: (peer: Peer, isPeers: boolean) => void = () => {}

  constructor(clock: Clock) {
    this.clock = clock
  }

  get WebSocket(): SocketClass {
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- the class below has a `this` of its own
    const network = this
    return class extends MemorySocket {
      constructor(url: string, protocols: string[] = []) {
        super(network, url, protocols)
      }
    }
  }
}
