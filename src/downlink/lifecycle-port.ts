// Floor 5. The parts that a downlink's lifecycle is given, and its owner.
import type { Clock } from '../base/clock.js'
import type { SwimError, Where } from '../base/errors.js'
import type { SignalLike } from '../base/events.js'
import type { Link } from '../link/link.js'

export interface LifecycleOptions {
  readonly link: Link
  readonly clock: Clock
  readonly syncs: boolean
  readonly relinks: boolean
  readonly signal: SignalLike | undefined
  /** How long `close` goes on to deliver writes, in milliseconds. */
  readonly closeTimeoutMs: number
  /** The downlink has released its link. */
  readonly released: () => void
  /** Called with an error that no didFail receives. */
  readonly report: (error: SwimError, at: Where) => void
}

/** The owner of a lifecycle. */
export interface LifecycleOwner {
  /** An existing link was joined: reports its present state to the callbacks. */
  replay(): void
  /** The downlink is closed: releases all it holds, except its writes. */
  released(): void
}
