// Floor 6. A table made from others by an operator. It looks at an entry of theirs when that changed and somebody reads or
// listens, never twice for one batch, and only once all that it is made from is up to date: so no view shows half of a change.
import type { Change } from '../downlink/change.js'
import { Feed } from '../downlink/feed.js'
import type { OrderedMap } from '../store/ordered-map.js'
import { failed } from './fail.js'
import type { Operator } from './operator.js'
import { Rows, type RowsOwner } from './rows.js'
import { scheduleOf, type Schedule } from './schedule.js'
import { inSlices, Tail, type Dependant, type Places, type Source, type Table } from './table.js'

/** How many entries a slice looks at between two looks at the clock. */
const perLook = 64
const never = () => false

/** Those that nobody holds any more are forgotten by what they were made from. */
const unheld = /* @__PURE__ */ new FinalizationRegistry<readonly Tail[]>(tails => tails.forEach(tail => tail.lose()))

export class Node<K, V> implements Table<K, V>, Dependant, RowsOwner<K, V> {
  readonly entries: OrderedMap<unknown, V>
  readonly places: Places
  readonly sources: readonly Source[]
  readonly #operator: Operator<K, V>
  readonly #schedule: Schedule
  readonly #rows: Rows<K, V>
  /** What it is made from. */
  readonly #ins: readonly Tail[]
  /** What is made from it. */
  readonly #tails = new Set<Tail>()
  #feed: Feed<K, V> | undefined
  /** While it starts: what is still to be looked at. */
  #scan: Iterator<readonly [source: number, id: unknown]> | undefined
  #opening: Promise<void> | undefined
  /** The sources' versions when it was up to date last; -1 where it never was. */
  #settledAt = -1
  #isBusy = false
  #isStirred = false
  #isEnded = false
  #undo: (() => void)[] | undefined

  constructor(tables: readonly Table[], operator: Operator<K, V>) {
    this.#operator = operator
    this.places = operator.places
    this.#rows = new Rows<K, V>(operator, this)
    this.entries = this.#rows.entries
    this.sources = [...new Set(tables.flatMap(table => table.sources))]
    this.#schedule = scheduleOf(this.sources[0]!.port.clock)
    this.#ins = tables.map(table => new Tail(table))
    unheld.register(this, this.#ins)
  }

  get isClosed(): boolean {
    return this.#isEnded || this.#ins.some(({ table }) => table.isClosed)
  }

  get isStarting(): boolean {
    return (this.#opening !== undefined && this.#settledAt < 0) || this.#ins.some(({ table }) => table.isStarting)
  }

  get feed(): Feed<K, V> {
    return (this.#feed ??= new Feed<K, V>({ clock: this.#schedule, fault: this.sources[0]!.port.fault }))
  }

  keyOf(id: unknown): K {
    return this.#rows.keyOf(id)
  }

  idOf(key: K): unknown {
    return this.#operator.idOf(key)
  }

  settle(): void {
    if (this.#isBusy || this.#isEnded) return
    const version = this.#version
    if (version === this.#settledAt) return
    for (const { table } of this.#ins) table.settle()
    this.#begin()
    this.#run(() => this.#scanOn(never))
    this.#isStirred = false
    this.#settledAt = version
  }

  advance(isOver: () => boolean): boolean {
    if (this.#isEnded) return true
    for (const { table } of this.#ins) if (!table.advance(isOver)) return false
    this.#begin()
    let isWhole = false
    this.#run(() => (isWhole = this.#scanOn(isOver)))
    return isWhole
  }

  open(): Promise<void> {
    if (this.#settledAt >= 0 && this.#ins.every(tail => !tail.isLost)) {
      this.settle()
      return Promise.resolve()
    }
    return (this.#opening ??= inSlices(this.#schedule.clock, isOver => {
      if (!this.advance(isOver)) return false
      this.settle()
      this.#opening = undefined
      return true
    }))
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
    for (const tail of this.#ins) {
      tail.dependant = this
      tail.table.wake()
    }
    this.sourceClosed()
  }

  rest(): void {
    if (this.#undo === undefined || this.#isHeard) return
    for (const undo of this.#undo) undo()
    this.#undo = undefined
    for (const tail of this.#ins) {
      tail.dependant = undefined
      tail.table.rest()
    }
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
    if (!this.#isEnded && !this.#ins.every(({ table }) => table.isClosed)) return
    if (this.#feed?.isWanted) this.settle()
    this.#feed?.end()
    for (const tail of this.#tails) tail.dependant?.sourceClosed()
    this.rest()
  }

  close(): void {
    if (this.#isEnded) return
    if (this.#settledAt >= 0) this.settle()
    this.#isEnded = true
    this.#scan = undefined
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
    if (!this.#ins.some(tail => tail.isLost)) return
    for (const tail of [...this.#tails]) tail.lose()
    this.#rows.clear()
    this.#settledAt = -1
    this.#operator.clear()
    for (const tail of this.#ins) tail.begin()
    this.#scan = this.#all()
  }

  *#all(): Generator<readonly [number, unknown]> {
    for (const [source, { table }] of this.#ins.entries()) {
      if (!this.#operator.scans(source)) continue
      for (const id of table.entries.idsAsLaid()) yield [source, id]
    }
  }

  /** Looks at what it has not seen, and then at what has changed. Returns whether that was all. */
  #scanOn(isOver: () => boolean): boolean {
    const operator = this.#operator
    if (this.#scan !== undefined) {
      for (let count = 1, step = this.#scan.next(); !step.done; step = this.#scan.next(), count++) {
        operator.look(step.value[0], step.value[1], this.#rows)
        if (count % perLook === 0 && isOver()) return false
      }
      operator.finish(this.#rows)
      this.#scan = undefined
    }
    for (let source = 0; source < this.#ins.length; source++) {
      for (const id of this.#ins[source]!.take()) operator.look(source, id, this.#rows)
    }
    operator.finish(this.#rows)
    return true
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
    // A start is no change.
    if (this.#scan !== undefined) return
    for (const tail of this.#tails) tail.mark(id)
    if (this.#feed?.isWanted) this.#feed.add(id, change)
  }

  outdated(): void {
    if (this.#feed?.isPending) this.#feed.touchAll()
  }

  failed(key: unknown, cause: unknown): void {
    this.sources[0]!.port.report(failed(this.#operator.name, key, cause))
  }
}
