// Floor 7. The public door of `swimlink`.
export { ReconError, type ErrorCode, type ReconErrorWhere, type Where } from './base/swim-error.js'
export {
  AuthError,
  ClosedError,
  ConfigError,
  ConflictError,
  LaneKindError,
  OverflowError,
  ProtocolError,
  RefusedError,
  SchemaError,
  SwimError,
  TimeoutError,
  TransportError,
  UnlinkedError,
  type CacheError,
  type CallbackError,
  type LaneKind,
  type SchemaIssue,
  type SwimErrorClass,
} from './base/errors.js'
export type { HostUri } from './base/address.js'
export type { Cancel, Clock } from './base/clock.js'
export type { SignalLike, Unsubscribe } from './base/events.js'
export type { DownlinkCallbacks, MapCallbacks, ValueCallbacks } from './downlink/callbacks.js'
export type { Change } from './downlink/change.js'
export type { Downlink } from './downlink/downlink.js'
export type { EventDownlink } from './downlink/event/event-downlink.js'
export type { Changes } from './downlink/feed.js'
export type { PendingWrite, PutOptions } from './downlink/pending.js'
export type { ReadableMap } from './downlink/readable.js'
export type { WaitOptions } from './downlink/wait.js'
export type { ListCallbacks } from './downlink/list/list-callbacks.js'
export type { ListChange, ListChanges } from './downlink/list/list-change.js'
export type { ListDownlink } from './downlink/list/list-downlink.js'
export type { MapCacheOptions } from './downlink/map/map-cache.js'
export type { MapDownlink } from './downlink/map/map-downlink.js'
export type { EmptyValues } from './downlink/map/map-writer.js'
export type { AppType, Schema } from './schema/schema.js'
export type { CachedStatus, DownlinkStatus, WithStatus } from './downlink/status.js'
export type { ValueDownlink } from './downlink/value/value-downlink.js'
export type {
  AddressPart,
  Complete,
  DownlinkOptions,
  EventBuilder,
  EventDownlinkOptions,
  Lacks,
  ListBuilder,
  ListDownlinkOptions,
  MapBuilder,
  MapDownlinkOptions,
  Steps,
  ValueBuilder,
  ValueDownlinkOptions,
} from './client/builder.js'
export { SwimClient, type SwimClientClass } from './client/client.js'
export type { CacheChanges, CacheRow, CacheStore, RestoredWrite } from './client/caching.js'
export type { InspectedCounters, InspectedHost, InspectedLink, Inspection, TappedFrame } from './client/inspection.js'
export type { Meta, MetaHost, MetaLane, MetaNode, MetaOptions, MetaPulse, MetaUplink } from './client/meta-readers.js'
export type { AnyDownlink, ClientEvents } from './client/client-events.js'
export type { SwimClientOptions } from './client/options.js'
export type { HostRef, LaneRef, NodeRef, Scope } from './client/scope.js'
export type { Credentials } from './connection/authentication.js'
export type { WriteOutcome } from './write/write.js'
export { Attr, Record, Slot, type Item, type Value } from './recon/index.js'
export type { Asked } from './connection/socket.js'
export type { SocketClass, SocketLike } from './transport/websocket.js'
