// Floor 3'. A node: the lanes of one URI, declared by the definition of its pattern.
import { canonicalUri } from '../../base/address.js'
import { ConfigError, quote, say } from '../../base/errors.js'
import { readOptions } from '../../base/options.js'
import type { Value } from '../../recon/index.js'
import {
  CommandLane,
  DemandLane,
  SupplyLane,
  type CommandLaneOptions,
  type DemandLaneOptions,
} from '../lanes/event-lane.js'
import { DemandMapLane, type DemandMapLaneOptions } from '../lanes/demand-map-lane.js'
import type { JoinLaneOptions } from '../lanes/join-lane.js'
import { JoinMapLane, type JoinMapLaneOptions } from '../lanes/join-map-lane.js'
import { JoinValueLane } from '../lanes/join-value-lane.js'
import { ListLane, type ListLaneOptions } from '../lanes/list-lane.js'
import type { AnyLane, LaneKinds } from '../lanes/kinds.js'
import type { Session } from '../lanes/access.js'
import type { LaneDoor, LaneHost, LaneKind, LaneOptions } from '../lanes/lane.js'
import { MapLane, type MapLaneOptions } from '../lanes/map-lane.js'
import { laneOptions } from '../lanes/options.js'
import { ValueLane, type ValueLaneOptions } from '../lanes/value-lane.js'
import type { Params } from './pattern.js'
import { mayVisit, type Access, type NodeRights } from './rights.js'
import { Seat, type SeatHost } from './seat.js'
import type { Undeclared } from './undeclared.js'

/** What a node needs of its host. */
export interface NodeHost extends SeatHost {
  readonly isKept: boolean
  readonly undeclared?: Undeclared<HostNode> | undefined
  /** Keeps the node in use. */
  use(node: HostNode): void
  /** Keeps the node only as long as code refers to it. */
  letGo(node: HostNode): void
}

/** @throws {ConfigError} if a required option of a lane is missing */
function demand(options: object | undefined, option: string, does: string): void {
  if ((options as { readonly [option: string]: unknown } | undefined)?.[option] === undefined)
    throw new ConfigError(option, say`must be a function that ${does}`)
}

/**
 * A node, created at first use. Its definition declares its lanes; code gets them by `lane`.
 * @example
 * const node = host.nodeRef('/unit/1')
 * node.lane('cart', 'map').set('apple', 3)
 */
export class HostNode<Name extends string = string> {
  readonly #host: NodeHost
  readonly #rights: NodeRights
  readonly #lanes = new Map<string, Seat>()
  #state: 'defining' | 'unseen' | 'seen' | 'failed' = 'defining'
  #links = 0
  /** @internal Whether the node is held by references from code only. */
  isIdle = false
  /** @internal The bytes of its lanes, counted as for `maxLaneBytes`. */
  bytes = 0

  /** @internal */
  constructor(
    host: NodeHost,
    /** The canonical URI, such as `/unit/1`. */
    readonly uri: string,
    /** The named parts of the URI, decoded. */
    readonly params: Params<Name>,
    rights: NodeRights,
  ) {
    this.#host = host
    this.#rights = rights
  }

  /** Declares a map lane. @throws {ConfigError} when the node has a lane of this name */
  mapLane<K = Value, V = Value>(uri: string, options: MapLaneOptions<K, V> = {}): MapLane<K, V> {
    return this.#declare(
      uri,
      'map',
      options,
      host => new MapLane(host, options, this.#host.isKept && options.transient !== true),
    )
  }

  /** Declares a value lane. @throws {ConfigError} when the node has a lane of this name */
  valueLane<V = Value>(uri: string, options: ValueLaneOptions<V> = {}): ValueLane<V> {
    return this.#declare(
      uri,
      'value',
      options,
      host => new ValueLane(host, options, this.#host.isKept && options.transient !== true),
    )
  }

  /** Declares a command lane. @throws {ConfigError} when the node has a lane of this name */
  commandLane<V = Value>(uri: string, options: CommandLaneOptions<V> = {}): CommandLane<V> {
    return this.#declare(uri, 'command', options, host => new CommandLane(host, options))
  }

  /** Declares a supply lane. @throws {ConfigError} when the node has a lane of this name */
  supplyLane<V = Value>(uri: string, options: LaneOptions = {}): SupplyLane<V> {
    return this.#declare(uri, 'supply', options, host => new SupplyLane(host, options))
  }

  /** Declares a demand lane. @throws {ConfigError} when the node has a lane of this name, or `onCue` is missing */
  demandLane<V = Value>(uri: string, options: DemandLaneOptions<V>): DemandLane<V> {
    demand(options, 'onCue', 'makes the value of a link')
    return this.#declare(uri, 'demand', options, host => new DemandLane(host, options))
  }

