// Interop support. A random walk: clients behind proxies that cut, stall, swallow, delay and reset, foreign writes, and a host that
// dies and comes back with other entries. After quiet every map is the host's, as a fresh bare socket is told it.
import fc from 'fast-check'
import { stringify, type Value } from '../../../src/recon/index.js'
import type { HostKind } from '../hosts/host-kind.js'
import type { RealHost } from '../hosts/host-process.js'
import type { ProxyWay } from '../proxy.js'
import { Kit, pause, type Entries } from '../scenarios/kit.js'
import { Walker } from './walker.js'

const walkers = 3
const stepsPerRound = 60
const quietWithinMs = 60_000

/** Of several kinds; each has an owner among the walkers, and the last ones belong to the foreign writer. */
const keys: readonly Value[] = ['a', 'b', 7, 1.5, { floor: 1, room: 2 }, true, 'f0', 'f1']
const foreignKeys = ['f0', 'f1']

/**
 * What a round is about. A SwimOS Rust host falls silent, or forgets all, for things that clients do to each other: a remove of
 * what another has removed or cleared just before, a drop, a take. There, each key has one writer who removes it, and rounds with
 * clears have no removes.
 */
interface Round {
  readonly lane: string
  readonly ops: ReadonlySet<string>
  /** Whether anybody may remove any key. */
  readonly isFree: boolean
}

const roundsOf = (kind: HostKind): readonly Round[] => {
  const isFree = kind.differences['remove of an absent key'] === 'ignored'
  const round = (lane: string, ...ops: string[]): Round => ({ lane, ops: new Set(ops), isFree })
  return isFree
    ? [
        round('map', 'remove', 'clear', 'cut'),
        round('map', 'remove'),
        round('upper', 'remove', 'clear', 'cut'),
        round('positive', 'remove', 'clear'),
      ]
    : [
        round('map', 'remove'),
        round('map', 'clear'),
        round('map', 'remove'),
        round('upper', 'remove'),
        round('positive'),
      ]
}

type Step =
  | {
      readonly type: 'set' | 'put' | 'delete' | 'remove' | 'foreign set' | 'foreign remove'
      readonly who: number
      readonly key: number
    }
  | {
      readonly type: 'clear' | 'foreign clear' | 'reopen' | 'cut' | 'reset' | 'refuse' | 'resume'
      readonly who: number
    }
  | { readonly type: 'drop' | 'take'; readonly who: number; readonly count: number }
  | { readonly type: 'stall' | 'swallow'; readonly who: number; readonly way: ProxyWay }
  | {
      readonly type: 'delay' | 'slice' | 'cut after' | 'wait'
      readonly who: number
      readonly amount: number
      readonly how: 'cut' | 'reset'
    }
  | { readonly type: 'restart'; readonly left: readonly number[] }

const who = fc.nat({ max: walkers - 1 })
const key = fc.nat({ max: keys.length - 1 })
const way = fc.constantFrom<ProxyWay>('up', 'down', 'both')
const how = fc.constantFrom('cut' as const, 'reset' as const)
const about = <T extends string>(type: T) => fc.record({ type: fc.constant(type), who })
const keyed = <T extends string>(type: T) => fc.record({ type: fc.constant(type), who, key })
const measured = <T extends string>(type: T, min: number, max: number) =>
  fc.record({ type: fc.constant(type), who, amount: fc.integer({ min, max }), how })

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 14, arbitrary: keyed('set') },
  { weight: 14, arbitrary: keyed('put') },
  { weight: 5, arbitrary: keyed('delete') },
  { weight: 5, arbitrary: keyed('remove') },
  { weight: 2, arbitrary: about('clear') },
  { weight: 2, arbitrary: fc.record({ type: fc.constantFrom('drop', 'take'), who, count: fc.nat({ max: 5 }) }) },
  { weight: 9, arbitrary: keyed('foreign set') },
  { weight: 4, arbitrary: keyed('foreign remove') },
  { weight: 1, arbitrary: about('foreign clear') },
  { weight: 1, arbitrary: about('reopen') },
  { weight: 3, arbitrary: about('cut') },
  { weight: 3, arbitrary: about('reset') },
  { weight: 2, arbitrary: about('refuse') },
  { weight: 8, arbitrary: about('resume') },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('stall'), who, way }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('swallow'), who, way }) },
  { weight: 2, arbitrary: measured('delay', 1, 60) },
  { weight: 1, arbitrary: measured('slice', 1, 7) },
  { weight: 3, arbitrary: measured('cut after', 1, 3000) },
  { weight: 20, arbitrary: measured('wait', 1, 40) },
  { weight: 2, arbitrary: measured('wait', 200, 900) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('restart'), left: fc.array(key, { maxLength: 4 }) }) },
)

