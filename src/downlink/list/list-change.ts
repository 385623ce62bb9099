// Floor 5. Changes of a list, as applications receive them.

/**
 * A change of one item. Apply the changes of a batch in order: each position is as of that step. The result is the current list. Keys
 * are texts that stay with their items.
 */
export type ListChange<V> =
  | { readonly type: 'insert'; readonly index: number; readonly key: string; readonly value: V }
  | { readonly type: 'update'; readonly index: number; readonly key: string; readonly value: V; readonly oldValue: V }
  | { readonly type: 'move'; readonly from: number; readonly to: number; readonly key: string; readonly value: V }
  | { readonly type: 'remove'; readonly index: number; readonly key: string; readonly oldValue: V }

/** The changes of one batch. */
export type ListChanges<V> = readonly ListChange<V>[]
