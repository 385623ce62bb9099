// Floor 5. The model of a list lane, shared by all its downlinks: events are applied, own writes laid over.
// docs/PROTOCOL.md#list-lanes.
import { LaneKindError, type LaneKind } from '../../base/errors.js'
import type { Link } from '../../link/link.js'
import type { LinkSink } from '../../link/link-port.js'
import type { Reader, Value } from '../../recon/index.js'
import { difference, KeyedList, type ItemChange, type ListOp } from '../../store/keyed-list.js'
import type { Sync } from '../../store/marks.js'
import { readListOp } from '../../warp/list-op.js'
import { writeBody } from '../../warp/write-envelope.js'
import { isEqual } from '../equal.js'
import type { ModelOptions } from '../lane-model.js'
import type { WriteTo } from '../parts.js'
import { OwnOp } from './own-op.js'

/** A list downlink, as its model sees it. */
export interface ListObserver {
  changed(change: ItemChange<Value>): void
  did(op: 'clear' | 'drop' | 'take', count: number): void
  pendingChanged(): void
  misfit(error: LaneKindError): void
}

/** The state that a sync under way has brought so far. */
interface Coming {
  readonly sync: Sync
  list: KeyedList<Value>
  /** Whether only items of the state have come, one after another. */
  isPure: boolean
  /** Whether a frame was lost. */
  isSpoilt: boolean
}

/** How many own writes an event is compared with, oldest first. */
const nearest = 16

export class ListModel implements LinkSink {
  readonly observers = new Set<ListObserver>()
  readonly #link: Link
  readonly #reader: Reader
  /** The host's list, as far as its events show. */
  #truth = new KeyedList<Value>()
  /** The list that shows: the same object as `#truth` while there are no own writes. */
  shown = this.#truth
  #own: OwnOp[] = []
  #coming: Coming[] = []
  #misfit: LaneKindError | undefined

  constructor(
    readonly kind: string,
    { link, reader }: Omit<ModelOptions, 'freezeValues'>,
  ) {
    this.#link = link
    this.#reader = reader
  }

