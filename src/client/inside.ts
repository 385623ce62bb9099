// Floor 6. The seam by which src/inspect sees what is behind a client.
import type { ClientCore } from './client-core.js'

/** Under this name a client has its core: of all copies of this module, as bundles may have two. */
export const inside = Symbol.for('swimlink.inside')

/** A client, as whoever looks inside sees it. */
export interface Inside {
  readonly [inside]: ClientCore
}
