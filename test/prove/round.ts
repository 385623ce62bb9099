// One history: clients that read and write one map, each behind a relay that fails, and a host that fails as well. Then quiet.
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { chanceOf } from '../../src/testing/random.js'
import { startProxy, type ProxyWay, type TcpProxy } from '../interop/proxy.js'
import type { RealHost } from '../interop/hosts/host-process.js'
import type { ClientPlan, Look } from './client.js'
import type { ProveHost } from './hosts.js'
import { merge, readLines, type Entries, type Line } from './lines.js'
import { Observer, stateOf, type Lane } from './observer.js'
import { ClientProcess } from './processes.js'
import { notesFor, type Notes } from './record.js'

export interface RoundPlan {
  readonly host: ProveHost
  readonly seed: number
  readonly clients: number
  readonly seconds: number
  /** Where its files go. */
  readonly folder: string
  /** The bundle of client.ts. */
  readonly program: string
  readonly lie?: string
}

/** How often each kind of fault was laid. */
export type Laid = { -readonly [kind in Disaster]?: number }

type Disaster =
  | 'client killed'
  | 'client paused'
  | 'host killed'
  | 'host restarted'
  | 'host paused'
  | 'cut'
  | 'reset'
  | 'stalled'
  | 'swallowed'
  | 'refused'
  | 'delayed'
  | 'sliced'
  | 'cut amid frames'

export interface RoundResult {
  readonly lines: readonly Line[]
  readonly laid: Laid
  /** Whether the lane of a host that can fall silent has. */
  readonly isSilent: boolean
}

const quietWithinMs = 60_000

export async function playRound(plan: RoundPlan): Promise<RoundResult> {
  mkdirSync(plan.folder, { recursive: true })
  const round = new Round(plan)
  try {
    return await round.play()
  } finally {
    await round.clean()
  }
}

/** A client, whichever process it is at the moment, and its way to the host. */
interface Seat {
  readonly index: number
  readonly relay: TcpProxy
  process: ClientProcess | undefined
  starts: number
  /** What was swallowed or held back on the way to the host must not go on. */
  isDoomed: boolean
}

class Round {
  readonly #plan: RoundPlan
  readonly #random: () => number
  readonly #note: Notes
  readonly #laid: Laid = {}
  readonly #seats: Seat[] = []
  readonly #keys: readonly string[]
  readonly #clears: boolean
  readonly #node: string
  /** Disasters under way, each with its end. */
  readonly #going = new Set<Promise<void>>()
  #host: RealHost | undefined
  #observer: Observer | undefined
  #isHostBusy = false

  constructor(plan: RoundPlan) {
    this.#plan = plan
    this.#random = chanceOf(plan.seed)
    this.#note = notesFor('runner', join(plan.folder, 'runner.jsonl'))
    this.#keys = Array.from({ length: 3 + this.#below(22) }, (_, i) => `k${i}`)
    this.#clears = this.#random() < 0.4
    this.#node = `/unit/p${plan.seed}`
  }

