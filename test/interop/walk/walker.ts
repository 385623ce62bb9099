// Interop support. One client of a walk, behind a proxy of its own.
import { startProxy, type TcpProxy } from '../proxy.js'
import { Witness } from './witness.js'

export class Walker extends Witness {
  readonly proxy: TcpProxy

  static async start(target: string, node: string, lane: string): Promise<Walker> {
    return new Walker(await startProxy({ target }), node, lane)
  }

  constructor(proxy: TcpProxy, node: string, lane: string) {
    super(
      { hostUri: proxy.uri, node, lane },
      {
        // Never so soon that a host could still be busy with what the last socket brought.
        reconnectMinMs: 150,
        reconnectMaxMs: 400,
        reconnectJitter: 0.5,
        settledAfterMs: 200,
        connectTimeoutMs: 800,
        heartbeatMs: 300,
        heartbeatTimeoutMs: 500,
        requestTimeoutMs: 800,
        echoTimeoutMs: 300,
        unlinkDelayMs: 20,
      },
    )
    this.proxy = proxy
  }

  override async end(): Promise<void> {
    await super.end()
    await this.proxy.close()
  }
}
