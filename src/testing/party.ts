// Floor 8. A client of a test host: its network, its sockets, and the promises and errors that the test has not looked at.
import { SwimClient, type SwimClientOptions } from '../index.js'
import type { HostUri } from '../base/address.js'
import { excerpt, type SwimError } from '../base/errors.js'
import { stringify, type Value } from '../recon/index.js'
import type { AnyDownlink } from '../client/client-events.js'
import { Peer as HostPeer, type PeerHost } from '../host/peers/peer.js'
import type { TestFrame } from './frame-log.js'
import { MemoryNetwork, type Peer as Socket } from './memory-network.js'
import { MemoryWire } from './memory-wire.js'
import type { VirtualClock } from './virtual-clock.js'

/** A client of a test host. */
export type TestClient<D extends object = { readonly hostUri: HostUri }> = SwimClient<D>

/** What a party needs of its test host. */
export interface PartyHost {
  readonly clock: VirtualClock
  readonly peerHost: PeerHost
  noted(frame: TestFrame): void
  /** A frame of a client. @returns false if the client's socket has to be closed over the frame */
  receive(peer: HostPeer, text: string): boolean
  opened(downlink: AnyDownlink): void
}

/** Events that a host with threads may send late: those that remove entries. */
const removes = /^@event\([^"]*(?:"(?:[^"\\]|\\.)*"[^"]*)*?\)@(remove|clear|drop|take)\b/

/** The longest delay of such an event, in milliseconds. */
const lateMs = 1000

/** The faults of a client's network. */
export interface NetworkFaults {
  readonly isCut: boolean
  readonly isStalled: boolean
  readonly isFolding: boolean
  readonly isOvertaking: boolean
  readonly latencyMs: number
}

export const noFaults: NetworkFaults = {
  isCut: false,
  isStalled: false,
  isFolding: false,
  isOvertaking: false,
  latencyMs: 0,
}

/** Methods whose promises are watched. */
const promised = ['put', 'remove', 'whenSynced', 'settled'] as const

/** Whether an error is not a usual result of network faults, which tests cause on purpose. */
const isUnexpected = ({ code }: SwimError): boolean => code !== 'transport' && code !== 'timeout'

export class Party {
  readonly client: TestClient
  readonly network: MemoryNetwork
  readonly downlinks = new Set<AnyDownlink>()
  readonly errors: SwimError[] = []
  /** Descriptions of the promises that have not settled. */
  readonly waiting = new Map<Promise<unknown>, string>()
  readonly #rejected = new Set<unknown>()
  readonly #sockets = new Map<Socket, HostPeer>()
  readonly #host: PartyHost
  #faults = noFaults

  constructor(
    host: PartyHost,
    readonly index: number,
    options: SwimClientOptions & { readonly hostUri: HostUri },
  ) {
    const { clock } = host
    this.#host = host
    this.network = new MemoryNetwork(clock)
    const note = (direction: 'in' | 'out') => (text: string) =>
      host.noted({ at: clock.now(), client: index, direction, text })
    const sent = note('out')
    this.network.onsend = (_, text) => sent(text)
    this.network.ondeliver = note('in')
    this.network.onconnect = (socket, url) => this.#connect(socket, url)
    this.client = new SwimClient({
      onError: error => this.errors.push(error),
      ...options,
      clock,
      webSocket: this.network.WebSocket,
    })
    this.client.on('open', ({ downlink }) => {
      this.downlinks.add(downlink)
      this.#watch(downlink)
      host.opened(downlink)
    })
    this.client.on('close', ({ downlink }) => this.downlinks.delete(downlink))
  }

  /** Errors that no promise rejected with, and that are no usual result of faults. */
  get unread(): readonly SwimError[] {
    return this.errors.filter(error => isUnexpected(error) && !this.#rejected.has(error))
  }

  /** Changes the faults of the network. */
  befall(change: Partial<NetworkFaults>): void {
    const faults = (this.#faults = { ...this.#faults, ...change })
    this.network.refuses = faults.isCut
    this.network.latencyMs = faults.latencyMs
    if (change.isCut === true) this.cut()
    for (const [socket, peer] of this.#sockets) {
      if (faults.isStalled) socket.isStalled = true
      else socket.resume()
      // There is room again: send the waiting events.
      if (!faults.isFolding) peer.drained()
    }
  }

  /** Cuts the sockets, as a lost network does. */
  cut(): void {
    for (const socket of [...this.#sockets.keys()]) socket.cut()
  }

  #connect(socket: Socket, url: string): void {
    const host = this.#host
    const { clock } = host
    const wire = new MemoryWire(socket, {
      isFolding: () => this.#faults.isFolding,
      lateMs: frame =>
        this.#faults.isOvertaking && removes.test(frame) && clock.random() < 0.5
          ? Math.ceil(clock.random() * lateMs)
          : 0,
      later: (run, ms) => {
        this.network.underWay++
        clock.timer(() => {
          this.network.underWay--
          run()
        }, ms)
      },
    })
    const { pathname, search } = new URL(url.replace(/^ws/, 'http'))
    const session = { url: pathname + search, headers: {}, remoteAddress: 'memory' }
    const peer = new HostPeer(wire, session, host.peerHost)
    this.#sockets.set(socket, peer)
    socket.isStalled = this.#faults.isStalled
    socket.onmessage = text =>
      wire.read(() => {
        if (!host.receive(peer, text)) peer.close(1008, 'Forbidden')
      })
    socket.onclose = () => {
      this.#sockets.delete(socket)
      peer.ended()
    }
  }

  /** Watches the promises of a downlink's methods. */
  #watch(downlink: AnyDownlink): void {
    const methods = downlink as unknown as { [name: string]: unknown }
    for (const name of promised) {
      const method = methods[name]
      if (typeof method !== 'function') continue
      Object.defineProperty(downlink, name, {
        configurable: true,
        value: (...given: unknown[]): unknown => {
          const promise = (method as (...given: unknown[]) => unknown).apply(downlink, given)
          if (!(promise instanceof Promise)) return promise
          const key = name === 'put' || name === 'remove' ? excerpt(stringify(given[0] as Value)) : ''
          const where = `${downlink.nodeUri} ${downlink.laneUri}, client ${this.index}`
          this.waiting.set(promise, `${name}(${key}) of ${where}`)
          const done = () => void this.waiting.delete(promise)
          promise.then(done, (error: unknown) => {
            done()
            // The promise has the error. If nobody catches it, the test runner reports that.
            this.#rejected.add(error)
          })
          return promise
        },
      })
    }
  }
}

/** The promises that never settled, and the errors that nobody read, in words. */
export const leftovers = ({ waiting, unread, index }: Party): string[] => [
  ...[...waiting.values()].map(what => `${what} has not settled`),
  ...unread.map(({ message }) => `client ${index} reported an error that nobody read: ${message}`),
]
