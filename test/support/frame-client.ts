// Transports over a wire in memory: one as the client opens it, and one with `ws` alone; and all that either of them makes known.
import type { EventEmitter } from 'node:events'
import { WebSocket } from 'ws'
import { openWebSocket, type SocketClass } from '../../src/transport/websocket.js'
import type { Transport } from '../../src/transport/transport.js'
import { WireEnd, type WireEndOptions } from './wire-end.js'

/** A class that is not the platform's own: what comes by its sockets is left to it. */
class Alone extends WebSocket {}

export interface FrameClientOptions extends Omit<WireEndOptions, 'wrote'> {
  /** Whether `ws` gets all bytes. */
  readonly isPlain?: boolean
  readonly maxFrameChars?: number
  /** For `ws`. */
  readonly options?: object
  /** What is done to the wire before it is given to `ws`. */
  readonly prepare?: (wire: WireEnd) => void
  /** What is done to the `ws`. */
  readonly onSocket?: (socket: EventEmitter) => void
  /** Called with each text. */
  readonly take?: (text: string, transport: Transport) => void
}

const closeFrame = 0x88

export class FrameClient {
  readonly wire: WireEnd
  readonly transport: Transport
  /** What was told and written, in order. */
  readonly log: unknown[] = []
  /** Whether it has sent a close frame, for whatever reason. */
  isClosing = false
  /** How many messages `ws` told of itself. */
  messages = 0
  #end = () => {}
  /** Resolves when the transport has ended. */
  readonly ended = new Promise<void>(resolve => (this.#end = resolve))

  private constructor(opened: () => void, given: FrameClientOptions) {
    const { isPlain = false, maxFrameChars = 2 ** 20, options, take, prepare, onSocket, ...rest } = given
    const { log } = this
    this.wire = new WireEnd({
      ...rest,
      wrote: bytes => {
        this.isClosing ||= bytes[0] === closeFrame
        log.push(['wrote', bytes.toString('hex')])
      },
    })
    prepare?.(this.wire)
    this.transport = openWebSocket({
      maxFrameChars,
      ...(isPlain && { webSocket: Alone as unknown as SocketClass }),
    })(
      'ws://host.example/',
      [],
      {
        opened,
        received: text => {
          log.push(['received', text])
          take?.(text, this.transport)
        },
        refused: what => log.push(['refused', what]),
        ended: ({ cause, ...end }) => {
          log.push(['ended', end, cause instanceof Error ? [cause.message, (cause as { code?: string }).code] : cause])
          opened()
          this.#end()
        },
      },
      {
        createConnection: () => this.wire,
        // Masks that differ would make each byte that is written differ.
        generateMask: (mask: Buffer) => mask.fill(0),
        finishRequest: (request: { end(): void }, socket: EventEmitter) => {
          const emit = socket.emit.bind(socket)
          socket.emit = (type, ...args: unknown[]) => {
            if (type === 'message') this.messages++
            return emit(type, ...args)
          }
          onSocket?.(socket)
          request.end()
        },
        ...options,
      },
    )
  }

  /** Resolves once it is open, or has ended. */
  static async open(options: FrameClientOptions = {}): Promise<FrameClient> {
    let opened = () => {}
    const isOpened = new Promise<void>(resolve => (opened = resolve))
    const client = new FrameClient(() => opened(), options)
    await isOpened
    return client
  }

  /** The texts that were told. */
  get texts(): unknown[] {
    return this.log.filter(entry => (entry as unknown[])[0] === 'received').map(entry => (entry as unknown[])[1])
  }
}

/** A turn of the loop: what one chunk causes is over by then. */
export const turn = () => new Promise<void>(resolve => setImmediate(resolve))
