// One step of a walk: what it is called, and what it does.
import type { Party } from './party.js'
import type { World } from './world.js'

export interface Step {
  readonly name: string
  readonly run: (world: World) => unknown
}

export const step = (name: string, run: Step['run']): Step => ({ name, run })

/** A step of one client; where there are fewer, of another. */
export const ofClient = (name: string, i: number, run: (party: Party, world: World) => void): Step =>
  step(`${name} by ${i}`, world => run(world.parties[i % world.parties.length]!, world))
