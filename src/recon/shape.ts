// Floor 1. Shapes: what records read so far looked like, so that the next one is compared instead of discovered.
import { Attr, Record, Slot, isAttrKey, keysOf, type Item, type Value } from './value.js'

let places = 0

/**
 * A node in the tree of shapes. The path from the root to it is the keys of a record so far. A shape predicts text and
 * holds no values, so a prediction can save time but never change what is read.
 */
export class Shape {
  /** The text, as last seen, from the end of the value before to the start of this key's value: `,floor:`. */
  token = ''
  /** The slot that followed last time. */
  slot: Shape | undefined
  /** The attribute that followed last time. */
  attr: Shape | undefined
  /** The shape of records that stand as this key's value. */
  inner: Shape | undefined
  /** An object with these keys, to be copied; null when no plain object can hold them. */
  template: { [key: string]: Value } | null | undefined
  readonly children = new Map<string, Shape>()
  readonly size: number
  /** The template's keys, once there is one. */
  names: string[] = []
  readonly place = ++places

  constructor(
    readonly parent: Shape | undefined,
    readonly key: string,
  ) {
    this.size = parent ? parent.size + 1 : 0
  }
}

/** A plain object with these keys, all 0, laid out as the engine's own JSON does; null when their order would not last. */
function templateOf(names: readonly string[]): { [key: string]: Value } | null {
  // JSON.parse alone makes own properties whatever the name (`__proto__`), in an object of the exact size.
  const made = JSON.parse(`{${names.map(name => JSON.stringify(name) + ':0').join()}}`) as { [key: string]: Value }
  const kept = keysOf(made)
  return kept.length === names.length && kept.every((name, i) => name === names[i]) ? made : null
}

/** The natural value of a record that holds attributes or slots. */
export function natural(items: readonly Item[]): Value {
  const names: string[] = []
  for (const item of items) {
    if (item instanceof Attr) names.push('@' + item.name)
    else if (item instanceof Slot && typeof item.key === 'string' && !isAttrKey(item.key)) names.push(item.key)
    else return new Record(items)
  }
  const made = templateOf(names)
  if (!made) return new Record(items)
  names.forEach((name, i) => (made[name] = (items[i] as Slot).value))
  return made
}

// An engine learns to copy a few layouts fast at each place in the code, and no more: so there are eight places.
function copy(from: object, place: number): object {
  switch (place & 7) {
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

/** The record under construction. Values wait on one stack; `shape` says what they are, or nothing once it is a list. */
export interface Build {
  readonly stack: (Item | undefined)[]
  /** Where this record's values start on the stack. */
  base: number
  shape: Shape | undefined
  /** Whether the list has attributes or slots. */
  mixed: boolean
  /** How many shapes there are: past `maxShapes` no more are learned until the next text. */
  shapes: number
}

export const maxShapes = 4096
const maxKeys = 64

/** The shape that `key` leads to, learned if need be; `undefined` at the limits. */
export function follow(b: Build, from: Shape, key: string): Shape | undefined {
  let next = from.children.get(key)
  if (!next && from.size < maxKeys && b.shapes++ < maxShapes) from.children.set(key, (next = new Shape(from, key)))
  return next
}

/** Turns the record into a list of items: no shape foretells it any longer. */
export function list(b: Build): void {
  let shape = b.shape
  if (!shape) return
  b.shape = undefined
  b.mixed = shape.size > 0
  for (; shape.parent; shape = shape.parent) {
    const i = b.base + shape.size - 1
    const { key } = shape
    const value = b.stack[i] as Value
    b.stack[i] = isAttrKey(key) ? new Attr(key.slice(1), value) : new Slot(key, value)
  }
}

/** Ends the record: takes its values off the stack and gives the natural value they make. */
export function build(b: Build): Value {
  const { stack, base, shape } = b
  if (shape) {
    if (!shape.size) return {}
    if (shape.template === undefined) {
      const names: string[] = []
      for (let up = shape; up.parent; up = up.parent) names.unshift(up.key)
      shape.template = templateOf(names)
      // In the order of the values; and the very strings that the engine keys its layouts by.
      if (shape.template) shape.names = keysOf(shape.template)
    }
    if (shape.template) {
      const made = copy(shape.template, shape.place) as { [key: string]: Value }
      const { names } = shape
      for (let i = names.length - 1; i >= 0; i--) made[names[i]!] = stack.pop() as Value
      return made
    }
    list(b)
  }
  const items = stack.splice(base)
  return b.mixed ? natural(items) : items.length ? (items as Value[]) : {}
}
