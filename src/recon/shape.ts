// Floor 1. Records under construction, and what they looked like last time, so that the next one need only be compared.
import { type Token } from './chars.js'
import { Attr, Record, Slot, isAttrKey, fieldsOf, type Item, type Value } from './value.js'

type Plain = { [key: string]: Value }

let templates = 0

/**
 * A place in texts where records stand, and the keys that the last ones there had. It foretells bytes and holds no
 * values, so what it knows can save time but never change what is read.
 */
export class Place {
  /** The keys foretold, `@` before an attribute's name. */
  names: readonly string[] = []
  /** By slot, the bytes seen last from the end of the value before to the start of its own: `,floor:`. */
  slots: (Token | undefined)[] = []
  /** By attribute, the bytes seen last up to its parameters. */
  attrs: (Token | undefined)[] = []
  /** The places of records that are the values of its keys, the first key's at 1; at 0 that of all other records. */
  inner: (Place | undefined)[] = []
  /** An object with the keys foretold, to be copied. */
  template: Plain = {}
  /** Which line of `copy` copies it. */
  line = 0
  /** The keys of the last record that was not foretold. */
  seen: readonly string[] = []
}

/** The record under construction. Its values wait on one stack. */
export interface Build {
  readonly stack: (Item | undefined)[]
  /** Where this record's values start on the stack. */
  base: number
  place: Place | undefined
  /** How many of the foretold keys have come, and nothing else; -1 once the record is not as foretold. */
  step: number
  /** The keys that have come when they were not foretold; `undefined` when the values are a list of items. */
  names: string[] | undefined
  /** How many places there are: past the limit no more are made until the next text. */
  places: number
}

export const maxPlaces = 4096
const maxLearned = 64

export const placeIn = (b: Build, outer: Place | undefined, key: number): Place | undefined =>
  outer && (outer.inner[key] ??= b.places++ < maxPlaces ? new Place() : undefined)

function same(a: readonly string[], b: readonly string[]): boolean {
  let i = a.length
  if (i !== b.length) return false
  while (i-- > 0) if (a[i] !== b[i]) return false
  return true
}

const itemOf = (name: string, value: Value): Item =>
  isAttrKey(name) ? new Attr(name.slice(1), value) : new Slot(name, value)

// An engine learns to copy a few layouts fast at each place in the code, and no more: so there are eight places.
function copy(from: object, line: number): object {
  switch (line) {
    case 0:
      return { ...from }
    case 1:
      return { ...from }
    case 2:
      return { ...from }
    case 3:
      return { ...from }
    case 4:
      return { ...from }
    case 5:
      return { ...from }
    case 6:
      return { ...from }
    default:
      return { ...from }
  }
}

/** Two records alike in a row: foretells a third, if an object can have these keys in this order. */
function learn(place: Place, names: readonly string[]): void {
  if (!same(place.seen, names)) {
    let chars = 0
    for (const name of names) chars += name.length
    place.seen = chars > maxLearned * names.length || names.length > maxLearned ? [] : names
    return
  }
  // JSON.parse alone makes own properties whatever the name (`__proto__`), in an object of the exact size.
  const template = JSON.parse(`{${names.map(name => JSON.stringify(name) + ':0').join()}}`) as Plain
  // These are the very strings that the engine keeps its layouts by.
  const kept = fieldsOf(template).keys
  if (!same(kept, names)) return
  place.template = template
  place.line = templates++ & 7
  place.names = kept
  place.slots = []
  place.attrs = []
  place.inner.length = Math.min(place.inner.length, 1)
}

/** An object with these properties, or the record that they make where no object keeps them all in order. */
function objectOf(names: readonly string[], values: readonly Value[]): Value {
  const made: Plain = {}
  let plain = true
  for (let i = 0; i < names.length; i++) {
    const name = names[i]!
    // Its own already, or a name on the prototype, such as __proto__, which must not be reached.
    if (name in made) {
      plain &&= !Object.hasOwn(made, name)
      Object.defineProperty(made, name, { value: values[i], writable: true, enumerable: true, configurable: true })
    } else made[name] = values[i]
    // Engines put keys that are whole numbers first.
    const first = name.charCodeAt(0)
    plain &&= !(first > 47 && first < 58)
  }
  return plain || same(fieldsOf(made).keys, names) ? made : new Record(names.map((name, i) => itemOf(name, values[i])))
}

/** The keys that have come, if all that has come has keys. */
const namesOf = (b: Build) => (b.step < 0 ? b.names : (b.place?.names.slice(0, b.step) ?? []))

/** Makes the record a list of items. */
export function list(b: Build): void {
  const { stack, base } = b
  namesOf(b)?.forEach((name, i) => (stack[base + i] = itemOf(name, stack[base + i] as Value)))
  b.step = -1
  b.names = undefined
}

/** Adds a slot or attribute, by its natural key, that was not foretold. */
export function put(b: Build, name: string, value: Value): void {
  const names = namesOf(b)
  if (!names || (isAttrKey(name) && names.length && !isAttrKey(names[names.length - 1]!))) {
    list(b)
    b.stack.push(itemOf(name, value))
    return
  }
  b.step = -1
  b.names = names
  names.push(name)
  b.stack.push(value)
}

/** Ends the record: takes its values off the stack and gives the natural value they make. */
export function build(b: Build): Value {
  const { stack, base, place, step } = b
  if (!step) return {}
  if (place && step === place.names.length) {
    const made = copy(place.template, place.line) as Plain
    const { names } = place
    let i = step
    while (i > 8) made[names[--i]!] = stack.pop() as Value
    // A line of its own for each, for engines remember by line which key is stored there.
    if (i > 7) made[names[7]!] = stack.pop() as Value
    if (i > 6) made[names[6]!] = stack.pop() as Value
    if (i > 5) made[names[5]!] = stack.pop() as Value
    if (i > 4) made[names[4]!] = stack.pop() as Value
    if (i > 3) made[names[3]!] = stack.pop() as Value
    if (i > 2) made[names[2]!] = stack.pop() as Value
    if (i > 1) made[names[1]!] = stack.pop() as Value
    made[names[0]!] = stack.pop() as Value
    return made
  }
  let names: readonly string[] | undefined = namesOf(b)
  let values = stack.splice(base)
  if (!names) {
    if (!values.length) return {}
    if (!values.some(item => item instanceof Slot || item instanceof Attr)) return values as Value[]
    const keys = values.map(item =>
      item instanceof Attr ? '@' + item.name : item instanceof Slot && typeof item.key === 'string' ? item.key : '',
    )
    const slots = values.findIndex(item => !(item instanceof Attr))
    if (
      !values.every(
        (item, i) =>
          item instanceof Attr === isAttrKey(keys[i]!) &&
          (slots < 0 || item instanceof Attr === i < slots) &&
          (item instanceof Attr || (item instanceof Slot && item.key === keys[i])),
      )
    )
      return new Record(values)
    names = keys
    values = values.map(item => (item as Slot).value)
  }
  if (place) learn(place, names)
  return objectOf(names, values as Value[])
}
