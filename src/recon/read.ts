// Floor 1. The reader: recursive descent over a text and an offset, into natural values, with no tree between.
import { blank, fail, ident, identEnd, isSeparator, misfit, spaces, stands, tokenOf } from './chars.js'
import { cut, readMarkupText, readScalar, readString, type Scalars } from './read-scalar.js'
import { build, list, placeIn, put, type Build, type Place } from './shape.js'
import { Attr, Slot, isAttrKey, type Item, type Value } from './value.js'

/** All that one reader holds between calls, and the registers of the record under construction. */
export interface State extends Scalars, Build {
  readonly maxDepth: number
}

// How an expression is bounded: by a closing character, or one of these.
const none = 0
const splices = -1
const inline = -2
const listed = -3

function tooDeep(s: State, i: number): never {
  fail(s.text, i, `nested deeper than maxDepth (${s.maxDepth})`)
}

function add(s: State, value: Item): void {
  list(s)
  s.stack.push(value)
}

/** One attribute, `@` at `i`, into the record under construction; gives the offset after it. */
function readAttr(s: State, i: number, depth: number): number {
  const { bytes, place, step } = s
  const token = step < 0 ? undefined : place?.attrs[step]
  let name = ''
  let foretold = token !== undefined && stands(s.view, i, token)
  if (foretold) i += token!.length
  else {
    const from = i
    const code = bytes[++i]!
    if (code === 34 || code === 39) {
      name = readString(s, i)
      i = s.end
    } else {
      const end = code === 127 || ident[code] === 3 ? identEnd(s, i) : i
      if (end === i) misfit(s, i, 'the name of an attribute')
      name = cut(s, i, end)
      i = end
    }
    name = '@' + name
    if (bytes[i] === 40) i++
    foretold = step >= 0 && place?.names[step] === name
    if (foretold) place!.attrs[step] = bytes[i - 1] === 40 ? tokenOf(s, from, i) : undefined
  }
  let value: Value = null
  if (bytes[i - 1] === 40) {
    value = record(s, i, 41, place, foretold ? step + 1 : 0, depth)
    i = s.end
  }
  if (foretold) {
    s.step = step + 1
    s.stack.push(value)
  } else put(s, name, value)
  return (s.end = i)
}

/** Adds the expression at `i` to the record under construction: attributes, bodies, attributes after a body. */
function splice(s: State, i: number, depth: number): void {
  const { bytes } = s
  for (;;) {
    const code = bytes[i]!
    if (code === 64) i = spaces(bytes, readAttr(s, i, depth))
    else {
      if (code === 123) s.end = fill(s, i + 1, 125, depth)
      else if (code === 91) s.end = markup(s, i + 1, depth)
      else if (code === 40) s.end = grouped(s, i, depth)
      else {
        const value = readScalar(s, i)
        if (value === undefined) return
        add(s, value)
      }
      i = spaces(bytes, s.end)
      if (bytes[i]! !== 64) return
    }
  }
}

/** `(a, b)`, from a parenthesis or comma at `i`, into the record under construction. */
function grouped(s: State, i: number, depth: number): number {
  const { bytes } = s
  if (depth > s.maxDepth) tooDeep(s, i)
  list(s)
  do {
    s.end = i = spaces(bytes, i + 1)
    splice(s, i, depth + 1)
    i = spaces(bytes, s.end)
  } while (bytes[i]! === 44)
  if (bytes[i]! !== 41) misfit(s, i, '")"')
  return i + 1
}

/** The items of a markup, whose bracket opened before `i`, into the record under construction. */
function markup(s: State, i: number, depth: number): number {
  const { bytes } = s
  if (depth > s.maxDepth) tooDeep(s, i)
  list(s)
  for (;;) {
    const run = readMarkupText(s, i)
    i = s.end
    const code = bytes[i]!
    if (run && code) s.stack.push(run)
    if (code === 93) return i + 1
    if (code === 64) {
      s.stack.push(record(s, i, inline, s.place, 0, depth))
      i = s.end
    } else if (code === 123) i = fill(s, i + 1, 125, depth)
    else if (code === 91) i = markup(s, i + 1, depth + 1)
    else misfit(s, i, '"]"')
  }
}

