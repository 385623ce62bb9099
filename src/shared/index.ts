// Floor 8. The public door of `swimlink/shared`: one socket for all tabs, in a worker that they share.
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
   * Names the user. Tabs with the same scope share a socket, whatever credentials they have: the host gets those of the first tab. For
   * tokens that differ at each call. @default none: tabs with the same credentials share a socket
   */
  readonly scope?: string
}

const sharedOptions = { scope: 'a string' } as const

/** How long a worker may take to answer, in milliseconds, loading included. */
const helloMs = 5000

/** Identifies this page to the relay, across all of its sockets. */
const page = systemClock.random().toString(36).slice(2)

/**
 * A WebSocket class whose socket is in a worker, shared by all tabs of an origin. Pass it as the option `webSocket` of a client. Each
 * host then has one socket, and each lane one link. Later tabs get the state that the worker holds.
 *
 * Without `SharedWorker`, the same script runs as a `Worker` of the page. If that fails as well (a Content-Security-Policy, a missing
 * script, an old browser), the page has a socket of its own, as it has without this option. `client.inspect()` says which one, as
 * `via`.
 * @param make makes the worker. Its script imports `swimlink/shared-worker`. Never called in Node
 * @throws {ConfigError} if `make` is not a function, or an option is invalid
 * @example
 * const client = new SwimClient({
 *   webSocket: sharedSocket(() => new SharedWorker(new URL('./swimlink-worker.js', import.meta.url), { type: 'module' })),
 * })
 * @source docs/TABS.md
 */
export function sharedSocket(make: MakeWorker, options: SharedSocketOptions = {}): SocketClass & { readonly via: Via } {
  if (typeof make !== 'function')
    throw new ConfigError('make', 'must be a function that makes the worker, as () => new SharedWorker(…)')
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
          opened: () => this.#emit('onopen', {}),
          received: data => this.onmessage?.({ data } as never),
          ended: (code, reason) => {
            ways.release()
            this.#emit('onclose', { code, reason })
          },
        },
        locks,
      )
      // A page that was frozen runs its timers first, and then handles messages: the deadline allows for that.
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
      queueMicrotask(() => this.#emit('onclose', { code: code ?? 1005, reason: reason ?? '' }))
    }

    /** A relay has answered, or the socket is closed: the deadline no longer applies. */
    #met(): void {
      this.#late?.()
      this.#late = undefined
    }

    /** Opens a socket of the page's own, unless a relay has answered already. */
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

    #emit(name: 'onopen' | 'onclose', event: object): void {
      this[name]?.(event as never)
    }
  }
}

export type { MakeWorker, SharedWorkerLike, Via, WorkerLike } from './ways.js'
