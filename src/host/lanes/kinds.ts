// Floor 3'. All kinds of lanes, by their names.
import type { CommandLane, DemandLane, SupplyLane } from './event-lane.js'
import type { DemandMapLane } from './demand-map-lane.js'
import type { JoinMapLane } from './join-map-lane.js'
import type { JoinValueLane } from './join-value-lane.js'
import type { ListLane } from './list-lane.js'
import type { MapLane } from './map-lane.js'
import type { ValueLane } from './value-lane.js'

/** A lane of any kind. */
export type AnyLane = LaneKinds[keyof LaneKinds]

/** Lanes by the names of their kinds. */
export interface LaneKinds {
  /** By `mapLane`. */
  readonly map: MapLane
  /** By `valueLane`. */
  readonly value: ValueLane
  /** By `commandLane`. */
  readonly command: CommandLane
  /** By `supplyLane`. */
  readonly supply: SupplyLane
  /** By `demandLane`. */
  readonly demand: DemandLane
  /** By `demandMapLane`. */
  readonly demandMap: DemandMapLane
  /** By `listLane`. */
  readonly list: ListLane
  /** By `joinValueLane`. */
  readonly joinValue: JoinValueLane
  /** By `joinMapLane`. */
  readonly joinMap: JoinMapLane
}
