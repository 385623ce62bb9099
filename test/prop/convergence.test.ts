// Many clients and one host that misbehaves as SwimOS Java does, over a network that cuts, stalls and goes mute: after quiet every
// map is the host's, every promise has settled, every history of callbacks replays to the map, and no write ever flickered back.
import fc from 'fast-check'
import { describe, test } from 'vitest'
import { z } from 'zod'
import { SwimClient, SwimError, type MapDownlink, type Value } from '../../src/index.js'
import { equals, identity, stringify } from '../../src/recon/index.js'
import { FakeClock } from '../support/fake-clock.js'
import { HostLane, JavaLikeHost, type Taste } from '../support/java-like-host.js'
import { MemoryNetwork, type Peer } from '../support/memory-network.js'

/** Steps at least; the long mode (npm run test:long) sets a million. */
const steps = Number(process.env['MODEL_STEPS'] ?? 20_000)
const seed = Number(process.env['MODEL_SEED'] ?? Date.now() % 2 ** 31)
const stepsPerRun = 60

const tastes: { readonly [lane: string]: Taste } = {
  plain: value => value,
  // Rounds up to tens what is divisible by three: the lane ends with another value than was written.
  transforming: value => (typeof value === 'number' && value % 3 === 0 ? Math.ceil(value / 10) * 10 + 0.5 : value),
  refusing: value => (typeof value === 'number' && value % 3 === 0 ? undefined : value),
  // A set, whose entries have no values: its downlinks keep empty values.
  keeping: value => value ?? {},
}

/** A schema under which the number 5 is the text 'v5'. */
const asText = z.codec(z.number(), z.string(), { decode: n => `v${n}`, encode: text => Number(text.slice(1)) })

/** Of several kinds, in Recon order: records before texts before numbers before booleans. */
const keys: readonly Value[] = ['a', 'b', 'c', 7, 1.5, { floor: 1, room: 2 }, true]

const fail = (message: string): never => {
  throw new Error(message)
}

/** A second downlink of a client's to the same lane, with a schema; it comes late, and goes. */
class Typed {
  readonly map: MapDownlink<Value, string>
  readonly replayed = new Map<unknown, string>()

  constructor(client: SwimClient, laneUri: string) {
    this.map = client
      .downlinkMap({ hostUri: 'warp://host', nodeUri: '/unit/1', laneUri })
      .valueSchema(asText)
      .didUpdate((key, value, old) => {
        const id = identity(key as Value)
        if (this.replayed.get(id) !== old || value === old)
          fail(`the second didUpdate(${String(id)}) told a wrong old value`)
        this.replayed.set(id, value)
      })
      .didRemove((key, old) => {
        const id = identity(key as Value)
        if (this.replayed.get(id) !== old) fail(`the second didRemove(${String(id)}) told a wrong old value`)
        this.replayed.delete(id)
      })
      .open() as MapDownlink<Value, string>
  }
}

/** One client, with all that its callbacks told. */
class Witness {
  typed: Typed | undefined
  readonly client: SwimClient
  readonly map: MapDownlink<Value, Value>
  readonly replayed = new Map<unknown, Value>()
  readonly network: MemoryNetwork
  peer: Peer | undefined
  unsettled = 0
  /** The own write that shows at a key, until something else does. */
  readonly own = new Map<unknown, Value>()
  readonly errors: SwimError[] = []
  readonly batches = new Map<unknown, Value>()

  readonly laneUri: string

