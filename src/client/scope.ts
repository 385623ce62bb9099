// Floor 5. Addresses already chosen: a host, a node of it, a lane of that, each with all that can be done from there.
import type { WriteOutcome } from '../link/outbox.js'
import type { Value } from '../recon/index.js'
import {
  builders,
  type AddressPart,
  type DownlinkOptions,
  type EventBuilder,
  type EventDownlinkOptions,
  type MapBuilder,
  type MapDownlinkOptions,
  type ValueBuilder,
  type ValueDownlinkOptions,
} from './builder.js'

/** What scopes hand on: how downlinks are opened, and commands sent. */
export interface Opener {
  openMap(options: object): unknown
  openValue(options: object): unknown
  openEvent(options: object): unknown
  command(hostUri: string, nodeUri: string, laneUri: string, body: unknown): Promise<WriteOutcome>
}

/** What an address lacks once the options `A` are given. */
type Lacks<Missing extends AddressPart, A> = Exclude<Missing, keyof A>

/** Builders of downlinks, whose address lacks `Missing`. */
export class Scope<Missing extends AddressPart> {
  readonly #opener: Opener
  readonly #address: DownlinkOptions

  /** @internal */
  constructor(opener: Opener, address: DownlinkOptions) {
    this.#opener = opener
    this.#address = address
  }

  /** A builder of downlinks to map lanes, join value lanes and join map lanes. Give types where no schema does. */
  downlinkMap<K = Value, V = Value, A extends object = object>(
    options?: A & MapDownlinkOptions<K, V>,
  ): MapBuilder<K, V, Lacks<Missing, A>> {
    const open = (all: object) => this.#opener.openMap(all)
    return new builders.map({ ...this.#address, ...options }, open) as unknown as MapBuilder<K, V, Lacks<Missing, A>>
  }

  /** A builder of downlinks to value lanes. Give a type where no schema does. */
  downlinkValue<V = Value, A extends object = object>(
    options?: A & ValueDownlinkOptions<V>,
  ): ValueBuilder<V, Lacks<Missing, A>> {
    const open = (all: object) => this.#opener.openValue(all)
    return new builders.value({ ...this.#address, ...options }, open) as unknown as ValueBuilder<V, Lacks<Missing, A>>
  }

  /** A builder of downlinks to the events of any lane. */
  downlinkEvent<A extends object = object>(options?: A & EventDownlinkOptions): EventBuilder<Lacks<Missing, A>> {
    const open = (all: object) => this.#opener.openEvent(all)
    return new builders.event({ ...this.#address, ...options }, open) as unknown as EventBuilder<Lacks<Missing, A>>
  }
}

/** A host. */
export class HostRef extends Scope<'nodeUri' | 'laneUri'> {
  readonly #opener: Opener

  /** @internal */
  constructor(
    opener: Opener,
    readonly hostUri: string,
  ) {
    super(opener, { hostUri })
    this.#opener = opener
  }

  nodeRef(nodeUri: string): NodeRef {
    return new NodeRef(this.#opener, this.hostUri, nodeUri)
  }

  /** See {@link SwimClient.command}. */
  command(nodeUri: string, laneUri: string, body?: unknown): Promise<WriteOutcome> {
    return this.#opener.command(this.hostUri, nodeUri, laneUri, body)
  }
}

/** A node of a host. */
export class NodeRef extends Scope<'laneUri'> {
  readonly #opener: Opener

  /** @internal */
  constructor(
    opener: Opener,
    readonly hostUri: string,
    readonly nodeUri: string,
  ) {
    super(opener, { hostUri, nodeUri })
    this.#opener = opener
  }

  laneRef(laneUri: string): LaneRef {
    return new LaneRef(this.#opener, this.hostUri, this.nodeUri, laneUri)
  }

  /** See {@link SwimClient.command}. */
  command(laneUri: string, body?: unknown): Promise<WriteOutcome> {
    return this.#opener.command(this.hostUri, this.nodeUri, laneUri, body)
  }
}

/** A lane of a node. */
export class LaneRef extends Scope<never> {
  readonly #opener: Opener

  /** @internal */
  constructor(
    opener: Opener,
    readonly hostUri: string,
    readonly nodeUri: string,
    readonly laneUri: string,
  ) {
    super(opener, { hostUri, nodeUri, laneUri })
    this.#opener = opener
  }

  /** See {@link SwimClient.command}. */
  command(body?: unknown): Promise<WriteOutcome> {
    return this.#opener.command(this.hostUri, this.nodeUri, this.laneUri, body)
  }
}
