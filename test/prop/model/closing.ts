// The end of a walk that closes all clients at once, whatever is under way: promises end, and nothing that was linked is lost.
import type { Value } from '../../../src/recon/index.js'
import { stringify } from '../../../src/recon/index.js'
import { MapWitness } from './map-witness.js'
import type { Party } from './party.js'
import { isHeard } from './values.js'
import type { World } from './world.js'

/** Longer than a client gives its writes to go out. */
const closeS = 5

/** @throws {Error} saying what is wrong */
export async function closeAmid(world: World): Promise<void> {
  world.trace('--- close')
  world.heal()
  const peers = world.parties.map(({ wire }) => wire.peer)
  const due = world.parties.map(dueOf)
  const before = world.hangUps
  world.isClosing = true
  const closed = world.parties.map(({ client }) => client.close())
  await world.pass(s => s < closeS)
  await Promise.all(closed)
  for (const [i, party] of world.parties.entries()) {
    if (party.unsettled > 0) world.fail(`client ${i} has ${party.unsettled} promises that never settled, and is closed`)
    // What a host hangs up on takes the socket with it, on which the rest was to go out.
    if (world.hangUps > before || peers[i] === undefined || party.wire.wasMute) continue
    for (const value of due[i]!)
      if (!isHeard(world.host.heard, value))
        world.fail(`client ${i}: ${stringify(value)} was pending at a lane in sync, and a close lost it`)
  }
  world.checkEnd()
}

/** What is pending at lanes that are linked and in sync, and whose agent has not stopped: such a one takes nothing any more. */
const dueOf = (party: Party): Value[] =>
  party.rooms.flatMap(room => {
    if (!(room instanceof MapWitness) || room.pending === undefined || !room.map.synced) return []
    return party.world.isServed(party, room.room) ? room.pending.undelivered() : []
  })
