// Floor 6. The kinds of downlinks that every client has. Another is a row here and a folder in downlink/.
import { eventKind } from '../downlink/event/event-kind.js'
import { mapKind } from '../downlink/map/map-kind.js'
import { valueKind } from '../downlink/value/value-kind.js'

/** By the names of the methods that begin a builder. */
export const kinds = {
  downlinkMap: mapKind,
  downlinkValue: valueKind,
  downlinkEvent: eventKind,
}
