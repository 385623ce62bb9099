// Floor 1. Records under construction, and what the last records at the same place in texts looked like.
import { nextLine, shared, store, type Plain } from './lines.js'
import { tokenOf, type Token } from './source.js'
import { Attr, Record, Slot, isAttrKey, type Item, type Value } from './value.js'

/**
 * A place in texts where values stand, such as the value of a key in the records of a lane. A place knows how its key is
 * spelled, and which keys the last record there had. It predicts characters and holds no values. So a prediction can save
 * time, and can never change what is read.
 */
export class Place {
  /** The key, `@` before an attribute's name. */
  name = ''
  /** The last text between the value before and this value, such as `,floor:` or `@event(`; `null` if it can't be predicted. */
  token: Token | null | undefined
  /** Which line of `store` stores the key. */
  line = shared
  /** The places of a record's keys. An object can have the first `known` keys in this order. */
  readonly keys: Place[] = []
  known = 0
  /** The place of all other values in the record. */
  other: Place | undefined
  /** How many records in a row had exactly the predicted keys. */
  alike = 0
  /** Makes empty objects. Engines keep a limited number of layouts for a constructor; a text must not use up those of other texts. */
  Shape: (new () => Plain) | undefined
  /** A record of these keys, without values. */
  template: Plain | undefined
}

/** The record under construction: an object while an object can hold it, and a list of items after that. */
export interface Build {
  readonly place: Place
  made: Plain | undefined
  /** How many keys were read. */
  count: number
  /** Whether the object was made with all predicted keys. */
  whole: boolean
  /** The line that stored the last key. */
  line: number
  items: Item[] | undefined
  /** How many of the items are slots or attributes. */
  keyed: number
}

const maxNames = 128
/** If an object grows by more keys than this, engines soon keep it as a table. Tables are slow to make, to read and to walk. */
const maxGrown = 12
const maxNameChars = 64
/** How many records in a row with all keys pay for one record that is made with all keys and has only a few. */
const enough = 8

const itemOf = (name: string, value: Value): Item =>
  isAttrKey(name) ? new Attr(name.slice(1), value) : new Slot(name, value)

/** What was learnt from earlier texts: trees of places. All are dropped when there are too many places. */
let roots: Place[] = []
let placeCount = 0
const maxPlaces = 1024

/** The place beyond the limit, where nothing is learnt. */
const nowhere = new Place()

/** The place of all values in a record that have no place of their own. */
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

/** Drops all that was learnt. */
export function forget(): void {
  placeCount = 0
  roots = []
}

/** The root for texts of a kind. */
export function enter(kind: number): Place {
  if (placeCount > maxPlaces) forget()
  return (roots[kind] ??= new Place())
}

/** An object of the first `count` keys of a place, with their values in `made`, or null. */
const cut = ({ keys }: Place, count: number, made: Plain): Plain =>
  Object.fromEntries(keys.slice(0, count).map(({ name }) => [name, made[name] ?? null]))

/**
 * An object for the predicted keys. If they are many, the object is a copy of a template: engines keep a copy as lean as an
 * object of JSON.parse. A copy costs as much as all of the keys, even if only a few follow. See `enough`.
 */
function make(build: Build): Plain {
  const { place } = build
  if (place.alike >= enough && place.known > maxGrown) {
    build.whole = true
    // If the record has all keys, `finish` sets this back to `enough`.
    place.alike = 0
    place.template ??= JSON.parse(JSON.stringify(cut(place, place.known, {}))) as Plain
    return { ...place.template }
  }
  if (!place.Shape) (place.Shape = function () {} as unknown as new () => Plain).prototype = Object.prototype
  return new place.Shape()
}

/** Removes the keys of a template that the record does not have. */
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

/** Adds an item. The record becomes a list of items. */
export function add(build: Build, item: Item): void {
  list(build).push(item)
  if (item instanceof Slot || item instanceof Attr) build.keyed++
}

/** The place of the next key, as predicted. */
export const next = ({ place, count, items }: Build): Place | undefined =>
  items || count >= place.known ? undefined : place.keys[count]

/**
 * The place of the next key, `name`. From `start` to `end` stand the key and the signs around it. Undefined if the key is not to
 * be learnt. Undefined as well if no object can take this key next and keep the order: the record is a list from then on.
 */
export function placeOf(build: Build, name: string, start: number, end: number): Place | undefined {
  const { place, count } = build
  let key = next(build)
  if (key?.name === name) {
    if (end > start) {
      if (key.token === undefined) {
        // The same string object that the engine has in its layouts.
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
    // The object has the key already, or its prototype has it. A key such as __proto__ must not be reached.
    name in (build.made ?? Object.prototype) ||
    // Engines put keys that are whole numbers first.
    (first > 47 && first < 58) ||
    // In an object, attributes come first.
    (first === 64 && count && !isAttrKey(place.keys[count - 1]?.name ?? ''))
  )
    return void list(build)
  build.whole = false
  // A place is counted when it gets its first key.
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

/** Adds a slot or attribute that the object can take next. */
export function keep(build: Build, name: string, line: number, value: Value): void {
  build.line = store((build.made ??= make(build)), name, value, line)
  build.count++
}

/** The natural key of an attribute or slot; undefined if there is none. */
export const keyOf = (item: Item) =>
  item instanceof Attr
    ? '@' + item.name
    : item instanceof Slot && typeof item.key === 'string' && !isAttrKey(item.key)
      ? item.key
      : undefined

/** An object of slots and attributes; undefined if no object can keep all of them in order. */
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
  // A copy has no spare room.
  if (!build.keyed) return items.slice() as Value[]
  return (build.keyed === items.length && objectOf(items as (Slot | Attr)[])) || new Record(items)
}
