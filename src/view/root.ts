// Floor 6. A map as the table that views start from. It holds no entries itself.
import type { Unsubscribe } from '../base/events.js'
import { Feed } from '../downlink/feed.js'
import type { Port, ReadableMap, Watch } from '../downlink/readable.js'
import type { KeyOrder, OrderedMap } from '../store/ordered-map.js'
import { scheduleOf } from './schedule.js'
import type { Dependant, Places, Source, Table, Tail } from './table.js'

export class Root<K, V> implements Table<K, V>, Source {
  readonly map: ReadableMap<K, V>
  readonly port: Port<K, V>
  readonly entries: OrderedMap<unknown, V>
  readonly keys: KeyOrder<unknown>
  readonly places: Places
  readonly sources: readonly Source[] = [this]
  readonly isStarting = false
  version = 0
  isEnded = false
  #feed: Feed<K, V> | undefined
  readonly #tails = new Set<Tail>()
  readonly dependants = new Set<Dependant>()
  readonly #ends = new Set<() => void>()
  #undo: (() => void) | undefined

  constructor(map: ReadableMap<K, V>, port: Port<K, V>) {
    this.map = map
    this.port = port
    this.entries = port.entries
    this.keys = port.entries.order
    this.places = { compare: this.keys.compare, keyAt: place => place }
  }

  get isClosed(): boolean {
    return this.isEnded || this.map.status.state === 'closed'
  }

  get feed(): Feed<K, V> {
    const { clock, fault } = this.port
    return (this.#feed ??= new Feed<K, V>({ clock: scheduleOf(clock), fault }))
  }

  keyOf(id: unknown): K {
    return this.port.keyOf(id)
  }

  idOf(key: K): unknown {
    return this.port.idOf(key)
  }

  settle(): void {}

  advance(): boolean {
    return true
  }

  open(): Promise<void> {
    return Promise.resolve()
  }

  attach(tail: Tail): void {
    this.#tails.add(tail)
    this.port.watches.add(this.#watch)
  }

  detach(tail: Tail): void {
    this.#tails.delete(tail)
    this.rest()
  }

  wake(): void {
    if (this.#feed?.isWanted !== true) return
    this.port.watches.add(this.#watch)
    this.#undo ??= this.map.on('didChangeStatus', this.#closed)
    this.#closed()
  }

  rest(): void {
    if (this.#feed?.isWanted) return
    this.#undo = void this.#undo?.()
    if (this.#tails.size === 0) this.port.watches.delete(this.#watch)
  }

  onEnd(hear: () => void): Unsubscribe {
    this.#ends.add(hear)
    return () => this.#ends.delete(hear)
  }

  close(): void {
    this.isEnded = true
    this.#closed()
    for (const dependant of [...this.dependants]) dependant.sourceClosed()
    for (const tail of [...this.#tails]) tail.lose()
    for (const hear of [...this.#ends]) hear()
  }

  snapshot(): ReadonlyMap<K, V> {
    return this.map.snapshot()
  }

  keySnapshot(): readonly K[] {
    return this.map.keySnapshot()
  }

  readonly #closed = (): void => {
    if (!this.isClosed) return
    this.#feed?.end()
    this.rest()
  }

  readonly #watch: Watch<K, V> = (id, change) => {
    this.version++
    for (const tail of this.#tails) tail.mark(id, change)
    if (this.#feed?.isWanted) this.#feed.add(id, change)
  }
}
