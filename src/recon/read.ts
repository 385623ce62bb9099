// Floor 1. The reader: recursive descent over a text and an offset. It makes natural values at once, without a syntax tree.
import { add, begin, finish, keep, next, otherOf, placeOf, put, type Build, type Place } from './shape.js'
import { blank, deepen, isDigit, isSeparator, misfit, source, spaces, stands } from './source.js'
import { readIdent, readNumber, readScalar, readShort, readString, unescape } from './read-scalar.js'
import { Slot, isAttrKey, type Value } from './value.js'

/** The character that closes the top-level block: the end of the text. */
export const none = 0

const at = (i: number): number => source.bytes[i]!

/** Reads one attribute, whose `@` is at `i`. */
export function readAttr(build: Build, i: number, depth: number): void {
  let key = next(build)
  let name = ''
  source.end = i
  if (key?.token && stands(i, key.token)) i += key.token.length
  else {
    const from = i++
    const code = at(i)
    if (code === 34 || code === 39) {
      name = '@' + readString(i)
    } else {
      const word = readIdent(i)
      if (!word) misfit(i, 'the name of an attribute')
      name = '@' + word
    }
    i = source.end
    if (at(i) === 40) i++
    key = placeOf(build, name, from, at(i - 1) === 40 ? i : 0)
  }
  let value: Value = null
  if (at(i - 1) === 40) value = block(i, 41, key ?? otherOf(build.place), depth)
  else source.end = i
  put(build, key, name, value)
}

/** Adds the expression at `i` to the record under construction: attributes, bodies, attributes after a body. */
function splice(build: Build, i: number, depth: number): void {
  for (;;) {
    const code = at(i)
    if (code === 64) readAttr(build, i, depth)
    else {
      if (code === 123) fill(build, i + 1, 125, depth)
      else if (code === 91) markup(build, i + 1, depth)
      else if (code === 40) grouped(build, i, depth)
      else {
        const value = readScalar(i)
        if (value === undefined) return
        add(build, value)
      }
    }
    i = spaces(source.end)
    if (code !== 64 && at(i) !== 64) return
  }
}

/** Reads `(a, b)`, from a parenthesis or comma at `i` on. */
function grouped(build: Build, i: number, depth: number): void {
  depth = deepen(i, depth)
  do {
    source.end = i = spaces(i + 1)
    splice(build, i, depth)
    i = spaces(source.end)
  } while (at(i) === 44)
  if (at(i) !== 41) misfit(i, '")"')
  source.end = i + 1
}

/** Reads the items of a markup whose bracket opened before `i`. */
function markup(build: Build, i: number, depth: number): void {
  deepen(i, depth)
  for (;;) {
    const start = i
    // Every unit is read as it is, even NUL, up to the end of the whole text.
    while (i < source.text.length && !'@[]{}'.includes(source.text[i]!)) i += at(i) === 92 ? 2 : 1
    let code = at(i)
    if (i > start) add(build, unescape(start, i))
    if (code === 64) {
      const inner = begin(otherOf(build.place))
      const deeper = deepen(i, depth)
      readAttr(inner, i, deeper)
      i = source.end
      code = at(i)
      if (code === 123) fill(inner, i + 1, 125, deeper)
      else if (code === 91) markup(inner, i + 1, deeper)
      add(build, finish(inner))
    } else if (code === 123) fill(build, i + 1, 125, depth)
    else if (code === 91) markup(build, i + 1, depth + 1)
    else if (code !== 93) misfit(i, '"]"')
    else {
      source.end = i + 1
      return
    }
    i = source.end
  }
}

/** Reads slots while they are spelled as predicted. Returns the offset after the last slot; undefined if the block ended there. */
function follow(build: Build, i: number, close: number, depth: number): number | undefined {
  const { known, keys } = build.place
  const { bytes } = source
  let key
  let token
  while (build.count < known && (token = (key = keys[build.count]!).token) && stands(i, token)) {
    i += token.length
    let code = bytes[i]!
    let value: Value = (isDigit(code) ? readNumber(i) : readShort(i, code)) ?? readItem(i, key, depth)
    if ((code = bytes[source.end]!) !== 44 && code !== close) {
      value = readPostfix(value, key, depth)
      code = bytes[source.end]!
    }
    i = source.end
    keep(build, key.name, key.line, value)
    if (code === close) {
      source.end = i + 1
      return undefined
    }
  }
  return i
}

