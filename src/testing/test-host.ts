// Floor 8. A SwimOS host in memory, in virtual time, for tests of applications. docs/TESTING.md.
import { canonicalUri, type HostUri } from '../base/address.js'
import { ClosedError, ConfigError, say } from '../base/errors.js'
import type { AnyDownlink } from '../client/client-events.js'
import type { LaneKinds } from '../host/lanes/kinds.js'
import type { HostNode } from '../host/nodes/node.js'
import type { DefineNode } from '../host/nodes/nodes.js'
import type { ParamNames } from '../host/nodes/pattern.js'
import type { NodeRights } from '../host/nodes/rights.js'
import type { SwimClientOptions } from '../index.js'
import { divergences, kindOf } from './converge.js'
import { Faults } from './faults.js'
import { FrameLog, type TestFrame } from './frame-log.js'
import { TestHostError } from './kit-error.js'
import { MemoryHost } from './memory-host.js'
import { leftovers, noFaults, Party, type NetworkFaults, type TestClient } from './party.js'
import { chanceOf } from './random.js'
import { readRestartOptions, readTestHostOptions, type TestHostOptions } from './test-host-options.js'
import type { TestLaneKind, WriteRules } from './test-lanes.js'
import { hear, longestMs, VirtualClock } from './virtual-clock.js'

const uri = 'warp://test'
const afterwardsMs = 10_000

/**
 * A host with all of its clients in this process, without a socket. Time passes only in `idle`, `advance`, `until`, `converged` and
 * `close`: nothing happens in between, so each run of a test is the same.
 * @example
 * await using host = testHost({ seed: 7 })
 * const rooms = host.client().downlinkMap<string, number>({ nodeUri: '/hotel', laneUri: 'rooms' }).open()
 * host.lane('/hotel', 'rooms').set('r12', 2)
 * await host.converged()
 * expect(rooms.get('r12')).toBe(2)
 */
export class TestHost extends Faults implements AsyncDisposable {
  /** The seed of this run. */
  readonly seed: number
  /** The clock of the host and of its clients. */
  readonly clock: VirtualClock
  /** The default `hostUri` of its clients. */
  readonly uri = uri
  /** @internal */
  protected readonly like: 'java' | 'rust' | undefined
  /** @internal */
  protected readonly rules: WriteRules
  readonly #parties: Party[] = []
  /** The faults of all clients, and of those made later. */
  #common = noFaults
  readonly #host: MemoryHost
  readonly #frames: FrameLog
  #isClosed = false

  /** @throws {ConfigError} for an invalid option */
  constructor(options: TestHostOptions = {}) {
    super()
    const { seed, like, maxFrames, authenticate, undeclared } = readTestHostOptions(options)
    this.seed = seed
    this.like = like
    this.#frames = new FrameLog(maxFrames)
    this.clock = new VirtualClock(chanceOf(seed))
    this.#host = new MemoryHost({ clock: this.clock, like, authenticate, undeclared })
    this.rules = this.#host.lanes.rules
  }

  /** The time of the test, in milliseconds from 0 on. */
  get now(): number {
    return this.clock.now()
  }

  /** The frames on the wire, in order: those of the host when they arrive, those of clients when they are sent. */
  get frames(): readonly TestFrame[] {
    return this.#frames.all
  }

  /** Errors that handlers and definitions of lanes threw, since the last `close`. */
  get errors(): readonly string[] {
    return this.#host.errors
  }

