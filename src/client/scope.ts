// Floor 6. Scopes: a host, a node or a lane already chosen, with the builders and commands that follow from there.
import { hostOf, type HostUri } from '../base/address.js'
import { ConfigError, say } from '../base/errors.js'
import type { WriteOutcome } from '../write/write.js'
import type { Value } from '../recon/index.js'
import type { Kind } from '../downlink/kind.js'
import {
  builder,
  type AddressPart,
  type DownlinkOptions,
  type EventBuilder,
  type EventDownlinkOptions,
  type Lacks,
  type ListBuilder,
  type ListDownlinkOptions,
  type MapBuilder,
  type MapDownlinkOptions,
  type ValueBuilder,
  type ValueDownlinkOptions,
} from './builder.js'
import { kinds } from './kinds.js'

/** What scopes hand on: how downlinks are opened, and commands sent. */
export interface Opener {
  open(kind: Kind, options: object): unknown
  command(hostUri: HostUri, nodeUri: string, laneUri: string, body: unknown): Promise<WriteOutcome>
}

/** @throws {ConfigError} saying which module a method needs */
export function missing(method: string, module = method): never {
  throw new ConfigError(method, say`needs the module swimlink/${module}: import it once`)
}

/** @throws {ConfigError} when `uri` can't be this part of an address */
export function checkUri<P extends AddressPart>(part: P, uri: unknown): P extends 'hostUri' ? HostUri : string {
  if (part === 'hostUri' && typeof uri === 'function') return uri as never
  if (typeof uri !== 'string' || uri === '')
    throw new ConfigError(part, say`must be a text, not ${uri}; use .${part}(…)`)
  if (part === 'nodeUri' && /^\w+:\/\//.test(uri)) {
    throw new ConfigError(part, say`${uri} names a host: give that part by .hostUri(…)`)
  }
  return uri as never
}

/** Options that complete an address. @inline */
type Whole<Missing extends AddressPart> = { readonly [P in Missing]: P extends 'hostUri' ? HostUri : string }

/** `O` may hold only options of the type `Known`, so that a misspelt one does not compile. @inline */
type Only<O, Known> = O & Known & { readonly [P in Exclude<keyof O, keyof Known>]: never }

/** Builders of downlinks, whose address lacks `Missing`. */
export interface Scope<Missing extends AddressPart> {
  /**
   * A builder of downlinks to map lanes, join value lanes and join map lanes. Types given without a schema are not checked at run
   * time. Each option is also a step of the builder.
   * @example
   * const rooms = client
   *   .downlinkMap<string, number>({ nodeUri: '/hotel', laneUri: 'rooms' })
   *   .didUpdate((room, guests) => console.log(room, guests))
   *   .open()
   * await rooms.put('r12', 2)
   */
  downlinkMap<K = Value, V = Value>(options: MapDownlinkOptions<K, V> & Whole<Missing>): MapBuilder<K, V, never>
  /** As above; steps give the missing parts of the address. */
  downlinkMap<K = Value, V = Value, O extends object = object>(
    options?: Only<O, MapDownlinkOptions<K, V>>,
  ): MapBuilder<K, V, Lacks<Missing, O>>

  /**
   * A builder of downlinks to value lanes. A type given without a schema is not checked at run time.
   * @example
   * const light = client.downlinkValue<string>({ nodeUri: '/hotel/lobby', laneUri: 'light' }).open()
   * light.set('off')
   */
  downlinkValue<V = Value>(options: ValueDownlinkOptions<V> & Whole<Missing>): ValueBuilder<V, never>
  /** As above; steps give the missing parts of the address. */
  downlinkValue<V = Value, O extends object = object>(
    options?: Only<O, ValueDownlinkOptions<V>>,
  ): ValueBuilder<V, Lacks<Missing, O>>

  /**
   * A builder of downlinks to the events of any lane, and for commands to it.
   * @example
   * const bell = client.downlinkEvent({ nodeUri: '/hotel/lobby', laneUri: 'bell' }).onEvent(console.log).open()
   * await bell.command({ times: 2 })
   */
  downlinkEvent<O extends object = object>(options?: Only<O, EventDownlinkOptions>): EventBuilder<Lacks<Missing, O>>

