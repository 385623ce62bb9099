// Floor 5. A list lane, as all downlinks to it share it: events in, own writes laid over. docs/PROTOCOL.md#list-lanes.
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

/** The state of a sync under way, as far as it has come. */
interface Coming {
  readonly sync: Sync
  list: KeyedList<Value>
  /** Whether nothing has come but its items, one after another. */
  isPure: boolean
  /** Whether a frame was lost. */
  isSpoilt: boolean
}

/** How many own writes an event is compared with, from the oldest on. */
const nearest = 16

export class ListModel implements LinkSink {
  readonly observers = new Set<ListObserver>()
  readonly #link: Link
  readonly #reader: Reader
  /** What the host has, as far as it has said. */
  #truth = new KeyedList<Value>()
  /** What shows: the same, while there are no own writes. */
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
      // A body that is not even Recon shows nothing of its lane.
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
      // With own writes laid over it, each item of a state would be a look at all of them: it shows once the sync has ended.
      if (this.#coming.length === 0 || this.#own.length === 0) isPossible = this.#heard(op, own)
      else if (own !== undefined) own.isHeard = true
      // An own one was reported when it was made.
      if (own === undefined && !('index' in op)) this.#did(op)
    })
    // What can't be has followed on something that was missed; a sync puts it right.
    if (!isPossible && this.#coming.length === 0) this.#doubt()
  }

  /** The same with the very value that is there, or was written, where it is equal: what is the same object has not changed. */
  #known(op: ListOp<Value>, own: OwnOp | undefined): ListOp<Value> {
    if (op.type !== 'update' || (own === undefined && this.#coming.length === 0)) return op
    const value = own === undefined ? this.#truth.at(this.#truth.find(op.id ?? '', op.index))?.value : own.value
    return value !== undefined && isEqual(value, op.value) ? { ...op, value } : op
  }

  /** The own write that an event can be the answer to. */
  #answered(op: ListOp<Value>): OwnOp | undefined {
    for (let i = 0; i < nearest && i < this.#own.length; i++) {
      const own = this.#own[i]!
      if (own.write.state === 'sent' && !own.isHeard && own.isAnswer(op)) return own
    }
    return undefined
  }

  /** The host says what was done. Returns whether it could be. */
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

  /** What a state is gathered in: what is there, where that is nothing yet, so that it shows as it comes. */
  #empty(): KeyedList<Value> {
    return this.#truth.size === 0 && this.#own.length === 0 ? this.#truth : new KeyedList<Value>()
  }

  endSync(sync: Sync): boolean {
    const at = this.#coming.findIndex(coming => coming.sync === sync)
    // One that began before there was anybody to note it says nothing.
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

  /** Own writes were given up: what they did is undone. */
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
   * Makes an own write: it shows at once. Returns the command's body.
   * @throws {OverflowError} and {ReconError}, both before anything has changed
   */
  post(given: ListOp<Value>, to: WriteTo, isNew = false): string {
    let op = given
    if (op.type === 'update') {
      // What is kept is a copy, as the lane will have it.
      const body = writeBody(op.value)
      if (typeof op.value === 'object') op = { ...op, value: this.#reader.block(body, 0) }
    }
    const own = new OwnOp(op, isNew)
    const { owner, watcher } = to
    own.write = this.#link.writes.sender.post({ kind: op.type, text: () => own.text, owner, watcher })
    // What shows is another list than what the host has, from now on; and that another than a state that comes.
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

  /** Adds a downlink, which hears at once where the lane is known to be of another kind. */
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

  /** Lays the own writes over what the host has, once more, and reports what shows otherwise than before. */
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
