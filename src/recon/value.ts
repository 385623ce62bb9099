// Floor 1. The value model: natural JavaScript values, and three classes for what has no natural form.
import { ReconError } from '../base/swim-error.js'

/** A field whose key may be any value: `{1: one}` has the slot `new Slot(1, 'one')`. */
export class Slot {
  constructor(
    readonly key: Value,
    readonly value: Value,
  ) {}
}

/** An attribute of a record: `@size(3)` is `new Attr('size', 3)`; without parameters its value is `null`. */
export class Attr {
  constructor(
    readonly name: string,
    readonly value: Value = null,
  ) {}
}

/** A record that no array or plain object can hold without loss: its items in order. */
export class Record {
  constructor(readonly items: readonly Item[]) {}
}

/** What a record holds: attributes, slots, and plain values. */
export type Item = Value | Slot | Attr

/**
 * Any Recon value. `null` is extant, `undefined` is absent; `[]` and `{}` are the same empty record. In an object a key
 * that starts with `@` is an attribute, and attributes come before slots wherever they stand; a property whose value is
 * `undefined` does not exist.
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

/** Recursion is never let deeper than this, whatever `maxDepth` says: the stack must outlast it in every engine. */
export const deepest = 1000

export const isAttrKey = (key: string) => key.charCodeAt(0) === 64

/** Whether an object is data. Told by its tag, since `instanceof` fails across realms (workers, frames, test runners). */
export const isData = (value: object): value is Uint8Array =>
  ArrayBuffer.isView(value) && (value as Uint8Array)[Symbol.toStringTag] === 'Uint8Array'

/** The keys of a plain object in the order of its items: attributes first, properties that are `undefined` left out. */
export function keysOf(value: { readonly [key: string]: Value }): string[] {
  const keys = Object.keys(value)
  let slots = false
  for (const key of keys) {
    const attr = isAttrKey(key)
    if (value[key] === undefined || (attr && slots)) {
      const present = keys.filter(name => value[name] !== undefined)
      return [...present.filter(isAttrKey), ...present.filter(name => !isAttrKey(name))]
    }
    slots ||= !attr
  }
  return keys
}

/** An array, a record's items, or `undefined` for a plain object; anything else has no Recon form. */
export function listOf(value: object): readonly Item[] | undefined {
  if (Array.isArray(value)) return value
  if (value instanceof Record) return value.items
  const proto: unknown = Object.getPrototypeOf(value)
  if (proto === null || Object.getPrototypeOf(proto) === null) return undefined
  throw new ReconError(`A ${value.constructor?.name} has no Recon form: give a plain object, an array or a Uint8Array`)
}
