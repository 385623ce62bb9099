// Floor 8. A SwimOS host in memory, in virtual time, for tests of applications. docs/TESTING.md.
import { canonicalUri, type HostUri } from '../base/address.js'
import { ClosedError, ConfigError, say } from '../base/errors.js'
import type { AnyDownlink } from '../client/client-events.js'
import type { HostNode, LaneKinds } from '../host/nodes/node.js'
import type { DefineNode } from '../host/nodes/nodes.js'
import type { ParamNames } from '../host/nodes/pattern.js'
import type { NodeRights } from '../host/nodes/rights.js'
import type { SwimClientOptions } from '../index.js'
import { divergences, kindOf } from './converge.js'
import { Faults } from './faults.js'
import { FrameLog, type TestFrame } from './frame-log.js'
import { TestHostError } from './kit-error.js'
import { MemoryHost } from './memory-host.js'
import { leftovers, Party, type TestClient } from './party.js'
import { chanceOf } from './random.js'
import { readTestHostOptions, type TestHostOptions } from './test-host-options.js'
import type { TestLaneKind, WriteRules } from './test-lanes.js'
import { VirtualClock } from './virtual-clock.js'

/** How long what must come by itself is waited for, in virtual milliseconds: beyond the longest wait of a client. */
const longestMs = 180_000

const uri = 'warp://test'

/**
 * A host with all of its clients in this process, without a socket. Time stands still but in `idle`, `advance`, `until`, `converged`
 * and `close`: nothing happens between two of them, so a test is the same at each run.
 */
export class TestHost extends Faults implements AsyncDisposable {
  /** Where chance began. */
  readonly seed: number
  /** The time of the host and of its clients. */
  readonly clock: VirtualClock
  /** The URI that its clients have by default. */
  readonly uri = uri
  /** @internal */
  protected readonly like: 'java' | 'rust' | undefined
  /** @internal */
  protected readonly rules: WriteRules
  readonly #parties: Party[] = []
  readonly #host: MemoryHost
  readonly #frames: FrameLog
  #isClosed = false

  /** @throws {ConfigError} for an option that can't be */
  constructor(options: TestHostOptions = {}) {
    super()
    const { seed, like, maxFrames, authenticate } = readTestHostOptions(options)
    this.seed = seed
    this.like = like
    this.#frames = new FrameLog(maxFrames)
    this.clock = new VirtualClock(chanceOf(seed))
    this.#host = new MemoryHost({ clock: this.clock, like, authenticate })
    this.rules = this.#host.lanes.rules
  }

  /** The time of the test, in milliseconds from 0 on. */
  get now(): number {
    return this.clock.now()
  }

  /** What went over the wire, in order: from the host when a client has it, from a client when it was sent. */
  get frames(): readonly TestFrame[] {
    return this.#frames.all
  }

  /** What handlers and definitions of lanes threw, since the last `close`. */
  get errors(): readonly string[] {
    return this.#host.errors
  }

  /**
   * A client of this host, in its time. Options are those of {@link SwimClient}; `clock` and `webSocket` are the kit's. Errors that
   * `onError` is not given for are named by `close`.
   */
  client<D extends object = object>(
    options: SwimClientOptions & { readonly [P in keyof D & 'nodeUri']: D[P] },
  ): TestClient<D & { readonly hostUri: HostUri }>
  client(options?: SwimClientOptions): TestClient
  client(options: SwimClientOptions = {}): TestClient {
    if (this.#isClosed) throw new ClosedError('the test host is closed; make another')
    const { peerHost } = this.#host
    const party = new Party(
      {
        clock: this.clock,
        peerHost,
        noted: frame => this.#frames.add(frame),
        receive: (peer, text) => this.#host.receive(peer, text),
        opened: downlink => this.#opened(downlink),
      },
      this.#parties.length,
      { hostUri: uri, ...options },
    )
    if (this.like === 'rust') party.network.takes = protocols => protocols.includes('warp0')
    this.#parties.push(party)
    return party.client
  }

  /** Defines nodes, as `WarpHost.node` does: with schemas, rights and handlers. @throws {ConfigError} */
  node<P extends string>(pattern: P, define: DefineNode<ParamNames<P>>, rights: NodeRights<ParamNames<P>> = {}): this {
    this.#host.define(pattern, define as DefineNode, rights as NodeRights)
    return this
  }

  /** A node. @throws {ConfigError} */
  nodeRef(nodeUri: string): HostNode {
    return this.#host.plane.ref(nodeUri)
  }

  /**
   * A lane, as the host's own code has it: what is set by it, clients hear. Lanes need not be declared: the first who asks for one
   * has it made, as of this kind, or of that of the downlink that asked. After `restart({ keep: false })` it is the lane of the new
   * host. @throws {ConfigError} where it is of another kind
   */
  lane<T extends TestLaneKind = 'map'>(nodeUri: string, laneUri: string, kind?: T): LaneKinds[T] {
    const wanted = (kind ?? 'map') as T
    const lane = canonicalUri(laneUri)
    const find = (): LaneKinds[T] => {
      const node = this.#host.plane.ref(nodeUri)
      // Made by whoever comes to it first.
      node.door(lane)
      return node.lane(laneUri, wanted)
    }
    this.#host.lanes.guess(canonicalUri(nodeUri), lane, wanted)
    find()
    return new Proxy({} as LaneKinds[T], {
      get(_, name) {
        const lane = find()
        const member: unknown = Reflect.get(lane, name, lane)
        return typeof member === 'function' ? (member.bind(lane) as unknown) : member
      },
    })
  }

  // ---- time

  /**
   * Runs what is under way, until nothing is: frames on the wire, and what they bring about. Waits of clients go on waiting.
   * @throws {TestHostError} where there is no end of it within 180000 virtual milliseconds
   */
  async idle(): Promise<void> {
    const untilMs = this.now + longestMs
    await this.clock.settle()
    while (this.#parties.some(({ network }) => network.underWay > 0)) {
      if (this.now > untilMs) throw this.#fault(`frames are still under way after ${longestMs} ms`)
      await this.clock.advance(this.clock.nextInMs ?? 0)
    }
  }

  /** Lets time pass, in milliseconds. */
  async advance(ms: number): Promise<void> {
    await this.clock.advance(ms)
  }

  /**
   * What a promise resolves with; time passes until it does.
   * @param withinMs virtual milliseconds. @default 180000
   * @throws {TestHostError} where it does not settle by then; what it rejects with, otherwise
   */
  async until<T>(promise: PromiseLike<T>, withinMs: number = longestMs): Promise<T> {
    let isDone = false
    const done = () => void (isDone = true)
    promise.then(done, done)
    await this.#pass(
      () => isDone,
      withinMs,
      () => 'the promise that until() was given has not settled',
    )
    return promise
  }

