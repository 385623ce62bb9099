// Floor 6. A lane as one tab has linked to it: its open requests for the state, and the frames that it has not been sent.
import type { LaneAddress } from '../../base/address.js'
import { identity, type Value } from '../../recon/index.js'
import type { Sync } from '../../store/replica.js'
import { writeRemove } from '../../warp/map-op.js'
import { writeHead } from '../../warp/write-envelope.js'
import type { Outflow } from './outflow.js'

/** The state of a lane that the relay holds. */
export interface HeldLane {
  readonly address: LaneAddress
  /** The moment when the host's last finished sync began. The state includes everything sent to the lane before. */
  readonly provenAt: number
  /** Whether the lane is a list, whose changes have to stay in order. */
  readonly isOrdered: boolean
  /** Updates that build the whole state, as bodies of events. */
  entries(): Iterator<string>
  /** The update that sets an entry; undefined if there is no such entry. */
  textOf(id: unknown): string | undefined
  /** The entry that an event changes; `clear` if it removes all; undefined if it changes anything else. */
  changeIn(text: string, bodyAt: number): { readonly key: Value } | 'clear' | undefined
  /** Answers what a tab has requested, or asks the host. */
  serve(tab: TabLink): void
}

/** A `@sync` of the tab without an answer yet. */
interface Question {
  /** A sync of the host answers only if it began at this moment or later: the tab has sent a command before. */
  readonly from: number
  /** Whether the tab has no state yet. It then gets the relay's state, even if some of that is in doubt. */
  readonly isFirst: boolean
  /** The host's sync that answers this request, by its frames one by one. */
  sync: Sync | undefined
}

export class TabLink {
  readonly #lane: HeldLane
  readonly #out: Outflow
  readonly #linked: string
  readonly #synced: string
  readonly #event: string
  /** Priority from -1 to 1: decides which link sends first when the tab is slow. */
  readonly prio: number
  /** Whether the tab waits for an answer to its request for the link. */
  awaitsLinked = true
  #questions: Question[] = []
  #isNew = true
  /** The relay's entries being sent, and how many requests they answer. */
  #walk: Iterator<string> | undefined
  #answers = 0
  /** Entries that have changed since the tab fell behind, by identity. Their values are read when they are sent. */
  readonly #changed = new Map<unknown, Value>()
  /** Frames that follow after the entries and changes above. */
  #after: string[] = []
  /** The moment of the tab's last command to the lane. */
  commandAt = 0

  constructor(lane: HeldLane, out: Outflow, prio: number) {
    const { node, lane: laneUri } = lane.address
    this.#lane = lane
    this.#out = out
    this.prio = prio
    this.#linked = writeHead('linked', node, laneUri)
    this.#synced = writeHead('synced', node, laneUri)
    this.#event = writeHead('event', node, laneUri)
  }

  linked(): void {
    this.awaitsLinked = false
    this.#send(this.#linked)
  }

  unlinked(reason: string): void {
    const { node, lane } = this.#lane.address
    this.#out.push(writeHead('unlinked', node, lane) + reason)
    this.#out.delete(this)
  }

  /** The tab asks for the lane's state. @param from the moment of its last command */
  ask(from: number): void {
    this.#questions.push({ from, isFirst: this.#isNew, sync: undefined })
    this.#isNew = false
  }

  /** Whether the tab gets every frame of the host, even one that changes nothing: part of a sync, or maybe an echo. */
  get wantsAll(): boolean {
    return this.commandAt > this.#lane.provenAt || this.#questions.some(({ sync }) => sync !== undefined)
  }

  /** A sync of the host begins. Its frames answer all open requests. */
  began(sync: Sync): void {
    for (const question of this.#questions) question.sync ??= sync
  }

  /** Syncs of the host have ended: answers the requests that waited for them. @param isOver whether a sync has ended */
  ended(isOver: (sync: Sync) => boolean): void {
    const open = this.#questions.filter(({ sync }) => sync === undefined || !isOver(sync))
    for (let i = open.length; i < this.#questions.length; i++) this.#send(this.#synced)
    this.#questions = open
  }

  /**
   * Answers from the relay's state where possible. Returns the moment at which a sync of the host has to begin to answer the rest.
   * @param provenAt the state includes everything sent before this moment; @param isSure whether none of the state is in doubt
   */
  serve(provenAt: number, isSure: boolean): number | undefined {
    const open = this.#questions.filter(({ sync }) => sync === undefined)
    const ready = open.filter(({ from, isFirst }) => from <= provenAt && (isSure || isFirst))
    // Frames that wait here are older than the state, and have to go first.
    if (ready.length > 0 && !this.#isSending) {
      this.#questions = this.#questions.filter(question => !ready.includes(question))
      this.#answers = ready.length
      this.#walk = this.#lane.entries()
      this.#out.wake(this)
    }
    const rest = open.filter(({ from }) => from > provenAt)
    return rest.length === 0 ? undefined : Math.max(...rest.map(({ from }) => from))
  }

  /** The host has sent an event of the lane. */
  event(text: string, bodyAt: number): void {
    if (this.#isSending && this.#lane.isOrdered) this.#later(text)
    else if (!this.#out.isBehind || !this.#folds(text, bodyAt)) this.#out.push(text)
  }

  /** An entry has changed without an event of the host. */
  changed(id: unknown, key: Value): void {
    if (this.#out.isBehind) this.#fold(id, key)
    else this.#out.push(this.#textOf(id, key))
  }

  /** An item of a list has changed without an event of the host. @param body the operation */
  itemChanged(body: string): void {
    if (this.#isSending) this.#later(this.#event + body)
    else this.#out.push(this.#event + body)
  }

  /** The next frame that waits here; undefined if there is none. */
  next(): string | undefined {
    for (const [id, key] of this.#changed) {
      this.#changed.delete(id)
      return this.#textOf(id, key)
    }
    const step = this.#walk?.next()
    if (step?.done === false) return this.#event + step.value
    this.#walk = undefined
    for (; this.#answers > 0; this.#answers--) this.#after.unshift(this.#synced)
    const frame = this.#after.shift()
    // Requests that came in between can be answered now.
    if (frame !== undefined && this.#after.length === 0) this.#lane.serve(this)
    return frame
  }

  /** Whether the state is being sent, or frames wait to be sent after it. */
  get #isSending(): boolean {
    return this.#walk !== undefined || this.#after.length > 0
  }

  /** Sends a frame that must not pass earlier changes that wait. */
  #send(text: string): void {
    if (this.#changed.size === 0 && this.#after.length === 0) this.#out.push(text)
    else this.#after.push(text)
  }

  /** Keeps a frame until the items before it are sent. */
  #later(text: string): void {
    this.#after.push(text)
    this.#out.waits(this, this.#after.length)
  }

  /** Notes the entries that a frame changes. Returns whether the frame does nothing more. */
  #folds(text: string, bodyAt: number): boolean {
    const change = this.#lane.changeIn(text, bodyAt)
    if (change === 'clear') this.#changed.clear()
    if (change === undefined || change === 'clear') return false
    this.#fold(identity(change.key), change.key)
    return true
  }

  #fold(id: unknown, key: Value): void {
    this.#changed.set(id, key)
    this.#out.folded(this, this.#changed.size)
  }

  #textOf(id: unknown, key: Value): string {
    return this.#event + (this.#lane.textOf(id) ?? writeRemove(key))
  }
}
