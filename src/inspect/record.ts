// Floor 7. `record()`: a tape of the frames on the sockets of a client.
import { dateOf } from '../base/clock.js'
import { ConfigError, say } from '../base/errors.js'
import { callListener } from '../base/events.js'
import { readOptions } from '../base/options.js'
import type { ClientCore } from '../client/client-core.js'
import type { Connection } from '../connection/connection.js'
import { coreOf, lookOn } from './inside.js'
import { redact } from './redact.js'
import { TapeBuffer, writeLine, type TapeLine } from './tape.js'

/** Options of {@link record}. */
export interface RecordOptions {
  /** The most that the text may take, in bytes of UTF-8, at least 1000. Beyond it, the oldest lines are dropped. @default 5000000 */
  readonly maxBytes?: number
  /**
   * Called with each frame, without credentials and URI queries. Its result is recorded instead of the frame; undefined leaves the
   * frame out. If it throws, the frame is left out and `onError` gets the error.
   */
  readonly redact?: (text: string, direction: 'in' | 'out', hostUri: string) => string | undefined
  /** Called with each recorded line, its line end included, for example to store it. Its errors go to `onError`. */
  readonly onLine?: (line: string) => unknown
}

/** A recording, running or stopped. */
export interface Tape extends Disposable {
  /** When the recording began. */
  readonly startedAt: Date
  /** How many lines the tape has, without the first. */
  readonly size: number
  /** How many older lines were dropped for lack of room. */
  readonly dropped: number
  /** The length of the text, in bytes of UTF-8. */
  readonly bytes: number
  /** Whether the tape still records: true until `stop`. */
  readonly isRecording: boolean
  /** The tape, as lines of JSON; see `readTape`. */
  text(): string
  /** Ends the recording. The tape keeps its lines. Safe to call twice. */
  stop(): void
  /** As `stop`. */
  [Symbol.dispose](): void
}

const options = { maxBytes: [5_000_000, 1000], redact: 'a function', onLine: 'a function' } as const

const hasSocket = ({ state: { phase } }: Connection): boolean => /^(connecting|authenticating|open)$/.test(phase)

/** Why the host or the network ended a socket; empty if the client ended it. */
function endOf({ end }: Connection): { readonly code?: number; readonly reason?: string } {
  const cause = end?.cause
  // By its code: a client of another bundle has another class.
  if (end?.isPeers !== true || cause === undefined || cause.code !== 'transport') return {}
  return { code: cause.closeCode, ...(cause.reason === '' ? {} : { reason: cause.reason }) }
}

class Recording implements Tape {
  readonly startedAt: Date
  readonly #startedMs: number
  readonly #core: ClientCore
  readonly #buffer: TapeBuffer
  readonly #given: RecordOptions
  /** Connections whose socket is open, or about to open. */
  readonly #up = new Set<Connection>()
  #undo: (() => void) | undefined

  constructor(core: ClientCore, given: RecordOptions & { readonly maxBytes: number }) {
    const { clock } = core.options
    this.#core = core
    this.#given = given
    this.#startedMs = clock.now()
    this.startedAt = dateOf(clock, this.#startedMs)
    this.#buffer = new TapeBuffer(this.startedAt, given.maxBytes)
    for (const connection of core.connections.values()) {
      if (!hasSocket(connection)) continue
      this.#up.add(connection)
      if (connection.state.phase !== 'connecting') this.#opened(connection, 0)
    }
    this.#undo = lookOn(core, (connection, what, text) => {
      if (what === 'in' || what === 'out') this.#frame(connection, what, text)
      else this.#changed(connection, what.startsWith('opened'))
    })
  }

  get size(): number {
    return this.#buffer.size
  }
  get dropped(): number {
    return this.#buffer.dropped
  }
  get bytes(): number {
    return this.#buffer.bytes
  }
  get isRecording(): boolean {
    return this.#undo !== undefined
  }

  text(): string {
    return this.#buffer.text()
  }

  stop(): void {
    this.#undo?.()
    this.#undo = undefined
    this.#up.clear()
  }

  [Symbol.dispose](): void {
    this.stop()
  }

  #frame(connection: Connection, direction: 'in' | 'out', frame: string): void {
    const hidden = redact(connection, frame)
    const text =
      this.#given.redact === undefined ? hidden : this.#redact(hidden, direction, connection.options.host.uri)
    if (text !== undefined) this.#add(connection, { direction, text })
  }

  #redact(text: string, direction: 'in' | 'out', hostUri: string): string | undefined {
    try {
      const given: unknown = this.#given.redact!(text, direction, hostUri)
      if (given === undefined || typeof given === 'string') return given
      throw new ConfigError('redact', say`must return a string or undefined, got ${given}`)
    } catch (cause) {
      this.#core.fault(cause, 'redact')
      return undefined
    }
  }

  #changed(connection: Connection, isOpened: boolean): void {
    const isUp = hasSocket(connection)
    if (isOpened) this.#opened(connection)
    else if (this.#up.has(connection) && !isUp) this.#add(connection, { event: 'close', ...endOf(connection) })
    if (isUp) this.#up.add(connection)
    else this.#up.delete(connection)
  }

  #opened(connection: Connection, at?: number): void {
    this.#add(connection, { event: 'open', protocol: connection.life.keepsOrder ? 'warp0' : undefined }, at)
  }

  #add(connection: Connection, what: object, at = this.#core.options.clock.now() - this.#startedMs): void {
    const line = writeLine({ at, host: connection.options.host.uri, ...what } as TapeLine)
    this.#buffer.add(line)
    if (this.#given.onLine !== undefined) callListener(this.#core.fault, 'onLine', this.#given.onLine, line)
  }
}

/**
 * Records the frames of a client from now on, without credentials and URI queries. Keeps the last lines that fit in `maxBytes`. While
 * it records, each frame costs a few microseconds more.
 * @throws {ConfigError} when `client` is not a SwimClient, or an option is invalid
 * @example
 * const tape = record(client, { maxBytes: 1_000_000 })
 * // later
 * tape.stop()
 * await writeFile('bug.tape', tape.text())
 */
export function record(client: object, given: RecordOptions = {}): Tape {
  return new Recording(coreOf(client), readOptions<RecordOptions, typeof options>(options, given))
}
