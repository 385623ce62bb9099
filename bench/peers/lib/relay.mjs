// Stands between client and server, and counts what the server sends. It can fill a client's reads: it keeps what comes until the
// server has no more to send, and hands it over as fast as the client reads. And it can cut the socket, and let the next one wait.
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { answer } from './processes.mjs'

/** A server that sends nothing for so long has sent all, or waits for the client. */
const quietMs = 400

let target
let bytes = 0
let heldBytes = 0
/** All beyond so many bytes is held. */
let holdsFrom = Infinity
let lastMs = 0
let isCut = false
const pairs = new Set()
/** Sockets that came while the network was cut. */
const parked = new Set()
const turn = () => new Promise(resolve => setTimeout(resolve, 20))

function pass(pair, data) {
  if (pair.client.write(data) || pair.isFull) return
  pair.isFull = true
  pair.host.pause()
  pair.client.once('drain', () => {
    pair.isFull = false
    pair.host.resume()
  })
}

function join(client) {
  const host = connect(target, '127.0.0.1').setNoDelay(true)
  const pair = { client, host, held: [], isFull: false }
  pairs.add(pair)
  host.on('data', data => {
    bytes += data.length
    lastMs = performance.now()
    if (bytes <= holdsFrom) return pass(pair, data)
    heldBytes += data.length
    pair.held.push(data)
  })
  client.pipe(host)
  for (const socket of [client, host]) {
    socket.on('error', () => {})
    socket.on('close', () => {
      client.destroy()
      host.destroy()
      pairs.delete(pair)
    })
  }
}

function count() {
  bytes = 0
  heldBytes = 0
}

const server = createServer({ pauseOnConnect: true }, client => {
  client.setNoDelay(true).on('error', () => {})
  if (!isCut) return join(client)
  parked.add(client)
  client.on('close', () => parked.delete(client))
})

answer({
  async listen(port) {
    target = port
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return server.address().port
  },
  /** Begins to count anew. */
  count,
  /** Begins to count anew, and holds what comes after so many bytes. */
  fill(after) {
    count()
    holdsFrom = after
  },
  /** Waits until the server has sent what it will, or waits for the client itself. */
  async filled() {
    while (heldBytes === 0 || performance.now() - lastMs < quietMs) await turn()
  },
  release() {
    holdsFrom = Infinity
    for (const pair of pairs) for (const data of pair.held.splice(0)) pass(pair, data)
  },
  cut() {
    isCut = true
    for (const { client } of pairs) client.destroy()
  },
  /** Waits for the client to try again. */
  async waits() {
    while (parked.size === 0) await turn()
  },
  mend() {
    isCut = false
    count()
    for (const client of parked) {
      client.removeAllListeners('close')
      join(client)
    }
    parked.clear()
  },
  /** What the server has sent, and how much of it was held. */
  received: () => ({ bytes, heldBytes }),
})
