// Floor 6. The kinds of downlinks. A new kind is a row here and a folder in downlink/; a kind that few pages need is added by an
// entry of its own, as in list.ts.
import { eventKind } from '../downlink/event/event-kind.js'
import type { Kind } from '../downlink/kind.js'
import { mapKind } from '../downlink/map/map-kind.js'
import { valueKind } from '../downlink/value/value-kind.js'

/** By the names of the methods that begin a builder. */
export const kinds = {
  downlinkMap: mapKind,
  downlinkValue: valueKind,
  downlinkEvent: eventKind,
  downlinkList: undefined as Kind | undefined,
}