  /**
   * Lets time pass until each open map, value and list of each client is what its lane holds, and all writes have ended.
   * @param withinMs virtual milliseconds. @default 180000
   * @throws {TestHostError} where one is not by then: with what differs, and the seed
   */
  async converged(withinMs: number = longestMs): Promise<void> {
    let found: string[] = []
    const look = () => (found = divergences(this.#parties, this.#host.plane, uri)).length === 0
    await this.#pass(look, withinMs, () => found.join('\n'))
    // Nothing that is still on its way may change it.
    await this.idle()
    if (!look()) await this.#pass(look, withinMs, () => found.join('\n'))
  }

  /** The host ends, and another begins in its place: clients lose their sockets. @param options.keep whether lanes keep what they hold. @default true */
  restart({ keep = true }: { readonly keep?: boolean } = {}): this {
    for (const party of this.#parties) party.cut()
    if (!keep) this.#host.forget()
    return this
  }

  /**
   * Closes all clients, and looks for what a test has left over. Safe to call twice.
   * @throws {TestHostError} naming what somebody awaits and never came, errors that nobody read, timers and sockets that stay
   */
  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    await this.clock.settle()
    const left = [...this.#parties.flatMap(leftovers), ...this.#host.errors.map(error => `the host: ${error}`)]
    const closed = Promise.all(this.#parties.map(({ client }) => client.close()))
    this.heal()
    await this.until(closed)
    await this.idle()
    const sockets = this.#parties.reduce((sum, { network }) => sum + network.sockets.size, 0)
    if (sockets > 0) left.push(`${sockets} sockets are open`)
    if (this.clock.pendingTimers > 0) left.push(`${this.clock.pendingTimers} timers are left`)
    if (left.length > 0) throw this.#fault(left.join('\n'))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #pass(isDone: () => boolean, withinMs: number, what: () => string): Promise<void> {
    const untilMs = this.clock.now() + withinMs
    await this.idle()
    while (!isDone()) {
      const nextMs = this.clock.nextInMs
      if (nextMs === undefined || this.clock.now() + nextMs > untilMs) {
        const waited = nextMs === undefined ? 'nothing is under way' : `after ${withinMs} ms`
        throw this.#fault(`${what()} (${waited})`)
      }
      await this.clock.advance(nextMs)
    }
  }

  #fault(what: string): TestHostError {
    return new TestHostError(what + say`\nseed ${this.seed}, at ${Math.round(this.now)} ms`)
  }

  /** @internal */
  protected each(client: TestClient | undefined, run: (party: Party) => void): this {
    const parties = this.#parties.filter(party => client === undefined || party.client === client)
    if (client !== undefined && parties.length === 0) throw new ConfigError('client', 'is not one of this test host')
    parties.forEach(run)
    return this
  }

  #opened(downlink: AnyDownlink): void {
    const { nodeUri, laneUri } = downlink
    this.#host.lanes.guess(canonicalUri(nodeUri), canonicalUri(laneUri), kindOf(downlink))
  }
}

/** Makes a host in memory for tests. @throws {ConfigError} for an option that can't be */
export const testHost = (options: TestHostOptions = {}): TestHost => new TestHost(options)
