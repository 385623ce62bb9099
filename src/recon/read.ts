// Floor 1. The reader: recursive descent over a text and an offset, into natural values, with no tree between.
import { add, begin, finish, foretells, keep, put, teach, type Build, type Place } from './shape.js'
import { blank, deepen, isDigit, isSeparator, misfit, source, spaces, stands, tokenOf } from './source.js'
import { readIdent, readNumber, readScalar, readShort, readString, unescape } from './read-scalar.js'
import { Slot, isAttrKey, type Value } from './value.js'

/** The character that closes the top-level block: its end. */
export const none = 0

const at = (i: number): number => source.bytes[i]!

/** One attribute, `@` at `i`. */
export function readAttr(build: Build, i: number, depth: number): void {
  const { place, count } = build
  const token = build.items || count >= place.known ? undefined : place.tokens[count]
  let name
  let foretold = 0
  source.end = i
  if (token && stands(i, token)) {
    name = place.names[count]!
    i += token.length
    foretold = count + 1
  } else {
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
    if (foretells(build, name)) {
      foretold = count + 1
      if (at(i - 1) === 40) name = teach(place, count, tokenOf(from, i))
    }
  }
  let value: Value = null
  if (at(i - 1) === 40) value = block(i, 41, place, foretold, depth)
  else source.end = i
  if (foretold) keep(build, name, value)
  else put(build, name, value)
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

/** `(a, b)`, from a parenthesis or comma at `i`. */
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

/** The items of a markup, whose bracket opened before `i`. */
function markup(build: Build, i: number, depth: number): void {
  deepen(i, depth)
  for (;;) {
    const start = i
    let code: number | undefined
    // Every unit is taken as it is, even NUL; only the end of the whole text is not one.
    while (
      i < source.text.length &&
      (code = at(i)) !== 64 &&
      code !== 64 &&
      code !== 91 &&
      code !== 93 &&
      code !== 123 &&
      code !== 125
    )
      i += code === 92 ? 2 : 1
    const run = unescape(start, i, /\\([^]?)/g)
    if (run) add(build, run)
    if (code === 64) {
      const inner = begin(build.place, 0)
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

/** Reads slots for as long as they are spelled as foretold; gives the offset after the last, or none when that was the block's end. */
function follow(build: Build, i: number, close: number, depth: number): number | undefined {
  const { place } = build
  const { bytes } = source
  let count
  let token
  while ((count = build.count) < place.known && (token = place.tokens[count]) && stands(i, token)) {
    i += token.length
    let code = bytes[i]!
    let value: Value = (isDigit(code) ? readNumber(i) : readShort(i, code)) ?? readItem(i, place, count + 1, depth)
    if ((code = bytes[source.end]!) !== 44 && code !== close) {
      value = readPostfix(value, place, count + 1, depth)
      code = bytes[source.end]!
    }
    i = source.end
    keep(build, place.names[count]!, value)
    if (code === close) {
      source.end = i + 1
      return undefined
    }
  }
  return i
}

/** The items of a block up to `close`. */
function fill(build: Build, i: number, close: number, depth: number): void {
  const { place } = build
  let apart = true
  for (let from = i; ; from = i = source.end) {
    // An attribute there belongs to an item.
    if (!build.items && at(i) !== 64) {
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
        // Hosts write so what their own readers reject: an item, then with no separator a markup to be spliced in.
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
    const key = readItem(i, place, 0, depth)
    if (close === none && source.end === i) misfit(i, 'a value')
    i = spaces(source.end)
    apart = false
    if (at(i) !== 58) add(build, key)
    else {
      i = spaces(i + 1)
      const isName = typeof key === 'string' && !isAttrKey(key)
      const { count } = build
      const foretold = isName && foretells(build, key)
      if (foretold) teach(place, count, tokenOf(from, i))
      const value = readItem(i, place, foretold ? count + 1 : 0, depth)
      if (foretold) keep(build, place.names[count]!, value)
      else if (isName) put(build, key, value)
      else add(build, new Slot(key, value))
    }
  }
}

/** What stands from `i` to `close`, as the value of that key of its place: a record, one plain value, or nothing. */
export function block(i: number, close: number, outer: Place, key: number, depth: number): Value {
  const build = begin(outer, key)
  fill(build, i, close, deepen(i, depth))
  const { items, count } = build
  if (!items && !count) return close === none ? undefined : null
  return items?.length === 1 && !build.keyed ? (items[0] as Value) : finish(build)
}

/** The expression at `i` as a record, after a first item when one has been read. */
function record(i: number, place: Place, key: number, depth: number, how = splice, first?: Value): Value {
  const build = begin(place, key)
  if (first !== undefined) add(build, first)
  how(build, i, deepen(i, depth))
  return finish(build)
}

/** The value at `i` as it stands in a slot: `null` when none does. The place and its key foretell what it may be. */
export function readItem(i: number, place: Place, key: number, depth: number): Value {
  const first = at(i)
  if (first === 123 || first === 64 || first === 91) {
    const build = begin(place, key)
    depth = deepen(i, depth)
    // Nearly always braces are all there is.
    if (first === 123) {
      fill(build, i + 1, 125, depth)
      i = spaces(source.end)
    }
    if (first !== 123 || at(i) === 64) splice(build, i, depth)
    return finish(build)
  }
  const value = readScalar(i)
  if (value === undefined) return readGroup(i, place, key, depth)
  const code = at(source.end)
  return code === 58 || code === 44 || code === 125 || code === 41 ? value : readPostfix(value, place, key, depth)
}

/** The value at `i` where no scalar starts. */
function readGroup(i: number, place: Place, key: number, depth: number): Value {
  const first = at(i)
  if (first === 32 || first === 9) return readItem(spaces(i), place, key, depth)
  if (first !== 40) return null
  let value = readItem(spaces(i + 1), place, key, deepen(i, depth))
  i = spaces(source.end)
  if (at(i) === 44) value = record(i, place, key, depth, grouped, value)
  else if (at(i) === 41) source.end = i + 1
  else misfit(i, '")"')
  return readPostfix(value, place, key, depth)
}

function readPostfix(value: Value, place: Place, key: number, depth: number): Value {
  const i = spaces(source.end)
  return at(i) === 64 ? record(i, place, key, depth, splice, value) : value
}
