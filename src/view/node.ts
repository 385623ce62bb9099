// Floor 6. A table made from others by an operator. If somebody reads or listens, the operator looks at each changed entry of a source:
// once for each batch, and after all sources are up to date. So no view shows half of a change.
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

/** Notifies sources of garbage-collected tables. The tail is held weakly: a tail would hold its client, and all listeners. */
const unheld = /* @__PURE__ */ new FinalizationRegistry<WeakRef<Tail>>(tail => tail.deref()?.lose())

export class Node<K, V> implements Table<K, V>, Dependant, RowsOwner<K, V> {
  isEnded = false
  readonly places: Places
  readonly sources: readonly Source[]
  readonly #operator: Operator<K, V>
  readonly #schedule: Schedule
  readonly #rows: Rows<K, V>
  readonly #intake: Intake<K, V>
  /** The tails of tables made from this one. */
  readonly #tails = new Set<Tail>()
  readonly dependants = new Set<Dependant>()
  /** Called when this table ends. */
  readonly #ends = new Set<() => void>()
  #feed: Feed<K, V> | undefined
  #opening: Promise<void> | undefined
  /** The versions of the sources at the last look; -1 before the first. */
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

  /** The tails on the sources. */
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
    // If the first slice is enough, no change after this call is missed.
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
    // A source that is closed already is found below.
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
    // A start under way ends by itself.
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

  /** Whether the entries no longer change: this table, a source that is a view, or a filter whose function it applies, was closed. */
  get #isHeld(): boolean {
    return this.isEnded || this.#ins.some(({ given, isCut }) => isCut || given.isEnded)
  }

  get #version(): number {
    return this.sources.reduce((sum, source) => sum + source.version, 0)
  }

  /** Whether this table, or one made from it, has a listener. */
  get #isHeard(): boolean {
    if (this.#feed?.isWanted) return true
    for (const tail of this.#tails) if (tail.dependant !== undefined) return true
    return false
  }

  /** Begins a start, if there was none or too many changes were dropped. */
  #begin(): void {
    if (!this.#intake.isLost) return
    for (const tail of [...this.#tails]) tail.lose()
    this.#rows.clear()
    this.#settledAt = -1
    this.#intake.begin()
  }

  /** Runs `act`, which calls functions of the application. These may read this view. */
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
