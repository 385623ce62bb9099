// Floor 3'. What one link still has to tell its client. A lane says what has changed; what is written is made when the socket
// has room, so that a slow reader gets the latest of each key, and costs no more than its keys.
import type { Value } from '../../recon/index.js'
import { writeRemove } from '../../warp/map-op.js'
import type { Session } from './access.js'

/** What an uplink knows of the link it is for. */
export interface UplinkPort {
  /** All of an event's frame but its body. */
  readonly event: string
  /** The whole frame that ends a sync. */
  readonly synced: string
  /** There is something to write. */
  wake(): void
  /** So many UTF-16 units more, or fewer, wait in a queue that can't fold. */
  queued(chars: number): void
  /** Who reads. */
  readonly session: Session
  /** Ends the link: its client may no longer read the lane. */
  expel(): void
}

export interface Uplink {
  /** The next frame, made now; undefined where nothing waits. */
  next(): string | undefined
  /** Asks for the state, and for `synced` after it. */
  sync(): void
}

/** Where a map's links read what they write: entries in order, each as the body of its update. */
export interface MapSource {
  /** The body of an entry's update, or undefined where there is none. */
  textOf(id: unknown, key: Value): string | undefined
  /** The bodies of their updates in key order, by identity; goes on rightly while they come and go. */
  walk(): Iterator<[id: unknown, body: string]>
}

/** What writes to the link of a map lane, and hears of its changes. */
export type AnyMapUplink = Uplink & Pick<MapUplink, 'changed' | 'cleared' | 'cut'>

export type MakeMapUplink = (source: MapSource, port: UplinkPort) => AnyMapUplink

type Sync =
  | { readonly state: 'none' }
  | { readonly state: 'walking'; readonly entries: ReturnType<MapSource['walk']> }
  /** The walk is done; so many changes go before `synced`. */
  | { readonly state: 'ending'; left: number }

const none: Sync = { state: 'none' }

export class MapUplink implements Uplink {
  readonly #source: MapSource
  readonly #port: UplinkPort
  /** An operation on the whole map: it goes before all else, since all else is as the map was after it. */
  #whole: string | undefined
  /** Keys that changed, by identity, in the order to be written. */
  readonly #pending = new Map<unknown, Value>()
  /** How far they are written. One iterator for all of them: a new one passes by all that have been deleted before it. */
  #changes = this.#pending.entries()
  #sync: Sync = none
  /** Syncs asked for and not begun. */
  #syncs = 0
  /** Whether the sync comes next where both it and changes wait. */
  #syncsNext = true

  constructor(source: MapSource, port: UplinkPort) {
    this.#source = source
    this.#port = port
  }

  /** An entry was set or removed. */
  changed(id: unknown, key: Value): void {
    this.#pending.set(id, key)
    this.#port.wake()
  }

  cleared(body: string): void {
    this.#pending.clear()
    this.#whole = body
    this.#port.wake()
  }

  /**
   * One operation removed many entries. A client that is up to date gets the operation; for one that is behind it would remove
   * other keys, so that client gets the removed keys.
   */
  cut(body: string, removed: readonly (readonly [id: unknown, key: Value])[]): void {
    const isBehind = this.#whole !== undefined || this.#pending.size > 0 || this.#syncs > 0
    if (!isBehind && this.#sync.state === 'none') this.#whole = body
    else for (const [id, key] of removed) this.#pending.set(id, key)
    this.#port.wake()
  }

  sync(): void {
    this.#syncs++
    this.#port.wake()
  }

  next(): string | undefined {
    if (this.#whole !== undefined) {
      const body = this.#whole
      this.#whole = undefined
      return this.#port.event + body
    }
    if (this.#sync.state === 'none' && this.#syncs > 0) {
      this.#syncs--
      this.#sync = { state: 'walking', entries: this.#source.walk() }
      this.#syncsNext = true
    }
    if (this.#sync.state === 'walking' && (this.#syncsNext || this.#pending.size === 0)) {
      const step = this.#sync.entries.next()
      if (!step.done) {
        const [id, body] = step.value
        this.#pending.delete(id)
        this.#syncsNext = false
        return this.#port.event + body
      }
      this.#sync = { state: 'ending', left: this.#pending.size }
    }
    this.#syncsNext = true
    if (this.#sync.state === 'ending' && (this.#sync.left-- === 0 || this.#pending.size === 0)) {
      this.#sync = none
      return this.#port.synced
    }
    return this.#change()
  }

  #change(): string | undefined {
    if (this.#pending.size === 0) return undefined
    let step = this.#changes.next()
    if (step.done === true) {
      this.#changes = this.#pending.entries()
      step = this.#changes.next()
    }
    const [id, key] = step.value!
    this.#pending.delete(id)
    return this.#port.event + (this.#source.textOf(id, key) ?? writeRemove(key))
  }
}

/** A link of a lane that has one value, or makes one when asked. */
export class ValueUplink implements Uplink {
  readonly #body: () => string | undefined
  readonly #port: UplinkPort
  #changed = false
  /** Syncs asked for and not ended. */
  #syncs = 0
  /** Whether the value of the sync under way was written. */
  #told = false

  /** @param body the value as it is now; undefined where there is none to tell */
  constructor(body: () => string | undefined, port: UplinkPort) {
    this.#body = body
    this.#port = port
  }

  changed(): void {
    this.#changed = true
    this.#port.wake()
  }

  sync(): void {
    this.#syncs++
    this.#port.wake()
  }

  next(): string | undefined {
    if (this.#changed || (this.#syncs > 0 && !this.#told)) {
      this.#changed = false
      this.#told = this.#syncs > 0
      const body = this.#body()
      if (body !== undefined) return this.#port.event + body
    }
    if (this.#syncs === 0) return undefined
    this.#syncs--
    this.#told = false
    return this.#port.synced
  }
}

/** A link of a lane without state: each event is sent, in order. */
export class QueueUplink implements Uplink {
  readonly #port: UplinkPort
  /** Bodies; undefined is the end of a sync. */
  #queue: (string | undefined)[] = []
  #at = 0

  constructor(port: UplinkPort) {
    this.#port = port
  }

  push(body: string | undefined): void {
    this.#queue.push(body)
    this.#port.queued(body?.length ?? 0)
    this.#port.wake()
  }

  sync(): void {
    this.push(undefined)
  }

  next(): string | undefined {
    if (this.#at === this.#queue.length) return undefined
    const body = this.#queue[this.#at++]
    if (this.#at === this.#queue.length || this.#at > 1024) {
      this.#queue = this.#queue.slice(this.#at)
      this.#at = 0
    }
    this.#port.queued(-(body?.length ?? 0))
    return body === undefined ? this.#port.synced : this.#port.event + body
  }
}
