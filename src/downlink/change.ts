// Floor 4. A change of one entry, and how two changes of one entry fold.

/** What became of one entry. Its `key` and old value are as its downlink gives them. */
export type Change<K, V> =
  | { readonly type: 'update'; readonly key: K; readonly value: V; readonly oldValue: V | undefined }
  | { readonly type: 'remove'; readonly key: K; readonly oldValue: V }

/** One change out of two in a row; undefined where the second undoes the first. */
export function foldChanges<K, V>(first: Change<K, V>, then: Change<K, V>): Change<K, V> | undefined {
  const { key } = first
  const isNew = first.type === 'update' && first.oldValue === undefined
  if (then.type === 'remove') return isNew ? undefined : { type: 'remove', key, oldValue: first.oldValue as V }
  return { type: 'update', key, value: then.value, oldValue: first.oldValue }
}
