// Steps that write to many entries at once, and that find entries by their places.
import fc from 'fast-check'
import { equals, stringify } from '../../../src/recon/index.js'
import { MapWitness } from './map-witness.js'
import type { Setting } from './settings.js'
import { ofClient, step, type Step } from './step.js'
import { repeated, valueOf } from './values.js'
import { attempt } from './write-steps.js'

export function bulkSteps({ rooms, keys }: Setting, who: fc.Arbitrary<number>): fc.Arbitrary<Step>[] {
  const room = fc.constantFrom(...rooms)
  const from = fc.nat({ max: keys.length - 1 })
  const many = fc.integer({ min: 1, max: 1500 })
  const fill = fc.tuple(room, from, many).map(([at, i, n]) =>
    step(`host fills ${n} from ${i}`, world => {
      for (const key of keys.slice(i, i + n)) world.laneOf(at).set(key, valueOf(world.next()))
    }),
  )
  const thin = fc.tuple(room, from, many, fc.integer({ min: 1, max: 8 })).map(([at, i, n, left]) =>
    step(`host removes ${n} from ${i}, one in ${left} left`, world => {
      const lane = world.laneOf(at)
      const gone = lane.sorted().slice(i, i + n)
      for (const [j, { key }] of gone.entries())
        if (left === 1 || j % left !== 0) lane.remove(key, `@remove(key:${stringify(key)})`)
    }),
  )
  const setMany = fc.tuple(who, from, fc.integer({ min: 1, max: 100 })).map(([i, first, n]) =>
    ofClient(`set ${n} from ${first}`, i, party => {
      const witness = party.rooms[0]!
      if (!(witness instanceof MapWitness)) return
      for (const key of keys.slice(first, first + n)) {
        witness.own.forget(key)
        attempt(witness, () => party.write(witness, key, repeated, () => void witness.map.set(key, repeated)))
      }
    }),
  )
  const find = fc.tuple(who, fc.double({ min: 0, max: 0.999, noNaN: true })).map(([i, place]) =>
    ofClient(`find the entry at ${place.toFixed(2)}`, i, (party, world) => {
      const [witness] = party.rooms
      if (!(witness instanceof MapWitness) || witness.map.size === 0) return
      const { map } = witness
      const at = Math.floor(place * map.size)
      const key = [...map.keys()][at]
      if (!equals(map.at(at)?.[0], key)) world.fail(`the entry at ${at} is not that of ${stringify(key)}`)
      if (map.indexOf(key) !== at) world.fail(`${stringify(key)} is not found at ${at}`)
    }),
  )
  const pump = fc.constant(step('pump all', ({ host }) => void host.pump(20_000)))
  return [fill, fill, thin, thin, thin, thin, setMany, find, find, find, find, pump, pump, pump]
}
