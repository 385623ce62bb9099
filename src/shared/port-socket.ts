// Floor 6. A page's end of a socket that a relay has: what it sends goes in batches, what comes is handed on frame by frame.
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
  /** There is a relay. */
  greeted(): void
  /** There is one that speaks another version. */
  misfits(): void
  opened(): void
  received(text: string): void
  ended(code: number, reason: string): void
}

export class PortSocket {
  readonly #port: Port
  readonly #listener: PortListener
  readonly #locks: Locks | undefined
  /** What lets go of the locks: that which says that this page lives, and the wait for that of the relay. */
  readonly #letGo: (() => void)[] = []
  /** Frames that go out at the end of this turn. */
  #out: string[] = []
  bufferedAmount = 0
  /** Frames that have come and wait, while the client takes none. */
  #in: (readonly string[])[] = []
  #next = 0
  #isPaused = false
  /** What has been taken in and not said to be so. */
  #takenChars = 0
  #takenBatches = 0
  #isOver = false

  constructor(port: Port, opening: Opening, listener: PortListener, locks: Locks | undefined) {
    this.#port = port
    this.#listener = listener
    this.#locks = locks
    port.onmessage = ({ data }) => this.#told(data as ToPage)
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

  /** Sends what waits, and ends it. The listener hears nothing more. */
  close(): void {
    if (this.#isOver) return
    this.#flush()
    this.#post('close')
    this.#leave()
  }

  /** Ends it as if the relay had never been: another way is taken. What was sent is lost. */
  abandon(): void {
    this.#out = []
    this.close()
  }

  #told(message: ToPage): void {
    if (this.#isOver) return
    if (Array.isArray(message)) {
      if (this.#in.push(message as readonly string[]) === 1 && !this.#isPaused) this.#deliver()
    } else if (typeof message === 'number') this.bufferedAmount -= message
    else if (message === 'opened') this.#listener.opened()
    else if ('hello' in (message as object)) this.#greet(message as { hello: number; lock?: string })
    else {
      const { code, reason } = message as { code: number; reason: string }
      // What came before is read first, whether or not the client takes any now: it keeps what it is given.
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
