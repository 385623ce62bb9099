// `npm start`: an embedded host with a hotel whose elevators move, a page that shows it, and a downlink to it in this terminal.
import { parseArgs } from 'node:util'
import { ensureBuilt } from './build.mjs'
import {
  ChangePrinter,
  bold,
  describeStatus,
  dim,
  endOnSignal,
  fail,
  say,
  show,
  tellTrouble,
  tellWrite,
} from './terminal.mjs'

endOnSignal()
const port = readPort()
ensureBuilt()
const { startHost } = await import('./host.mjs')
const { uri, url } = await startHost({ port }).catch(fail)

console.log(`
  ${bold('The hotel is open')}   ${dim('Ctrl-C closes it')}

  the page          ${bold(`${url}`)}
  another terminal  node demo/link.mjs ${uri} /hotel/lobby elevators
`)

const { SwimClient } = await import('swimlink')
const { z } = await import('zod')
const changes = new ChangePrinter()

const Elevator = z.object({ id: z.number(), floor: z.number(), occupied: z.boolean() })

const client = new SwimClient()
tellTrouble(client)
const elevators = client
  .downlinkMap()
  .hostUri(uri)
  .nodeUri('/hotel/lobby')
  .laneUri('elevators')
  .keySchema(z.string())
  .valueSchema(Elevator)
  .didUpdate((key, newValue, oldValue) => elevators.synced && changes.updated(key, newValue, oldValue))
  .didRemove(key => changes.removed(key))
  .didChangeStatus(status => say(describeStatus(status)))
  .open()

await elevators.whenSynced().catch(fail)
for (const [key, elevator] of elevators) say(`${bold(show(key).padEnd(12))} ${show(elevator)}`)
await tellWrite(elevators, 'service', { id: 7, floor: 1, occupied: false }).catch(fail)

/** `npm start -- --port 9001`, or PORT; else a free one. */
function readPort() {
  try {
    const { values } = parseArgs({ options: { port: { type: 'string' } } })
    return Number(values.port ?? process.env.PORT ?? 0)
  } catch (error) {
    return fail(error, 2)
  }
}
