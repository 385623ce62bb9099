// Floor 3'. The public door of `swimlink/host`: an embedded WARP host for Node.
export { ClosedError, ConfigError, ProtocolError, SchemaError } from '../base/errors.js'
export { ReconError, SwimError } from '../base/swim-error.js'
export type { Guard, Session } from './lanes/access.js'
export type { CommandLane, CommandLaneOptions, DemandLane, DemandLaneOptions, SupplyLane } from './lanes/event-lane.js'
export type { DemandMapLane, DemandMapLaneOptions } from './lanes/demand-map-lane.js'
export type { ListLane, ListLaneOptions } from './lanes/list-lane.js'
export { WarpHost } from './host.js'
export { levelStore, type LevelStoreOptions } from './keep/level-store.js'
export {
  refuse,
  type LaneAddress,
  type LaneKind,
  type LaneOptions,
  type Refuse,
  type StatefulOptions,
} from './lanes/lane.js'
export type { MapLane, MapLaneOptions } from './lanes/map-lane.js'
export type { AnyLane, LaneKinds } from './lanes/kinds.js'
export type { HostNode } from './nodes/node.js'
export type { DefineNode } from './nodes/nodes.js'
export type { NodeRights } from './nodes/rights.js'
export type { WarpHostOptions } from './options.js'
export type { AppType, Schema } from '../schema/schema.js'
export type { ListeningAt } from './server/addresses.js'
export type { ParamNames, Params } from './nodes/pattern.js'
export type { JoinLaneOptions } from './lanes/join-lane.js'
export type { JoinMapLane, JoinMapLaneOptions } from './lanes/join-map-lane.js'
export type { JoinValueLane } from './lanes/join-value-lane.js'
export type { Change, LaneStore } from './keep/store.js'
export type { ValueLane, ValueLaneOptions } from './lanes/value-lane.js'