export interface WalkResult {
  readonly steps: number
  readonly rounds: number
  /** How often each kind of step was taken. */
  readonly taken: ReadonlyMap<string, number>
  /** Sockets that the walkers opened, all told. */
  readonly sockets: number
}

export async function walk(kind: HostKind, seed: number, steps: number): Promise<WalkResult> {
  const kit = new Kit(kind)
  await kit.start()
  const taken = new Map<string, number>()
  const rounds = roundsOf(kind)
  let done = 0
  let round = 0
  let sockets = 0
  try {
    for (; done < steps; round++) {
      const plan = fc.sample(anyStep, { seed: seed + round, numRuns: stepsPerRound })
      const about = rounds[round % rounds.length]!
      const run = await RoundRun.start(kit, about, `/unit/w${round}`)
      try {
        for (const step of plan) {
          if (done === steps) break
          if (!(await run.take(step))) continue
          taken.set(step.type, (taken.get(step.type) ?? 0) + 1)
          done++
        }
        await run.settle()
      } catch (problem) {
        throw new Error(`walk on ${kind.name}: seed ${seed}, round ${round} (lane ${about.lane})\n${run.tale()}`, {
          cause: problem,
        })
      } finally {
        sockets += await run.end()
      }
    }
  } finally {
    await kit.clean()
    await kit.stop()
  }
  return { steps: done, rounds: round, taken, sockets }
}

class RoundRun {
  readonly #kit: Kit
  readonly #host: RealHost
  readonly #round: Round
  readonly #node: string
  readonly #walkers: Walker[]
  /** Keys that the foreign writer has set, and not removed since. */
  readonly #foreign = new Set<string>()
  readonly #tale: string[] = []
  /** Whose connections must not go on. */
  readonly #doomed = new Set<Walker>()
  #value = 0

  static async start(kit: Kit, round: Round, node: string): Promise<RoundRun> {
    const made = Array.from({ length: walkers }, () => Walker.start(kit.host.uri, node, round.lane))
    return new RoundRun(kit, round, node, await Promise.all(made))
  }

  constructor(kit: Kit, round: Round, node: string, made: Walker[]) {
    this.#kit = kit
    this.#host = kit.host
    this.#round = round
    this.#node = node
    this.#walkers = made
  }

  /** Takes a step, where it is one of this round. */
  async take(step: Step): Promise<boolean> {
    const taken = await this.#take(step)
    if (taken) this.#tale.push(JSON.stringify(step))
    return taken
  }

