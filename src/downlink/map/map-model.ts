// Floor 5. A map lane, as all downlinks to it share it: events in, own writes laid over.
import { identity, type Reader, type Value } from '../../recon/index.js'
import type { Link } from '../../link/link.js'
import type { Write } from '../../write/outbox.js'
import { gone } from '../../store/replica.js'
import { LaneModel, type LaneObserver } from '../lane-model.js'
import type { WriteTo } from '../parts.js'
import { clearBody, MapOpReader, writeCut, writeRemove, writeUpdate } from '../../warp/map-op.js'

/** A map downlink, as its model sees it. */
export interface MapObserver extends LaneObserver<Value> {
  /** After the entries have changed; drop and take show only after a resync. */
  did(op: 'clear' | 'drop' | 'take', count: number): void
}

/** Removed keys remembered, to tell a ghost by. */
const maxRemoved = 10_000

export class MapModel extends LaneModel<Value, MapObserver> {
  readonly #ops: MapOpReader
  readonly #keepsEmpty: boolean
  /** Keys removed on this socket and not heard of since: an empty value may be the ghost of one. */
  readonly #removed = new Set<unknown>()
  /** Keys were removed that were not named: any empty value may be a ghost, the first time. Those that came since. */
  #doubted: Set<unknown> | undefined
  /** Own drops and takes not decided yet. */
  #cuts: Write[] = []

  constructor(kind: string, link: Link, reader: Reader, keepsEmpty: boolean) {
    super(kind, link, keepsEmpty)
    this.#ops = new MapOpReader(reader)
    this.#keepsEmpty = keepsEmpty
  }

  event(text: string, bodyAt: number): void {
    const ops = this.#ops
    const op = ops.read(text, bodyAt)
    if (op === 'update' && ops.value !== undefined) {
      if (this.#removed.size > 0) this.#removed.delete(identity(ops.key))
      this.replica.hostSet(ops.key, ops.value)
    } else if (op === 'update') this.#setEmpty(ops.key)
    else if (op === 'remove') this.#remove(ops.key)
    else this.#cut(op, ops.count)
  }

  override endSync(fence: number, left: number): boolean {
    this.#cuts = this.#cuts.filter(write => {
      if (write.state === 'sent' && write.seq <= fence) write.end('taken')
      return write.state !== 'done'
    })
    return super.endSync(fence, left)
  }

  override abandonSync(): void {
    this.#removed.clear()
    this.#doubted = undefined
    super.abandonSync()
  }

  // All of these return the command's body, and throw OverflowError or ReconError before anything has changed.

  set(key: Value, value: Value, to: WriteTo): string {
    return this.write(key, value, writeUpdate(key, value), to)
  }

  remove(key: Value, to: WriteTo): string {
    return this.write(key, gone, writeRemove(key), to)
  }

  /** Whether a key is not there, as far as is known, or is being removed: the write is then settled here, or with that one. */
  isRemoved(key: Value, { owner, settle }: WriteTo): boolean {
    const id = identity(key)
    // All own writes of this replica are made below.
    const pending = this.replica.pending(id) as Write | undefined
    if (this.replica.shown.has(id) || pending?.state === 'queued') return false
    if (pending !== undefined && pending.owner === owner) pending.also(settle)
    else settle('taken', false)
    return true
  }

  clear(to: WriteTo): string {
    const write = this.post({ body: clearBody, kind: 'barrier', repeatable: true, ...to })
    const { turns } = this.link
    const isFirst = turns.begin()
    this.replica.clear(write)
    this.#tell('clear', 0)
    turns.end(isFirst)
    return clearBody
  }

  cut(op: 'drop' | 'take', count: number, to: WriteTo): string {
    const body = writeCut(op, count)
    this.#cuts.push(this.post({ body, kind: 'barrier', repeatable: op === 'take', ...to }))
    return body
  }

  /** A value that the host sends as no body at all; or a ghost, which looks the same, of a key that it has just removed. */
  #setEmpty(key: Value): void {
    if (!this.#keepsEmpty) return this.replica.hostSet(key, gone)
    const id = identity(key)
    const isNew = this.#doubted?.has(id) === false
    this.#doubted?.add(id)
    this.replica.hostSet(key, undefined)
    if (this.#removed.delete(id) || isNew) this.link.reconcile()
  }

  #remove(key: Value): void {
    this.replica.hostRemoved(key)
    if (this.#keepsEmpty) this.#removed.add(identity(key))
    if (this.#removed.size > maxRemoved) this.#doubt()
  }

  #doubt(): void {
    this.#removed.clear()
    if (this.#keepsEmpty) this.#doubted = new Set()
  }

  #cut(op: 'clear' | 'drop' | 'take', count: number): void {
    this.#doubt()
    if (op === 'clear') {
      // An own clear was told when it was made.
      if (this.replica.hostCleared()) return
    } else this.link.reconcile()
    this.#tell(op, count)
  }

  #tell(op: 'clear' | 'drop' | 'take', count: number): void {
    for (const observer of this.observers) observer.did(op, count)
  }
}
