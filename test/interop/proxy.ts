// Interop support. A TCP proxy between a client and a host whose faults are pulled by hand: nothing in it is random.
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net'

export interface ProxyOptions {
  /** The host, as `warp://HOST:PORT`, `ws://HOST:PORT` or a port of this machine. */
  target: string | number
  /** 0, the default, takes a free one. */
  port?: number
}

/** Counts since the start; bytes are those passed on, not those swallowed. */
export interface ProxyStats {
  readonly accepted: number
  readonly refused: number
  /** Connections open now. */
  readonly open: number
  readonly bytesUp: number
  readonly bytesDown: number
}

/** Which way traffic goes: from client to host is up. */
export type ProxyWay = 'up' | 'down' | 'both'

export interface TcpProxy {
  readonly port: number
  readonly uri: string
  readonly socketUri: string
  readonly stats: ProxyStats
  /** Ends every connection on both sides with a FIN, after what was already read; frames end in the middle. */
  cut(): void
  /** Ends every connection on both sides with a RST; what is under way may be lost. */
  reset(): void
  /** Reads no more, so that nothing passes and nobody is told: a half-open peer. New connections stall as well. */
  stall(way?: ProxyWay): void
  /** Swallows what comes, so that senders see an ever-ready peer that never answers. */
  blackhole(on: boolean, way?: ProxyWay): void
  /** Ends stalls and black holes of connections; what was stalled passes now, what was swallowed is gone. */
  resume(): void
  /** Holds every chunk for so long, either way, in order; 0 ends it. */
  delay(ms: number): void
  /** Resets new connections as soon as they come (accepting goes on, so that the port stays ours). */
  refuse(on: boolean): void
  /** Passes so many more bytes of all connections together, then cuts (or resets) the one that exceeds. */
  cutAfter(bytes: number, way?: ProxyWay, how?: 'cut' | 'reset'): void
  /** Passes everything on in chunks of so many bytes, each in its own write; 0 ends it. */
  slice(bytes: number): void
  /** Sends later connections to another host. */
  retarget(target: string | number): void
  close(): Promise<void>
}

export async function startProxy(options: ProxyOptions): Promise<TcpProxy> {
  const proxy = new FaultProxy(options.target)
  await proxy.listen(options.port ?? 0)
  return proxy
}

type OneWay = 'up' | 'down'
const ways: Record<ProxyWay, readonly OneWay[]> = { up: ['up'], down: ['down'], both: ['up', 'down'] }

/** One way of one connection: reads from one socket, passes on to the other. */
class Flow {
  readonly #pair: Pair
  readonly #way: OneWay
  readonly #from: Socket
  readonly #to: Socket
  readonly #timers = new Set<NodeJS.Timeout>()
  #held: Promise<void> = Promise.resolve()