  tale(): string {
    const frames = this.#walkers.map((walker, i) => `walker ${i}:\n  ${walker.frames.join('\n  ')}`)
    return [...this.#tale, ...frames].join('\n')
  }

  async #take(step: Step): Promise<boolean> {
    if (step.type === 'restart') return this.#restart(step.left)
    const walker = this.#walkers[step.who]!
    const { map, proxy } = walker
    const { ops, isFree } = this.#round
    switch (step.type) {
      case 'set':
        map.set(keys[step.key]!, this.#next())
        return true
      case 'put':
        walker.track(map.put(keys[step.key]!, this.#next()))
        return true
      case 'delete':
      case 'remove': {
        const key = keys[step.key]!
        if (!ops.has('remove') || (!isFree && foreignKeys.includes(key as string))) return false
        const remover = isFree ? walker : this.#walkers[step.key % walkers]!
        if (step.type === 'delete') remover.map.delete(key)
        else remover.track(remover.map.remove(key))
        return true
      }
      case 'clear':
        if (ops.has('clear')) map.clear()
        return ops.has('clear')
      case 'drop':
      case 'take':
        if (ops.has('cut')) map[step.type](step.count)
        return ops.has('cut')
      case 'foreign set': {
        const key = keys[step.key]!
        await this.#command(`@update(key:${stringify(key)})${stringify(this.#next())}`)
        if (foreignKeys.includes(key as string)) this.#foreign.add(key as string)
        return true
      }
      case 'foreign remove': {
        const key = isFree ? keys[step.key]! : [...this.#foreign][0]
        if (!ops.has('remove') || key === undefined) return false
        this.#foreign.delete(key as string)
        await this.#command(`@remove(key:${stringify(key)})`)
        return true
      }
      case 'foreign clear':
        if (ops.has('clear')) await this.#command('@clear')
        return ops.has('clear')
      case 'reopen':
        walker.open()
        return true
      case 'cut':
      case 'reset':
        proxy[step.type]()
        return true
      case 'refuse':
        proxy.refuse(true)
        return true
      case 'resume':
        this.#resume(walker)
        return true
      case 'stall':
        if (step.way !== 'down') this.#doomed.add(walker)
        proxy.stall(step.way)
        return true
      case 'swallow':
        this.#doomed.add(walker)
        proxy.blackhole(true, step.way)
        return true
      case 'delay':
        proxy.delay(step.amount)
        return true
      case 'slice':
        proxy.slice(step.amount)
        return true
      case 'cut after':
        proxy.cutAfter(step.amount, 'both', step.how)
        return true
      case 'wait':
        await pause(step.amount)
        return true
    }
  }

  /** Lets all be quiet, and waits until every map is the host's. */
  async settle(): Promise<void> {
    for (const walker of this.#walkers) {
      this.#resume(walker)
      walker.proxy.cutAfter(Number.MAX_SAFE_INTEGER)
    }
    const deadline = performance.now() + quietWithinMs
    for (;;) {
      await pause(100)
      const truth = await this.#truth()
      const wrong = this.#walkers.map((walker, i) => {
        const found = walker.wrong(truth)
        return found === undefined ? '' : `walker ${i}: ${found}`
      })
      if (wrong.every(found => found === '')) return
      if (performance.now() > deadline) throw new Error(`${wrong.join('\n')}\nhost: ${JSON.stringify(truth)}`)
    }
  }

  /** Ends it; gives how many sockets it took. */
  async end(): Promise<number> {
    let sockets = 0
    for (const walker of this.#walkers) {
      sockets += walker.proxy.stats.accepted
      await walker.end()
    }
    return sockets
  }

  #next(): Value {
    const value = ++this.#value
    const { lane } = this.#round
    // One that is written time and again: an echo that could be several writes' echo.
    if (value % 5 === 0) return lane === 'upper' ? 'SAME' : 1
    return lane === 'upper' ? `v${value}` : lane === 'positive' && value % 3 === 0 ? -value : value
  }

  #resume(walker: Walker): void {
    // A connection that has lost something never goes on. Nor does one that stood still on its way to the host: what it held
    // would arrive after what later sockets brought.
    if (this.#doomed.delete(walker)) walker.proxy.reset()
    walker.proxy.resume()
    walker.proxy.refuse(false)
    walker.proxy.delay(0)
    walker.proxy.slice(0)
  }

  async #restart(left: readonly number[]): Promise<boolean> {
    await this.#host.kill()
    await this.#host.restart()
    this.#foreign.clear()
    for (const index of left) {
      const key = keys[index]!
      await this.#command(`@update(key:${stringify(key)})${stringify(this.#next())}`)
      if (foreignKeys.includes(key as string)) this.#foreign.add(key as string)
    }
    return true
  }

  async #command(body: string): Promise<void> {
    await this.#kit.command(this.#node, this.#round.lane, body, this.#host)
  }

  #truth(): Promise<Entries> {
    return this.#kit.truth(this.#node, this.#round.lane, this.#host)
  }
}
