// Floor 6. Addresses already chosen: a host, a node of it, a lane of that, each with all that can be done from there.
import { hostUrl } from '../base/address.js'
import { ConfigError, say } from '../base/errors.js'
import type { WriteOutcome } from '../write/write.js'
import type { Value } from '../recon/index.js'
import {
  builders,
  type AddressPart,
  type DownlinkOptions,
  type EventBuilder,
  type EventDownlinkOptions,
  type Lacks,
  type MapBuilder,
  type MapDownlinkOptions,
  type ValueBuilder,
  type ValueDownlinkOptions,
} from './builder.js'

/** What scopes hand on: how downlinks are opened, and commands sent. */
export interface Opener {
  map(options: object): unknown
  value(options: object): unknown
  event(options: object): unknown
  command(hostUri: string, nodeUri: string, laneUri: string, body: unknown): Promise<WriteOutcome>
}

/** @throws {ConfigError} when it is no URI for this part of an address */
export function checkUri(part: 'hostUri' | 'nodeUri' | 'laneUri', uri: unknown): string {
  if (typeof uri !== 'string' || uri === '')
    throw new ConfigError(part, say`${uri} is none; give a text, by .${part}(…)`)
  if (part === 'nodeUri' && /^\w+:\/\//.test(uri)) {
    throw new ConfigError(part, say`${uri} names a host; give that by .hostUri(…), and here what comes after it`)
  }
  return uri
}

/** Options that complete an address. */
type Whole<Missing extends AddressPart> = { readonly [P in Missing]: string }

/** `O` may hold options of the type `Known` alone, so that one misspelt does not compile. */
type Only<O, Known> = O & Known & { readonly [P in Exclude<keyof O, keyof Known>]: never }

/** Builders of downlinks, whose address lacks `Missing`. */
export class Scope<Missing extends AddressPart> {
  readonly #opener: Opener
  readonly #address: DownlinkOptions

  /** @internal */
  constructor(opener: Opener, address: DownlinkOptions) {
    this.#opener = opener
    this.#address = address
  }

  /**
   * A builder of downlinks to map lanes, join value lanes and join map lanes. Give types where no schema does; unchecked, they
   * are a promise of yours. Each option is a step of the builder too.
   */
  downlinkMap<K = Value, V = Value>(options: MapDownlinkOptions<K, V> & Whole<Missing>): MapBuilder<K, V, never>
  /** As above, with a part of the address still to be given, by a step. */
  downlinkMap<K = Value, V = Value, O extends object = object>(
    options?: Only<O, MapDownlinkOptions<K, V>>,
  ): MapBuilder<K, V, Lacks<Missing, O>>
  downlinkMap(options?: object): unknown {
    return this.#builder('map', options)
  }

  /** A builder of downlinks to value lanes. Give a type where no schema does; unchecked, it is a promise of yours. */
  downlinkValue<V = Value>(options: ValueDownlinkOptions<V> & Whole<Missing>): ValueBuilder<V, never>
  /** As above, with a part of the address still to be given, by a step. */
  downlinkValue<V = Value, O extends object = object>(
    options?: Only<O, ValueDownlinkOptions<V>>,
  ): ValueBuilder<V, Lacks<Missing, O>>
  downlinkValue(options?: object): unknown {
    return this.#builder('value', options)
  }

  /** A builder of downlinks to the events of any lane, and for commands to it. */
  downlinkEvent<O extends object = object>(options?: Only<O, EventDownlinkOptions>): EventBuilder<Lacks<Missing, O>>
  downlinkEvent(options?: object): unknown {
    return this.#builder('event', options)
  }

  #builder(kind: keyof typeof builders, options: object | undefined): unknown {
    return new builders[kind]({ ...this.#address, ...options }, all => this.#opener[kind](all))
  }
}

/** A host, and what can be done from there. */
export class HostRef extends Scope<'nodeUri' | 'laneUri'> {
  readonly #opener: Opener

  /** @internal */
  constructor(
    opener: Opener,
    /** As it was given. */
    readonly hostUri: string,
  ) {
    hostUrl(checkUri('hostUri', hostUri))
    super(opener, { hostUri })
    this.#opener = opener
  }

  /** The scope of a node of this host. @throws {ConfigError} */
  nodeRef(nodeUri: string): NodeRef {
    return new NodeRef(this.#opener, this.hostUri, nodeUri)
  }

  /** See {@link SwimClient.command}. */
  command(nodeUri: string, laneUri: string, body?: unknown): Promise<WriteOutcome> {
    return this.#opener.command(this.hostUri, nodeUri, laneUri, body)
  }
}

/** A node of a host, and what can be done from there. */
export class NodeRef extends Scope<'laneUri'> {
  readonly #opener: Opener

  /** @internal */
  constructor(
    opener: Opener,
    /** As it was given. */
    readonly hostUri: string,
    /** As it was given. */
    readonly nodeUri: string,
  ) {
    super(opener, { hostUri, nodeUri: checkUri('nodeUri', nodeUri) })
    this.#opener = opener
  }

  /** The scope of a lane of this node. @throws {ConfigError} */
  laneRef(laneUri: string): LaneRef {
    return new LaneRef(this.#opener, this.hostUri, this.nodeUri, laneUri)
  }

  /** See {@link SwimClient.command}. */
  command(laneUri: string, body?: unknown): Promise<WriteOutcome> {
    return this.#opener.command(this.hostUri, this.nodeUri, laneUri, body)
  }
}

/** A lane of a node, and what can be done from there. */
export class LaneRef extends Scope<never> {
  readonly #opener: Opener

  /** @internal */
  constructor(
    opener: Opener,
    /** As it was given. */
    readonly hostUri: string,
    /** As it was given. */
    readonly nodeUri: string,
    /** As it was given. */
    readonly laneUri: string,
  ) {
    super(opener, { hostUri, nodeUri, laneUri: checkUri('laneUri', laneUri) })
    this.#opener = opener
  }

  /** See {@link SwimClient.command}. */
  command(body?: unknown): Promise<WriteOutcome> {
    return this.#opener.command(this.hostUri, this.nodeUri, this.laneUri, body)
  }
}