  constructor(world: World, lane: HostLane) {
    const { clock, host } = world
    this.laneUri = world.laneUri
    this.network = new MemoryNetwork(clock)
    this.network.onconnect = peer => {
      this.peer = peer
      host.accept(peer)
    }
    this.client = new SwimClient({
      hostUri: 'warp://host',
      clock,
      webSocket: this.network.WebSocket,
      onError: error => this.errors.push(error),
      maxQueuedWrites: 40,
    })
    this.map = this.client
      .downlinkMap()
      .hostUri('warp://host')
      .nodeUri('/unit/1')
      .laneUri(world.laneUri)
      .emptyValues(world.laneUri === 'keeping' ? 'keep' : 'remove')
      .didUpdate((key, value, old) => {
        const id = identity(key)
        if (!equals(this.replayed.get(id), old)) fail(`didUpdate(${id}) told a wrong old value`)
        if (old !== undefined && equals(old, value)) fail(`didUpdate(${id}) told no change`)
        this.replayed.set(id, value)
        this.#shows(world, lane, id, value)
      })
      .didRemove((key, old) => {
        const id = identity(key)
        if (!this.replayed.has(id) || !equals(this.replayed.get(id), old))
          fail(`didRemove(${id}) told a wrong old value`)
        this.replayed.delete(id)
        const own = this.own.get(id)
        this.own.delete(id)
        if (own !== undefined && !host.toldValues.has(stringify(own)))
          fail(`own ${String(own)} vanished before the host had heard of it`)
        const puts = lane.history.filter(put => put.id === id)
        // The first time: what was sent again on another socket the lane may have held, lost, and held once more.
        const taken = puts.findIndex(put => put.value !== undefined && equals(put.value, own ?? null))
        if (own !== undefined && taken >= 0 && puts.slice(taken).every(put => put.value !== undefined))
          fail(`flicker at ${id}: own ${String(own)} vanished for a remove that came before it`)
      })
      .didChange(changes => {
        for (const change of changes) {
          const id = identity(change.key)
          if (change.type === 'remove') this.batches.delete(id)
          else this.batches.set(id, change.value)
        }
      })
      .didFail(error => this.errors.push(error))
      .open()
  }

  /** A value that shows in the place of an own one must be what the host came to hold after that, or instead. */
  #shows({ host }: World, lane: HostLane, id: unknown, value: Value): void {
    const own = this.own.get(id)
    if (own === undefined || equals(own, value)) return
    this.own.delete(id)
    if (!host.toldValues.has(stringify(own))) {
      fail(`flicker at ${String(id)}: own ${String(own)} gave way to ${String(value)} before the host had heard of it`)
    }
    const places = lane.history.map((put, place) => ({ ...put, place })).filter(put => put.id === id)
    const taken = places.find(put => put.value !== undefined && equals(put.value, own))?.place
    const shown = places.reverse().find(put => put.value !== undefined && equals(put.value, value))?.place
    if (taken !== undefined && shown !== undefined && shown < taken) {
      fail(`flicker at ${String(id)}: own ${String(own)} (${taken}) gave way to ${String(value)} (${shown})`)
    }
  }

  track(promise: Promise<unknown>): void {
    this.unsettled++
    const over = () => void this.unsettled--
    promise.then(over, over)
  }
}

interface World {
  readonly clock: FakeClock
  readonly host: JavaLikeHost
  readonly laneUri: string
}

class Real implements World {
  readonly clock: FakeClock
  readonly host = new JavaLikeHost()
  readonly lane: HostLane
  readonly witnesses: Witness[]
  #value = 0

  constructor(
    readonly laneUri: string,
    clients: number,
    random: () => number,
  ) {
    this.clock = new FakeClock(random)
    this.lane = new HostLane(tastes[laneUri])
    this.host.lanes.set(`/unit/1 ${laneUri}`, this.lane)
    this.witnesses = Array.from({ length: clients }, () => new Witness(this, this.lane))
  }

  nextValue(): number {
    return ++this.#value
  }

  async quiet(): Promise<void> {
    for (const { network, peer } of this.witnesses) {
      network.refuses = false
      network.isMute = false
      network.latencyMs = 0
      peer?.resume()
    }
    // Long enough for the longest backoff, heartbeats, and a fence for every write.
    for (let i = 0; i < 200; i++) {
      await this.clock.advance(1000)
      while (this.host.pump(1000)) await this.clock.settle()
    }
  }

  check(): void {
    const truth = this.lane.sorted().map(({ key, value }) => [key, equals(value, {}) ? undefined : value])
    this.witnesses.forEach((witness, i) => {
      const { map } = witness
      const tell = (what: string, found: unknown) =>
        fail(
          `client ${i}: ${what}\n  host ${JSON.stringify(truth)}\n  here ${JSON.stringify(found)} ${JSON.stringify(map.status)}`,
        )
      const here = [...map.entries()]
      // What a callback of this test threw, the client has reported.
      const fault = witness.errors.find(({ code }) => code === 'callback')
      if (fault !== undefined) tell(fault.message, here)
      if (!map.synced) tell('is not synced after quiet', here)
      if (!equals(here as Value, truth as Value)) tell('differs from the host', here)
      if (map.size !== here.length) tell('miscounts', map.size)
      if (witness.unsettled > 0) tell('has promises that never settled', witness.unsettled)
      const told = [...map.keys()].map(key => [key, witness.replayed.get(identity(key))])
      if (witness.replayed.size !== map.size || !equals(told as Value, truth as Value))
        tell('told another history', told)
      const batched = [...map.keys()].map(key => [key, witness.batches.get(identity(key))])
      if (witness.batches.size !== map.size || !equals(batched as Value, truth as Value))
        tell('told other batches', batched)
      if (witness.typed === undefined) return
      const texts = truth.flatMap(([key, value]) => (value === undefined ? [] : [[key, `v${String(value)}`]]))
      const second = witness.typed
      if (!equals([...second.map.entries()] as Value, texts as Value)) tell('has another second map', [...second.map])
      const retold = [...second.map.keys()].map(key => [key, second.replayed.get(identity(key))])
      if (second.replayed.size !== second.map.size || !equals(retold as Value, texts as Value))
        tell('told another history of the second map', retold)
    })
  }
}

