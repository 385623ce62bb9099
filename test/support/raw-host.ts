// A WebSocket host of raw bytes: it does the handshake, and then writes what a test gives it, right or wrong.
import { createHash } from 'node:crypto'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'

export interface RawHostOptions {
  /** Headers of the answer to the handshake, besides those that must be there. */
  readonly headers?: readonly string[]
  /** What happens on each socket once the first bytes have come from it. */
  readonly onFrame: (socket: Socket) => unknown
}

export class RawHost {
  readonly uri: string
  /** Sockets that have done the handshake. */
  count = 0
  readonly #server: Server
  readonly #sockets: Set<Socket>

  private constructor(server: Server, sockets: Set<Socket>) {
    this.#server = server
    this.#sockets = sockets
    this.uri = `warp://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  static async listen({ headers = [], onFrame }: RawHostOptions): Promise<RawHost> {
    const sockets = new Set<Socket>()
    const server = createServer(socket => {
      sockets.add(socket)
      let request = ''
      let isDone = false
      socket.setNoDelay(true)
      socket.on('error', () => {}).on('close', () => sockets.delete(socket))
      socket.on('data', chunk => {
        if (isDone) return
        request += String(chunk)
        const [, key] = /sec-websocket-key: (.*)\r\n/i.exec(request) ?? []
        if (!request.includes('\r\n\r\n') || key === undefined) return
        isDone = true
        host.count++
        const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
        const lines = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Accept: ${accept}`] // prettier-ignore
        socket.write([...lines, ...headers, '', ''].join('\r\n'))
        socket.once('data', () => onFrame(socket))
      })
    })
    await new Promise<void>(ready => server.listen(0, '127.0.0.1', () => ready()))
    const host = new RawHost(server, sockets)
    return host
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise<void>(done => this.#server.close(() => done()))
  }
}

/** A frame of one byte's worth of flags and opcode, and a payload; its header may say another length. */
export function frame(first: number, payload: Uint8Array | string = '', length?: number | bigint): Buffer {
  const body = Buffer.from(payload as string)
  const says = length ?? body.length
  if (typeof says === 'bigint' || says > 0xffff) {
    const header = Buffer.alloc(10)
    header[0] = first
    header[1] = 127
    header.writeBigUInt64BE(BigInt(says), 2)
    return Buffer.concat([header, body])
  }
  if (says < 126) return Buffer.concat([Buffer.from([first, says]), body])
  return Buffer.concat([Buffer.from([first, 126, says >> 8, says & 255]), body])
}