  constructor(pair: Pair, way: OneWay, from: Socket, to: Socket) {
    this.#pair = pair
    this.#way = way
    this.#from = from
    this.#to = to
    from.on('data', (chunk: Buffer) => this.#read(chunk))
    from.on('end', () => this.#later(() => to.end()))
    this.heed()
  }

  /** Reads on or stops reading, as the levers stand. */
  heed(): void {
    const stalled = this.#pair.proxy.stalled.has(this.#way)
    if (stalled) this.#from.pause()
    else if (this.#to.writableNeedDrain) this.#to.once('drain', () => this.heed())
    else this.#from.resume()
  }

  end(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
  }

  #read(chunk: Buffer): void {
    const { proxy } = this.#pair
    if (proxy.swallowed.has(this.#way)) return
    const allowed = proxy.spend(this.#way, chunk.length)
    this.#later(() => this.#write(chunk.subarray(0, allowed.bytes)))
    if (allowed.end === undefined) return
    this.#from.pause()
    this.#later(() => this.#pair.end(allowed.end === 'reset'))
  }

  /** Now, or after the delay and all that is held already. */
  #later(act: () => void): void {
    const ms = this.#pair.proxy.delayMs
    if (ms === 0 && this.#timers.size === 0) return act()
    const due = new Promise<void>(done => {
      const timer = setTimeout(() => {
        this.#timers.delete(timer)
        done()
      }, ms)
      this.#timers.add(timer)
    })
    this.#held = Promise.all([this.#held, due]).then(act)
    void this.#held.catch(() => undefined)
  }

  #write(chunk: Buffer): void {
    if (this.#to.destroyed || this.#to.writableEnded) return
    const { proxy } = this.#pair
    const size = proxy.sliceBytes || chunk.length
    for (let at = 0; at < chunk.length; at += size) this.#to.write(chunk.subarray(at, at + size))
    proxy.passed(this.#way, chunk.length)
    if (this.#to.writableNeedDrain) {
      this.#from.pause()
      this.#to.once('drain', () => this.heed())
    }
  }
}

/** A client's connection and the one to the host that belongs to it. */
class Pair {
  readonly proxy: FaultProxy
  readonly #client: Socket
  readonly #host: Socket
  readonly #flows: readonly Flow[]
  #ended = false

  constructor(proxy: FaultProxy, client: Socket, host: Socket) {
    this.proxy = proxy
    this.#client = client
    this.#host = host
    for (const socket of [client, host]) {
      socket.setNoDelay(true)
      socket.on('error', () => this.end(true))
    }
    client.on('close', () => this.#close(host))
    host.on('close', () => this.#close(client))
    this.#flows = [new Flow(this, 'up', client, host), new Flow(this, 'down', host, client)]
  }

  heed(): void {
    for (const flow of this.#flows) flow.heed()
  }

  end(reset: boolean): void {
    if (this.#ended) return
    this.#ended = true
    for (const flow of this.#flows) flow.end()
    for (const socket of [this.#client, this.#host]) {
      if (reset) socket.resetAndDestroy()
      else socket.end(() => socket.destroy())
    }
    this.proxy.pairs.delete(this)
  }

  #close(other: Socket): void {
    if (!other.destroyed && !this.#ended) other.end(() => other.destroy())
    this.#ended = true
    for (const flow of this.#flows) flow.end()
    this.proxy.pairs.delete(this)
  }
}

class FaultProxy implements TcpProxy {
  readonly pairs = new Set<Pair>()
  readonly stalled = new Set<OneWay>()
  readonly swallowed = new Set<OneWay>()
  delayMs = 0
  sliceBytes = 0
  #budget: { bytes: number; ways: readonly OneWay[]; how: 'cut' | 'reset' } | undefined
  #refusing = false
  #target: { host: string; port: number }
  #accepted = 0
  #refused = 0
  #bytes: Record<OneWay, number> = { up: 0, down: 0 }
  readonly #server: Server

  constructor(target: string | number) {
    this.#target = addressOf(target)
    // Half-open connections are passed on as they are: each side ends when it wants to.
    this.#server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, client => this.#accept(client))
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((ready, fail) => {
      this.#server.once('error', fail).listen(port, '127.0.0.1', () => ready())
    })
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  get uri(): string {
    return `warp://127.0.0.1:${this.port}`
  }

  get socketUri(): string {
    return `ws://127.0.0.1:${this.port}`
  }

  get stats(): ProxyStats {
    const { up: bytesUp, down: bytesDown } = this.#bytes
    return { accepted: this.#accepted, refused: this.#refused, open: this.pairs.size, bytesUp, bytesDown }
  }

  cut(): void {
    for (const pair of [...this.pairs]) pair.end(false)
  }

  reset(): void {
    for (const pair of [...this.pairs]) pair.end(true)
  }

  stall(way: ProxyWay = 'both'): void {
    for (const one of ways[way]) this.stalled.add(one)
    this.#heed()
  }

  blackhole(on: boolean, way: ProxyWay = 'both'): void {
    for (const one of ways[way]) {
      if (on) this.swallowed.add(one)
      else this.swallowed.delete(one)
    }
  }

  resume(): void {
    this.stalled.clear()
    this.swallowed.clear()
    this.#heed()
  }

  delay(ms: number): void {
    this.delayMs = ms
  }

  refuse(on: boolean): void {
    this.#refusing = on
  }

  cutAfter(bytes: number, way: ProxyWay = 'both', how: 'cut' | 'reset' = 'cut'): void {
    this.#budget = { bytes, ways: ways[way], how }
  }

  slice(bytes: number): void {
    this.sliceBytes = bytes
  }

  retarget(target: string | number): void {
    this.#target = addressOf(target)
  }

  async close(): Promise<void> {
    this.reset()
    await new Promise<void>(done => this.#server.close(() => done()))
  }

  /** How many of the bytes may pass, and whether the connection ends after them. */
  spend(way: OneWay, bytes: number): { bytes: number; end?: 'cut' | 'reset' } {
    const budget = this.#budget
    if (budget === undefined || !budget.ways.includes(way)) return { bytes }
    if (bytes < budget.bytes) {
      budget.bytes -= bytes
      return { bytes }
    }
    this.#budget = undefined
    return { bytes: budget.bytes, end: budget.how }
  }

  passed(way: OneWay, bytes: number): void {
    this.#bytes[way] += bytes
  }

  #accept(client: Socket): void {
    client.on('error', () => undefined)
    if (this.#refusing) {
      this.#refused++
      client.resetAndDestroy()
      return
    }
    this.#accepted++
    const host = connect({ ...this.#target, allowHalfOpen: true })
    this.pairs.add(new Pair(this, client, host))
  }

  #heed(): void {
    for (const pair of this.pairs) pair.heed()
  }
}

function addressOf(target: string | number): { host: string; port: number } {
  if (typeof target === 'number') return { host: '127.0.0.1', port: target }
  const found = /^(?:warp|ws|tcp):\/\/([^/:]+):(\d+)\/?$/.exec(target)
  if (found?.[1] === undefined) throw new Error(`proxy: the target must be warp://HOST:PORT or a port, not ${target}`)
  return { host: found[1], port: Number(found[2]) }
}
