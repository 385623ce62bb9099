// Floor 5. The model of a lane, shared by all its downlinks of one kind: a replica of the host's state, with own writes laid over.
import { LaneKindError, type LaneKind } from '../base/errors.js'
import { isSeveral, listed, withItem, withoutItem, type Few } from '../base/few.js'
import type { Link } from '../link/link.js'
import type { LinkSink } from '../link/link-port.js'
import type { Write } from '../write/write.js'
import { compare, identity, type Reader, type Value } from '../recon/index.js'
import type { Entries } from '../store/showing.js'
import { Replica, type Gone, type Rules, type Sync } from '../store/replica.js'
import { isAlike, isEchoOf } from './echo.js'
import { isEqual } from './equal.js'
import { freeze } from './freeze.js'
import type { WriteTo } from './parts.js'

/** A downlink, as its model sees it. */
export interface LaneObserver<K> {
  changed(id: unknown, key: K, value: Value | Gone, old: Value | Gone): void
  /** An own write of an entry waits, is sent or has ended; of all entries, where `cover` is undefined. */
  pendingChanged(cover: Write['cover']): void
  /** What `changed` threw: a fault of this downlink's own schemas. */
  faulty(cause: unknown): void
  /** The lane is of another kind than this downlink. */
  misfit(error: LaneKindError): void
}

/** The order of keys. */
export const order = { identity, compare }

const rulesOf = (keepsEmpty: boolean): Rules<Value, Value> => ({
  order,
  equals: isEqual,
  isAlike,
  isEcho: isEchoOf(keepsEmpty),
})

const dropping = rulesOf(false)
const keeping = rulesOf(true)

/** The parts that models are made with. */
export interface ModelOptions {
  readonly link: Link
  readonly reader: Reader
  /** Whether keys and values that are read are frozen. */
  readonly freezeValues: boolean
}

function tell<K>(observer: LaneObserver<K>, id: unknown, key: K, value: Value | Gone, old: Value | Gone): void {
  try {
    observer.changed(id, key, value, old)
  } catch (cause) {
    observer.faulty(cause)
  }
}

/** @param K the type of the keys; undefined for a value lane */
export abstract class LaneModel<K extends Value, O extends LaneObserver<K>, M extends Entries<K, Value>>
  extends Replica<K, Value, M>
  implements LinkSink
{
  /** The kind of lane that the model is for, and for which downlinks. */
  readonly kind: string
  observers: Few<O>
  /** How many values were changed in place and written back. */
  inPlace = 0
  protected readonly link: Link

  constructor(kind: string, { link, freezeValues }: ModelOptions, keepsEmpty: boolean, shown: M) {
    const rules = keepsEmpty ? keeping : dropping
    super(freezeValues ? { ...rules, seal: freeze } : rules, shown)
    this.kind = kind
    this.link = link
  }

  /** An entry has changed. */
  changed(id: unknown, key: K, value: Value | Gone, old: Value | Gone): void {
    const { observers } = this
    // With one observer, its call is the last thing done here.
    if (isSeveral(observers))
      this.link.turns.run(() => {
        for (const observer of observers) tell(observer, id, key, value, old)
      })
    else if (observers !== undefined) tell(observers, id, key, value, old)
  }

  abstract event(text: string, bodyAt: number): void

  override endSync(sync: Sync): boolean {
    const isOpen = super.endSync(sync)
    this.saidOfAll()
    return isOpen
  }

  /** An event may concern any entry. */
  protected saidOfAll(): void {
    if (this.isCovered) this.pendingChanged(undefined)
  }

  /** An event concerns one entry: below own writes that cover it, the value has changed. */
  protected said(key: K): void {
    const entry = this.isCovered ? this.covered(identity(key as Value)) : undefined
    if (entry !== undefined) this.pendingChanged(entry)
  }

  /**
   * Writes to the entry of a key: checked and admitted first, then shown.
   * @param body the command's body
   * @throws {OverflowError} before anything has changed
   */
  protected write(kind: 'update' | 'remove' | 'value', key: K, value: Value | Gone, body: string, to: WriteTo): string {
    const { writes: sender } = this.link
    const id = identity(key)
    const entry = this.covered(id)
    // The text of a waiting write is made from its value when sent: thousands may wait, and texts are larger than values.
    const text = sender.isFree ? body : undefined
    const write = sender.post(
      { kind, value, text, owner: to.owner, watcher: to.watcher },
      entry?.newest as Write | undefined,
    )
    if (to.isForced) this.inPlace++
    this.lay(id, key, write, to.isForced, entry)
    to.owner.made(write)
    return body
  }

  /** Writes to the lane as a whole. @throws {OverflowError} before anything has changed */
  protected post(kind: 'clear' | 'drop' | 'take', text: string, to: WriteTo): Write {
    const write = this.link.writes.post({ kind, text, ...to })
    to.owner.made(write)
    return write
  }

  /** An own write of an entry waits, is sent or has ended; of all, where `cover` is undefined. */
  pendingChanged(cover: Write['cover']): void {
    for (const observer of listed(this.observers)) observer.pendingChanged(cover)
  }

  /** The error, once the lane is known to be of another kind. */
  misfit: LaneKindError | undefined

  attach(observer: O): void {
    this.observers = withItem(this.observers, observer)
  }

  detach(observer: O): void {
    this.observers = withoutItem(this.observers, observer)
  }

  /** Adds a downlink, which gets the error at once if the lane is known to be of another kind. */
  join(observer: O): void {
    this.attach(observer)
    const { misfit } = this
    if (misfit !== undefined) observer.misfit(misfit)
    else if (this.link.laneKind !== undefined) this.isKind(this.link.laneKind)
  }

  /** Notes the kind of lane that an event shows. Returns whether this model is for it. */
  protected isKind(found: LaneKind): boolean {
    const { link } = this
    link.laneKind ??= found
    const wanted = this.kind.split(' ')[0] as LaneKind
    if (found === wanted || this.misfit !== undefined) return found === wanted
    this.misfit = new LaneKindError(link.where, found, wanted)
    for (const observer of listed(this.observers)) observer.misfit(this.misfit)
    return false
  }

  /** Only a sync can show the state of an entry, or the outcome of an own write. */
  protected doubt(): void {
    this.link.dispatch('doubt')
  }
}
