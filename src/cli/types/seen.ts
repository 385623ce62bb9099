// Floor 9. What was seen of many values: kinds, fields, texts and counts. Types are made of this afterwards.
import { Record, type Value } from 'swimlink/recon'
import { fieldsOf } from '../values.js'

/** Kinds of values without parts. */
export type Plain = 'number' | 'bigint' | 'boolean' | 'null' | 'undefined' | 'data' | 'record' | 'empty'

/** Values nested deeper than this are not looked at. */
const maxDepth = 12
/** Up to this many different texts may be a fixed choice. */
export const mostTexts = 12

/** What was seen in one place: the values of a lane, or one of their fields. */
export class Seen {
  readonly plain = new Set<Plain>()
  /** How many texts were seen, and the different ones, up to one more than {@link mostTexts}. */
  textCount = 0
  readonly texts = new Set<string>()
  /** The items of all lists seen here. */
  items: Seen | undefined
  /** The objects seen here, by tag: `@circle` for `@circle{r:1}`, '' for objects without a tag. */
  readonly objects = new Map<string, SeenObject>()
  isTooDeep = false

  add(value: Value, depth = 0): void {
    if (typeof value === 'string') {
      this.textCount++
      if (this.texts.size <= mostTexts) this.texts.add(value)
    } else if (Array.isArray(value)) {
      this.items ??= new Seen()
      if (depth >= maxDepth) this.items.isTooDeep = true
      else for (const item of value) this.items.add(item as Value, depth + 1)
    } else {
      const fields = fieldsOf(value)
      if (fields === undefined) this.plain.add(kindOf(value))
      else this.#addObject(fields, depth)
    }
  }

  #addObject(fields: { readonly [name: string]: Value }, depth: number): void {
    const names = Object.keys(fields)
    // An empty record in Recon may be an empty object or an empty list.
    if (names.length === 0) return void this.plain.add('empty')
    if (depth >= maxDepth) return void (this.isTooDeep = true)
    const tag = names[0]!.startsWith('@') ? names[0]! : ''
    let seen = this.objects.get(tag)
    if (seen === undefined) this.objects.set(tag, (seen = new SeenObject()))
    seen.count++
    for (const name of names) {
      let field = seen.fields.get(name)
      if (field === undefined) seen.fields.set(name, (field = { count: 0, seen: new Seen() }))
      field.count++
      field.seen.add(fields[name], depth + 1)
    }
  }
}

/** All objects with one tag. */
export class SeenObject {
  count = 0
  readonly fields = new Map<string, { count: number; readonly seen: Seen }>()
}

function kindOf(value: Value): Plain {
  if (value === null) return 'null'
  if (value instanceof Uint8Array) return 'data'
  if (value instanceof Record) return 'record'
  return typeof value as Plain
}
