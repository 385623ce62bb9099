// Floor 1. The reader: recursive descent over a text and an offset, into natural values, with no tree between.
import { at, blank, fail, ident, identEnd, isSeparator, misfit, spaces, stands } from './chars.js'
import { cut, readScalar, readString, unescape, type Source } from './read-scalar.js'
import { Shape, build, follow, list, maxShapes, type Build } from './shape.js'
import { Attr, Slot, isAttrKey, type Item, type Value } from './value.js'

/** All that one reader holds between calls, and the registers of the record under construction. */
export interface State extends Source, Build {
  readonly maxDepth: number
}

// How an expression is bounded: by a closing character, or one of these.
const none = -1
const splices = -2
const inline = -3
const listed = -4

function tooDeep(s: State, i: number): never {
  fail(s.text, i, `nested deeper than maxDepth (${s.maxDepth})`)
}

function add(s: State, value: Item): void {
  list(s)
  s.stack.push(value)
}

/** One attribute, `@` at `i`, into the record under construction; gives the offset after it. */
function readAttr(s: State, i: number, depth: number): number {
  const text = s.text
  const from = i
  let shape = s.shape
  if (shape?.size && !isAttrKey(shape.key)) {
    list(s)
    shape = undefined
  }
  let next = shape?.attr
  let name = ''
  if (next && stands(text, i, next.token)) i += next.token.length
  else {
    const code = at(text, ++i)
    if (code === 34 || code === 39) {
      name = readString(s, i)
      i = s.end
    } else {
      const end = code > 127 || ident[code] === 3 ? identEnd(text, i) : i
      if (end === i) misfit(text, i, 'the name of an attribute')
      name = cut(s, i, end)
      i = end
    }
    next = shape && follow(s, shape, '@' + name)
    if (at(text, i) === 40) i++
    if (next) {
      shape!.attr = next
      next.token = text.charCodeAt(i - 1) === 40 && i - from < 64 ? cut(s, from, i) : ''
    }
  }
  let value: Value = null
  if (text.charCodeAt(i - 1) === 40) {
    value = record(s, i, 41, next, depth)
    i = s.end
  }
  if (next) {
    s.shape = next
    s.stack.push(value)
  } else {
    add(s, new Attr(name, value))
    s.mixed = true
  }
  s.end = i
  return i
}

/** Adds the expression at `i` to the record under construction: attributes, bodies, attributes after a body. */
function splice(s: State, i: number, owner: Shape | undefined, depth: number): void {
  const text = s.text
  for (;;) {
    const code = at(text, i)
    if (code === 64) i = spaces(text, readAttr(s, i, depth))
    else {
      if (code === 123) s.end = fill(s, i + 1, 125, owner, depth)
      else if (code === 91) s.end = markup(s, i + 1, owner, depth)
      else if (code === 40) s.end = grouped(s, i, owner, depth)
      else {
        const value = readScalar(s, i)
        if (value === undefined) return
        add(s, value)
      }
      i = spaces(text, s.end)
      if (at(text, i) !== 64) return
    }
  }
}

/** `(a, b)`, from a parenthesis or comma at `i`, into the record under construction. */
function grouped(s: State, i: number, owner: Shape | undefined, depth: number): number {
  const text = s.text
  if (depth > s.maxDepth) tooDeep(s, i)
  list(s)
  do {
    s.end = i = spaces(text, i + 1)
    splice(s, i, owner, depth + 1)
    i = spaces(text, s.end)
  } while (at(text, i) === 44)
  if (at(text, i) !== 41) misfit(text, i, '")"')
  return i + 1
}

/** The items of a markup, whose bracket opened before `i`, into the record under construction. */
function markup(s: State, i: number, owner: Shape | undefined, depth: number): number {
  const text = s.text
  if (depth > s.maxDepth) tooDeep(s, i)
  list(s)
  for (;;) {
    const start = i
    let escaped = false
    let code
    while ((code = at(text, i)) >= 0 && code !== 64 && (code | 32) !== 123 && (code | 32) !== 125) {
      if (code === 92) {
        escaped = true
        i++
      }
      i++
    }
    if (i > start && code >= 0) s.stack.push(escaped ? unescape(text, start, i, true) : cut(s, start, i))
    if (code === 93) return i + 1
    if (code === 64) {
      s.stack.push(record(s, i, inline, owner, depth))
      i = s.end
    } else if (code === 123) i = fill(s, i + 1, 125, owner, depth)
    else if (code === 91) i = markup(s, i + 1, owner, depth + 1)
    else misfit(text, Math.min(i, text.length), '"]"')
  }
}

