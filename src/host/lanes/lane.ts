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

/** The kinds of lanes on a host. */
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

/** A frame for a lane, and the readers for its body. */
export interface Command {
  readonly text: string
  readonly bodyAt: number
  readonly reader: Reader
  readonly ops: MapOpReader
  readonly session: Session
}

/**
 * Decides on operations of clients on map and list lanes for which there is no hook: those on items, and `clear`, `drop`, `take`.
 * @param value of the item that is set, moved or removed. Returns `refuse`, another value to set, or undefined to accept
 */
export type Judge = (nodeUri: string, laneUri: string, op: ListOp<Value>['type'], value: Value) => unknown

/** What a lane needs of its host. */
export interface LaneHost {
  /** The canonical URIs of the lane and of its node. */
  readonly nodeUri: string
  readonly laneUri: string
  readonly limits: LaneLimits
  readonly budget: Budget
  /** Makes the uplinks of map lanes. */
  readonly mapUplink?: MakeMapUplink | undefined
  readonly judge?: Judge | undefined
  /** Stores changes, then runs `publish`: whatever a client receives is still there after a crash. */
  record(changes: readonly Change[], publish: () => void): void
  /** Runs a handler. If it throws, or its promise rejects, the error is reported and stops nothing. */
  run(type: string, handler: () => unknown): void
  /** Runs a hook that may refuse. If it throws, the write is refused and the error reported. */
  ask<T>(type: string, hook: () => T): T | Refuse
  /** Lets clients link to the lane. */
  admit(lane: LaneParts): void
  /** The lane has changed, and its size by so many bytes. */
  grew(bytes: number): void
  /** The lane is empty. */
  emptied(): void
  /** A client's write was refused over a limit. @param option the limit's option */
  full(option: keyof LaneLimits | 'maxHostBytes'): void
  /** Runs once no node is being defined, so that lanes that join each other do not wait for themselves. */
  whenDefined(run: () => void): void
  /** The lane of another node of this host; undefined if there is none. */
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
  /** The state, for JSON; undefined for a lane without one. */
  peek(): Peek | undefined
  /** Restores a stored entry, before there are links. */
  restore?(key: Value, value: Value): void
  /** The published map, for join lanes; undefined for other kinds. */
  readonly map?: JoinableMap
  readonly value?: JoinableValue
}

/** A lane, as clients reach it. */
export interface LaneDoor extends LaneParts {
  mayRead(session: Session): boolean
  mayWrite(session: Session): boolean
}

/** Called after changes to a map. */
export interface MapListener {
  changed(id: unknown, key: Value): void
  cleared(body: string): unknown
  cut(body: string, removed: readonly (readonly [id: unknown, key: Value])[]): unknown
  /** The read rights of the map have changed. */
  rightsChanged?(): void
}

/** A map as its links know it: with a store, changes appear once they are stored. */
export interface JoinableMap {
  publishedHas(id: unknown): boolean
  published(id: unknown): Held
  publishedEntries(): Iterable<readonly [key: Value, held: Held]>
  watch(listener: MapListener): () => void
}

/** A value as its links know it. */
export interface JoinableValue {
  published(): Held
  watch(listener: () => void): () => void
}

/** Follows lanes of other hosts, by swimlink's client. Each call returns its undo. */
export interface RemoteLanes {
  map(at: LaneAddress, on: { set(key: Value, value: Value): void; delete(key: Value): void }): () => void
  value(at: LaneAddress, set: (value: Value) => void): () => void
}

/** The address of a lane. */
export interface LaneAddress {
  /** The URI of another host, such as `warp://example.com`. @default this host */
  readonly hostUri?: string
  /** The node, such as `/hotel/lobby`. */
  readonly nodeUri: string
  /** The lane of that node. */
  readonly laneUri: string
}

export type Peek =
  { readonly value: Value } | { readonly entries: Iterable<readonly [key: Value, value: Value]>; readonly size: number }
