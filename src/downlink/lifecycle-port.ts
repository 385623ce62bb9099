// Floor 5. What the life of a downlink is given, and whose it is.
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
  /** How long `close` goes on to deliver what was written, in milliseconds. */
  readonly closeTimeoutMs: number
  /** The downlink has let go of its link. */
  readonly released: () => void
  /** Told of an error that no didFail hears. */
  readonly report: (error: SwimError, at: Where) => void
}

/** Whose life it is. */
export interface LifecycleOwner {
  /** A link that was there before is joined: tells of the state that is there already. */
  replay(): void
  /** The downlink is closed: lets go of all it holds, but its writes. */
  released(): void
}
