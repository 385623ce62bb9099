// Floor 6. A table made from others by an operator. It looks at an entry of theirs when that changed and somebody reads or
// listens, never twice for one batch, and only once all that it is made from is up to date: so no view shows half of a change.
import type { Change } from '../downlink/change.js'
import type { Unsubscribe } from '../base/events.js'
import { Feed } from '../downlink/feed.js'
import { failed } from './fail.js'
import { Intake, never } from './intake.js'
import type { Operator } from './operator.js'
import { Rows, type RowsOwner } from './rows.js'
import { scheduleOf, type Schedule } from './schedule.js'
import {
  inSlices,
  slice,
  type Dependant,
  type Entries,
  type Tail,
  type Places,
  type Source,
  type Table,
  type Through,
} from './table.js'

/** Those that nobody holds are forgotten by what they were made from. A tail held here would hold its client, and whom that calls. */
const unheld = /* @__PURE__ */ new FinalizationRegistry<WeakRef<Tail>>(tail => tail.deref()?.lose())

export class Node<K, V> implements Table<K, V>, Dependant, RowsOwner<K, V> {
  isEnded = false
  readonly places: Places
  readonly sources: readonly Source[]
  readonly #operator: Operator<K, V>
  readonly #schedule: Schedule
  readonly #rows: Rows<K, V>
  readonly #intake: Intake<K, V>
  /** What is made from it. */
  readonly #tails = new Set<Tail>()
  readonly dependants = new Set<Dependant>()
  /** Those who hear of its end alone. */
  readonly #ends = new Set<() => void>()
  #feed: Feed<K, V> | undefined
  #opening: Promise<void> | undefined
  /** The sources' versions when it was up to date last; -1 where it never was. */
  #settledAt = -1
  #isBusy = false
  #isStirred = false
  #undo: (() => void)[] | undefined

  constructor(tables: readonly Table[], operator: Operator<K, V>) {
    this.#operator = operator
    this.#rows = new Rows<K, V>(operator, this)
    this.places = this.#rows.places
    this.sources = [...new Set(tables.flatMap(table => table.sources))]
    this.#schedule = scheduleOf(this.sources[0]!.port.clock)
    this.#intake = new Intake(tables, operator, this.#rows)
    for (const tail of this.#ins) unheld.register(this, new WeakRef(tail), this)
  }

  /** What it is made from. */
  get #ins(): readonly Tail[] {
    return this.#intake.tails
  }

  get isClosed(): boolean {
    return this.isEnded || this.#ins.some(({ given }) => given.isClosed)
  }

