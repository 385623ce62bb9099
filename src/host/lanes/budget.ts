// Floor 3'. Limits for what lanes hold, one by one and all together.

/** How far clients may fill one lane. Code may go beyond. */
export interface LaneLimits {
  /** Entries of a map. */
  readonly maxEntriesPerLane: number
  /** The size of a lane, in bytes as counted by `bytesOf`. */
  readonly maxLaneBytes: number
}

/** The size of all lanes of a host, in such bytes, and how far clients may fill them. */
export interface Budget {
  used: number
  readonly maxHostBytes: number
}
