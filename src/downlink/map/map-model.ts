// Floor 5. The model of a map lane, shared by all its downlinks: events are applied, own writes laid over.
import { ProtocolError, type LaneKind } from '../../base/errors.js'
import { identity, type Reader, type Value } from '../../recon/index.js'
import type { Write } from '../../write/write.js'
import { listed } from '../../base/few.js'
import { OrderedMap } from '../../store/ordered-map.js'
import { gone, type Sync } from '../../store/replica.js'
import { LaneModel, order, type LaneObserver, type ModelOptions } from '../lane-model.js'
import type { WriteTo } from '../parts.js'
import { clearBody, MapOpReader, writeCut, writeRemove, writeUpdate } from '../../warp/map-op.js'

/** A map downlink, as its model sees it. */
export interface MapObserver extends LaneObserver<Value> {
  /** All entries were taken away at once. Must not change `taken`. */
  cleared(taken: OrderedMap<Value, Value>): void
  /** Called after the entries have changed; drop and take show only after a resync. */
  did(op: 'clear' | 'drop' | 'take', count: number): void
}

/** Whether a value must be copied: objects, which may change, and numbers that Recon reads back differently. */
const needsCopy = (value: Value): boolean =>
  typeof value === 'object' ? value !== null : typeof value === 'bigint' || Object.is(value, -0)

/** How many removed keys are remembered, to recognise ghosts. */
const maxRemoved = 10_000

export class MapModel extends LaneModel<Value, MapObserver, OrderedMap<Value, Value>> {
  readonly #reader: Reader
  readonly #ops: MapOpReader
  readonly #keepsEmpty: boolean
  /** Keys removed on this socket, without an event since: an empty value of such a key may be a ghost. */
  readonly #removed = new Set<unknown>()
  /** Set once unnamed keys were removed: the first empty value of any key may be a ghost. Holds the keys seen since. */
  #doubted: Set<unknown> | undefined
  /** Own drops and takes without an outcome yet. */
  #cuts: Write[] = []

  constructor(kind: string, options: ModelOptions, keepsEmpty: boolean) {
    super(kind, options, keepsEmpty, new OrderedMap(order))
    this.#reader = options.reader
    this.#ops = new MapOpReader(options.reader)
    this.#keepsEmpty = keepsEmpty
  }

  event(text: string, bodyAt: number): void {
    const ops = this.#ops
    const oldest = this.isCovered ? this.link.sender?.oldest : undefined
    let op: ReturnType<MapOpReader['read']> = 'update'
    // Most echoes repeat the oldest write on the wire to the letter, and need not be read.
    if (oldest?.kind === op && oldest.text === text.slice(bodyAt)) {
      ops.key = oldest.key
      ops.value = oldest.value as Value
    } else op = ops.read(text, bodyAt)
    if (op === undefined || op === 'item') return this.#readOther(text, bodyAt, op === 'item' ? 'list' : 'value')
    this.link.laneKind ??= 'map'
    if (op === 'update' && ops.value !== undefined) {
      if (this.#removed.size > 0) this.#removed.delete(identity(ops.key))
      if (this.hostSet(ops.key, ops.value)) this.doubt()
    } else if (op === 'update') this.#setEmpty(ops.key)
    else if (op === 'remove') this.#remove(ops.key)
    else return this.#cut(op, ops.count)
    this.said(ops.key)
  }

  /** An event that no map lane sends. */
  #readOther(text: string, bodyAt: number, kind: LaneKind): void {
    if (this.link.laneKind === 'map') throw new ProtocolError('no operation on a map', text)
    // A body that is not Recon does not show the kind of its lane.
    if (this.misfit === undefined) this.#reader.block(text, bodyAt)
    this.isKind(kind)
  }

  override endSync(sync: Sync): boolean {
    this.#cuts = this.#cuts.filter(write => {
      if (write.state === 'sent' && write.seq <= sync.fence) write.end('taken')
      return write.state !== 'done'
    })
    return super.endSync(sync)
  }

  override abandonSync(): void {
    this.#removed.clear()
    this.#doubted = undefined
    super.abandonSync()
  }

  // All of these return the command's body, and throw OverflowError or ReconError before anything has changed.

  set(key: Value, value: Value, to: WriteTo): string {
    const body = writeUpdate(key, value)
    // A copy is kept, as the lane will have it: read back from the text that is sent. A key that needs no copy stays the caller's, so
    // its text is not held twice.
    const isCopied = needsCopy(key)
    if (isCopied || needsCopy(value)) {
      this.#ops.read(body, 0)
      value = this.#ops.value
      if (isCopied) key = this.#ops.key
    }
    return this.write('update', key, value, body, to)
  }

  remove(key: Value, to: WriteTo): string {
    const body = writeRemove(key)
    if (needsCopy(key)) {
      this.#ops.read(body, 0)
      key = this.#ops.key
    }
    return this.write('remove', key, gone, body, to)
  }

  /** Whether a key is known to be missing, or is being removed: a remove is then settled here, or with the pending one. */
  isRemoved(key: Value, { owner, watcher = owner }: WriteTo): boolean {
    const id = identity(key)
    // All own writes of this replica are made below.
    const pending = this.covered(id)?.newest as Write | undefined
    if (this.shown.has(id) || pending?.state === 'waiting') return false
    if (pending !== undefined) pending.also(watcher)
    else watcher.ended('taken', false)
    return true
  }

  clear(to: WriteTo): string {
    const write = this.post('clear', clearBody, to)
    this.link.turns.run(() => {
      this.layClear(write)
      this.#tell('clear', 0)
    })
    return clearBody
  }

  cut(op: 'drop' | 'take', count: number, to: WriteTo): string {
    const body = writeCut(op, count)
    this.#cuts.push(this.post(op, body, to))
    return body
  }

  /** A value that the host sends as an empty body; or a ghost, which looks the same, of a key that was just removed. */
  #setEmpty(key: Value): void {
    if (!this.#keepsEmpty) {
      if (this.hostSet(key, gone)) this.doubt()
      return
    }
    const id = identity(key)
    const isNew = this.#doubted?.has(id) === false
    this.#doubted?.add(id)
    this.hostSet(key, undefined)
    if (this.#removed.delete(id) || isNew) this.link.dispatch('resync')
  }

  #remove(key: Value): void {
    if (this.hostRemoved(key)) this.doubt()
    if (this.#keepsEmpty) this.#removed.add(identity(key))
    if (this.#removed.size > maxRemoved) this.#doubt()
  }

  #doubt(): void {
    this.#removed.clear()
    if (this.#keepsEmpty) this.#doubted = new Set()
  }

  #cut(op: 'clear' | 'drop' | 'take', count: number): void {
    this.#doubt()
    if (op === 'clear') return this.link.inSteps(this.#clear())
    this.hostCut()
    this.link.dispatch('resync')
    this.#tell(op, count)
  }

  *#clear(): Generator<void, void, void> {
    const { isOwn, isDoubtful } = yield* this.hostCleared()
    this.saidOfAll()
    if (isDoubtful) this.doubt()
    // An own clear was reported when it was made.
    if (!isOwn) this.#tell('clear', 0)
  }

  override cleared(taken: OrderedMap<Value, Value>): void {
    for (const observer of listed(this.observers)) observer.cleared(taken)
  }

  #tell(op: 'clear' | 'drop' | 'take', count: number): void {
    for (const observer of listed(this.observers)) observer.did(op, count)
  }
}
