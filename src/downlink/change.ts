// Floor 5. A change of one entry, and how two changes of one entry fold.

/**
 * A change of one entry. `key` and values are as the downlink reads them. The update of a new entry has no property `oldValue`; that
 * of an entry without a value has `oldValue: undefined`.
 */
export type Change<K, V> =
  | { readonly type: 'update'; readonly key: K; readonly value: V; readonly oldValue?: V | undefined }
  | { readonly type: 'remove'; readonly key: K; readonly oldValue: V }

/** Folds two changes in a row into one; undefined where the second undoes the first. */
export function foldChanges<K, V>(first: Change<K, V>, then: Change<K, V>): Change<K, V> | undefined {
  const isNew = !('oldValue' in first)
  if (then.type === 'remove') return isNew ? undefined : { ...then, oldValue: first.oldValue as V }
  const { key, value } = then
  return isNew ? { type: 'update', key, value } : { type: 'update', key, value, oldValue: first.oldValue }
}
