// A host that misbehaves, each time in another way: refuses the handshake, closes with a reason, sends what is no text and what
// is no frame and then breaks off. The next socket is one of an empty lane.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'

const turns: readonly ((socket: WebSocket) => void)[] = [
  socket => socket.close(4001, 'not today, ü'),
  socket => {
    socket.send(new Uint8Array([1, 2, 3]))
    socket.send('@event(node:')
    setTimeout(() => socket.terminate(), 50)
  },
]

function refuse(tcp: Duplex): void {
  // Some clients leave such a connection half open.
  tcp.end('HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n', () => tcp.destroy())
}

export async function startOddHost(): Promise<{ readonly uri: string; close(): Promise<void> }> {
  let handshakes = 0
  const server = createServer((_, response) => response.writeHead(404).end())
  const sockets = new WebSocketServer({ noServer: true })
  server.on('upgrade', (request, tcp, head) => {
    const turn = turns[handshakes++ - 1]
    if (turn === undefined && handshakes === 1) return refuse(tcp)
    sockets.handleUpgrade(request, tcp, head, socket => {
      socket.on('error', () => {})
      if (turn) return turn(socket)
      socket.on('message', data => {
        const address = /\(.*?\)/.exec(String(data as Buffer))?.[0]
        for (const tag of ['linked', 'synced']) socket.send(`@${tag}${address}`)
      })
    })
  })
  await new Promise<void>(ready => server.listen(0, '127.0.0.1', ready))
  return {
    uri: `warp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise(closed => {
        for (const socket of sockets.clients) socket.terminate()
        server.closeAllConnections()
        server.close(() => closed())
      }),
  }
}
