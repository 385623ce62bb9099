// Floor 5. Freezing of values, so that nobody changes them in place.

/** Freezes a value deeply, except the bytes of data, which engines can't freeze. O(its parts). */
export function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || Object.isFrozen(value)) return
  Object.freeze(value)
  for (const part of Object.values(value)) freeze(part)
}