/** Reads the items of a block up to `close`. @param first the first item, if it was read already */
function fill(build: Build, i: number, close: number, depth: number, first?: Value): void {
  const { place } = build
  let apart = true
  for (let from = i; ; from = i = source.end) {
    // An attribute at `i` belongs to an item, not to this record.
    if (first === undefined && !build.items && at(i) !== 64) {
      const reached = follow(build, i, close, depth)
      if (reached === undefined) return
      if (reached > i) {
        from = i = reached
        apart = false
      }
    }
    if (!apart) {
      i = spaces(i)
      const code = at(i)
      if (isSeparator(code)) i++
      else if (code === 91 && i === from) {
        // Hosts write an item, then a markup without a separator, though their own readers reject that. Its items are added here.
        markup(build, i + 1, depth)
        continue
      } else if (code !== 35 && code !== close)
        misfit(i, 'a separator or ' + (close === none ? 'the end' : JSON.stringify(String.fromCharCode(close))))
    }
    i = blank(i)
    if (at(i) === close) {
      source.end = i + 1
      return
    }
    const item = first ?? readItem(i, otherOf(place), depth)
    first = undefined
    if (close === none && source.end === i) misfit(i, 'a value')
    i = spaces(source.end)
    apart = false
    if (at(i) !== 58) {
      add(build, item)
      // Numbers between commas take a quarter less so.
      for (let value; at((i = source.end)) === 44 && isDigit(at(i + 1)); add(build, value)) {
        value = readNumber(i + 1)
        if (at(source.end) !== 44) {
          source.end = i
          break
        }
      }
    } else {
      i = spaces(i + 1)
      const name = typeof item === 'string' && !isAttrKey(item) ? item : undefined
      const key = name === undefined ? undefined : placeOf(build, name, from, i)
      const value = readItem(i, key ?? otherOf(place), depth)
      if (name === undefined) add(build, new Slot(item, value))
      else put(build, key, name, value)
    }
  }
}

/** The block from `i` to `close`: a record, one plain value, or nothing. @param first the first item, if it was read already */
export function block(i: number, close: number, place: Place, depth: number, first?: Value): Value {
  const build = begin(place)
  fill(build, i, close, deepen(i, depth), first)
  const { items, count } = build
  if (!items && !count) return close === none ? undefined : null
  return items?.length === 1 && !build.keyed ? (items[0] as Value) : finish(build)
}

/** The expression at `i` as a record. @param first the first item, if it was read already */
function record(i: number, place: Place, depth: number, how = splice, first?: Value): Value {
  const build = begin(place)
  if (first !== undefined) add(build, first)
  how(build, i, deepen(i, depth))
  return finish(build)
}

/** The value at `i`, as in a slot; `null` when there is none. The place predicts the spelling of the value. */
export function readItem(i: number, place: Place, depth: number): Value {
  const first = at(i)
  if (first === 44) {
    source.end = i
    return null
  }
  if (first === 123 || first === 64 || first === 91) {
    const build = begin(place)
    depth = deepen(i, depth)
    // Nearly always the value ends with the braces.
    if (first === 123) {
      fill(build, i + 1, 125, depth)
      i = spaces(source.end)
    }
    if (first !== 123 || at(i) === 64) splice(build, i, depth)
    return finish(build)
  }
  const value = readScalar(i)
  if (value === undefined) return readGroup(i, place, depth)
  const code = at(source.end)
  return code === 58 || code === 44 || code === 125 || code === 41 ? value : readPostfix(value, place, depth)
}

/** The value at `i` where no scalar starts. */
function readGroup(i: number, place: Place, depth: number): Value {
  const first = at(i)
  if (first === 32 || first === 9) return readItem(spaces(i), place, depth)
  if (first !== 40) return null
  let value = readItem(spaces(i + 1), place, deepen(i, depth))
  i = spaces(source.end)
  if (at(i) === 44) value = record(i, place, depth, grouped, value)
  else if (at(i) === 41) source.end = i + 1
  else misfit(i, '")"')
  return readPostfix(value, place, depth)
}

function readPostfix(value: Value, place: Place, depth: number): Value {
  const i = spaces(source.end)
  return at(i) === 64 ? record(i, place, depth, splice, value) : value
}
