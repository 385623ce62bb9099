// The host of the demos: hotels, and the page that shows them, on one port; a fleet in a thread of its own, on another.
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { WarpHost } from 'swimlink/host'
import { openHotels } from './hotels.mjs'
import { assembleSite } from './site.mjs'

/** Starts it all. Port 0 is a free one. Resolves with where it listens: `uri` for links, `url` for browsers. */
export async function startHost({ port = 0 } = {}) {
  const host = new WarpHost({ port, files: await assembleSite() })
  openHotels(host)
  host.node('/fleet', node => node.valueLane('port', { canWrite: () => false }))
  host
    .nodeRef('/fleet')
    .lane('port', 'value')
    .set(await startFleet())
  return host.listen()
}

/** A fleet's load must not slow the hotels: it has a thread, a host and a port of its own. */
async function startFleet() {
  const worker = new Worker(new URL('fleet.mjs', import.meta.url))
  worker.unref()
  const [port] = await once(worker, 'message')
  return port
}
