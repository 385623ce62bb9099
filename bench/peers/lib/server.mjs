// The server of one peer, in a process of its own or behind it, and whoever else writes to it.
import { peers } from './all.mjs'
import { after, changes, check, entries, mark, sizesOf, updates } from './data.mjs'
import { answer } from './processes.mjs'

let server
let sizes

/** Others' writes while clients listen. */
const live = {
  updates: () => updates(sizes),
  mark: () => mark(sizes),
  changes: () => changes(sizes),
}

answer(
  {
    async start(name, part) {
      sizes = sizesOf(part)
      server = await peers[name].startServer()
      return server.port
    },
    /** Brings the map to so many entries, before any client is there. */
    fill: count => server.fill(entries(count)),
    set: what => server.set(live[what]()),
    /** Whether own writes of the client have arrived. */
    async check(count) {
      const held = new Map(await server.read())
      check({ size: held.size, get: key => held.get(key) }, after(entries(count), []))
    },
  },
  () => server?.close(),
)
