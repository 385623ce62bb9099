// The example of the README, as an application has it that installed the package; only the host's address is another.
import { SwimClient } from 'swimlink'
import { z } from 'zod'

declare const HOST: string
declare const report: (line: unknown) => void

const Elevator = z.object({ id: z.number(), floor: z.number(), occupied: z.boolean() })

const client = new SwimClient()
const elevators = client
  .downlinkMap()
  .hostUri(HOST)
  .nodeUri('/hotel/lobby')
  .laneUri('elevators')
  .keySchema(z.string())
  .valueSchema(Elevator)
  .didUpdate((key, newValue, oldValue) => report(['update', key.toUpperCase(), newValue.floor, oldValue?.floor]))
  .didRemove((key, oldValue) => report(['remove', key.toUpperCase(), oldValue.floor]))
  .open()

await elevators.whenSynced()
report(['guest', elevators.get('guest')?.floor])
elevators.set('service', { id: 7, floor: 1, occupied: false })
elevators.delete('parking')
report(['put', await elevators.put('service', { id: 7, floor: 2, occupied: true })])
for (const [key, value] of elevators) report(['entry', key.toUpperCase(), value.floor])
elevators.close()
await client.close()
report(['end'])
