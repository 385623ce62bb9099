// A TCP proxy by which bytes come from the host at a steady rate, and go to it at once.
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

const tickMs = 10

export class SlowNetwork {
  readonly port: number
  /** Connections that were made. */
  count = 0
  #isStopped = false
  readonly #server: Server
  readonly #sockets: Set<Socket>

  private constructor(server: Server, sockets: Set<Socket>) {
    this.#server = server
    this.#sockets = sockets
    this.port = (server.address() as AddressInfo).port
  }

  /** @param way which bytes are slow: those that come down from the host, or those that go up to it */
  static async to(port: number, bytesPerSecond: number, way: 'down' | 'up' = 'down'): Promise<SlowNetwork> {
    const sockets = new Set<Socket>()
    const server = createServer(client => {
      network.count++
      const host = connect(port, '127.0.0.1')
      const [from, to] = way === 'down' ? [host, client] : [client, host]
      to.pipe(from)
      to.setNoDelay(true)
      slowly(from, to, () => (network.#isStopped ? 0 : bytesPerSecond))
      for (const socket of [client, host]) {
        sockets.add(socket)
        socket.on('error', () => {}).on('close', () => {
          client.destroy()
          host.destroy()
          sockets.delete(socket)
        }) // prettier-ignore
      }
    })
    await new Promise<void>(ready => server.listen(0, '127.0.0.1', () => ready()))
    const network = new SlowNetwork(server, sockets)
    return network
  }

  /** Lets nothing pass any more, and tells nobody. */
  stop(): void {
    this.#isStopped = true
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise<void>(done => this.#server.close(() => done()))
  }
}

function slowly(from: Socket, to: Socket, bytesPerSecond: () => number): void {
  let startedAtMs = performance.now()
  let passed = 0
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startedAtMs) / 1000) * bytesPerSecond())
    const size = Math.min(due - passed, from.readableLength)
    const chunk = size > 0 ? (from.read(size) as Buffer | null) : null
    if (chunk === null) {
      // What was not used of the rate is not saved up.
      if (from.readableLength === 0) [startedAtMs, passed] = [performance.now(), 0]
      return
    }
    passed += chunk.length
    to.write(chunk)
  }, tickMs)
  // Without a listener nothing would be read ahead.
  from.on('readable', () => {})
  from.on('end', () => to.end())
  from.on('close', () => clearInterval(timer))
}
