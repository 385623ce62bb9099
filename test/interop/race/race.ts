// Interop support. Two clients of ours, each on a socket of its own, set, delete and clear the same keys of one map lane as fast as
// they can. After quiet each map must be what a third client is told by its first sync.
import fc from 'fast-check'
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises'
import { SwimClient } from '../../../src/index.js'
import { compare, identity, stringify, type Value } from '../../../src/recon/index.js'
import type { Entries } from '../scenarios/kit.js'
import { Witness, type Where } from '../walk/witness.js'

const keys = Array.from({ length: 12 }, (_, n) => `k${n}`)
/** No frame for so long, on either socket. A client may yet repair what is wrong then: it asks for the echoes it lacks after 2 s. */
const quietMs = 300
/** How long a map that is not the lane's after quiet may take to become it. */
const healWithinMs = 10_000
const keptFrames = 2_000
const toldFrames = 60

/**
 * What the racers of a round pause for between operations: a moment, a moment after some of them, a turn of the loop, nothing. The
 * last two leave many writes without an echo, and so end with a resync, which hides what was wrong before it.
 */
const paces = ['bursts', 'moments', 'bursts', 'turns', 'bursts', 'moments', 'bursts', 'none'] as const

interface Op {
  readonly type: 'set' | 'delete' | 'clear'
  readonly key: number
  readonly pauseMs: number
  readonly isLastOfBurst: boolean
}

/** Mostly sets, which leaves the harm that an overtaken clear does; or a mix, in which many writes are never echoed. */
const mixes = [
  [40, 4, 1],
  [11, 7, 2],
] as const

const anyOp = ([sets, deletes, clears]: readonly [number, number, number]): fc.Arbitrary<Op> =>
  fc.record({
    type: fc.oneof(
      { weight: sets, arbitrary: fc.constant('set' as const) },
      { weight: deletes, arbitrary: fc.constant('delete' as const) },
      { weight: clears, arbitrary: fc.constant('clear' as const) },
    ),
    key: fc.nat({ max: keys.length - 1 }),
    pauseMs: fc.integer({ min: 0, max: 6 }),
    isLastOfBurst: fc.nat({ max: 2 }).map(n => n === 0),
  })

export interface RaceOptions {
  readonly hostUri: string
  readonly seed: number
  readonly rounds: number
  /** Of both clients together. */
  readonly ops: number
  /** Whether anybody may remove any key at any time; else, by turns, a key is removed by one client alone, or lanes are cleared. */
  readonly isFree: boolean
  /** Told of each divergence as soon as it is found. */
  readonly onDivergence: (report: string) => void
}

export interface RaceResult {
  readonly rounds: number
  readonly operations: number
  /** The seeds of rounds that ended with a map that was not the lane's, and stayed so. */
  readonly diverged: readonly number[]
  /** Of rounds that were wrong at first quiet, as writes that never get an echo are, and healed: how long after, in milliseconds. */
  readonly healed: readonly number[]
}

/** Runs the rounds one after the other; round n of a seed is round 0 of the seed n higher. */
export async function race({ seed, rounds, onDivergence, ...options }: RaceOptions): Promise<RaceResult> {
  const diverged: number[] = []
  const healed: number[] = []
  for (let round = 0; round < rounds; round++) {
    const { wrong, afterMs } = await raceOnce(seed + round, options)
    if (wrong !== undefined) {
      diverged.push(seed + round)
      onDivergence(`round ${round}, again by RACE_SEED=${seed + round} RACE_ROUNDS=1\n${wrong}`)
    } else if (afterMs > 0) healed.push(Math.round(afterMs))
  }
  return { rounds, operations: rounds * options.ops, diverged, healed }
}

type RoundOptions = Pick<RaceOptions, 'hostUri' | 'ops' | 'isFree'>

