// Floor 6. A lane, as one tab has linked to it: which of its questions are open, and what it has not been told.
import type { LaneAddress } from '../../base/address.js'
import { identity, type Value } from '../../recon/index.js'
import type { Sync } from '../../store/replica.js'
import { writeRemove } from '../../warp/map-op.js'
import { writeHead } from '../../warp/write-envelope.js'
import type { Outflow } from './outflow.js'

/** What the relay holds of the lane. */
export interface HeldLane {
  readonly address: LaneAddress
  /** The last sync of the host's that has ended began at this moment: what was sent to the lane before it is in what is held. */
  readonly provenAt: number
  /** Whether it is a list, whose changes have to stay in order. */
  readonly isOrdered: boolean
  /** The updates that make what is held, as bodies. */
  entries(): Iterator<string>
  /** The update that makes an entry; undefined where there is none. */
  textOf(id: unknown): string | undefined
  /** Which entry an event changes, if no more than one; `clear` where it takes away all. */
  changeIn(text: string, bodyAt: number): { readonly key: Value } | 'clear' | undefined
  /** Answers what a tab has asked, or asks the host. */
  serve(tab: TabLink): void
}

/** A `@sync` of the tab that is not answered. */
interface Question {
  /** Only a sync of the host's that began at this moment or later can answer it: the tab has sent a command before it. */
  readonly from: number
  /** Whether the tab knows nothing yet: what is held will do, even where some of it is in doubt. */
  readonly isFirst: boolean
  /** The sync of the host's that answers it, whose frames the tab is told one by one. */
  sync: Sync | undefined
}

export class TabLink {
  readonly #lane: HeldLane
  readonly #out: Outflow
  readonly #linked: string
  readonly #synced: string
  readonly #event: string
  /** From -1 to 1: whose entries go first where the tab is slow. */
  readonly prio: number
  /** It has asked for the link, and has no answer. */
  awaitsLinked = true
  #questions: Question[] = []
  #isNew = true
  /** Entries being told from what the relay holds, and how many questions that answers. */
  #walk: Iterator<string> | undefined
  #answers = 0
  /** Entries that have changed since the tab fell behind, by identity: it is told what they are then. */
  readonly #changed = new Map<unknown, Value>()
  /** What is said after those, and after what is being told. */
  #after: string[] = []
  /** The moment of its last command to the lane. */
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
    this.#say(this.#linked)
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

  /** Whether the tab is told every frame of the host's, even one that changes nothing: a sync's, or maybe an echo. */
  get wantsAll(): boolean {
    return this.commandAt > this.#lane.provenAt || this.#questions.some(({ sync }) => sync !== undefined)
  }

  /** A sync of the host's begins, whose frames answer what is open. */
  began(sync: Sync): void {
    for (const question of this.#questions) question.sync ??= sync
  }

  /** Syncs of the host's have ended: answers what they were asked for. @param isOver whether one has */
  ended(isOver: (sync: Sync) => boolean): void {
    const open = this.#questions.filter(({ sync }) => sync === undefined || !isOver(sync))
    for (let i = open.length; i < this.#questions.length; i++) this.#say(this.#synced)
    this.#questions = open
  }

  /**
   * Answers from what the relay holds, where that can be. Returns the moment from which the host has to be asked for the rest.
   * @param provenAt what was sent before this moment is in what is held; @param isSure whether nothing of that is in doubt
   */
  serve(provenAt: number, isSure: boolean): number | undefined {
    const open = this.#questions.filter(({ sync }) => sync === undefined)
    const ready = open.filter(({ from, isFirst }) => from <= provenAt && (isSure || isFirst))
    // What waits to be said came before.
    if (ready.length > 0 && !this.#isTelling) {
      this.#questions = this.#questions.filter(question => !ready.includes(question))
      this.#answers = ready.length
      this.#walk = this.#lane.entries()
      this.#out.wake(this)
    }
    const rest = open.filter(({ from }) => from > provenAt)
    return rest.length === 0 ? undefined : Math.max(...rest.map(({ from }) => from))
  }

  /** A frame of the lane's. */
  event(text: string, bodyAt: number): void {
    if (this.#isTelling && this.#lane.isOrdered) this.#later(text)
    else if (!this.#out.isBehind || !this.#folds(text, bodyAt)) this.#out.push(text)
  }

  /** An entry is not what the tab was told, and no frame of the host's says so. */
  changed(id: unknown, key: Value): void {
    if (this.#out.isBehind) this.#fold(id, key)
    else this.#out.push(this.#textOf(id, key))
  }

  /** An item of a list is not what the tab was told. @param body what was done to it */
  itemChanged(body: string): void {
    if (this.#isTelling) this.#later(this.#event + body)
    else this.#out.push(this.#event + body)
  }

  /** The next frame that waits here; undefined where none does. */
  next(): string | undefined {
    for (const [id, key] of this.#changed) {
      this.#changed.delete(id)
      return this.#textOf(id, key)
    }
    const step = this.#walk?.next()
    if (step?.done === false) return this.#event + step.value
    this.#walk = undefined
    for (; this.#answers > 0; this.#answers--) this.#after.unshift(this.#synced)
    const said = this.#after.shift()
    // What was asked meanwhile.
    if (said !== undefined && this.#after.length === 0) this.#lane.serve(this)
    return said
  }

  /** Whether the state is being told, or something that was kept for after it. */
  get #isTelling(): boolean {
    return this.#walk !== undefined || this.#after.length > 0
  }

  /** Says what must not pass changes that wait. */
  #say(text: string): void {
    if (this.#changed.size === 0 && this.#after.length === 0) this.#out.push(text)
    else this.#after.push(text)
  }

  /** Says what comes behind the items that are being told. */
  #later(text: string): void {
    this.#after.push(text)
    this.#out.waits(this, this.#after.length)
  }

  /** Keeps of a frame which entries it changes. Returns whether that is all there is to it. */
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
