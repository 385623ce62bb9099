// Floor 4. Whether two values that a schema made are the same. What is neither plain object nor array is only the same as itself.

const isPlain = (prototype: unknown) =>
  prototype === Object.prototype || prototype === Array.prototype || prototype === null

export function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  const prototype: unknown = Object.getPrototypeOf(a)
  if (prototype !== Object.getPrototypeOf(b) || !isPlain(prototype)) return false
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every(key => Object.hasOwn(b, key) && isSame(a[key as never], b[key as never]))
  )
}
