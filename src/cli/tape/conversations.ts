// Floor 9. A tape as conversations, one for each socket.
import { readTape, type TapeLine } from 'swimlink/inspect'
import { misuse } from '../fault.js'
import { envelopeOf, type Envelope } from './envelope.js'

/** A frame of a conversation. */
export interface Frame {
  /** Milliseconds since the tape began. */
  readonly at: number
  readonly isOurs: boolean
  readonly text: string
  /** Undefined for a frame that is not an envelope. */
  readonly envelope: Envelope | undefined
}

export interface Conversation {
  readonly frames: readonly Frame[]
  /** How the host ended the socket; undefined if it did not. */
  readonly end?: { readonly at: number; readonly code: number; readonly reason: string }
}

/** Whether a text holds recorded conversations: lines such as `{"t":13,"c":0,"send":"@sync…"}`, below a line about them. */
export const isRecorded = (text: string): boolean => /^\ufeff?\s*\{\s*"(about|t)"/.test(text)

/** The lines of a tape or of recorded conversations. In the latter, each client counts as a host. @throws for an unreadable line */
export const readLines = (text: string): readonly TapeLine[] =>
  isRecorded(text) ? readRecorded(text.replace(/^\ufeff/, '').split('\n')) : readTape(text).lines

const fault = (number: number, why: string) => misuse(`line ${number} of the tape ${why}`)

function readRecorded(rows: readonly string[]): TapeLine[] {
  const lines: TapeLine[] = []
  const hosts = new Set<string>()
  for (const [i, row] of rows.entries()) {
    if (row.trim() === '') continue
    const { about, t, c, send, recv, closed } = fieldsOf(row, i + 1)
    if (about !== undefined) continue
    if (typeof t !== 'number' || !(t >= 0 && t < Infinity)) throw fault(i + 1, 'must have a number from 0 on as t')
    // In recorded conversations, each client has a socket of its own.
    const host = String(c ?? 0)
    if (!hosts.has(host)) lines.push({ at: t, host, event: 'open' })
    hosts.add(host)
    const said = send ?? recv
    if (typeof said === 'string') lines.push({ at: t, host, direction: send === undefined ? 'in' : 'out', text: said })
    else if (typeof closed === 'number') lines.push({ at: t, host, event: 'close', code: closed })
    else throw fault(i + 1, 'must have a text as send or recv, or a number as closed')
  }
  return lines
}

function fieldsOf(row: string, number: number): { readonly [name: string]: unknown } {
  let read: unknown
  try {
    read = JSON.parse(row)
  } catch (error) {
    throw fault(number, `must be JSON: ${(error as Error).message}`)
  }
  if (typeof read !== 'object' || read === null) throw fault(number, 'must be an object of JSON')
  return read as { readonly [name: string]: unknown }
}

/** Splits lines into the conversations of each socket of each host. */
export function conversationsOf(lines: readonly TapeLine[]): Conversation[] {
  const all: { frames: Frame[]; end?: Conversation['end'] }[] = []
  const open = new Map<string, (typeof all)[number]>()
  const begin = (host: string) => {
    const conversation: (typeof all)[number] = { frames: [] }
    all.push(conversation)
    open.set(host, conversation)
    return conversation
  }
  for (const line of lines) {
    const { at, host } = line
    if ('direction' in line) {
      const { direction, text } = line
      const { frames } = open.get(host) ?? begin(host)
      frames.push({ at, isOurs: direction === 'in', text, envelope: envelopeOf(text) })
    } else if (line.event === 'open') {
      begin(host)
    } else {
      const ended = open.get(host)
      open.delete(host)
      // Without a code, the client ended the socket.
      if (ended !== undefined && line.code !== undefined) ended.end = { at, code: line.code, reason: line.reason ?? '' }
    }
  }
  return all.filter(({ frames }) => frames.length > 0)
}