/** The items of a block up to `close`, into the record under construction; gives the offset after it. */
function fill(s: State, i: number, close: number, owner: Shape | undefined, depth: number): number {
  const text = s.text
  let separated = true
  for (let from = i; ; from = i) {
    const shape = s.shape
    let next = shape?.slot
    if (next && stands(text, i, next.token)) {
      const value = item(s, spaces(text, i + next.token.length), next, depth)
      s.shape = next
      s.stack.push(value)
      i = s.end
      if (at(text, i) === close) return i + 1
      separated = false
      continue
    }
    if (!separated) {
      i = spaces(text, i)
      const code = at(text, i)
      if (code === close) return i + 1
      if (isSeparator(code)) i++
      else if (code === 91 && i === from) {
        // Hosts write so what their own readers reject: an item, then with no separator a markup to be spliced in.
        i = markup(s, i + 1, owner, depth)
        continue
      } else if (code !== 35)
        misfit(text, i, 'a separator or ' + (close === none ? 'the end' : JSON.stringify(String.fromCharCode(close))))
    }
    i = blank(text, i)
    if (at(text, i) === close) return i + 1
    const key = item(s, i, owner, depth)
    if (close === none && s.end === i) misfit(text, i, 'a value')
    let after = spaces(text, s.end)
    if (at(text, after) === 58) {
      after = spaces(text, after + 1)
      next = shape && typeof key === 'string' && !isAttrKey(key) ? follow(s, shape, key) : undefined
      if (next) {
        shape!.slot = next
        next.token = after - from < 64 ? cut(s, from, after) : ''
      }
      const value = item(s, after, next ?? owner, depth)
      if (next) {
        s.shape = next
        s.stack.push(value)
      } else {
        add(s, new Slot(key, value))
        s.mixed = true
      }
    } else add(s, key)
    i = s.end
    separated = false
  }
}

/** A record of its own from `i` on, bounded as `close` says; the registers of the one around it are kept meanwhile. */
function record(s: State, i: number, close: number, owner: Shape | undefined, depth: number, first?: Value): Value {
  if (depth > s.maxDepth) tooDeep(s, i)
  const { base, shape, mixed, stack } = s
  s.base = stack.length
  s.mixed = false
  s.shape = owner && (owner.inner ??= s.shapes++ < maxShapes ? new Shape(undefined, '') : undefined)
  let value: Value
  if (close < none) {
    if (first !== undefined) add(s, first)
    if (close === listed) s.end = grouped(s, i, owner, depth + 1)
    else if (close === splices) splice(s, i, owner, depth + 1)
    else {
      i = readAttr(s, i, depth + 1)
      const code = at(s.text, i)
      if (code === 123) s.end = fill(s, i + 1, 125, owner, depth + 1)
      else if (code === 91) s.end = markup(s, i + 1, owner, depth + 1)
    }
    value = build(s)
  } else {
    s.end = fill(s, i, close, owner, depth + 1)
    const count = stack.length - s.base
    if (!count) value = close === none ? undefined : null
    else value = count === 1 && !s.shape && !s.mixed ? (stack.pop() as Value) : build(s)
  }
  s.base = base
  s.shape = shape
  s.mixed = mixed
  return value
}

/** The value at `i` as it stands in a slot: `null` when none does. `owner` foretells its shape. */
export function item(s: State, i: number, owner: Shape | undefined, depth: number): Value {
  const text = s.text
  let value: Value = readScalar(s, i)
  if (value === undefined) {
    const code = at(text, i)
    if (code === 123 || code === 64 || code === 91) return record(s, i, splices, owner, depth)
    s.end = i
    if (code !== 40) return null
    if (depth > s.maxDepth) tooDeep(s, i)
    value = item(s, spaces(text, i + 1), owner, depth + 1)
    i = spaces(text, s.end)
    if (at(text, i) === 44) value = record(s, i, listed, owner, depth, value)
    else if (at(text, i) === 41) s.end = i + 1
    else misfit(text, i, '")"')
  }
  const code = at(text, s.end)
  if (code === 44 || code === 125 || code === 41) return value
  const after = spaces(text, s.end)
  return at(text, after) === 64 ? record(s, after, splices, owner, depth, value) : value
}

/** The top-level block at `i`: `undefined` when it is empty. */
export const block = (s: State, i: number, owner: Shape) => record(s, i, none, owner, 0)

/** The attribute at `i`, alone; gives the offset after it, and leaves it on the stack. */
export const lone = (s: State, i: number) => readAttr(s, i, 1)
