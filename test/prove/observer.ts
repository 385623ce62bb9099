// A raw WARP client on `ws`, and nothing of swimlink: what a host tells of one map lane, in the order in which it tells it.
import { WebSocket } from 'ws'
import type { Entries } from './lines.js'
import type { Notes } from './record.js'

export interface Lane {
  readonly uri: string
  readonly node: string
  readonly laneUri: string
  /** The subprotocols that the host wants to be offered. */
  readonly protocols: readonly string[]
}

const at = ({ node, laneUri }: Lane): string => `(node:"${node}",lane:${laneUri})`

/** Keys and values of histories are words. */
const eventOf = (text: string): { key: string; v: string | undefined } | 'clear' | undefined => {
  if (/^@event\([^)]*\)\s*@clear/.test(text)) return 'clear'
  const [, op, key, v] = /^@event\([^)]*\)\s*@(update|remove)\(key:"?([\w-]+)"?\)\s*(?:"?([\w-]+)"?)?$/.exec(text) ?? []
  return key === undefined ? undefined : { key, v: op === 'update' ? v : undefined }
}

/** What a fresh socket is told of the lane's state; undefined where no answer comes in time. */
export function stateOf(lane: Lane, withinMs: number): Promise<Entries | undefined> {
  return new Promise(answered => {
    const socket = new WebSocket(lane.uri.replace(/^warp/, 'ws'), [...lane.protocols])
    const entries = new Map<string, string>()
    const end = (found: Entries | undefined) => {
      clearTimeout(late)
      socket.terminate()
      answered(found)
    }
    const late = setTimeout(() => end(undefined), withinMs)
    socket
      .on('error', () => end(undefined))
      .on('close', () => end(undefined))
      .on('open', () => socket.send(`@link${at(lane)}`))
      .on('message', data => {
        const text = String(data as Buffer)
        // Linked first, as a SwimOS Rust host leaves out what changes while a sync links.
        if (text.startsWith('@linked')) return socket.send(`@sync${at(lane)}`)
        if (text.startsWith('@synced')) return end([...entries].sort(([a], [b]) => (a < b ? -1 : 1)))
        const event = eventOf(text)
        if (event === 'clear') entries.clear()
        else if (event?.v !== undefined) entries.set(event.key, event.v)
        else if (event !== undefined) entries.delete(event.key)
      })
  })
}

/** Notes what it is told until it is ended, by one socket after another. */
export class Observer {
  readonly #lane: Lane
  readonly #note: Notes
  /** What it has been told of entries that are there. */
  #entries = new Map<string, string>()
  #socket: WebSocket | undefined
  #isEnded = false

  constructor(lane: Lane, note: Notes) {
    this.#lane = lane
    this.#note = note
    note({ e: 'start' })
    this.#connect()
  }

  end(): void {
    this.#isEnded = true
    this.#socket?.terminate()
  }

  #connect(): void {
    if (this.#isEnded) return
    const lane = this.#lane
    const socket = new WebSocket(lane.uri.replace(/^warp/, 'ws'), [...lane.protocols])
    this.#socket = socket
    const before = this.#entries
    const named = new Set<string>()
    let isSynced = false
    socket
      .on('error', () => undefined)
      .on('close', () => setTimeout(() => this.#connect(), 50))
      .on('open', () => socket.send(`@link${at(lane)}`))
      .on('message', data => {
        const text = String(data as Buffer)
        if (text.startsWith('@linked')) socket.send(`@sync${at(lane)}`)
        else if (text.startsWith('@synced')) {
          if (isSynced) return
          isSynced = true
          for (const key of [...before.keys()]) if (!named.has(key)) this.#saw(key, undefined)
        } else {
          const event = eventOf(text)
          if (event === 'clear') for (const key of [...this.#entries.keys()]) this.#saw(key, undefined)
          else if (event !== undefined) {
            named.add(event.key)
            this.#saw(event.key, event.v)
          }
        }
      })
  }

  #saw(key: string, v: string | undefined): void {
    if (v === undefined) this.#entries.delete(key)
    else this.#entries.set(key, v)
    this.#note({ e: 'saw', key, v })
  }
}
