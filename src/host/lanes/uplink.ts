// Floor 3'. The frames that one link still has to send. A lane reports which keys have changed. Frames are made when the socket has
// room: a slow reader gets the latest value of each key, and takes no more memory than the keys.
import type { Value } from '../../recon/index.js'
import { writeRemove } from '../../warp/map-op.js'
import type { Session } from './access.js'

/** What an uplink needs of its link. */
export interface UplinkPort {
  /** The start of an event's frame, without the body. */
  readonly event: string
  /** The frame that ends a sync. */
  readonly synced: string
  /** The uplink has something to send. */
  wake(): void
  /** The length of a queue that can't fold has changed by so many UTF-16 units. */
  queued(chars: number): void
  /** The session of the client. */
  readonly session: Session
  /** Ends the link: its client may no longer read the lane. */
  expel(): void
}

export interface Uplink {
  /** The next frame, made now; undefined if there is none. */
  next(): string | undefined
  /** Requests the state, followed by `synced`. */
  sync(): void
}

/** The map that a link sends: entries in order, each as the body of its update. */
export interface MapSource {
  /** The body of an entry's update; undefined if there is no such entry. */
  textOf(id: unknown, key: Value): string | undefined
  /** The bodies of all updates in key order, by identity. Stays correct while entries come and go. */
  walk(): Iterator<[id: unknown, body: string]>
}

/** The uplink of a map lane, with the calls for its changes. */
export type AnyMapUplink = Uplink & Pick<MapUplink, 'changed' | 'cleared' | 'cut'>

export type MakeMapUplink = (source: MapSource, port: UplinkPort) => AnyMapUplink

type Sync =
  | { readonly state: 'none' }
  | { readonly state: 'walking'; readonly entries: ReturnType<MapSource['walk']> }
  /** All entries are sent; so many changes go before `synced`. */
  | { readonly state: 'ending'; left: number }

const none: Sync = { state: 'none' }

export class MapUplink implements Uplink {
  readonly #source: MapSource
  readonly #port: UplinkPort
  /** An operation on the whole map. It goes first, since all other frames apply to the map after it. */
  #whole: string | undefined
  /** Changed keys, by identity, in the order in which they are sent. */
  readonly #pending = new Map<unknown, Value>()
  /** The position in `#pending`. One iterator for all: a new one would step over all entries that were deleted before. */
  #changes = this.#pending.entries()
  #sync: Sync = none
  /** How many syncs were requested and have not begun. */
  #syncs = 0
  /** Whether a sync goes next if both a sync and changes wait. */
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
   * One operation has removed many entries. A client that is up to date gets the operation. For a client that is behind, the operation
   * would remove other keys, so that client gets the removed keys.
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

/** A link of a lane with one value, stored or made on demand. */
export class ValueUplink implements Uplink {
  readonly #body: () => string | undefined
  readonly #port: UplinkPort
  #changed = false
  /** How many syncs were requested and have not ended. */
  #syncs = 0
  /** Whether the value was sent since the sync began. */
  #isSent = false

  /** @param body returns the present value; undefined if there is nothing to send */
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
    if (this.#changed || (this.#syncs > 0 && !this.#isSent)) {
      this.#changed = false
      this.#isSent = this.#syncs > 0
      const body = this.#body()
      if (body !== undefined) return this.#port.event + body
    }
    if (this.#syncs === 0) return undefined
    this.#syncs--
    this.#isSent = false
    return this.#port.synced
  }
}

/** A link of a lane without state: each event is sent, in order. */
export class QueueUplink implements Uplink {
  readonly #port: UplinkPort
  /** Bodies of events; undefined marks the end of a sync. */
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
