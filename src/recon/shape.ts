// Floor 1. Records under construction, and what the last ones at the same place in texts looked like.
import { nextLine, shared, store, type Plain } from './lines.js'
import { tokenOf, type Token } from './source.js'
import { Attr, Record, Slot, isAttrKey, type Item, type Value } from './value.js'

/**
 * A place in texts where values stand, such as that of a key's value in records of a lane. It knows how its key is spelled,
 * and the keys of the last record that stood there. It foretells characters and holds no values, so what it knows can save
 * time but never change what is read.
 */
export class Place {
  /** The key, `@` before an attribute's name. */
  name = ''
  /** What was seen last from the end of the value before to the start of this: `,floor:`, `@event(`; `null` if it can't be foretold. */
  token: Token | null | undefined
  /** Which line of `store` stores the key. */
  line = shared
  /** The places of a record's keys: an object can have the first `known` of them in this order. */
  readonly keys: Place[] = []
  known = 0
  /** The place of all else in the record. */
  other: Place | undefined
  /** How many records in a row had the keys foretold, all of them and no others. */
  alike = 0
  /** Makes empty objects. Engines tell only so many kinds of one maker's objects apart, and a text must not use up those of others. */
  Shape: (new () => Plain) | undefined
  /** A record of these keys, without values. */
  template: Plain | undefined
}

/** The record under construction: an object while one can hold what has come, and then a list of items. */
export interface Build {
  readonly place: Place
  made: Plain | undefined
  /** How many keys have come. */
  count: number
  /** Whether it was made with all keys foretold. */
  whole: boolean
  /** The line that stored the last one. */
  line: number
  items: Item[] | undefined
  /** How many of the items are slots or attributes. */
  keyed: number
}

const maxNames = 128
/** Objects that grow by more keys than this, one by one, engines soon keep as tables: slow to make, to read and to walk. */
const maxGrown = 12
const maxNameChars = 64
/** How many records in a row pay for one that is made with all keys. */
const enough = 8

const itemOf = (name: string, value: Value): Item =>
  isAttrKey(name) ? new Attr(name.slice(1), value) : new Slot(name, value)

/** What has been learnt from earlier texts: trees of places, which are let go when there are too many. */
let roots: Place[] = []
let placeCount = 0
const maxPlaces = 1024

/** Where nothing is learnt: beyond the limit. */
const nowhere = new Place()

/** The place of what is not the value of a key. */
export const otherOf = (place: Place): Place =>
  place.other ?? (placeCount++ > maxPlaces ? nowhere : (place.other = new Place()))

export const begin = (place: Place): Build => ({
  place,
  made: undefined,
  count: 0,
  whole: false,
  line: 0,
  items: undefined,
  keyed: 0,
})

/** Lets go of all that has been learnt. */
export function forget(): void {
  placeCount = 0
  roots = []
}

/** The place that texts of a kind are read at. */
export function enter(kind: number): Place {
  if (placeCount > maxPlaces) forget()
  return (roots[kind] ??= new Place())
}

/** An object of the first `count` keys of a place, as `made` has them. */
const cut = ({ keys }: Place, count: number, made: Plain): Plain =>
  Object.fromEntries(keys.slice(0, count).map(({ name }) => [name, made[name] ?? null]))

/**
 * An object for the keys foretold: where they are many a copy of a template, which engines keep as lean as JSON.parse's own.
 * A copy costs as much as all of the keys, though few may come: records in a row that have them all pay for one that has not.
 */
function make(build: Build): Plain {
  const { place } = build
  if (place.alike >= enough && place.known > maxGrown) {
    build.whole = true
    // Given back by `finish`.
    place.alike = 0
    place.template ??= JSON.parse(JSON.stringify(cut(place, place.known, {}))) as Plain
    return { ...place.template }
  }
  if (!place.Shape) (place.Shape = function () {} as unknown as new () => Plain).prototype = Object.prototype
  return new place.Shape()
}

