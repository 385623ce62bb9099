// Floor 3'. Where lanes are kept while no host runs: the interface to a store.
/** One entry, or a lane's one value, as it is to be kept: Recon texts. */
export interface Change {
  /** The canonical URI of its node. */
  readonly node: string
  /** The canonical URI of its lane. */
  readonly lane: string
  /** Empty for a value lane. */
  readonly key: string
  /** Undefined: there is no such entry any more. */
  readonly value: string | undefined
}

/** A place that keeps the states of lanes. A host without one keeps them in memory alone. */
export interface LaneStore {
  /** All that is kept, in any order; called once, before anything is written. */
  load(): AsyncIterable<Change>
  /**
   * Keeps all changes or none. When it resolves they must outlast the process, however it ends: clients hear of a change only
   * after that. One call at a time.
   */
  write(changes: readonly Change[]): Promise<void>
  /** Called once, when the host has closed: nothing is written afterwards. */
  close(): Promise<void>
}
