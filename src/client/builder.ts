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

/** What of `Missing` the options `O` leave open: all that they don't give for certain. */
export type Lacks<Missing extends AddressPart, O> = Exclude<
  Missing,
  { [P in keyof O]: undefined extends O[P] ? never : P }[keyof O]
>

/** Any builder, where nothing is `Missing`; else none, so that the compiler names what is. */
export type Complete<Missing extends AddressPart> = [Missing] extends [never]
  ? unknown
  : { readonly addressLacks: Missing }

/** What can be said of a downlink of any kind; see the steps of the builders, which have the same names. */
export interface DownlinkOptions {
  /** Where the host is: `warp://example.com`, `warps://example.com`; or a function that gives it, asked at each attempt. */
  readonly hostUri?: HostUri
  /** The Web Agent, such as `/hotel/lobby`: any text; what a URI may not hold is escaped. */
  readonly nodeUri?: string
  /** The lane of the Web Agent: any text. */
  readonly laneUri?: string
  /** Which of two links goes first where the socket is busy, from -1 (last) to 1. A SwimOS Java host heeds it. @default 0 */
  readonly prio?: number
  /** Carried to the host, which may heed it: updates per second, at least 0; 0 sets no bound. @default 0 */
  readonly rate?: number
  /** Carried to the host with the request for the link; any value with a Recon form. */
  readonly body?: unknown
  /** Whether a lost link is requested again; otherwise the downlink closes. @default true */
  readonly relinks?: boolean
  /** Whether the lane's state is wanted, and not its events alone. @default true; false for event downlinks */
  readonly syncs?: boolean
  /** Closes the downlink when it aborts. */
  readonly signal?: SignalLike
}

/** Options of a map downlink, its callbacks among them. */
export interface MapDownlinkOptions<K, V> extends DownlinkOptions, Partial<MapCallbacks<K, V>> {
  /** What keys are let in, and as what type. @see Schema */
  readonly keySchema?: Schema<unknown, K>
  /** What values are let in, and as what type. @see Schema */
  readonly valueSchema?: Schema<unknown, V>
  /** What an entry without a value is: removed, or kept. @default 'remove' */
  readonly emptyValues?: EmptyValues
  /** Whether entries and unsent writes are kept between visits, in the `cache` of the client; and how. @default false */
  readonly cache?: boolean | MapCacheOptions
  /** Entries to begin with, as `dehydrate` of `swimlink/cache` gives them. */
  readonly initial?: string
}

/** Options of a value downlink, its callbacks among them. */
export interface ValueDownlinkOptions<V> extends DownlinkOptions, Partial<ValueCallbacks<V>> {
  /** What values are let in, and as what type. @see Schema */
  readonly schema?: Schema<unknown, V>
}

/** Options of a list downlink, its callbacks among them. */
export interface ListDownlinkOptions<V> extends DownlinkOptions, Partial<ListCallbacks<V>> {
  /** What items are let in, and as what type. @see Schema */
  readonly schema?: Schema<unknown, V>
}

/** Options of an event downlink, its callbacks among them. */
export interface EventDownlinkOptions extends DownlinkOptions, Partial<DownlinkCallbacks> {
  /** Whether the lane's state is wanted, and not its events alone. @default false */
  readonly syncs?: boolean
}

/** The steps of every builder, `Self` being the builder. A step taken twice counts as taken the second time. */
export type Steps<C, Self> = {
  readonly [T in keyof Omit<DownlinkOptions, AddressPart>]-?: (value: NonNullable<DownlinkOptions[T]>) => Self
} & {
  readonly [T in keyof C]: (callback: C[T]) => Self
}

/** Opens map downlinks with keys `K` and values `V`; `Missing` is what its address lacks. Immutable, and can be opened again. */
export interface MapBuilder<K, V, Missing extends AddressPart = AddressPart> extends Steps<
  MapCallbacks<K, V>,
  MapBuilder<K, V, Missing>
> {
  /** Where the host is: `warp://example.com`, `warps://example.com`; or a function that gives it, asked at each attempt. */
  hostUri(uri: HostUri): MapBuilder<K, V, Exclude<Missing, 'hostUri'>>
  /** The Web Agent, such as `/hotel/lobby`: any text; what a URI may not hold is escaped. */
  nodeUri(uri: string): MapBuilder<K, V, Exclude<Missing, 'nodeUri'>>
  /** The lane of the Web Agent: any text. */
  laneUri(uri: string): MapBuilder<K, V, Exclude<Missing, 'laneUri'>>
  /** What keys are let in, and as what type. @see Schema */
  keySchema<S extends Schema>(schema: S): MapBuilder<AppType<S>, V, Missing>
  /** What values are let in, and as what type. @see Schema */
  valueSchema<S extends Schema>(schema: S): MapBuilder<K, AppType<S>, Missing>
  /** What an entry without a value is: removed, or kept. @default 'remove' */
  emptyValues(policy: EmptyValues): MapBuilder<K, V, Missing>
  /** Whether entries and unsent writes are kept between visits, in the `cache` of the client; and how. @default false */
  cache(how: boolean | MapCacheOptions): MapBuilder<K, V, Missing>
  /** Entries to begin with, as `dehydrate` of `swimlink/cache` gives them. */
  initial(text: string): MapBuilder<K, V, Missing>
  /** Opens another downlink. @throws {ConfigError} when a part of the address is missing, or an option can't be */
  open(this: Complete<Missing>): MapDownlink<K, V>
}

