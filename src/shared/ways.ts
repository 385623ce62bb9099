// Floor 6. Chooses where a page's sockets are: in a shared worker; without one in a worker of the page; without that in the page.
import { systemClock } from '../base/clock.js'
import type { Port } from './port.js'

/** Where a client's socket is: in a worker shared by all tabs, in a worker of its page, or in the page. */
export type Via = 'shared-worker' | 'worker' | 'page'

/** The part of a `SharedWorker` that is used. */
export interface SharedWorkerLike {
  /** A message port to the worker. */
  readonly port: object
  /** Set by `sharedSocket`: called when the worker can't be loaded. */
  onerror: ((event: never) => unknown) | null
}

/** The part of a `Worker` that is used. */
export interface WorkerLike {
  /** Hands a message port to the worker. */
  postMessage(message: unknown, transfer: never[]): void
  /** Ends it, with the last socket of the page. */
  terminate(): void
  /** Set by `sharedSocket`: called when the worker can't be loaded. */
  onerror: ((event: never) => unknown) | null
}

/** Makes the worker. Called for each socket; a `Worker` is made once, and serves all sockets of the page. */
export type MakeWorker = () => SharedWorkerLike | WorkerLike

/** How long a page's own worker is kept without a socket, in milliseconds. */
const lingerMs = 1000

/** Undefined on platforms without workers. */
type WorkerClass = new (url: string | URL, options?: object) => WorkerLike
const platform = globalThis as { SharedWorker?: unknown; Worker?: WorkerClass }

export class Ways {
  via: Via = 'page'
  readonly #make: MakeWorker
  /** The page's own worker, and how many sockets it has. */
  #worker: WorkerLike | undefined
  #sockets = 0
  #hasFailed: boolean

  constructor(make: MakeWorker) {
    this.#make = make
    this.#hasFailed = platform.SharedWorker === undefined && platform.Worker === undefined
  }

  /** A port to a relay; undefined if the page has to open its own socket. @param failed called when there turns out to be no relay */
  port(failed: () => void): Port | undefined {
    if (this.#hasFailed) return undefined
    try {
      const worker = this.#worker ?? this.#made()
      worker.onerror = failed
      if ('port' in worker) {
        this.via = 'shared-worker'
        return worker.port as Port
      }
      this.via = 'worker'
      return this.#portOf((this.#worker = worker))
    } catch {
      this.fail()
      return undefined
    }
  }

  /** There is no relay: from now on each socket is the page's own. */
  fail(): void {
    this.#hasFailed = true
    this.via = 'page'
  }

  /** A socket has ended. Without sockets, the page's own worker is ended after a pause, in which it sends what it has. */
  release(): void {
    if (this.#worker === undefined || --this.#sockets > 0) return
    systemClock.timer(() => {
      if (this.#sockets > 0) return
      this.#worker?.terminate()
      this.#worker = undefined
    }, lingerMs)
  }

  #made(): SharedWorkerLike | WorkerLike {
    if (platform.SharedWorker !== undefined) {
      try {
        return this.#make()
      } catch (cause) {
        if (platform.Worker === undefined) throw cause
      }
    }
    return this.#madeAsWorker(platform.Worker!)
  }

  /** Makes a `Worker` where the application calls `new SharedWorker(…)`: bundlers find that call by its spelling. */
  #madeAsWorker(Worker: WorkerClass): SharedWorkerLike | WorkerLike {
    const had = Object.getOwnPropertyDescriptor(platform, 'SharedWorker')
    const standIn = function (url: string | URL, options?: object) {
      return new Worker(url, options)
    }
    Object.defineProperty(platform, 'SharedWorker', { configurable: true, value: standIn })
    try {
      return this.#make()
    } finally {
      if (had === undefined) delete platform.SharedWorker
      else Object.defineProperty(platform, 'SharedWorker', had)
    }
  }

  #portOf(worker: WorkerLike): Port {
    const { port1, port2 } = new MessageChannel()
    worker.postMessage('connect', [port2 as never])
    this.#sockets++
    return port1 as unknown as Port
  }
}
