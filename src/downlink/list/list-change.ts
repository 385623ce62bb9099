// Floor 5. What changed of a list, as applications are notified of it.

/**
 * What became of one item. Positions are those at its turn: made one after another on what was there before, the changes of a batch
 * give what is there. Keys are texts that stay with their items.
 */
export type ListChange<V> =
  | { readonly type: 'insert'; readonly index: number; readonly key: string; readonly value: V }
  | { readonly type: 'update'; readonly index: number; readonly key: string; readonly value: V; readonly oldValue: V }
  | { readonly type: 'move'; readonly from: number; readonly to: number; readonly key: string; readonly value: V }
  | { readonly type: 'remove'; readonly index: number; readonly key: string; readonly oldValue: V }

/** What changed in one batch. */
export type ListChanges<V> = readonly ListChange<V>[]
