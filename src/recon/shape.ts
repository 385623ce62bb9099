// Floor 1. Records under construction, and what the last ones at the same place in texts looked like.
import { nextLine, store, type Plain } from './lines.js'
import type { Token } from './source.js'
import { Attr, Record, Slot, fieldsOf, isAttrKey, type Item, type Value } from './value.js'

/**
 * A place in texts where records stand, and the keys that the last one there had. It foretells characters and holds no
 * values, so what it knows can save time but never change what is read.
 */
export class Place {
  /** The keys foretold, `@` before an attribute's name: an object can have the first `known` of them in this order. */
  readonly names: string[] = []
  known = 0
  /** By key, what was seen last from the end of the value before to the start of its own: `,floor:`, `@event(`. */
  readonly tokens: (Token | undefined)[] = []
  /** By key, which line of `store` stores it. */
  readonly lines: number[] = []
  /** The places of records that are the values of its keys, the first key's at 1; at 0 that of all other records. */
  readonly inner: (Place | undefined)[] = []
  /** Makes empty objects that the engine will keep alike, of the size that they turn out to have. */
  readonly Shape = function () {} as unknown as new () => Plain

  /** How many records in a row had these keys alone, where they are many. */
  alike = 0
  /** Such a record, without values. */
  template: Plain | undefined

  constructor() {
    this.Shape.prototype = Object.prototype
  }
}

/** The record under construction: an object while one can hold what has come, and then a list of items. */
export interface Build {
  readonly place: Place
  made: Plain | undefined
  /** How many keys have come. */
  count: number
  /** How many it was made with. */
  width: number
  /** The line that stored the last one. */
  line: number
  items: Item[] | undefined
  /** Whether the items are not plain values alone. */
  keyed: boolean
}

const maxNames = 128
/** Objects that grow by more keys than this, one by one, engines soon keep as tables: slow to make, to read and to walk. */
const maxGrown = 12
const maxNameChars = 64

const itemOf = (name: string, value: Value): Item =>
  isAttrKey(name) ? new Attr(name.slice(1), value) : new Slot(name, value)

/** What has been learnt from earlier texts: a tree of places, which is let go when it has grown too large. */
const memory = { root: new Place(), places: 0 }
const maxPlaces = 1024

function place(outer: Place, key: number): Place {
  const made = new Place()
  if (memory.places++ < maxPlaces) outer.inner[key] = made
  return made
}

export const begin = (outer: Place, key: number): Build => ({
  place: outer.inner[key] ?? place(outer, key),
  made: undefined,
  count: 0,
  width: 0,
  line: 0,
  items: undefined,
  keyed: false,
})

/** Lets go of all that has been learnt. */
export function forget(): void {
  memory.places = 0
  memory.root = new Place()
}

/** The place that texts of a kind are read at. */
export function enter(kind: number): Place {
  if (memory.places > maxPlaces) forget()
  return memory.root.inner[kind] ?? place(memory.root, kind)
}

/** An object for the keys foretold: a copy of a template where they are many, which engines keep as lean as JSON.parse's own. */
function make(build: Build): Plain {
  const { place } = build
  if (place.known <= maxGrown || place.alike++ < 2) return new place.Shape()
  build.width = place.known
  // The first of them makes it anew.
  if (place.alike === 3)
    place.template = JSON.parse(
      JSON.stringify(Object.fromEntries(place.names.slice(0, place.known).map(name => [name, null]))),
    ) as Plain
  return { ...place.template }
}

/** Takes out the keys of a template that have not come. */
function trim(build: Build): void {
  if (build.count >= build.width) return
  build.made = Object.fromEntries(Object.entries(build.made!).slice(0, build.count))
  build.width = build.place.alike = 0
}

/** Makes the record a list of items, and adds one. */
export function add(build: Build, item: Item): void {
  trim(build)
  build.items ??= build.made ? Object.entries(build.made).map(([name, value]) => itemOf(name, value)) : []
  build.keyed ||= build.count > 0 || item instanceof Slot || item instanceof Attr
  build.items.push(item)
}

/** Whether the next key may be `name` in an object that keeps all keys in order. */
function learn(build: Build, name: string): boolean {
  trim(build)
  const { place, count, made } = build
  const first = name.charCodeAt(0)
  if (
    count >= maxNames ||
    name.length > maxNameChars ||
    // Its own already, or on the prototype, such as __proto__, which must not be reached.
    name in (made ?? {}) ||
    // Engines put keys that are whole numbers first.
    (first > 47 && first < 58) ||
    (first === 64 && count && !isAttrKey(place.names[count - 1]!))
  )
    return false
  place.names[count] = name
  place.tokens[count] = undefined
  place.known = count + 1
  place.alike = 0
  return true
}

export const foretells = ({ place, count, items }: Build, name: string) =>
  !items && count < place.known && place.names[count] === name

/** Learns how a foretold key is spelled; gives the very string that the engine keeps its layouts by. */
export function teach(place: Place, count: number, token: Token | undefined): string {
  place.tokens[count] = token
  place.lines[count] ??= nextLine()
  return (place.names[count] = Object.keys({ [place.names[count]!]: 0 })[0]!)
}

/** Adds a slot or attribute that was not foretold, by its natural key. */
export function put(build: Build, name: string, value: Value): void {
  if (build.items || !learn(build, name)) return add(build, itemOf(name, value))
  ;(build.made ??= make(build))[name] = value
  build.count++
}

/** Adds a foretold slot or attribute. */
export function keep(build: Build, name: string, value: Value): void {
  build.line = store((build.made ??= make(build)), name, value, build.place.lines[build.count++])
}

/** The natural key of an attribute or slot; undefined where it has none. */
export const keyOf = (item: Item) =>
  item instanceof Attr
    ? '@' + item.name
    : item instanceof Slot && typeof item.key === 'string' && !isAttrKey(item.key)
      ? item.key
      : undefined

/** The natural value of the record. */
export function finish(build: Build): Value {
  trim(build)
  const { made, items, keyed } = build
  if (!items?.length) return made ?? {}
  // A copy has no room to grow.
  if (!keyed) return items.slice() as Value[]
  const keys = items.map(keyOf)
  if (!keys.includes(undefined)) {
    const object = Object.fromEntries(items.map((item, i) => [keys[i], (item as Slot).value])) as Plain
    const own = fieldsOf(object).keys
    if (keys.length === own.length && keys.every((key, i) => key === own[i])) return object
  }
  return new Record(items)
}
