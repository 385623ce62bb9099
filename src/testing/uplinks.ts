// Floor 8. Uplinks of map lanes that write as other hosts do. docs/PROTOCOL.md#overtaking, docs/TESTING.md.
import type { Clock } from '../base/clock.js'
import { stringify, type Value } from '../recon/index.js'
import {
  MapUplink,
  type AnyMapUplink,
  type MakeMapUplink,
  type MapSource,
  type UplinkPort,
} from '../host/lanes/uplink.js'
import { writeRemove } from '../warp/map-op.js'

/** The host may leave out `@synced` for a `@sync` that comes within so many milliseconds after the last `@synced`. */
const swallowMs = 1

interface SyncUnderWay {
  /** The keys of the lane when the sync was requested. */
  readonly keys: readonly (readonly [id: unknown, body: string])[]
  next: number
  readonly isSwallowed: boolean
}

/**
 * Writes as SwimOS Java does: the state of a sync; then removes, clears, drops and takes in their order; then changed keys, whose
 * values are read when they are written. During a sync, a newer update of a key may so come before an older remove.
 */
export class JavaUplink implements AnyMapUplink {
  readonly #source: MapSource
  readonly #port: UplinkPort
  readonly #clock: Clock
  /** Keys whose update waits, by identity. */
  readonly #changed = new Map<unknown, Value>()
  readonly #queue: string[] = []
  readonly #syncs: SyncUnderWay[] = []
  #syncedAtMs = -Infinity

  constructor(source: MapSource, port: UplinkPort, clock: Clock) {
    this.#source = source
    this.#port = port
    this.#clock = clock
  }

  changed(id: unknown, key: Value): void {
    if (this.#source.textOf(id, key) === undefined) this.#queue.push(writeRemove(key))
    else this.#changed.set(id, key)
    this.#port.wake()
  }

  cleared(body: string): void {
    this.#queue.push(body)
    this.#port.wake()
  }

  cut(body: string): void {
    this.cleared(body)
  }

  sync(): void {
    const isSwallowed = this.#clock.now() - this.#syncedAtMs <= swallowMs && this.#clock.random() < 0.5
    const walk = this.#source.walk()
    const keys: (readonly [unknown, string])[] = []
    for (let step = walk.next(); step.done !== true; step = walk.next()) keys.push(step.value)
    this.#syncs.push({ keys, next: 0, isSwallowed })
    this.#port.wake()
  }

  next(): string | undefined {
    const [sync] = this.#syncs
    if (sync !== undefined && sync.next < sync.keys.length) {
      const [id, body] = sync.keys[sync.next++]!
      return this.#port.event + (this.#source.textOf(id, undefined) ?? ghostOf(body))
    }
    // When the state ends, one changed key or `@synced` is sent before the queue is looked at again.
    if (sync !== undefined) return this.#change() ?? this.#endSync(sync)
    const op = this.#queue.shift()
    return op === undefined ? this.#change() : this.#port.event + op
  }

  #change(): string | undefined {
    for (const [id, key] of this.#changed) {
      this.#changed.delete(id)
      // An update of a key that is gone has no value.
      return this.#port.event + (this.#source.textOf(id, key) ?? `@update(key:${stringify(key)})`)
    }
    return undefined
  }

  #endSync(sync: SyncUnderWay): string | undefined {
    this.#syncs.shift()
    if (sync.isSwallowed) return this.next()
    this.#syncedAtMs = this.#clock.now()
    return this.#port.synced
  }
}

/** The body of an update without its value. */
const ghostOf = (body: string): string => body.slice(0, endOfHead(body))

/** The end of `@update(key:…)`. */
function endOfHead(body: string): number {
  let depth = 0
  let isText = false
  for (let at = 0; at < body.length; at++) {
    const char = body[at]
    if (isText && char === '\\') at++
    else if (char === '"') isText = !isText
    else if (!isText && char === '(') depth++
    else if (!isText && char === ')' && --depth === 0) return at + 1
  }
  return body.length
}

/** Writes as SwimOS Rust does: drops and takes are sent as removes of their keys. */
export class RustUplink extends MapUplink {
  override cut(_: string, removed: readonly (readonly [id: unknown, key: Value])[]): void {
    for (const [id, key] of removed) this.changed(id, key)
  }
}

/** Makes the uplinks for a kind of host. */
export const uplinkOf = (like: 'java' | 'rust' | undefined, clock: Clock): MakeMapUplink | undefined =>
  like === 'java'
    ? (source, port) => new JavaUplink(source, port, clock)
    : like === 'rust'
      ? (source, port) => new RustUplink(source, port)
      : undefined
