// The peers, in the order of the table. Each has
// - `title`; `parts()`, what it is made of, with versions; `missing()`, why it can't take part here; `page`, what a page imports of it
// - `startServer()`: a server with one map. `fill` before anybody listens, `set` afterwards: entries of [key, value], removed where
//   there is no value; both resolve when the server has them. `read` gives all entries
// - `client()`: loads the client, and gives a function that connects it to a port, and has it call `changed(count)` for updates that
//   come. `put` resolves when the server has acknowledged the write
// - `waits`: the works in which its server waits for the client, so that reads can't be filled
import * as centrifugo from '../centrifugo.mjs'
import * as natsKv from '../nats-kv.mjs'
import * as socketIo from '../socket-io.mjs'
import * as swimClient from '../swim-client.mjs'
import * as swimlink from '../swimlink.mjs'
import * as yjs from '../yjs.mjs'

export const peers = { swimlink, 'swim-client': swimClient, 'socket-io': socketIo, yjs, 'nats-kv': natsKv, centrifugo }