/** The items of a block up to `close`, into the record under construction; gives the offset after it. */
function fill(s: State, i: number, close: number, depth: number): number {
  const { bytes } = s
  const { stack, place } = s
  let separated = true
  for (let from = i; ; from = i) {
    let token
    while (s.step >= 0 && (token = place?.slots[s.step]) && stands(s.view, i, token)) {
      i = spaces(bytes, i + token.length)
      const digit = bytes[i]! - 48
      let value: Value
      // A lone digit needs no reading.
      if (digit >= 0 && digit < 10 && (bytes[i + 1] === 44 || bytes[i + 1] === close)) {
        value = digit
        i++
      } else {
        value = item(s, i, place, s.step + 1, depth)
        i = s.end
      }
      s.step++
      stack.push(value)
      if (bytes[i] === close) return i + 1
      from = i
      separated = false
    }
    if (!separated) {
      i = spaces(bytes, i)
      const code = bytes[i]!
      if (code === close) return i + 1
      if (isSeparator(code)) i++
      else if (code === 91 && i === from) {
        // Hosts write so what their own readers reject: an item, then with no separator a markup to be spliced in.
        i = markup(s, i + 1, depth)
        continue
      } else if (code !== 35)
        misfit(s, i, 'a separator or ' + (close === none ? 'the end' : JSON.stringify(String.fromCharCode(close))))
    }
    i = blank(bytes, i)
    if (bytes[i]! === close) return i + 1
    const key = item(s, i, place, 0, depth)
    if (close === none && s.end === i) misfit(s, i, 'a value')
    let after = spaces(bytes, s.end)
    if (bytes[after] === 58) {
      after = spaces(bytes, after + 1)
      const { step } = s
      if (typeof key === 'string' && !isAttrKey(key)) {
        if (step >= 0 && place?.names[step] === key) {
          place.slots[step] = tokenOf(s, from, after)
          stack.push(item(s, after, place, step + 1, depth))
          s.step++
        } else put(s, key, item(s, after, place, 0, depth))
      } else add(s, new Slot(key, item(s, after, place, 0, depth)))
    } else add(s, key)
    i = s.end
    separated = false
  }
}

/**
 * A record of its own from `i` on, bounded as `close` says, as the value of that key of its place; the registers of the
 * record around it are kept meanwhile.
 */
function record(
  s: State,
  i: number,
  close: number,
  outer: Place | undefined,
  key: number,
  depth: number,
  first?: Value,
): Value {
  if (depth > s.maxDepth) tooDeep(s, i)
  const { base, place, step, names, stack } = s
  s.base = stack.length
  s.place = placeIn(s, outer, key)
  s.step = 0
  s.names = undefined
  let value: Value
  depth++
  if (close < 0) {
    if (first !== undefined) add(s, first)
    if (close === listed) s.end = grouped(s, i, depth)
    else if (close === splices) splice(s, i, depth)
    else {
      i = readAttr(s, i, depth)
      const code = s.bytes[i]!
      if (code === 123) s.end = fill(s, i + 1, 125, depth)
      else if (code === 91) s.end = markup(s, i + 1, depth)
    }
    value = build(s)
  } else {
    s.end = fill(s, i, close, depth)
    const count = stack.length - s.base
    const last = stack[s.base]
    if (!count) value = close === none ? undefined : null
    else if (count > 1 || s.step > 0 || s.names || last instanceof Slot || last instanceof Attr) value = build(s)
    else value = stack.pop() as Value
  }
  s.base = base
  s.place = place
  s.step = step
  s.names = names
  return value
}

/** The value at `i` as it stands in a slot: `null` when none does. The place and its key foretell what it may be. */
export function item(s: State, i: number, place: Place | undefined, key: number, depth: number): Value {
  const { bytes } = s
  const first = bytes[i]!
  if (first === 123 || first === 64 || first === 91) return record(s, i, splices, place, key, depth)
  let value: Value = readScalar(s, i)
  if (value === undefined) {
    s.end = i
    if (first !== 40) return null
    if (depth > s.maxDepth) tooDeep(s, i)
    value = item(s, spaces(bytes, i + 1), place, key, depth + 1)
    i = spaces(bytes, s.end)
    if (bytes[i] === 44) value = record(s, i, listed, place, key, depth, value)
    else if (bytes[i] === 41) s.end = i + 1
    else misfit(s, i, '")"')
  }
  const code = bytes[s.end]!
  if (code === 44 || code === 125 || code === 41) return value
  const after = spaces(bytes, s.end)
  return bytes[after] === 64 ? record(s, after, splices, place, key, depth, value) : value
}

/** The top-level block at `i`: `undefined` when it is empty. */
export const block = (s: State, i: number, place: Place) => record(s, i, none, place, 0, 0)

/** The attribute at `i`, alone, put on the stack. */
export const lone = (s: State, i: number) => readAttr(s, i, 1)
