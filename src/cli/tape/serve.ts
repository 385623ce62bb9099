// Floor 9. Serves a tape on a port.
import type { AddressInfo } from 'node:net'
import { WebSocketServer, type WebSocket } from 'ws'
import { later } from '../clock.js'
import type { Conversation } from './conversations.js'
import { Player } from './player.js'

export interface Played {
  readonly conversations: readonly Conversation[]
  readonly speed: number
  readonly waits: boolean
}

/** How many different deviations are named, each of them once. */
const mostNamed = 1000
const mostSockets = 100
const mostFrameBytes = 4 * 1024 * 1024

/** Serves a tape for as long as the process lives. Returns its URI. @param say called with each request that the tape lacks */
export async function serveTape(
  { conversations, speed, waits }: Played,
  { port, hostname }: { readonly port: number; readonly hostname: string },
  say: (text: string) => void,
): Promise<string> {
  const named = new Set<string>()
  const name = (text: string): void => {
    if (named.has(text) || named.size >= mostNamed) return
    named.add(text)
    say(`not on the tape: ${text}`)
  }
  let turn = 0
  const server = new WebSocketServer({
    port,
    host: hostname,
    perMessageDeflate: false,
    maxPayload: mostFrameBytes,
    // Browsers that offer a subprotocol fail if none is chosen.
    handleProtocols: protocols => (protocols.has('warp0') ? 'warp0' : false),
  })
  server.on('connection', socket => {
    socket.on('error', () => {})
    if (server.clients.size > mostSockets) return socket.close(1013, 'too many connections')
    play(socket, new Player(conversations[turn++ % conversations.length]!, listenerOf(socket, name), speed, waits))
  })
  await new Promise<void>((ready, fail) => server.once('listening', ready).once('error', fail))
  const { address, family, port: taken } = server.address() as AddressInfo
  return `warp://${family === 'IPv6' ? `[${address}]` : address}:${taken}`
}

const listenerOf = (socket: WebSocket, deviates: (text: string) => void) => ({
  send: (text: string) => socket.send(text),
  close: (code: number, reason: string) => {
    // A close frame can't have these codes: they stand for a broken connection.
    if (code < 1000 || (code > 1003 && code < 1007) || (code > 1014 && code < 3000)) socket.terminate()
    else
      socket.close(
        code,
        Buffer.from(reason)
          .subarray(0, 120)
          .toString('utf8')
          .replace(/\ufffd$/, ''),
      )
  },
  later,
  deviates,
})

function play(socket: WebSocket, player: Player): void {
  socket.on('message', data => player.hear(String(data as Buffer)))
  socket.on('close', () => player.end())
}