/** Steps that ran, of those asked for. */
let taken = 0

type Step = fc.AsyncCommand<object, Real>

const step = (name: string, run: (real: Real) => void | Promise<void>): Step => ({
  check: () => true,
  toString: () => name,
  run: async (_model, real) => {
    taken++
    await run(real)
    await real.clock.settle()
  },
})

const who = fc.nat({ max: 2 })
const key = fc.constantFrom(...keys)
const some = fc.integer({ min: 1, max: 12 })

/** Local writes: the limit of the outbox may refuse one, and then nothing has changed. */
function write(real: Real, i: number, act: (witness: Witness) => void): void {
  const witness = real.witnesses[i % real.witnesses.length]!
  const before = [...witness.map.entries()]
  try {
    act(witness)
  } catch (error) {
    if (!(error instanceof SwimError) || error.code !== 'overflow') throw error
    if (!equals(before as Value, [...witness.map.entries()] as Value)) fail('an overflow changed the map')
  }
}

const set = (real: Real, i: number, k: Value, through: 'set' | 'put') =>
  write(real, i, witness => {
    if (real.laneUri === 'keeping' && real.nextValue() % 3 === 0) {
      witness.own.delete(identity(k))
      witness.map.set(k, undefined)
      return
    }
    // Now and then one that was written before: an echo that could be two writes' echo.
    const isOld = real.nextValue() % 4 === 0
    const value = isOld ? -1 : real.nextValue()
    const before = witness.own.get(identity(k))
    witness.own.delete(identity(k))
    if (through === 'set') witness.map.set(k, value)
    else witness.track(witness.map.put(k, value))
    if (!equals(witness.map.get(k), value) && through === 'set') fail('a write did not read back')
    const isTaken = equals(witness.map.get(k), value)
    if (isTaken && !isOld) witness.own.set(identity(k), value)
    if (!isTaken && before !== undefined) witness.own.set(identity(k), before)
  })

const remove = (real: Real, i: number, k: Value, through: 'delete' | 'remove') =>
  write(real, i, witness => {
    witness.own.delete(identity(k))
    if (through === 'delete') witness.map.delete(k)
    else witness.track(witness.map.remove(k))
  })

const network = (i: number, act: (witness: Witness) => void) => (real: Real) =>
  act(real.witnesses[i % real.witnesses.length]!)

