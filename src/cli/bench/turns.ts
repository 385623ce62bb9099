// Floor 9. How often a lane is linked to, to be measured.

/** So often in any case, however long it takes. */
const leastTurns = 10
/** So many samples have all percentiles; more are not worth the load on a host. */
const enoughSamples = 100
/** So long it goes on for more samples. */
const mostMs = 2000

export interface Turns {
  readonly turns: number
  /** How many samples each turn has. */
  readonly clients: number
  readonly tookMs: number
  /** How many turns were asked for. */
  readonly syncs?: number | undefined
}

/** How much of it is done, from 0 on; from 1 on that is enough. */
export function shareDone({ turns, clients, tookMs, syncs }: Turns): number {
  if (syncs !== undefined) return turns / syncs
  return Math.min(turns / leastTurns, Math.max((turns * clients) / enoughSamples, tookMs / mostMs))
}
