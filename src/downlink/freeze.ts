// Floor 5. Values that nobody can change in place.

/** Freezes a value and all in it; what engines can't freeze, the bytes of data, is left as it is. O(its parts). */
export function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || Object.isFrozen(value)) return
  Object.freeze(value)
  for (const part of Object.values(value)) freeze(part)
}
