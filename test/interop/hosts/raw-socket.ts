// Interop support. A bare WebSocket that keeps every frame, for tests of what a host itself says.
import { setTimeout as pause } from 'node:timers/promises'
import WebSocket from 'ws'

export interface RawSocket {
  /** Every text frame so far, oldest first. */
  readonly frames: readonly string[]
  /** The code of the close, once the socket is closed. */
  readonly closed: number | undefined
  readonly socket: WebSocket
  send(...frames: readonly string[]): void
  /** Sends the frames in one TCP write. */
  sendTogether(...frames: readonly string[]): void
  /** Resolves with the frames that came since the last call, once one of them is the awaited one. */
  until(awaited: string | RegExp, withinMs?: number): Promise<string[]>
  close(): Promise<void>
}

/** A host that reads a socket at all answers a ping sooner; one that does not answer the close is not waited for longer. */
const answersWithinMs = 3_000

/**
 * Opens a socket; offers the subprotocol that a SwimOS Rust host insists on where asked to. Another one where the host does not read
 * the first: a Java host at times opens a socket and hears nothing of what comes on it (FINDINGS.md).
 */
export async function openRaw(uri: string, protocols: readonly string[] = []): Promise<RawSocket> {
  for (let attempt = 1; ; attempt++) {
    const raw = await openOnce(uri, protocols)
    raw.socket.ping()
    const isHeard = await Promise.race([
      new Promise<boolean>(answer => raw.socket.once('pong', () => answer(true)).once('close', () => answer(true))),
      pause(answersWithinMs, false, { ref: false }),
    ])
    if (isHeard) return raw
    raw.socket.terminate()
    if (attempt === 3) throw new Error(`${uri} does not answer`)
  }
}

async function openOnce(uri: string, protocols: readonly string[]): Promise<RawSocket> {
  const socket = new WebSocket(uri, [...protocols])
  const frames: string[] = []
  const waiting = new Set<() => void>()
  let read = 0
  let closed: number | undefined
  const wake = (): void => waiting.forEach(look => look())
  socket.on('message', data => {
    frames.push(String(data))
    wake()
  })
  socket.on('close', code => {
    closed = code
    wake()
  })
  await new Promise<void>((open, fail) => socket.once('open', open).once('error', fail))
  socket.on('error', () => undefined)

  /** The last of what was heard since the last call, for messages. */
  const tail = (): string => {
    const since = frames.slice(read)
    const rest = since.length > 12 ? `${since.length} frames, at last ` : ''
    return rest + since.slice(-12).join(' ').slice(-2_000) || 'nothing'
  }

  const matches = (frame: string, awaited: string | RegExp): boolean =>
    typeof awaited === 'string' ? frame === awaited : awaited.test(frame)

  return {
    frames,
    socket,
    get closed() {
      return closed
    },
    send(...texts) {
      for (const text of texts) socket.send(text)
    },
    sendTogether(...texts) {
      const tcp = (socket as unknown as { _socket: { cork(): void; uncork(): void } })._socket
      tcp.cork()
      for (const text of texts) socket.send(text)
      tcp.uncork()
    },
    until(awaited, withinMs = 5_000) {
      return new Promise<string[]>((found, fail) => {
        const look = (): void => {
          const at = frames.findIndex((frame, index) => index >= read && matches(frame, awaited))
          if (at < 0 && closed === undefined) return
          clearTimeout(late)
          waiting.delete(look)
          if (at < 0) return fail(new Error(`closed (${closed}) before ${awaited}; heard ${tail()}`))
          const since = frames.slice(read, at + 1)
          read = at + 1
          found(since)
        }
        const late = setTimeout(() => {
          waiting.delete(look)
          fail(new Error(`no ${awaited} within ${withinMs} ms; heard ${tail()}`))
        }, withinMs)
        waiting.add(look)
        look()
      })
    },
    close() {
      return new Promise<void>(done => {
        if (closed !== undefined) return done()
        const late = setTimeout(() => socket.terminate(), answersWithinMs)
        socket.once('close', () => {
          clearTimeout(late)
          done()
        })
        socket.close()
      })
    },
  }
}
