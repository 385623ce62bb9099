// Floor 7. A tape: the frames on the sockets of a client, as lines of JSON. How a tape is written, bounded and read (docs/INSPECT.md).
// This file does not know clients.
import { ConfigError, messageOf, say } from '../base/errors.js'

/** The first line of a tape. */
export interface TapeHead {
  /** When the tape began: `at` counts from here. */
  readonly startedAt: Date
  /** How many older lines were dropped for lack of room. */
  readonly dropped: number
}

/** A frame. */
export interface TapeFrame {
  /** Milliseconds since the tape began, to the microsecond. */
  readonly at: number
  /** The host, without the parts of its URI that may be secret. */
  readonly host: string
  /** `in`: from the host; `out`: from the client. */
  readonly direction: 'in' | 'out'
  /** The frame: a WARP envelope. */
  readonly text: string
}

/** A socket opened or closed. A `close` without an `open` is a socket that did not open. */
export interface TapeEvent {
  /** Milliseconds since the tape began, to the microsecond. An `open` at 0 may be a socket that was open already. */
  readonly at: number
  /** The host, without the parts of its URI that may be secret. */
  readonly host: string
  /** Whether the socket opened or closed. */
  readonly event: 'open' | 'close'
  /** For an `open`: the subprotocol that the host chose, if any, such as `warp0` of SwimOS Rust. */
  readonly protocol?: string
  /** For a `close` by the host or the network: the WebSocket close code; 1006 if the host gave none. */
  readonly code?: number
  /** The close reason of the host, at most 120 characters. */
  readonly reason?: string
}

/** A line of a tape, except the first. */
export type TapeLine = TapeFrame | TapeEvent

/** What a tape holds. */
export interface TapeContent extends TapeHead {
  /** All lines but the first, in order. */
  readonly lines: readonly TapeLine[]
}

const version = 1

/** The first line, with its line end. */
export const writeHead = ({ startedAt, dropped }: TapeHead): string =>
  JSON.stringify({ swimlink: 'tape', version, startedAt: startedAt.toISOString(), dropped }) + '\n'

/** A line, with its line end. Undefined fields are left out. */
export const writeLine = (line: TapeLine): string =>
  JSON.stringify({ ...line, at: Math.round(line.at * 1000) / 1000 }) + '\n'

/** The length of a text in UTF-8, in bytes. JSON.stringify wrote the text, so no surrogate stands alone. */
function bytesOf(text: string): number {
  let bytes = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    // A surrogate pair is two units and four bytes: one extra byte for each unit.
    if (unit > 0x7f) bytes += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1
  }
  return bytes
}

/** How many dropped lines may stay in the array before it is copied. */
const mostGone = 4096

/** The last lines of a tape, as many as fit. They are consecutive. */
export class TapeBuffer {
  readonly #startedAt: Date
  readonly #roomBytes: number
  /** Lines before `#first` are dropped. */
  #lines: string[] = []
  #first = 0
  #bytes = 0
  #dropped = 0

  /** @param maxBytes the most that the text may take in UTF-8, the first line included */
  constructor(startedAt: Date, maxBytes: number) {
    this.#startedAt = startedAt
    this.#roomBytes = maxBytes - writeHead({ startedAt, dropped: Number.MAX_SAFE_INTEGER }).length
  }

  /** How many lines there are, without the first. */
  get size(): number {
    return this.#lines.length - this.#first
  }

  /** How many older lines were dropped. */
  get dropped(): number {
    return this.#dropped
  }

  /** The length of the text, in bytes of UTF-8. */
  get bytes(): number {
    return this.#bytes + this.#head().length
  }

  /** Adds a line made by `writeLine`, and drops the oldest lines if there is no room. O(length of the line). */
  add(line: string): void {
    this.#lines.push(line)
    this.#bytes += bytesOf(line)
    while (this.#bytes > this.#roomBytes) {
      this.#bytes -= bytesOf(this.#lines[this.#first]!)
      this.#lines[this.#first++] = ''
      this.#dropped++
    }
    if (this.#first > mostGone) {
      this.#lines = this.#lines.slice(this.#first)
      this.#first = 0
    }
  }

  /** The whole tape. */
  text(): string {
    return this.#head() + this.#lines.join('')
  }

  #head(): string {
    return writeHead({ startedAt: this.#startedAt, dropped: this.#dropped })
  }
}

/** The error of a line that is not a line of a tape. */
const fault = (number: number, why: string): ConfigError => new ConfigError('tape', say`line ${number} ` + why)

type Fields = { readonly [name: string]: unknown }

function fieldsOf(text: string, number: number): Fields {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw fault(number, say`must be JSON: ${messageOf(cause)}`)
  }
  if (typeof value !== 'object' || value === null) throw fault(number, 'must be an object of JSON')
  return value as Fields
}

function readHead(text: string): TapeHead {
  const head = fieldsOf(text, 1)
  if (head['swimlink'] !== 'tape') throw fault(1, 'must say {"swimlink":"tape"}: this is not a tape')
  if (head['version'] !== version)
    throw fault(1, say`has version ${head['version']}; this swimlink reads version ${version}: update it`)
  const startedAt = new Date(String(head['startedAt']))
  if (Number.isNaN(startedAt.getTime())) throw fault(1, 'must have a date as startedAt')
  const { dropped = 0 } = head
  if (typeof dropped !== 'number' || !(dropped >= 0)) throw fault(1, 'must have a number from 0 on as dropped')
  return { startedAt, dropped }
}

function readLine(text: string, number: number): TapeLine {
  const { at, host, direction, text: frame, event, protocol, code, reason } = fieldsOf(text, number)
  // JSON.parse reads 1e999 as Infinity.
  if (typeof at !== 'number' || !(at >= 0 && at < Infinity)) throw fault(number, 'must have a number from 0 on as at')
  if (typeof host !== 'string') throw fault(number, 'must have a text as host')
  if (event === 'open') return { at, host, event, ...(typeof protocol === 'string' ? { protocol } : {}) }
  if (event === 'close') {
    return {
      at,
      host,
      event,
      ...(typeof code === 'number' ? { code } : {}),
      ...(typeof reason === 'string' ? { reason } : {}),
    }
  }
  if (event !== undefined) throw fault(number, say`has the event ${event}; it must be open or close`)
  if (direction !== 'in' && direction !== 'out') throw fault(number, 'must have the direction in or out')
  if (typeof frame !== 'string') throw fault(number, 'must have a text as text')
  return { at, host, direction, text: frame }
}

/**
 * Reads a tape. Leaves out an incomplete last line, as a file has that was cut off. One pass over the text; all lines are held.
 * @throws {ConfigError} for a text that is not a tape, naming the line
 * @example
 * const { startedAt, lines } = readTape(await readFile('bug.tape', 'utf8'))
 * for (const line of lines) if ('text' in line) console.log(line.at, line.direction, line.text)
 */
export function readTape(text: string): TapeContent {
  if (typeof text !== 'string') throw new ConfigError('tape', say`must be a text, got ${typeof text}`)
  const rows = text.replace(/^\ufeff/, '').split('\n')
  // The text after the last line end is empty, or an incomplete line.
  const rest = rows.pop()!
  if (rest !== '' && isJson(rest)) rows.push(rest)
  const head = readHead(rows[0] ?? rest)
  const lines: TapeLine[] = []
  for (let i = 1; i < rows.length; i++) if (rows[i]!.trim() !== '') lines.push(readLine(rows[i]!, i + 1))
  return { ...head, lines }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
