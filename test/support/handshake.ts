// The host's side of a WebSocket's handshake, right or wrong as a test has it.
import { createHash } from 'node:crypto'
import type { Duplex } from 'node:stream'

/** What a handshake's request is answered with, by the key that it shows. */
export type Answer = (key: string, end: Duplex) => string | Buffer | undefined

const acceptOf = (key: string): string =>
  createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')

/** The lines of a good answer, with others in the place of those of the same name; an empty one is left out. */
export const goodLines = (key: string, ...others: string[]): string => {
  const lines = [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${acceptOf(key)}`,
  ]
  const nameOf = (line: string) => /^(HTTP|[\w-]+)/i.exec(line)![0].toLowerCase()
  const kept = lines.filter(line => others.every(other => nameOf(other) !== nameOf(line)))
  const all = [
    ...others.filter(line => line.startsWith('HTTP')),
    ...kept,
    ...others.filter(line => !line.startsWith('HTTP')),
  ]
  return [...all.filter(line => !line.endsWith(':')), '', ''].join('\r\n')
}

/** The key that a request shows, once it has come whole. */
export const keyOf = (request: string): string | undefined =>
  request.includes('\r\n\r\n') ? (/sec-websocket-key: (.*)\r\n/i.exec(request)?.[1] ?? '') : undefined

/** Answers a handshake once its request has come whole; then hands on what else comes. */
export function answerBy(end: Duplex, answer: Answer, more: (bytes: Buffer, end: Duplex) => void = () => {}): void {
  let request = ''
  let isDone = false
  end.on('error', () => {})
  end.on('data', (bytes: Buffer) => {
    if (isDone) return more(bytes, end)
    request += bytes.toString('latin1')
    const key = keyOf(request)
    if (key === undefined) return
    isDone = true
    const text = answer(key, end)
    if (text !== undefined && !end.destroyed) end.write(text)
  })
}
