// Floor 1. In Node, plain texts come past `ws`, which takes a third of the client's time for them. `ws` keeps the handshake, what
// is sent, and all that is no plain text (cut.ts). What this rests on is documented: `finishRequest` of `ws`, `upgrade` of requests,
// `data` of sockets. Where one of them is missing, and where others look on, `ws` gets all.
import { between, cut, over, type Place, type Sink } from './cut.js'

/** The part of an emitter that is used. */
interface Emitter {
  on(type: string, listener: (...args: never[]) => void): unknown
  emit(type: string, ...args: unknown[]): boolean
  listenerCount(type: string): number
}

/** The part of a request that is used. */
interface Request {
  prependOnceListener?(
    type: 'upgrade',
    listener: (answer: unknown, wire?: Emitter, head?: { readonly length: number }) => void,
  ): unknown
  end(): void
}

/** The part of a `ws` that is used. */
interface Ws extends Emitter {
  readonly readyState: number
  readonly extensions: string
}

interface WsOptions {
  maxPayload?: number
  allowSynchronousEvents?: boolean
  /** Called as a request is about to be sent. Bun gives no socket. */
  finishRequest?(request: Request, socket?: Ws): void
}

type Begin = (wire: Emitter, maxPayload: number | undefined) => void

/** By socket: what is done once it is known what its bytes come by. */
const begins = new WeakMap<object, Begin>()

const isOpen = 1
/** What bytes that are no UTF-8 are read as. Of a text that has one, `ws` finds out whether it was sent so. */
const unreadable = '\ufffd'

/** Has the `ws` that is made with these options show what its bytes come by. */
export function askForWire(options: WsOptions): void {
  const { finishRequest, allowSynchronousEvents, maxPayload } = options
  // Then no two messages may come in one turn.
  if (allowSynchronousEvents === false) return
  options.finishRequest = (request, socket) => {
    request.prependOnceListener?.('upgrade', (_, wire, head) => {
      // What came with the answer would reach `ws` by another way.
      if (socket && wire && head?.length === 0) begins.get(socket)?.(wire, maxPayload)
    })
    if (finishRequest) finishRequest(request, socket)
    else request.end()
  }
}

/** Takes plain texts from what comes to a `ws`. @param received called with each */
export function cutTexts(socket: object, received: (text: string) => void): void {
  begins.set(socket, (wire, maxPayload = 0) => {
    // As `ws` reads it: of 32 bits, and 0 is no limit.
    takeFrom(wire, socket as Ws, maxPayload | 0 || Infinity, received)
  })
}

function takeFrom(wire: Emitter, ws: Ws, longest: number, received: (text: string) => void): void {
  const emit = wire.emit
  let place: Place | undefined
  let chunk: Buffer
  /** How many bytes of the chunk were given to `received` as texts, or passed on to `ws`. */
  let done = 0
  let heard = 0
  const hear = () => heard++
  for (const type of ['message', 'ping', 'pong']) ws.on(type, hear)
  /** Whether this client alone hears of messages, and `ws` alone of bytes. */
  const isAlone = () => ws.listenerCount('message') === 2 && wire.listenerCount('data') === 1
  const first = () => (ws.readyState === isOpen && ws.extensions === '' && isAlone() ? between : over)

  const sink: Sink = {
    text(from, to) {
      const text = chunk.toString(undefined, from, to)
      if (text.includes(unreadable)) return false
      done = to
      received(text)
      return true
    },
    pass(from, to, events) {
      done = to
      heard = 0
      emit.call(wire, 'data', chunk.subarray(from, to))
      return heard === events
    },
  }

  wire.emit = (type, ...args) => {
    if (type !== 'data') return emit.call(wire, type, ...args)
    place ??= first()
    const [data] = args
    if (place.tag === 'over' || !Buffer.isBuffer(data)) {
      place = over
      return emit.call(wire, type, ...args)
    }
    chunk = data
    done = 0
    try {
      place = cut(place, chunk, longest, sink)
    } catch (error) {
      // What a listener throws is nobody's, as with `ws` alone. What comes after it goes on.
      place = over
      if (done < chunk.length) emit.call(wire, type, chunk.subarray(done))
      throw error
    }
    return true
  }
}
