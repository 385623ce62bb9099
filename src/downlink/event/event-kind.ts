// Floor 5. Event downlinks, as clients list them.
import type { DownlinkCallbacks } from '../callbacks.js'
import { linkOptions, type Kind } from '../kind.js'
import type { DownlinkParts, Given } from '../parts.js'
import { EventDownlink } from './event-downlink.js'

const options = { ...linkOptions, syncs: [false, true] } as const

export const eventKind = {
  options,
  prepare: () => (parts: DownlinkParts, given: Given<DownlinkCallbacks>) => new EventDownlink(parts, given),
} satisfies Kind<object>