  /** Declares a demand map lane. @throws {ConfigError} when the node has a lane of this name, or `onSync` or `onCue` is missing */
  demandMapLane<K = Value, V = Value>(uri: string, options: DemandMapLaneOptions<K, V>): DemandMapLane<K, V> {
    demand(options, 'onSync', 'gives the keys of a sync')
    demand(options, 'onCue', 'makes the value of a key')
    return this.#declare(uri, 'demandMap', options, host => new DemandMapLane(host, options))
  }

  /** Declares a list lane. @throws {ConfigError} when the node has a lane of this name */
  listLane<V = Value>(uri: string, options: ListLaneOptions<V> = {}): ListLane<V> {
    return this.#declare(
      uri,
      'list',
      options,
      host => new ListLane(host, options, this.#host.isKept && options.transient !== true),
    )
  }

  /** Declares a join value lane. @throws {ConfigError} when the node has a lane of this name */
  joinValueLane<K = Value, V = Value>(uri: string, options: JoinLaneOptions<K, V> = {}): JoinValueLane<K, V> {
    return this.#declare(uri, 'joinValue', options, host => new JoinValueLane(host, options))
  }

  /** Declares a join map lane. @throws {ConfigError} when the node has a lane of this name */
  joinMapLane<K = Value, V = Value, L = Value>(
    uri: string,
    options: JoinMapLaneOptions<K, V> = {},
  ): JoinMapLane<K, V, L> {
    return this.#declare(uri, 'joinMap', options, host => new JoinMapLane<K, V, L>(host, options))
  }

  /**
   * A lane that the node's definition declared.
   * @param kind the kind it must be, such as `map` or `value`; see {@link LaneKind}
   * @throws {ConfigError} when there is no such lane, or it is of another kind
   */
  lane<T extends keyof LaneKinds>(uri: string, kind: T): LaneKinds[T]
  lane(uri: string): AnyLane
  lane(uri: string, kind?: keyof LaneKinds): AnyLane {
    const lane = this.#lanes.get(canonicalUri(uri))?.lane as AnyLane | undefined
    if (lane === undefined || (kind !== undefined && lane.kind !== kind)) {
      const has = [...this.#lanes].map(([name, { kind }]) => `${name} (${kind})`).join(', ') || 'none'
      throw new ConfigError(
        'lane',
        say`${this.uri} has no ${kind === undefined ? '' : kind + ' '}lane ${quote(uri)}; its lanes: ${has}`,
      )
    }
    return lane
  }

  /** @internal */
  *lanes(): Generator<readonly [laneUri: string, kind: LaneKind], void, undefined> {
    for (const [uri, { kind }] of this.#lanes) yield [uri, kind]
  }

  /** @internal */
  get links(): number {
    return this.#links
  }

  /** @internal The lane of a canonical URI, as its links see it. */
  door(laneUri: string): LaneDoor | undefined {
    if (!this.#lanes.has(laneUri)) this.#host.undeclared?.lane(this, laneUri)
    return this.#lanes.get(laneUri)
  }

  /** @internal The definition has returned or thrown. */
  defined(isGood: boolean): void {
    this.#state = isGood ? 'unseen' : 'failed'
  }

  /** @internal The node's state is known to somebody: a new node by the same definition would not replace it. */
  see(): void {
    if (this.#state === 'unseen') this.#state = 'seen'
  }

  /** @internal Releases the node if it has no links and nothing would be lost. */
  settle(): void {
    if (this.#links > 0 || this.isIdle || this.#state === 'defining' || this.#state === 'failed') return
    for (const lane of this.#lanes.values()) {
      const holds = lane.holds()
      // A state that only the definition has set, and nobody has seen, is set again by the next definition. A store would keep it.
      if (holds === 'joins' || (holds === 'state' && (this.#state === 'seen' || this.#host.isKept))) return
    }
    this.#host.letGo(this)
  }

  /** @internal */
  get hasFailed(): boolean {
    return this.#state === 'failed'
  }

  /** @internal */
  mayVisit(access: Access, session: Session): boolean {
    return mayVisit(this.#rights, access, session, this.params)
  }

  /** @internal */
  linked(more: 1 | -1): void {
    this.#links += more
    if (more > 0) this.see()
    else this.settle()
  }

  /** @internal */
  grew(bytes: number): void {
    if (this.hasFailed) return
    this.see()
    if (this.isIdle) this.#host.use(this)
    this.bytes += bytes
    this.#host.budget.used += bytes
  }

  #declare<L>(uri: string, kind: keyof typeof laneOptions, options: object, create: (host: LaneHost) => L): L {
    readOptions<object, object>(laneOptions[kind], options)
    if (typeof uri !== 'string' || uri === '') throw new ConfigError('lane', say`must be a string, got ${uri}`)
    const laneUri = canonicalUri(uri)
    if (this.#lanes.has(laneUri)) throw new ConfigError('lane', say`${this.uri} has a lane ${quote(uri)} already`)
    const seat = new Seat(this.#host, this, laneUri)
    const lane = create(seat)
    seat.lane = lane
    this.#lanes.set(laneUri, seat)
    return lane
  }
}