  async play(): Promise<RoundResult> {
    const { host, clients, folder, seconds } = this.#plan
    this.#host = await host.start(join(folder, 'host.jsonl'))
    this.#observer = new Observer(this.#lane, notesFor('observer', join(folder, 'observer.jsonl')))
    for (let index = 0; index < clients; index++) {
      const relay = await startProxy({ target: this.#host.uri })
      const seat: Seat = { index, relay, process: undefined, starts: 0, isDoomed: false }
      this.#seats.push(seat)
      this.#spawn(seat)
    }
    // The time of the round begins once all of them know the lane.
    while (!(await this.#looks()).every(({ synced }) => synced)) await pause(20)
    const until = performance.now() + seconds * 1000
    while (performance.now() < until) {
      await pause(this.#random() < 0.2 ? 2000 : 60 + this.#random() * 700)
      this.#strike()
    }
    const isSilent = await this.#settle()
    const errors = this.#seats.map(({ process }) => process!.errors).filter(text => text !== '')
    if (errors.length > 0) throw new Error(`a client wrote to its standard error: ${errors.join('\n')}`)
    await Promise.all(this.#seats.map(({ process }) => process!.end()))
    const files = readdirSync(folder).filter(name => name.endsWith('.jsonl'))
    return { lines: merge(files.map(name => readLines(join(folder, name)))), laid: this.#laid, isSilent }
  }

  async clean(): Promise<void> {
    await Promise.allSettled(this.#going)
    this.#observer?.end()
    await Promise.all(this.#seats.map(({ process }) => process?.kill()))
    await Promise.all(this.#seats.map(({ relay }) => relay.close()))
    this.#host?.resume()
    await this.#host?.kill()
  }

  get #lane(): Lane {
    const { protocols, laneUri } = this.#plan.host
    return { uri: this.#host!.uri, node: this.#node, laneUri, protocols }
  }

  #looks(): Promise<Look[]> {
    return Promise.all(this.#seats.map(({ process }) => process!.look()))
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit)
  }

  #spawn(seat: Seat): void {
    const { host, seed, clients, folder, program, lie } = this.#plan
    const { index } = seat
    const by = `c${index}-${++seat.starts}`
    const mayRemove = host.removesFreely || !this.#clears
    const plan: ClientPlan = {
      by,
      hostUri: seat.relay.uri,
      node: this.#node,
      laneUri: this.#plan.host.laneUri,
      file: join(folder, `${by}.jsonl`),
      seed: (seed * 31 + index) * 31 + seat.starts,
      keys: this.#keys,
      removes: mayRemove ? this.#keys.filter((_, i) => host.removesFreely || i % clients === index) : [],
      clears: this.#clears,
      // The last of many only reads.
      writes: clients < 3 || index < clients - 1,
      // Who is slow has writes that wait or are on the wire, with none of its own behind them.
      maxPauseMs: [15, 15, 60, 500][this.#below(4)]!,
      options: {
        reconnectMinMs: 60 + this.#below(150),
        reconnectMaxMs: 600,
        settledAfterMs: 200,
        connectTimeoutMs: 1500,
        heartbeatMs: 400 + this.#below(1000),
        heartbeatTimeoutMs: 600 + this.#below(1400),
        requestTimeoutMs: 1000,
        echoTimeoutMs: 200 + this.#below(600),
      },
      lie: index === 0 ? lie : undefined,
    }
    seat.process = new ClientProcess(program, plan)
  }

  /** Lays one fault, which ends by itself. */
  #strike(): void {
    const die = this.#random()
    if (die < 0.04) this.#strikeHost('host killed')
    else if (die < 0.07) this.#strikeHost('host restarted')
    else if (die < 0.14) this.#strikeHost('host paused')
    else {
      const seat = this.#seats[this.#below(this.#seats.length)]!
      if (die < 0.22) this.#killed(seat)
      else if (die < 0.36) this.#paused(seat)
      else this.#relay(seat)
    }
  }

  #lay(what: Disaster, about: string, forMs: number, end: () => Promise<void> | void): void {
    this.#laid[what] = (this.#laid[what] ?? 0) + 1
    this.#note({ e: 'fault', what: `${what} ${about}` })
    const going = pause(forMs)
      .then(end)
      .then(() => this.#note({ e: 'fault', what: `${what} ${about}: over` }))
      .finally(() => this.#going.delete(going))
    this.#going.add(going)
  }

  #strikeHost(what: 'host killed' | 'host restarted' | 'host paused'): void {
    if (this.#isHostBusy) return
    this.#isHostBusy = true
    const host = this.#host!
    const ms = this.#random() * (what === 'host paused' ? 3000 : 700)
    if (what === 'host paused') host.pause()
    const gone = what === 'host killed' ? host.kill() : what === 'host restarted' ? host.stop() : Promise.resolve()
    this.#lay(what, '', ms, async () => {
      await gone
      if (what === 'host paused') host.resume()
      else await host.restart()
      this.#isHostBusy = false
    })
  }

  #killed(seat: Seat): void {
    const { process } = seat
    if (process === undefined) return
    seat.process = undefined
    const gone = process.kill()
    this.#lay('client killed', process.by, this.#random() * 800, async () => {
      await gone
      this.#spawn(seat)
    })
  }

  #paused({ process }: Seat): void {
    if (process === undefined) return
    process.pause()
    this.#lay('client paused', process.by, this.#random() * 2500, () => process.resume())
  }

  #relay(seat: Seat): void {
    const { relay } = seat
    const about = `c${seat.index}`
    const ms = this.#random() < 0.7 ? this.#random() * 500 : this.#random() * 3000
    const way = (['up', 'down', 'both'] as const)[this.#below(3)]!
    const over = () => this.#heal(seat)
    switch (this.#below(8)) {
      case 0:
        relay.cut()
        return this.#lay('cut', about, 0, () => undefined)
      case 1:
        relay.reset()
        return this.#lay('reset', about, 0, () => undefined)
      case 2:
        relay.stall(way)
        this.#doom(seat, way)
        return this.#lay('stalled', `${about} ${way}`, ms, over)
      case 3:
        relay.blackhole(true, way)
        // No network loses bytes and goes on.
        seat.isDoomed = true
        return this.#lay('swallowed', `${about} ${way}`, ms, over)
      case 4:
        relay.refuse(true)
        relay.reset()
        return this.#lay('refused', about, ms, over)
      case 5:
        relay.delay(1 + this.#below(120))
        return this.#lay('delayed', about, ms, over)
      case 6:
        relay.slice(1 + this.#below(7))
        return this.#lay('sliced', about, ms, over)
      default:
        relay.cutAfter(1 + this.#below(4000), way, this.#random() < 0.5 ? 'cut' : 'reset')
        return this.#lay('cut amid frames', about, 0, () => undefined)
    }
  }

  /** A stalled way to a host that must not be told of old removes does not go on. */
  #doom(seat: Seat, way: ProxyWay): void {
    if (way !== 'down' && !this.#plan.host.removesFreely) seat.isDoomed = true
  }

  #heal(seat: Seat): void {
    const { relay } = seat
    if (seat.isDoomed) relay.reset()
    seat.isDoomed = false
    relay.resume()
    relay.refuse(false)
    relay.delay(0)
    relay.slice(0)
  }

  /** Ends all disasters and writes, and waits until every map is the lane; then has everybody note what it shows. */
  async #settle(): Promise<boolean> {
    await Promise.all(this.#going)
    for (const seat of this.#seats) {
      this.#heal(seat)
      seat.relay.cutAfter(Number.MAX_SAFE_INTEGER)
      seat.process!.rest()
    }
    this.#note({ e: 'fault', what: 'quiet' })
    // On a busy machine a process may take long to begin: all are there before the time runs.
    await this.#looks()
    const deadline = performance.now() + quietWithinMs
    let truth: Entries | undefined
    let unanswered = 0
    for (;;) {
      await pause(150)
      truth = await stateOf(this.#lane, 8_000)
      const looks = await this.#looks()
      const is = JSON.stringify(truth)
      const isQuiet = looks.every(
        ({ entries, synced, unsettled }) => synced && unsettled === 0 && JSON.stringify(sorted(entries)) === is,
      )
      if (isQuiet || performance.now() > deadline) break
      // Known of this host, and nothing that a client can mend: see docs/PROTOCOL.md, "What not to send".
      unanswered = truth === undefined ? unanswered + 1 : 0
      if (unanswered === 3 && !this.#plan.host.removesFreely) return true
    }
    // The observer has been told by now what a later socket was told.
    await pause(100)
    if (truth !== undefined) this.#note({ e: 'truth', entries: truth })
    for (const { process } of this.#seats) await process!.quiet()
    return false
  }
}

const sorted = (entries: Entries): Entries => [...entries].sort(([a], [b]) => (a < b ? -1 : 1))
