// Floor 0. Lists that nearly always have one item, or none. An array for that item takes 56 bytes, and there may be ten thousand.

/** An item, several, or none. Is replaced, never changed: a walk over the items of before goes on. */
export type Few<T> = T | readonly T[] | undefined

/** The items, as a list. */
export const listed = <T>(few: Few<T>): readonly T[] =>
  few === undefined ? [] : Array.isArray(few) ? (few as readonly T[]) : [few as T]

/** With another item, at the end. */
export const withItem = <T>(few: Few<T>, item: T): Few<T> => (few === undefined ? item : [...listed(few), item])

/** Without an item. */
export function withoutItem<T>(few: Few<T>, item: T): Few<T> {
  const rest = listed(few).filter(each => each !== item)
  return rest.length > 1 ? rest : rest[0]
}

/** Whether there are several. */
export const isSeveral = <T>(few: Few<T>): few is readonly T[] => Array.isArray(few)
