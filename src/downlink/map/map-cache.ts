// Floor 5. The seam by which map lanes are kept between visits. src/cache is behind it.
import type { Link } from '../../link/link.js'
import type { LinkSink } from '../../link/link-port.js'

/** How a map is kept. */
export interface MapCacheOptions {
  /** The greatest age of entries that are shown before the first sync, in milliseconds. @default Infinity */
  readonly maxAgeMs?: number
  /** Whether writes that are not in the lane yet are kept for the next visit. @default 'keep' */
  readonly writes?: 'keep' | 'forget'
}

/** The options of a map downlink that a cache reads. */
export interface MapBeginning {
  readonly cache?: boolean | MapCacheOptions
  readonly initial?: string
  readonly syncs: boolean
}

/** The cache of a client, as its map downlinks see it. */
export interface MapCache {
  /** A map downlink to a lane is about to be made. @param model its MapModel @throws {ConfigError} for invalid options */
  opened(link: Link, model: LinkSink, options: MapBeginning): void
}
