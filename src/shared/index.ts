// Floor 8. The public door of `swimlink/shared`: one socket for all tabs, by a worker that they share.
import { deadline, systemClock, type Cancel } from '../base/clock.js'
import { ConfigError } from '../base/errors.js'
import { readOptions } from '../base/options.js'
import { platformSocket, type SocketClass, type SocketLike } from '../transport/websocket.js'
import type { Locks, Port } from './port.js'
import { PortSocket } from './port-socket.js'
import { Ways, type MakeWorker, type Via } from './ways.js'

/** Options of {@link sharedSocket}. */
export interface SharedSocketOptions {
  /**
   * Who the user is. Tabs of one scope share a socket whatever credentials they show: the host sees those of the tab that came
   * first. For tokens that are another at each call. @default none: tabs share a socket where they show the same
   */
  readonly scope?: string
}

const sharedOptions = { scope: 'a string' } as const

/** How long a worker may take to answer, in milliseconds: it has to be loaded first. */
const helloMs = 5000

/** By which this page is known to the relay, however often it connects. */
const page = systemClock.random().toString(36).slice(2)

/**
 * The class of a WebSocket that a worker has for all tabs of an origin: the option `webSocket` of a client takes it. Each host then
 * has one socket, and each lane one link; tabs that come later are told what the worker holds.
 *
 * Where there is no `SharedWorker`, the same script runs as a `Worker` of the page. Where that can't be either (a
 * Content-Security-Policy, a script that is not there, an old browser) the page has a socket of its own, as it has without this.
 * `client.inspect()` says which, as `via`.
 * @param make makes the worker, whose script imports `swimlink/shared-worker`. In Node it is never called
 * @throws {ConfigError} where `make` is no function, or for an option that can't be
 * @example
 * const client = new SwimClient({
 *   webSocket: sharedSocket(() => new SharedWorker(new URL('./swimlink-worker.js', import.meta.url), { type: 'module' })),
 * })
 * @source docs/TABS.md
 */
export function sharedSocket(make: MakeWorker, options: SharedSocketOptions = {}): SocketClass & { readonly via: Via } {
  if (typeof make !== 'function')
    throw new ConfigError('make', 'sharedSocket takes a function that makes the worker, as () => new SharedWorker(…)')
  const { scope } = readOptions<SharedSocketOptions, typeof sharedOptions>(sharedOptions, options)
  const ways = new Ways(make)
  const { locks } = (globalThis.navigator ?? {}) as { locks?: Locks }

  return class SharedSocket implements SocketLike {
    static get via(): Via {
      return ways.via
    }
    onopen: ((event: never) => void) | null = null
    onmessage: ((event: never) => void) | null = null
    onerror: ((event: never) => void) | null = null
    onclose: ((event: never) => void) | null = null
    readonly #given: ConstructorParameters<SocketClass>
    #shared: PortSocket | undefined
    #own: SocketLike | undefined
    #late: Cancel | undefined

    constructor(...given: ConstructorParameters<SocketClass>) {
      const [url, protocols = []] = given
      this.#given = given
      const port = ways.port(() => this.#fallBack())
      if (port === undefined) this.#open()
      else this.#begin(port, url, protocols)
    }

    #begin(port: Port, url: string, protocols: readonly string[]): void {
      this.#shared = new PortSocket(
        port,
        { url, protocols, scope, page },
        {
          greeted: () => this.#met(),
          misfits: () => this.#fallBack(),
          opened: () => this.#tell('onopen', {}),
          received: data => this.onmessage?.({ data } as never),
          ended: (code, reason) => {
            ways.release()
            this.#tell('onclose', { code, reason })
          },
        },
        locks,
      )
      // A page that was frozen runs its timers before it is told what has come.
      this.#late = deadline(systemClock, () => this.#fallBack(), helloMs)
    }

    get bufferedAmount(): number {
      return (this.#shared ?? this.#own)?.bufferedAmount ?? 0
    }
    send(text: string): void {
      ;(this.#shared ?? this.#own)?.send(text)
    }
    pause(): void {
      this.#shared?.pause()
    }
    resume(): void {
      this.#shared?.resume()
    }
    close(code?: number, reason?: string): void {
      this.#met()
      this.#own?.close(code, reason)
      if (this.#shared === undefined) return
      this.#shared.close()
      this.#shared = undefined
      ways.release()
      queueMicrotask(() => this.#tell('onclose', { code: code ?? 1005, reason: reason ?? '' }))
    }

    /** There is a relay, or nobody asks any more. */
    #met(): void {
      this.#late?.()
      this.#late = undefined
    }

    /** There is none, unless it has answered already. */
    #fallBack(): void {
      if (this.#shared === undefined || this.#late === undefined) return
      this.#met()
      this.#shared.abandon()
      this.#shared = undefined
      ways.release()
      ways.fail()
      this.#open()
    }

    #open(): void {
      const own = (this.#own = new platformSocket(...this.#given))
      for (const name of ['onopen', 'onmessage', 'onerror', 'onclose'] as const)
        own[name] = event => this[name]?.(event)
    }

    #tell(name: 'onopen' | 'onclose', event: object): void {
      this[name]?.(event as never)
    }
  }
}

export type { MakeWorker, SharedWorkerLike, Via, WorkerLike } from './ways.js'
