// Floor 5. One own write of a list: what it does, at which position. docs/PROTOCOL.md#list-lanes.
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
  /** As it is sent: positions are those of the last time that it was laid over what the host has, until it is sent. */
  #op: ListOp<Value>
  /** The position that was asked for. */
  readonly #wanted: number
  /** Set by who posts it. */
  write!: Write
  /** Its event came amid a sync: it ends with that. */
  isHeard = false

  /** @param isNew whether it inserts an item */
  constructor(
    op: ListOp<Value>,
    readonly isNew = false,
  ) {
    this.#op = op
    this.#wanted = op.type === 'move' ? op.to : op.type === 'update' ? op.index : 0
  }

  get type(): ListOp<Value>['type'] {
    return this.#op.type
  }

  /** The command's body. @throws {ReconError} */
  get text(): string {
    return writeListOp(this.#op)
  }

  /** Does it to a list that it is not in yet, where the host would do it. */
  lay(list: KeyedList<Value>, did?: (change: ItemChange<Value>) => void): void {
    // Once sent, it will be done at the position that was sent.
    if (this.write.state !== 'sent') this.#op = this.#placed(this.#op, list)
    const op = this.#op
    if (op.type !== 'update' || !this.#isUnheardOf) list.apply(op, did)
    else {
      const change = list.insert(op.index, { id: op.id!, value: op.value })
      did?.(change)
    }
  }

  /** Whether nobody else can have the item that it puts in: it need not be looked for. */
  get #isUnheardOf(): boolean {
    return this.isNew && this.write.seq === 0
  }

  #placed(op: ListOp<Value>, list: KeyedList<Value>): ListOp<Value> {
    if (!('index' in op)) return op
    // An item that was made up here is not looked for.
    const at = this.#isUnheardOf ? -1 : list.find(op.id!, op.index)
    const wanted = Math.min(this.#wanted, list.size)
    if (op.type === 'update') return { ...op, index: at < 0 ? wanted : at }
    const index = Math.max(0, at)
    return op.type === 'remove' ? { ...op, index } : { ...op, index, to: Math.max(0, Math.min(wanted, list.size - 1)) }
  }

  /** Whether an event can be the answer to it. */
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

  /** What it sets; undefined where it sets nothing. */
  get value(): Value {
    return this.#op.type === 'update' ? this.#op.value : undefined
  }

  /** Whether an event does exactly what it does: what shows stays as it is. */
  isSame(came: ListOp<Value>): boolean {
    return this.isAnswer(came) && writeListOp(came) === this.text
  }

  /** Whether a list is as this write leaves it, as far as its item goes. */
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
   * Whether there is nothing left for it to do: the item that it moves or removes is gone.
   * @param others own writes, one of which may put the item in
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
