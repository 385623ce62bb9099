// Steps that take writes back.
import fc from 'fast-check'
import { identity } from '../../../src/recon/index.js'
import { MapWitness } from './map-witness.js'
import type { Setting } from './settings.js'
import { ofClient, type Step } from './step.js'

/** @param who a client's index */
export function pendingSteps({ rooms, keys }: Setting, who: fc.Arbitrary<number>): fc.Arbitrary<Step>[] {
  const discard = fc.tuple(who, fc.constantFrom(...rooms.keys()), fc.constantFrom(...keys)).map(([i, at, key]) =>
    ofClient(`discard ${String(identity(key)).replace('\0', '')} at ${rooms[at]!.lane}`, i, party => {
      const witness = party.rooms[at]!
      if (!(witness instanceof MapWitness) || witness.pending === undefined || !witness.map.opened) return
      const { own, pending } = witness
      const id = identity(key)
      const before = own.get(id)
      // What was there before it shows again.
      own.forget(id)
      if (!pending.discard(key) && before !== undefined) own.laid(id, before)
    }),
  )
  return [discard]
}