/** Takes out the keys of a template that have not come. */
function trim(build: Build): void {
  const { place, count } = build
  if (build.whole && count < place.known) build.made = cut(place, count, build.made!)
  build.whole &&= count === place.known
}

/** Makes the record a list of items. */
function list(build: Build): Item[] {
  if (build.items) return build.items
  trim(build)
  build.keyed = build.count
  return (build.items = build.made ? Object.entries(build.made).map(([name, value]) => itemOf(name, value)) : [])
}

/** Adds an item, which makes the record a list of them. */
export function add(build: Build, item: Item): void {
  list(build).push(item)
  if (item instanceof Slot || item instanceof Attr) build.keyed++
}

/** The place of the key that is foretold. */
export const next = ({ place, count, items }: Build): Place | undefined =>
  items || count >= place.known ? undefined : place.keys[count]

/**
 * The place of the next key, `name`, which is spelled from `start` to `end` with all around it. Nothing where that is not to be
 * learnt, or where no object can have the key next and keep all in order: the record is a list from then on.
 */
export function placeOf(build: Build, name: string, start: number, end: number): Place | undefined {
  const { place, count } = build
  let key = next(build)
  if (key?.name === name) {
    if (end > start) {
      if (key.token === undefined) {
        // The very string that the engine keeps its layouts by.
        key.name = Object.keys({ [name]: 0 })[0]!
        if (key.line < 0) key.line = nextLine()
      }
      key.token = tokenOf(start, end)
    }
    return key
  }
  if (build.items) return undefined
  trim(build)
  const first = name.charCodeAt(0)
  if (
    count >= maxNames ||
    name.length > maxNameChars ||
    // Its own already, or on the prototype, such as __proto__, which must not be reached.
    name in (build.made ?? Object.prototype) ||
    // Engines put keys that are whole numbers first.
    (first > 47 && first < 58) ||
    // An object has its attributes first.
    (first === 64 && count && !isAttrKey(place.keys[count - 1]?.name ?? ''))
  )
    return void list(build)
  build.whole = false
  // That of its first key makes a place worth counting.
  if (!place.keys.length && placeCount++ > maxPlaces) return undefined
  key = place.keys[count] ??= new Place()
  key.name = name
  key.token = undefined
  place.known = count + 1
  place.alike = 0
  place.template = undefined
  return key
}

/** Adds a slot or attribute, by its natural key. */
export function put(build: Build, key: Place | undefined, name: string, value: Value): void {
  if (build.items) add(build, itemOf(name, value))
  else keep(build, key?.name ?? name, key?.token ? key.line : shared, value)
}

/** Adds a slot or attribute that an object can have next. */
export function keep(build: Build, name: string, line: number, value: Value): void {
  build.line = store((build.made ??= make(build)), name, value, line)
  build.count++
}

/** The natural key of an attribute or slot; undefined where it has none. */
export const keyOf = (item: Item) =>
  item instanceof Attr
    ? '@' + item.name
    : item instanceof Slot && typeof item.key === 'string' && !isAttrKey(item.key)
      ? item.key
      : undefined

/** The object of slots and attributes alone, where one keeps them all, and in order. */
function objectOf(items: (Slot | Attr)[]): Plain | undefined {
  const fields = new Map<string, Value>()
  let slots = false
  for (const item of items) {
    const key = keyOf(item)
    if (key === undefined || fields.has(key) || (slots && isAttrKey(key))) return undefined
    slots = !isAttrKey(key)
    fields.set(key, item.value)
  }
  const object = Object.fromEntries(fields)
  const keys = Object.keys(object)
  return [...fields.keys()].every((key, i) => key === keys[i]) ? object : undefined
}

/** The natural value of the record. */
export function finish(build: Build): Value {
  trim(build)
  const { place, items } = build
  if (!items?.length) {
    place.alike = build.count < place.known ? 0 : build.whole ? enough : place.alike + 1
    return build.made ?? {}
  }
  // A copy has no room to grow.
  if (!build.keyed) return items.slice() as Value[]
  return (build.keyed === items.length && objectOf(items as (Slot | Attr)[])) || new Record(items)
}
