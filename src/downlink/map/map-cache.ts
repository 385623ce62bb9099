// Floor 5. The seam by which map lanes are kept between visits. src/cache is behind it.
import type { Link } from '../../link/link.js'
import type { LinkSink } from '../../link/link-port.js'

/** How a map is kept. */
export interface MapCacheOptions {
  /** How old entries may be that are shown before the lane has told its own, in milliseconds. @default Infinity */
  readonly maxAgeMs?: number
  /** Whether writes that are not in the lane are kept for the next visit. @default 'keep' */
  readonly writes?: 'keep' | 'forget'
}

/** Options of a map that this is about. */
export interface MapBeginning {
  readonly cache?: boolean | MapCacheOptions
  readonly initial?: string
  readonly syncs: boolean
}

/** What of a client is kept between visits. */
export interface MapCache {
  /** A downlink to a lane is about to be made. @param model that of a map @throws {ConfigError} for options that can't be */
  opened(link: Link, model: LinkSink, options: MapBeginning): void
}
