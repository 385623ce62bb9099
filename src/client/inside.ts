// Floor 6. The seam by which src/inspect sees the core of a client.
import type { ClientCore } from './client-core.js'

/** The property by which a client has its core: the same for all copies of this module, as bundles may have two. */
export const inside = Symbol.for('swimlink.inside')

/** A client, as src/inspect sees it. */
export interface Inside {
  readonly [inside]: ClientCore
}