  event(text: string, bodyAt: number): void {
    const read = readListOp(text, bodyAt, this.#reader)
    if (read === undefined || read === 'map') {
      // A body that is not Recon does not show the kind of its lane.
      if (read === undefined) this.#reader.block(text, bodyAt)
      return this.#found(read ?? 'value')
    }
    if (this.#misfit !== undefined) return
    this.#link.laneKind ??= 'list'
    const own = this.#answered(read)
    const op = this.#known(read, own)
    let isPossible = true
    for (const coming of this.#coming) {
      const { list } = coming
      coming.isPure &&= op.type === 'update' && op.index === list.size && list.find(op.id ?? '', op.index) < 0
      if (list !== this.#truth) list.apply(op, undefined, isEqual)
    }
    this.#link.turns.run(() => {
      // With own writes, each item of a state would cost a pass over all of them: so the state shows once the sync has ended.
      if (this.#coming.length === 0 || this.#own.length === 0) isPossible = this.#heard(op, own)
      else if (own !== undefined) own.isHeard = true
      // An own write was reported when it was made.
      if (own === undefined && !('index' in op)) this.#did(op)
    })
    // An impossible event means that an earlier one was missed: a sync corrects the list.
    if (!isPossible && this.#coming.length === 0) this.#doubt()
  }

  /** The event with the present or written value object in place of an equal one: the same object means no change. */
  #known(op: ListOp<Value>, own: OwnOp | undefined): ListOp<Value> {
    if (op.type !== 'update' || (own === undefined && this.#coming.length === 0)) return op
    const value = own === undefined ? this.#truth.at(this.#truth.find(op.id ?? '', op.index))?.value : own.value
    return value !== undefined && isEqual(value, op.value) ? { ...op, value } : op
  }

  /** The own write that an event may answer. */
  #answered(op: ListOp<Value>): OwnOp | undefined {
    for (let i = 0; i < nearest && i < this.#own.length; i++) {
      const own = this.#own[i]!
      if (own.write.state === 'sent' && !own.isHeard && own.isAnswer(op)) return own
    }
    return undefined
  }

  /** Applies an event of the host. Returns whether the event was possible. */
  #heard(op: ListOp<Value>, own: OwnOp | undefined): boolean {
    if (this.#own.length === 0) return this.#truth.apply(op, this.#tell, isEqual)
    const isShown = own === this.#own[0] && own?.isSame(op) === true
    const isPossible = this.#truth.apply(op, undefined, isEqual)
    if (own !== undefined) this.#end(own, 'taken')
    if (!isShown) this.#show()
    else if (this.#own.length === 0) this.shown = this.#truth
    return isPossible
  }

  beginSync(sync: Sync): void {
    this.#coming.push({ sync, list: this.#empty(), isPure: true, isSpoilt: false })
  }

  /** The list that gathers a state: the present list if that is empty, so that items show as they come. */
  #empty(): KeyedList<Value> {
    return this.#truth.size === 0 && this.#own.length === 0 ? this.#truth : new KeyedList<Value>()
  }

  endSync(sync: Sync): boolean {
    const at = this.#coming.findIndex(coming => coming.sync === sync)
    // A sync that began before this model was made shows nothing.
    const coming = this.#coming[at]
    this.#coming = this.#coming.slice(at + 1)
    if (coming === undefined || coming.isSpoilt) return false
    this.#truth = coming.list
    this.#link.turns.run(() => {
      for (const own of [...this.#own]) {
        const { state, seq } = own.write
        const isIn = own.isHeard || own.isIn(this.#truth)
        if (state === 'sent' ? own.isHeard || seq <= sync.fence : seq > 0 && isIn)
          this.#end(own, isIn ? 'taken' : 'superseded')
        else if (state === 'waiting' && own.isVain(this.#truth, this.#own)) this.#end(own, 'taken')
      }
      this.#show()
    })
    if (!coming.isPure) this.#doubt()
    return false
  }

  restartSyncs(): void {
    for (const coming of this.#coming) {
      coming.list = this.#empty()
      coming.isPure = true
    }
  }

  spoilSyncs(): void {
    for (const coming of this.#coming) coming.isSpoilt = true
  }

  abandonSync(): void {
    this.#coming = []
    for (const own of this.#own) own.isHeard = false
  }

  /** Own writes were given up: their changes are undone. */
  gaveUp(): void {
    const left = this.#own.filter(({ write }) => write.state !== 'done')
    if (left.length === this.#own.length) return
    this.#own = left
    this.#link.turns.run(() => this.#show())
  }

  /** How many own writes are not in the lane. */
  get pendingCount(): number {
    return this.#own.length
  }

  /**
   * Makes an own write, which shows at once. Returns the command's body.
   * @throws {OverflowError} and {ReconError}, both before anything has changed
   */
  post(given: ListOp<Value>, to: WriteTo, isNew = false): string {
    let op = given
    if (op.type === 'update') {
      // A copy is kept, as the lane will have it.
      const body = writeBody(op.value)
      if (typeof op.value === 'object') op = { ...op, value: this.#reader.block(body, 0) }
    }
    const own = new OwnOp(op, isNew)
    const { owner, watcher } = to
    own.write = this.#link.writes.post({ kind: op.type, text: () => own.text, owner, watcher })
    // From now on three lists are separate: the one that shows, the host's, and a state that is arriving.
    if (this.#own.length === 0) {
      const items = this.#truth.items()
      this.shown = new KeyedList(items)
      if (this.#coming.some(({ list }) => list === this.#truth)) this.#truth = new KeyedList(items)
    }
    this.#own.push(own)
    this.#link.turns.run(() => {
      own.lay(this.shown, this.#tell)
      if (!('index' in op)) this.#did(op)
    })
    owner.made(own.write)
    return own.text
  }

  /** An own write waits, is sent or has ended. */
  pendingChanged(): void {
    for (const observer of this.observers) observer.pendingChanged()
  }

  /** Adds a downlink, which gets the error at once if the lane is known to be of another kind. */
  join(observer: ListObserver): void {
    this.observers.add(observer)
    const { laneKind } = this.#link
    if (this.#misfit !== undefined) observer.misfit(this.#misfit)
    else if (laneKind !== undefined && laneKind !== 'list') this.#found(laneKind)
  }

  #end(own: OwnOp, outcome: 'taken' | 'superseded'): void {
    this.#own.splice(this.#own.indexOf(own), 1)
    own.write.end(outcome)
  }

  /** Lays the own writes over the host's list again, and reports the differences from the list that showed before. */
  #show(): void {
    const before = this.shown.items()
    this.shown = this.#truth
    if (this.#own.length > 0) {
      this.shown = new KeyedList(this.#truth.items())
      for (const own of this.#own) own.lay(this.shown)
    }
    for (const change of difference(before, this.shown.items())) this.#tell(change)
  }

  readonly #tell = (change: ItemChange<Value>): void => {
    for (const observer of this.observers) observer.changed(change)
  }

  #did(op: ListOp<Value>): void {
    for (const observer of this.observers)
      observer.did(op.type as 'clear' | 'drop' | 'take', 'count' in op ? op.count : 0)
  }

  #found(found: LaneKind): void {
    const link = this.#link
    link.laneKind ??= found
    if (this.#misfit !== undefined) return
    this.#misfit = new LaneKindError(link.where, link.laneKind, 'list')
    for (const observer of [...this.observers]) observer.misfit(this.#misfit)
  }

  #doubt(): void {
    this.#link.dispatch('doubt')
  }
}