  /**
   * A builder of downlinks to list lanes. `import 'swimlink/list'` once, before the first call. A type given without a schema is not
   * checked at run time. @throws {ConfigError} without that import
   * @example
   * import 'swimlink/list'
   * const tasks = client.downlinkList<string>({ nodeUri: '/hotel', laneUri: 'tasks' }).open()
   * tasks.push('clean r12')
   */
  downlinkList<V = Value>(options: ListDownlinkOptions<V> & Whole<Missing>): ListBuilder<V, never>
  /** As above; steps give the missing parts of the address. */
  downlinkList<V = Value, O extends object = object>(
    options?: Only<O, ListDownlinkOptions<V>>,
  ): ListBuilder<V, Lacks<Missing, O>>
}

/** A host: builders and commands that need only a node and a lane. */
export interface HostRef extends Scope<'nodeUri' | 'laneUri'> {
  /** As it was given. */
  readonly hostUri: HostUri
  /**
   * The scope of a node of this host. @throws {ConfigError}
   * @example
   * const lobby = client.hostRef('warps://example.com').nodeRef('/hotel/lobby')
   * await lobby.command('ring', { times: 2 })
   */
  nodeRef(nodeUri: string): NodeRef
  /** See {@link SwimClient.command}. */
  command(nodeUri: string, laneUri: string, body?: unknown): Promise<WriteOutcome>
}

/** A node of a host: builders and commands that need only a lane. */
export interface NodeRef extends Scope<'laneUri'> {
  /** As it was given. */
  readonly hostUri: HostUri
  /** As it was given. */
  readonly nodeUri: string
  /**
   * The scope of a lane of this node. @throws {ConfigError}
   * @example
   * const bell = client.hostRef('warps://example.com').nodeRef('/hotel/lobby').laneRef('bell')
   * await bell.command({ times: 2 })
   */
  laneRef(laneUri: string): LaneRef
  /** See {@link SwimClient.command}. */
  command(laneUri: string, body?: unknown): Promise<WriteOutcome>
}

/** A lane of a node: builders and commands for it. */
export interface LaneRef extends Scope<never> {
  /** As it was given. */
  readonly hostUri: HostUri
  /** As it was given. */
  readonly nodeUri: string
  /** As it was given. */
  readonly laneUri: string
  /** See {@link SwimClient.command}. */
  command(body?: unknown): Promise<WriteOutcome>
}

/** All scopes at run time; the interfaces above say which methods each has. */
export class Ref {
  readonly #opener: Opener
  readonly #address: DownlinkOptions

  constructor(opener: Opener, address: DownlinkOptions) {
    this.#opener = opener
    this.#address = address
  }

  downlinkMap(options?: object): never {
    return this.#builder('downlinkMap', options)
  }

  downlinkValue(options?: object): never {
    return this.#builder('downlinkValue', options)
  }

  downlinkEvent(options?: object): never {
    return this.#builder('downlinkEvent', options)
  }

  downlinkList(options?: object): never {
    return this.#builder('downlinkList', options)
  }

  nodeRef(uri: string): NodeRef {
    return refTo(this.#opener, { ...this.#address, nodeUri: checkUri('nodeUri', uri) })
  }

  laneRef(uri: string): LaneRef {
    return refTo(this.#opener, { ...this.#address, laneUri: checkUri('laneUri', uri) })
  }

  /** @param rest the missing parts of the address, and the body */
  command(...rest: unknown[]): Promise<WriteOutcome> {
    const parts = [...Object.values(this.#address), ...rest] as Parameters<Opener['command']>
    return this.#opener.command(...parts)
  }

  #builder(name: keyof typeof kinds, options: object | undefined): never {
    const kind: Kind | undefined = kinds[name]
    if (kind === undefined) return missing(name, 'list')
    return builder(kind, { ...this.#address, ...options }, all => this.#opener.open(kind, all)) as never
  }
}

/** A scope that shows its address. */
const refTo = (opener: Opener, address: DownlinkOptions): never =>
  Object.assign(new Ref(opener, address), address) as never

/** @throws {ConfigError} for an invalid URI */
export function hostRef(opener: Opener, hostUri: HostUri): HostRef {
  hostOf(hostUri)
  return refTo(opener, { hostUri })
}
