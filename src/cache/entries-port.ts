// Floor 7. What the stored entries of a lane need of their keeper.
import type { CacheStore } from '../client/caching.js'
import type { MapModel } from '../downlink/map/map-model.js'
import type { MapOpReader } from '../warp/map-op.js'

/** The keeper and the store of a lane's entries. */
export interface EntriesPort {
  readonly store: CacheStore
  readonly lane: string
  readonly model: MapModel
  readonly ops: MapOpReader
  /** Whether nothing is stored any more. */
  isOff(): boolean
  /** When the shown entries were last known to be those of the lane. */
  liveMs(): number | undefined
  nowMs(): number
  /** The wall clock, in milliseconds. */
  wallMs(): number
  /** When the lane was opened, by the same clock. */
  readonly openedMs: number
  /** A name that no other page uses. */
  newName(): string
  /** Resolves in the next turn, when there is time for a little work. */
  turn(): Promise<void>
  rest(): Promise<void>
  /** Called when the rows were written. @param chars their size, in UTF-16 units */
  written(chars: number): Promise<void>
  /** Called when a page could not be read. */
  damaged(cause: unknown): void
}

/** Why rows are written: the pause is over, the page is hidden and may end, or the lane is closed. */
export type When = 'due' | 'hidden' | 'closed'
