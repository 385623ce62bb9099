// Floor 9. How many times a bench links to a lane.

/** The least number of turns, however long they take. */
const leastTurns = 10
/** With this many samples there are all percentiles. More are not worth the load on a host. */
const enoughSamples = 100
/** For how long more samples are taken. */
const mostMs = 2000

export interface Turns {
  readonly turns: number
  /** How many samples each turn adds. */
  readonly clients: number
  readonly tookMs: number
  /** How many turns were requested by the user. */
  readonly syncs?: number | undefined
}

/** The share that is done: from 0; at 1 there are enough turns. */
export function shareDone({ turns, clients, tookMs, syncs }: Turns): number {
  if (syncs !== undefined) return turns / syncs
  return Math.min(turns / leastTurns, Math.max((turns * clients) / enoughSamples, tookMs / mostMs))
}