/** Opens value downlinks with values `V`. Immutable, and can be opened again. */
export interface ValueBuilder<V, Missing extends AddressPart = AddressPart> extends Steps<
  ValueCallbacks<V>,
  ValueBuilder<V, Missing>
> {
  /** Where the host is: `warp://example.com`, `warps://example.com`; or a function that gives it, asked at each attempt. */
  hostUri(uri: HostUri): ValueBuilder<V, Exclude<Missing, 'hostUri'>>
  /** The Web Agent, such as `/hotel/lobby`: any text; what a URI may not hold is escaped. */
  nodeUri(uri: string): ValueBuilder<V, Exclude<Missing, 'nodeUri'>>
  /** The lane of the Web Agent: any text. */
  laneUri(uri: string): ValueBuilder<V, Exclude<Missing, 'laneUri'>>
  /** What values are let in, and as what type. @see Schema */
  schema<S extends Schema>(schema: S): ValueBuilder<AppType<S>, Missing>
  /** Opens another downlink. @throws {ConfigError} when a part of the address is missing, or an option can't be */
  open(this: Complete<Missing>): ValueDownlink<V>
}

/** Opens list downlinks with items `V`. Immutable, and can be opened again. */
export interface ListBuilder<V, Missing extends AddressPart = AddressPart> extends Steps<
  ListCallbacks<V>,
  ListBuilder<V, Missing>
> {
  /** Where the host is: `warp://example.com`, `warps://example.com`; or a function that gives it, asked at each attempt. */
  hostUri(uri: HostUri): ListBuilder<V, Exclude<Missing, 'hostUri'>>
  /** The Web Agent, such as `/hotel/lobby`: any text; what a URI may not hold is escaped. */
  nodeUri(uri: string): ListBuilder<V, Exclude<Missing, 'nodeUri'>>
  /** The lane of the Web Agent: any text. */
  laneUri(uri: string): ListBuilder<V, Exclude<Missing, 'laneUri'>>
  /** What items are let in, and as what type. @see Schema */
  schema<S extends Schema>(schema: S): ListBuilder<AppType<S>, Missing>
  /** Opens another downlink. @throws {ConfigError} when a part of the address is missing, or an option can't be */
  open(this: Complete<Missing>): ListDownlink<V>
}

/** Opens event downlinks. Immutable, and can be opened again. */
export interface EventBuilder<Missing extends AddressPart = AddressPart> extends Steps<
  DownlinkCallbacks,
  EventBuilder<Missing>
> {
  /** Where the host is: `warp://example.com`, `warps://example.com`; or a function that gives it, asked at each attempt. */
  hostUri(uri: HostUri): EventBuilder<Exclude<Missing, 'hostUri'>>
  /** The Web Agent, such as `/hotel/lobby`: any text; what a URI may not hold is escaped. */
  nodeUri(uri: string): EventBuilder<Exclude<Missing, 'nodeUri'>>
  /** The lane of the Web Agent: any text. */
  laneUri(uri: string): EventBuilder<Exclude<Missing, 'laneUri'>>
  /** Opens another downlink. @throws {ConfigError} when a part of the address is missing, or an option can't be */
  open(this: Complete<Missing>): EventDownlink
}

/** Opens a downlink with these options. */
type Open = (options: object) => unknown

interface Builder {
  open(): unknown
}

/** What a builder has been given, which nobody but its steps sees. */
const parts = new WeakMap<Builder, readonly [given: object, open: Open]>()
const classes = new Map<Kind, Builder>()

/** What builders of a kind inherit: its options as steps; the interfaces above say which. */
function stepsOf(kind: Kind): Builder {
  const steps: Builder = {
    open() {
      const [given, open] = parts.get(this)!
      return open(given)
    },
  }
  for (const step in kind.options) {
    Object.defineProperty(steps, step, {
      value(this: Builder, value: unknown) {
        const [given, open] = parts.get(this)!
        return builder(kind, { ...given, [step]: value }, open)
      },
    })
  }
  classes.set(kind, steps)
  return steps
}

/** A builder of downlinks of a kind, with some options given. @param open opens a downlink with all of them */
export function builder(kind: Kind, given: object, open: Open): Builder {
  const made = Object.create(classes.get(kind) ?? stepsOf(kind)) as Builder
  parts.set(made, [given, open])
  return made
}
