// A walk: steps in a world, then quiet, then checks, then the end.
import { closeAmid } from './closing.js'
import { MapWitness } from './map-witness.js'
import type { Setting } from './settings.js'
import type { Step } from './step.js'
import { World, type Chances } from './world.js'

export interface Walk {
  readonly chances: Chances
  readonly steps: readonly Step[]
}

/** Steps that ran since this was set to 0, and how often hosts did what is rare. */
export const counted = { steps: 0, rare: new Map<string, number>() }

const tally = (what: string) => void counted.rare.set(what, (counted.rare.get(what) ?? 0) + 1)

/** @throws {Error} saying what is wrong */
export async function take(setting: Setting, { chances, steps }: Walk, notes?: string[]): Promise<void> {
  const world = new World(setting, chances, tally, notes)
  await world.clock.settle()
  for (const { name, run } of steps) {
    counted.steps++
    world.trace(`--- ${name}`)
    await run(world)
    await world.clock.settle()
    for (const { rooms } of world.parties)
      for (const room of rooms) if (room instanceof MapWitness && room.map.opened) room.pending?.check()
    world.throwFault()
  }
  if (chances.closes) return closeAmid(world)
  world.trace('--- quiet')
  await world.quiet()
  world.check()
  const closed = world.parties.map(({ client }) => client.close())
  await world.clock.advance(5000)
  await Promise.all(closed)
  world.checkEnd()
}

async function faultOf(setting: Setting, walk: Walk): Promise<string | undefined> {
  try {
    await take(setting, walk)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

/** The kind of a fault: its message without what differs from walk to walk. */
export const kindOf = (fault: string): string =>
  fault
    .replace(/\n.*/s, '')
    .replace(/client \d+(, \w+)?: /, '')
    .replace(/(own|to) .*? (?=gave way|vanished|before the host|which the lane)/g, '')
    .replace(/ at [^:]*/, '')
    .replace(/.*=.* (?=(refused|taken|superseded|the remove is|rejected|ended by))/, '')
    .replace(/(over|forbids) @(\w+).*;/, '$1 $2')
    .replace(/didUpdate.*\)|didRemove.*\)/, '')
    .replace(/\d+/g, 'n')

/** A shorter walk with a fault of the same kind: steps are left out for as long as it stays, then clients. */
async function shorten(setting: Setting, walk: Walk): Promise<Walk> {
  const fault = await faultOf(setting, walk)
  if (fault === undefined) return walk
  const isFaulty = async (other: Walk) => {
    const found = await faultOf(setting, other)
    return found !== undefined && kindOf(found) === kindOf(fault)
  }
  let shortest = walk
  for (let size = Math.ceil(walk.steps.length / 2), isShorter = false; size >= 1;) {
    for (let at = 0; at < shortest.steps.length;) {
      const steps = shortest.steps.filter((_, i) => i < at || i >= at + size)
      if (await isFaulty({ ...shortest, steps })) {
        shortest = { ...shortest, steps }
        isShorter = true
      } else at += size
    }
    if (size === 1 && !isShorter) break
    if (size === 1) isShorter = false
    else size = Math.ceil(size / 2)
  }
  for (const clients of [1, 2]) {
    const fewer = { ...shortest, chances: { ...shortest.chances, clients } }
    if (clients < shortest.chances.clients && (await isFaulty(fewer))) return shorten(setting, fewer)
  }
  const still = { ...shortest, chances: { ...shortest.chances, relinks: [] } }
  if (shortest.chances.relinks.includes(true) && (await isFaulty(still))) return shorten(setting, still)
  return shortest
}

const printed = ({ chances, steps }: Walk): string =>
  `${JSON.stringify(chances)}\n${steps.map(({ name }) => `  ${name}`).join('\n')}`

/** The lines of a faulty walk that tell most of it. */
const maxLines = 120

/** A walk for people: its steps, and where it was shortened, what happened in it. */
export async function show(setting: Setting, walk: Walk, isShortened: boolean): Promise<string> {
  if (!isShortened) return printed(walk)
  const shortest = await shorten(setting, walk)
  const notes: string[] = []
  await take(setting, shortest, notes).catch(() => {})
  const lines = notes.length > maxLines ? [...notes.slice(0, maxLines / 2), '…', ...notes.slice(-maxLines / 2)] : notes
  return `${printed(shortest)}\n${lines.join('\n')}`
}
