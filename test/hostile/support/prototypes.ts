// What every object has in JavaScript, to see whether a frame has changed it.

const owners = [Object, Array, Function, String, Number, Boolean, Symbol, Map, Set, Promise, Error, RegExp, Uint8Array]

/** What the prototypes of the language hold, as one text for each. */
export const prototypes = (): string[] =>
  [...owners.map(({ prototype }) => prototype as object), ...owners].map(owner =>
    Reflect.ownKeys(owner)
      .map(key => {
        const { value, get, set } = Object.getOwnPropertyDescriptor(owner, key) as PropertyDescriptor
        return `${String(key)} ${[value, get, set].map(each => (typeof each === 'function' ? `function ${(each as { name: string }).name}` : typeof each)).join()}` // prettier-ignore
      })
      .join('\n'),
  )

/** Names that no object has of itself, and that a frame has given to all. */
export function polluted(): string[] {
  const found: string[] = []
  // Not own names alone: those of prototypes.
  for (const made of [{}, [], () => {}]) for (const name in made) found.push(name)
  return found
}
