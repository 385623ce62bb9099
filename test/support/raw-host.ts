// A WebSocket host of raw bytes: it does the handshake, and then writes what a test gives it, right or wrong.
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { answerBy, goodLines } from './handshake.js'

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
      socket.setNoDelay(true)
      socket.on('close', () => sockets.delete(socket))
      answerBy(socket, key => {
        host.count++
        socket.once('data', () => onFrame(socket))
        return goodLines(key, ...headers)
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
