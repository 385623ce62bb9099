// Floor 5. A change of one entry, and how two changes of one entry fold.

/**
 * What became of one entry. Its `key` and old value are as its downlink gives them; an update of an entry that was not there
 * has no `oldValue` of its own, where one of an entry without a value has undefined.
 */
export type Change<K, V> =
  | { readonly type: 'update'; readonly key: K; readonly value: V; readonly oldValue?: V | undefined }
  | { readonly type: 'remove'; readonly key: K; readonly oldValue: V }

/** One change out of two in a row; undefined where the second undoes the first. */
export function foldChanges<K, V>(first: Change<K, V>, then: Change<K, V>): Change<K, V> | undefined {
  const isNew = !('oldValue' in first)
  if (then.type === 'remove') return isNew ? undefined : { ...then, oldValue: first.oldValue as V }
  const { key, value } = then
  return isNew ? { type: 'update', key, value } : { type: 'update', key, value, oldValue: first.oldValue }
}
