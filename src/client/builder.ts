// Floor 6. Builders of downlinks: each step gives another builder, and none changes any.
import type { HostUri } from '../base/address.js'
import type { SignalLike } from '../base/events.js'
import type { DownlinkCallbacks, MapCallbacks, ValueCallbacks } from '../downlink/callbacks.js'
import type { Kind } from '../downlink/kind.js'
import type { EventDownlink } from '../downlink/event/event-downlink.js'
import type { ListCallbacks } from '../downlink/list/list-callbacks.js'
import type { ListDownlink } from '../downlink/list/list-downlink.js'
import type { MapCacheOptions } from '../downlink/map/map-cache.js'
import type { MapDownlink } from '../downlink/map/map-downlink.js'
import type { EmptyValues } from '../downlink/map/map-writer.js'
import type { AppType, Schema } from '../schema/schema.js'
import type { ValueDownlink } from '../downlink/value/value-downlink.js'

/** The parts of an address that a builder still misses; `open` needs all three. */
export type AddressPart = 'hostUri' | 'nodeUri' | 'laneUri'

/** The parts of `Missing` that the options `O` don't give for certain. */
export type Lacks<Missing extends AddressPart, O> = Exclude<
  Missing,
  { [P in keyof O]: undefined extends O[P] ? never : P }[keyof O]
>

/** Any builder, where nothing is `Missing`; otherwise none, and the compiler names the missing part. */
export type Complete<Missing extends AddressPart> = [Missing] extends [never]
  ? unknown
  : { readonly addressLacks: Missing }

/** Options of a downlink of any kind. The builders have steps of the same names. */
export interface DownlinkOptions {
  /** Where the host is: `warp://example.com`, `warps://example.com`; or a function that gives it, called at each attempt. */
  readonly hostUri?: HostUri
  /** The Web Agent, such as `/hotel/lobby`: any text; characters that a URI can't have are escaped. */
  readonly nodeUri?: string
  /** The lane of the Web Agent: any text. */
  readonly laneUri?: string
  /** Which link goes first on a busy socket, from -1 (last) to 1 (first). SwimOS Java uses it. @default 0 */
  readonly prio?: number
  /** Updates per second, from 0; 0 sets no limit. Sent to the host, which may ignore it. @default 0 */
  readonly rate?: number
  /** Sent to the host with the request for the link; any value with a Recon form. */
  readonly body?: unknown
  /** Whether a lost link is requested again; otherwise the downlink closes. @default true */
  readonly relinks?: boolean
  /** Whether the downlink syncs: requests the lane's state, not only its events. @default true; false for event downlinks */
  readonly syncs?: boolean
  /** Closes the downlink when the signal aborts. */
  readonly signal?: SignalLike
}

/** Options of a map downlink, its callbacks among them. */
export interface MapDownlinkOptions<K, V> extends DownlinkOptions, Partial<MapCallbacks<K, V>> {
  /** Which keys are accepted, and as what type. @see Schema */
  readonly keySchema?: Schema<unknown, K>
  /** Which values are accepted, and as what type. @see Schema */
  readonly valueSchema?: Schema<unknown, V>
  /** Whether an entry without a value counts as removed, or is kept. @default 'remove' */
  readonly emptyValues?: EmptyValues
  /** Whether, and how, entries and unsent writes are kept between visits, in the `cache` of the client. @default false */
  readonly cache?: boolean | MapCacheOptions
  /** Entries to start with, as `dehydrate` of `swimlink/cache` writes them. */
  readonly initial?: string
}

/** Options of a value downlink, its callbacks among them. */
export interface ValueDownlinkOptions<V> extends DownlinkOptions, Partial<ValueCallbacks<V>> {
  /** Which values are accepted, and as what type. @see Schema */
  readonly schema?: Schema<unknown, V>
}

/** Options of a list downlink, its callbacks among them. */
export interface ListDownlinkOptions<V> extends DownlinkOptions, Partial<ListCallbacks<V>> {
  /** Which items are accepted, and as what type. @see Schema */
  readonly schema?: Schema<unknown, V>
}

/** Options of an event downlink, its callbacks among them. */
export interface EventDownlinkOptions extends DownlinkOptions, Partial<DownlinkCallbacks> {
  /** Whether the downlink syncs: requests the lane's state, not only its events. @default false */
  readonly syncs?: boolean
}

/** The steps of every builder, `Self` being the builder. Of a step called twice, the last call counts. */
export type Steps<C, Self> = {
  readonly [T in keyof Omit<DownlinkOptions, AddressPart>]-?: (value: NonNullable<DownlinkOptions[T]>) => Self
} & {
  readonly [T in keyof C]: (callback: C[T]) => Self
}

/** Opens map downlinks with keys `K` and values `V`; `Missing` is what the address lacks. Immutable, and can be opened again. */
export interface MapBuilder<K, V, Missing extends AddressPart = AddressPart> extends Steps<
  MapCallbacks<K, V>,
  MapBuilder<K, V, Missing>
