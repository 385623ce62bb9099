// Floor 1. The value model: natural JavaScript values, and three classes for what has no natural form.
import { ReconError } from '../base/swim-error.js'

/**
 * A field whose key may be any value: `{1: one}` has the slot `new Slot(1, 'one')`.
 * @example
 * stringify(new Record([new Slot(1, 'one')])) // '{1:one}'
 */
export class Slot {
  /** A slot of this key and value. */
  constructor(
    /** Any value. */
    readonly key: Value,
    /** Any value. */
    readonly value: Value,
  ) {}
}

/**
 * An attribute of a record: `@size(3)` is `new Attr('size', 3)`; without parameters its value is `null`.
 * @example
 * stringify(new Record([new Attr('size', 3)])) // '@size(3)'
 */
export class Attr {
  /** An attribute of this name. */
  constructor(
    /** The name after the `@`. */
    readonly name: string,
    /** The parameters; `null` if there are none. */
    readonly value: Value = null,
  ) {}
}

/**
 * A record that no array or plain object can hold without loss: its items in order.
 * @example
 * const record = new Record([new Attr('room', 12), 'double', new Slot('floor', 1)])
 * await rooms.put('r12', record)
 */
export class Record {
  /** A record of these items. */
  constructor(
    /** The items, in order. */
    readonly items: readonly Item[],
  ) {}
}

/** What a record holds: attributes, slots, and plain values. */
export type Item = Value | Slot | Attr

/**
 * Any Recon value. `null` is extant, `undefined` is absent; `[]` and `{}` are the same empty record. In an object, a key
 * that starts with `@` is an attribute. Attributes come before slots, wherever they stand in the object. A property whose
 * value is `undefined` does not exist.
 */
export type Value =
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | Uint8Array
  | readonly Value[]
  | { readonly [key: string]: Value }
  | Record

/** Recursion never goes deeper than this, whatever `maxDepth` is: the stack must be large enough in every engine. */
export const deepest = 1000

export const isAttrKey = (key: string) => key.charCodeAt(0) === 64

/** Whether an object is data. Its tag decides, since `instanceof` fails across realms (workers, frames, test runners). */
export const isData = (value: object): value is Uint8Array =>
  ArrayBuffer.isView(value) && (value as Uint8Array)[Symbol.toStringTag] === 'Uint8Array'

/** The items of a plain object, as keys and values: attributes first, without properties that are `undefined`. */
export function fieldsOf(value: { readonly [key: string]: Value }): { keys: string[]; values: Value[] } {
  let keys = Object.keys(value)
  let values = Object.values(value)
  let slots = false
  let awry = values.includes(undefined)
  for (const key of keys) {
    if (!isAttrKey(key)) slots = true
    else awry ||= slots
  }
  if (awry) {
    keys = keys.filter(key => value[key] !== undefined).sort((a, b) => +isAttrKey(b) - +isAttrKey(a))
    values = keys.map(key => value[key])
  }
  return { keys, values }
}

/** The items of an array or a record; `undefined` for a plain object. Any other object has no Recon form. */
export function listOf(value: object): readonly Item[] | undefined {
  if (Array.isArray(value)) return value
  if (value instanceof Record) return value.items
  const proto: unknown = Object.getPrototypeOf(value)
  if (proto === Object.prototype || proto === null || Object.getPrototypeOf(proto) === null) return undefined
  throw new ReconError(`A ${value.constructor?.name} has no Recon form: give a plain object, an array or a Uint8Array`)
}
