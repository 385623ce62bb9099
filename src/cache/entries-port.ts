// Floor 7. What the entries of a lane are kept by.
import type { CacheStore } from '../client/caching.js'
import type { MapModel } from '../downlink/map/map-model.js'
import type { MapOpReader } from '../warp/map-op.js'

/** What the entries of a lane are kept for, and by. */
export interface EntriesPort {
  readonly store: CacheStore
  readonly lane: string
  readonly model: MapModel
  readonly ops: MapOpReader
  /** Whether nothing of it is kept any more. */
  isOff(): boolean
  /** When what is shown was last what the lane holds, as far as is known. */
  liveMs(): number | undefined
  nowMs(): number
  /** By the wall clock, in milliseconds. */
  wallMs(): number
  /** When it was opened, likewise. */
  readonly openedMs: number
  /** A name that no other pages have. */
  newName(): string
  /** Resolves in the next turn, and when there is time for a little work. */
  turn(): Promise<void>
  rest(): Promise<void>
  /** Its rows take so many UTF-16 units now. */
  written(chars: number): Promise<void>
  /** A page of it could not be read. */
  damaged(cause: unknown): void
}

/** Why it is written: it is time, the page is hidden and may go, or the lane is closed. */
export type When = 'due' | 'hidden' | 'closed'
