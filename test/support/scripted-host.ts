// A client and a host that says what a test tells it to, over sockets in memory. What the client sends is kept as it was sent.
import { SwimClient, type SwimClientOptions, type SwimError } from '../../src/index.js'
import { VirtualClock } from '../../src/testing/virtual-clock.js'
import { MemoryNetwork, type Peer } from '../../src/testing/memory-network.js'

/** `node:"/unit/1",lane:map`: the address that the tests are about. */
const address = 'node:"/unit/1",lane:map'

export class ScriptedHost {
  readonly clock: VirtualClock
  readonly network: MemoryNetwork
  readonly client: SwimClient<SwimClientOptions & { hostUri: string; nodeUri: string; laneUri?: never }>
  /** Frames that came, on any socket, the address of the tests left out. */
  readonly heard: string[] = []
  /** Errors that no didFail heard. */
  readonly errors: SwimError[] = []
  /** The sockets, in order. */
  readonly peers: Peer[] = []
  /** Answers to a frame, where the test wants them given at once. */
  answer: (text: string) => readonly string[] = () => []

  constructor(options: SwimClientOptions = {}, random?: () => number) {
    this.clock = new VirtualClock(random)
    this.network = new MemoryNetwork(this.clock)
    this.network.onconnect = peer => {
      this.peers.push(peer)
      peer.onmessage = text => {
        const short = text.replace(`(${address})`, '')
        this.heard.push(short)
        for (const frame of this.answer(short)) peer.send(long(frame))
      }
    }
    this.client = new SwimClient({
      hostUri: 'warp://host',
      nodeUri: '/unit/1',
      clock: this.clock,
      webSocket: this.network.WebSocket,
      onError: error => this.errors.push(error),
      // A host that says nothing of itself is not dead, and is soon connected to again.
      heartbeatMs: 0,
      reconnectMinMs: 100,
      reconnectMaxMs: 100,
      ...options,
    })
  }

  /** A builder of map downlinks to the lane of the tests. */
  map() {
    return this.client.downlinkMap<unknown, unknown>().laneUri('map')
  }

  /** What was heard since the last call. */
  take(): string[] {
    return this.heard.splice(0)
  }

  /** Says frames on the last socket, and lets them arrive: `@event @update(key:a) 1` is spelled `@event@update(key:a) 1`. */
  async say(...frames: string[]): Promise<void> {
    for (const frame of frames) this.peers.at(-1)!.send(long(frame))
    await this.clock.settle()
  }

  /** Opens nothing, but lets what was opened get as far as it can. */
  settle(): Promise<void> {
    return this.clock.settle()
  }

  /** Cuts the last socket, and lets the client come back. */
  async cut(): Promise<void> {
    this.peers.at(-1)!.cut()
    await this.clock.advance(100)
  }
}

/** `@event@clear` is `@event(node:"/unit/1",lane:map)@clear`. */
const long = (frame: string): string => frame.replace(/^@\w+(?!\w|\()/, tag => `${tag}(${address})`)

/** Records the callbacks of a downlink, by name and arguments. */
export function record(host: ScriptedHost, names: string): { readonly story: unknown[][]; readonly callbacks: object } {
  const story: unknown[][] = []
  const callbacks = Object.fromEntries(
    names.split(' ').map(name => [name, (...args: unknown[]) => void story.push([name, ...args])]),
  )
  return { story, callbacks }
}
