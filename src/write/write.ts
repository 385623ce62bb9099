// Floor 3. One command on its way to a lane: what it is, where it stands, and how it ends. Its state changes by the methods here.
import type { SwimError } from '../base/errors.js'
import type { Value } from '../recon/index.js'
import type { Covered, Gone, OwnWrite, WriteOutcome } from '../store/covered.js'
import { gone } from '../store/covered.js'
import { writeRemove, writeUpdate } from '../warp/map-op.js'
import { writeBody } from '../warp/write-envelope.js'
import { leave, type Queued } from './queue.js'

export type { WriteOutcome }

/** Who hears of a write. */
export interface WriteWatcher {
  /** Called before it is sent: an error ends it unsent. */
  readonly ready?: (() => SwimError | undefined) | undefined
  /** It is on the wire: at each time, where lost sockets make it go out again. */
  sent?(): void
  /** Called once with how it ended, and whether it had been sent by then. */
  ended(end: WriteOutcome | SwimError, wasSent: boolean): void
}

/** The downlink that a write is of: it hears of each that is made without a watcher of its own. */
export interface WriteOwner extends WriteWatcher {
  /** Where all its writes wait. */
  readonly home: WriteHome
  /** A write waits for the first time. */
  made(write: Write): void
  /** It is sent, waits again or has ended. @param cover its entry; undefined where it is of all, or of none */
  changed(write: Write, cover: Write['cover']): void
}

/** Where a write waits, and is waited for. */
export interface WriteHome {
  /** It is done. @param was its state before @param isProven whether the host is known to have had it, if it was sent */
  ended(write: Write, was: 'waiting' | 'sent', isProven: boolean): void
}

/**
 * `update`, `remove`, `value`: of two that wait for one entry with no barrier between, the later alone is sent. `clear`, `drop`,
 * `take`: barriers, across which nothing folds. `command`: neither, and done once it is on the wire. `move`: neither.
 */
export type WriteKind = 'update' | 'remove' | 'value' | 'move' | 'clear' | 'drop' | 'take' | 'command'

export const isBarrier = (kind: WriteKind): boolean => kind === 'clear' || kind === 'drop' || kind === 'take'

export interface WriteOptions {
  readonly kind: WriteKind
  /** What it puts in the place of its entry's value. */
  readonly value?: Value | Gone
  /** The command's body, where it is not spelled from the entry's key and the value; or what spells it each time. */
  readonly text?: string | (() => string) | undefined
  readonly owner: WriteOwner
  /** In the place of the owner. */
  readonly watcher?: WriteWatcher | undefined
}

/** What most writes that wait do without. */
interface Given {
  /** The command's body, or what spells it. */
  text: string | (() => string) | undefined
  watcher: WriteWatcher | undefined
}

export class Write implements OwnWrite<Value>, Queued {
  readonly kind: WriteKind
  readonly value: Value | Gone
  readonly owner: WriteOwner
  state: 'waiting' | 'sent' | 'done' = 'waiting'
  /** Its place among all that its home has sent, from 1; 0: it never was sent, -1: it was, and what came of that says nothing. */
  seq = 0
  /** How many barriers its home had been given before it: writes of one entry fold where these are equal. */
  readonly era: number
  /** Since when it waits, or when it was sent last: by the client's clock, in whole milliseconds. */
  sinceMs: number
  /** How many sockets have ended with it on the wire. Above 0, it goes out with care (caution.ts). */
  losses = 0
  // Ten thousand may wait: each costs what its fields do, and no list, closure or text beside. A field is 8 bytes; so are private
  // methods, however many (test/e2e/memory.test.ts).
  before: Queued = this
  after: Queued = this
  cover: Covered<unknown, Value> | undefined = undefined
  older: OwnWrite<Value> | undefined = undefined
  newer: OwnWrite<Value> | undefined = undefined
  #given: Given | undefined

  constructor({ kind, value, text, owner, watcher }: WriteOptions, era: number, nowMs: number) {
    this.kind = kind
    this.value = value
    this.owner = owner
    this.era = era
    this.sinceMs = Math.trunc(nowMs)
    this.#given = text === undefined && watcher === undefined ? undefined : { text, watcher }
  }

  /** The command's body, in Recon. */
  get body(): string {
    const text = this.#given?.text
    if (text !== undefined) return typeof text === 'string' ? text : text()
    const key = this.cover?.key as Value
    if (this.kind === 'remove') return writeRemove(key)
    const value = this.value === gone ? undefined : this.value
    return this.kind === 'update' ? writeUpdate(key, value) : writeBody(value)
  }

  /** The key of its entry; undefined where it has none. */
  get key(): Value {
    return this.cover?.key as Value
  }

  /** Why it may not be sent after all. */
  get objection(): SwimError | undefined {
    return this.watcher.ready?.()
  }

  /** It is on the wire. @param seq its place among all that its home has sent, from 1 */
  sent(seq: number, nowMs: number): void {
    // What is decided of a write that goes out for the first time is decided by what comes from now on.
    if (this.isFresh && this.cover?.oldest === this) this.cover.isNews = false
    this.state = 'sent'
    this.seq = seq
    this.sinceMs = Math.trunc(nowMs)
    // Spelled from the value, should it go out again.
    if (this.cover !== undefined && this.#given !== undefined) this.#given.text = undefined
    this.watcher.sent?.()
    this.owner.changed(this, this.cover)
  }

  /**
   * Its socket is lost, and nobody knows whether it arrived: it waits again.
   * @param mustGo whether it must be sent again whatever the next sync shows: it stands behind a barrier
   */
  returned(mustGo: boolean): void {
    this.state = 'waiting'
    if (mustGo) this.seq = -1
    this.owner.changed(this, this.cover)
  }

  /** Whether it can be taken back: it never was on a wire. */
  get isFresh(): boolean {
    return this.state === 'waiting' && this.seq === 0
  }

  /** Ends it: it will not be sent, nor waited for. Does nothing where it has ended. */
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

  /** Nobody waits for it any more: reports that, and lets it go its way. Does nothing where it has ended. */
  disown(error: SwimError): void {
    if (this.state === 'done') return
    const { watcher } = this
    this.watcher = nobody
    watcher.ended(error, this.state === 'sent')
  }

  /** Has somebody else hear of it as well. */
  also(other: WriteWatcher): void {
    const { watcher } = this
    if (watcher instanceof Watchers) watcher.add(other)
    else this.watcher = new Watchers(watcher, other)
  }

  /** Who hears of it: its owner, where nobody else asked. */
  get watcher(): WriteWatcher {
    return this.#given?.watcher ?? this.owner
  }

  set watcher(watcher: WriteWatcher) {
    this.#given = { text: this.#given?.text, watcher }
  }
}

const nobody: WriteWatcher = { ended: () => {} }

/** Several who watch one write, however many. */
class Watchers implements WriteWatcher {
  readonly #all: WriteWatcher[]

  constructor(...all: WriteWatcher[]) {
    this.#all = all
  }

  add(other: WriteWatcher): void {
    this.#all.push(other)
  }

  get ready(): WriteWatcher['ready'] {
    // What the first asks for is the condition of the write; others only wait for it.
    return this.#all[0]!.ready
  }

  sent(): void {
    for (const watcher of this.#all) watcher.sent?.()
  }

  ended(end: WriteOutcome | SwimError, wasSent: boolean): void {
    for (const watcher of this.#all) watcher.ended(end, wasSent)
  }
}
