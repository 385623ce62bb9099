// Floor 3. One command on its way to a lane: its content, its state and its outcome. Only the methods here change the state.
import type { SwimError } from '../base/errors.js'
import type { Value } from '../recon/index.js'
import type { Covered, Gone, OwnWrite, WriteOutcome } from '../store/covered.js'
import { gone } from '../store/covered.js'
import { writeRemove, writeUpdate } from '../warp/map-op.js'
import { writeBody } from '../warp/write-envelope.js'
import { leave, type Queued } from './queue.js'

export type { WriteOutcome }

/** Notified of what happens to a write. */
export interface WriteWatcher {
  /** Called before the write is sent: a returned error ends the write unsent. */
  readonly ready?: (() => SwimError | undefined) | undefined
  /** The write is on the wire. Called again if the write is sent again after a lost socket. */
  sent?(nowMs: number): void
  /** Called once, with the outcome, and with whether the write had been sent by then. */
  ended(end: WriteOutcome | SwimError, wasSent: boolean): void
}

/** The downlink that makes a write: the watcher of each write that is made without its own watcher. */
export interface WriteOwner extends WriteWatcher {
  /** Where all writes of the downlink wait. */
  readonly home: WriteHome
  /** A write waits for the first time. */
  made(write: Write): void
  /** A write is sent, waits again or has ended. @param cover its entry; undefined where the write is of all entries, or of none */
  changed(write: Write, cover: Write['cover']): void
}

/** The holder of a write until it ends. */
export interface WriteHome {
  /** A write has ended. @param was its state before @param isProven whether the host is known to have received a sent write */
  ended(write: Write, was: 'waiting' | 'sent', isProven: boolean): void
}

/**
 * `update`, `remove`, `value`: if two wait for one entry with no barrier between, only the later is sent. `clear`, `drop`, `take`:
 * barriers, across which nothing folds. `command`: neither; it ends once it is on the wire. `move`: neither.
 */
export type WriteKind = 'update' | 'remove' | 'value' | 'move' | 'clear' | 'drop' | 'take' | 'command'

export const isBarrier = (kind: WriteKind): boolean => kind === 'clear' || kind === 'drop' || kind === 'take'

export interface WriteOptions {
  readonly kind: WriteKind
  /** The new value of its entry. */
  readonly value?: Value | Gone
  /** The command's body, or a function that makes the body each time. By default made from the entry's key and the value. */
  readonly text?: string | (() => string) | undefined
  readonly owner: WriteOwner
  /** Notified instead of the owner. */
  readonly watcher?: WriteWatcher | undefined
}

/** Options that most waiting writes do not have. */
interface Given {
  /** The command's body, or a function that makes the body. */
  text: string | (() => string) | undefined
  watcher: WriteWatcher | undefined
}

export class Write implements OwnWrite<Value>, Queued {
  readonly kind: WriteKind
  readonly value: Value | Gone
  readonly owner: WriteOwner
  state: 'waiting' | 'sent' | 'done' = 'waiting'
  /** Its number among all writes that its home has sent, from 1. 0: never sent. -1: was sent, and must be sent again in any case. */
  seq = 0
  /** How many barriers its home had been given before this write: writes of one entry fold if their eras are equal. */
  readonly era: number
  /** When the write began to wait, or was last sent: by the client's clock, in whole milliseconds. */
  sinceMs: number
  /** How many sockets have ended with this write on the wire. Above 0, the write is a suspect (caution.ts). */
  losses = 0
  // Ten thousand writes may wait, so each has only its fields: no list, closure or text. A field takes 8 bytes, and all private
  // methods together take 8 bytes (test/e2e/memory.test.ts).
  before: Queued = this
  after: Queued = this
  cover: Covered<unknown, Value> | undefined
  older: OwnWrite<Value> | undefined
  newer: OwnWrite<Value> | undefined
  #given: Given | undefined

  constructor({ kind, value, text, owner, watcher }: WriteOptions, era: number, nowMs: number) {
    this.kind = kind
    this.value = value
    this.owner = owner
    this.era = era
    this.sinceMs = Math.trunc(nowMs)
    this.#given = text === undefined && watcher === undefined ? undefined : { text, watcher }
  }

  /** What `body` was made with. */
  get text(): string | (() => string) | undefined {
    return this.#given?.text
  }

  /** The command's body, in Recon. */
  get body(): string {
    const { text } = this
    if (text !== undefined) return typeof text === 'string' ? text : text()
    const { key } = this
    if (this.kind === 'remove') return writeRemove(key)
    const value = this.value === gone ? undefined : this.value
    return this.kind === 'update' ? writeUpdate(key, value) : writeBody(value)
  }

  /** The key of its entry; undefined where it has none. */
  get key(): Value {
    return this.cover?.key as Value
  }

  /** The write is on the wire. @param seq its number among all writes that its home has sent, from 1 */
  sent(seq: number, nowMs: number): void {
    // When a write is sent for the first time, only events from now on can decide it.
    if (this.isFresh && this.cover?.oldest === this) this.cover.isNews = false
    this.state = 'sent'
    this.seq = seq
    this.sinceMs = Math.trunc(nowMs)
    this.watcher.sent?.(nowMs)
    this.owner.changed(this, this.cover)
  }

  /**
   * The socket is lost, and whether the write arrived is unknown: the write waits again.
   * @param mustGo whether the write must be sent again whatever the next sync shows, since a barrier comes before it
   */
  returned(mustGo: boolean): void {
    this.state = 'waiting'
    // If the write is sent again, its body is made from the value.
    if (this.cover && this.#given) this.#given.text = undefined
    if (mustGo) this.seq = -1
    this.owner.changed(this, this.cover)
  }

  /** Whether the write can be taken back: it was never on the wire. */
  get isFresh(): boolean {
    return this.state === 'waiting' && this.seq === 0
  }

  /** Ends the write: it is neither sent nor waited for any more. Does nothing if the write has ended. */
  end(end: WriteOutcome | SwimError, isProven = true): void {
    const { state, cover } = this
    if (state === 'done') return
    this.state = 'done'
    leave(this)
    cover?.remove(this)
    this.owner.home.ended(this, state, isProven)
    this.watcher.ended(end, state === 'sent')
    this.owner.changed(this, cover)
  }

  /** Ends the wait for the write with `error`; the write itself goes on. Does nothing if the write has ended. */
  disown(error: SwimError): void {
    if (this.state === 'done') return
    const { watcher } = this
    this.watcher = nobody
    watcher.ended(error, this.state === 'sent')
  }

  /** Adds another watcher. */
  also(other: WriteWatcher): void {
    const { watcher } = this
    if (watcher instanceof Watchers) watcher.all.push(other)
    else this.watcher = new Watchers([watcher, other])
  }

  /** The watcher; by default the owner. */
  get watcher(): WriteWatcher {
    return this.#given?.watcher ?? this.owner
  }

  set watcher(watcher: WriteWatcher) {
    this.#given = { text: this.text, watcher }
  }
}

const nobody: WriteWatcher = { ended: () => {} }

/** Several watchers of one write. */
class Watchers implements WriteWatcher {
  constructor(readonly all: WriteWatcher[]) {}

  get ready(): WriteWatcher['ready'] {
    // Only the first watcher sets the condition of the write; the others only wait.
    return this.all[0]!.ready
  }

  sent(nowMs: number): void {
    for (const watcher of this.all) watcher.sent?.(nowMs)
  }

  ended(end: WriteOutcome | SwimError, wasSent: boolean): void {
    for (const watcher of this.all) watcher.ended(end, wasSent)
  }
}
