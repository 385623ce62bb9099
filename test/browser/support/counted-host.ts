// A host behind a proxy that counts: sockets that come to it, frames that they bring, and frames that they are told.
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import WebSocket, { WebSocketServer } from 'ws'
import type { Value } from '../../../src/recon/index.js'
import { WarpHost, type MapLane, type SupplyLane, type WarpHostOptions } from '../../../src/host/index.js'

export class CountedHost {
  /** Frames that came, in their order. */
  readonly heard: string[] = []
  /** Frames that went. */
  told = 0
  /** Sockets that were opened. */
  opened = 0
  readonly #options: WarpHostOptions
  readonly #proxy: Server
  readonly #sockets = new Set<WebSocket>()
  #host: WarpHost
  #hostUri = ''

  private constructor(options: WarpHostOptions) {
    this.#options = options
    this.#proxy = createServer().on('upgrade', (request, socket, head) => this.#join(request, socket, head))
    this.#host = this.#made()
  }

  static async listen(options: WarpHostOptions = {}): Promise<CountedHost> {
    const host = new CountedHost(options)
    host.#hostUri = (await host.#host.listen()).uri
    await new Promise<void>(resolve => host.#proxy.listen(0, '127.0.0.1', resolve))
    return host
  }

  get uri(): string {
    return `warp://127.0.0.1:${(this.#proxy.address() as AddressInfo).port}`
  }

  /** Sockets and links that are open now. */
  get load(): { readonly sockets: number; readonly links: number } {
    const { sockets, links } = this.#host.load
    return { sockets, links }
  }

  get rows(): MapLane<string> {
    return this.#host.nodeRef('/n').lane('rows', 'map') as MapLane<string>
  }

  get news(): SupplyLane<Value> {
    return this.#host.nodeRef('/n').lane('news', 'supply') as SupplyLane<Value>
  }

  /** The frames that came which ask for a lane, or let go of it. */
  asked(lane = 'rows'): string[] {
    return this.heard.filter(text => new RegExp(`^@(link|sync|unlink)\\(node:"/n",lane:${lane}\\b`).test(text))
  }

  /** The host goes, and another comes in its place, with empty lanes. */
  async restart(fill: () => void = () => {}): Promise<void> {
    await this.#host.close()
    this.#host = this.#made()
    fill()
    this.#hostUri = (await this.#host.listen()).uri
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.terminate()
    await new Promise(resolve => this.#proxy.close(resolve))
    await this.#host.close()
  }

  #made(): WarpHost {
    return new WarpHost(this.#options).node('/n', node => {
      node.mapLane<string, Value>('rows')
      node.mapLane<string, Value>('aside')
      node.supplyLane('news')
    })
  }

  /** Opens a socket to the host, and only then the one that it stands for. */
  #join(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const offered = request.headers['sec-websocket-protocol']?.split(/, */) ?? []
    const up = new WebSocket(this.#hostUri.replace('warp', 'ws'), offered, { perMessageDeflate: false })
    // A page may have gone by then, and nobody stands for that socket.
    socket.once('close', () => up.close())
    up.once('error', () => socket.destroy()).once('open', () => {
      const handleProtocols = () => up.protocol || false
      new WebSocketServer({ noServer: true, handleProtocols }).handleUpgrade(request, socket, head, down => {
        this.opened++
        this.#sockets.add(down)
        down.on('message', data => {
          this.heard.push(String(data))
          up.send(String(data))
        })
        up.on('message', data => {
          this.told++
          down.send(String(data))
        })
        down.on('error', () => {}).on('close', () => {
          this.#sockets.delete(down)
          up.close()
        }) // prettier-ignore
        up.on('close', (code, reason) => (code === 1005 || code === 1006 ? down.terminate() : down.close(code, reason)))
      })
    }) // prettier-ignore
  }
}