  /**
   * A client of this host, on its clock. Options are {@link SwimClientOptions}, except `clock` and `webSocket`. Without `onError`,
   * `close` throws an error that names the client's errors.
   */
  client<D extends object = object>(
    options: SwimClientOptions & { readonly [P in keyof D & 'nodeUri']: D[P] },
  ): TestClient<D & { readonly hostUri: HostUri }>
  client(options?: SwimClientOptions): TestClient
  client(options: SwimClientOptions = {}): TestClient {
    if (this.#isClosed) throw new ClosedError('the test host is closed; make another')
    const party = new Party(
      {
        clock: this.clock,
        peerHost: this.#host.peerHost,
        noted: frame => this.#frames.add(frame),
        receive: (peer, text) => this.#host.receive(peer, text),
        opened: downlink => this.#opened(downlink),
      },
      this.#parties.length,
      { hostUri: uri, ...options },
    )
    if (this.like === 'rust') party.network.takes = protocols => protocols.includes('warp0')
    party.befall(this.#common)
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
   * A lane as the host's own code sees it: clients receive what it sets. Lanes need not be declared: the first call or downlink creates
   * the lane, of its own kind. After `restart({ keep: false })` the result stands for the lane of the new host.
   * @param kind the kind the lane must be, and the type of the result. @default the lane's kind; a map lane if there is none yet
   * @throws {ConfigError} if the lane is of another kind
   */
  lane<T extends TestLaneKind = 'map'>(nodeUri: string, laneUri: string, kind?: T): LaneKinds[T] {
    return this.#host.lane(nodeUri, laneUri, kind)
  }

  /**
   * Runs until no frame is under way, and all consequences of frames are done. Timers of clients keep waiting.
   * @throws {TestHostError} if that takes more than 180000 virtual milliseconds
   */
  async idle(): Promise<void> {
    const untilMs = this.now + longestMs
    await this.clock.settle()
    while (this.#parties.some(({ network }) => network.underWay > 0)) {
      if (this.now > untilMs) throw this.#fault(`frames are still under way after ${longestMs} ms`)
      await this.clock.advance(this.clock.nextInMs ?? 0)
    }
  }

  /** Lets `ms` milliseconds pass. @throws {ConfigError} when `ms` is not a number from 0 on */
  async advance(ms: number): Promise<void> {
    await this.clock.advance(ms)
  }

  /**
   * Lets time pass until a promise settles. Resolves as the promise does; a value that is not a promise is returned as it is.
   * @param withinMs virtual milliseconds. @default 180000
   * @throws {TestHostError} if the promise has not settled by then
   */
  async until<T>(promise: T | PromiseLike<T>, withinMs: number = longestMs): Promise<T> {
    const heard = hear(promise)
    await this.idle()
    if (await this.clock.until(heard, withinMs)) return heard
    throw this.#late('the promise given to until() has not settled', withinMs)
  }

  /**
   * Lets time pass until each open map, value and list is what its lane holds, and all writes have ended.
   * @param withinMs virtual milliseconds. @default 180000
   * @param client checks only this client. @default all clients
   * @throws {TestHostError} if there are differences by then, naming these and the seed
   */
  async converged(withinMs: number = longestMs, client?: TestClient): Promise<void> {
    const parties = this.#of(client)
    let found: string[] = []
    const look = () => (found = divergences(parties, this.#host.plane)).length === 0
    await this.idle()
    // A frame under way may still change the result.
    while (await this.clock.pass(look, withinMs)) {
      await this.idle()
      if (look()) return
    }
    throw this.#late(found.join('\n'), withinMs)
  }

  /** Restarts the host: clients lose their sockets. Lanes keep their state, unless `keep` is false. */
  restart(options: { readonly keep?: boolean } = {}): this {
    const { keep } = readRestartOptions(options)
    for (const party of this.#parties) party.cut()
    if (!keep) this.#host.forget()
    return this
  }

  /**
   * Closes all clients, and checks for leftovers of the test. Safe to call twice.
   * @throws {TestHostError} naming promises that never settled, errors that nobody read, and open timers and sockets
   */
  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    await this.clock.settle()
    const left = [...this.#parties.flatMap(leftovers), ...this.#host.errors.map(error => `the host: ${error}`)]
    const closed = Promise.all(this.#parties.map(({ client }) => client.close()))
    this.heal()
    await this.until(closed)
    // Some timers of the host end soon after their links.
    if (this.clock.pendingTimers > 0) await this.clock.advance(afterwardsMs)
    await this.idle()
    const sockets = this.#parties.reduce((sum, { network }) => sum + network.sockets.size, 0)
    if (sockets > 0) left.push(`${sockets} sockets are open`)
    if (this.clock.pendingTimers > 0) left.push(`${this.clock.pendingTimers} timers are left`)
    if (left.length > 0) throw this.#fault(left.join('\n'))
  }

  /** As `close`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #late(what: string, withinMs: number): TestHostError {
    return this.#fault(
      `${what} (${this.clock.nextInMs === undefined ? 'nothing is under way' : `after ${withinMs} ms`})`,
    )
  }

  #fault(what: string): TestHostError {
    return new TestHostError(what + say`\nseed ${this.seed}, at ${Math.round(this.now)} ms`)
  }

  /** @internal */
  protected befall(client: TestClient | undefined, change: Partial<NetworkFaults>): this {
    if (client === undefined) this.#common = { ...this.#common, ...change }
    for (const party of this.#of(client)) party.befall(change)
    return this
  }

  /** @throws {ConfigError} for a client of another host */
  #of(client: TestClient | undefined): readonly Party[] {
    if (client === undefined) return this.#parties
    const parties = this.#parties.filter(party => party.client === client)
    if (parties.length === 0) throw new ConfigError('client', 'is not one of this test host')
    return parties
  }

  #opened(downlink: AnyDownlink): void {
    const { nodeUri, laneUri } = downlink
    this.#host.lanes.guess(canonicalUri(nodeUri), canonicalUri(laneUri), kindOf(downlink))
  }
}

/**
 * Makes a host in memory for tests. @throws {ConfigError} for an invalid option
 * @example
 * await using host = testHost({ seed: 7 })
 */
export const testHost = (options: TestHostOptions = {}): TestHost => new TestHost(options)
