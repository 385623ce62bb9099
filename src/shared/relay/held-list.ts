// Floor 6. The state of a list lane, with values as texts: its items, and the operations that change them.
import { ListModel } from '../../downlink/list/list-model.js'
import type { Link } from '../../link/link.js'
import type { Value } from '../../recon/index.js'
import type { ItemChange } from '../../store/keyed-list.js'
import { writeListOp } from '../../warp/list-op.js'
import type { TextReader } from './text-reader.js'

export interface HeldListListener {
  /** An item has changed. @param body returns the operation that makes the change */
  itemChanged(body: () => string): void
  /** The list was cleared or cut. */
  did(): void
}

const textAsItIs = (value: Value): string => (value as string | undefined) ?? ''

/** The operation that makes a change. */
function textOf(change: ItemChange<Value>): string {
  const { type, index, item } = change
  const { id, value } = item
  if (type === 'move') return writeListOp({ type, index, id, to: change.to })
  return writeListOp(type === 'remove' ? { type, index, id } : { type: 'update', index, id, value }, textAsItIs)
}

export class HeldList extends ListModel {
  constructor(link: Link, reader: TextReader, listener: HeldListListener) {
    super('list', { link, reader })
    this.observers.add({
      changed: change => listener.itemChanged(() => textOf(change)),
      did: () => listener.did(),
      pendingChanged: () => {},
      misfit: () => {},
    })
  }

  /** Operations that build the whole list, in order. */
  *bodies(): Generator<string> {
    for (const [index, { id, value }] of this.shown.items().entries())
      yield writeListOp({ type: 'update', index, id, value }, textAsItIs)
  }
}
