// Floor 6. A page's end of a socket that the relay holds. It sends frames in batches, and passes incoming frames on one by one.
import { serviceRestart } from '../transport/transport.js'
import { systemClock } from '../base/clock.js'
import {
  awaitLock,
  charsOf,
  holdLock,
  takenAtOnce,
  takenChars,
  version,
  type Locks,
  type Opening,
  type Port,
  type ToPage,
} from './port.js'

const died = 'the worker that had it is gone'

export interface PortListener {
  /** A relay has answered. */
  greeted(): void
  /** A relay of another version has answered. */
  misfits(): void
  opened(): void
  received(text: string): void
  ended(code: number, reason: string): void
}

export class PortSocket {
  readonly #port: Port
  readonly #listener: PortListener
  readonly #locks: Locks | undefined
  /** Releases both locks: the one that shows that this page lives, and the wait for the relay's. */
  readonly #letGo: (() => void)[] = []
  /** Frames to send at the end of this turn. */
  #out: string[] = []
  bufferedAmount = 0
  /** Batches that have come and wait while the client is paused. */
  #in: (readonly string[])[] = []
  #next = 0
  #isPaused = false
  /** Taken in by the client, and not yet acknowledged to the relay. */
  #takenChars = 0
  #takenBatches = 0
  #isOver = false

  constructor(port: Port, opening: Opening, listener: PortListener, locks: Locks | undefined) {
    this.#port = port
    this.#listener = listener
    this.#locks = locks
    port.onmessage = ({ data }) => this.#receive(data as ToPage)
    port.onclose = () => this.#end(serviceRestart, died)
    this.#post({ open: opening })
    const name = `swimlink page ${opening.page} ${systemClock.random()}`
    this.#letGo.push(holdLock(locks, name, () => this.#isOver || this.#post({ lock: name })))
  }

  send(text: string): void {
    this.bufferedAmount += text.length
    if (this.#out.push(text) === 1) queueMicrotask(() => this.#flush())
  }

  pause(): void {
    this.#isPaused = true
  }

  resume(): void {
    this.#isPaused = false
    this.#deliver()
  }

  /** Sends what waits, and ends the socket. The listener is not called again. */
  close(): void {
    if (this.#isOver) return
    this.#flush()
    this.#post('close')
    this.#leave()
  }

  /** Ends the socket without sending what waits: the page uses another socket instead. */
  abandon(): void {
    this.#out = []
    this.close()
  }

  #receive(message: ToPage): void {
    if (this.#isOver) return
    if (Array.isArray(message)) {
      if (this.#in.push(message as readonly string[]) === 1 && !this.#isPaused) this.#deliver()
    } else if (typeof message === 'number') this.bufferedAmount -= message
    else if (message === 'opened') this.#listener.opened()
    else if ('hello' in (message as object)) this.#greet(message as { hello: number; lock?: string })
    else {
      const { code, reason } = message as { code: number; reason: string }
      // The client gets earlier frames first, even while paused: it queues them itself.
      this.#isPaused = false
      this.#deliver()
      this.#end(code, reason)
    }
  }

  #greet({ hello, lock }: { hello: number; lock?: string }): void {
    if (hello !== version) return this.#listener.misfits()
    this.#listener.greeted()
    if (lock !== undefined) this.#letGo.push(awaitLock(this.#locks, lock, () => this.#end(serviceRestart, died)))
  }

  #deliver(): void {
    while (this.#in.length > 0) {
      const frames = this.#in[0]!
      while (this.#next < frames.length) {
        if (this.#isPaused || this.#isOver) return
        this.#listener.received(frames[this.#next++]!)
      }
      this.#in.shift()
      this.#next = 0
      if (!this.#isOver) this.#taken(charsOf(frames))
    }
  }

  #taken(chars: number): void {
    this.#takenChars += chars
    if (++this.#takenBatches < takenAtOnce && this.#takenChars < takenChars) return
    this.#post(this.#takenChars)
    this.#takenChars = this.#takenBatches = 0
  }

  #flush(): void {
    if (this.#out.length === 0 || this.#isOver) return
    this.#post(this.#out)
    this.#out = []
  }

  #end(code: number, reason: string): void {
    if (this.#isOver) return
    this.#leave()
    this.#listener.ended(code, reason)
  }

  #leave(): void {
    this.#isOver = true
    this.#in = []
    for (const letGo of this.#letGo) letGo()
    this.#port.onmessage = null
    this.#port.onclose = null
    this.#port.close()
  }

  #post(message: unknown): void {
    this.#port.postMessage(message)
  }
}