async function raceOnce(seed: number, { hostUri, ops, isFree }: RoundOptions): Promise<Outcome> {
  // One of each kind after the other.
  const pace = paces[seed % 8]!
  const mix = mixes[(seed >> 3) % 2]!
  const removes = isFree || (seed >> 4) % 2 === 0
  const clears = isFree || !removes
  const plan = fc.sample(anyOp(mix), { seed, numRuns: ops })
  const where = { hostUri, node: `/unit/race${seed}-${Date.now()}`, lane: 'map' }
  const racers = [new Witness(where, {}, keptFrames)]
  try {
    await racers[0]!.map.whenSynced()
    // Only now: a Java host may answer who links while an agent starts that there is no such node.
    racers.push(new Witness(where, {}, keptFrames))
    await racers[1]!.map.whenSynced()
    const values = { last: 0 }
    await Promise.all(
      racers.map(async ({ map }, who) => {
        for (const [i, { type, key, pauseMs, isLastOfBurst }] of plan.entries()) {
          if (i % 2 !== who) continue
          const name = keys[key]!
          if (type === 'set') map.set(name, ++values.last)
          else if (type === 'delete' && removes && (isFree || key % 2 === who)) map.delete(name)
          else if (type === 'clear' && clears) map.clear()
          if (pace === 'turns') await turn()
          else if (pace === 'moments' || (pace === 'bursts' && isLastOfBurst)) await pause(pauseMs)
        }
      }),
    )
    return await settle(racers, where, pace)
  } finally {
    await Promise.all(racers.map(racer => racer.end()))
  }
}

interface Outcome {
  /** How it differs; undefined where it does not. */
  readonly wrong?: string
  /** How long after quiet all was right. */
  readonly afterMs: number
}

async function settle(racers: readonly Witness[], where: Where, pace: string): Promise<Outcome> {
  const isQuiet = () => racers.every(({ lastFrameAt }) => performance.now() - lastFrameAt > quietMs)
  let quietAt: number | undefined
  for (;;) {
    while (!isQuiet()) await pause(20)
    const afterMs = quietAt === undefined ? 0 : performance.now() - quietAt
    quietAt ??= performance.now()
    const lane = await firstSync(where)
    const wrong = racers.map(racer => racer.wrong(lane))
    if (wrong.every(each => each === undefined)) return { afterMs }
    if (afterMs > healWithinMs) return { wrong: report(racers, wrong, lane, pace), afterMs }
    await pause(200)
  }
}

/** The lane as a client of its own is told it. */
async function firstSync({ hostUri, node, lane }: Where): Promise<Entries> {
  await using client = new SwimClient({ hostUri })
  const map = client.downlinkMap().nodeUri(node).laneUri(lane).open()
  await map.whenSynced()
  return [...map.entries()]
}

function report(
  racers: readonly Witness[],
  wrong: readonly (string | undefined)[],
  lane: Entries,
  pace: string,
): string {
  const lines = [`pace: ${pace}`, `lane: ${text(lane)}`]
  const odd = new Set<Value>()
  racers.forEach((racer, who) => {
    const here: Entries = [...racer.map.entries()]
    lines.push(`client ${who}: ${wrong[who] === undefined ? 'the same' : `${text(here)}; ${wrong[who]}`}`)
    for (const [key] of [...here, ...lane]) {
      if (stringify(valueOf(here, key)) !== stringify(valueOf(lane, key))) odd.add(key)
    }
  })
  // What concerns the keys that differ: their own frames, those of all keys, and syncs.
  const names = [...odd].map(key => `(key:${stringify(key)})`)
  racers.forEach((racer, who) => {
    const about = racer.frames.filter(
      frame => names.some(name => frame.includes(name)) || !/@(update|remove)\(key:/.test(frame),
    )
    lines.push(`frames of client ${who} about ${names.join(' ') || 'all keys'}:`, ...about.slice(-toldFrames))
  })
  return lines.join('\n  ')
}

const text = (entries: Entries): string =>
  `{${[...entries]
    .sort(([a], [b]) => compare(a, b))
    .map(([key, value]) => `${stringify(key)}: ${stringify(value)}`)
    .join(', ')}}`

const valueOf = (entries: Entries, key: Value): Value => entries.find(([each]) => identity(each) === identity(key))?.[1]
