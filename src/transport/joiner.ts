// Floor 1. In Node, texts that are sent in one turn leave together: a call of the system for each was half of a write's time.
// What this rests on is documented: `upgrade` of `ws`, `cork` of streams. Where one of them is missing, each text leaves by itself.

/** The part of a socket that sends. */
export interface Out {
  readonly bufferedAmount: number
  send(text: string): void
}

interface Socket extends Out {
  on?(type: string, listener: (...args: never[]) => void): unknown
}

/** The part of a stream that is used. */
interface Wire {
  readonly writableLength: number
  cork(): void
  uncork(): void
}

/** Once so many bytes are held back, they leave before the end of the turn. */
const manyBytes = 2 ** 16

class Joiner implements Out {
  readonly #socket: Socket
  #wire: Wire | undefined
  /** `idle`: nothing was sent in this turn. `begun`: all that was sent has left. `joining`: texts are held back. */
  #state: 'idle' | 'begun' | 'joining' = 'idle'
  /** How many bytes were on their way before texts were held back. */
  #before = 0

  constructor(socket: Socket) {
    this.#socket = socket
    socket.on!('upgrade', (answer?: { readonly socket?: Partial<Wire> }) => {
      if (answer?.socket?.cork !== undefined) this.#wire = answer.socket as Wire
    })
  }

  /** Without what is held back: it waits for nobody but the code that runs now. */
  get bufferedAmount(): number {
    return this.#state === 'joining' ? this.#before : this.#socket.bufferedAmount
  }

  /** The first text of a turn leaves at once: the turn may be long, and most send only one. */
  send(text: string): void {
    const wire = this.#wire
    if (wire !== undefined) {
      if (this.#state === 'idle') {
        this.#state = 'begun'
        queueMicrotask(this.#end)
      } else if (this.#state === 'begun') {
        this.#before = this.#socket.bufferedAmount
        this.#state = 'joining'
        wire.cork()
      }
    }
    this.#socket.send(text)
    if (this.#state === 'joining' && wire!.writableLength - this.#before >= manyBytes) this.#leave('begun')
  }

  readonly #end = (): void => this.#leave('idle')

  #leave(next: 'idle' | 'begun'): void {
    if (this.#state === 'joining') this.#wire!.uncork()
    this.#state = next
  }
}

/** What to send the texts of a socket by. */
export const joinTexts = (socket: Socket): Out => (socket.on === undefined ? socket : new Joiner(socket))
