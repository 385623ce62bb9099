// Floor 3'. How much lanes hold, each and all together: what clients may fill has an end.

/** How far clients may fill one lane; code may go beyond. */
export interface LaneLimits {
  /** Entries of a map. */
  readonly maxEntriesPerLane: number
  /** What it holds, in bytes as `bytesOf` reckons them. */
  readonly maxLaneBytes: number
}

/** What all lanes of a host hold, in such bytes, and how far clients may fill them. */
export interface Budget {
  used: number
  readonly maxHostBytes: number
}
