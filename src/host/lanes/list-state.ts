// Floor 3'. The items of a list lane: as code sees them, and as links see them. With a store, links see changes a little later.
import { ReconError } from '../../base/swim-error.js'
import { stringify, type Value } from '../../recon/index.js'
import { KeyedList, type Item, type ItemChange, type ListOp } from '../../store/keyed-list.js'
import { writeListOp } from '../../warp/list-op.js'
import type { Change } from '../keep/store.js'
import { bodyOf, bytesOf, hold, valueOf, type Held } from './held.js'
import type { LaneHost } from './lane.js'
import { ListUplink, type ListSource } from './list-uplink.js'
import type { Uplink, UplinkPort } from './uplink.js'

/** Items never count as equal: each write is a change, as in SwimOS. */
const never = () => false

export class ListState implements ListSource {
  readonly #host: LaneHost
  readonly #isKept: boolean
  readonly #live = new KeyedList<Held>()
  /** The list as links see it. Without a store, it is the same as `#live`. */
  readonly #published: KeyedList<Held>
  /** The order of items in the store: a number for each item. Used only with a store. */
  readonly #ranks = new Map<string, number>()
  readonly #links = new Set<ListUplink>()
  /** The size of all items, in bytes as counted by `bytesOf`. */
  #bytes = 0

  constructor(host: LaneHost, isKept: boolean) {
    this.#host = host
    this.#isKept = isKept
    this.#published = isKept ? new KeyedList<Held>() : this.#live
  }

  get list(): Pick<KeyedList<Held>, 'size' | 'at' | 'find' | 'items'> {
    return this.#live
  }

  items(): readonly Item<Held>[] {
    return this.#published.items()
  }

  bodyAt(index: number, { id, value }: Item<Held>): string {
    return writeListOp({ type: 'update', index, id, value: undefined }) + bodyOf(value)
  }

  /** A new key: six bytes of data, as SwimOS Java makes them. */
  newKey(): string {
    return stringify(crypto.getRandomValues(new Uint8Array(6)))
  }

  /** The option whose limit forbids a client to set this item; undefined if there is none. */
  limitOf(index: number, id: string, held: Held): 'maxEntriesPerLane' | 'maxLaneBytes' | 'maxHostBytes' | undefined {
    const { limits, budget } = this.#host
    const item = this.#live.at(this.#live.find(id, index))
    if (item === undefined && this.#live.size >= limits.maxEntriesPerLane) return 'maxEntriesPerLane'
    const more = bytesOf(id, held) - (item === undefined ? 0 : bytesOf(id, item.value))
    if (more <= 0) return undefined
    if (this.#bytes + more > limits.maxLaneBytes) return 'maxLaneBytes'
    return budget.used + more > budget.maxHostBytes ? 'maxHostBytes' : undefined
  }

  /**
   * Does an operation, and publishes it with its actual positions. An impossible operation is neither done nor published.
   * @returns the changes
   */
  apply(op: ListOp<Held>): readonly ItemChange<Held>[] {
    const changes: ItemChange<Held>[] = []
    this.#live.apply(op, change => changes.push(change), never)
    if (changes.length === 0 && 'index' in op) return changes
    for (const change of changes) this.#grew(change)
    const [first] = changes
    const done: ListOp<Held> = !('index' in op)
      ? op
      : op.type === 'update'
        ? { ...op, index: first!.index, id: first!.item.id }
        : { ...op, index: first!.index }
    const body = done.type === 'update' ? this.bodyAt(done.index, first!.item) : writeListOp(done as ListOp<Value>)
    this.#host.record(this.#isKept ? this.#kept(changes) : [], () => {
      if (this.#isKept) this.#published.apply(done, undefined, never)
      for (const link of this.#links) link.did(body)
      if (this.holds() === 'nothing') this.#host.emptied()
    })
    return changes
  }

  /** Publishes the present state of an item, after a client's change to it was refused. */
  publish(id: string): void {
    this.#host.record([], () => {
      const at = this.#published.find(id)
      const body = at < 0 ? writeListOp({ type: 'remove', index: 0, id }) : this.bodyAt(at, this.#published.at(at)!)
      for (const link of this.#links) link.did(body)
    })
  }

  holds(): 'state' | 'nothing' {
    return this.#live.size > 0 || this.#published.size > 0 ? 'state' : 'nothing'
  }

  attach(port: UplinkPort): Uplink {
    const link = new ListUplink(this, port)
    this.#links.add(link)
    return link
  }

  detach(uplink: Uplink): void {
    this.#links.delete(uplink as ListUplink)
  }

  /** Restores a stored item with its number. */
  restore(key: Value, kept: Value): void {
    const { at, value } = kept as { readonly at: number; readonly value?: Value }
    if (typeof at !== 'number') throw new ReconError('an item of a list without its place')
    const id = stringify(key)
    this.#ranks.set(id, at)
    const items = this.#live.items()
    let index = items.length
    while (index > 0 && this.#ranks.get(items[index - 1]!.id)! > at) index--
    const change = this.#live.insert(index, { id, value: hold(value, true) })
    if (this.#isKept) this.#published.insert(index, change.item)
    this.#grew(change)
  }

  #grew(change: ItemChange<Held>): void {
    const { id, value } = change.item
    const bytes =
      change.type === 'insert'
        ? bytesOf(id, value)
        : change.type === 'remove'
          ? -bytesOf(id, value)
          : change.type === 'update'
            ? bytesOf(id, value) - bytesOf(id, change.old.value)
            : 0
    this.#bytes += bytes
    this.#host.grew(bytes)
  }

  /** The changes for the store. If no number is left between two neighbours, all items get new numbers and are stored again. */
  #kept(changes: readonly ItemChange<Held>[]): Change[] {
    const { nodeUri: node, laneUri: lane } = this.#host
    const kept = ({ id, value }: Item<Held>): Change => {
      const text = stringify({ at: this.#ranks.get(id)!, value: valueOf(value) })
      return { node, lane, key: id, value: text }
    }
    const ranked = (change: ItemChange<Held>) =>
      change.type === 'update' || this.#rank(change.type === 'move' ? change.to : change.index, change.item.id)
    return changes.flatMap(change => {
      const { item } = change
      if (change.type === 'remove') {
        this.#ranks.delete(item.id)
        return [{ node, lane, key: item.id, value: undefined }]
      }
      if (ranked(change)) return [kept(item)]
      const items = this.#live.items()
      items.forEach(({ id }, index) => this.#ranks.set(id, index))
      return items.map(kept)
    })
  }

  /** Gives an item a number between those of its neighbours. Returns whether there is one. */
  #rank(at: number, id: string): boolean {
    const rankAt = (index: number) => {
      const item = this.#live.at(index)
      return item && this.#ranks.get(item.id)
    }
    const [before, after] = [rankAt(at - 1), rankAt(at + 1)]
    const rank =
      before === undefined
        ? after === undefined
          ? 0
          : after - 1
        : after === undefined
          ? before + 1
          : (before + after) / 2
    this.#ranks.set(id, rank)
    return rank !== before && rank !== after
  }
}

/** The value of an item. */
export const itemValue = (item: Item<Held>): Value => valueOf(item.value)
