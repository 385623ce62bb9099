// Floor 6. By which worker a page's sockets go, or that they are its own: a shared worker, else a worker of the page, else none.
import { systemClock } from '../base/clock.js'
import type { Port } from './port.js'

/** Which socket a client has: that of a worker which all tabs share, that of a worker of its page alone, or its page's own. */
export type Via = 'shared-worker' | 'worker' | 'page'

/** The part of a `SharedWorker` that is used. */
export interface SharedWorkerLike {
  /** A message port to the worker. */
  readonly port: object
  /** Set here: called where there turns out to be no such worker. */
  onerror: ((event: never) => unknown) | null
}

/** The part of a `Worker` that is used. */
export interface WorkerLike {
  /** Hands a message port to the worker. */
  postMessage(message: unknown, transfer: never[]): void
  /** Ends it, with the last socket of the page. */
  terminate(): void
  /** Set here: called where there turns out to be no such worker. */
  onerror: ((event: never) => unknown) | null
}

/** Makes the worker. Called for each socket; a `Worker` is made once, and serves all sockets of the page. */
export type MakeWorker = () => SharedWorkerLike | WorkerLike

/** How long a worker of the page alone is kept without a socket, in milliseconds. */
const lingerMs = 1000

/** Undefined where the platform has none. */
type WorkerClass = new (url: string | URL, options?: object) => WorkerLike
const platform = globalThis as { SharedWorker?: unknown; Worker?: WorkerClass }

export class Ways {
  via: Via = 'page'
  readonly #make: MakeWorker
  /** That of the page alone, and how many sockets it has. */
  #worker: WorkerLike | undefined
  #sockets = 0
  #hasFailed: boolean

  constructor(make: MakeWorker) {
    this.#make = make
    this.#hasFailed = platform.SharedWorker === undefined && platform.Worker === undefined
  }

  /** A port to a relay; undefined where the page's own socket has to do. @param failed called where there turns out to be no relay */
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

  /** A socket has ended. The worker of the page goes with the last one, once it has sent what it was given. */
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

  /** What `new SharedWorker(…)` asks for is made a `Worker`: bundlers know such a call by its letters, so it stands in the application once. */
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
