// Floor 3'. The interface of a store, which keeps lanes while no host runs.
/** One entry, or the value of a value lane, to be stored: Recon texts. */
export interface Change {
  /** The canonical URI of its node. */
  readonly node: string
  /** The canonical URI of its lane. */
  readonly lane: string
  /** Empty for a value lane. */
  readonly key: string
  /** Undefined: the entry was removed. */
  readonly value: string | undefined
}

/** Stores the states of lanes. A host without a store keeps them only in memory. */
export interface LaneStore {
  /** All stored entries, in any order; called once, before anything is written. */
  load(): AsyncIterable<Change>
  /**
   * Stores all changes or none. Once it resolves, the changes must survive any end of the process: only then clients get them. One
   * call at a time.
   */
  write(changes: readonly Change[]): Promise<void>
  /** Called once, when the host has closed. Nothing is written afterwards. */
  close(): Promise<void>
}