  get isStarting(): boolean {
    return (this.#opening !== undefined && this.#settledAt < 0) || this.#ins.some(({ table }) => table.isStarting)
  }

  get through(): Through | undefined {
    const { keeps } = this.#operator
    if (keeps === undefined || this.#settledAt >= 0 || this.#isHeard || this.isClosed) return undefined
    return { table: this.#ins[0]!.given, keeps: keeps as Through['keeps'] }
  }

  get feed(): Feed<K, V> {
    return (this.#feed ??= new Feed<K, V>({ clock: this.#schedule, fault: this.sources[0]!.port.fault }))
  }

  get entries(): Entries<V> {
    return this.#rows
  }

  keyOf(id: unknown): K {
    return this.#rows.appKeyOf(id)
  }

  idOf(key: K): unknown {
    return this.#operator.idOf(key)
  }

  settle(): void {
    if (this.#isBusy || this.#isHeld) return
    const version = this.#version
    if (version === this.#settledAt) return
    this.#intake.settle()
    this.#begin()
    this.#run(() => this.#intake.lookOn(never))
    this.#isStirred = false
    this.#settledAt = version
  }

  advance(isOver: () => boolean): boolean {
    if (this.#isHeld) return true
    if (!this.#intake.advance(isOver)) return false
    this.#begin()
    let isWhole = false
    this.#run(() => (isWhole = this.#intake.lookOn(isOver)))
    return isWhole
  }

  open(): Promise<void> {
    if (this.#settledAt >= 0 && !this.#intake.isLost) {
      this.settle()
      return Promise.resolve()
    }
    const { clock } = this.#schedule
    const advance = (isOver: () => boolean) => {
      if (!this.advance(isOver)) return false
      this.settle()
      this.#opening = undefined
      return true
    }
    // One that is whole within the first slice misses nothing that changes after this call.
    if (this.#opening === undefined && slice(clock, advance)) return Promise.resolve()
    return (this.#opening ??= inSlices(clock, advance))
  }

  attach(tail: Tail): void {
    this.#tails.add(tail)
    this.wake()
  }

  detach(tail: Tail): void {
    this.#tails.delete(tail)
    this.rest()
  }

  wake(): void {
    if (this.#undo !== undefined || !this.#isHeard) return
    // What may be closed already is looked at once more below.
    this.#undo = this.sources.map(({ map }) => map.on('didChangeStatus', () => this.sourceClosed()))
    for (const tail of this.#ins) tail.wake(this)
    this.sourceClosed()
  }

  rest(): void {
    if (this.#undo === undefined || this.#isHeard) return
    for (const undo of this.#undo) undo()
    this.#undo = undefined
    for (const tail of this.#ins) tail.rest()
  }

  stir(): void {
    if (this.#isStirred) return
    this.#isStirred = true
    // A start that is under way ends by itself.
    if (this.#feed?.isWanted && this.#settledAt >= 0) this.#schedule.add(this)
    for (const tail of this.#tails) tail.dependant?.stir()
    if (!this.#isHeard) this.rest()
  }

  sourceClosed(): void {
    if (!this.isClosed) return
    if (this.#feed?.isWanted) this.settle()
    this.#feed?.end()
    for (const dependant of [...this.dependants]) dependant.sourceClosed()
    this.rest()
  }

  onEnd(hear: () => void): Unsubscribe {
    this.#ends.add(hear)
    const undo = this.#ins.map(({ given }) => given.onEnd(hear))
    return () => {
      this.#ends.delete(hear)
      for (const each of undo) each()
    }
  }

  close(): void {
    if (this.isEnded) return
    if (this.#settledAt >= 0) this.settle()
    for (const dependant of this.dependants) dependant.settle()
    this.isEnded = true
    for (const hear of [...this.#ends]) hear()
    this.#opening = undefined
    this.sourceClosed()
    for (const tail of [...this.#tails]) tail.lose()
    for (const tail of this.#ins) tail.lose()
    unheld.unregister(this)
  }

  snapshot(): ReadonlyMap<K, V> {
    return this.#rows.snapshot()
  }

  keySnapshot(): readonly K[] {
    return this.#rows.keySnapshot()
  }

  /** Whether its entries stay as they are, as it or a filter that it asks for itself was closed. */
  get #isHeld(): boolean {
    return this.isEnded || this.#ins.some(tail => tail.isCut)
  }

  get #version(): number {
    return this.sources.reduce((sum, source) => sum + source.version, 0)
  }

  /** Whether anybody listens to it, or to what is made from it. */
  get #isHeard(): boolean {
    if (this.#feed?.isWanted) return true
    for (const tail of this.#tails) if (tail.dependant !== undefined) return true
    return false
  }

  /** Starts from nothing, where it never did or has rested for too long. */
  #begin(): void {
    if (!this.#intake.isLost) return
    for (const tail of [...this.#tails]) tail.lose()
    this.#rows.clear()
    this.#settledAt = -1
    this.#intake.begin()
  }

  /** Runs what calls functions of the application: they may read this view. */
  #run(act: () => void): void {
    this.#isBusy = true
    try {
      act()
    } finally {
      this.#isBusy = false
    }
  }

  changed(id: unknown, change: Change<K, V>): void {
    for (const tail of this.#tails) tail.mark(id, change)
    if (this.#feed?.isWanted) this.#feed.add(id, change)
  }

  outdated(): void {
    if (this.#feed?.isPending) this.#feed.touchAll()
  }

  failed(key: unknown, cause: unknown, name: string): void {
    this.sources[0]!.port.report(failed(name, key, cause))
  }
}
