// Floor 5. One own write of a list: its operation and its position. docs/PROTOCOL.md#list-lanes.
import type { Clock } from '../../base/clock.js'
import type { Value } from '../../recon/index.js'
import type { ItemChange, KeyedList, ListOp } from '../../store/keyed-list.js'
import { writeListOp } from '../../warp/list-op.js'
import type { Write } from '../../write/write.js'
import { isEchoOf } from '../echo.js'

const isEcho = isEchoOf(true)

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** A key that no item has: nine random bytes, in Recon. */
export const newKey = (clock: Pick<Clock, 'random'>): string =>
  '%' + Array.from({ length: 12 }, () => alphabet[Math.floor(clock.random() * 64)]).join('')

export class OwnOp {
  /** The operation to send. Until it is sent, each `lay` over the host's list updates its positions. */
  #op: ListOp<Value>
  /** The position that the caller gave. */
  readonly #wanted: number
  /** Set by the model that posts the write. */
  write!: Write
  /** Whether its event came during a sync: the write then ends with that sync. */
  isHeard = false

  /** @param isNew whether the write inserts an item */
  constructor(
    op: ListOp<Value>,
    readonly isNew = false,
  ) {
    this.#op = op
    this.#wanted = op.type === 'move' ? op.to : op.type === 'update' ? op.index : 0
  }

  /** The command's body. @throws {ReconError} */
  get text(): string {
    return writeListOp(this.#op)
  }

  /** Applies the write to a list without it, at the position where the host would apply the write. */
  lay(list: KeyedList<Value>, did?: (change: ItemChange<Value>) => void): void {
    // Once sent, the write is applied at the sent position.
    if (this.write.state !== 'sent') this.#op = this.#placed(this.#op, list)
    const op = this.#op
    if (op.type !== 'update' || !this.#isUnheardOf) list.apply(op, did)
    else {
      const change = list.insert(op.index, { id: op.id!, value: op.value })
      did?.(change)
    }
  }

  /** Whether the inserted item can't be in any list yet: searching for its key is not needed. */
  get #isUnheardOf(): boolean {
    return this.isNew && this.write.seq === 0
  }

  #placed(op: ListOp<Value>, list: KeyedList<Value>): ListOp<Value> {
    if (!('index' in op)) return op
    // An item made here and never sent is in no list yet: there is nothing to search for.
    const at = this.#isUnheardOf ? -1 : list.find(op.id!, op.index)
    const wanted = Math.min(this.#wanted, list.size)
    if (op.type === 'update') return { ...op, index: at < 0 ? wanted : at }
    const index = Math.max(0, at)
    return op.type === 'remove' ? { ...op, index } : { ...op, index, to: Math.max(0, Math.min(wanted, list.size - 1)) }
  }

  /** Whether an event may be the answer to this write. */
  isAnswer(came: ListOp<Value>): boolean {
    const op = this.#op
    if (came.type !== op.type) return false
    if ('count' in came) return came.count === (op as typeof came).count
    if (came.type === 'clear') return true
    const own = op as typeof came
    if (came.id !== own.id) return false
    if (came.type === 'move') return came.to === (own as typeof came).to
    return came.type === 'remove' || isEcho((own as typeof came).value, came.value)
  }

  /** The value that the write sets; undefined if the write sets none. */
  get value(): Value {
    return this.#op.type === 'update' ? this.#op.value : undefined
  }

  /** Whether an event does exactly the same as this write: the list that shows stays as it is. */
  isSame(came: ListOp<Value>): boolean {
    return this.isAnswer(came) && writeListOp(came) === this.text
  }

  /** Whether the write's item is in a list as this write leaves it. */
  isIn(list: KeyedList<Value>): boolean {
    const op = this.#op
    if (!('index' in op)) return false
    const at = list.find(op.id!, op.index)
    if (op.type === 'remove') return at < 0
    if (op.type === 'move') return at === op.to
    const item = list.at(at)
    return item !== undefined && isEcho(op.value, item.value)
  }

  /**
   * Whether the write has no effect any more: the item to move or remove is gone.
   * @param others own writes, one of which may insert the item
   */
  isVain(list: KeyedList<Value>, others: readonly OwnOp[]): boolean {
    const op = this.#op
    if (op.type !== 'move' && op.type !== 'remove') return false
    return list.find(op.id!, op.index) < 0 && !others.some(other => other.#puts(op.id!))
  }

  #puts(id: string): boolean {
    return this.#op.type === 'update' && this.#op.id === id
  }
}
