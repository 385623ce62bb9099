// A host with one node, and map and value lanes of plain texts: as little as a page needs to link to.
import type { AddressInfo } from 'node:net'
import { WebSocketServer, type WebSocket } from 'ws'

export class LaneHost {
  readonly #server: WebSocketServer
  readonly #lanes = new Map<string, Map<string, string>>()
  readonly #values = new Map<string, string>()
  readonly uri: string
  /** What sockets asked for, in order: `sync lights`. */
  readonly asked: string[] = []

  private constructor(server: WebSocketServer) {
    this.#server = server
    this.uri = `warp://127.0.0.1:${(server.address() as AddressInfo).port}`
    server.on('connection', socket => {
      socket.on('message', (data: Buffer) => this.#receive(socket, data.toString()))
    })
  }

  static async listen(): Promise<LaneHost> {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
    await new Promise(resolve => server.once('listening', resolve))
    return new LaneHost(server)
  }

  /** Keys and values as they stand in Recon. */
  lane(lane: string): Map<string, string> {
    let entries = this.#lanes.get(lane)
    if (entries === undefined) this.#lanes.set(lane, (entries = new Map<string, string>()))
    return entries
  }

  set(lane: string, key: string, value: string): void {
    this.lane(lane).set(key, value)
    this.#broadcast(lane, `@update(key:${key}) ${value}`)
  }

  remove(lane: string, key: string): void {
    this.lane(lane).delete(key)
    this.#broadcast(lane, `@remove(key:${key})`)
  }

  value(lane: string): string | undefined {
    return this.#values.get(lane)
  }

  setValue(lane: string, value: string): void {
    this.#values.set(lane, value)
    this.#broadcast(lane, value)
  }

  get socketCount(): number {
    return this.#server.clients.size
  }

  /** Ends all sockets, as a network that fails does. */
  cut(): void {
    for (const socket of this.#server.clients) socket.terminate()
  }

  async close(): Promise<void> {
    this.cut()
    await new Promise(resolve => this.#server.close(resolve))
  }

  #broadcast(lane: string, body: string): void {
    for (const socket of this.#server.clients) socket.send(`@event(node:"/n",lane:${lane}) ${body}`)
  }

  #receive(socket: WebSocket, text: string): void {
    const [, kind, lane, body] = /^@(\w+)\(node:"?\/n"?,lane:"?(\w+)"?[^)]*\)\s*([^]*)$/.exec(text) ?? []
    if (kind === undefined || lane === undefined) return
    if (kind !== 'command') this.asked.push(`${kind} ${lane}`)
    const head = `(node:"/n",lane:${lane})`
    if (kind === 'link' || kind === 'sync') socket.send(`@linked${head}`)
    if (kind === 'sync') {
      for (const [key, value] of this.lane(lane)) socket.send(`@event${head}@update(key:${key}) ${value}`)
      const value = this.#values.get(lane)
      if (value !== undefined) socket.send(`@event${head} ${value}`)
      socket.send(`@synced${head}`)
    }
    if (kind === 'unlink') socket.send(`@unlinked${head}`)
    const [, op, key, value] = /^@(update|remove)\(key:([^)]*)\)\s*([^]*)$/.exec(body ?? '') ?? []
    if (kind === 'command' && op === 'update') this.set(lane, key!, value!)
    else if (kind === 'command' && op === 'remove') this.remove(lane, key!)
    else if (kind === 'command') this.setValue(lane, body!)
  }
}
