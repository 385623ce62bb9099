// Floor 8. The public door of `swimlink/inspect`: importing it once gives every client `inspect()` and `tap()`; and tapes.
import { SwimClient } from '../client/client.js'
import { inspect } from './gather.js'
import { tap } from './tap.js'

const { prototype } = SwimClient as unknown as { readonly prototype: object }
Object.defineProperty(prototype, 'inspect', {
  value(this: unknown) {
    return inspect(this)
  },
})
Object.defineProperty(prototype, 'tap', {
  value(this: unknown, listener: Parameters<typeof tap>[1]) {
    return tap(this, listener)
  },
})

export { record, type RecordOptions, type Tape } from './record.js'
export { readTape, type TapeContent, type TapeEvent, type TapeFrame, type TapeHead, type TapeLine } from './tape.js'
export type { InspectedCounters, InspectedHost, InspectedLink, Inspection, TappedFrame } from '../client/inspection.js'
