// Floor 3'. The interface between the host and lanes of any kind.
import type { Reader, Value } from '../../recon/index.js'
import type { ListOp } from '../../store/keyed-list.js'
import type { MapOpReader } from '../../warp/map-op.js'
import type { Guard, Session } from './access.js'
import type { Budget, LaneLimits } from './budget.js'
import type { Held } from './held.js'
import type { Change } from '../keep/store.js'
import type { MakeMapUplink, Uplink, UplinkPort } from './uplink.js'

/**
 * From a hook: the write does not happen, and its client receives what the lane has.
 * @example
 * node.valueLane<number>('level', { willSet: level => (level > 10 ? refuse : undefined) })
 */
export const refuse: unique symbol = Symbol('refuse')
/** The type of `refuse`. */
export type Refuse = typeof refuse

/** The kinds of lanes, as a host knows them. */
export type LaneKind =
  'map' | 'value' | 'command' | 'supply' | 'demand' | 'demandMap' | 'list' | 'joinValue' | 'joinMap'

/** Options of every lane. */
export interface LaneOptions {
  /** Whether a client may link to the lane and sync it; otherwise it gets `@unlinked`. @default everybody may */
  readonly canRead?: Guard
  /** Whether a client may send commands to the lane; otherwise its socket is closed with 1008. @default everybody may */
  readonly canWrite?: Guard
}

/** Options of a lane with state. */
export interface StatefulOptions extends LaneOptions {
  /** Whether the lane's state is not stored, though the host has a store. @default false */
  readonly transient?: boolean
}

/** A frame that has come for a lane, and the readers to read its body with. */
export interface Command {
  readonly text: string
  readonly bodyAt: number
  readonly reader: Reader
  readonly ops: MapOpReader
  readonly session: Session
}

/**
 * Decides on what clients ask of map and list lanes that no hook is asked about: operations on items, and `clear`, `drop` and `take`.
 * @param value of the item that is set, moved or removed. Gives `refuse`, a value to be set instead, or nothing to agree
 */
export type Judge = (nodeUri: string, laneUri: string, op: ListOp<Value>['type'], value: Value) => unknown

/** What a lane has of its host. */
export interface LaneHost {
  /** The canonical URIs of the lane and of its node. */
  readonly nodeUri: string
  readonly laneUri: string
  readonly limits: LaneLimits
  readonly budget: Budget
  /** Makes what writes to the links of map lanes. */
  readonly mapUplink?: MakeMapUplink | undefined
  readonly judge?: Judge | undefined
  /** Makes changes last, then runs `tell`: what a client hears of is there after a crash. */
  record(changes: readonly Change[], tell: () => void): void
  /** Runs a handler; what it throws, or its promise rejects with, is reported and stops nothing. */
  run(type: string, handler: () => unknown): void
  /** Runs a hook that may refuse; to throw is to refuse, and is reported. */
  ask<T>(type: string, hook: () => T): T | Refuse
  /** Lets links to the lane in. */
  admit(lane: LaneParts): void
  /** The lane has changed, and holds so many bytes more, or fewer. */
  grew(bytes: number): void
  /** The lane holds nothing any more. */
  emptied(): void
  /** A client's write was refused for a limit, named by its option. */
  full(option: keyof LaneLimits | 'maxHostBytes'): void
  /** Runs once no node is being defined: what joins lanes is not to wait for itself. */
  whenDefined(run: () => void): void
  /** The lane of another node of this host; undefined where there is none. */
  doorOf(nodeUri: string, laneUri: string): LaneDoor | undefined
  /** Follows a lane of another host. */
  readonly remote: RemoteLanes
}

/** A lane as its node sees it. */
export interface LaneParts {
  readonly kind: LaneKind
  readonly options: LaneOptions
  attach(port: UplinkPort): Uplink
  detach(uplink: Uplink): void
  /**
   * Does what a client's command says.
   * @throws {ReconError} when its body is not Recon
   * @throws {ProtocolError} when the command is not one for this lane; nothing else is affected
   */
  command(command: Command): void
  /** What would be lost with the lane: joins, a state, or nothing. */
  holds(): 'joins' | 'state' | 'nothing'
  /** The state as JSON can say it; undefined where the lane has none. */
  peek(): Peek | undefined
  /** Takes in a stored entry, before there are links. */
  restore?(key: Value, value: Value): void
  /** What join lanes follow, of a lane that has it. */
  readonly map?: JoinableMap
  readonly value?: JoinableValue
}

/** A lane as clients come to it. */
export interface LaneDoor extends LaneParts {
  mayRead(session: Session): boolean
  mayWrite(session: Session): boolean
}

/** Called with changes to a map, after they are made. */
export interface MapListener {
  changed(id: unknown, key: Value): void
  cleared(body: string): unknown
  cut(body: string, removed: readonly (readonly [id: unknown, key: Value])[]): unknown
  /** The read rights of the map have changed. */
  rightsChanged?(): void
}

/** A map, as links have seen it. */
export interface JoinableMap {
  toldHas(id: unknown): boolean
  told(id: unknown): Held
  toldEntries(): Iterable<readonly [key: Value, held: Held]>
  watch(listener: MapListener): () => void
}

/** A value, as links have seen it. */
export interface JoinableValue {
  told(): Held
  watch(listener: () => void): () => void
}

/** Lanes of other hosts, by our own client. Each call returns its undo. */
export interface RemoteLanes {
  map(at: LaneAddress, on: { set(key: Value, value: Value): void; delete(key: Value): void }): () => void
  value(at: LaneAddress, set: (value: Value) => void): () => void
}

/** Where a lane is. */
export interface LaneAddress {
  /** Of another host, such as `warp://example.com`. @default this host */
  readonly hostUri?: string
  /** Its node, such as `/hotel/lobby`. */
  readonly nodeUri: string
  /** The lane of that node. */
  readonly laneUri: string
}

export type Peek =
  { readonly value: Value } | { readonly entries: Iterable<readonly [key: Value, value: Value]>; readonly size: number }