const commands = [
  fc.tuple(who, key).map(([i, k]) => step(`set(${i},${String(identity(k))})`, real => set(real, i, k, 'set'))),
  fc.tuple(who, key).map(([i, k]) => step(`put(${i},${String(identity(k))})`, real => set(real, i, k, 'put'))),
  fc.tuple(who, key).map(([i, k]) => step(`delete(${i},${String(identity(k))})`, real => remove(real, i, k, 'delete'))),
  fc.tuple(who, key).map(([i, k]) => step(`remove(${i},${String(identity(k))})`, real => remove(real, i, k, 'remove'))),
  who.map(i => step(`clear(${i})`, real => write(real, i, ({ map, own }) => (own.clear(), map.clear())))),
  fc
    .tuple(who, fc.nat({ max: 4 }))
    .map(([i, n]) => step(`drop(${i},${n})`, real => write(real, i, ({ map }) => map.drop(n)))),
  fc
    .tuple(who, fc.nat({ max: 6 }))
    .map(([i, n]) => step(`take(${i},${n})`, real => write(real, i, ({ map }) => map.take(n)))),
  key.map(k => step(`host set ${String(identity(k))}`, real => real.lane.set(k, real.nextValue()))),
  key.map(k => step(`host remove ${String(identity(k))}`, real => real.lane.remove(k))),
  fc.tuple(who, key).map(([i, k]) =>
    step(`second set(${i},${String(identity(k))})`, real =>
      write(real, i, witness => {
        if (witness.typed === undefined) return
        const own = witness.own.get(identity(k))
        witness.own.delete(identity(k))
        const value = `v${real.nextValue()}`
        try {
          witness.typed.map.set(k, value)
        } finally {
          if (own !== undefined && witness.typed.map.get(k) !== value) witness.own.set(identity(k), own)
        }
      }),
    ),
  ),
  who.map(i =>
    step(
      `open or close the second of ${i}`,
      network(i, witness => {
        if (witness.typed === undefined) witness.typed = new Typed(witness.client, witness.laneUri)
        else {
          witness.typed.map.close()
          witness.typed = undefined
        }
      }),
    ),
  ),
  fc.tuple(who, fc.nat({ max: 400 })).map(([i, ms]) =>
    step(
      `latency ${i} ${ms}`,
      network(i, ({ network }) => (network.latencyMs = ms)),
    ),
  ),
  fc.constant(step('host clear', real => real.lane.clear())),
  fc.nat({ max: 3 }).map(n => step(`host drop ${n}`, real => real.lane.cut('drop', n))),
  fc.tuple(some, who).map(([n, i]) => step(`pump ${n} from ${i}`, real => void real.host.pump(n, i))),
  fc.tuple(some, who).map(([n, i]) => step(`pump ${n} from ${i}`, real => void real.host.pump(n, i))),
  fc.constant(step('agents stop, and say so', real => real.host.stopAgents(true))),
  fc.constant(step('agents stop without a word', real => real.host.stopAgents(false))),
  fc.constant(step('repeat the state', real => real.host.repeatState())),
  who.map(i =>
    step(
      `cut ${i}`,
      network(i, ({ peer }) => peer?.cut()),
    ),
  ),
  who.map(i =>
    step(
      `stall ${i}`,
      network(i, ({ peer }) => peer && (peer.isStalled = true)),
    ),
  ),
  who.map(i =>
    step(
      `resume ${i}`,
      network(i, ({ peer }) => peer?.resume()),
    ),
  ),
  who.map(i =>
    step(
      `mute ${i}`,
      network(i, ({ network }) => (network.isMute = !network.isMute)),
    ),
  ),
  who.map(i =>
    step(
      `refuse ${i}`,
      network(i, ({ network }) => (network.refuses = !network.refuses)),
    ),
  ),
  fc.array(key, { maxLength: 5 }).map(left =>
    step(`restart with ${left.length}`, real => {
      real.host.die()
      real.lane.clear()
      for (const k of left) real.lane.set(k, real.nextValue())
    }),
  ),
  fc.integer({ min: 1, max: 4000 }).map(ms => step(`${ms} ms pass`, real => real.clock.advance(ms))),
]

describe('many clients of a host that folds, overtakes and ghosts', () => {
  test.each(Object.keys(tastes))(
    'a %s lane converges',
    async lane => {
      taken = 0
      let runs = 0
      // By rounds, each with a seed of its own: a run takes half of its steps on average.
      const share = steps / Object.keys(tastes).length
      for (let round = 0; taken < share; round++)
        await fc.assert(
          fc.asyncProperty(
            fc.integer({ min: 1, max: 3 }),
            fc.commands(commands, { maxCommands: stepsPerRun, size: 'max' }),
            fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
            async (clients, run, chances) => {
              runs++
              const real = new Real(lane, clients, () => chances.next().value)
              await real.clock.settle()
              await fc.asyncModelRun(() => ({ model: {}, real }), run)
              await real.quiet()
              real.check()
              const closed = real.witnesses.map(({ client }) => client.close())
              await real.clock.settle()
              await Promise.all(closed)
              if (real.clock.pendingTimers > 0) fail(`${real.clock.pendingTimers} timers are left after close`)
            },
          ),
          {
            seed: seed + round,
            numRuns: Math.ceil(Math.min(share, 30_000) / stepsPerRun),
            endOnFailure: process.env['MODEL_SHRINK'] === undefined,
          },
        )
      console.log(`convergence, ${lane} lane: seed ${seed} and up, ${runs} runs, ${taken} steps`)
    },
    24 * 3_600_000,
  )
})
