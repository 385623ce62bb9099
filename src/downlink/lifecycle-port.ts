// Floor 5. The parts that a downlink's lifecycle is given, and its owner.
import type { Clock } from '../base/clock.js'
import type { SwimError, Where } from '../base/errors.js'
import type { ReportFault } from '../base/events.js'
import type { Link } from '../link/link.js'

export interface LifecycleOptions {
  readonly link: Link
  readonly clock: Clock
  readonly syncs: boolean
  readonly relinks: boolean
  /** How long `close` goes on to deliver writes, in milliseconds. */
  readonly closeTimeoutMs: number
  /** The downlink with these options has released its link. */
  readonly released: (options: LifecycleOptions) => void
  /** Called with what callbacks throw. */
  readonly fault: ReportFault
  /** Called with an error that no didFail receives. */
  readonly report: (error: SwimError, at: Where) => void
}

/** What a kind of downlink does at both ends of its life. */
export interface LifecycleEnds {
  /** An existing link was joined: reports its present state to the callbacks. */
  replay(): void
  /** The downlink is closed: releases all it holds, except its writes. */
  released(): void
}
