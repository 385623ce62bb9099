// A device in memory: pages, and the worker that they share. A page can freeze, and die without a word; so can the worker.
import type { Clock } from '../../src/base/clock.js'
import { PortSocket } from '../../src/shared/port-socket.js'
import type { Locks, Port } from '../../src/shared/port.js'
import { Relay } from '../../src/shared/relay/relay.js'
import { openWebSocket, type SocketClass, type SocketLike } from '../../src/transport/websocket.js'

/** Web Locks of an origin: names that are held, and who waits for each. */
class MemoryLocks {
  readonly #held = new Map<string, Holder>()
  readonly #waiting: {
    readonly name: string
    readonly holder: Holder
    readonly granted: (lock: unknown) => unknown
  }[] = []
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The locks, as one page or worker has them. */
  of(holder: Holder): Locks {
    return {
      request: (name, options, granted) => {
        const { signal } = options as { readonly signal?: AbortSignal }
        const asked = { name, holder, granted }
        this.#waiting.push(asked)
        signal?.addEventListener('abort', () => {
          const at = this.#waiting.indexOf(asked)
          if (at >= 0) this.#waiting.splice(at, 1)
        })
        this.#grant()
        return Promise.resolve()
      },
    }
  }

  /** Whoever it was has died. */
  release(holder: Holder): void {
    for (const [name, by] of this.#held) if (by === holder) this.#held.delete(name)
    for (let i = this.#waiting.length - 1; i >= 0; i--)
      if (this.#waiting[i]!.holder === holder) this.#waiting.splice(i, 1)
    this.#grant()
  }

  #grant(): void {
    this.#clock.turn(() => {
      for (const asked of [...this.#waiting]) {
        if (this.#held.has(asked.name) || !this.#waiting.includes(asked)) continue
        this.#waiting.splice(this.#waiting.indexOf(asked), 1)
        this.#held.set(asked.name, asked.holder)
        void Promise.resolve(asked.granted({})).then(() => {
          if (this.#held.get(asked.name) !== asked.holder) return
          this.#held.delete(asked.name)
          this.#grant()
        })
      }
    })
  }
}

/** A page or a worker. */
class Holder {
  isFrozen = false
  isDead = false
  #thaw: (() => void)[] = []

  /** Runs what a message brings about: not before it is thawed, and never once it is dead. */
  run(act: () => void): void {
    if (this.isDead) return
    if (this.isFrozen) this.#thaw.push(act)
    else act()
  }

  thaw(): void {
    this.isFrozen = false
    for (const act of this.#thaw.splice(0)) this.run(act)
  }
}

/** One end of a channel. Messages are cloned, as a browser's are. */
class MemoryPort implements Port {
  other: MemoryPort | undefined
  isClosed = false
  #early: unknown[] = []
  #onmessage: Port['onmessage'] = null

  constructor(
    readonly clock: Clock,
    readonly owner: Holder,
  ) {}

  get onmessage(): Port['onmessage'] {
    return this.#onmessage
  }
  set onmessage(listener: Port['onmessage']) {
    this.#onmessage = listener
    if (listener === null) return
    for (const data of this.#early.splice(0)) this.#take(data)
  }

  postMessage(message: unknown): void {
    if (this.isClosed || this.owner.isDead) return
    const data: unknown = structuredClone(message)
    this.clock.turn(() => this.other!.#take(data))
  }

  close(): void {
    this.isClosed = true
  }

  #take(data: unknown): void {
    if (this.isClosed) return
    if (this.#onmessage === null) return void this.#early.push(data)
    this.owner.run(() => {
      if (!this.isClosed) this.#onmessage?.({ data })
    })
  }
}

/** A page: what its client takes for the class of WebSockets. */
export class RelayedPage extends Holder {
  readonly WebSocket: SocketClass
  /** What goes over its sockets, as its client sees it. */
  onopen: () => void = () => {}
  onsend: (text: string) => void = () => {}
  onreceive: (text: string) => void = () => {}

  constructor(device: RelayDevice, index: number, scope: string | undefined) {
    super()
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- the class below has a `this` of its own
    const page = this
    this.WebSocket = class implements SocketLike {
      onopen: ((event: never) => void) | null = null
      onmessage: ((event: never) => void) | null = null
      onerror: ((event: never) => void) | null = null
      onclose: ((event: never) => void) | null = null
      readonly #socket: PortSocket

      constructor(url: string, protocols: string[] = []) {
        const tell = (name: 'onopen' | 'onclose' | 'onmessage', event: object) => this[name]?.(event as never)
        this.#socket = new PortSocket(
          device.connect(page),
          { url, protocols, scope, page: String(index) },
          {
            greeted: () => {},
            misfits: () => {},
            opened: () => {
              page.onopen()
              tell('onopen', {})
            },
            received: data => {
              page.onreceive(data)
              tell('onmessage', { data })
            },
            ended: (code, reason) => tell('onclose', { code, reason }),
          },
          device.locksOf(page),
        )
      }

      get bufferedAmount(): number {
        return this.#socket.bufferedAmount
      }
      send(text: string): void {
        if (page.isDead) return
        page.onsend(text)
        this.#socket.send(text)
      }
      pause(): void {
        this.#socket.pause()
      }
      resume(): void {
        this.#socket.resume()
      }
      close(code?: number, reason?: string): void {
        this.#socket.close()
        device.clock.turn(() => tell({ code: code ?? 1005, reason: reason ?? '' }))
        const tell = (event: object) => this.onclose?.(event as never)
      }
    }
  }
}

export class RelayDevice {
  readonly clock: Clock
  readonly #webSocket: SocketClass
  readonly #locks: MemoryLocks
  #relay: Relay
  #worker = new Holder()
  readonly #ports: MemoryPort[] = []

  /** @param webSocket what the worker opens sockets by */
  constructor(clock: Clock, webSocket: SocketClass) {
    this.clock = clock
    this.#webSocket = webSocket
    this.#locks = new MemoryLocks(clock)
    this.#relay = this.#begun()
  }

  page(index: number, scope?: string): RelayedPage {
    return new RelayedPage(this, index, scope)
  }

  locksOf(holder: Holder): Locks {
    return this.#locks.of(holder)
  }

  /** A port of a page to the worker. */
  connect(page: Holder): Port {
    const [mine, theirs] = [new MemoryPort(this.clock, page), new MemoryPort(this.clock, this.#worker)]
    mine.other = theirs
    theirs.other = mine
    this.#ports.push(theirs)
    this.#relay.connect(theirs)
    return mine
  }

  /** A page dies without a word. */
  kill(page: RelayedPage): void {
    page.isDead = true
    this.#locks.release(page)
  }

  /** The worker dies without a word; another is there for who connects next. */
  restart(): void {
    this.#worker.isDead = true
    for (const port of this.#ports.splice(0)) port.isClosed = true
    this.#relay.close()
    this.#locks.release(this.#worker)
    this.#worker = new Holder()
    this.#relay = this.#begun()
  }

  #begun(): Relay {
    const openTransport = openWebSocket({ webSocket: this.#webSocket, maxFrameChars: 2 ** 24 })
    return new Relay({ clock: this.clock, openTransport }, this.#locks.of(this.#worker))
  }
}
