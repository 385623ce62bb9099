// A replica of a lane whose host lets newer updates overtake older removes and clears, live and within a sync, as SwimOS Java
// does (docs/PROTOCOL.md#overtaking): whatever the order, after quiet the map is the lane.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Value } from '../../../src/recon/index.js'
import { gone, type Sync } from '../../../src/store/replica.js'
import { Held, type Own } from './kit.js'

type Frame = ['update', string] | ['remove', string] | ['clear'] | ['synced']
type Command = ['set', string, Value] | ['remove', string] | ['clear'] | ['sync', Sync]

/** A lane, and one link to it: what waits for the link stands in three places, and nothing says which is sent first. */
class Lane {
  readonly entries = new Map<string, Value>()
  /** Each value that an entry has ever had. */
  readonly had = new Set<string>()
  readonly #fifo: Frame[] = []
  readonly #changed = new Set<string>()
  /** Keys that the sync under way has yet to name; the syncs behind it. */
  #iterator: string[] | undefined
  #syncs = 0
  readonly #taste: (key: string, value: Value) => Value | undefined

  /** @param taste what it makes of a value; undefined: it stays as it is, and nothing is said */
  constructor(taste: (key: string, value: Value) => Value | undefined) {
    this.#taste = taste
  }

  do(command: Command): void {
    const [op, key, value] = command
    if (op === 'set') {
      const taken = this.#taste(key, value)
      if (taken === undefined) return
      this.entries.set(key, taken)
      this.had.add(`${key}=${String(taken)}`)
      this.#changed.add(key)
    } else if (op === 'remove') {
      if (this.entries.delete(key)) this.#fifo.push(['remove', key])
    } else if (op === 'clear') {
      this.entries.clear()
      this.#fifo.push(['clear'])
    } else this.#syncs++
  }

  /** The next frame, of those that may come next; its value is read as it is written. */
  next(choice: number): Frame | undefined {
    if (this.#iterator === undefined && this.#syncs > 0) {
      this.#syncs--
      this.#iterator = [...this.entries.keys()].sort()
    }
    const sources: (() => Frame)[] = []
    if (this.#fifo.length > 0) sources.push(() => this.#fifo.shift()!)
    const [changed] = this.#changed
    if (changed !== undefined) sources.push(() => (this.#changed.delete(changed), ['update', changed]))
    const iterator = this.#iterator
    if (iterator !== undefined)
      sources.push(() => {
        const key = iterator.shift()
        if (key !== undefined) return ['update', key]
        this.#iterator = undefined
        return ['synced']
      })
    return sources[choice % sources.length]?.()
  }
}

const keys = ['a', 'b', 'c']
const values = [1, 2]

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ act: fc.constant('set'), key: fc.nat(2), value: fc.nat(1), own: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('remove'), key: fc.nat(2), own: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('clear'), own: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('sync') }) },
  { weight: 6, arbitrary: fc.record({ act: fc.constant('hear'), choice: fc.nat(5) }) },
  // What was sent reaches the host.
  { weight: 4, arbitrary: fc.record({ act: fc.constant('arrive') }) },
)
type Step = { act: string; key?: number; value?: number; own?: boolean; choice?: number }

const tastes: { readonly [name: string]: (key: string, value: Value) => Value | undefined } = {
  'takes all': (_key, value) => value,
  'refuses some': (key, value) => (key === 'a' && value === 2 ? undefined : value),
  'makes other values of some': (key, value) => (key === 'a' && value === 2 ? 7 : value),
}

function run(taste: (key: string, value: Value) => Value | undefined, steps: readonly Step[]): void {
  const lane = new Lane(taste)
  const held = new Held()
  const { replica } = held
  const underWay: Command[] = []
  const syncs: Sync[] = []
  const writes: Own[] = []
  const puts: (readonly [string, Own])[] = []
  /** Whether another sync is wanted, which begins after this. */
  let isWanted = false

  const begin = () => {
    if (syncs.length > 0) return
    const sync = held.begin()
    syncs.push(sync)
    underWay.push(['sync', sync])
    isWanted = false
  }
  const arrive = () => {
    const command = underWay.shift()
    if (command !== undefined) lane.do(command)
    return command !== undefined
  }
  const hear = (choice: number) => {
    const frame = lane.next(choice)
    if (frame === undefined) return false
    const [op, key] = frame
    if (op === 'update') isWanted = replica.hostSet(key, lane.entries.get(key) ?? gone) || isWanted
    else if (op === 'remove') isWanted = replica.hostRemoved(key) || isWanted
    else if (op === 'clear') isWanted = held.hostCleared().isDoubtful || isWanted
    else isWanted = replica.endSync(syncs.shift()!) || isWanted
    return true
  }
  const own = (command: Command) => {
    const [op, key, value] = command
    if (op === 'remove' && !replica.shown.has(key)) return
    underWay.push(command)
    if (op === 'clear') writes.push(held.clear())
    else if (op === 'remove') writes.push(held.write(key, gone))
    else if (op === 'set') {
      const write = held.write(key, value)
      writes.push(write)
      puts.push([`${key}=${String(value)}`, write])
    }
  }

  begin()
  for (const { act, key = 0, value = 0, own: isOwn, choice = 0 } of steps) {
    held.port.nowMs++
    if (act === 'hear') hear(choice)
    else if (act === 'arrive') arrive()
    else if (act === 'sync') isWanted = true
    else {
      const name = keys[key]!
      const command: Command =
        act === 'set' ? ['set', name, values[value]!] : act === 'remove' ? ['remove', name] : ['clear']
      if (isOwn) own(command)
      else lane.do(command)
    }
    if (isWanted && choice === 0) begin()
  }
  // Quiet: all arrives, late echoes ask for syncs, and so do doubts.
  for (let rounds = 0; ; rounds++) {
    while (arrive() || hear(0));
    const isOpen = writes.some(({ state }) => state !== 'done')
    if (!isWanted && !isOpen) break
    expect(rounds).toBeLessThan(10)
    begin()
  }
  expect(held.shown).toEqual(Object.fromEntries(lane.entries))
  // What was told is what changed.
  const story = new Map<unknown, unknown>()
  for (const [key, now, old] of held.told) {
    expect(story.has(key) ? story.get(key) : 'gone').toEqual(old)
    expect(now).not.toEqual(old)
    story.set(key, now)
  }
  // What is said to have been taken, the lane has held.
  for (const [put, { outcome }] of puts) if (outcome === 'taken') expect(lane.had).toContain(put)
}

const set = (own: boolean) => ({ act: 'set', key: 1, value: 1, own })
const hear = (choice: number) => ({ act: 'hear', choice })
const [arrive, remove] = [{ act: 'arrive' }, { act: 'remove', key: 1, own: true }]

test.each([
  // Another sets the entry to the value that it had, after the own remove; the sync names it ahead of the own remove's event.
  [[set(false), hear(0), remove, arrive, hear(0), arrive, set(false), hear(4)]],
  // The update that looks like the echo of an own set is another's, made after the own remove.
  [[arrive, set(true), hear(0), arrive, remove, arrive, set(false), hear(3)]],
])('an own remove that comes behind an update of its key, equal to what was there, is doubted (%#)', steps => {
  run(tastes['takes all']!, steps)
})

test.each(Object.keys(tastes))('whatever overtakes what, after quiet the map is the lane that %s', name => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 60 }), steps => run(tastes[name]!, steps as Step[])),
    { numRuns: Number(process.env['REPLICA_RUNS'] ?? 3000) },
  )
})