> {
  /** Where the host is: `warp://example.com`, `warps://example.com`; or a function that gives it, called at each attempt. */
  hostUri(uri: HostUri): MapBuilder<K, V, Exclude<Missing, 'hostUri'>>
  /** The Web Agent, such as `/hotel/lobby`: any text; characters that a URI can't have are escaped. */
  nodeUri(uri: string): MapBuilder<K, V, Exclude<Missing, 'nodeUri'>>
  /** The lane of the Web Agent: any text. */
  laneUri(uri: string): MapBuilder<K, V, Exclude<Missing, 'laneUri'>>
  /** Which keys are accepted, and as what type. @see Schema */
  keySchema<S extends Schema>(schema: S): MapBuilder<AppType<S>, V, Missing>
  /** Which values are accepted, and as what type. @see Schema */
  valueSchema<S extends Schema>(schema: S): MapBuilder<K, AppType<S>, Missing>
  /** Whether an entry without a value counts as removed, or is kept. @default 'remove' */
  emptyValues(policy: EmptyValues): MapBuilder<K, V, Missing>
  /** Whether, and how, entries and unsent writes are kept between visits, in the `cache` of the client. @default false */
  cache(how: boolean | MapCacheOptions): MapBuilder<K, V, Missing>
  /** Entries to start with, as `dehydrate` of `swimlink/cache` writes them. */
  initial(text: string): MapBuilder<K, V, Missing>
  /** Opens another downlink. @throws {ConfigError} when a part of the address is missing, or an option is invalid */
  open(this: Complete<Missing>): MapDownlink<K, V>
}

/** Opens value downlinks with values `V`. Immutable, and can be opened again. */
export interface ValueBuilder<V, Missing extends AddressPart = AddressPart> extends Steps<
  ValueCallbacks<V>,
  ValueBuilder<V, Missing>
> {
  /** Where the host is: `warp://example.com`, `warps://example.com`; or a function that gives it, called at each attempt. */
  hostUri(uri: HostUri): ValueBuilder<V, Exclude<Missing, 'hostUri'>>
  /** The Web Agent, such as `/hotel/lobby`: any text; characters that a URI can't have are escaped. */
  nodeUri(uri: string): ValueBuilder<V, Exclude<Missing, 'nodeUri'>>
  /** The lane of the Web Agent: any text. */
  laneUri(uri: string): ValueBuilder<V, Exclude<Missing, 'laneUri'>>
  /** Which values are accepted, and as what type. @see Schema */
  schema<S extends Schema>(schema: S): ValueBuilder<AppType<S>, Missing>
  /** Opens another downlink. @throws {ConfigError} when a part of the address is missing, or an option is invalid */
  open(this: Complete<Missing>): ValueDownlink<V>
}

/** Opens list downlinks with items `V`. Immutable, and can be opened again. */
export interface ListBuilder<V, Missing extends AddressPart = AddressPart> extends Steps<
  ListCallbacks<V>,
  ListBuilder<V, Missing>
> {
  /** Where the host is: `warp://example.com`, `warps://example.com`; or a function that gives it, called at each attempt. */
  hostUri(uri: HostUri): ListBuilder<V, Exclude<Missing, 'hostUri'>>
  /** The Web Agent, such as `/hotel/lobby`: any text; characters that a URI can't have are escaped. */
  nodeUri(uri: string): ListBuilder<V, Exclude<Missing, 'nodeUri'>>
  /** The lane of the Web Agent: any text. */
  laneUri(uri: string): ListBuilder<V, Exclude<Missing, 'laneUri'>>
  /** Which items are accepted, and as what type. @see Schema */
  schema<S extends Schema>(schema: S): ListBuilder<AppType<S>, Missing>
  /** Opens another downlink. @throws {ConfigError} when a part of the address is missing, or an option is invalid */
  open(this: Complete<Missing>): ListDownlink<V>
}

/** Opens event downlinks. Immutable, and can be opened again. */
export interface EventBuilder<Missing extends AddressPart = AddressPart> extends Steps<
  DownlinkCallbacks,
  EventBuilder<Missing>
> {
  /** Where the host is: `warp://example.com`, `warps://example.com`; or a function that gives it, called at each attempt. */
  hostUri(uri: HostUri): EventBuilder<Exclude<Missing, 'hostUri'>>
  /** The Web Agent, such as `/hotel/lobby`: any text; characters that a URI can't have are escaped. */
  nodeUri(uri: string): EventBuilder<Exclude<Missing, 'nodeUri'>>
  /** The lane of the Web Agent: any text. */
  laneUri(uri: string): EventBuilder<Exclude<Missing, 'laneUri'>>
  /** Opens another downlink. @throws {ConfigError} when a part of the address is missing, or an option is invalid */
  open(this: Complete<Missing>): EventDownlink
}

/** Opens a downlink with these options. */
type Open = (options: object) => unknown

/** What builders of all kinds share. The interfaces above list the steps that each kind adds. */
class Builder {
  readonly #given: object
  readonly #open: Open

  constructor(given: object, open: Open) {
    this.#given = given
    this.#open = open
  }

  open(): unknown {
    return this.#open(this.#given)
  }

  /** The class of a kind's builders: it has a step for each option. */
  static of(kind: Kind): typeof Builder {
    const Steps = class extends Builder {}
    for (const step in kind.options) {
      Object.defineProperty(Steps.prototype, step, {
        value(this: Builder, value: unknown) {
          return new Steps({ ...this.#given, [step]: value }, this.#open)
        },
      })
    }
    classes.set(kind, Steps)
    return Steps
  }
}

const classes = new Map<Kind, typeof Builder>()

/** A builder of downlinks of a kind, with some options given. @param open opens a downlink with all of them */
export const builder = (kind: Kind, given: object, open: Open): Builder =>
  new (classes.get(kind) ?? Builder.of(kind))(given, open)
